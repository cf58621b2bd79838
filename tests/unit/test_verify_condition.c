/* Conditions: which answers can be true together, and what is left when several must be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verify/condition.h"

static void test_stable(void **state)
{
	static const struct {
		const char *question, *answer;
		bool want;
	} rows[] = {
		{"client.name 203.0.113.5", "none", true},
		{"client.name 203.0.113.5", "tempfail", false},
		{"dns.address a.example", "found", true},
		{"dns.address a.example", "tempfail", false},
		{"mta.version", "3.6", true},
		{"mta.build SASL", "found", true},
		{"host.name", "mail.example.org", true},
		{"user.exists alice", "found", true},
		{"alias.exists alice", "none", true},
		{"file.exists /x", "none", true},
		{"table.lookup hash:/etc/postfix/access a.example", "reject", true},
		{"sasl.mechanisms", "PLAIN LOGIN", true},
		{"sasl.login alice", "found", true},
		{"tls.usable /x", "none", true},
		{"policy.reply inet:127.0.0.1:10023", "permit", false},
		{"milter.reply inet:127.0.0.1:1", "reject", false},
		{"address.verified a@a.example", "found", false},
		{"limit recipients 203.0.113.5", "found", false},
		{"postscreen.seen 203.0.113.5", "none", false},
		{"what.is.this", "none", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct mp_assumption a = {rows[i].question, rows[i].answer};
		if (mp_assumption_is_stable(&a) != rows[i].want) {
			fail_msg("%s = %s", rows[i].question, rows[i].answer);
		}
	}
}

static void test_conflicts(void **state)
{
	static const struct {
		const char *question, *a, *b;
		bool want;
	} rows[] = {
		{"client.name 203.0.113.5", "none", "none", false},
		{"client.name 203.0.113.5", "none", "a.example", true},
		{"client.name 203.0.113.5", "none", "forged", true},
		{"client.name 203.0.113.5", "none", "other", true},
		{"client.name 203.0.113.5", "a.example", "b.example", true},
		{"client.name 203.0.113.5", "a.example", "A.example", false},
		{"client.name 203.0.113.5", "other", "b.example", false},
		{"client.name 203.0.113.5", "{client.name}", "b.example", false},
		{"client.name 203.0.113.5", "not b.example", "b.example", true},
		{"client.name 203.0.113.5", "b.example", "not b.example", true},
		{"client.name 203.0.113.5", "not a.example", "b.example", false},
		{"client.name 203.0.113.5", "not a.example", "not b.example", false},
		{"client.name 203.0.113.5", "not a.example", "none", false},
		{"mta.version", "3.6", "3.9", true},
		{"user.exists alice", "found", "none", true},
		{"dns.address a.example", "192.0.2.1", "192.0.2.2", false},
		{"dns.address a.example", "192.0.2.1", "none", true},
		{"dns.address a.example", "192.0.2.1", "found", false},
		{"table.lookup hash:/x a.example", "permit", "reject", true},
		{"table.lookup hash:/x a.example", "permit", "found", false},
		{"table.lookup hash:/x a.example", "OK", "permit", false},
		{"table.lookup hash:/x a.example", "none", "permit", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct mp_assumption a = {rows[i].question, rows[i].a};
		struct mp_assumption b = {rows[i].question, rows[i].b};
		struct mp_assumption elsewhere = {"host.domain", rows[i].b};
		if (mp_assumptions_conflict(&a, &b) != rows[i].want ||
			mp_assumptions_conflict(&b, &a) != rows[i].want) {
			fail_msg("%s = %s, %s", rows[i].question, rows[i].a, rows[i].b);
		}
		assert_false(mp_assumptions_conflict(&a, &elsewhere));
	}
}

/* Worlds 0..n-1 of one question and one answer each. */
enum { MOST = 600 };

struct worlds {
	struct mp_assumption a[MOST];
	struct mp_assumptions when[MOST];
	struct mp_world_result v[MOST];
	struct mp_exploration worlds;
};

