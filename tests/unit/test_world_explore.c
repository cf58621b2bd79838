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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_question),
		cmocka_unit_test(test_only_what_matters),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_most_plays),
		cmocka_unit_test(test_facts_remove_questions),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_what_was_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
