/* number - checked reading of decimal numbers. */
#include "base/number.h"

#include "base/ascii.h"

#include <limits.h>

bool mp_parse_uint(struct mp_slice s, unsigned long min, unsigned long max, unsigned long *out)
{
	unsigned long value = 0;

	if (s.n == 0) {
		return false;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (!mp_is_digit(s.p[i])) {
			return false;
		}
		unsigned long digit = (unsigned long)(s.p[i] - '0');
		if (value > (ULONG_MAX - digit) / 10) {
			return false;
		}
		value = value * 10 + digit;
	}
	if (value < min || value > max) {
		return false;
	}
	*out = value;
	return true;
}

bool mp_parse_int(struct mp_slice s, long min, long max, long *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	unsigned long u;

	if (s.n > 0 && (s.p[0] == '-' || s.p[0] == '+')) {
		s = mp_slice_from(s, 1);
	}
	if (!mp_parse_uint(s, 0, (unsigned long)LONG_MAX, &u)) {
		return false;
	}
	long value = negative ? -(long)u : (long)u;
	if (value < min || value > max) {
		return false;
	}
	*out = value;
	return true;
}
