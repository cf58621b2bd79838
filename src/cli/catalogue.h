/*
 * catalogue - what has a name that a user may meet: rules, scenarios, questions.
 */
#ifndef MP_CLI_CATALOGUE_H
#define MP_CLI_CATALOGUE_H

#include "base/vec.h"
#include "diag/rule.h"
#include "scenario/scenario.h"
#include "world/question.h"

struct mp_catalogue {
	struct mp_scenarios scenarios;
	MP_VEC(struct mp_rule)
	rules; /* of behaviour first, then of the readers of configurations */
};

/* Everything that is compiled in, and the scenarios of the folder (NULL: none). Release it even
 * after an error. MP_ERR_INPUT. */
int mp_catalogue_load(struct mp_catalogue *c, const char *folder, struct mp_err *err);
void mp_catalogue_release(struct mp_catalogue *c);
/* By id; NULL when there is none. */
const struct mp_rule *mp_catalogue_rule(const struct mp_catalogue *c, const char *id);

/* The names of all, in the arena: those that look like `word` most, best first, at most `most`;
 * none that has little in common with it. Returns how many. */
size_t mp_catalogue_near(const struct mp_catalogue *c, const char *word, struct mp_arena *arena,
	const char **out, size_t most);

#endif
