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
#include "scenario/message.h"

#include <stdlib.h>

enum { MAX_SETUP = 8, MAX_UNIT = 64 };

/* A scenario with its names bound. */
struct bound {
	const struct mp_scenario *scenario;
	size_t origin;
	const char **setup, **lines;
	size_t setup_count, line_count;
	bool *expects; /* of lines: a refusal is expected */
	bool tests_setup; /* the tested line is a set-up line */
	bool regreets; /* it begins with another EHLO */
	size_t tested; /* index into setup or lines */
};

struct unit {
	size_t stage; /* set-up lines before it */
	const char **lines;
	size_t line_count;
	bool control;
	bool *expect; /* which lines are expected to be refused, and */
	bool *tested; /* which are tested */
	bool *alone; /* which are better sent with nothing behind them */
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
	unsigned cost; /* expected rejects */
	bool regreets; /* EHLO is said again, with another name, after its set-up */
	bool certificate; /* the client shows its own */
	int setup_steps[MAX_SETUP + 1]; /* [i]: the step of set-up line i - 1; [0]: the greeting */
};

struct planner {
	const struct mp_plan_request *request;
	struct mp_arena *arena;
	MP_VEC(struct draft *) drafts;
	MP_VEC(struct mp_unplanned) unplanned;
	struct mp_budget budget;
	const struct mp_budget *kept; /* the same, for the plans; NULL: the session's */
	const char *message; /* what is delivered */
};

