/*
 * planner - from scenarios to session plans.
 *
 * DESCRIPTION
 *	A bound scenario is split into set-up lines and the lines behind them (a "unit": one
 *	transaction, or a command of its own). A draft is a connection that is being filled: the
 *	longest set-up of its scenarios, and units that begin after so many set-up lines. When all
 *	scenarios are placed, drafts are laid out as plans.
 */
#include "scenario/planner.h"

#include "base/alloc.h"

#include <stdlib.h>

enum { DEFAULT_MAX_REJECTS = 9, MAX_SETUP = 8, MAX_UNIT = 64 };

static const char login_line[] = "AUTH {login}";

/* A scenario with its names bound. */
struct bound {
	const struct mp_scenario *scenario;
	size_t origin;
	const char **setup, **lines;
	size_t setup_count, line_count;
	bool tests_setup; /* the tested line is a set-up line */
	size_t tested; /* index into setup or lines */
};

struct unit {
	size_t stage; /* set-up lines before it */
	const char **lines;
	size_t line_count;
	bool control;
	bool *expect; /* which lines are expected to be refused, and */
	bool *tested; /* which are tested */
	size_t first_step;
};

/* Which unit answers which scenario. */
struct use {
	const struct bound *bound;
	int unit, control; /* -1: none */
};

struct draft {
	const char **setup;
	size_t setup_count;
	MP_VEC(struct unit) units;
	MP_VEC(struct use) uses;
	unsigned cost;
	int setup_steps[MAX_SETUP + 1]; /* [i]: the step of set-up line i - 1; [0]: the greeting */
};

struct planner {
	const struct mp_plan_request *request;
	struct mp_arena *arena;
	MP_VEC(struct draft *) drafts;
	MP_VEC(struct mp_unplanned) unplanned;
	unsigned max_rejects;
};

static bool is_login(const char *line)
{
	return mp_str_eq(line, login_line);
}

static bool is_setup(const char *line)
{
	switch (mp_command_verb(mp_slice_str(line))) {
	case MP_VERB_EHLO:
	case MP_VERB_HELO:
	case MP_VERB_STARTTLS:
		return true;
	case MP_VERB_AUTH:
		return is_login(line);
	case MP_VERB_GREETING:
	case MP_VERB_MAIL:
	case MP_VERB_RCPT:
	case MP_VERB_DATA:
	case MP_VERB_CONTENT:
	case MP_VERB_RSET:
	case MP_VERB_NOOP:
	case MP_VERB_VRFY:
	case MP_VERB_EXPN:
	case MP_VERB_ETRN:
	case MP_VERB_QUIT:
	case MP_VERB_OTHER:
		break;
	}
	return false;
}

static void leave_out(struct planner *p, size_t origin, const char *missing, const char *why)
{
	struct mp_unplanned u = {.origin = origin, .missing = missing, .why = why};

	if (origin != MP_NOT_FOUND) {
		mp_vec_push(&p->unplanned, u);
	}
}

/* Splits the dialogue; on a listener with TLS from the first byte, an EHLO with the STARTTLS that
 * follows it is left out. False when the scenario cannot be played there. */
static bool split(struct planner *p, struct bound *b, const char **lines)
{
	const struct mp_scenario *s = b->scenario;
	bool setup = true;

	for (size_t i = 0; i < s->line_count; i++) {
		bool next_is_starttls = i + 1 < s->line_count &&
			mp_command_verb(mp_slice_str(lines[i + 1])) == MP_VERB_STARTTLS;
		bool is_starttls = mp_command_verb(mp_slice_str(lines[i])) == MP_VERB_STARTTLS;
		setup = setup && is_setup(lines[i]);
		if (p->request->implicit_tls && (is_starttls || next_is_starttls)) {
			if (i == s->tested) {
				leave_out(p, b->origin, NULL, "it needs a connection without TLS");
				return false;
			}
			continue;
		}
		if (i == s->tested) {
			b->tests_setup = setup;
			b->tested = setup ? b->setup_count : b->line_count;
		}
		if (setup) {
			b->setup[b->setup_count++] = lines[i];
		} else {
			b->lines[b->line_count++] = lines[i];
		}
	}
	if (b->setup_count > MAX_SETUP || b->line_count > MAX_UNIT) {
		leave_out(p, b->origin, NULL, "its dialogue is too long");
		return false;
	}
	return true;
}

