/* A live reply against a simulated one, holes included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verify/match.h"

static void test_text(void **state)
{
	static const struct {
		const char *pattern, *text;
		bool want;
	} cases[] = {
		{"", "", true},
		{"abc", "abc", true},
		{"abc", "abcd", false},
		{"abcd", "abc", false},
		{"250 2.0.0 Ok: queued as {queue-id}", "250 2.0.0 Ok: queued as 4ABC", true},
		{"250 2.0.0 Ok: queued as {queue-id}", "250 2.0.0 Ok: queued as ", false},
		{"<{client.name}[192.0.2.1]>: no", "<a.example[192.0.2.1]>: no", true},
		{"<{client.name}[192.0.2.1]>: no", "<a[192.0.2.1]>: [192.0.2.1]>: no", true},
		{"<{client.name}[192.0.2.1]>: no", "<a.example[192.0.2.2]>: no", false},
		{"{date}{queue-id}", "ab", true},
		{"{date}{queue-id}", "a", false},
		{"{date}-{date}-x", "1-2-3-x", true},
		{"{date}-{date}-x", "1-x", false},
		{"{Not a hole}", "{Not a hole}", true},
		{"{Not a hole}", "anything", false},
		{"{open", "{open", true},
		{"{}", "x", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		bool got = mp_text_matches(cases[i].pattern, mp_slice_str(cases[i].text));
		if (got != cases[i].want) {
			fail_msg("'%s' against '%s'", cases[i].pattern, cases[i].text);
		}
	}
}

static struct mp_sim_reply simulated(const char *const *lines, size_t n, unsigned code)
{
	return (struct mp_sim_reply){
		.kind = MP_SIM_REPLY, .code = code, .lines = lines, .line_count = n};
}

static void test_reply(void **state)
{
	const char *const two[] = {"250-mail.example.org", "250 AUTH PLAIN LOGIN"};
	struct mp_slice live_two[] = {mp_slice_str("250-mail.example.org"),
		mp_slice_str("250-SIZE"), mp_slice_str("250 AUTH PLAIN LOGIN")};
	struct mp_sim_reply s = simulated(two, 2, 250);
	struct mp_sim_reply any = {.kind = MP_SIM_ANY, .any = "45"};
	struct mp_slice refused[] = {mp_slice_str("550 no")};
	struct mp_reply live;

	(void)state;
	assert_true(mp_reply_from_lines(&live, live_two, 3));
	assert_false(mp_reply_matches(&s, &live));
	assert_true(mp_keyword_matches(&s, &live, "AUTH"));
	assert_false(mp_keyword_matches(&s, &live, "SIZE"));
	assert_true(mp_keyword_matches(&s, &live, "DSN"));
	assert_false(mp_reply_matches(&any, &live));
	assert_true(mp_reply_from_lines(&live, refused, 1));
	assert_true(mp_reply_matches(&any, &live));
	assert_false(mp_reply_matches(&s, &live));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_reply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
