/* compare - one check: what was seen against what the worlds predict. */
#include "verify/compare.h"

#include "smtp/capability.h"
#include "verify/match.h"

struct comparison {
	const struct mp_comparison *c;
	const bool *within; /* NULL: all worlds */
	struct mp_arena *arena;
	size_t worlds; /* of those that count */
	size_t count[MP_STAND_PREDICTS_MORE + 1];
};

static bool counts(const struct comparison *c, size_t world)
{
	return c->within == NULL || c->within[world];
}

/* The line of the reply that the check is about: of EHLO's the keyword's, NULL where it is not
 * there; else the first. */
static const char *telling_line(const struct mp_sim_reply *reply, const char *keyword)
{
	if (keyword == NULL || reply->code / 100 != 2) {
		return reply->lines[0];
	}
	for (size_t i = 1; i < reply->line_count; i++) {
		struct mp_slice rest = mp_slice_from(mp_slice_str(reply->lines[i]), 4);
		if (mp_slice_ieq_str(mp_capability_word(&rest), keyword)) {
			return reply->lines[i];
		}
	}
	return NULL;
}

static struct mp_expected_reply expected_of(
	struct mp_arena *arena, const struct mp_sim_reply *reply, const char *keyword)
{
	struct mp_expected_reply e = {.text = ""};

	if (reply->kind != MP_SIM_REPLY || reply->line_count == 0) {
		return e;
	}
	e.code = reply->code;
	const char *line = telling_line(reply, keyword);
	if (line == NULL) {
		return e;
	}
	struct mp_slice text = mp_slice_from(mp_slice_str(line), 4);
	char enhanced[MP_ENHANCED_TEXT];
	e.enhanced = mp_enhanced_parse(text);
	text = mp_slice_trim(
		mp_slice_from(text, strlen(mp_enhanced_format(&e.enhanced, enhanced))));
	e.text = mp_arena_slicedup(arena, text);
	return e;
}

static bool same_expected(const struct mp_expected_reply *a, const struct mp_expected_reply *b)
{
	return a->code == b->code && a->enhanced.present == b->enhanced.present &&
		a->enhanced.class == b->enhanced.class &&
		a->enhanced.subject == b->enhanced.subject &&
		a->enhanced.detail == b->enhanced.detail && mp_str_eq(a->text, b->text);
}

/* "accepted" with what becomes of the recipient, where the simulation says it. */
static enum mp_outcome outcome_of(const struct mp_world_says *p)
{
	if (p->seen.outcome == MP_OUTCOME_ACCEPTED && p->reply != NULL) {
		return p->reply->taken == MP_TAKEN_LOCAL    ? MP_OUTCOME_ACCEPTED_LOCAL
			: p->reply->taken == MP_TAKEN_RELAY ? MP_OUTCOME_ACCEPTED_RELAY
							    : MP_OUTCOME_ACCEPTED;
	}
	return p->seen.outcome;
}

/* Adds one world's answer to the expectation. */
static void expect(const struct comparison *c, const struct mp_world_says *p,
	struct mp_expected_reply *replies, struct mp_expected *out, bool first)
{
	enum mp_outcome outcome = outcome_of(p);

	if (first) {
		out->outcome = outcome;
		out->why = p->seen.why;
	} else if (out->outcome != outcome) {
		out->outcome = MP_OUTCOME_DEPENDS;
	}
	if (p->played->opening == MP_SIM_REFUSED || p->played->opening == MP_SIM_TIMEOUT) {
		out->service = p->played->opening == MP_SIM_REFUSED ? "refused" : "timeout";
	}
	if (p->reply == NULL || p->reply->kind == MP_SIM_UNKNOWN) {
		return;
	}
	struct mp_expected_reply e =
		expected_of(c->arena, p->reply, c->c->plan->checks[c->c->check].keyword);
	for (size_t i = 0; i < out->reply_count; i++) {
		if (same_expected(&replies[i], &e)) {
			return;
		}
	}
	replies[out->reply_count++] = e;
}

/* All worlds' distinct answers; the reasons and the step are of the first that differs from what
 * was seen, and of the first at all where none does. */
static void expect_all(struct comparison *c, struct mp_check_verdict *v)
{
	const struct mp_exploration *worlds = c->c->worlds;
	struct mp_expected_reply *replies = mp_arena_array(c->arena, worlds->n, sizeof *replies);
	bool some = false, differing = false;

	v->expected.service = "";
	for (size_t i = 0; i < worlds->n; i++) {
		if (!counts(c, i)) {
			continue;
		}
		struct mp_world_says p = mp_world_says(c->c, i);
		bool differs = c->c->stands[i] > MP_STAND_UNKNOWN;
		expect(c, &p, replies, &v->expected, !some);
		if (!some || (differs && !differing)) {
			int step = mp_parting_step(c->c, i);
			v->because = p.reply != NULL ? p.reply->because : p.played->opening_because;
			v->step = step >= 0 ? c->c->plan->steps[step].verb : v->step;
			v->parting = step;
			differing = differs;
		}
		some = true;
	}
	v->expected.replies = replies;
}

