/*
 * explain - scenarios, questions and rules in words.
 */
#ifndef MP_CLI_EXPLAIN_H
#define MP_CLI_EXPLAIN_H

#include "cli/catalogue.h"

#include <stdio.h>

/* What is said, which step is tested, who plays it where, what it costs, and how to play it alone.
 */
void mp_explain_scenario(
	FILE *out, const struct mp_catalogue *c, const struct mp_scenario *scenario);
/* What is asked and why, what the answers mean, and how it is answered. subject: what stands behind
 * the question's word; "" for the kind as such. */
void mp_explain_question(FILE *out, const struct mp_question_kind *kind, const char *subject);
/* What is wrong, why it matters, what to do, and which scenarios show it. */
void mp_explain_rule(FILE *out, const struct mp_catalogue *c, const struct mp_rule *rule);

#endif
