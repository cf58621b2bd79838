/*
 * trace - how an answer came about: what an evaluation did, for who wants to follow it.
 */
#ifndef MP_DIAG_TRACE_H
#define MP_DIAG_TRACE_H

#include "diag/source.h"

#include <stddef.h>

enum mp_trace_kind {
	MP_TRACE_BEGINS, /* a ruleset (a restriction list) is entered: name, and `before` */
	/* A rule is applied: loc, `before` and `after` (NULL: it broke off). Its lookups follow,
	 * and the calls that it makes, one deeper. */
	MP_TRACE_RULE,
	MP_TRACE_LOOKUP, /* a table was asked: its name, `before` the key, `after` the value or NULL
			  */
	MP_TRACE_ENDS, /* the ruleset is left: `after` is its result */
	MP_TRACE_SAID /* the server complains: `after` */
};

struct mp_trace_step {
	enum mp_trace_kind kind;
	unsigned depth; /* of calls, from 1 */
	const char *name; /* of the ruleset or table; of a RULE that of its ruleset */
	struct mp_loc loc; /* the rule; the table's entry; source NULL: none */
	const char *before, *after; /* NULL where there is none */
};

struct mp_trace {
	const struct mp_trace_step *v;
	size_t n;
	size_t left_out; /* beyond MP_LIMIT_STEPS */
};

#endif
