/*
 * lines - logical lines of main.cf and master.cf (postconf(5), "general format").
 *
 * Comments and blank lines are dropped wherever they stand, also inside a logical line; a line that
 * begins with white space continues the one before.
 */
#ifndef PF_CONFIG_LINES_H
#define PF_CONFIG_LINES_H

#include "diag/finding.h"
#include "postfix/config/text.h"

struct pf_line {
	struct pf_text text; /* joined; leading white space of continuations is kept */
	struct mp_loc at; /* its first physical line */
	struct mp_loc comment; /* a comment line that looks like an entry and stands before a
				  continuation line of this one; source NULL: none */
	struct mp_loc continuation; /* the first line behind that comment */
};

struct pf_lines {
	const struct mp_source *source;
	struct mp_arena *arena;
	struct mp_findings *findings;
	const char *file_kind; /* "maincf", "mastercf": the first part of the rule ids */
	uint32_t line; /* next physical line, from 0 */
};

/* Findings go to `findings` (may be NULL) under the rules KIND/leading-space, KIND/nul-byte and
 * KIND/orphan-continuation. */
void pf_lines_init(struct pf_lines *lines, struct mp_arena *arena, const struct mp_source *source,
	const char *file_kind, struct mp_findings *findings);
/* The next logical line; false at the end. A line that no entry precedes is reported and skipped,
 * as Postfix does; a NUL byte ends the logical line, as it does in Postfix. */
bool pf_lines_next(struct pf_lines *lines, struct pf_line *out);

#endif
