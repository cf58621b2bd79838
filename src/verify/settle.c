/*
 * settle - one run, one world.
 *
 * DESCRIPTION
 *	A piece of evidence is a reply of a session, or a check, with the condition under which its
 *	worlds agree with it. The conditions of a server are joined one after the other: a state is
 *	what is true under one choice. Only where no state is left are states kept that leave some
 *	evidence out, the fewest first. All loops go over lists in the order of the run, so the
 *	result is the same each time.
 */
#include "verify/settle.h"

#include "smtp/capability.h"
#include "verify/compare.h"
#include "verify/condition.h"
#include "verify/match.h"
#include "verify/reach.h"

enum { MOST_STATES = 64 };

struct evidence {
	size_t judged; /* of a check: index into the list; of a reply: the first of its session */
	bool is_check;
	int step; /* of the plan */
	bool told;
	struct mp_condition when;
};

struct settled {
	MP_VEC(struct mp_settled) list;
};

struct server {
	const struct mp_judged_list *judged;
	struct mp_arena *arena; /* of what is kept */
	struct mp_arena scratch;
	const char *name;
	MP_VEC(struct evidence) evidence;
};

static const struct mp_judged *judged_of(const struct server *s, const struct evidence *e)
{
	return &s->judged->list.v[e->judged];
}

/* "relay/plain at 192.0.2.10:25", "the reply to EHLO of 192.0.2.10:25" */
static const char *name_of(const struct server *s, const struct evidence *e)
{
	const struct mp_judged *j = judged_of(s, e);
	const char *target = j->seen->target;

	if (e->is_check) {
		return mp_arena_printf(s->arena, "%s at %s", j->verdict->scenario, target);
	}
	enum mp_verb verb = j->comparison.plan->steps[e->step].verb;
	return verb == MP_VERB_GREETING
		? mp_arena_printf(s->arena, "the greeting of %s", target)
		: mp_arena_printf(s->arena, "the reply to %s of %s", mp_verb_name(verb), target);
}

/* EHLO is answered with 250 either way: what it offers is the decision. */
static bool same_offer(const struct mp_sim_reply *simulated, const struct mp_reply *live)
{
	static const char *const decided[] = {"AUTH", "STARTTLS"};
	struct mp_arena scratch = {0};
	struct mp_capabilities caps = mp_capabilities_parse(live, &scratch);
	bool same = true;

	for (size_t i = 0; i < 2; i++) {
		bool predicted = false;
		for (size_t k = 1; k < simulated->line_count; k++) {
			struct mp_slice line = mp_slice_from(mp_slice_str(simulated->lines[k]), 4);
			predicted = predicted ||
				mp_slice_ieq_str(mp_capability_word(&line), decided[i]);
		}
		same = same && predicted == (mp_capability_find(&caps, decided[i]) != NULL);
	}
	mp_arena_release(&scratch);
	return same;
}

/* How a world stands to the reply to a step of the session. */
static enum mp_stand reply_stand(const struct mp_plan_played *played, int step,
	const struct mp_plan *plan, const struct mp_reply *live)
{
	const struct mp_step_result *result = &played->report->results[step];
	const struct mp_sim_reply *simulated = mp_plan_reply(played, step);

	if (simulated == NULL || result->status != MP_STEP_PLAYED) {
		return played->unknown ? MP_STAND_UNKNOWN : MP_STAND_PREDICTS_MORE;
	}
	if (simulated->kind == MP_SIM_UNKNOWN) {
		return MP_STAND_UNKNOWN;
	}
	if (mp_reply_matches(simulated, live)) {
		return MP_STAND_AGREES;
	}
	bool same = simulated->kind == MP_SIM_REPLY && simulated->code / 100 == live->code / 100;
	if (same && plan->steps[step].verb == MP_VERB_EHLO && live->code == 250) {
		same = same_offer(simulated, live);
	}
	return same ? MP_STAND_OTHER_WORDS : MP_STAND_PREDICTS_MORE;
}

