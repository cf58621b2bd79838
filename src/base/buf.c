/* buf - a growing byte buffer that cannot grow past its maximum. */
#include "base/buf.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>

void mp_buf_init(struct mp_buf *b, size_t max)
{
	*b = (struct mp_buf){.max = max};
	b->cap = 64;
	b->p = mp_alloc(b->cap);
}

void mp_buf_release(struct mp_buf *b)
{
	free(b->p);
	*b = (struct mp_buf){0};
}

void mp_buf_reset(struct mp_buf *b)
{
	b->n = 0;
	b->p[0] = '\0';
	b->overflow = false;
}

/* How many of the wanted bytes fit; grows the memory for them and a NUL. */
static size_t grow(struct mp_buf *b, size_t want)
{
	size_t room = b->max - b->n;

	if (want > room) {
		want = room;
		b->overflow = true;
	}
	size_t need = b->n + want + 1;
	if (need > b->cap) {
		while (b->cap < need) {
			b->cap *= 2;
		}
		b->p = mp_realloc(b->p, b->cap, 1);
	}
	return want;
}

void mp_buf_put(struct mp_buf *b, struct mp_slice s)
{
	size_t n = grow(b, s.n);

	if (n > 0) {
		memcpy(b->p + b->n, s.p, n);
	}
	b->n += n;
	b->p[b->n] = '\0';
}

void mp_buf_reserve(struct mp_buf *b)
{
	grow(b, b->max - b->n);
}

void mp_buf_putc(struct mp_buf *b, char c)
{
	mp_buf_put(b, mp_slice(&c, 1));
}

void mp_buf_puts(struct mp_buf *b, const char *s)
{
	mp_buf_put(b, mp_slice_str(s));
}

void mp_buf_vprintf(struct mp_buf *b, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0) {
		MP_BUG("format cannot be printed");
	}
	size_t room = grow(b, (size_t)n);
	vsnprintf(b->p + b->n, room + 1, fmt, again);
	va_end(again);
	b->n += room;
}

void mp_buf_printf(struct mp_buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	mp_buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void mp_buf_truncate(struct mp_buf *b, size_t n)
{
	if (n > b->n) {
		MP_BUG("buffer truncated upwards");
	}
	b->n = n;
	b->p[n] = '\0';
}

void mp_buf_drop(struct mp_buf *b, size_t n)
{
	if (n > b->n) {
		MP_BUG("more dropped than the buffer holds");
	}
	memmove(b->p, b->p + n, b->n - n + 1);
	b->n -= n;
}

struct mp_slice mp_buf_slice(const struct mp_buf *b)
{
	return mp_slice(b->p, b->n);
}

char *mp_buf_detach(struct mp_buf *b)
{
	char *p = b->p;
	size_t max = b->max;

	mp_buf_init(b, max);
	return p;
}
