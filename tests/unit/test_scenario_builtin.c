/* What is compiled in is what the data files say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/scenario.h"

static void same_text(const char *a, const char *b)
{
	assert_int_equal(a == NULL, b == NULL);
	if (a != NULL) {
		assert_string_equal(a, b);
	}
}

static void same_texts(const char *const *a, size_t an, const char *const *b, size_t bn)
{
	assert_int_equal(an, bn);
	for (size_t i = 0; i < an; i++) {
		assert_string_equal(a[i], b[i]);
	}
}

static void same_scenario(const struct mp_scenario *a, const struct mp_scenario *b)
{
	same_text(a->id, b->id);
	same_text(a->title, b->title);
	same_text(a->why, b->why);
	same_text(a->group, b->group);
	same_text(a->control, b->control);
	same_text(a->keyword, b->keyword);
	same_text(a->each, b->each);
	same_text(a->with, b->with);
	same_texts(a->suites, a->suite_count, b->suites, b->suite_count);
	same_texts(a->dialogue, a->line_count, b->dialogue, b->line_count);
	same_texts(a->alarm.outcomes, a->alarm.outcome_count, b->alarm.outcomes,
		b->alarm.outcome_count);
	same_text(a->alarm.rule, b->alarm.rule);
	same_text(a->alarm.message, b->alarm.message);
	assert_int_equal(a->alarm.severity, b->alarm.severity);
	assert_int_equal(a->alarm.client, b->alarm.client);
	assert_int_equal(a->alarm.services, b->alarm.services);
	assert_int_equal(a->alarm.port, b->alarm.port);
	assert_int_equal(a->alarm.certain, b->alarm.certain);
	assert_int_equal(a->alarm.passwords, b->alarm.passwords);
	assert_int_equal(a->client, b->client);
	assert_int_equal(a->services, b->services);
	assert_int_equal(a->needs, b->needs);
	assert_int_equal(a->impact, b->impact);
	assert_int_equal(a->tests, b->tests);
	assert_int_equal(a->tested, b->tested);
	assert_int_equal(a->rejects, b->rejects);
	assert_int_equal(a->any_refusal, b->any_refusal);
}

static void test_compiled_in(void **state)
{
	struct mp_scenarios compiled = {0}, files = {0};
	struct mp_err err = {0};

	(void)state;
	assert_int_equal(mp_scenarios_builtin(&compiled, &err), 0);
	assert_int_equal(mp_scenarios_folder(&files, "rules", &err), 0);
	assert_true(files.list.n > 100);
	assert_int_equal(compiled.list.n, files.list.n);
	for (size_t i = 0; i < files.list.n; i++) {
		same_scenario(compiled.list.v[i], files.list.v[i]);
	}
	assert_true(files.suites.n > 0);
	assert_int_equal(compiled.suites.n, files.suites.n);
	for (size_t i = 0; i < files.suites.n; i++) {
		same_text(compiled.suites.v[i]->name, files.suites.v[i]->name);
		same_text(compiled.suites.v[i]->title, files.suites.v[i]->title);
		assert_int_equal(compiled.suites.v[i]->rejects, files.suites.v[i]->rejects);
	}
	mp_scenarios_release(&compiled);
	mp_scenarios_release(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_compiled_in)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
