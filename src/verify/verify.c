/* verify - plans for a target, and the verdict when they were played. */
#include "verify/verify.h"

#include "base/vec.h"
#include "predict/plan_play.h"
#include "predict/server_names.h"
#include "verify/compare.h"
#include "verify/faults.h"
#include "world/facts.h"

void mp_verify_begin(struct mp_verify *v, const struct mp_server *server,
	const struct mp_server_view *view, const struct mp_facts *facts,
	const struct mp_verify_options *options, struct mp_arena *arena)
{
	*v = (struct mp_verify){
		.server = server, .facts = facts, .options = options, .view = view, .arena = arena};
	mp_judge_begin(&v->judge, arena, true);
}

void mp_verify_release(struct mp_verify *v)
{
	mp_judge_end(&v->judge);
	mp_vec_release(&v->judged.list);
}

/* Names that follow from the configuration where the user gave none. */
static struct mp_names names_for(struct mp_verify *v, const struct mp_verify_target *t)
{
	struct mp_names names = v->options->names;
	char text[MP_IP_TEXT];

	mp_names_of_server(&names, v->view, v->facts, v->arena);
	if (names.server_name == NULL) {
		struct mp_ip ip;
		bool literal = mp_ip_parse(mp_slice_str(t->host), &ip);
		names.server_name = literal ? v->facts->hostname : t->host;
	}
	if (names.server_address == NULL && t->address.family != 0) {
		names.server_address = mp_arena_strdup(v->arena, mp_ip_format(&t->address, text));
	}
	if (names.client_address == NULL && t->client.family != 0) {
		names.client_address = mp_arena_strdup(v->arena, mp_ip_format(&t->client, text));
	}
	mp_names_fill(&names, v->arena);
	mp_names_each_of(&names, v->server, v->facts,
		t->listener != NULL ? t->listener->name : NULL, v->arena);
	return names;
}

enum mp_why mp_why_of_selected(enum mp_selected selected)
{
	switch (selected) {
	case MP_SELECTED:
	case MP_SELECTED_NOT:
		break;
	case MP_SELECTED_OTHER_CLIENT:
		return MP_WHY_NOT_FROM_HERE;
	case MP_SELECTED_INTRUSIVE:
		return MP_WHY_INTRUSIVE;
	case MP_SELECTED_DELIVERS:
		return MP_WHY_UNSAFE;
	case MP_SELECTED_NO_CREDENTIALS:
		return MP_WHY_NO_CREDENTIALS;
	case MP_SELECTED_NO_CERTIFICATE:
		return MP_WHY_NO_CERTIFICATE;
	case MP_SELECTED_NO_NAME:
		return MP_WHY_NO_NAME;
	case MP_SELECTED_TOO_MANY:
		return MP_WHY_TOO_MANY;
	case MP_SELECTED_RATION:
		return MP_WHY_RATION;
	}
	return MP_WHY_NONE;
}

/* The verdict of a check of which nothing was played. */
static struct mp_check_verdict not_played(
	const struct mp_scenario *s, enum mp_why why, enum mp_verb step)
{
	return (struct mp_check_verdict){.scenario = s->id,
		.with = s->with,
		.verdict = mp_why_is_skip(why) ? MP_VERDICT_SKIPPED : MP_VERDICT_INCONCLUSIVE,
		.why = why,
		.step = step,
		.parting = -1,
		.explanation = "",
		.expected = {.outcome = MP_OUTCOME_NOT_REACHED, .service = ""}};
}

static void skip(struct mp_verify_target *t, const struct mp_scenario *s, enum mp_why why)
{
	t->skipped[t->skipped_count++] = not_played(s, why, s->tests);
}

