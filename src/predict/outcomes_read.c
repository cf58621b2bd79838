/*
 * outcomes_read - one check of a plan in all its worlds: the outcomes that can be told apart.
 *
 * DESCRIPTION
 *	What is not known is never taken for a refusal: a reply that cannot be followed, or that an
 *	outside party words, makes the outcome one that depends.
 */
#include "predict/outcomes_internal.h"

#include <string.h>

/* Plays of a session that scenarios share, before it is given up; of one scenario: of all worlds,
 * then of those that differ. */
enum { SHARED_PLAYS = 4, ALONE_PLAYS = 64, SAMPLED_PLAYS = 1000 };

static const char outside[] = "an outside party words the reply";

/* What one world says of the check. */
struct reading {
	enum mp_outcome outcome;
	enum mp_why why;
	enum mp_verb step;
	bool discarded;
	const char *note;
	struct mp_reasons because;
	bool login_failed; /* the login of the set-up was refused */
	bool cut_off; /* the session ended before the check had its answer, or with it */
};

/* Whether both an acceptance and a refusal are possible. */
static bool undecided(const struct mp_sim_reply *reply)
{
	bool good = false, bad = false;

	if (reply == NULL || reply->kind != MP_SIM_ANY) {
		return false;
	}
	for (const char *p = reply->any; *p != '\0'; p++) {
		good = good || *p < '4';
		bad = bad || *p >= '4';
	}
	return good && bad;
}

/* The nearest undecided reply among the steps that the tested one rests on, and its own. */
static const struct mp_sim_reply *undecided_before(
	const struct mp_plan *plan, int step, const struct mp_plan_played *played, enum mp_verb *at)
{
	for (; step >= 0; step = plan->steps[step].after) {
		const struct mp_sim_reply *reply = mp_plan_reply(played, step);
		if (undecided(reply)) {
			*at = plan->steps[step].verb;
			return reply;
		}
	}
	return NULL;
}

static bool login_refused(const struct mp_plan *plan, int step, const struct mp_plan_played *played)
{
	for (; step >= 0; step = plan->steps[step].after) {
		const struct mp_step_result *r = &played->report->results[step];
		if (plan->steps[step].login && r->status == MP_STEP_PLAYED && !r->success) {
			return true;
		}
	}
	return false;
}

/* An acceptance says what becomes of the recipient. */
static void read_taken(struct reading *r, const struct mp_sim_reply *reply)
{
	if (r->outcome != MP_OUTCOME_ACCEPTED || reply == NULL) {
		return;
	}
	switch (reply->taken) {
	case MP_TAKEN_NOT:
		break;
	case MP_TAKEN_LOCAL:
		r->outcome = MP_OUTCOME_ACCEPTED_LOCAL;
		break;
	case MP_TAKEN_RELAY:
		r->outcome = MP_OUTCOME_ACCEPTED_RELAY;
		break;
	case MP_TAKEN_DISCARDED:
		r->outcome = MP_OUTCOME_ACCEPTED_RELAY;
		r->discarded = true;
		break;
	}
}

/* Whether what was said before the check may have cost it its answer. */
static bool cut_off(const struct mp_seen *seen, const struct mp_sim_reply *reply)
{
	return seen->why == MP_WHY_CUT_OFF || seen->why == MP_WHY_RATE_LIMITED ||
		seen->why == MP_WHY_TIMEOUT || (reply != NULL && reply->closes);
}

static struct reading read_world(
	const struct mp_plan *plan, size_t check, const struct mp_plan_played *played)
{
	const struct mp_check *c = &plan->checks[check];
	struct mp_seen seen = mp_seen_read(plan, check, played->report);
	struct reading r = {
		.outcome = seen.outcome, .why = seen.why, .step = seen.step, .note = ""};
	const struct mp_sim_reply *reply = NULL;
	const struct mp_sim_reply *open;

	if (seen.exchange != NULL) {
		reply = &played->replies[seen.exchange - played->report->exchanges];
	}
	r.because = reply != NULL ? reply->because : played->opening_because;
	r.login_failed = login_refused(plan, c->step, played);
	r.cut_off = cut_off(&seen, reply);
	if (played->opening == MP_SIM_UNKNOWN || (reply != NULL && reply->kind == MP_SIM_UNKNOWN) ||
		(played->unknown && seen.outcome == MP_OUTCOME_NOT_REACHED)) {
		r.outcome = MP_OUTCOME_DEPENDS;
		r.why = MP_WHY_NONE;
		r.note = played->note;
		return r;
	}
	read_taken(&r, reply);
	open = undecided_before(plan, c->step, played, &r.step);
	/* Where the tested step is refused all the same, it does not matter. */
	if (open != NULL && (seen.outcome != MP_OUTCOME_REFUSED || open == reply)) {
		r.outcome = MP_OUTCOME_DEPENDS;
		r.why = MP_WHY_NONE;
		r.note = outside;
		r.because = open->because;
		r.discarded = false;
	} else {
		r.step = seen.step;
	}
	return r;
}

