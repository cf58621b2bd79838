/* utf8 - well-formed UTF-8 (RFC 3629). */
#include "base/utf8.h"

size_t mp_utf8_length(struct mp_slice s)
{
	if (s.n == 0) {
		return 0;
	}
	const unsigned char *p = (const unsigned char *)s.p;
	if (p[0] < 0x80) {
		return 1;
	}
	/* The second byte has a narrower range after some first bytes. */
	unsigned char low = 0x80;
	unsigned char high = 0xbf;
	size_t n;
	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		n = 2;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		n = 3;
		low = p[0] == 0xe0 ? 0xa0 : low;
		high = p[0] == 0xed ? 0x9f : high;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		n = 4;
		low = p[0] == 0xf0 ? 0x90 : low;
		high = p[0] == 0xf4 ? 0x8f : high;
	} else {
		return 0;
	}
	if (s.n < n || p[1] < low || p[1] > high) {
		return 0;
	}
	for (size_t i = 2; i < n; i++) {
		if (p[i] < 0x80 || p[i] > 0xbf) {
			return 0;
		}
	}
	return n;
}

bool mp_utf8_valid(struct mp_slice s)
{
	while (s.n > 0) {
		size_t n = mp_utf8_length(s);
		if (n == 0) {
			return false;
		}
		s = mp_slice_from(s, n);
	}
	return true;
}