/* Binds names and splits. NULL when it cannot be played, which is noted. */
static struct bound *bind(struct planner *p, const struct mp_scenario *s, size_t origin)
{
	struct bound *b = MP_ARENA_NEW(p->arena, struct bound);
	const char **lines = mp_arena_array(p->arena, s->line_count, sizeof *lines);

	b->scenario = s;
	b->origin = origin;
	b->setup = mp_arena_array(p->arena, s->line_count, sizeof *b->setup);
	b->lines = mp_arena_array(p->arena, s->line_count, sizeof *b->lines);
	for (size_t i = 0; i < s->line_count; i++) {
		const char *missing = NULL;
		lines[i] = mp_names_bind(p->request->names, s->dialogue[i], p->arena, &missing);
		if (lines[i] == NULL) {
			leave_out(p, origin, missing, "a name is not known");
			return NULL;
		}
		if (!mp_command_ok(mp_slice_str(lines[i]))) {
			leave_out(p, origin, NULL, "a line could not be sent");
			return NULL;
		}
	}
	return split(p, b, lines) ? b : NULL;
}

/* How many lines the two lists have in common at their beginning. */
static size_t common(const char *const *a, size_t an, const char *const *b, size_t bn)
{
	size_t n = 0;

	while (n < an && n < bn && mp_str_eq(a[n], b[n])) {
		n++;
	}
	return n;
}

/* Whether the scenario's set-up fits into the connection: one is the beginning of the other. */
static bool fits(const struct draft *d, const struct bound *b)
{
	size_t n = common((const char *const *)d->setup, d->setup_count,
		(const char *const *)b->setup, b->setup_count);

	return n == d->setup_count || n == b->setup_count;
}

/* A unit that says these lines and perhaps more, or one that they continue; -1 for none. */
static int find_unit(const struct draft *d, size_t stage, const struct bound *b)
{
	for (size_t i = 0; i < d->units.n; i++) {
		const struct unit *u = &d->units.v[i];
		size_t n = common((const char *const *)u->lines, u->line_count,
			(const char *const *)b->lines, b->line_count);
		if (u->stage == stage &&
			(n == b->line_count || (n == u->line_count && !u->control))) {
			return (int)i;
		}
	}
	return -1;
}

static int add_unit(struct planner *p, struct draft *d, size_t stage, const struct bound *b)
{
	int at = find_unit(d, stage, b);

	if (at < 0) {
		struct unit u = {.stage = stage};
		u.expect = mp_arena_array(p->arena, MAX_UNIT, sizeof *u.expect);
		u.tested = mp_arena_array(p->arena, MAX_UNIT, sizeof *u.tested);
		mp_vec_push(&d->units, u);
		at = (int)d->units.n - 1;
	}
	struct unit *u = &d->units.v[at];
	if (u->line_count < b->line_count) {
		u->lines = b->lines;
		u->line_count = b->line_count;
	}
	return at;
}

/* Lines that are expected to be refused: the tested one, and before DATA every recipient. */
static unsigned mark(struct unit *u, const struct bound *b)
{
	unsigned cost = 0;

	u->tested[b->tested] = true;
	for (size_t i = 0; i <= b->tested && b->scenario->rejects; i++) {
		bool rcpt = mp_command_verb(mp_slice_str(u->lines[i])) == MP_VERB_RCPT &&
			b->scenario->tests == MP_VERB_DATA;
		if ((i == b->tested || rcpt) && !u->expect[i]) {
			u->expect[i] = true;
			cost++;
		}
	}
	return cost;
}

