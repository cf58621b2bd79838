/*
 * stand - how each world stands to what was seen of a check.
 *
 * DESCRIPTION
 *	Both sides are read as the same kind of thing: an outcome, the step that decided, and the
 *	reply to it. Where both came to the tested step the outcomes are compared; where one of them
 *	did not, the one that refused the earlier step is the stricter one.
 */
#include "verify/stand.h"

#include "smtp/capability.h"
#include "verify/match.h"

struct mp_world_says mp_world_says(const struct mp_comparison *c, size_t world)
{
	const struct mp_plan_played *played = c->worlds->v[world].value;
	struct mp_world_says p = {
		.seen = mp_seen_read(c->plan, c->check, played->report),
		.played = played,
	};

	if (p.seen.exchange != NULL) {
		p.reply = &played->replies[p.seen.exchange - played->report->exchanges];
	}
	return p;
}

bool mp_greeted(const struct mp_check_seen *live)
{
	const struct mp_session_seen *session = live->session;

	return session != NULL && session->report->exchange_count > 0 &&
		session->report->exchanges[0].step == 0 && session->report->exchanges[0].answered;
}

/* Connected, and then silence. */
static bool held_without_greeting(const struct mp_check_seen *live)
{
	const struct mp_session_seen *session = live->session;

	return session != NULL && session->report->connected && !mp_greeted(live);
}

static bool tests_keyword(const struct mp_comparison *c, const char *keyword)
{
	const char *tested = c->plan->checks[c->check].keyword;

	return tested != NULL && mp_str_ieq(tested, keyword);
}

/* Whether the outcome lets the client do more: for STARTTLS it is the missing offer that does, and
 * a server that refuses EHLO offers nothing. */
static bool permissive(const struct mp_comparison *c, enum mp_outcome outcome)
{
	switch (outcome) {
	case MP_OUTCOME_ACCEPTED:
	case MP_OUTCOME_ACCEPTED_LOCAL:
	case MP_OUTCOME_ACCEPTED_RELAY:
		return true;
	case MP_OUTCOME_OFFERED:
		return !tests_keyword(c, "STARTTLS");
	case MP_OUTCOME_NOT_OFFERED:
	case MP_OUTCOME_REFUSED:
		return tests_keyword(c, "STARTTLS");
	case MP_OUTCOME_DEPENDS:
	case MP_OUTCOME_NOT_REACHED:
	case MP_OUTCOME_NO_SERVICE:
		break;
	}
	return false;
}

/* The words of the AUTH line of a reply to EHLO, as a live server would have sent it. */
static const struct mp_capability *auth_line(
	const struct mp_sim_reply *simulated, const struct mp_reply *live, struct mp_arena *arena)
{
	struct mp_capabilities caps;
	struct mp_reply reply;

	if (simulated != NULL) {
		struct mp_slice *lines =
			mp_arena_array(arena, simulated->line_count, sizeof *lines);
		for (size_t i = 0; i < simulated->line_count; i++) {
			lines[i] = mp_slice_str(simulated->lines[i]);
		}
		if (!mp_reply_from_lines(&reply, lines, simulated->line_count)) {
			return NULL;
		}
		live = &reply;
	}
	caps = mp_capabilities_parse(live, arena);
	return mp_capability_find(&caps, "AUTH");
}

static bool has_word(struct mp_slice list, struct mp_slice word)
{
	for (struct mp_slice rest = list; rest.n > 0;) {
		if (mp_slice_ieq(mp_capability_word(&rest), word)) {
			return true;
		}
	}
	return false;
}

/* Whether some word of a is not in b. */
static bool has_more(struct mp_slice a, struct mp_slice b)
{
	while (a.n > 0) {
		struct mp_slice word = mp_capability_word(&a);
		if (word.n > 0 && !has_word(b, word)) {
			return true;
		}
	}
	return false;
}

/* AUTH is offered on both sides, with other mechanisms. Before TLS that is never a matter of words:
 * what is offered there decides what can be read along. */
static enum mp_stand by_mechanisms(const struct mp_comparison *c, const struct mp_world_says *p)
{
	struct mp_arena scratch = {0};
	enum mp_stand stand = MP_STAND_OTHER_WORDS;
	const struct mp_capability *predicted = NULL, *live = NULL;

	if (p->reply != NULL && p->reply->kind == MP_SIM_REPLY) {
		predicted = auth_line(p->reply, NULL, &scratch);
		live = auth_line(NULL, &c->live->seen.exchange->reply, &scratch);
	}
	if (predicted != NULL && live != NULL) {
		bool more = has_more(live->parameters, predicted->parameters);
		bool less = has_more(predicted->parameters, live->parameters);
		if (!more && !less) {
			stand = MP_STAND_AGREES; /* the order means nothing (RFC 4954 3) */
		} else if (!c->live->seen.exchange->tls) {
			stand = more ? MP_STAND_PREDICTS_LESS : MP_STAND_PREDICTS_MORE;
		}
	}
	mp_arena_release(&scratch);
	return stand;
}

/* Both sides came to the tested step. */
static enum mp_stand by_decision(const struct mp_comparison *c, const struct mp_world_says *p)
{
	enum mp_outcome live = c->live->seen.outcome;
	const char *keyword = c->plan->checks[c->check].keyword;
	bool more = permissive(c, live);

