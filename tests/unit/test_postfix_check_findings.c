/*
 * test_postfix_check_findings - mistakes in restriction lists are found in their places.
 */
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define BASE "compatibility_level = 3.6\nmydestination = local.test\nalias_maps =\n"

static const struct sim_file master[] = {
	{"master.cf", "smtp inet n - y - - smtpd\nrewrite unix - - y - - trivial-rewrite\n"},
	{NULL, NULL}};

static struct sim_case cases[] = {
	{.name = "none", .main_cf = BASE, .want = ""},
	{.name = "a name that nothing has",
		.main_cf = BASE "smtpd_sender_restrictions = permit_mynetworks, rejct\n",
		.want = "main.cf:4:48: error: restriction/unknown"},
	{.name = "a class has a name",
		.main_cf = BASE "smtpd_restriction_classes = mine\nmine = permit_mynetworks\n"
				"smtpd_sender_restrictions = mine\n",
		.want = ""},
	{.name = "behind permit",
		.main_cf =
			BASE "smtpd_sender_restrictions = permit, reject_unknown_sender_domain\n",
		.want = "main.cf:4:37: warning: restriction/unreachable"},
	{.name = "behind a reject that only warns",
		.main_cf = BASE "smtpd_sender_restrictions = warn_if_reject reject, permit\n",
		.want = ""},
	{.name = "no table behind it",
		.main_cf =
			BASE "smtpd_sender_restrictions = check_sender_access, permit_mynetworks\n",
		.want = "main.cf:4:29: error: restriction/no-argument"},
	{.name = "no domain behind it",
		.main_cf = BASE "smtpd_sender_restrictions = reject_rbl_client\n",
		.want = "main.cf:4:29: warning: restriction/no-argument"},
	{.name = "a bare table at DATA",
		.main_cf = BASE "smtpd_data_restrictions = inline:{a=b}\n",
		.want = "main.cf:4:27: error: restriction/bare-table"},
	{.name = "a bare table elsewhere",
		.main_cf = BASE "smtpd_sender_restrictions = inline:{a=b}\n",
		.want = ""},
	{.name = "in a class",
		.main_cf = BASE "smtpd_restriction_classes = mine\nmine = nonsense\n",
		.want = "main.cf:5:8: error: restriction/unknown"},
	{.name = "a code without a text permits",
		.main_cf = BASE
		"smtpd_sender_restrictions = check_sender_access inline:{a.test=554}\n",
		.want = "main.cf:4:49: warning: access/digits-only"},
	{.name = "a code with a text refuses, and other numbers are times",
		.main_cf = BASE "smtpd_sender_restrictions = check_sender_access inline:{"
				"{a.test = 554 No}, {b.test = 1700000000}, {c.test = 250}}\n",
		.want = ""},
	{.name = "a value that is not looked at",
		.main_cf = BASE "relay_domains = inline:{{a.test = OK}, {b.test = reject}}\n",
		.want = "main.cf:4:17: warning: list/value-ignored"},
	{.name = "a value that only begins like a no",
		.main_cf = BASE "relay_domains = inline:{{a.test = north.test}, {b.test = 5th}}\n",
		.want = ""},
};

static void findings_test(void **state)
{
	struct sim_case c = *(const struct sim_case *)*state;

	c.say = "QUIT";
	c.files = master;
	char *got = sim_findings(&c);
	assert_string_equal(got, c.want);
	free(got);
}

int main(void)
{
	enum { COUNT = sizeof cases / sizeof cases[0] };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		tests[i] = (struct CMUnitTest){cases[i].name, findings_test, NULL, NULL, &cases[i]};
	}
	return _cmocka_run_group_tests("postfix_check_findings", tests, COUNT, NULL, NULL);
}
