/* condition - under which answers to open questions something holds. */
#include "verify/condition.h"

#include "base/vec.h"

#include <string.h>

/* Conditions with more cases are not followed: they say too little to be worth the time. */
enum { MOST_CASES = 256 };

static bool begins(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool begins_any(const char *text, const char *const *prefixes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (begins(text, prefixes[i])) {
			return true;
		}
	}
	return false;
}

bool mp_assumption_is_stable(const struct mp_assumption *a)
{
	/* Not among them: policy.reply, milter.reply, address.verified (a probe may be under way),
	 * limit, postscreen.seen (the first dialogue changes it). */
	static const char *const stable[] = {"host.", "mta.", "file.", "user.exists ",
		"alias.exists ", "dns.", "client.name ", "sasl.", "tls.usable ", "tls.verified ",
		"table.lookup "};

	return begins_any(a->question, stable, sizeof stable / sizeof stable[0]) &&
		!mp_str_eq(a->answer, "tempfail");
}

static bool is_absent(const char *answer)
{
	return mp_str_eq(answer, "none") || mp_str_eq(answer, "no") || mp_str_eq(answer, "forged");
}

/* An answer that stands for many. */
static bool is_vague(const char *answer)
{
	return mp_str_eq(answer, "other") || mp_str_eq(answer, "found") || answer[0] == '{';
}

/* Questions with one answer only. A name may have several addresses, a table's entry is asked about
 * in several vocabularies. */
static bool has_one_value(const char *question)
{
	static const char *const several[] = {
		"dns.", "table.lookup ", "file.text ", "host.addresses"};

	return !begins_any(question, several, sizeof several / sizeof several[0]);
}

/* What a table's entry makes of a client: these exclude each other. */
static bool is_action(const char *answer)
{
	return mp_str_eq(answer, "permit") || mp_str_eq(answer, "reject") ||
		mp_str_eq(answer, "neutral");
}

static bool answers_conflict(const char *question, const char *a, const char *b)
{
	if (mp_str_ieq(a, b)) {
		return false;
	}
	if (begins(a, "not ") || begins(b, "not ")) {
		/* "not x" and x; two that are excluded do not exclude each other */
		return (begins(a, "not ") && mp_str_ieq(a + 4, b)) ||
			(begins(b, "not ") && mp_str_ieq(b + 4, a));
	}
	if (is_absent(a) || is_absent(b)) {
		return true; /* the other one is no absence, or another one */
	}
	if (is_vague(a) || is_vague(b)) {
		return false;
	}
	return has_one_value(question) || (is_action(a) && is_action(b));
}

bool mp_assumptions_conflict(const struct mp_assumption *a, const struct mp_assumption *b)
{
	return mp_str_eq(a->question, b->question) &&
		answers_conflict(a->question, a->answer, b->answer);
}

static bool has(const struct mp_assumptions *list, const struct mp_assumption *a)
{
	for (size_t i = 0; i < list->n; i++) {
		if (mp_str_eq(list->v[i].question, a->question) &&
			mp_str_eq(list->v[i].answer, a->answer)) {
			return true;
		}
	}
	return false;
}

/* Whether a is true wherever b is: all that a says, b says too. */
static bool covers(const struct mp_assumptions *a, const struct mp_assumptions *b)
{
	for (size_t i = 0; i < a->n; i++) {
		if (!has(b, &a->v[i])) {
			return false;
		}
	}
	return true;
}

struct cases {
	MP_VEC(struct mp_assumptions) v;
};

/* Adds a case unless one that covers it is there; drops those that it covers. */
static void add_case(struct cases *cases, struct mp_assumptions one)
{
	size_t kept = 0;

	for (size_t i = 0; i < cases->v.n; i++) {
		if (covers(&cases->v.v[i], &one)) {
			return;
		}
	}
	for (size_t i = 0; i < cases->v.n; i++) {
		if (!covers(&one, &cases->v.v[i])) {
			cases->v.v[kept++] = cases->v.v[i];
		}
	}
	cases->v.n = kept;
	mp_vec_push(&cases->v, one);
}

static struct mp_condition always(struct mp_arena *arena)
{
	return (struct mp_condition){MP_ARENA_NEW(arena, struct mp_assumptions), 1};
}

static struct mp_condition finish(struct cases *cases, struct mp_arena *arena)
{
	struct mp_assumptions *v = mp_arena_array(arena, cases->v.n, sizeof *v);
	struct mp_condition c = {v, cases->v.n};

	if (c.n > 0) {
		memcpy(v, cases->v.v, c.n * sizeof *v);
	}
	mp_vec_release(&cases->v);
	return c;
}

struct literals {
	MP_VEC(struct mp_assumption) v;
};

static void add_literal(struct literals *out, struct mp_assumption a)
{
	struct mp_assumptions so_far = {out->v.v, out->v.n};

	if (!has(&so_far, &a)) {
		mp_vec_push(&out->v, a);
	}
}