/* The shortest condition under which the world holds. */
static const struct mp_assumptions *shortest(const struct mp_world_result *world)
{
	size_t best = 0;

	for (size_t k = 1; k < world->case_count; k++) {
		best = world->cases[k].n < world->cases[best].n ? k : best;
	}
	return world->case_count > 0 ? &world->cases[best] : NULL;
}

void mp_compare_name(struct mp_check_verdict *v, const struct mp_assumptions *when, bool truncated,
	struct mp_arena *arena)
{
	size_t n = when != NULL ? when->n : 0;
	const char **list = mp_arena_array(arena, n + 1, sizeof *list);

	for (size_t k = 0; k < n; k++) {
		list[k] = mp_arena_printf(arena, "%s = %s", when->v[k].question, when->v[k].answer);
	}
	if (truncated) {
		list[n++] = "there are more possibilities than were followed";
	}
	v->assumptions = list;
	v->assumption_count = n;
}

/* What the agreement rests on: the shortest condition of the first world that agrees. */
static void name_assumptions(struct comparison *c, struct mp_check_verdict *v)
{
	const struct mp_exploration *worlds = c->c->worlds;
	const struct mp_assumptions *when = NULL;

	for (size_t i = 0; i < worlds->n && when == NULL; i++) {
		if (counts(c, i) && c->c->stands[i] == MP_STAND_AGREES) {
			when = shortest(&worlds->v[i]);
		}
	}
	mp_compare_name(v, when, worlds->truncated, c->arena);
}

static void judge_mismatch(const struct comparison *c, struct mp_check_verdict *v)
{
	v->verdict = MP_VERDICT_MISMATCH;
	if (c->count[MP_STAND_OTHER_WORDS] > 0) {
		v->kind = MP_MISMATCH_OTHER_WORDS;
	} else if (c->count[MP_STAND_PREDICTS_LESS] > 0) {
		v->kind = MP_MISMATCH_MORE_PERMISSIVE;
	} else {
		v->kind = MP_MISMATCH_STRICTER;
	}
	v->severity = mp_mismatch_severity(v->kind);
}

static bool says(struct mp_slice text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < text.n; i++) {
		for (size_t k = 0; k < n; k++) {
			if (mp_slice_istarts(mp_slice_from(text, i), words[k])) {
				return true;
			}
		}
	}
	return false;
}

/* A refusal that says "not now" rather than "not you": 421 (RFC 5321 3.8), or greylisting and
 * limits, which have no code of their own but name themselves. NONE for every other reply. */
static enum mp_why only_for_now(const struct mp_seen *live)
{
	static const char *const grey[] = {
		"greylist", "graylist", "grey-list", "gray-list", "grey list", "gray list"};
	static const char *const limits[] = {
		"too many", "too much", "rate limit", "ratelimit", "rate exceeded", "throttl"};
	bool refused = live->outcome == MP_OUTCOME_REFUSED ||
		(live->outcome == MP_OUTCOME_NOT_REACHED && live->why == MP_WHY_REFUSED_EARLIER);

	if (!refused || live->exchange == NULL || !live->exchange->answered) {
		return MP_WHY_NONE;
	}
	const struct mp_reply *reply = &live->exchange->reply;
	bool temporary = mp_reply_class(reply) == 4;
	for (size_t i = 0; i < reply->line_count && temporary; i++) {
		struct mp_slice text = mp_reply_text(reply->lines[i]);
		if (says(text, grey, sizeof grey / sizeof grey[0])) {
			return MP_WHY_GREYLISTED;
		}
		if (says(text, limits, sizeof limits / sizeof limits[0])) {
			return MP_WHY_RATE_LIMITED;
		}
	}
	return reply->code == 421 ? MP_WHY_RATE_LIMITED : MP_WHY_NONE;
}

