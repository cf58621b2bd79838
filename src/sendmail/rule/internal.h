/* internal - what the parts of the rule interpreter share. */
#ifndef SM_RULE_INTERNAL_H
#define SM_RULE_INTERNAL_H

#include "sendmail/rule/run.h"

/* What a wildcard matched: tokens first..end-1 of the workspace. */
struct sm_binding {
	size_t element; /* of the left side */
	size_t first, end;
};

enum { SM_BINDINGS = 16 };

/* Matches a left side against a whole workspace. True with *n bindings, one per wildcard. */
bool sm_match(struct sm_run *run, const struct sm_rule *rule, const struct sm_tokens *workspace,
	struct sm_binding bindings[SM_BINDINGS], size_t *n);

/* Makes the right side's tokens from `from` on, with $1 and $&x put in. */
enum sm_status sm_substitute(struct sm_run *run, const struct sm_rule *rule, size_t from,
	const struct sm_tokens *workspace, const struct sm_binding *bindings, size_t n,
	struct sm_tokens *out, unsigned depth);
/* Carries out the lookups in a workspace, from left to right; SM_TEMPORARY: all were made, and one
 * of them failed for now. */
enum sm_status sm_look_up(struct sm_run *run, struct sm_tokens *workspace, unsigned depth);

/* The value of a macro by number, references left as they are. */
static inline struct sm_text sm_run_macro(const struct sm_run *run, unsigned id)
{
	return sm_macros_get(&run->macros, id);
}
void sm_say(struct sm_run *run, unsigned depth, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Says what is wrong with a text that was to be taken apart. */
void sm_say_scan(struct sm_run *run, unsigned depth, enum sm_scan wrong, struct sm_text text);

#endif
