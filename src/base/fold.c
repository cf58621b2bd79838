/* fold - the case of text, folded by the rules of Unicode. */
#include "base/fold.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/fold_data.h"
#include "base/utf8.h"

bool mp_is_all_ascii(struct mp_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!mp_is_ascii(s.p[i])) {
			return false;
		}
	}
	return true;
}

/* Takes one character off the front; false when s does not begin with one. */
static bool next_char(struct mp_slice *s, uint32_t *codepoint)
{
	static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	size_t n = mp_utf8_length(*s);

	if (n == 0) {
		return false;
	}
	uint32_t c = (unsigned char)s->p[0] & first_bits[n];
	for (size_t i = 1; i < n; i++) {
		c = c << 6 | ((unsigned char)s->p[i] & 0x3fu);
	}
	*s = mp_slice_from(*s, n);
	*codepoint = c;
	return true;
}

static void put_char(struct mp_buf *b, uint32_t c)
{
	if (c < 0x80) {
		mp_buf_putc(b, (char)c);
	} else if (c < 0x800) {
		mp_buf_putc(b, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		mp_buf_putc(b, (char)(0xe0 | c >> 12));
		mp_buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	} else {
		mp_buf_putc(b, (char)(0xf0 | c >> 18));
		mp_buf_putc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		mp_buf_putc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	if (c >= 0x80) {
		mp_buf_putc(b, (char)(0x80 | (c & 0x3f)));
	}
}

/* The run that a character could be in: the last that begins at or before it. */
static const struct fold_run *find_run(uint32_t c)
{
	size_t low = 0;
	size_t high = sizeof fold_runs / sizeof fold_runs[0];

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (fold_runs[middle].first <= c) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return &fold_runs[low];
}

static void put_folded(struct mp_buf *b, uint32_t c)
{
	if (c < 0x80) {
		mp_buf_putc(b, mp_to_lower((char)c));
		return;
	}
	for (size_t i = 0; i < sizeof fold_manys / sizeof fold_manys[0]; i++) {
		if (fold_manys[i].from == c) {
			for (size_t k = 0; k < 3 && fold_manys[i].to[k] != 0; k++) {
				put_char(b, fold_manys[i].to[k]);
			}
			return;
		}
	}
	const struct fold_run *run = find_run(c);
	if (c >= run->first && c <= run->last && (c - run->first) % (uint32_t)run->step == 0) {
		c = (uint32_t)((int32_t)c + run->distance);
	}
	put_char(b, c);
}

char *mp_fold(struct mp_arena *arena, struct mp_slice s)
{
	struct mp_buf b;
	uint32_t c;

	s = mp_slice_sub(s, 0, mp_slice_chr(s, '\0'));
	if (mp_is_all_ascii(s)) {
		return mp_arena_lower(arena, s);
	}
	/* No character folds to more than three times its bytes. */
	mp_buf_init(&b, 3 * s.n + 1);
	while (s.n > 0) {
		if (next_char(&s, &c)) {
			put_folded(&b, c);
		} else {
			mp_buf_putc(&b, s.p[0]);
			s = mp_slice_from(s, 1);
		}
	}
	char *folded = mp_arena_slicedup(arena, mp_buf_slice(&b));
	mp_buf_release(&b);
	return folded;
}
