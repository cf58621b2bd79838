/*
 * run - the rules of a .cf at work (reference 4.6, 4.7).
 *
 * A run is one session's state as far as rules can see it: the macros of the moment. Rulesets are
 * called with a workspace of tokens, which they rewrite. What they look up outside of the
 * configuration is asked of the world.
 */
#ifndef SM_RULE_RUN_H
#define SM_RULE_RUN_H

#include "sendmail/cf/cf.h"

/* How running a ruleset ended (sysexits.h in sendmail). */
enum sm_status {
	SM_OK,
	SM_DATA, /* EX_DATAERR: too long, or a value that is not balanced */
	SM_CONFIG, /* EX_CONFIG: a loop of calls, an unknown ruleset */
	SM_TEMPORARY, /* EX_TEMPFAIL: a map that has no -T could not be asked */
	SM_EXHAUSTED /* the rules do not come to an end here; sendmail may go on for hours */
};

struct sm_run;
struct sm_binding;

/* A rule that has matched. Borrowed for the call that it is handed to. */
struct sm_matched {
	const struct sm_ruleset *ruleset;
	const struct sm_rule *rule;
	unsigned depth;
	const struct sm_tokens *before; /* the workspace that it has matched */
	const struct sm_binding *bindings; /* what its wildcards took of it */
	size_t n;
};

/* Who watches rules at work; members may be NULL. Tokens are borrowed for the call. */
struct sm_trace {
	void (*enter)(void *context, const struct sm_ruleset *ruleset, unsigned depth,
		const struct sm_tokens *workspace);
	/* A rule has matched its workspace; what it looks up and calls follows. */
	void (*matched)(void *context, const struct sm_matched *m);
	/* It was applied; `after` is what it made of the workspace. */
	void (*applied)(void *context, const struct sm_matched *m, const struct sm_tokens *after);
	void (*looked_up)(void *context, const struct sm_map *map, const char *key,
		const struct sm_map_result *result, unsigned depth);
	/* Not called for a ruleset that broke off in the middle of a rule. */
	void (*leave)(void *context, const struct sm_ruleset *ruleset, unsigned depth,
		const struct sm_tokens *workspace);
	/* sendmail would say this to the client or its log: "553 5.0.0 Unbalanced '<'". */
	void (*said)(void *context, const char *text, unsigned depth);
};

/* What rules made sendmail say. */
struct sm_said {
	const char *text; /* "553 5.0.0 Unbalanced '>'" */
	const char *scanned; /* the text that it names, which could not be taken apart; or NULL */
};

struct sm_run {
	const struct sm_cf *cf;
	struct mp_world *world;
	struct mp_arena *arena;
	struct sm_macros macros;
	bool deferred; /* the delivery mode is "defer" */
	const char *complaint; /* of the first map that could not be opened; NULL: none */
	const struct sm_ruleset *at; /* whose rule is being applied */
	size_t room; /* tokens that its right side may come to */
	const struct sm_trace *trace; /* NULL: nobody watches */
	void *trace_context;
	size_t work; /* tokens made by the call under way */
	size_t steps; /* of matching, in the call under way */
	/* A call made more than MP_LIMIT_REWRITING, or matched longer than MP_LIMIT_MATCHING:
	 * nothing is known from there. */
	bool exhausted;
	/* In order; a user's error (5yz, 4yz) fails the command. */
	MP_VEC(struct sm_said) said;
};

/* A new run over a configuration; everything borrowed must outlive it. Release it. */
void sm_run_init(
	struct sm_run *run, const struct sm_cf *cf, struct mp_world *world, struct mp_arena *arena);
void sm_run_release(struct sm_run *run);

/* Sets a macro of the moment ("client_addr") to plain bytes; NULL undefines it: what the
 * configuration defines counts again. */
void sm_run_set(struct sm_run *run, const char *name, const char *value);
/* Its value with references expanded, "" when it is not defined; in the arena. */
const char *sm_run_get(const struct sm_run *run, const char *name);

/* The length of the longest phrase that a class may hold. */
size_t sm_run_class_longest(const struct sm_run *run, unsigned class);
/* Whether a phrase is in a class, by the number of its name; open sources are asked. */
bool sm_run_in_class(struct sm_run *run, unsigned class, const char *phrase);

/* The word of a class that the last $= of a rule has matched, as it is written down; NULL where the
 * rule has no $=, or where the class has the word from elsewhere than the configuration. */
const struct sm_class_word *sm_matched_word(struct sm_run *run, const struct sm_matched *m);

/* Rewrites the workspace by a ruleset; it is a configuration error (SM_CONFIG) when ruleset is
 * NULL.
 */
enum sm_status sm_run_ruleset(
	struct sm_run *run, const struct sm_ruleset *ruleset, struct sm_tokens *workspace);
/* The same by name or number; a ruleset that does not exist leaves the workspace as it is. */
enum sm_status sm_run_named(struct sm_run *run, const char *ruleset, struct sm_tokens *workspace);

/* Takes an address apart as the server does before it runs rules on it (comments dropped). */
enum sm_scan sm_run_scan(struct sm_run *run, struct mp_slice text, struct sm_tokens *out);

#endif
