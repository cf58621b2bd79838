/* template - the value of a pattern rule, with $1, ${1} and $(1) for what groups matched. */
#ifndef MP_TABLE_TEMPLATE_H
#define MP_TABLE_TEMPLATE_H

#include "table/pattern.h"

/* The highest group that a value may use. */
enum { MP_TEMPLATE_GROUPS = 99 };

struct mp_template_piece {
	const char *text; /* NULL: the group */
	unsigned group;
};

struct mp_template {
	const struct mp_template_piece *pieces;
	size_t n;
	unsigned groups; /* the highest one used; 0: none */
};

/* Reads a value. False, and why, when Postfix would not take it. */
bool mp_template_parse(
	struct mp_arena *arena, struct mp_slice text, struct mp_template *out, const char **why);
/* The value; groups are needed only when some are used. */
const char *mp_template_expand(struct mp_arena *arena, const struct mp_template *t,
	const char *subject, const struct mp_group *groups);

#endif
