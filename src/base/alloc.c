/* alloc - memory that is there or the program ends. */
#include "base/alloc.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void mp_bug(const char *file, int line, const char *what)
{
	fprintf(stderr, "mtaproof: bug at %s:%d: %s\n", file, line, what);
	abort();
}

static _Noreturn void out_of_memory(size_t n)
{
	fprintf(stderr, "mtaproof: out of memory (%zu bytes wanted)\n", n);
	abort();
}

void *mp_alloc(size_t n)
{
	void *p = calloc(1, n > 0 ? n : 1);

	if (p == NULL) {
		out_of_memory(n);
	}
	return p;
}

void *mp_realloc(void *p, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size) {
		out_of_memory(SIZE_MAX);
	}
	size_t n = count * size;
	void *q = realloc(p, n > 0 ? n : 1);
	if (q == NULL) {
		out_of_memory(n);
	}
	return q;
}

char *mp_memdup(const char *p, size_t n)
{
	if (n == SIZE_MAX) {
		out_of_memory(n);
	}
	char *copy = mp_alloc(n + 1);
	if (n > 0) {
		memcpy(copy, p, n);
	}
	return copy;
}

char *mp_strdup(const char *s)
{
	return mp_memdup(s, strlen(s));
}