	if (tests_keyword(c, "AUTH") && live == MP_OUTCOME_OFFERED &&
		p->seen.outcome == MP_OUTCOME_OFFERED) {
		return by_mechanisms(c, p);
	}
	if (keyword != NULL && !tests_keyword(c, "AUTH") && !tests_keyword(c, "STARTTLS")) {
		return MP_STAND_OTHER_WORDS;
	}
	if (more == permissive(c, p->seen.outcome)) {
		return MP_STAND_OTHER_WORDS;
	}
	return more ? MP_STAND_PREDICTS_LESS : MP_STAND_PREDICTS_MORE;
}

/* Nothing listens, or no greeting comes, on one side or on both. */
static enum mp_stand without_service(const struct mp_comparison *c, const struct mp_world_says *p)
{
	if (p->seen.outcome != MP_OUTCOME_NO_SERVICE) {
		return MP_STAND_PREDICTS_MORE;
	}
	if (mp_greeted(c->live)) {
		return MP_STAND_PREDICTS_LESS;
	}
	if (c->live->seen.outcome != MP_OUTCOME_NO_SERVICE ||
		(held_without_greeting(c->live) && p->played->opening == MP_SIM_REFUSED)) {
		/* Something listens there; that it speaks SMTP was not seen. */
		return MP_STAND_UNKNOWN;
	}
	/* Refused or silent: a packet filter in between makes the one look like the other. */
	return MP_STAND_AGREES;
}

static bool replies_agree(const struct mp_comparison *c, const struct mp_world_says *p)
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

static int step_of(const struct mp_seen *seen)
{
	return seen->exchange != NULL ? seen->exchange->step : -1;
}

/* The server did not come to the tested step. */
static enum mp_stand live_not_reached(const struct mp_comparison *c, const struct mp_world_says *p)
{
	const struct mp_seen *live = &c->live->seen;
	bool both = p->seen.outcome == MP_OUTCOME_NOT_REACHED;

	switch (live->why) {
	case MP_WHY_REFUSED_EARLIER:
		if (!both || p->seen.why != MP_WHY_REFUSED_EARLIER) {
			return MP_STAND_PREDICTS_MORE;
		}
		return step_of(live) == step_of(&p->seen)   ? MP_STAND_AGREES
			: step_of(live) > step_of(&p->seen) ? MP_STAND_PREDICTS_LESS
							    : MP_STAND_PREDICTS_MORE;
	case MP_WHY_NOT_OFFERED: /* no STARTTLS: the session stays in clear */
	case MP_WHY_UNSAFE: /* a recipient was taken */
		return both ? MP_STAND_AGREES : MP_STAND_PREDICTS_LESS;
	case MP_WHY_NO_MECHANISM:
		return both ? MP_STAND_AGREES : MP_STAND_PREDICTS_MORE;
	default:
		return both && p->seen.why == live->why ? MP_STAND_AGREES : MP_STAND_UNKNOWN;
	}
}

/* The server came to the tested step, and this world does not. */
static enum mp_stand predicted_not_reached(
	const struct mp_comparison *c, const struct mp_world_says *p)
{
	switch (p->seen.why) {
	case MP_WHY_REFUSED_EARLIER:
	case MP_WHY_NO_MECHANISM:
	case MP_WHY_CUT_OFF:
		return MP_STAND_PREDICTS_LESS;
	case MP_WHY_NOT_OFFERED:
		return permissive(c, c->live->seen.outcome) ? MP_STAND_PREDICTS_LESS
							    : MP_STAND_PREDICTS_MORE;
	case MP_WHY_UNSAFE:
		return MP_STAND_PREDICTS_MORE;
	case MP_WHY_RATE_LIMITED: /* 421, or this side left it out */
		return p->played->report->failure == MP_FAIL_CLOSING ? MP_STAND_PREDICTS_LESS
								     : MP_STAND_UNKNOWN;
	default:
		return MP_STAND_UNKNOWN;
	}
}

enum mp_stand mp_stand_of(const struct mp_comparison *c, size_t world)
{
	struct mp_world_says p = mp_world_says(c, world);
	enum mp_outcome live = c->live->seen.outcome;

	if (p.played->opening == MP_SIM_UNKNOWN ||
		(p.reply != NULL && p.reply->kind == MP_SIM_UNKNOWN) ||
		(p.played->unknown && p.seen.outcome == MP_OUTCOME_NOT_REACHED)) {
		return MP_STAND_UNKNOWN;
	}
	if (p.seen.outcome == MP_OUTCOME_NO_SERVICE || live == MP_OUTCOME_NO_SERVICE) {
		return without_service(c, &p);
	}
	if (live == MP_OUTCOME_NOT_REACHED) {
		return live_not_reached(c, &p);
	}
	if (p.seen.outcome == MP_OUTCOME_NOT_REACHED) {
		return predicted_not_reached(c, &p);
	}
	return replies_agree(c, &p) ? MP_STAND_AGREES : by_decision(c, &p);
}

int mp_parting_step(const struct mp_comparison *c, size_t world)
{
	struct mp_world_says p = mp_world_says(c, world);
	int live = step_of(&c->live->seen);
	int predicted = step_of(&p.seen);

	if (p.seen.outcome == MP_OUTCOME_NO_SERVICE ||
		c->live->seen.outcome == MP_OUTCOME_NO_SERVICE) {
		return 0;
	}
	/* The earlier one refused what the other took. */
	return live < 0 || (predicted >= 0 && predicted < live) ? predicted : live;
}
