/*
 * test_postfix_check_reasons - which lines of the configuration an answer names, most direct first.
 */
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define BASE                                                                                       \
	"compatibility_level = 3.6\n"                                                              \
	"mydestination = local.test\n"                                                             \
	"mynetworks = 10.0.0.0/8\n"                                                                \
	"alias_maps =\n"

static const struct sim_file access_file[] = {
	{"access", "# comment\nother.test OK\nsender.test  REJECT go away\n"}, {NULL, NULL}};

static struct sim_case cases[] = {
	{.name = "a default has no place, and is named",
		.main_cf = BASE,
		.say = SIM_MAIL "RCPT TO:<x@remote.test>",
		.want = ":0:0: defer_unauth_destination\n"
			":0:0: smtpd_relay_restrictions = permit_mynetworks, "
			"permit_sasl_authenticated, defer_unauth_destination (default)"},
	{.name = "a restriction in its place",
		.main_cf = BASE "smtpd_recipient_restrictions =\n  permit_mynetworks,\n\n"
				"# no\n  reject_unauth_destination\nsmtpd_relay_restrictions =\n",
		.say = SIM_MAIL "RCPT TO:<x@remote.test>",
		.want = "main.cf:9:3: reject_unauth_destination"},
	{.name = "a table's entry behind its restriction",
		.main_cf = BASE "smtpd_sender_restrictions = check_sender_access "
				"texthash:/etc/postfix/access\n",
		.files = access_file,
		.say = SIM_MAIL "RCPT TO:<alice@local.test>",
		.want = "main.cf:5:29: check_sender_access texthash:/etc/postfix/access\n"
			"access:3:1: REJECT go away"},
	{.name = "a class, and what names it",
		.main_cf = BASE "smtpd_restriction_classes = mine\nmine = reject\n"
				"smtpd_sender_restrictions = permit_mynetworks, mine\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>",
		.want = "main.cf:6:8: reject\nmain.cf:7:48: mine"},
	{.name = "an acceptance by network",
		.main_cf = BASE,
		.client = "10.1.2.3",
		.say = SIM_MAIL "RCPT TO:<x@remote.test>",
		.want = ":0:0: permit_mynetworks\n"
			"main.cf:3:14: 10.0.0.0/8\n"
			":0:0: smtpd_relay_restrictions = permit_mynetworks, "
			"permit_sasl_authenticated, defer_unauth_destination (default)"},
	{.name = "what discarded the mail, not the lists that were skipped",
		.main_cf = BASE "smtpd_sender_restrictions = check_sender_access static:DISCARD\n",
		.say = SIM_MAIL "RCPT TO:<x@remote.test>",
		.want = "main.cf:5:29: check_sender_access static:DISCARD\nmain.cf:5:49: DISCARD"},
	{.name = "mail is discarded from an earlier command on",
		.main_cf = BASE "smtpd_sender_restrictions = check_sender_access static:DISCARD\n"
				"smtpd_delay_reject = no\n",
		.say = SIM_MAIL "RCPT TO:<x@remote.test>",
		.want = "main.cf:5:29: check_sender_access static:DISCARD\nmain.cf:5:49: DISCARD"},
	{.name = "the relay list that does not refuse what the recipient list permits",
		.main_cf =
			BASE "smtpd_recipient_restrictions = check_sender_access static:OK,\n"
			     "  reject_unauth_destination\nsmtpd_relay_restrictions = $nothing\n",
		.say = SIM_MAIL "RCPT TO:<x@remote.test>",
		.want = "main.cf:5:32: check_sender_access static:OK\nmain.cf:5:52: OK\n"
			"main.cf:7:1: smtpd_relay_restrictions = $nothing"},
	{.name = "an address with a route that is allowed",
		.main_cf = BASE "allow_untrusted_routing = yes\nrelay_domains = relay.test\n"
				"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = SIM_MAIL "RCPT TO:<x%remote.test@relay.test>",
		.want = "main.cf:5:1: allow_untrusted_routing = yes\n"
			"main.cf:6:17: relay.test\n"
			"main.cf:7:28: reject_unauth_destination"},
	{.name = "networks that are not set come from their style",
		.main_cf = "compatibility_level = 3.6\nmydestination = local.test\n"
			   "mynetworks_style = class\n"
			   "smtpd_relay_restrictions = permit_mynetworks, reject\n",
		.client = "127.0.0.1",
		.say = SIM_MAIL "RCPT TO:<x@remote.test>",
		.want = "main.cf:4:28: permit_mynetworks\n"
			":0:0: 127.0.0.0/8\n"
			"main.cf:3:1: mynetworks_style = class"},
	{.name = "an unknown word says what it is not",
		.main_cf = BASE "smtpd_sender_restrictions = rejct\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>",
		.want = "main.cf:5:29: rejct\n"
			":0:0: rejct is no restriction of Postfix and no class"},
};

static void because_test(void **state)
{
	const struct sim_case *c = *state;
	char *got = sim_because(c);

	assert_string_equal(got, c->want);
	free(got);
}

int main(void)
{
	enum { COUNT = sizeof cases / sizeof cases[0] };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		tests[i] = (struct CMUnitTest){cases[i].name, because_test, NULL, NULL, &cases[i]};
	}
	return _cmocka_run_group_tests("postfix_check_reasons", tests, COUNT, NULL, NULL);
}
