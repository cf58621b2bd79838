/* arena - memory that is freed all at once. */
#include "base/arena.h"

#include "base/alloc.h"
#include "base/ascii.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 16 * 1024 };

struct mp_arena_block {
	struct mp_arena_block *next;
	size_t size, used;
	alignas(max_align_t) char bytes[];
};

void mp_arena_init(struct mp_arena *a)
{
	*a = (struct mp_arena){NULL, NULL};
}

void mp_arena_release(struct mp_arena *a)
{
	struct mp_arena_block *b = a->first;

	while (b != NULL) {
		struct mp_arena_block *next = b->next;
		free(b);
		b = next;
	}
	mp_arena_init(a);
}

void mp_arena_reset(struct mp_arena *a)
{
	for (struct mp_arena_block *b = a->first; b != NULL; b = b->next) {
		b->used = 0;
	}
	a->current = a->first;
}

void mp_arena_adopt(struct mp_arena *a, struct mp_arena *from)
{
	struct mp_arena_block *last = from->first;

	if (last == NULL) {
		return;
	}
	while (last->next != NULL) {
		last = last->next;
	}
	/* In front, so that a's current block and what is free behind it stay as they are. */
	last->next = a->first;
	a->first = from->first;
	if (a->current == NULL) {
		a->current = last;
	}
	mp_arena_init(from);
}

/* Finds or makes a block with n free bytes and makes it current. */
static void make_room(struct mp_arena *a, size_t n)
{
	while (a->current != NULL && a->current->next != NULL) {
		a->current = a->current->next;
		if (a->current->size - a->current->used >= n) {
			return;
		}
	}
	size_t size = n > BLOCK ? n : BLOCK;
	if (size > SIZE_MAX - sizeof(struct mp_arena_block)) {
		MP_BUG("arena request too large");
	}
	struct mp_arena_block *b = mp_realloc(NULL, sizeof *b + size, 1);
	b->next = NULL;
	b->size = size;
	b->used = 0;
	if (a->current == NULL) {
		a->first = b;
	} else {
		a->current->next = b;
	}
	a->current = b;
}

/* n rounded up so that what follows is aligned for any type; never 0. */
static size_t aligned(size_t n)
{
	size_t align = alignof(max_align_t);

	if (n > SIZE_MAX - align) {
		MP_BUG("arena request too large");
	}
	return n == 0 ? align : (n + align - 1) / align * align;
}

void *mp_arena_alloc(struct mp_arena *a, size_t n)
{
	n = aligned(n);
	if (a->current == NULL || a->current->size - a->current->used < n) {
		make_room(a, n);
	}
	char *p = a->current->bytes + a->current->used;
	a->current->used += n;
	memset(p, 0, n);
	return p;
}

void *mp_arena_array(struct mp_arena *a, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size) {
		MP_BUG("arena request too large");
	}
	return mp_arena_alloc(a, count * size);
}

void *mp_arena_grow(struct mp_arena *a, void *v, size_t n, size_t *cap, size_t size, size_t first)
{
	*cap = *cap == 0 ? first : *cap * 2;

	void *larger = mp_arena_array(a, *cap, size);

	if (n > 0) {
		memcpy(larger, v, n * size);
	}
	return larger;
}

char *mp_arena_memdup(struct mp_arena *a, const char *p, size_t n)
{
	if (n == SIZE_MAX) {
		MP_BUG("arena request too large");
	}
	char *copy = mp_arena_alloc(a, n + 1);

	if (n > 0) {
		memcpy(copy, p, n);
	}
	return copy;
}

char *mp_arena_strdup(struct mp_arena *a, const char *s)
{
	return mp_arena_memdup(a, s, strlen(s));
}

char *mp_arena_slicedup(struct mp_arena *a, struct mp_slice s)
{
	return mp_arena_memdup(a, s.p, s.n);
}

char *mp_arena_lower(struct mp_arena *a, struct mp_slice s)
{
	char *copy = mp_arena_slicedup(a, s);

	for (size_t i = 0; i < s.n; i++) {
		copy[i] = mp_to_lower(copy[i]);
	}
	return copy;
}

char *mp_arena_vprintf(struct mp_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	size_t room = a->current != NULL ? a->current->size - a->current->used : 0;
	char *text = room > 0 ? a->current->bytes + a->current->used : NULL;

	va_copy(again, ap);
	/* Into what is free, which is enough nearly always. */
	int n = vsnprintf(text, room, fmt, ap);
	if (n < 0) {
		MP_BUG("format cannot be printed");
	}
	if ((size_t)n < room) {
		size_t used = aligned((size_t)n + 1);
		a->current->used += used < room ? used : room;
	} else {
		text = mp_arena_alloc(a, (size_t)n + 1);
		vsnprintf(text, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	return text;
}

char *mp_arena_printf(struct mp_arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = mp_arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}