/* Sorts the suite's scenarios into those to be played and those that are skipped, and says why. */
static void select_scenarios(struct mp_verify *v, struct mp_verify_target *t)
{
	struct mp_selection selection = {.suite = v->options->suite,
		.client = t->class,
		.service = t->service,
		.intrusive = v->options->intrusive,
		.deliver = v->options->session->deliver,
		.credentials = v->options->credentials,
		.certificate = v->options->certificate != NULL,
		.names = &t->names,
		.ration = mp_rations_find(&v->rations, v->options->one_server ? "" : t->host,
			v->options->scenarios, v->options->suite, v->arena)};
	struct mp_choices choices = mp_select_all(v->options->scenarios, &selection, v->arena);

	t->played = choices.played;
	t->played_count = choices.played_count;
	/* A scenario is skipped once, either here or because it cannot be planned. */
	t->skipped = mp_arena_array(v->arena, choices.n, sizeof *t->skipped);
	for (size_t i = 0; i < choices.n; i++) {
		if (choices.v[i].selected != MP_SELECTED) {
			skip(t, choices.v[i].scenario, mp_why_of_selected(choices.v[i].selected));
		}
	}
}

enum mp_client_class mp_verify_class(struct mp_verify *v, const struct mp_verify_target *t)
{
	if (t->client.family == 0) {
		return MP_CLIENT_OUTSIDER;
	}
	return mp_client_classify(
		v->server, v->facts, t->listener != NULL ? t->listener->name : NULL, &t->client);
}

void mp_verify_prepare(struct mp_verify *v, struct mp_verify_target *t)
{
	t->listener = mp_view_listener(v->view, &t->address, t->port);
	t->class = mp_verify_class(v, t);
	t->names = names_for(v, t);
	select_scenarios(v, t);
	struct mp_budget budget = mp_budget_for(t->listener != NULL ? t->listener->error_limit : 0,
		t->listener != NULL ? t->listener->idle_limit : 0);
	struct mp_plan_request request = {.all = v->options->scenarios,
		.scenarios = t->played,
		.scenario_count = t->played_count,
		.names = &t->names,
		.implicit_tls = t->implicit_tls,
		.budget = &budget,
		.max_rejects = v->options->session->max_rejects};
	t->plans = mp_plans_make(&request, v->arena);
	for (size_t i = 0; i < t->plans.unplanned_count; i++) {
		const struct mp_unplanned *u = &t->plans.unplanned[i];
		/* Without a name: the scenario is about a connection of the other kind. */
		if (u->missing != NULL) {
			skip(t, t->played[u->origin], MP_WHY_NO_NAME);
		}
	}
}

/* The worlds of the plans that were played; what was cut off a plan is a plan of its own. Where the
 * checks of one plan leave so much open that its worlds multiply, each check is played by itself.
 */
struct predictions {
	MP_VEC(const struct mp_plan *) plans;
	MP_VEC(size_t) checks; /* all_checks, or the one that was played */
	MP_VEC(const struct mp_exploration *) worlds;
};

/* A single plan is worth all its worlds: what one reply tells then counts for the other checks. */
enum { SHARED_PLAYS = 64 };

static const size_t all_checks = SIZE_MAX;

static struct mp_exploration play(struct mp_verify *v, const struct mp_verify_target *t,
	const struct mp_plan *plan, size_t most_plays)
{
	char ip[MP_IP_TEXT];
	struct mp_connect connect = {.client = t->client, .certificate = v->options->certificate};

	if (t->listener != NULL) {
		connect.listener = t->listener->name;
	}
	if (t->listener == NULL || t->address.family != 0) {
		mp_ip_format(&t->address, ip);
		connect.listener =
			mp_arena_printf(v->arena, t->address.family == 6 ? "[%s]:%u" : "%s:%u",
				t->address.family != 0 ? ip : "0.0.0.0", t->port);
	}
	struct mp_plan_playing playing = {v->server, plan, v->options->session, connect};
	if (v->most_plays > 0 && (most_plays == 0 || most_plays > v->most_plays)) {
		most_plays = v->most_plays;
	}
	return mp_plan_play_some(&playing, v->facts, most_plays, v->arena);
}

struct mp_exploration mp_verify_predict(
	struct mp_verify *v, const struct mp_verify_target *t, const struct mp_plan *plan)
{
	return play(v, t, plan, 0);
}

