/*
 * test_postfix_check_generic - the restrictions that look at nothing, and policy services.
 *
 * What is wanted here was answered by Postfix 3.7.11, but for "(any N)", which stands where it
 * answers with chance bytes, and a few cases with IPv6 clients, which follow the reference.
 */
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define FACTS_1                                                                                    \
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\", \"addresses\": "            \
	"[\"192.0.2.10/24\","                                                                      \
	" \"127.0.0.1/8\", \"::1/128\"], \"local_users\": [\"root\", \"alice\", \"bob\"],"         \
	" \"dns_complete\": true, \"config_complete\": true, \"distribution\": \"debian\","        \
	" \"answers\": {\"policy.reply unix:/nonexistent\": \"tempfail\"}}"

static struct sim_case cases[] = {
	{.name = "permit", .main_cf = SIM_LIST("permit"), .say = SIM_LOCAL, .want = "250 2.1.5 Ok"},
	{.name = "reject",
		.main_cf = SIM_LIST("reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "reject_code",
		.main_cf = SIM_LIST("reject") "reject_code = 521\n",
		.say = SIM_LOCAL,
		.want = "521 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "defer",
		.main_cf = SIM_LIST("defer"),
		.say = SIM_LOCAL,
		.want = "450 4.3.2 <alice@local.test>: Recipient address rejected: Try again "
			"later"},
	{.name = "defer_code",
		.main_cf = SIM_LIST("defer") "defer_code = 421\n",
		.say = SIM_LOCAL,
		.want = "421 4.3.2 <alice@local.test>: Recipient address rejected: Try again "
			"later"},
	{.name = "defer_if_permit",
		.main_cf = SIM_LIST("defer_if_permit"),
		.say = SIM_LOCAL,
		.want = "450 4.7.0 <alice@local.test>: Recipient address rejected: defer_if_permit "
			"requested"},
	{.name = "defer_if_permit then reject",
		.main_cf = SIM_LIST("defer_if_permit, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "defer_if_reject then reject",
		.main_cf = SIM_LIST("defer_if_reject, reject"),
		.say = SIM_LOCAL,
		.want = "450 4.7.0 <alice@local.test>: Recipient address rejected: defer_if_reject "
			"requested"},
	{.name = "defer_if_reject then defer",
		.main_cf = SIM_LIST("defer_if_reject, defer"),
		.say = SIM_LOCAL,
		.want = "450 4.3.2 <alice@local.test>: Recipient address rejected: Try again "
			"later"},
	{.name = "defer_if_reject alone",
		.main_cf = SIM_LIST("defer_if_reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "both flags end the list",
		.main_cf = SIM_LIST("defer_if_reject, defer_if_permit, reject"),
		.say = SIM_LOCAL,
		.want = "450 4.7.0 <alice@local.test>: Recipient address rejected: defer_if_permit "
			"requested"},
	{.name = "defer_if_permit ends with permit",
		.main_cf = SIM_LIST("defer_if_permit, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.7.0 <alice@local.test>: Recipient address rejected: defer_if_permit "
			"requested"},
	{.name = "warn_if_reject",
		.main_cf = SIM_LIST("warn_if_reject reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "warn_if_reject covers one",
		.main_cf = SIM_LIST("warn_if_reject reject, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "warn_if_reject last",
		.main_cf = SIM_LIST("warn_if_reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "warn_if_reject defer_if_permit",
		.main_cf = SIM_LIST("warn_if_reject defer_if_permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "warn_if_reject twice",
		.main_cf = SIM_LIST("warn_if_reject warn_if_reject reject, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "sleep",
		.main_cf = SIM_LIST("sleep 0, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "sleep without number",
		.main_cf = SIM_LIST("sleep x, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "sleep last",
		.main_cf = SIM_LIST("sleep"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "reject_plaintext_session",
		.main_cf = SIM_LIST("reject_plaintext_session"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 Session encryption is required"},
	{.name = "plaintext_reject_code",
		.main_cf = SIM_LIST("reject_plaintext_session") "plaintext_reject_code = 530\n",
		.say = SIM_LOCAL,
		.want = "530 5.7.1 Session encryption is required"},
	{.name = "unknown word",
		.main_cf = SIM_LIST("no_such_restriction, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "hash is a word",
		.main_cf = SIM_LIST("#comment, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "unknown word under warn_if_reject",
		.main_cf = SIM_LIST("warn_if_reject no_such_restriction"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "keyword in upper case",
		.main_cf = SIM_LIST("REJECT"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "policy without argument",
		.main_cf = SIM_LIST("reject, check_policy_service"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "policy last without argument",
		.main_cf = SIM_LIST("check_policy_service"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "policy with a word",
		.main_cf = SIM_LIST("check_policy_service foo, permit"),
		.say = SIM_LOCAL,
		.want = "(timeout)"},
	{.name = "policy with bad transport",
		.main_cf = SIM_LIST("check_policy_service tcp:foo, permit"),
		.say = SIM_LOCAL,
		.want = "(timeout)"},
	{.name = "policy unreachable",
		.main_cf = SIM_LIST("check_policy_service unix:/nonexistent"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 <alice@local.test>: Recipient address rejected: Server "
			"configuration problem",
		.facts = FACTS_1},
	{.name = "policy default action of its own",
		.main_cf =
			SIM_LIST("check_policy_service { unix:/nonexistent, default_action=DUNNO, "
				 "timeout=1s, retry_delay=1s }"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "policy unknown option",
		.main_cf = SIM_LIST("check_policy_service { unix:/nonexistent, foo=bar }"),
		.say = SIM_LOCAL,
		.want = "(timeout)"},
};

int main(void)
{
	return sim_main("postfix_check_generic", cases, sizeof cases / sizeof cases[0]);
}
