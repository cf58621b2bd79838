/* test_verify_between - which of two configurations a server follows, by the verdicts of both. */
#include "verify/between.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct mp_expected_reply no = {.code = 550, .text = "no"};
static const struct mp_expected_reply never = {.code = 550, .text = "never"};
static const struct mp_expected_reply yes = {.code = 250, .text = "yes"};
static const struct mp_target_seen seen = {.target = "mail.example.org:25"};

/* A verdict in short: what is promised ('n' no, 'N' no in other words, 'y' yes, '-' nothing
 * listens) and what came of it ('c' confirmed, 'p' possible, 'm' mismatch, 'w' other words, 'i'
 * inconclusive, 'a' that as predicted, 's' skipped). */
static struct mp_check_verdict verdict(const char *code)
{
	struct mp_check_verdict v = {.scenario = "a/b",
		.expected = {.outcome = code[0] == 'y' ? MP_OUTCOME_ACCEPTED_LOCAL
				: code[0] == '-'       ? MP_OUTCOME_NO_SERVICE
						       : MP_OUTCOME_REFUSED,
			.replies = code[0] == 'y' ? &yes
				: code[0] == 'N'  ? &never
						  : &no,
			.reply_count = code[0] != '-',
			.service = code[0] == '-' ? "refused" : ""}};

	switch (code[1]) {
	case 'c':
		v.verdict = MP_VERDICT_CONFIRMED;
		break;
	case 'p':
		v.verdict = MP_VERDICT_POSSIBLE;
		break;
	case 'm':
		v.verdict = MP_VERDICT_MISMATCH;
		v.kind = MP_MISMATCH_STRICTER;
		break;
	case 'w':
		v.verdict = MP_VERDICT_MISMATCH;
		v.kind = MP_MISMATCH_OTHER_WORDS;
		break;
	case 's':
		v.verdict = MP_VERDICT_SKIPPED;
		break;
	default:
		v.verdict = MP_VERDICT_INCONCLUSIVE;
		v.as_predicted = code[1] == 'a';
	}
	return v;
}

static const struct {
	const char *first, *second;
	const char *kind; /* of struct mp_between; "": none */
} cases[] = {
	/* The same promise tells only whether it is kept. */
	{"nc", "nc", ""},
	{"np", "np", ""},
	{"ni", "ni", ""},
	{"nm", "nm", "against"},
	{"nw", "nw", "words"},
	{"-m", "-m", "against"},
	/* Different ones. */
	{"nc", "ym", "first"},
	{"np", "ym", "first"},
	{"ym", "nc", "second"},
	{"nc", "Nw", "first"},
	{"Nw", "nc", "second"},
	{"-c", "nm", "first"},
	{"na", "ym", "first"},
	{"ym", "na", "second"},
	{"nm", "ym", "neither"},
	{"np", "yp", "open"},
	{"nc", "yi", "open"},
	{"ni", "ym", "open"},
	{"ni", "yi", "open"},
	/* What was not played. */
	{"ns", "ym", ""},
	{"nc", "ys", ""},
};

static void test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mp_check_verdict a = verdict(cases[i].first), b = verdict(cases[i].second);
		struct mp_target_verdict first = {.seen = &seen, .checks = &a, .check_count = 1};
		struct mp_target_verdict second = {.seen = &seen, .checks = &b, .check_count = 1};
		struct mp_between got = {0};
		const struct {
			const char *name;
			const struct mp_between_count *count;
		} kinds[] = {{"first", &got.first}, {"second", &got.second},
			{"neither", &got.neither}, {"open", &got.open}, {"against", &got.against},
			{"words", &got.other_words}};

		mp_between_add(&got, &first, &second);
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			size_t wanted = strcmp(cases[i].kind, kinds[k].name) == 0;
			if (kinds[k].count->n != wanted) {
				fail_msg("%s against %s: %zu %s", cases[i].first, cases[i].second,
					kinds[k].count->n, kinds[k].name);
			}
		}
	}
}

/* Counts go on from target to target, and the first of each kind is named. */
static void test_targets(void **state)
{
	struct mp_check_verdict a[3] = {verdict("nc"), verdict("nc"), verdict("nm")};
	struct mp_check_verdict b[3] = {verdict("ym"), verdict("ym"), verdict("nm")};
	struct mp_target_verdict first = {.seen = &seen, .checks = a, .check_count = 3};
	struct mp_target_verdict second = {.seen = &seen, .checks = b, .check_count = 3};
	struct mp_between got = {0};

	(void)state;
	a[0].scenario = "relay/plain";
	mp_between_add(&got, &first, &second);
	mp_between_add(&got, &first, &second);
	assert_int_equal(got.first.n, 4);
	assert_string_equal(got.first.scenario, "relay/plain");
	assert_string_equal(got.first.target, "mail.example.org:25");
	assert_int_equal(got.against.n, 2);
	assert_int_equal(mp_between_told(&got), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
