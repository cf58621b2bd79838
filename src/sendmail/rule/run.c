/*
 * run - rulesets at work: rule after rule, and the calls that their right sides make.
 */
#include "sendmail/rule/run.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "sendmail/rule/internal.h"

/* sendmail's limits: MaxRuleRecursion (calls below the first), tries of one rule, calls of one
 * right side. */
enum { DEPTH = 50, TRIES = 100, CALLS = 16 };

void sm_run_init(
	struct sm_run *run, const struct sm_cf *cf, struct mp_world *world, struct mp_arena *arena)
{
	*run = (struct sm_run){.cf = cf, .world = world, .arena = arena};
	run->room = SM_TOKENS_MAX;
	run->macros.n = cf->macros.n;
	run->macros.v = mp_arena_array(arena, cf->macros.n + 1, sizeof *run->macros.v);
	if (cf->macros.n > 0) {
		memcpy(run->macros.v, cf->macros.v, cf->macros.n * sizeof *run->macros.v);
	}
}

void sm_run_release(struct sm_run *run)
{
	mp_vec_release(&run->said);
}

void sm_run_set(struct sm_run *run, const char *name, const char *value)
{
	unsigned id = sm_names_find(run->cf->names, name);

	/* A name that the configuration never writes cannot be asked for by it. */
	if (id != 0) {
		sm_macros_set(&run->macros, id,
			value == NULL ? sm_macros_get(&run->cf->macros, id)
				      : sm_text_of(mp_slice_str(value), run->arena),
			run->arena);
	}
}

const char *sm_run_get(const struct sm_run *run, const char *name)
{
	struct sm_text value = sm_run_macro(run, sm_names_find(run->cf->names, name));

	return sm_text_bytes(
		sm_expand(value, &run->macros, run->arena), run->cf->names, run->arena);
}

static void add_said(struct sm_run *run, unsigned depth, struct sm_said said)
{
	mp_vec_push(&run->said, said);
	if (run->trace != NULL && run->trace->said != NULL) {
		run->trace->said(run->trace_context, said.text, depth);
	}
}

void sm_say(struct sm_run *run, unsigned depth, const char *fmt, ...)
{
	va_list ap;
	struct sm_said said = {NULL, NULL};

	va_start(ap, fmt);
	said.text = mp_arena_vprintf(run->arena, fmt, ap);
	va_end(ap);
	add_said(run, depth, said);
}

void sm_say_scan(struct sm_run *run, unsigned depth, enum sm_scan wrong, struct sm_text text)
{
	add_said(run, depth,
		(struct sm_said){
			.text = mp_arena_printf(run->arena, "553 %s %s", sm_scan_enhanced(wrong),
				sm_scan_text(wrong)),
			.scanned = sm_text_bytes(text, run->cf->names, run->arena),
		});
}

static enum sm_status rewrite(struct sm_run *run, const struct sm_ruleset *ruleset,
	struct sm_tokens *workspace, unsigned depth);

/* The name after "$>", quotes aside. */
static const char *called_name(struct sm_run *run, const char *text)
{
	size_t n = strlen(text);

	return n >= 2 && text[0] == '"' && text[n - 1] == '"'
		? mp_arena_memdup(run->arena, text + 1, n - 2)
		: text;
}

/* A call in a workspace: "$>name" at v[at], v[at + 1]. */
struct call {
	size_t at;
	const struct sm_ruleset *ruleset; /* NULL: one that has no rules */
};

/* Carries out one call: what stands behind it is its workspace, and becomes its result. */
static enum sm_status call(
	struct sm_run *run, const struct call *c, struct sm_tokens *workspace, unsigned depth)
{
	struct sm_tokens part = {0};
	enum sm_status status;
	size_t room = run->room;

	for (size_t i = c->at + 2; i < workspace->n; i++) {
		sm_tokens_add(&part, workspace->v[i], run->arena);
	}
	run->work += part.n;
	/* What stands before the call takes room from it. */
	run->room = SM_TOKENS_MAX - c->at;
	status = rewrite(run, c->ruleset, &part, depth + 1);
	run->room = room;
	workspace->n = c->at;
	for (size_t i = 0; i < part.n; i++) {
		if (!sm_tokens_add(workspace, part.v[i], run->arena)) {
			sm_say(run, depth, "554 5.3.0 rewrite: expansion too long");
			return SM_DATA;
		}
	}
	return status;
}

