/*
 * arena - memory that is freed all at once.
 *
 * What is allocated lives until mp_arena_reset() or mp_arena_release(). Strings made here end in
 * NUL. One arena per loaded configuration, one per played dialogue.
 */
#ifndef MP_BASE_ARENA_H
#define MP_BASE_ARENA_H

#include "base/slice.h"

#include <stdarg.h>
#include <stddef.h>

struct mp_arena_block;

struct mp_arena {
	struct mp_arena_block *first, *current;
};

/* An empty arena may also be made with {0}. */
void mp_arena_init(struct mp_arena *a);
/* Frees all; the arena is empty and usable. */
void mp_arena_release(struct mp_arena *a);
/* Forgets all that was allocated but keeps the memory for the next round. */
void mp_arena_reset(struct mp_arena *a);

/* Moves all that `from` holds into a; `from` is empty then. */
void mp_arena_adopt(struct mp_arena *a, struct mp_arena *from);

/* Zeroed memory, aligned for any type. */
void *mp_arena_alloc(struct mp_arena *a, size_t n);
/* Zeroed memory for count items. */
void *mp_arena_array(struct mp_arena *a, size_t count, size_t size);
#define MP_ARENA_NEW(arena, type) ((type *)mp_arena_alloc((arena), sizeof(type)))

/* The larger array for mp_arena_room(). */
void *mp_arena_grow(struct mp_arena *a, void *v, size_t n, size_t *cap, size_t size, size_t first);
/* Room for one more item in an array of n items of this size, which grows in the arena: returns v,
 * or a larger array with the items in it and *cap raised, `first` items at the beginning, then
 * twice as many. What it has outgrown stays in the arena. */
static inline void *mp_arena_room(
	struct mp_arena *a, void *v, size_t n, size_t *cap, size_t size, size_t first)
{
	return n < *cap ? v : mp_arena_grow(a, v, n, cap, size, first);
}

char *mp_arena_memdup(struct mp_arena *a, const char *p, size_t n);
char *mp_arena_strdup(struct mp_arena *a, const char *s);
char *mp_arena_slicedup(struct mp_arena *a, struct mp_slice s);
/* ASCII letters folded to lower case. */
char *mp_arena_lower(struct mp_arena *a, struct mp_slice s);
char *mp_arena_printf(struct mp_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *mp_arena_vprintf(struct mp_arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#endif
