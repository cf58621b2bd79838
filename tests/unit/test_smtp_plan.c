/* What is left of a plan: just the checks that the budget cost, with all that they need. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "smtp/session.h"

static const struct mp_step steps[] = {
	{.verb = MP_VERB_GREETING, .line = "", .after = -1},
	{.verb = MP_VERB_EHLO, .line = "EHLO x", .after = 0},
	{.verb = MP_VERB_MAIL, .line = "MAIL FROM:<c>", .unit = 1, .after = 1},
	{.verb = MP_VERB_RCPT, .line = "RCPT TO:<own>", .unit = 1, .after = 2},
	{.verb = MP_VERB_RSET, .line = "RSET", .unit = 1, .after = 2},
	{.verb = MP_VERB_MAIL, .line = "MAIL FROM:<1>", .unit = 2, .after = 1},
	{.verb = MP_VERB_RCPT, .line = "RCPT TO:<1>", .unit = 2, .after = 5},
	{.verb = MP_VERB_RSET, .line = "RSET", .unit = 2, .after = 5},
	{.verb = MP_VERB_STARTTLS, .line = "STARTTLS", .after = 1},
	{.verb = MP_VERB_EHLO, .line = "EHLO x", .after = 8},
	{.verb = MP_VERB_MAIL, .line = "MAIL FROM:<2>", .unit = 3, .after = 9},
	{.verb = MP_VERB_RCPT, .line = "RCPT TO:<2>", .unit = 3, .after = 10},
};

enum { STEPS = sizeof steps / sizeof steps[0] };

static const struct mp_check checks[] = {
	{.scenario = "one", .step = 6, .control = 3, .origin = 0},
	{.scenario = "two", .step = 11, .control = -1, .origin = 1},
};

static const struct mp_plan plan = {
	.steps = steps, .step_count = STEPS, .checks = checks, .check_count = 2};

static void rest(void **state)
{
	struct mp_step_result results[STEPS] = {{0}};
	struct mp_arena arena = {0};

	(void)state;
	assert_null(mp_plan_rest(&plan, results, &arena));

	results[11].status = MP_STEP_SKIPPED;
	results[11].why = MP_SKIP_REFUSED_EARLIER;
	assert_null(mp_plan_rest(&plan, results, &arena));

	results[11].why = MP_SKIP_BUDGET;
	const struct mp_plan *left = mp_plan_rest(&plan, results, &arena);
	assert_non_null(left);
	static const char *const want[] = {
		"", "EHLO x", "STARTTLS", "EHLO x", "MAIL FROM:<2>", "RCPT TO:<2>"};
	assert_int_equal(left->step_count, 6);
	for (int i = 0; i < 6; i++) {
		assert_string_equal(left->steps[i].line, want[i]);
		assert_int_equal(left->steps[i].after, i - 1);
	}
	assert_int_equal(left->check_count, 1);
	assert_int_equal(left->checks[0].step, 5);
	assert_int_equal(left->checks[0].control, -1);
	assert_int_equal(left->checks[0].origin, 1);

	/* The control comes along. */
	results[11].status = MP_STEP_PLAYED;
	results[6].status = MP_STEP_SKIPPED;
	results[6].why = MP_SKIP_BUDGET;
	left = mp_plan_rest(&plan, results, &arena);
	assert_int_equal(left->step_count, 8);
	assert_int_equal(left->checks[0].step, 6);
	assert_int_equal(left->checks[0].control, 3);
	assert_string_equal(left->steps[3].line, "RCPT TO:<own>");
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(rest)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