static bool same_reading(const struct reading *a, const struct reading *b)
{
	return a->outcome == b->outcome && a->why == b->why && a->step == b->step &&
		a->discarded == b->discarded && mp_str_eq(a->note, b->note);
}

/* Numbers the worlds so that those with one outcome have one number; returns how many there are.
 */
static size_t number_worlds(
	const struct reading *readings, size_t n, struct mp_arena *scratch, size_t **out)
{
	size_t *groups = mp_arena_array(scratch, n, sizeof *groups);
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < i && !same_reading(&readings[k], &readings[i])) {
			k++;
		}
		groups[i] = k < i ? groups[k] : count++;
	}
	*out = groups;
	return count;
}

/* Where a user was made up for the login, the worlds in which there is no such user say nothing,
 * unless there are no others. */
static bool worth_reading(const struct mp_outcomes *o, const struct reading *readings, size_t n,
	const struct reading *reading)
{
	if (!o->login_assumed || !reading->login_failed) {
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (!readings[i].login_failed) {
			return false;
		}
	}
	return true;
}

/* Whether these assumptions make the client the host itself, or a neighbour. */
static bool is_host(const struct mp_assumptions *when, const struct mp_ip *client)
{
	static const char neighbour[] = "network of ";

	for (size_t i = 0; i < when->n; i++) {
		struct mp_slice answer = mp_slice_str(when->v[i].answer);
		struct mp_ip ip;
		if (mp_slice_starts(answer, neighbour)) {
			answer = mp_slice_from(answer, sizeof neighbour - 1);
		}
		if (mp_str_eq(when->v[i].question, "host.addresses") && mp_ip_parse(answer, &ip) &&
			mp_ip_eq(&ip, client)) {
			return true;
		}
	}
	return false;
}

/* Where the addresses of the host are not known, an outsider's might be one of them, in which case
 * it is no outsider. */
static bool contradicts(const struct mp_viewpoint *from, const struct mp_world_result *world)
{
	for (size_t i = 0; i < world->case_count; i++) {
		if (!is_host(&world->cases[i], &from->address)) {
			return false;
		}
	}
	return from->client == MP_CLIENT_OUTSIDER && world->case_count > 0;
}

static void add_outcome(struct mp_outcomes *o, const struct mp_viewpoint *from,
	const struct mp_plan *plan, size_t check, const struct reading *r,
	const struct mp_world_result *world, struct mp_predicted *out)
{
	struct mp_keeper *k = &o->keeper;

	*out = (struct mp_predicted){.listener = from->listener->name,
		.client = mp_client_class_name(from->client),
		.scenario = plan->checks[check].scenario,
		.group = "",
		.address = from->address,
		.network = from->network,
		.alike = from->alike,
		.alike_count = from->alike_count,
		.with = mp_keep_text(k, mp_check_with(&plan->checks[check])),
		.outcome = r->outcome,
		.why = r->why,
		.step = r->step,
		.discarded = r->discarded,
		.note = mp_keep_text(k, r->note),
		.because = mp_keep_reasons(k, r->because)};
	mp_keep_dialogue(k, plan, check, world->value, out);
	mp_keep_assumptions(k, world, out);
}

void mp_outcomes_read(struct mp_outcomes *o, const struct mp_viewpoint *from,
	const struct mp_plan *plan, size_t check, const struct mp_exploration *worlds,
	struct mp_outcome_list *out)
{
	struct mp_arena scratch = {0};
	struct reading *readings = mp_arena_array(&scratch, worlds->n, sizeof *readings);
	size_t *groups;

	for (size_t i = 0; i < worlds->n; i++) {
		readings[i] = read_world(plan, check, worlds->v[i].value);
	}
	size_t count = number_worlds(readings, worlds->n, &scratch, &groups);
	struct mp_exploration told = mp_exploration_group(worlds, groups, count, &scratch);
	for (size_t i = 0; i < told.n; i++) {
		struct reading r = read_world(plan, check, told.v[i].value);
		struct mp_outcome_of one = {.origin = plan->checks[check].origin};
		if (!worth_reading(o, readings, worlds->n, &r) || contradicts(from, &told.v[i])) {
			continue;
		}
		add_outcome(o, from, plan, check, &r, &told.v[i], &one.predicted);
		one.predicted.truncated = told.truncated;
		one.predicted.sampled = told.sampled;
		mp_vec_push(&out->list, one);
	}
	mp_arena_release(&scratch);
}

