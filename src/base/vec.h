/*
 * vec - a growing array of any type, on the heap.
 *
 *     MP_VEC(struct thing) things = {0};
 *     mp_vec_push(&things, thing);
 *     things.v[0], things.n
 *     mp_vec_release(&things);
 *
 * The array moves when it grows: keep indices, not pointers, across pushes.
 */
#ifndef MP_BASE_VEC_H
#define MP_BASE_VEC_H

#include "base/alloc.h"

#include <stdlib.h>

#define MP_VEC(type)                                                                               \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}

/* Makes room for one more item; mp_vec_push() does it by itself. */
#define mp_vec_reserve(vec)                                                                        \
	((vec)->n < (vec)->cap                                                                     \
			? (void)0                                                                  \
			: (void)((vec)->cap = (vec)->cap ? (vec)->cap * 2 : 8,                     \
				  (vec)->v = mp_realloc((vec)->v, (vec)->cap, sizeof *(vec)->v)))

#define mp_vec_push(vec, item) (mp_vec_reserve(vec), (void)((vec)->v[(vec)->n++] = (item)))

#define mp_vec_release(vec) (free((vec)->v), (vec)->v = NULL, (vec)->n = (vec)->cap = 0)

#endif
