/*
 * proto - which settings the lines of the library's proto.m4 look at.
 *
 * proto.m4 is written in pieces like ifdef(`_ACCESS_TABLE_', `...'): a light scan of its nesting
 * says for each line under which conditions it stands, and where the call that it is part of begins
 * and ends.
 */
#ifndef MP_SENDMAIL_MC_PROTO_H
#define MP_SENDMAIL_MC_PROTO_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/* An ifdef that is open. */
struct sm_condition {
	struct mp_slice name;
	bool positive; /* in the part for "it is defined" */
	const struct sm_condition *outer;
};

struct sm_proto_line {
	struct mp_slice text; /* without its newline */
	const struct sm_condition *condition; /* at its beginning; NULL: none */
	uint32_t last; /* the last line (index) of what is called on it, outside of calls */
};

struct sm_proto {
	const struct sm_proto_line *lines;
	uint32_t count;
};

/* Scans the text. */
struct sm_proto *sm_proto(struct mp_arena *arena, struct mp_slice text);

/* The next word (letters, digits, underscore) at or behind *at, which is moved behind it; empty:
 * there is none. */
struct mp_slice sm_word_next(struct mp_slice text, size_t *at);

/* The line, from `first` to `last`, that a line of output was made from; `from` is where to begin
 * (it goes round). -1: none is like it. *whole: it is the same, not only like it at the beginning.
 */
long sm_proto_find(const struct sm_proto *proto, uint32_t first, uint32_t last, uint32_t from,
	struct mp_slice output, bool *whole);

#endif