/* ---- plays ------------------------------------------------------------------------------------
 */

/* A play, and what it says of each check. */
struct told {
	struct mp_plan_played played; /* first: it is the value of a world */
	const struct reading *readings;
	size_t n;
};

static void *play(void *context, struct mp_world *world, struct mp_arena *keep)
{
	const struct mp_plan_playing *playing = context;
	const struct mp_plan_played *played = mp_plan_play_world(context, world, keep);
	struct told *told = MP_ARENA_NEW(keep, struct told);
	struct reading *readings =
		mp_arena_array(keep, playing->plan->check_count, sizeof *readings);

	for (size_t i = 0; i < playing->plan->check_count; i++) {
		readings[i] = read_world(playing->plan, i, played);
	}
	*told = (struct told){*played, readings, playing->plan->check_count};
	return told;
}

static bool equal(const void *left, const void *right)
{
	const struct told *a = left;
	const struct told *b = right;

	for (size_t i = 0; i < a->n; i++) {
		const struct reading *x = &a->readings[i];
		const struct reading *y = &b->readings[i];
		if (!same_reading(x, y) || x->login_failed != y->login_failed ||
			x->cut_off != y->cut_off) {
			return false;
		}
	}
	return true;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++) {
		hash = (hash ^ p[i]) * 0x100000001b3u; /* FNV-1a */
	}
	return hash;
}

/* What was answered to mail transactions, and why: two worlds of one outcome that differ in it may
 * come to different outcomes with other answers. What is offered says nothing of that. */
static uint64_t trace(const void *result)
{
	const struct told *told = result;
	const struct mp_session_report *report = told->played.report;
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < report->exchange_count; i++) {
		const struct mp_sim_reply *reply = &told->played.replies[i];
		if (mp_command_verb(mp_slice_str(report->exchanges[i].sent)) < MP_VERB_MAIL) {
			continue;
		}
		hash = mix(hash, &reply->code, sizeof reply->code);
		for (size_t k = 0; k < reply->line_count; k++) {
			hash = mix(hash, reply->lines[k], strlen(reply->lines[k]));
		}
		for (size_t k = 0; k < reply->because.n; k++) {
			const struct mp_reason *r = &reply->because.v[k];
			hash = mix(hash, &r->loc, sizeof r->loc);
			hash = mix(hash, r->text, strlen(r->text));
		}
	}
	return hash;
}

struct mp_exploration mp_outcomes_play(const struct mp_outcomes *o, const struct mp_viewpoint *from,
	const struct mp_plan *plan, bool shared, struct mp_arena *keep)
{
	static const struct mp_explore_ops together = {
		.play = play, .equal = equal, .most_plays = SHARED_PLAYS};
	static const struct mp_explore_ops alone = {.play = play,
		.equal = equal,
		.trace = trace,
		.most_plays = ALONE_PLAYS,
		.sampled_plays = SAMPLED_PLAYS};
	struct mp_plan_playing playing = {.server = o->server,
		.plan = plan,
		.options = &o->session,
		.connect = {.listener = from->listener->name, .client = from->address}};

	return mp_explore(o->facts, shared ? &together : &alone, &playing, keep);
}

bool mp_outcomes_cut_off(size_t check, const struct mp_exploration *worlds)
{
	for (size_t i = 0; i < worlds->n; i++) {
		const struct told *told = worlds->v[i].value;
		if (told->readings[check].cut_off) {
			return true;
		}
	}
	return false;
}

size_t mp_outcomes_of(const struct mp_plan *plan, size_t check, const struct mp_exploration *worlds,
	struct mp_arena *arena, const struct mp_predicted **out)
{
	static const struct mp_listener nowhere = {.name = ""};
	struct mp_outcomes o = {.keeper = {.arena = arena}};
	struct mp_viewpoint from = {.listener = &nowhere, .network = ""};
	struct mp_outcome_list list = {0};

	mp_outcomes_read(&o, &from, plan, check, worlds, &list);
	struct mp_predicted *v = mp_arena_array(arena, list.list.n, sizeof *v);
	size_t n = list.list.n;
	for (size_t i = 0; i < n; i++) {
		v[i] = list.list.v[i].predicted;
	}
	mp_vec_release(&list.list);
	mp_map_release(&o.keeper.texts);
	*out = v;
	return n;
}