/* Keeps the condition of the worlds that agree, if it says anything. */
static void add_evidence(struct server *s, struct evidence e, const struct mp_exploration *worlds,
	const enum mp_stand *stands)
{
	bool *agrees = mp_arena_array(&s->scratch, worlds->n, sizeof *agrees);
	bool some = false;

	if (worlds->truncated) {
		return;
	}
	for (size_t i = 0; i < worlds->n; i++) {
		agrees[i] = stands[i] <= MP_STAND_UNKNOWN;
		some = some || stands[i] == MP_STAND_AGREES;
		e.told = e.told || (!e.is_check && stands[i] == MP_STAND_OTHER_WORDS);
	}
	e.when = mp_condition_of(worlds, agrees, &s->scratch);
	if (some && !mp_condition_always(&e.when)) {
		mp_vec_push(&s->evidence, e);
	}
}

static void add_replies(struct server *s, size_t index)
{
	const struct mp_comparison *c = &s->judged->list.v[index].comparison;
	const struct mp_session_report *report = c->live->session->report;
	enum mp_stand *stands = mp_arena_array(&s->scratch, c->worlds->n, sizeof *stands);

	for (size_t i = 0; i < report->exchange_count; i++) {
		const struct mp_exchange *e = &report->exchanges[i];
		/* Of a login, only the last reply is the step's. */
		if (e->step < 0 || !e->answered || report->results[e->step].exchange != (int)i) {
			continue;
		}
		for (size_t k = 0; k < c->worlds->n; k++) {
			stands[k] = reply_stand(c->worlds->v[k].value, e->step, c->plan, &e->reply);
		}
		struct evidence one = {.judged = index, .step = e->step};
		add_evidence(s, one, c->worlds, stands);
	}
}

/* Whether an earlier check of the list was played in the same session, and predicted with it. */
static bool worlds_before(const struct server *s, const size_t *members, size_t k)
{
	const struct mp_judged *list = s->judged->list.v;
	const struct mp_comparison *own = &list[members[k]].comparison;

	for (size_t i = 0; i < k; i++) {
		const struct mp_comparison *other = &list[members[i]].comparison;
		if (other->live->session == own->live->session && other->worlds == own->worlds) {
			return true;
		}
	}
	return false;
}

static void gather(struct server *s, const size_t *members, size_t n)
{
	for (size_t k = 0; k < n; k++) {
		const struct mp_judged *j = &s->judged->list.v[members[k]];
		if (j->comparison.live->session != NULL && !worlds_before(s, members, k)) {
			add_replies(s, members[k]);
		}
		if (j->verdict->verdict == MP_VERDICT_POSSIBLE) {
			struct evidence one = {.judged = members[k],
				.is_check = true,
				.step = j->comparison.plan->checks[j->comparison.check].step};
			add_evidence(s, one, j->comparison.worlds, j->comparison.stands);
		}
	}
}

/* Whether the evidence is the very reply that the check is judged by. */
static bool is_own(const struct server *s, const struct evidence *e, const struct mp_judged *check)
{
	const struct mp_comparison *c = &check->comparison;

	return judged_of(s, e)->comparison.live->session == c->live->session &&
		e->step == c->plan->checks[c->check].step;
}

/* All evidence together, or what replies tell other than the check's own where `for_check` is
 * given. No case where it cannot hold together. */
static struct mp_condition join(
	const struct server *s, const struct mp_judged *for_check, struct mp_arena *arena)
{
	struct mp_condition all = {MP_ARENA_NEW(arena, struct mp_assumptions), 1};

	for (size_t i = 0; i < s->evidence.n && all.n > 0; i++) {
		const struct evidence *e = &s->evidence.v[i];
		if (for_check == NULL || (e->told && !is_own(s, e, for_check))) {
			all = mp_condition_both(&all, &e->when, arena);
		}
	}
	return all;
}

/* One choice of what to leave out. */
struct choice {
	struct mp_condition when;
	bool *left_out; /* by evidence */
	size_t cost;
};

struct choices {
	MP_VEC(struct choice) list;
};

static void add_choice(struct choices *to, struct choice c)
{
	size_t at = to->list.n;

	/* In the order of their cost; of equal ones the earlier stays in front. */
	mp_vec_push(&to->list, c);
	while (at > 0 && to->list.v[at - 1].cost > c.cost) {
		to->list.v[at] = to->list.v[at - 1];
		at--;
	}
	to->list.v[at] = c;
	if (to->list.n > MOST_STATES) {
		to->list.n = MOST_STATES;
	}
}

