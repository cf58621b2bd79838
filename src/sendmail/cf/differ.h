/*
 * differ - in which settings two .cf differ: what was edited by hand, or built from another .mc.
 *
 * Compared is what sendmail reads: options, macros, classes, maps, mailers, filters, headers,
 * rulesets with their rules. Comments, blank lines, the head with date and builder, the words of a
 * class in another order, and where a line is broken make no difference.
 */
#ifndef SM_CF_DIFFER_H
#define SM_CF_DIFFER_H

#include "sendmail/cf/cf.h"

/* One setting that is not the same in both. */
struct sm_difference {
	const char *what; /* "option LogLevel", "class {w}", "ruleset check_rcpt" */
	/* What each of them says in place of the other; NULL: nothing. */
	const char *left, *right;
	struct mp_loc left_loc, right_loc; /* of it; source NULL where it says nothing */
};

struct sm_differences {
	const struct sm_difference *v; /* options, daemons first; in the order of the files */
	size_t n;
};

/* Compares two configurations that were read by sm_cf_read(); neither is changed. None where both
 * mean the same to sendmail. All of the result lives in the arena and in the two sources. */
struct sm_differences sm_cf_differ(
	const struct sm_cf *left, const struct sm_cf *right, struct mp_arena *arena);

#endif