/* What mark() would cost in this connection. */
static unsigned cost_of(const struct draft *d, const struct bound *b)
{
	unsigned cost = 0;

	if (!b->scenario->rejects) {
		return 0;
	}
	int at = b->tests_setup ? -1 : find_unit(d, b->setup_count, b);
	for (size_t i = 0; i <= b->tested && !b->tests_setup; i++) {
		bool rcpt = mp_command_verb(mp_slice_str(b->lines[i])) == MP_VERB_RCPT &&
			b->scenario->tests == MP_VERB_DATA;
		if ((i == b->tested || rcpt) && (at < 0 || !d->units.v[at].expect[i])) {
			cost++;
		}
	}
	return b->tests_setup ? 1 : cost;
}

static struct draft *draft_for(struct planner *p, const struct bound *b)
{
	for (size_t i = 0; i < p->drafts.n; i++) {
		struct draft *d = p->drafts.v[i];
		if (fits(d, b) && (d->uses.n == 0 || d->cost + cost_of(d, b) <= p->max_rejects)) {
			return d;
		}
	}
	struct draft *d = MP_ARENA_NEW(p->arena, struct draft);
	mp_vec_push(&p->drafts, d);
	return d;
}

/* The control's lines, said after the set-up of the scenario that needs it. */
static int add_control(struct planner *p, struct draft *d, const struct bound *b)
{
	const struct mp_scenario *s = b->scenario->control == NULL || p->request->without_controls
		? NULL
		: mp_scenario_find(p->request->all, b->scenario->control);
	struct bound *control = s == NULL ? NULL : bind(p, s, MP_NOT_FOUND);

	if (control == NULL || control->tests_setup) {
		return -1;
	}
	int at = add_unit(p, d, b->setup_count, control);
	struct unit *u = &d->units.v[at];
	u->control = true;
	return at;
}

static void place(struct planner *p, const struct bound *b)
{
	struct draft *d = draft_for(p, b);
	struct use use = {.bound = b, .unit = -1, .control = -1};

	if (d->setup_count < b->setup_count) {
		d->setup = b->setup;
		d->setup_count = b->setup_count;
	}
	use.control = add_control(p, d, b);
	if (b->tests_setup) {
		d->cost += b->scenario->rejects ? 1 : 0;
	} else {
		use.unit = add_unit(p, d, b->setup_count, b);
		d->cost += mark(&d->units.v[use.unit], b);
	}
	mp_vec_push(&d->uses, use);
}

/* The step that is said next in a plan. */
static struct mp_step *push_step(
	struct mp_step *steps, size_t *n, const char *line, unsigned unit, int after)
{
	struct mp_step *step = &steps[(*n)++];

	*step = (struct mp_step){.verb = mp_command_verb(mp_slice_str(line)),
		.line = is_login(line) ? "AUTH" : line,
		.login = is_login(line),
		.unit = unit,
		.after = after};
	return step;
}

static void lay_unit(
	struct unit *u, struct mp_step *steps, size_t *n, unsigned number, int after, bool last)
{
	int mail = -1;

	u->first_step = *n;
	for (size_t i = 0; i < u->line_count; i++) {
		struct mp_step *step =
			push_step(steps, n, u->lines[i], number, mail >= 0 ? mail : after);
		step->role = u->tested[i] ? MP_ROLE_TEST
			: u->control      ? MP_ROLE_CONTROL
					  : MP_ROLE_SETUP;
		step->expect_reject = u->expect[i];
		if (step->verb == MP_VERB_MAIL) {
			mail = (int)*n - 1;
		} else if (step->verb == MP_VERB_RSET) {
			mail = -1;
		}
	}
	if (mail >= 0 && !last) {
		push_step(steps, n, "RSET", number, mail)->role = MP_ROLE_CLEANUP;
	}
}

/* Commands of their own go before transactions, which then go out in one write; controls go before
 * tests. */
static int rank_of(const struct unit *u)
{
	bool mail = mp_command_verb(mp_slice_str(u->lines[0])) == MP_VERB_MAIL;

	return !mail ? 0 : u->control ? 1 : 2;
}