/* The choices that leave out as little as can be: their number of pieces is the same. */
static struct choices choose(struct server *s)
{
	struct choices now = {0};
	struct choice nothing = {.when = {MP_ARENA_NEW(&s->scratch, struct mp_assumptions), 1},
		.left_out = mp_arena_array(&s->scratch, s->evidence.n, sizeof(bool))};

	add_choice(&now, nothing);
	for (size_t i = 0; i < s->evidence.n; i++) {
		struct choices next = {0};
		for (size_t k = 0; k < now.list.n; k++) {
			struct choice c = now.list.v[k];
			struct mp_condition with =
				mp_condition_both(&c.when, &s->evidence.v[i].when, &s->scratch);
			if (with.n > 0) {
				struct choice kept = c;
				kept.when = with;
				add_choice(&next, kept);
			}
			c.left_out = (bool *)mp_arena_memdup(
				&s->scratch, (const char *)c.left_out, s->evidence.n);
			c.left_out[i] = true;
			c.cost++;
			add_choice(&next, c);
		}
		mp_vec_release(&now.list);
		now = next;
	}
	for (size_t k = 1; k < now.list.n; k++) {
		if (now.list.v[k].cost > now.list.v[0].cost) {
			now.list.n = k;
		}
	}
	return now;
}

/* "client.name 203.0.113.5 = none and mta.version = 3.6" */
static const char *case_text(const struct server *s, const struct mp_assumptions *when)
{
	const char *text = "";

	for (size_t i = 0; i < when->n; i++) {
		text = mp_arena_printf(s->arena, "%s%s%s = %s", text, i > 0 ? " and " : "",
			when->v[i].question, when->v[i].answer);
	}
	return text;
}

/* The first piece that cannot be together with this one: checks before replies, others before those
 * of its own session. NULL: only several together exclude it. */
static const struct evidence *opponent(const struct server *s, const struct evidence *e)
{
	const struct evidence *found = NULL;
	int best = -1;

	for (size_t i = 0; i < s->evidence.n; i++) {
		const struct evidence *other = &s->evidence.v[i];
		if (other == e || mp_condition_meets(&other->when, &e->when)) {
			continue;
		}
		bool elsewhere = judged_of(s, other)->comparison.live->session !=
			judged_of(s, e)->comparison.live->session;
		int rank = (other->is_check ? 2 : 0) + (elsewhere ? 1 : 0);
		if (rank > best) {
			best = rank;
			found = other;
		}
	}
	return found;
}

static const char *conflict_text(const struct server *s, const struct evidence *e)
{
	const struct evidence *other = opponent(s, e);

	if (other == NULL) {
		return mp_arena_printf(s->arena,
			"the answer is as predicted only if %s, which does not fit the rest of the "
			"run",
			case_text(s, &e->when.cases[0]));
	}
	return mp_arena_printf(s->arena,
		"the answer is as predicted only if %s, but %s is only if %s: not both can be",
		case_text(s, &e->when.cases[0]), name_of(s, other),
		case_text(s, &other->when.cases[0]));
}

/* Marks the worlds of the check that are possible under a condition; false: none is. */
static bool mark_worlds(const struct mp_judged *j, const struct mp_condition *when, bool *marked,
	struct mp_arena *arena)
{
	const struct mp_exploration *worlds = j->comparison.worlds;
	bool *one = mp_arena_array(arena, worlds->n, sizeof *one);
	bool some = false;

	for (size_t i = 0; i < worlds->n; i++) {
		one[i] = true;
		struct mp_condition c = mp_condition_of(worlds, one, arena);
		one[i] = false;
		if (mp_condition_meets(&c, when)) {
			marked[i] = true;
			some = true;
		}
	}
	return some;
}

/* The check agrees only with worlds that the rest of the run excludes. */
static void contradict(const struct server *s, const struct evidence *e, const bool *marked)
{
	const struct mp_judged *j = judged_of(s, e);
	struct mp_check_verdict *v = j->verdict;

	*v = mp_compare_judge(&j->comparison, marked, s->arena);
	if (v->verdict == MP_VERDICT_MISMATCH) {
		v->explanation = conflict_text(s, e);
	}
}

