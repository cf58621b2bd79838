/*
 * buf - a growing byte buffer that cannot grow past its maximum.
 *
 * p is always a C string (never NULL after mp_buf_init), n its length. A write that would exceed
 * max is cut there and `overflow` is set: check it once at the end.
 */
#ifndef MP_BASE_BUF_H
#define MP_BASE_BUF_H

#include "base/slice.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct mp_buf {
	char *p;
	size_t n, cap, max;
	bool overflow;
};

void mp_buf_init(struct mp_buf *b, size_t max);
void mp_buf_release(struct mp_buf *b);
/* Empty again, memory kept, overflow forgotten. */
void mp_buf_reset(struct mp_buf *b);
/* Makes room for all that it may ever hold: its memory does not move any more. */
void mp_buf_reserve(struct mp_buf *b);
void mp_buf_putc(struct mp_buf *b, char c);
void mp_buf_put(struct mp_buf *b, struct mp_slice s);
void mp_buf_puts(struct mp_buf *b, const char *s);
void mp_buf_printf(struct mp_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void mp_buf_vprintf(struct mp_buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Shortens to n bytes (n <= b->n). */
void mp_buf_truncate(struct mp_buf *b, size_t n);
/* Removes the first n bytes (n <= b->n). */
void mp_buf_drop(struct mp_buf *b, size_t n);
/* The bytes, borrowed until the next write. */
struct mp_slice mp_buf_slice(const struct mp_buf *b);
/* The heap string itself, owned by the caller: free(). The buffer is empty and usable. */
char *mp_buf_detach(struct mp_buf *b);

#endif