/* Finds the ruleset that is called: the name goes as far as its letters, digits and underscores.
 * Numbers below 100 always exist. */
static bool find_called(struct sm_run *run, const char *text, struct call *c)
{
	bool number = mp_is_digit(text[0]);
	size_t n = 0;

	while (mp_is_digit(text[n]) || (!number && (mp_is_alnum(text[n]) || text[n] == '_'))) {
		n++;
	}
	c->ruleset = sm_cf_ruleset(run->cf, mp_arena_memdup(run->arena, text, n));
	return c->ruleset != NULL || (number && n < 3);
}

/* The first thing that went wrong counts, but a temporary failure counts more. */
static void note(enum sm_status *status, enum sm_status of)
{
	if (*status == SM_OK || of == SM_TEMPORARY) {
		*status = of;
	}
}

/* Takes a call, "$>name", out of a workspace. */
static void drop(struct sm_tokens *workspace, size_t at)
{
	workspace->n -= 2;
	for (size_t i = at; i < workspace->n; i++) {
		workspace->v[i] = workspace->v[i + 2];
	}
}

/* The calls of a right side: all are found first, the last is carried out first. What fails leaves
 * those before it undone. */
static enum sm_status calls(struct sm_run *run, struct sm_tokens *workspace, unsigned depth)
{
	struct call found[CALLS];
	size_t n = 0;
	enum sm_status worst = SM_OK;

	for (size_t i = 0; i + 1 < workspace->n; i++) {
		if (workspace->v[i].symbol != SM_SYM_CALL) {
			continue;
		}

		const char *name = called_name(run, workspace->v[i + 1].text);

		workspace->v[i + 1].text = name;
		found[n].at = i;
		if (!find_called(run, name, &found[n])) {
			sm_say(run, depth, "554 5.3.5 Unknown ruleset %s", name);
			return SM_CONFIG;
		}
		if (found[n].ruleset == NULL || found[n].ruleset->rules.n == 0) {
			/* A call of an empty ruleset vanishes, and what comes after it is not
			 * looked at: a call that follows at once is left. */
			drop(workspace, i);
		} else if (++n >= CALLS) {
			sm_say(run, depth, "554 5.3.5 Too many subroutine calls (%d max)", CALLS);
			return SM_CONFIG;
		}
	}
	while (n > 0 && (worst == SM_OK || worst == SM_TEMPORARY)) {
		enum sm_status status = call(run, &found[--n], workspace, depth);

		note(&worst, status);
	}
	return worst;
}

/* What a rule that matched makes of the workspace; false when it could not be made, and the
 * workspace is as it was. The first thing that went wrong stays in *status. */
static bool apply(struct sm_run *run, const struct sm_rule *rule, size_t from,
	const struct sm_binding *bindings, size_t n, struct sm_tokens *workspace, unsigned depth,
	enum sm_status *status)
{
	struct sm_tokens out = {0};
	enum sm_status made = sm_substitute(run, rule, from, workspace, bindings, n, &out, depth);
	enum sm_status looked = made == SM_OK ? sm_look_up(run, &out, depth) : made;
	enum sm_status called = SM_OK;

	run->work += out.n + 1;
	if (run->work > MP_LIMIT_REWRITING) {
		run->exhausted = true;
		looked = SM_EXHAUSTED;
	}
	if (looked != SM_OK && looked != SM_TEMPORARY) {
		*status = looked;
		return false;
	}
	called = calls(run, &out, depth);
	if (called == SM_EXHAUSTED) {
		*status = called;
		return false;
	}
	note(status, looked);
	note(status, called);
	*workspace = out;
	return true;
}

static bool resolved(const struct sm_tokens *workspace)
{
	return workspace->n > 0 && workspace->v[0].symbol == SM_SYM_NET;
}

/* How a rule's right side begins: what becomes of the ruleset after it. */
enum after { AGAIN, ONCE, RETURN };

static enum after after_rule(const struct sm_rule *rule, size_t *from)
{
	uint16_t symbol = rule->rhs_n > 0 ? rule->rhs[0].symbol : 0;

	*from = symbol == SM_SYM_HOST || symbol == SM_SYM_USER;
	return symbol == SM_SYM_HOST || symbol == SM_SYM_NET ? RETURN
		: symbol == SM_SYM_USER                      ? ONCE
							     : AGAIN;
}

