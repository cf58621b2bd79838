/* Exploration: every world is seen, equal ones are merged, and only what matters is assumed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/limits.h"
#include "world/facts.h"
#include "world/world.h"

#include <string.h>

typedef const char *simulation(struct mp_world *w);

static void *play(void *context, struct mp_world *w, struct mp_arena *keep)
{
	simulation *const *run = context;

	return mp_arena_strdup(keep, (*run)(w));
}

static bool equal(const void *a, const void *b)
{
	return strcmp(a, b) == 0;
}

static const struct mp_explore_ops ops = {.play = play, .equal = equal};

static struct mp_exploration explore(
	struct mp_arena *keep, const struct mp_facts *facts, simulation *run)
{
	return mp_explore(facts, &ops, &run, keep);
}

static const char *always(struct mp_world *w)
{
	(void)w;
	return "250";
}

/* Only mx matters, and only when the user exists. */
static const char *lazy(struct mp_world *w)
{
	if (mp_ask_user(w, "joe") == MP_NONE) {
		return "550";
	}
	return mp_ask_dns(w, MP_DNS_MX, "Example.COM.").status == MP_TEMPFAIL ? "450" : "250";
}

/* Asks, but the answer changes nothing; asks the same again. */
static const char *idle(struct mp_world *w)
{
	enum mp_found a = mp_ask_found(w, "alias.exists joe");
	enum mp_found b = mp_ask_found(w, "alias.exists joe");

	assert_int_equal(a, b);
	return "250";
}

/* "yes" for one value at most. */
static const char *own_name(struct mp_world *w)
{
	bool a = mp_ask_is(w, "host.name", "a.example");
	bool b = mp_ask_is(w, "host.name", "b.example");

	assert_false(a && b);
	return a ? "a" : b ? "b" : "neither";
}

static const char *endless(struct mp_world *w)
{
	static char text[16];
	size_t sum = 0;

	for (size_t i = 0; i < 20; i++) {
		char question[] = {'q', (char)('a' + i), '\0'};
		sum = sum * 3 + (size_t)mp_ask_found(w, question);
	}
	for (size_t i = 0; i < 15; i++) {
		text[i] = (char)('0' + sum % 10);
		sum /= 10;
	}
	return text;
}

