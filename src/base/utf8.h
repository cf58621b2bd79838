/* utf8 - well-formed UTF-8 (RFC 3629). */
#ifndef MP_BASE_UTF8_H
#define MP_BASE_UTF8_H

#include "base/slice.h"

#include <stdbool.h>

/* The length (1 to 4) of the well-formed character at the start of s, or 0: overlong forms,
 * surrogates, values above U+10FFFF and cut sequences are not well-formed. */
size_t mp_utf8_length(struct mp_slice s);
/* Whether all of s is well-formed. */
bool mp_utf8_valid(struct mp_slice s);

#endif
