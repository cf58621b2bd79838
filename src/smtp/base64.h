/* base64 - RFC 4648 section 4, as the AUTH dialogue uses it (RFC 4954 4). */
#ifndef MP_SMTP_BASE64_H
#define MP_SMTP_BASE64_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

/* Appends the encoded bytes, with padding. */
void mp_base64_encode(struct mp_buf *out, struct mp_slice bytes);
/* Appends the decoded bytes; false (out may hold a part) when the text is not base64: a character
 * outside the alphabet, wrong padding, a length that is no multiple of four. */
bool mp_base64_decode(struct mp_buf *out, struct mp_slice text);

#endif