static void find_contradictions(struct server *s, const struct choices *choices)
{
	for (size_t i = 0; i < s->evidence.n; i++) {
		const struct evidence *e = &s->evidence.v[i];
		const struct mp_judged *j = judged_of(s, e);
		if (!e->is_check) {
			continue;
		}
		bool *marked = mp_arena_array(&s->scratch, j->comparison.worlds->n, sizeof *marked);
		bool some = false;
		for (size_t k = 0; k < choices->list.n; k++) {
			const struct choice *c = &choices->list.v[k];
			some = (c->left_out[i] && mark_worlds(j, &c->when, marked, &s->scratch)) ||
				some;
		}
		if (some) {
			contradict(s, e, marked);
		}
	}
}

/* Whether an earlier assumption of the list is about the same question. */
static bool question_before(const struct mp_assumptions *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (mp_str_eq(list->v[i].question, list->v[n].question)) {
			return true;
		}
	}
	return false;
}

static bool asks(const struct mp_exploration *worlds, const char *question)
{
	for (size_t i = 0; i < worlds->n; i++) {
		for (size_t k = 0; k < worlds->v[i].case_count; k++) {
			const struct mp_assumptions *when = &worlds->v[i].cases[k];
			for (size_t m = 0; m < when->n; m++) {
				if (mp_str_eq(when->v[m].question, question)) {
					return true;
				}
			}
		}
	}
	return false;
}

/* What was told of those questions that the check asks. */
static void name_told(
	const struct server *s, const struct mp_judged *j, const struct mp_condition *told)
{
	struct mp_check_verdict *v = j->verdict;
	const struct mp_assumptions *first = &told->cases[0];
	const char **list = mp_arena_array(s->arena, first->n, sizeof *list);

	v->assumption_count = 0;
	for (size_t i = 0; i < first->n; i++) {
		const char *question = first->v[i].question;
		const char *answers = mp_condition_answers(told, question, s->arena);
		if (!question_before(first, i) && answers != NULL &&
			asks(j->comparison.worlds, question)) {
			list[v->assumption_count++] =
				mp_arena_printf(s->arena, "%s = %s", question, answers);
		}
	}
	v->assumptions = list;
}

/* A check that is possible, and whose other worlds the rest of the run excludes in words. */
static void confirm(const struct server *s, const struct mp_judged *j)
{
	struct mp_arena scratch = {0};
	struct mp_condition told = join(s, j, &scratch);
	bool *marked = mp_arena_array(&scratch, j->comparison.worlds->n, sizeof *marked);

	if (told.n > 0 && !mp_condition_always(&told) && mark_worlds(j, &told, marked, &scratch)) {
		struct mp_check_verdict v = mp_compare_judge(&j->comparison, marked, s->arena);
		if (v.verdict == MP_VERDICT_CONFIRMED) {
			*j->verdict = v;
			name_told(s, j, &told);
			j->verdict->explanation = "the rest of the run tells what this rests on";
		}
	}
	mp_arena_release(&scratch);
}

/* The first piece that leaves no other answers; one that tells them goes before one that does not.
 */
static const struct evidence *source_of(struct server *s, const char *question, const char *answers)
{
	const struct evidence *found = NULL;

	for (size_t i = 0; i < s->evidence.n; i++) {
		const struct evidence *e = &s->evidence.v[i];
		const char *own = mp_condition_answers(&e->when, question, &s->scratch);
		if (own != NULL && mp_str_eq(own, answers) &&
			(found == NULL || (e->told && !found->told))) {
			found = e;
		}
	}
	return found;
}

/* All cases of all of the best choices. */
static struct mp_condition any_choice(struct server *s, const struct choices *choices)
{
	size_t n = 0;

	for (size_t i = 0; i < choices->list.n; i++) {
		n += choices->list.v[i].when.n;
	}
	struct mp_assumptions *all = mp_arena_array(&s->scratch, n, sizeof *all);
	n = 0;
	for (size_t i = 0; i < choices->list.n; i++) {
		for (size_t k = 0; k < choices->list.v[i].when.n; k++) {
			all[n++] = choices->list.v[i].when.cases[k];
		}
	}
	return (struct mp_condition){all, n};
}

/* "a or b or c": no news. */
static bool many(const char *answers)
{
	const char * or = strstr(answers, " or ");

	return or != NULL && strstr(or +4, " or ") != NULL;
}