static void test_no_question(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_exploration x = explore(&keep, facts, always);

	(void)state;
	assert_int_equal(x.n, 1);
	assert_int_equal(x.v[0].case_count, 1);
	assert_int_equal(x.v[0].cases[0].n, 0);
	assert_false(x.truncated);
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

static void test_only_what_matters(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_exploration x = explore(&keep, facts, lazy);

	(void)state;
	assert_int_equal(x.n, 3);
	assert_string_equal(x.v[0].value, "250");
	assert_int_equal(x.v[0].case_count, 2);
	assert_string_equal(x.v[0].cases[0].v[0].question, "user.exists joe");
	assert_string_equal(x.v[0].cases[0].v[0].answer, "found");
	assert_string_equal(x.v[0].cases[1].v[1].question, "dns.mx example.com");
	assert_string_equal(x.v[0].cases[1].v[1].answer, "none");
	assert_string_equal(x.v[1].value, "450");
	assert_string_equal(x.v[2].value, "550");
	assert_int_equal(x.v[2].cases[0].n, 1);

	x = explore(&keep, facts, idle);
	assert_int_equal(x.n, 1);
	assert_int_equal(x.v[0].case_count, 1);
	assert_int_equal(x.v[0].cases[0].n, 0);

	x = explore(&keep, facts, own_name);
	assert_int_equal(x.n, 3);
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

static void test_facts_remove_questions(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_err err = {0};

	(void)state;
	assert_int_equal(0,
		mp_facts_read(facts, "f",
			mp_slice_str("{\"local_users\": [\"joe\"], \"dns\": "
				     "{\"mx example.com\": \"tempfail\"}}"),
			&err));
	struct mp_exploration x = explore(&keep, facts, lazy);
	assert_int_equal(x.n, 1);
	assert_string_equal(x.v[0].value, "450");
	assert_int_equal(0, mp_facts_assume(facts, "dns.mx example.com=found", &err));
	x = explore(&keep, facts, lazy);
	assert_string_equal(x.v[0].value, "250");
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

static void test_limit(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_exploration x = explore(&keep, facts, endless);

	(void)state;
	assert_true(x.truncated);
	assert_int_equal(x.n, MP_LIMIT_WORLDS);
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

/* What was asked is known, whether it mattered or not: once each, in order, without what facts
 * answer. */
static void test_what_was_asked(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_err err = {0};

	(void)state;
	struct mp_exploration x = explore(&keep, facts, lazy);
	assert_int_equal(x.asked.n, 2);
	assert_string_equal(x.asked.v[0], "user.exists joe");
	assert_string_equal(x.asked.v[1], "dns.mx example.com");
	x = explore(&keep, facts, idle);
	assert_int_equal(x.n, 1);
	assert_int_equal(x.asked.n, 1);
	assert_string_equal(x.asked.v[0], "alias.exists joe");
	x = explore(&keep, facts, own_name);
	assert_int_equal(x.asked.n, 1);
	assert_string_equal(x.asked.v[0], "host.name");
	assert_int_equal(mp_facts_assume(facts, "user.exists joe=found", &err), 0);
	x = explore(&keep, facts, lazy);
	assert_int_equal(x.asked.n, 1);
	assert_string_equal(x.asked.v[0], "dns.mx example.com");
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

/* Who only asks whether it is a 2xx takes 450 and 550 for the same. */
static void test_groups(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_exploration x = explore(&keep, facts, lazy);
	const size_t refusals[] = {7, 2, 2};
	const size_t all[] = {0, 0, 0};
	struct mp_exploration g = mp_exploration_group(&x, refusals, 8, &keep);

	(void)state;
	assert_int_equal(g.n, 2);
	assert_string_equal(g.v[0].value, "250");
	assert_int_equal(g.v[0].case_count, 2);
	assert_string_equal(g.v[1].value, "450");
	assert_int_equal(g.v[1].case_count, 2);
	assert_int_equal(g.case_count, 4);
	assert_int_equal(g.asked.n, 2);
	/* alike in every world: nothing is assumed */
	g = mp_exploration_group(&x, all, 1, &keep);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.v[0].case_count, 1);
	assert_int_equal(g.v[0].cases[0].n, 0);
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

/* Cut short where the caller says so; not where that was all anyway. */
static void test_most_plays(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_explore_ops few = ops;
	simulation *run = lazy;

	(void)state;
	few.most_plays = 3;
	assert_true(mp_explore(facts, &few, &run, &keep).truncated);
	few.most_plays = 4; /* no user; and a user with three states of the exchanger */
	assert_false(mp_explore(facts, &few, &run, &keep).truncated);
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

/* ---- by differences ---- */

/* Lists that are looked up one after the other: listed ends it, no answer is passed over. Far more
 * worlds than could be played. */
static const char *many_lists(struct mp_world *w)
{
	for (size_t i = 0; i < 24; i++) {
		char question[] = {'l', (char)('a' + i), '\0'};
		if (mp_ask_found(w, question) == MP_FOUND) {
			return "554";
		}
	}
	return mp_ask_user(w, "joe") == MP_FOUND ? "250" : "550";
}

/* "q" decides what another answer means, which cannot be seen while "z" is none. */
static const char *hidden(struct mp_world *w)
{
	enum mp_found q = mp_ask_found(w, "q");

	for (size_t i = 0; i < 20; i++) {
		char question[] = {'m', (char)('a' + i), '\0'};
		(void)mp_ask_found(w, question);
	}
	if (mp_ask_found(w, "z") != MP_FOUND) {
		return "550";
	}
	return q == MP_TEMPFAIL ? "250" : "450";
}

static struct mp_exploration explore_some(
	struct mp_arena *keep, const struct mp_facts *facts, simulation *run, size_t sampled)
{
	struct mp_explore_ops some = ops;

	some.most_plays = 16;
	some.sampled_plays = sampled;
	return mp_explore(facts, &some, &run, keep);
}

static const struct mp_world_result *result_of(const struct mp_exploration *x, const char *value)
{
	for (size_t i = 0; i < x->n; i++) {
		if (strcmp(x->v[i].value, value) == 0) {
			return &x->v[i];
		}
	}
	return NULL;
}

static void test_differences(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_exploration x = explore_some(&keep, facts, many_lists, 2000);

	(void)state;
	assert_true(x.sampled);
	assert_false(x.truncated);
	assert_int_equal(x.n, 3);
	/* What does not matter is no assumption: only the lists that come before. */
	const struct mp_world_result *listed = result_of(&x, "554");
	assert_non_null(listed);
	assert_int_equal(listed->cases[0].n, 24);
	assert_non_null(result_of(&x, "250"));
	assert_non_null(result_of(&x, "550"));
	/* The same without that: it is given up. */
	assert_true(explore_some(&keep, facts, many_lists, 0).truncated);
	/* Where all can be played, they are. */
	x = explore_some(&keep, facts, lazy, 2000);
	assert_false(x.sampled);
	assert_false(x.truncated);
	assert_int_equal(x.n, 3);
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

/* The samples find what the first look passed over, and what it rests on is said. */
static void test_hidden_difference(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_exploration x = explore_some(&keep, facts, hidden, 2000);

	(void)state;
	assert_int_equal(x.n, 3);
	const struct mp_world_result *good = result_of(&x, "250");
	assert_non_null(good);
	assert_true(good->case_count > 0);
	assert_int_equal(good->cases[0].n, 2);
	assert_string_equal(good->cases[0].v[0].question, "q");
	assert_string_equal(good->cases[0].v[0].answer, "tempfail");
	assert_string_equal(good->cases[0].v[1].question, "z");
	assert_string_equal(good->cases[0].v[1].answer, "found");
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

/* Cut short by its own limit it says so, and what it has seen is there. */
static void test_differences_cut(void **state)
{
	struct mp_arena keep = {0};
	struct mp_facts *facts = mp_facts_new();
	struct mp_exploration x = explore_some(&keep, facts, many_lists, 10);

	(void)state;
	assert_true(x.truncated);
	assert_true(x.n > 0);
	for (size_t i = 0; i < x.n; i++) {
		assert_true(x.v[i].case_count > 0);
	}
	mp_facts_free(facts);
	mp_arena_release(&keep);
}

/* Simulations made of random numbers: what is asked after which answers, and how it ends. All
 * worlds of each are few enough to be played; the results must be the same. */
static uint64_t seed;

static const char *random_simulation(struct mp_world *w)
{
	static const char *const ends[] = {"250", "450", "550", "554"};
	uint64_t at = seed;

	for (size_t depth = 0; depth < 7; depth++) {
		char question[] = {'r', (char)('a' + at % 11), '\0'};
		uint64_t kind = at >> 8 & 7;
		enum mp_found answer = mp_ask_found(w, question);
		/* Most answers lead to the same place. */
		uint64_t way = kind < 4 ? 0 : kind < 6 ? answer == MP_FOUND : (uint64_t)answer;
		at = (at + way + 1) * 0x9e3779b97f4a7c15u;
		at ^= at >> 29;
		if ((at & 15) == 0) {
			break;
		}
	}
	return ends[at >> 20 & 3];
}

static void test_random_simulations(void **state)
{
	size_t missed = 0;

	(void)state;
	for (seed = 1; seed <= 300; seed++) {
		struct mp_arena keep = {0};
		struct mp_facts *facts = mp_facts_new();
		struct mp_exploration all = explore(&keep, facts, random_simulation);
		struct mp_exploration some = explore_some(&keep, facts, random_simulation, 4000);
		assert_false(all.truncated);
		assert_false(some.truncated);
		for (size_t i = 0; i < some.n; i++) {
			assert_non_null(result_of(&all, some.v[i].value));
			assert_true(some.v[i].case_count > 0);
		}
		missed += all.n - some.n;
		mp_facts_free(facts);
		mp_arena_release(&keep);
	}
	/* Samples are no proof, but nearly. */
	assert_true(missed <= 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_question),
		cmocka_unit_test(test_only_what_matters),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_most_plays),
		cmocka_unit_test(test_differences),
		cmocka_unit_test(test_hidden_difference),
		cmocka_unit_test(test_differences_cut),
		cmocka_unit_test(test_random_simulations),
		cmocka_unit_test(test_facts_remove_questions),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_what_was_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
