/* compare - one check: what was seen against what the worlds predict. */
#include "verify/compare.h"

#include "base/vec.h"
#include "verify/match.h"

/* How one world stands to the observation. */
enum stand {
	AGREES,
	UNKNOWN, /* the simulation cannot follow */
	OTHER_WORDS, /* the same decision, said otherwise */
	PREDICTS_LESS, /* the server is more permissive than this world */
	PREDICTS_MORE /* the server is stricter */
};

struct comparison {
	const struct mp_plan *plan;
	size_t check;
	const struct mp_exploration *worlds;
	const struct mp_check_seen *live;
	struct mp_arena *arena;
	enum stand *stands; /* one per world */
	size_t count[PREDICTS_MORE + 1];
};

/* What one world says of the check. */
struct prediction {
	struct mp_seen seen;
	const struct mp_sim_reply *reply; /* at the deciding step; NULL: none */
	const struct mp_plan_played *played;
};

static struct prediction predict(const struct comparison *c, size_t world)
{
	const struct mp_plan_played *played = c->worlds->v[world].value;
	struct prediction p = {
		.seen = mp_seen_read(c->plan, c->check, played->report),
		.played = played,
	};

	if (p.seen.exchange != NULL) {
		p.reply = &played->replies[p.seen.exchange - played->report->exchanges];
	}
	return p;
}

/* Whether the outcome lets the client do more: for STARTTLS it is the missing offer that does. */
static bool permissive(const struct comparison *c, enum mp_outcome outcome)
{
	const char *keyword = c->plan->checks[c->check].keyword;

	switch (outcome) {
	case MP_OUTCOME_ACCEPTED:
	case MP_OUTCOME_ACCEPTED_LOCAL:
	case MP_OUTCOME_ACCEPTED_RELAY:
		return true;
	case MP_OUTCOME_OFFERED:
		return keyword == NULL || !mp_str_eq(keyword, "STARTTLS");
	case MP_OUTCOME_NOT_OFFERED:
		return keyword != NULL && mp_str_eq(keyword, "STARTTLS");
	case MP_OUTCOME_REFUSED:
	case MP_OUTCOME_DEPENDS:
	case MP_OUTCOME_NOT_REACHED:
	case MP_OUTCOME_NO_SERVICE:
		break;
	}
	return false;
}

static enum stand by_decision(
	const struct comparison *c, enum mp_outcome predicted, enum mp_outcome live)
{
	bool more = permissive(c, live);

	if (more == permissive(c, predicted)) {
		return OTHER_WORDS;
	}
	return more ? PREDICTS_LESS : PREDICTS_MORE;
}

/* Nothing listens, or no greeting comes, on one side or on both. */
static enum stand stand_without_service(const struct comparison *c, const struct prediction *p)
{
	if (p->seen.outcome != MP_OUTCOME_NO_SERVICE) {
		return PREDICTS_MORE;
	}
	if (c->live->seen.outcome != MP_OUTCOME_NO_SERVICE) {
		return PREDICTS_LESS;
	}
	/* Refused or silent: a packet filter in between makes the one look like the other. */
	return AGREES;
}

static bool replies_agree(const struct comparison *c, const struct prediction *p)
{
	const char *keyword = c->plan->checks[c->check].keyword;
	const struct mp_exchange *live = c->live->seen.exchange;

	if (p->reply == NULL || live == NULL || !live->answered ||
		p->seen.step != c->live->seen.step) {
		return false;
	}
	return keyword != NULL ? mp_keyword_matches(p->reply, &live->reply, keyword)
			       : mp_reply_matches(p->reply, &live->reply);
}

static enum stand stand_of(const struct comparison *c, size_t world)
{
	struct prediction p = predict(c, world);
	enum mp_outcome live = c->live->seen.outcome;

