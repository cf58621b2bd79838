/*
 * slice - a borrowed run of bytes: pointer and length, NUL bytes included.
 *
 * A slice owns nothing; it dies with what it points into. p is never read when n is 0.
 */
#ifndef MP_BASE_SLICE_H
#define MP_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct mp_slice {
	const char *p;
	size_t n;
};

/* For printf's "%.*s"; only for text that is known to be short. */
#define MP_SLICE_ARG(s) (int)(s).n, (s).p

#define MP_NOT_FOUND ((size_t)-1)

static inline struct mp_slice mp_slice(const char *p, size_t n)
{
	return (struct mp_slice){p, n};
}

/* The bytes of a C string, without its NUL. */
static inline struct mp_slice mp_slice_str(const char *s)
{
	return (struct mp_slice){s, strlen(s)};
}

/* Bytes from..to-1; both are clamped to the slice. */
struct mp_slice mp_slice_sub(struct mp_slice s, size_t from, size_t to);
/* Bytes from..end. */
struct mp_slice mp_slice_from(struct mp_slice s, size_t from);
/* Without white space (isspace() of the C locale) at both ends. */
struct mp_slice mp_slice_trim(struct mp_slice s);

bool mp_slice_eq(struct mp_slice a, struct mp_slice b);
bool mp_slice_eq_str(struct mp_slice a, const char *b);
/* ASCII letters compared without case. */
bool mp_slice_ieq(struct mp_slice a, struct mp_slice b);
bool mp_slice_ieq_str(struct mp_slice a, const char *b);
bool mp_slice_starts(struct mp_slice s, const char *prefix);
bool mp_slice_istarts(struct mp_slice s, const char *prefix);
bool mp_slice_ends(struct mp_slice s, const char *suffix);

/* Where c stands first (last), or MP_NOT_FOUND. */
size_t mp_slice_chr(struct mp_slice s, char c);
size_t mp_slice_rchr(struct mp_slice s, char c);
/* Where the text stands first, or MP_NOT_FOUND. */
size_t mp_slice_find(struct mp_slice s, const char *text);

/* <0, 0, >0 as memcmp; the shorter first when one is a prefix of the other. */
int mp_slice_cmp(struct mp_slice a, struct mp_slice b);

/* Two C strings compared without the case of ASCII letters. */
bool mp_str_ieq(const char *a, const char *b);
static inline bool mp_str_eq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

#endif
