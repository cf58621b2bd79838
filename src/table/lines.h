/*
 * lines - the logical lines of a text table (reference 1.1).
 *
 * Blank lines and comments are dropped wherever they stand, and a line that begins with white space
 * continues the one before. The text of a logical line is a C string, because Postfix treats it
 * as one: what follows a NUL byte is lost.
 */
#ifndef MP_TABLE_LINES_H
#define MP_TABLE_LINES_H

#include "base/buf.h"
#include "base/vec.h"
#include "diag/source.h"

struct mp_lines_piece {
	size_t at; /* offset in the logical line */
	uint32_t offset; /* of its first byte in the source */
};

struct mp_lines {
	const struct mp_source *source;
	size_t next; /* offset of the next physical line */
	struct mp_buf buf; /* lines that were joined */
	MP_VEC(struct mp_lines_piece) pieces;
	struct mp_slice text; /* the current logical line; in the source or in buf */
	bool had_nul; /* something behind a NUL byte was cut off */
	bool indented; /* it has no line to continue: Postfix skips it */
};

void mp_lines_init(struct mp_lines *l, const struct mp_source *source);
void mp_lines_release(struct mp_lines *l);
/* Goes to the next logical line; false at the end. `text` lives until the next call. */
bool mp_lines_next(struct mp_lines *l);
/* The place of bytes from..to-1 of the current line. Where they come from several physical lines,
 * the place ends with the first. */
struct mp_loc mp_lines_loc(const struct mp_lines *l, size_t from, size_t to);

#endif