static const struct mp_exploration *find_worlds(
	const struct predictions *p, const struct mp_plan *plan, size_t check)
{
	for (size_t i = 0; i < p->plans.n; i++) {
		if (p->plans.v[i] == plan && p->checks.v[i] == check) {
			return p->worlds.v[i];
		}
	}
	return NULL;
}

static const struct mp_exploration *keep_worlds(struct mp_verify *v, struct predictions *p,
	const struct mp_plan *plan, size_t check, struct mp_exploration worlds)
{
	struct mp_exploration *kept = MP_ARENA_NEW(v->arena, struct mp_exploration);

	*kept = worlds;
	mp_vec_push(&p->plans, plan);
	mp_vec_push(&p->checks, check);
	mp_vec_push(&p->worlds, kept);
	return kept;
}

/* The worlds in which the check can be read off; its plan keeps its steps' places in them. */
static const struct mp_exploration *predict(struct mp_verify *v, const struct mp_verify_target *t,
	const struct mp_plan *plan, size_t check, struct predictions *p)
{
	const struct mp_exploration *worlds = find_worlds(p, plan, all_checks);

	if (worlds == NULL) {
		worlds = keep_worlds(v, p, plan, all_checks,
			play(v, t, plan, t->plans.n > 1 ? SHARED_PLAYS : 0));
	}
	if (!worlds->truncated) {
		return worlds;
	}
	worlds = find_worlds(p, plan, check);
	if (worlds == NULL) {
		worlds = keep_worlds(
			v, p, plan, check, play(v, t, mp_plan_only(plan, check, v->arena), 0));
	}
	return worlds;
}

static void release(struct predictions *p)
{
	mp_vec_release(&p->plans);
	mp_vec_release(&p->checks);
	mp_vec_release(&p->worlds);
}

/* The plan that a check was made for. */
static const struct mp_plan *plan_of(
	const struct mp_verify_target *t, const struct mp_check_seen *live)
{
	if (live->session != NULL) {
		return live->session->plan;
	}
	for (size_t i = 0; i < t->plans.n; i++) {
		const struct mp_plan *plan = t->plans.v[i];
		if (live->check >= plan->checks && live->check < plan->checks + plan->check_count) {
			return plan;
		}
	}
	MP_BUG("a check is of no plan");
}

static size_t check_index(const struct mp_plan *plan, const struct mp_check *check)
{
	for (size_t i = 0; i < plan->check_count; i++) {
		if (plan->checks[i].origin == check->origin) {
			return i;
		}
	}
	MP_BUG("a check is not of its plan");
}

/* Whether anything was seen of a check: where no connection was made at all, that is what was seen.
 */
static bool is_compared(const struct mp_check_seen *live)
{
	return live->session != NULL || live->seen.outcome == MP_OUTCOME_NO_SERVICE;
}

/* What the whole target's reach makes of a check. */
static void apply_reach(const struct mp_reach_verdict *reach, struct mp_check_verdict *c)
{
	if (reach->why != MP_WHY_NONE) {
		c->verdict = MP_VERDICT_INCONCLUSIVE;
		c->why = reach->why;
		c->as_predicted = false;
	} else if (reach->closed && c->verdict == MP_VERDICT_INCONCLUSIVE) {
		/* The host is there, and every world has a listener. */
		c->verdict = MP_VERDICT_MISMATCH;
		c->why = MP_WHY_NONE;
		c->kind = MP_MISMATCH_STRICTER;
		c->severity = mp_mismatch_severity(c->kind);
		c->step = MP_VERB_GREETING;
	}
}

