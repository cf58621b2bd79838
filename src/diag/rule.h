/*
 * rule - what a kind of finding is about, for who has met its id (mtaproof rules, mtaproof
 * explain).
 *
 * Each folder that makes findings has one table of them; a test holds the tables complete.
 */
#ifndef MP_DIAG_RULE_H
#define MP_DIAG_RULE_H

#include <stddef.h>

struct mp_rule {
	const char *id; /* struct mp_finding's rule */
	const char *title;
	const char *why; /* why it matters */
	const char *fix; /* what to do about it */
};

struct mp_rules {
	const struct mp_rule *v;
	size_t n;
};

#endif