/* Set-up, and after each set-up line the units that begin there. */
static size_t lay_steps(struct draft *d, struct mp_step *steps)
{
	size_t n = 0, laid = 0;
	unsigned number = 0;

	steps[n++] = (struct mp_step){.verb = MP_VERB_GREETING, .line = "", .after = -1};
	for (size_t stage = 0; stage <= d->setup_count; stage++) {
		if (stage > 0) {
			push_step(steps, &n, d->setup[stage - 1], 0, d->setup_steps[stage - 1]);
			d->setup_steps[stage] = (int)n - 1;
		}
		for (int rank = 0; rank < 3; rank++) {
			for (size_t i = 0; i < d->units.n; i++) {
				struct unit *u = &d->units.v[i];
				if (u->stage == stage && rank_of(u) == rank) {
					bool last = ++laid == d->units.n && stage == d->setup_count;
					lay_unit(u, steps, &n, ++number, d->setup_steps[stage],
						last);
				}
			}
		}
	}
	return n;
}

/* The step of a control that says whether the session works: the last line of its unit that the
 * control's own scenario tests. */
static int control_step(const struct planner *p, const struct draft *d, const struct use *use)
{
	const struct mp_scenario *s;

	if (use->control < 0) {
		return -1;
	}
	s = mp_scenario_find(p->request->all, use->bound->scenario->control);
	const struct unit *u = &d->units.v[use->control];
	for (size_t i = u->line_count; i > 0; i--) {
		if (mp_command_verb(mp_slice_str(u->lines[i - 1])) == s->tests) {
			return (int)(u->first_step + i - 1);
		}
	}
	return -1;
}

static const struct mp_plan *lay_out(struct planner *p, struct draft *d)
{
	struct mp_plan *plan = MP_ARENA_NEW(p->arena, struct mp_plan);
	size_t most = 1 + d->setup_count;

	for (size_t i = 0; i < d->units.n; i++) {
		most += d->units.v[i].line_count + 1;
	}
	struct mp_step *steps = mp_arena_array(p->arena, most, sizeof *steps);
	struct mp_check *checks = mp_arena_array(p->arena, d->uses.n, sizeof *checks);
	plan->step_count = lay_steps(d, steps);
	for (size_t i = 0; i < d->uses.n; i++) {
		const struct use *use = &d->uses.v[i];
		const struct bound *b = use->bound;
		int step = use->unit < 0 ? d->setup_steps[b->tested + 1]
					 : (int)(d->units.v[use->unit].first_step + b->tested);
		checks[i] = (struct mp_check){.scenario = b->scenario->id,
			.step = step,
			.control = control_step(p, d, use),
			.keyword = b->scenario->keyword,
			.any_refusal = b->scenario->any_refusal,
			.origin = b->origin};
		/* A keyword is read off a set-up line, which stays what it is. */
		if (use->unit < 0 && b->scenario->keyword == NULL) {
			steps[step].role = MP_ROLE_TEST;
			steps[step].expect_reject = b->scenario->rejects;
		}
	}
	plan->implicit_tls = p->request->implicit_tls;
	plan->steps = steps;
	plan->checks = checks;
	plan->check_count = d->uses.n;
	mp_vec_release(&d->units);
	mp_vec_release(&d->uses);
	return plan;
}

struct mp_plans mp_plans_make(const struct mp_plan_request *request, struct mp_arena *arena)
{
	struct planner p = {.request = request, .arena = arena};
	struct mp_plans plans = {0};

	p.max_rejects = request->max_rejects > 0 ? request->max_rejects : DEFAULT_MAX_REJECTS;
	for (size_t i = 0; i < request->scenario_count; i++) {
		const struct bound *b = bind(&p, request->scenarios[i], i);
		if (b != NULL) {
			place(&p, b);
		}
	}
	const struct mp_plan **v = mp_arena_array(arena, p.drafts.n, sizeof *v);
	for (size_t i = 0; i < p.drafts.n; i++) {
		v[plans.n++] = lay_out(&p, p.drafts.v[i]);
	}
	plans.v = v;
	struct mp_unplanned *unplanned = mp_arena_array(arena, p.unplanned.n, sizeof *unplanned);
	if (p.unplanned.n > 0) {
		memcpy(unplanned, p.unplanned.v, p.unplanned.n * sizeof *unplanned);
	}
	plans.unplanned = unplanned;
	plans.unplanned_count = p.unplanned.n;
	mp_vec_release(&p.drafts);
	mp_vec_release(&p.unplanned);
	return plans;
}
