/*
 * makemap - the lines of a text that makemap(8) compiles.
 *
 * The key ends at the first blank, the value is all behind the blanks that follow, up to the end of
 * the line with its blanks. There are no continuation lines and no quotes.
 */
#include "sendmail/map/makemap.h"

#include "base/ascii.h"

enum { PIECE = 8191 }; /* BUFSIZ - 1: what it reads at once */

static bool is_separator(char c)
{
	return mp_is_ascii(c) && mp_is_space(c);
}

/* Reads at most PIECE bytes, up to a line end. */
static struct mp_slice take_piece(struct sm_makemap *m, bool *too_long)
{
	struct mp_slice rest = mp_slice_from(m->source->text, m->at);
	struct mp_slice piece = mp_slice_sub(rest, 0, PIECE);
	size_t end = mp_slice_chr(piece, '\n');
	size_t nul;

	if (end != MP_NOT_FOUND) {
		piece = mp_slice_sub(piece, 0, end);
	}
	m->loc = mp_loc(m->source, m->at, m->at + piece.n);
	m->at += piece.n + (end != MP_NOT_FOUND);
	/* To makemap a line ends at a NUL, and then has no line end. */
	nul = mp_slice_chr(piece, '\0');
	*too_long = (end == MP_NOT_FOUND || nul != MP_NOT_FOUND) && m->at < m->source->text.n;
	return mp_slice_sub(piece, 0, nul);
}

enum sm_makemap_line sm_makemap_next(struct sm_makemap *m)
{
	while (m->at < m->source->text.n) {
		bool too_long;
		struct mp_slice line = take_piece(m, &too_long);
		size_t n = 0, value;

		m->key_loc = m->loc;
		if (too_long) {
			return SM_MAKEMAP_TOO_LONG;
		}
		if (line.n == 0 || line.p[0] == '#') {
			continue;
		}
		if (is_separator(line.p[0])) {
			return SM_MAKEMAP_LEADING_BLANK;
		}
		while (n < line.n && !is_separator(line.p[n])) {
			n++;
		}
		m->key = mp_slice_sub(line, 0, n);
		m->key_loc.end = m->loc.start + (uint32_t)n;
		value = n;
		while (value < line.n && is_separator(line.p[value])) {
			value++;
		}
		m->value = mp_slice_from(line, value);
		return m->value.n > 0 ? SM_MAKEMAP_ENTRY : SM_MAKEMAP_NO_VALUE;
	}
	return SM_MAKEMAP_END;
}