/* The test was not reached, or nothing answered: what that proves, if anything. */
static void judge_unreached(struct comparison *c, struct mp_check_verdict *v)
{
	const struct mp_seen *live = &c->c->live->seen;
	size_t open = c->count[MP_STAND_AGREES] + c->count[MP_STAND_UNKNOWN];
	bool skip = mp_why_is_skip(live->why);

	if (open == 0 && !c->c->worlds->truncated &&
		(skip || live->why == MP_WHY_REFUSED_EARLIER)) {
		/* Every world comes further than the server, or not so far. */
		judge_mismatch(c, v);
		return;
	}
	v->verdict = skip ? MP_VERDICT_SKIPPED : MP_VERDICT_INCONCLUSIVE;
	v->why = live->why;
	v->as_predicted = c->count[MP_STAND_AGREES] == c->worlds;
}

static bool step_refused(const struct mp_session_report *report, int step)
{
	return report->results[step].status == MP_STEP_PLAYED && !report->results[step].success;
}

/* Whether the server refused the control, which no world refuses: what it says to the test is then
 * no answer to the test. */
static bool control_refused(const struct comparison *c)
{
	int control = c->c->plan->checks[c->c->check].control;
	const struct mp_check_seen *live = c->c->live;

	if (control < 0 || live->session == NULL || !step_refused(live->session->report, control)) {
		return false;
	}
	for (size_t i = 0; i < c->c->worlds->n; i++) {
		const struct mp_plan_played *played = c->c->worlds->v[i].value;
		if (counts(c, i) && step_refused(played->report, control)) {
			return false;
		}
	}
	return true;
}

static void judge(struct comparison *c, struct mp_check_verdict *v)
{
	const struct mp_seen *live = &c->c->live->seen;
	bool extra = mp_greeted(c->c->live) && v->expected.outcome == MP_OUTCOME_NO_SERVICE;
	bool agreed = c->count[MP_STAND_AGREES] == c->worlds;

	if (extra) {
		/* Whatever became of the check: nothing should answer there. */
		judge_mismatch(c, v);
	} else if (only_for_now(live) != MP_WHY_NONE && !agreed) {
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = only_for_now(live);
	} else if (live->outcome == MP_OUTCOME_NOT_REACHED) {
		judge_unreached(c, v);
	} else if (live->outcome == MP_OUTCOME_NO_SERVICE && c->count[MP_STAND_AGREES] == 0) {
		/* Down, or kept from us: not a server that answers otherwise. */
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = live->why;
	} else if (c->count[MP_STAND_UNKNOWN] == c->worlds) {
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = MP_WHY_UNPREDICTED;
	} else if (agreed && !c->c->worlds->truncated) {
		v->verdict = MP_VERDICT_CONFIRMED;
	} else if (c->count[MP_STAND_AGREES] > 0) {
		v->verdict = MP_VERDICT_POSSIBLE;
		name_assumptions(c, v);
	} else if (c->count[MP_STAND_UNKNOWN] > 0 || c->c->worlds->truncated) {
		/* A world that was not followed may agree. */
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = MP_WHY_UNPREDICTED;
	} else if (c->count[MP_STAND_OTHER_WORDS] > 0 && control_refused(c)) {
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = MP_WHY_CONTROL;
	} else {
		judge_mismatch(c, v);
	}
}

/* What the server said where it and the prediction part. */
static const struct mp_exchange *live_at(const struct mp_check_seen *live, int step)
{
	if (live->session == NULL || step < 0) {
		return live->seen.exchange;
	}
	const struct mp_session_report *report = live->session->report;
	int at = report->results[step].exchange;
	return at >= 0 ? &report->exchanges[at] : live->seen.exchange;
}

struct mp_comparison mp_compare_begin(const struct mp_plan *plan, size_t check,
	const struct mp_exploration *worlds, const struct mp_check_seen *seen,
	struct mp_arena *arena)
{
	struct mp_comparison c = {plan, check, worlds, seen, NULL};

	c.stands = mp_arena_array(arena, worlds->n, sizeof *c.stands);
	for (size_t i = 0; i < worlds->n; i++) {
		c.stands[i] = mp_stand_of(&c, i);
	}
	return c;
}

struct mp_check_verdict mp_compare_judge(
	const struct mp_comparison *comparison, const bool *within, struct mp_arena *arena)
{
	struct comparison c = {.c = comparison, .within = within, .arena = arena};
	struct mp_check_verdict v = {
		.scenario = comparison->plan->checks[comparison->check].scenario,
		.with = mp_check_with(&comparison->plan->checks[comparison->check]),
		.seen = comparison->live,
		.step = comparison->live->seen.step,
		.parting = -1,
		.explanation = "",
	};

	for (size_t i = 0; i < comparison->worlds->n; i++) {
		if (counts(&c, i)) {
			c.worlds++;
			c.count[comparison->stands[i]]++;
		}
	}
	expect_all(&c, &v);
	judge(&c, &v);
	v.observed = live_at(comparison->live, v.parting);
	return v;
}