static void judge_check(struct mp_verify *v, const struct mp_verify_target *t,
	const struct mp_target_seen *seen, const struct mp_check_seen *live,
	struct predictions *predictions, struct mp_check_verdict *out)
{
	if (!is_compared(live)) {
		*out = not_played(t->played[live->check->origin], live->seen.why, live->seen.step);
		out->seen = live;
		return;
	}
	const struct mp_plan *plan = plan_of(t, live);
	size_t check = check_index(plan, live->check);
	const struct mp_exploration *worlds = predict(v, t, plan, check, predictions);
	struct mp_verify_trial trial = {.scenario = t->played[live->check->origin],
		.target = t,
		.seen = seen,
		.live = live,
		.plan = plan,
		.check = check,
		.worlds = worlds};
	if (!t->reach.intercepted) {
		mp_verify_find(v, &trial);
	}
	struct mp_comparison c = mp_compare_begin(plan, check, worlds, live, v->arena);
	*out = mp_compare_judge(&c, NULL, v->arena);
	apply_reach(&t->reach, out);
	if (t->reach.why == MP_WHY_NONE) {
		struct mp_judged judged = {out, c, seen};
		mp_vec_push(&v->judged.list, judged);
	}
}

struct mp_target_verdict mp_verify_judge(
	struct mp_verify *v, const struct mp_verify_target *t, const struct mp_target_seen *seen)
{
	struct predictions predictions = {0};
	struct mp_check_verdict *checks =
		mp_arena_array(v->arena, seen->check_count + t->skipped_count, sizeof *checks);
	char client[MP_IP_TEXT] = "";
	size_t n = 0;

	for (size_t i = 0; i < seen->check_count; i++) {
		judge_check(v, t, seen, &seen->checks[i], &predictions, &checks[n++]);
	}
	for (size_t i = 0; i < t->skipped_count; i++) {
		checks[n++] = t->skipped[i];
	}
	mp_find_anomalies(&v->judge, seen);
	release(&predictions);
	if (t->client.family != 0) {
		mp_ip_format(&t->client, client);
	}
	return (struct mp_target_verdict){
		.seen = seen,
		.listener = t->listener != NULL ? t->listener->name : "",
		.seen_as = mp_arena_strdup(v->arena, client),
		.client = mp_client_class_name(t->class),
		.explanation = t->reach.explanation != NULL ? t->reach.explanation : "",
		.checks = checks,
		.check_count = n,
	};
}

bool mp_verify_rehearse(const struct mp_verify *v, const struct mp_verify_target *t,
	const struct mp_target_seen *seen, size_t most_plays, mp_verify_asked_fn *asked,
	void *context)
{
	bool whole = true;
	struct predictions predictions = {0};
	struct mp_arena scratch = {0};
	struct mp_verify own = *v;

	own.arena = &scratch;
	own.most_plays = most_plays;
	for (size_t i = 0; i < seen->check_count; i++) {
		if (is_compared(&seen->checks[i])) {
			const struct mp_plan *plan = plan_of(t, &seen->checks[i]);
			const struct mp_exploration *worlds = predict(&own, t, plan,
				check_index(plan, seen->checks[i].check), &predictions);
			whole = whole && !worlds->truncated;
		}
	}
	for (size_t i = 0; i < predictions.worlds.n; i++) {
		asked(context, predictions.worlds.v[i]->asked);
	}
	release(&predictions);
	mp_arena_release(&scratch);
	return whole;
}

struct mp_established mp_verify_settle(struct mp_verify *v)
{
	struct mp_established established = mp_settle(&v->judged, v->options->one_server, v->arena);

	mp_vec_release(&v->judged.list);
	return established;
}

void mp_verification_count(struct mp_verification *out, const struct mp_target_verdict *t)
{
	for (size_t i = 0; i < t->check_count; i++) {
		const struct mp_check_verdict *c = &t->checks[i];
		out->counts[c->verdict]++;
		out->other_words +=
			c->verdict == MP_VERDICT_MISMATCH && c->kind == MP_MISMATCH_OTHER_WORDS;
		bool judged = c->verdict == MP_VERDICT_CONFIRMED ||
			c->verdict == MP_VERDICT_POSSIBLE || c->verdict == MP_VERDICT_MISMATCH;
		out->outsider_played =
			out->outsider_played || (judged && mp_str_eq(t->client, "outsider"));
	}
}
