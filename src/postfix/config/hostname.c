/*
 * hostname - which texts Postfix takes for host names and addresses.
 *
 * The rules are Postfix' own (reference 6.3), stricter than RFC 1123 in one place (a name of digits
 * only is none) and laxer in another (underscores).
 */
#include "postfix/config/hostname.h"

#include "base/ascii.h"

enum { LABEL_MAX = 63, NAME_MAX_LENGTH = 255, ADDRESS_MAX = 255 };

/* The bytes that may stand in a label; wildcard: "*" as the whole first label too. */
static bool label_ok(struct mp_slice label, bool utf8, bool wildcard, bool *numeric)
{
	if (label.n == 0 || label.n > LABEL_MAX) {
		return false;
	}
	if (wildcard && mp_slice_eq_str(label, "*")) {
		*numeric = false;
		return true;
	}
	if (label.p[0] == '-' || label.p[label.n - 1] == '-') {
		return false;
	}
	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i];
		if (!mp_is_alnum(c) && c != '_' && c != '-' && !(utf8 && !mp_is_ascii(c))) {
			return false;
		}
		if (!mp_is_digit(c)) {
			*numeric = false;
		}
	}
	return true;
}

static bool name_ok(struct mp_slice name, bool utf8, bool wildcard)
{
	struct mp_slice rest = name;
	bool numeric = true;

	if (rest.n == 0 || rest.n > NAME_MAX_LENGTH) {
		return false;
	}
	for (bool first = true;; first = false) {
		size_t dot = mp_slice_chr(rest, '.');
		if (!label_ok(mp_slice_sub(rest, 0, dot), utf8, wildcard && first, &numeric)) {
			return false;
		}
		if (dot == MP_NOT_FOUND) {
			return !numeric;
		}
		rest = mp_slice_from(rest, dot + 1);
	}
}

bool pf_valid_hostname(struct mp_slice name)
{
	return name_ok(name, false, false);
}

bool pf_valid_utf8_hostname(struct mp_slice name)
{
	return name_ok(name, true, false);
}

/* Four decimal octets; leading zeros are fine, a network 0 other than 0.0.0.0 is not. */
static bool ipv4_ok(const char *s)
{
	unsigned octets = 0;
	bool all_zero = s[strspn(s, "0.")] == '\0';

	for (;;) {
		unsigned value = 0;
		size_t digits = 0;
		for (; mp_is_digit(s[digits]); digits++) {
			value = value * 10 + (unsigned)(s[digits] - '0');
			if (value > 255) {
				return false;
			}
		}
		if (digits == 0 || (octets == 0 && value == 0 && !all_zero)) {
			return false;
		}
		octets++;
		s += digits;
		if (*s == '\0') {
			return octets == 4;
		}
		if (*s++ != '.' || octets == 4) {
			return false;
		}
	}
}

static size_t hex_digits(const char *s)
{
	size_t n = 0;

	while (mp_hex_value(s[n]) >= 0) {
		n++;
	}
	return n;
}

/* Looser than RFC 4291: "1:2:3" passes, since only the number of colons (2 to 7), the length of
 * fields and the place of one "::" are looked at. */
static bool ipv6_ok(const char *s)
{
	unsigned colons = 0, gap = 0;
	size_t digits = 0;

	for (;;) {
		if (*s == '\0') {
			return colons >= 2 && (digits > 0 || (gap > 0 && gap + 1 == colons));
		}
		if (*s == '.') {
			return colons >= 2 && colons <= 6 && ipv4_ok(s - digits);
		}
		if (*s == ':') {
			if ((colons == 0 && digits == 0 && mp_is_alnum(s[1])) || ++colons > 7) {
				return false;
			}
			digits = 0;
			s++;
			if (*s == ':') {
				if (gap > 0) {
					return false;
				}
				gap = colons;
			}
			continue;
		}
		digits = hex_digits(s);
		if (digits == 0 || digits > 4) {
			return false;
		}
		s += digits;
	}
}

/* The text as a C string; false when it is too long for an address, or holds a NUL. */
static bool as_string(struct mp_slice text, char out[ADDRESS_MAX + 1])
{
	if (text.n > ADDRESS_MAX || mp_slice_chr(text, '\0') != MP_NOT_FOUND) {
		return false;
	}
	if (text.n > 0) {
		memcpy(out, text.p, text.n);
	}
	out[text.n] = '\0';
	return true;
}

bool pf_valid_hostaddr(struct mp_slice text)
{
	char s[ADDRESS_MAX + 1];

	if (!as_string(text, s)) {
		return false;
	}
	return strchr(s, ':') != NULL ? ipv6_ok(s) : ipv4_ok(s);
}

bool pf_valid_mailhost_addr(struct mp_slice text, struct mp_slice *bare)
{
	bool v6 = mp_slice_istarts(text, "IPv6:");
	char s[ADDRESS_MAX + 1];

	*bare = v6 ? mp_slice_from(text, 5) : text;
	return as_string(*bare, s) && (v6 ? ipv6_ok(s) : ipv4_ok(s));
}

bool pf_valid_dns_name(struct mp_slice name)
{
	return mp_slice_eq_str(name, ".") ||
		(!pf_valid_hostaddr(name) && name_ok(name, false, true));
}