static bool is_login(const char *line)
{
	return mp_str_eq(line, MP_LOGIN_LINE);
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

/* What was said of the set-up so far. */
struct progress {
	bool setup; /* still in it */
	bool tls, greeted;
};

/* Whether the line brings the session into a state that other scenarios share: STARTTLS under TLS
 * does not, nor does another EHLO. */
static bool continues_setup(const struct progress *p, const char *line)
{
	enum mp_verb verb = mp_command_verb(mp_slice_str(line));

	if (verb == MP_VERB_STARTTLS) {
		return !p->tls;
	}
	if (verb == MP_VERB_EHLO || verb == MP_VERB_HELO) {
		return !p->greeted;
	}
	return is_setup(line);
}

static void progress(struct progress *p, const char *line)
{
	enum mp_verb verb = mp_command_verb(mp_slice_str(line));

	p->setup = p->setup && continues_setup(p, line);
	if (verb == MP_VERB_STARTTLS) {
		p->tls = true;
		p->greeted = false;
	} else if (verb == MP_VERB_EHLO || verb == MP_VERB_HELO) {
		p->greeted = true;
	}
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
	struct progress so_far = {.setup = true};

	for (size_t i = 0; i < s->line_count; i++) {
		bool next_is_starttls = i + 1 < s->line_count &&
			mp_command_verb(mp_slice_str(lines[i + 1])) == MP_VERB_STARTTLS;
		bool is_starttls = mp_command_verb(mp_slice_str(lines[i])) == MP_VERB_STARTTLS;
		if (p->request->implicit_tls && (is_starttls || next_is_starttls)) {
			if (i == s->tested) {
				leave_out(p, b->origin, NULL, "it needs a connection without TLS");
				return false;
			}
			continue;
		}
		progress(&so_far, lines[i]);
		if (i == s->tested) {
			b->tests_setup = so_far.setup;
			b->tested = so_far.setup ? b->setup_count : b->line_count;
		}
		if (so_far.setup) {
			b->setup[b->setup_count++] = lines[i];
		} else {
			b->expects[b->line_count] = mp_scenario_expects_refusal(s, i);
			b->lines[b->line_count++] = lines[i];
		}
	}
	b->regreets = b->line_count > 0 && mp_scenario_verb(b->lines[0]) == MP_VERB_EHLO;
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
	b->expects = mp_arena_array(p->arena, s->line_count, sizeof *b->expects);
	if (s->each != NULL && s->with[0] == '\0') {
		leave_out(p, origin, s->each, "a name is not known");
		return NULL;
	}
	if (p->request->implicit_tls && (s->needs & MP_NEED_CLEAR) != 0) {
		leave_out(p, origin, NULL, "it needs a connection without TLS");
		return NULL;
	}
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

/* Whoever shows a certificate may be served for it: that is a connection of its own. */
static bool shows_certificate(const struct bound *b)
{
	return (b->scenario->needs & MP_NEED_CERTIFICATE) != 0;
}

/* Whether the scenario's set-up fits into the connection: one is the beginning of the other. Where
 * EHLO is said again with another name, which is the last that is done, no more set-up follows. */
static bool fits(const struct draft *d, const struct bound *b)
{
	size_t n = common((const char *const *)d->setup, d->setup_count,
		(const char *const *)b->setup, b->setup_count);

	if (d->uses.n > 0 && d->certificate != shows_certificate(b)) {
		return false;
	}
	if ((b->regreets && d->setup_count > b->setup_count) ||
		(d->regreets && b->setup_count > d->setup_count)) {
		return false;
	}
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
		u.alone = mp_arena_array(p->arena, MAX_UNIT, sizeof *u.alone);
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

/* Marks the lines that are tested and those that are expected to be refused; returns how many of
 * the latter are new. A sender that may well be refused is not sent with more behind it. */
static unsigned mark(struct unit *u, const struct bound *b)
{
	bool wary = b->scenario->any_refusal || b->expects[b->tested];
	unsigned cost = 0;

	u->tested[b->tested] = true;
	for (size_t i = 0; i <= b->tested; i++) {
		cost += b->expects[i] && !u->expect[i];
		u->expect[i] = u->expect[i] || b->expects[i];
		bool sender = mp_scenario_verb(u->lines[i]) == MP_VERB_MAIL;
		u->alone[i] = u->alone[i] ||
			(sender && wary && (b->scenario->any_refusal || i == b->tested));
	}
	return cost;
}

/* What mark() would cost in this connection. */
static unsigned cost_of(const struct draft *d, const struct bound *b)
{
	unsigned cost = 0;

	if (b->tests_setup) {
		return b->scenario->rejects;
	}
	int at = find_unit(d, b->setup_count, b);
	for (size_t i = 0; i <= b->tested; i++) {
		cost += b->expects[i] && (at < 0 || !d->units.v[at].expect[i]);
	}
	return cost;
}

/* The idle commands of some lines, with the RSET behind a transaction. */
static unsigned idle_of(const char *const *lines, size_t n)
{
	unsigned idle = 0, mail = 0;

	for (size_t i = 0; i < n; i++) {
		enum mp_verb verb = mp_scenario_verb(lines[i]);
		idle += mp_verb_is_idle(verb);
		mail = verb == MP_VERB_MAIL ? 1 : verb == MP_VERB_RSET ? 0 : mail;
	}
	return idle + mail;
}

static const char *sender_of(const struct bound *b)
{
	for (size_t i = 0; i < b->line_count; i++) {
		if (mp_scenario_verb(b->lines[i]) == MP_VERB_MAIL) {
			return b->lines[i];
		}
	}
	return NULL;
}

/* Whether the connection has a transaction of the scenario's sender. */
static bool has_sender(const struct draft *d, const struct bound *b)
{
	const char *sender = sender_of(b);

	for (size_t i = 0; i < d->units.n && sender != NULL; i++) {
		for (size_t k = 0; k < d->units.v[i].line_count; k++) {
			if (mp_str_eq(d->units.v[i].lines[k], sender)) {
				return true;
			}
		}
	}
	return false;
}

/* The idle commands of the connection when the scenario is added to it. */
static unsigned idle_with(const struct planner *p, const struct draft *d, const struct bound *b)
{
	bool longer = b->setup_count > d->setup_count;
	bool control = b->scenario->control != NULL && !p->request->without_controls;
	unsigned idle =
		longer ? idle_of(b->setup, b->setup_count) : idle_of(d->setup, d->setup_count);

	for (size_t i = 0; i < d->units.n; i++) {
		idle += idle_of(d->units.v[i].lines, d->units.v[i].line_count);
	}
	if (find_unit(d, b->setup_count, b) < 0) {
		idle += idle_of(b->lines, b->line_count);
	}
	/* The control of a sender that is new there is a transaction of its own. */
	return idle + (control && !has_sender(d, b));
}

static struct draft *draft_for(struct planner *p, const struct bound *b)
{
	for (size_t i = 0; i < p->drafts.n; i++) {
		struct draft *d = p->drafts.v[i];
		if (fits(d, b) &&
			(d->uses.n == 0 ||
				(d->cost + cost_of(d, b) <= p->budget.rejects &&
					idle_with(p, d, b) <= p->budget.idle))) {
			return d;
		}
	}
	struct draft *d = MP_ARENA_NEW(p->arena, struct draft);
	mp_vec_push(&p->drafts, d);
	return d;
}

/* A control has the sender of what it is the control of: only then is the recipient all that
 * differs. */
static void lend_sender(struct bound *control, const struct bound *b)
{
	const char *sender = sender_of(b);

	for (size_t i = 0; i < control->line_count && sender != NULL; i++) {
		if (mp_scenario_verb(control->lines[i]) == MP_VERB_MAIL) {
			control->lines[i] = sender;
		}
	}
}

/* The control's lines, said after the set-up of the scenario that needs it. */
static void add_control(struct planner *p, struct draft *d, const struct bound *b, struct use *use)
{
	const struct mp_scenario *s = b->scenario->control == NULL || p->request->without_controls
		? NULL
		: mp_scenario_find(p->request->all, b->scenario->control);
	struct bound *control = s == NULL ? NULL : bind(p, s, MP_NOT_FOUND);

	if (control == NULL || control->tests_setup) {
		return;
	}
	lend_sender(control, b);
	use->control = add_unit(p, d, b->setup_count, control);
	d->units.v[use->control].control = true;
}

static void place(struct planner *p, const struct bound *b)
{
	struct draft *d = draft_for(p, b);
	struct use use = {.bound = b, .unit = -1, .control = -1};

	if (d->setup_count < b->setup_count) {
		d->setup = b->setup;
		d->setup_count = b->setup_count;
	}
	d->regreets = d->regreets || b->regreets;
	d->certificate = shows_certificate(b);
	add_control(p, d, b, &use);
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

	*step = (struct mp_step){.verb = mp_scenario_verb(line),
		.line = is_login(line) ? "AUTH" : line,
		.login = is_login(line),
		.unit = unit,
		.after = after};
	return step;
}

static void lay_unit(const struct planner *p, struct unit *u, struct mp_step *steps, size_t *n,
	unsigned number, int after, bool last)
{
	int mail = -1, reset = after;

	u->first_step = *n;
	for (size_t i = 0; i < u->line_count; i++) {
		struct mp_step *step =
			push_step(steps, n, u->lines[i], number, mail >= 0 ? mail : after);
		if (step->verb == MP_VERB_CONTENT) {
			/* Only DATA that was answered with 354 asks for it. */
			step->line = p->message;
			step->after = (int)*n - 2;
		}
		step->role = u->tested[i] ? MP_ROLE_TEST
			: u->control      ? MP_ROLE_CONTROL
					  : MP_ROLE_SETUP;
		step->expect_reject = u->expect[i];
		step->alone = u->alone[i];
		if (step->verb == MP_VERB_MAIL) {
			mail = (int)*n - 1;
			/* Of a sender that is tested something may be kept though it is refused: a
			 * size, for one. */
			reset = u->tested[i] ? after : mail;
		} else if (step->verb == MP_VERB_RSET) {
			mail = -1;
		}
	}
	if (mail >= 0 && !last) {
		push_step(steps, n, "RSET", number, reset)->role = MP_ROLE_CLEANUP;
	}
}

/* Commands of their own go before transactions, which then go out in one write; controls go before
 * tests. */
static int rank_of(const struct unit *u)
{
	enum mp_verb verb = mp_scenario_verb(u->lines[0]);

	return verb == MP_VERB_EHLO ? 3 : verb != MP_VERB_MAIL ? 0 : u->control ? 1 : 2;
}

/* Set-up, and after each set-up line the units that begin there. */
static size_t lay_steps(const struct planner *p, struct draft *d, struct mp_step *steps)
{
	size_t n = 0, laid = 0;
	unsigned number = 0;

	steps[n++] = (struct mp_step){.verb = MP_VERB_GREETING, .line = "", .after = -1};
	for (size_t stage = 0; stage <= d->setup_count; stage++) {
		if (stage > 0) {
			push_step(steps, &n, d->setup[stage - 1], 0, d->setup_steps[stage - 1]);
			d->setup_steps[stage] = (int)n - 1;
		}
		for (int rank = 0; rank < 4; rank++) {
			for (size_t i = 0; i < d->units.n; i++) {
				struct unit *u = &d->units.v[i];
				if (u->stage == stage && rank_of(u) == rank) {
					bool last = ++laid == d->units.n && stage == d->setup_count;
					lay_unit(p, u, steps, &n, ++number, d->setup_steps[stage],
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
	plan->step_count = lay_steps(p, d, steps);
	for (size_t i = 0; i < d->uses.n; i++) {
		const struct use *use = &d->uses.v[i];
		const struct bound *b = use->bound;
		int step = use->unit < 0 ? d->setup_steps[b->tested + 1]
					 : (int)(d->units.v[use->unit].first_step + b->tested);
		checks[i] = (struct mp_check){.scenario = b->scenario->id,
			.with = b->scenario->with,
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
	plan->budget = p->kept;
	plan->implicit_tls = p->request->implicit_tls;
	plan->certificate = d->certificate;
	plan->steps = steps;
	plan->checks = checks;
	plan->check_count = d->uses.n;
	mp_vec_release(&d->units);
	mp_vec_release(&d->uses);
	return plan;
}

struct mp_budget mp_budget_for(unsigned error_limit, unsigned idle_limit)
{
	struct mp_budget budget = mp_default_budget;

	if (error_limit > 0 && error_limit - 1 < budget.rejects) {
		budget.rejects = error_limit - 1;
	}
	if (idle_limit > 0 && idle_limit < budget.idle) {
		budget.idle = idle_limit;
	}
	return budget;
}

struct mp_plans mp_plans_make(const struct mp_plan_request *request, struct mp_arena *arena)
{
	struct planner p = {.request = request, .arena = arena};
	struct mp_plans plans = {0};

	struct mp_budget *kept = MP_ARENA_NEW(arena, struct mp_budget);

	*kept = request->budget != NULL ? *request->budget : mp_default_budget;
	if (request->max_rejects > 0 && request->max_rejects < kept->rejects) {
		kept->rejects = request->max_rejects;
	}
	p.budget = *kept;
	p.kept = request->budget != NULL ? kept : NULL;
	p.message = mp_message_make(request->names, arena);
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