	if (p.played->opening == MP_SIM_UNKNOWN ||
		(p.reply != NULL && p.reply->kind == MP_SIM_UNKNOWN) ||
		(p.played->unknown && p.seen.outcome == MP_OUTCOME_NOT_REACHED)) {
		return UNKNOWN;
	}
	if (p.seen.outcome == MP_OUTCOME_NO_SERVICE || live == MP_OUTCOME_NO_SERVICE) {
		return stand_without_service(c, &p);
	}
	if (live == MP_OUTCOME_NOT_REACHED) {
		/* The live server refused an earlier step: does this world? */
		return p.seen.outcome == MP_OUTCOME_NOT_REACHED ? AGREES : PREDICTS_MORE;
	}
	if (replies_agree(c, &p)) {
		return AGREES;
	}
	return by_decision(c, p.seen.outcome, live);
}

static struct mp_expected_reply expected_of(
	struct mp_arena *arena, const struct mp_sim_reply *reply)
{
	struct mp_expected_reply e = {.text = ""};

	if (reply->kind != MP_SIM_REPLY || reply->line_count == 0) {
		return e;
	}
	struct mp_slice text = mp_slice_from(mp_slice_str(reply->lines[0]), 4);
	char enhanced[MP_ENHANCED_TEXT];
	e.code = reply->code;
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

/* Adds one world's answer to the expectation. */
static void expect(const struct comparison *c, const struct prediction *p,
	struct mp_expected_reply *replies, struct mp_expected *out, bool first)
{
	if (first) {
		out->outcome = p->seen.outcome;
	} else if (out->outcome != p->seen.outcome) {
		out->outcome = MP_OUTCOME_DEPENDS;
	}
	if (p->played->opening == MP_SIM_REFUSED || p->played->opening == MP_SIM_TIMEOUT) {
		out->service = p->played->opening == MP_SIM_REFUSED ? "refused" : "timeout";
	}
	if (p->reply == NULL || p->reply->kind == MP_SIM_UNKNOWN) {
		return;
	}
	struct mp_expected_reply e = expected_of(c->arena, p->reply);
	for (size_t i = 0; i < out->reply_count; i++) {
		if (same_expected(&replies[i], &e)) {
			return;
		}
	}
	replies[out->reply_count++] = e;
}

/* All worlds' distinct answers, and the reasons of the first that differs from what was seen. */
static void expect_all(struct comparison *c, struct mp_check_verdict *v)
{
	struct mp_expected_reply *replies = mp_arena_array(c->arena, c->worlds->n, sizeof *replies);
	bool have_reasons = false;

	v->expected.service = "";
	for (size_t i = 0; i < c->worlds->n; i++) {
		struct prediction p = predict(c, i);
		expect(c, &p, replies, &v->expected, i == 0);
		bool differs = c->stands[i] > UNKNOWN;
		if (!have_reasons || (differs && c->count[AGREES] > 0)) {
			v->because = p.reply != NULL ? p.reply->because : p.played->opening_because;
			have_reasons = true;
		}
	}
	v->expected.replies = replies;
}

/* What the agreement rests on: the shortest condition of the first world that agrees. */
static void name_assumptions(struct comparison *c, struct mp_check_verdict *v)
{
	for (size_t i = 0; i < c->worlds->n; i++) {
		if (c->stands[i] != AGREES) {
			continue;
		}
		const struct mp_world_result *world = &c->worlds->v[i];
		size_t best = 0;
		for (size_t k = 1; k < world->case_count; k++) {
			best = world->cases[k].n < world->cases[best].n ? k : best;
		}
		const struct mp_assumptions *when = &world->cases[best];
		const char **list = mp_arena_array(c->arena, when->n, sizeof *list);
		for (size_t k = 0; k < when->n; k++) {
			list[k] = mp_arena_printf(
				c->arena, "%s = %s", when->v[k].question, when->v[k].answer);
		}
		v->assumptions = list;
		v->assumption_count = when->n;
		return;
	}
}

static void judge_mismatch(const struct comparison *c, struct mp_check_verdict *v)
{
	v->verdict = MP_VERDICT_MISMATCH;
	if (c->count[OTHER_WORDS] > 0) {
		v->kind = MP_MISMATCH_OTHER_WORDS;
	} else if (c->count[PREDICTS_LESS] > 0) {
		v->kind = MP_MISMATCH_MORE_PERMISSIVE;
	} else {
		v->kind = MP_MISMATCH_STRICTER;
	}
	v->severity = mp_mismatch_severity(v->kind);
}

/* A refusal that says "not now" rather than "not you": 421 (RFC 5321 3.8), or greylisting, which
 * has no code of its own but names itself. NONE for every other reply. */
static enum mp_why only_for_now(const struct mp_seen *live)
{
	if (live->outcome != MP_OUTCOME_REFUSED || live->exchange == NULL ||
		!live->exchange->answered) {
		return MP_WHY_NONE;
	}
	const struct mp_reply *reply = &live->exchange->reply;
	struct mp_slice text = mp_reply_text(reply->lines[0]);
	if (reply->code == 421) {
		return MP_WHY_RATE_LIMITED;
	}
	for (size_t i = 0; live->temporary && i < text.n; i++) {
		if (mp_slice_istarts(mp_slice_from(text, i), "greylist") ||
			mp_slice_istarts(mp_slice_from(text, i), "graylist")) {
			return MP_WHY_GREYLISTED;
		}
	}
	return MP_WHY_NONE;
}

static void judge(struct comparison *c, struct mp_check_verdict *v)
{
	const struct mp_seen *live = &c->live->seen;
	bool earlier =
		live->outcome == MP_OUTCOME_NOT_REACHED && live->why == MP_WHY_REFUSED_EARLIER;

	if (live->outcome == MP_OUTCOME_NOT_REACHED && !earlier) {
		v->verdict =
			mp_why_is_skip(live->why) ? MP_VERDICT_SKIPPED : MP_VERDICT_INCONCLUSIVE;
		v->why = live->why;
	} else if (c->count[UNKNOWN] == c->worlds->n) {
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = MP_WHY_UNPREDICTED;
	} else if (live->outcome == MP_OUTCOME_NO_SERVICE && c->count[AGREES] == 0) {
		/* Down, or kept from us: not a server that answers otherwise. */
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = live->why;
	} else if (earlier && c->count[AGREES] + c->count[UNKNOWN] > 0) {
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = MP_WHY_REFUSED_EARLIER;
	} else if (c->count[AGREES] == c->worlds->n && !c->worlds->truncated) {
		v->verdict = MP_VERDICT_CONFIRMED;
	} else if (c->count[AGREES] > 0) {
		v->verdict = MP_VERDICT_POSSIBLE;
		name_assumptions(c, v);
	} else if (c->count[UNKNOWN] > 0) {
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = MP_WHY_UNPREDICTED;
	} else if (only_for_now(live) != MP_WHY_NONE) {
		v->verdict = MP_VERDICT_INCONCLUSIVE;
		v->why = only_for_now(live);
	} else {
		judge_mismatch(c, v);
	}
}

struct mp_check_verdict mp_compare(const struct mp_plan *plan, size_t check,
	const struct mp_exploration *worlds, const struct mp_check_seen *seen,
	struct mp_arena *arena)
{
	struct comparison c = {plan, check, worlds, seen, arena, NULL, {0}};
	struct mp_check_verdict v = {
		.scenario = plan->checks[check].scenario,
		.seen = seen,
		.step = seen->seen.step,
	};

	c.stands = mp_arena_array(arena, worlds->n, sizeof *c.stands);
	for (size_t i = 0; i < worlds->n; i++) {
		c.stands[i] = stand_of(&c, i);
		c.count[c.stands[i]]++;
	}
	judge(&c, &v);
	expect_all(&c, &v);
	return v;
}
