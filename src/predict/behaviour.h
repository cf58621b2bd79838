/*
 * behaviour - what can be wrong with how a server behaves: the permanent ids of such findings.
 *
 * Many scenarios, and many openings of the surface, may show the same thing: it is one rule, which
 * the alarms of scenarios name ("rule": "relay/open").
 */
#ifndef MP_PREDICT_BEHAVIOUR_H
#define MP_PREDICT_BEHAVIOUR_H

#include <stddef.h>

struct mp_behaviour_rule {
	const char *id;
	const char *title;
	const char *why;
	const char *fix;
	/* The words of a finding: {who} {to} {where} {what} {reply} {scenarios} {if} stand for what
	 * was found out. */
	const char *message;
	/* The rule that says all of this and more, where both have the same cause; NULL: none. */
	const char *within;
	/* The rule that stands for it where it is not decided by the configuration alone; NULL: it
	 * is the same one. */
	const char *undecided;
	/* The rules that stand for it where what was accepted is thrown away, and where it was seen
	 * but by the configuration cannot be; NULL: the same one. */
	const char *discarded, *unlisted;
};

/* All of them, in the order in which they are listed. */
const struct mp_behaviour_rule *mp_behaviour_rules(size_t *n);
/* By id; NULL when there is none. */
const struct mp_behaviour_rule *mp_behaviour_rule_find(const char *id);

#endif