/* The answers that all cases settle, to one or two. */
static void establish(struct server *s, const struct mp_condition *all, struct settled *out)
{
	const struct mp_assumptions *first = &all->cases[0];

	for (size_t i = 0; i < first->n; i++) {
		const char *question = first->v[i].question;
		const char *answers = mp_condition_answers(all, question, s->arena);
		if (question_before(first, i) || answers == NULL || many(answers)) {
			continue;
		}
		const struct evidence *source = source_of(s, question, answers);
		struct mp_settled one = {.server = s->name,
			.question = mp_arena_strdup(s->arena, question),
			.answer = answers,
			.told = source != NULL && source->told,
			.by = source != NULL ? name_of(s, source) : ""};
		mp_vec_push(&out->list, one);
	}
}

/* Names for a check that stays possible what it rests on: the first case that fits the run. One
 * that needs a look-up to fail for now fits, and comes last. */
static void name_fitting(
	const struct server *s, const struct mp_judged *j, const struct mp_condition *all)
{
	const struct mp_exploration *worlds = j->comparison.worlds;
	const struct mp_assumptions *best = NULL;
	bool best_fails = false;
	struct mp_arena scratch = {0};

	for (size_t i = 0; i < worlds->n; i++) {
		if (j->comparison.stands[i] != MP_STAND_AGREES) {
			continue;
		}
		for (size_t k = 0; k < worlds->v[i].case_count; k++) {
			const struct mp_assumptions *when = &worlds->v[i].cases[k];
			bool fails = false;
			for (size_t m = 0; m < when->n; m++) {
				fails = fails || mp_str_eq(when->v[m].answer, "tempfail");
			}
			if (mp_condition_allows(all, worlds, when, &scratch) &&
				(best == NULL || (best_fails && !fails) ||
					(best_fails == fails && when->n < best->n))) {
				best = when;
				best_fails = fails;
			}
		}
	}
	if (best != NULL) {
		mp_compare_name(j->verdict, best, worlds->truncated, s->arena);
	}
	mp_arena_release(&scratch);
}

/* What the run makes of the checks that are possible. */
static void settle_possible(
	const struct server *s, const size_t *members, size_t n, const struct mp_condition *all)
{
	for (size_t i = 0; i < n; i++) {
		const struct mp_judged *j = &s->judged->list.v[members[i]];
		if (j->verdict->verdict == MP_VERDICT_POSSIBLE) {
			confirm(s, j);
		}
		if (j->verdict->verdict == MP_VERDICT_POSSIBLE) {
			name_fitting(s, j, all);
		}
	}
}

static void settle_server(struct server *s, const size_t *members, size_t n, struct settled *out)
{
	struct mp_condition all = join(s, NULL, &s->scratch);

	if (all.n == 0) {
		struct choices choices = choose(s);
		find_contradictions(s, &choices);
		all = any_choice(s, &choices);
		mp_vec_release(&choices.list);
	}
	settle_possible(s, members, n, &all);
	establish(s, &all, out);
}

struct mp_established mp_settle(
	const struct mp_judged_list *judged, bool one_server, struct mp_arena *arena)
{
	size_t n = judged->list.n;
	size_t *members = mp_arena_array(arena, n, sizeof *members);
	bool *taken = mp_arena_array(arena, n, sizeof *taken);
	struct settled out = {0};

	for (size_t i = 0; i < n; i++) {
		const struct mp_target_seen *seen = judged->list.v[i].seen;
		struct server s = {
			.judged = judged, .arena = arena, .name = one_server ? "" : seen->host};
		size_t count = 0;
		for (size_t k = i; k < n && !taken[i]; k++) {
			if (!taken[k] &&
				(one_server || mp_reach_same_host(seen, judged->list.v[k].seen))) {
				members[count++] = k;
			}
		}
		for (size_t k = 0; k < count; k++) {
			taken[members[k]] = true;
		}
		if (count > 0) {
			gather(&s, members, count);
			settle_server(&s, members, count, &out);
			mp_vec_release(&s.evidence);
			mp_arena_release(&s.scratch);
		}
	}
	struct mp_settled *v = mp_arena_array(arena, out.list.n, sizeof *v);
	if (out.list.n > 0) {
		memcpy(v, out.list.v, out.list.n * sizeof *v);
	}
	struct mp_established established = {v, out.list.n};
	mp_vec_release(&out.list);
	return established;
}
