/* ip_pattern - reads a pattern and matches an address in one go. */
#include "postfix/lookup/ip_pattern.h"

#include "base/ascii.h"

/* Reads a number up to 255; false when there is none. */
static bool take_octet(const char **s, unsigned *value)
{
	size_t digits = 0;

	*value = 0;
	for (; mp_is_digit(**s); (*s)++, digits++) {
		*value = *value * 10 + (unsigned)(**s - '0');
		if (*value > 255) {
			return false;
		}
	}
	return digits > 0;
}

/* "[1;4..6]" behind its bracket. */
static bool take_set(const char **s, unsigned octet, bool *in)
{
	*in = false;
	for (;;) {
		unsigned from, to;
		if (!take_octet(s, &from)) {
			return false;
		}
		to = from;
		if ((*s)[0] == '.' && (*s)[1] == '.') {
			*s += 2;
			if (!take_octet(s, &to) || from > to) {
				return false;
			}
		}
		*in = *in || (octet >= from && octet <= to);
		char c = *(*s)++;
		if (c == ']') {
			return true;
		}
		if (c != ';') {
			return false;
		}
	}
}

/* The pattern without brackets around the whole; false when such a bracket is not closed. */
static bool strip_brackets(struct mp_slice *s)
{
	int level = 0;

	if (s->n == 0 || s->p[0] != '[') {
		return true;
	}
	for (size_t i = 0; i < s->n; i++) {
		level += s->p[i] == '[';
		if (s->p[i] == ']' && --level == 0) {
			if (i + 1 == s->n) {
				*s = mp_slice_sub(*s, 1, i);
			}
			return true;
		}
	}
	return false;
}

/* -1 malformed, else whether the octets match. */
static int run(const char *pattern, const uint8_t octets[4])
{
	struct mp_slice whole = mp_slice_str(pattern);
	bool match = true;

	if (!strip_brackets(&whole)) {
		return -1;
	}
	const char *s = whole.p, *end = whole.p + whole.n;
	for (size_t i = 0; i < 4; i++) {
		unsigned value;
		bool in;
		if (i > 0 && *s++ != '.') {
			return -1;
		}
		if (*s == '[') {
			s++;
			if (!take_set(&s, octets[i], &in)) {
				return -1;
			}
		} else if (take_octet(&s, &value)) {
			in = value == octets[i];
		} else {
			return -1;
		}
		match = match && in;
	}
	return s == end ? match : -1;
}

bool pf_ip_pattern_valid(const char *pattern)
{
	static const uint8_t any[4] = {0};

	return run(pattern, any) >= 0;
}

bool pf_ip_pattern_match(const char *pattern, const struct mp_ip *ip)
{
	return ip->family == 4 && run(pattern, ip->b) > 0;
}
