/* slice - a borrowed run of bytes. */
#include "base/slice.h"

#include "base/ascii.h"

struct mp_slice mp_slice_sub(struct mp_slice s, size_t from, size_t to)
{
	if (to > s.n) {
		to = s.n;
	}
	if (from > to) {
		from = to;
	}
	return (struct mp_slice){s.n > 0 ? s.p + from : s.p, to - from};
}

struct mp_slice mp_slice_from(struct mp_slice s, size_t from)
{
	return mp_slice_sub(s, from, s.n);
}

struct mp_slice mp_slice_trim(struct mp_slice s)
{
	while (s.n > 0 && mp_is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && mp_is_space(s.p[s.n - 1])) {
		s.n--;
	}
	return s;
}

bool mp_slice_eq(struct mp_slice a, struct mp_slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool mp_slice_eq_str(struct mp_slice a, const char *b)
{
	return mp_slice_eq(a, mp_slice_str(b));
}

bool mp_slice_ieq(struct mp_slice a, struct mp_slice b)
{
	if (a.n != b.n) {
		return false;
	}
	for (size_t i = 0; i < a.n; i++) {
		if (mp_to_lower(a.p[i]) != mp_to_lower(b.p[i])) {
			return false;
		}
	}
	return true;
}

bool mp_slice_ieq_str(struct mp_slice a, const char *b)
{
	return mp_slice_ieq(a, mp_slice_str(b));
}

bool mp_slice_starts(struct mp_slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && mp_slice_eq_str(mp_slice_sub(s, 0, n), prefix);
}

bool mp_slice_istarts(struct mp_slice s, const char *prefix)
{
	size_t n = strlen(prefix);

	return s.n >= n && mp_slice_ieq_str(mp_slice_sub(s, 0, n), prefix);
}

bool mp_slice_ends(struct mp_slice s, const char *suffix)
{
	size_t n = strlen(suffix);

	return s.n >= n && mp_slice_eq_str(mp_slice_from(s, s.n - n), suffix);
}

size_t mp_slice_chr(struct mp_slice s, char c)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == c) {
			return i;
		}
	}
	return MP_NOT_FOUND;
}

size_t mp_slice_rchr(struct mp_slice s, char c)
{
	for (size_t i = s.n; i > 0; i--) {
		if (s.p[i - 1] == c) {
			return i - 1;
		}
	}
	return MP_NOT_FOUND;
}

size_t mp_slice_find(struct mp_slice s, const char *text)
{
	size_t n = strlen(text);

	if (n == 0) {
		return 0;
	}
	for (size_t i = 0; i + n <= s.n; i++) {
		const char *first = memchr(s.p + i, text[0], s.n - n - i + 1);
		if (first == NULL) {
			return MP_NOT_FOUND;
		}
		i = (size_t)(first - s.p);
		if (memcmp(first, text, n) == 0) {
			return i;
		}
	}
	return MP_NOT_FOUND;
}

int mp_slice_cmp(struct mp_slice a, struct mp_slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int d = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (d != 0) {
		return d;
	}
	return a.n < b.n ? -1 : a.n > b.n;
}

bool mp_str_ieq(const char *a, const char *b)
{
	while (mp_to_lower(*a) == mp_to_lower(*b)) {
		if (*a == '\0') {
			return true;
		}
		a++, b++;
	}
	return false;
}
