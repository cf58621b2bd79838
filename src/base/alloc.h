/*
 * alloc - memory that is there or the program ends.
 *
 * A command-line program cannot do its work without memory, so these never return NULL; sizes
 * that come from untrusted input are checked against base/limits.h before they get here.
 */
#ifndef MP_BASE_ALLOC_H
#define MP_BASE_ALLOC_H

#include <stddef.h>

/* A state that the program itself made impossible: says where, and aborts. */
#define MP_BUG(what) mp_bug(__FILE__, __LINE__, (what))
_Noreturn void mp_bug(const char *file, int line, const char *what);

/* Zeroed memory of n bytes (n may be 0), owned by the caller: free(). */
void *mp_alloc(size_t n);
/* Resizes to count * size bytes; the overflow of the product ends the program. */
void *mp_realloc(void *p, size_t count, size_t size);
/* A heap copy of n bytes at p, with a NUL behind them, owned by the caller: free(). */
char *mp_memdup(const char *p, size_t n);
/* A heap copy of a C string, owned by the caller: free(). */
char *mp_strdup(const char *s);

#endif
