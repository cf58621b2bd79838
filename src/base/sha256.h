/* sha256 - the digest of FIPS 180-4, for the list of files that a configuration was read from. */
#ifndef MP_BASE_SHA256_H
#define MP_BASE_SHA256_H

#include "base/slice.h"

enum { MP_SHA256_TEXT = 65 };

/* Writes the digest as 64 lower-case hexadecimal digits and a NUL; returns out. */
const char *mp_sha256_hex(struct mp_slice bytes, char out[MP_SHA256_TEXT]);

#endif
