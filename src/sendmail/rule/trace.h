/*
 * trace - what rules did, as the steps of a reply (server/server.h): what `sendmail -bt -d21.12`
 * shows, to be read by a person.
 */
#ifndef SM_RULE_TRACE_H
#define SM_RULE_TRACE_H

#include "sendmail/rule/run.h"
#include "server/server.h"

/* Rulesets call each other less deep than this. */
enum { SM_RECORDER_DEPTH = 64 };

/* Collects steps, in the arena of its run. */
struct sm_recorder {
	struct sm_run *run;
	struct mp_trace_step *steps;
	size_t n, cap, left_out;
	size_t open[SM_RECORDER_DEPTH]; /* by depth: the step of the rule under way, plus 1 */
	const struct sm_trace *next; /* who watched before, and goes on */
	void *next_context;
};

/* Has the run's rules recorded from now on, beside who watches them already; the recorder must live
 * as long as the run. */
void sm_recorder_watch(struct sm_recorder *recorder, struct sm_run *run);
/* The steps since the last call, in the arena of the run. */
struct mp_trace sm_recorder_take(struct sm_recorder *recorder);

/* A workspace as a person reads it: tokens side by side as they would be written, with blanks
 * around symbols: "a<@b.example>", "$#error $@5.7.1 $: Relaying denied". In the arena. */
const char *sm_tokens_show(const struct sm_tokens *tokens, const struct sm_run *run);

#endif