/* "other" is none of the values that the same exploration names. */
static void add_excluded(struct literals *out, const struct mp_exploration *worlds,
	const char *question, struct mp_arena *arena)
{
	for (size_t i = 0; i < worlds->n; i++) {
		for (size_t k = 0; k < worlds->v[i].case_count; k++) {
			const struct mp_assumptions *when = &worlds->v[i].cases[k];
			for (size_t m = 0; m < when->n; m++) {
				const char *answer = when->v[m].answer;
				if (mp_str_eq(when->v[m].question, question) &&
					!is_absent(answer) && !is_vague(answer) &&
					!mp_str_eq(answer, "tempfail") && !begins(answer, "not ")) {
					struct mp_assumption a = {
						question, mp_arena_printf(arena, "not %s", answer)};
					add_literal(out, a);
				}
			}
		}
	}
}

static struct mp_assumptions stable_part(const struct mp_exploration *worlds,
	const struct mp_assumptions *when, struct mp_arena *arena)
{
	struct literals out = {0};

	for (size_t i = 0; i < when->n; i++) {
		const struct mp_assumption *a = &when->v[i];
		if (mp_assumption_is_stable(a)) {
			add_literal(&out, *a);
			if (mp_str_eq(a->answer, "other")) {
				add_excluded(&out, worlds, a->question, arena);
			}
		}
	}
	struct mp_assumption *v = mp_arena_array(arena, out.v.n, sizeof *v);
	struct mp_assumptions part = {v, out.v.n};
	if (part.n > 0) {
		memcpy(v, out.v.v, part.n * sizeof *v);
	}
	mp_vec_release(&out.v);
	return part;
}

struct mp_condition mp_condition_of(
	const struct mp_exploration *worlds, const bool *marked, struct mp_arena *arena)
{
	struct cases cases = {0};

	for (size_t i = 0; i < worlds->n; i++) {
		const struct mp_world_result *world = &worlds->v[i];
		for (size_t k = 0; marked[i] && k < world->case_count; k++) {
			add_case(&cases, stable_part(worlds, &world->cases[k], arena));
			if (cases.v.n > MOST_CASES) {
				mp_vec_release(&cases.v);
				return always(arena);
			}
		}
	}
	return finish(&cases, arena);
}

bool mp_condition_always(const struct mp_condition *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->cases[i].n == 0) {
			return true;
		}
	}
	return false;
}

static bool cases_meet(const struct mp_assumptions *a, const struct mp_assumptions *b)
{
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < b->n; k++) {
			if (mp_assumptions_conflict(&a->v[i], &b->v[k])) {
				return false;
			}
		}
	}
	return true;
}

static struct mp_assumptions merge(
	const struct mp_assumptions *a, const struct mp_assumptions *b, struct mp_arena *arena)
{
	struct mp_assumption *v = mp_arena_array(arena, a->n + b->n, sizeof *v);
	struct mp_assumptions out = {v, a->n};

	if (a->n > 0) {
		memcpy(v, a->v, a->n * sizeof *v);
	}
	for (size_t i = 0; i < b->n; i++) {
		if (!has(a, &b->v[i])) {
			v[out.n++] = b->v[i];
		}
	}
	return out;
}

struct mp_condition mp_condition_both(
	const struct mp_condition *a, const struct mp_condition *b, struct mp_arena *arena)
{
	struct cases cases = {0};

	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < b->n; k++) {
			if (cases_meet(&a->cases[i], &b->cases[k])) {
				add_case(&cases, merge(&a->cases[i], &b->cases[k], arena));
			}
			if (cases.v.n > MOST_CASES) {
				mp_vec_release(&cases.v);
				return *a; /* weaker than both: nothing false follows */
			}
		}
	}
	return finish(&cases, arena);
}

bool mp_condition_meets(const struct mp_condition *a, const struct mp_condition *b)
{
	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < b->n; k++) {
			if (cases_meet(&a->cases[i], &b->cases[k])) {
				return true;
			}
		}
	}
	return false;
}

bool mp_condition_allows(const struct mp_condition *c, const struct mp_exploration *worlds,
	const struct mp_assumptions *when, struct mp_arena *scratch)
{
	struct mp_assumptions stable = stable_part(worlds, when, scratch);
	struct mp_condition one = {&stable, 1};

	return mp_condition_meets(c, &one);
}

/* The answer of one case to a question; of several the first that is no exclusion. NULL: none. */
static const char *answer_in(const struct mp_assumptions *when, const char *question)
{
	const char *answer = NULL;

	for (size_t i = 0; i < when->n; i++) {
		if (mp_str_eq(when->v[i].question, question) &&
			(answer == NULL ||
				(begins(answer, "not ") && !begins(when->v[i].answer, "not ")))) {
			answer = when->v[i].answer;
		}
	}
	return answer;
}

/* Whether an earlier case has the same answer. */
static bool answered_before(const struct mp_condition *c, size_t n, const char *question)
{
	const char *answer = answer_in(&c->cases[n], question);

	for (size_t i = 0; i < n; i++) {
		if (mp_str_eq(answer_in(&c->cases[i], question), answer)) {
			return true;
		}
	}
	return false;
}

const char *mp_condition_answers(
	const struct mp_condition *c, const char *question, struct mp_arena *arena)
{
	const char *text = NULL;

	for (size_t i = 0; i < c->n; i++) {
		const char *answer = answer_in(&c->cases[i], question);
		if (answer == NULL) {
			return NULL;
		}
		if (text == NULL) {
			text = mp_arena_strdup(arena, answer);
		} else if (!answered_before(c, i, question)) {
			text = mp_arena_printf(arena, "%s or %s", text, answer);
		}
	}
	return text;
}