const struct sm_class_word *sm_matched_word(struct sm_run *run, const struct sm_matched *m)
{
	for (size_t i = m->n; i > 0; i--) {
		const struct sm_binding *b = &m->bindings[i - 1];
		const struct sm_token *e = &m->rule->lhs[b->element];

		if (e->symbol == SM_SYM_CLASS && e->arg < run->cf->classes.n &&
			run->cf->classes.v[e->arg] != NULL) {
			return sm_class_find(run->cf->classes.v[e->arg],
				sm_tokens_join(m->before->v, b->first, b->end, run->cf->blank,
					&run->cf->chars, run->arena));
		}
	}
	return NULL;
}

/* Runs the rules; false when it broke off in the middle of one. */
static bool rules(struct sm_run *run, const struct sm_ruleset *ruleset, struct sm_tokens *workspace,
	unsigned depth, enum sm_status *status)
{
	uint64_t words = sm_tokens_words(workspace->v, workspace->n);
	size_t i = 0;
	unsigned tries = 0;

	while (i < ruleset->rules.n && !resolved(workspace)) {
		const struct sm_rule *rule = &ruleset->rules.v[i];
		struct sm_binding bindings[SM_BINDINGS];
		struct sm_tokens before = *workspace;
		size_t n, from;

		if (++tries > TRIES) {
			sm_say(run, depth, "554 5.3.5 Infinite loop in ruleset %s, rule %u",
				ruleset->name, rule->number);
			break;
		}
		if ((rule->words & ~words) != 0 || !sm_match(run, rule, workspace, bindings, &n)) {
			if (run->exhausted) {
				*status = SM_EXHAUSTED;
				return false;
			}
			i++;
			tries = 0;
			continue;
		}

		enum after after = after_rule(rule, &from);
		struct sm_matched m = {ruleset, rule, depth, &before, bindings, n};

		run->at = ruleset;
		if (run->trace != NULL && run->trace->matched != NULL) {
			run->trace->matched(run->trace_context, &m);
		}
		if (!apply(run, rule, from, bindings, n, workspace, depth, status)) {
			return false;
		}
		words = sm_tokens_words(workspace->v, workspace->n);
		if (run->trace != NULL && run->trace->applied != NULL) {
			run->trace->applied(run->trace_context, &m, workspace);
		}
		if (after == RETURN) {
			break;
		}
		if (after == ONCE) {
			i++;
			tries = 0;
		}
	}
	return true;
}

static enum sm_status rewrite(struct sm_run *run, const struct sm_ruleset *ruleset,
	struct sm_tokens *workspace, unsigned depth)
{
	enum sm_status status = SM_OK;

	if (run->trace != NULL && run->trace->enter != NULL) {
		run->trace->enter(run->trace_context, ruleset, depth, workspace);
	}
	if (depth > DEPTH + 1) {
		sm_say(run, depth, "554 5.0.0 rewrite: excessive recursion (max %d), ruleset %s",
			DEPTH, ruleset->name);
		return SM_CONFIG;
	}
	if (rules(run, ruleset, workspace, depth, &status) && run->trace != NULL &&
		run->trace->leave != NULL) {
		run->trace->leave(run->trace_context, ruleset, depth, workspace);
	}
	return status;
}

enum sm_status sm_run_ruleset(
	struct sm_run *run, const struct sm_ruleset *ruleset, struct sm_tokens *workspace)
{
	enum sm_status status = SM_CONFIG;

	run->work = run->steps = 0;
	if (ruleset != NULL && !run->exhausted) {
		status = rewrite(run, ruleset, workspace, 1);
	}
	/* Whatever else went wrong: what stands in the workspace then is no result. */
	return run->exhausted ? SM_EXHAUSTED : status;
}

enum sm_status sm_run_named(struct sm_run *run, const char *ruleset, struct sm_tokens *workspace)
{
	const struct sm_ruleset *r = sm_cf_ruleset(run->cf, ruleset);

	return r == NULL ? SM_OK : sm_run_ruleset(run, r, workspace);
}

enum sm_scan sm_run_scan(struct sm_run *run, struct mp_slice text, struct sm_tokens *out)
{
	return sm_tokens_scan_bytes(out, text, &run->cf->chars, 0, NULL, run->arena);
}