static void make_worlds(struct worlds *w, const char *const *answers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		w->a[i] = (struct mp_assumption){"client.name 203.0.113.5", answers[i]};
		w->when[i] = (struct mp_assumptions){&w->a[i], 1};
		w->v[i] = (struct mp_world_result){NULL, &w->when[i], 1};
	}
	w->worlds = (struct mp_exploration){.v = w->v, .n = n};
}

static void test_of_worlds(void **state)
{
	static const char *const answers[] = {"none", "other", "a.example", "tempfail"};
	static struct worlds w;
	struct mp_arena arena = {0};
	bool first_two[] = {true, true, false, false}, a_only[] = {false, false, true, false};
	bool with_failure[] = {true, false, false, true}, nothing[] = {false, false, false, false};

	(void)state;
	make_worlds(&w, answers, 4);
	struct mp_condition strangers = mp_condition_of(&w.worlds, first_two, &arena);
	struct mp_condition a = mp_condition_of(&w.worlds, a_only, &arena);
	assert_int_equal(strangers.n, 2);
	assert_false(mp_condition_always(&strangers));
	/* "other" is known not to be a.example: it is one of the answers */
	assert_false(mp_condition_meets(&strangers, &a));
	assert_int_equal(mp_condition_both(&strangers, &a, &arena).n, 0);
	assert_string_equal(mp_condition_answers(&strangers, "client.name 203.0.113.5", &arena),
		"none or other");
	assert_null(mp_condition_answers(&strangers, "mta.version", &arena));
	assert_true(mp_condition_allows(&a, &w.worlds, &w.when[2], &arena));
	assert_true(mp_condition_allows(&a, &w.worlds, &w.when[3], &arena));
	assert_false(mp_condition_allows(&a, &w.worlds, &w.when[1], &arena));
	struct mp_condition c = mp_condition_of(&w.worlds, with_failure, &arena);
	assert_true(mp_condition_always(&c));
	c = mp_condition_of(&w.worlds, nothing, &arena);
	assert_int_equal(c.n, 0);
	assert_false(mp_condition_always(&c));
	mp_arena_release(&arena);
}

static void test_both(void **state)
{
	struct mp_assumption name = {"client.name 203.0.113.5", "none"};
	struct mp_assumption old = {"mta.version", "3.2"}, new = {"mta.version", "3.9"};
	struct mp_assumption two[] = {name, old};
	struct mp_assumptions by_name = {&name, 1}, by_old = {&old, 1}, by_new = {&new, 1};
	struct mp_assumptions by_two = {two, 2}, versions[] = {by_old, by_new};
	struct mp_condition a = {&by_name, 1}, b = {versions, 2}, c = {&by_two, 1};
	struct mp_arena arena = {0};

	(void)state;
	struct mp_condition ab = mp_condition_both(&a, &b, &arena);
	assert_int_equal(ab.n, 2);
	assert_int_equal(ab.cases[0].n, 2);
	assert_string_equal(mp_condition_answers(&ab, "mta.version", &arena), "3.2 or 3.9");
	struct mp_condition abc = mp_condition_both(&ab, &c, &arena);
	assert_int_equal(abc.n, 1);
	assert_string_equal(mp_condition_answers(&abc, "mta.version", &arena), "3.2");
	mp_arena_release(&arena);
}

/* What would be too much to follow says nothing, rather than something false. */
static void test_too_many(void **state)
{
	static const char *answers[MOST];
	static struct worlds w;
	static bool all[MOST];
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < MOST; i++) {
		answers[i] = mp_arena_printf(&arena, "h%zu.example", i);
		all[i] = true;
	}
	make_worlds(&w, answers, MOST);
	struct mp_condition c = mp_condition_of(&w.worlds, all, &arena);
	assert_true(mp_condition_always(&c));
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stable),
		cmocka_unit_test(test_conflicts),
		cmocka_unit_test(test_of_worlds),
		cmocka_unit_test(test_both),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
