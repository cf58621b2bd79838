/* test_postfix_taken - what becomes of an accepted recipient: a local name, relayed, thrown away.
 */
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define DOMAINS                                                                                    \
	SIM_BASE "virtual_alias_domains = valias.test\n"                                           \
		 "virtual_alias_maps = inline:{ b@valias.test=b@remote.test }\n"                   \
		 "virtual_mailbox_domains = vbox.test\n"                                           \
		 "virtual_mailbox_maps = inline:{ w@vbox.test=w }\n"
/* Permits everybody, and passes the scan for a refusal. */
#define OPEN                                                                                       \
	"smtpd_relay_restrictions = check_client_access static:OK, reject\n"                       \
	"smtpd_recipient_restrictions =\n"
/* So does this, which looks for the domain "reject" in a DNS list. */
#define NO_REJECT                                                                                  \
	"smtpd_relay_restrictions = reject_rbl_client reject\n"                                    \
	"smtpd_recipient_restrictions =\n"
#define DISCARDING                                                                                 \
	OPEN "smtpd_sender_restrictions = check_sender_access inline:{ s@sender.test=DISCARD }\n"

static struct sim_case cases[] = {
	{.name = "a name of mydestination", .main_cf = SIM_BASE, .say = SIM_LOCAL, .want = "local"},
	{.name = "a literal of the host",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<alice@[192.0.2.10]>",
		.want = "local"},
	{.name = "a route that ends here",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<@remote.test:alice@local.test>",
		.want = "local"},
	{.name = "a virtual alias that leads elsewhere is a local name",
		.main_cf = DOMAINS,
		.say = SIM_MAIL "RCPT TO:<b@valias.test>",
		.want = "local"},
	{.name = "a virtual mailbox",
		.main_cf = DOMAINS,
		.say = SIM_MAIL "RCPT TO:<w@vbox.test>",
		.want = "local"},
	{.name = "a relay domain is relayed",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<x@relay.test>",
		.want = "relay"},
	{.name = "a refused recipient is not taken",
		.main_cf = SIM_BASE,
		.say = SIM_REMOTE,
		.want = "not"},
	{.name = "a foreign domain that is permitted",
		.main_cf = SIM_BASE,
		.say = SIM_REMOTE,
		.client = "10.1.2.3",
		.want = "relay"},
	{.name = "everybody is permitted",
		.main_cf = SIM_BASE OPEN,
		.say = SIM_REMOTE,
		.want = "relay"},
	{.name = "no restriction decides at all",
		.main_cf = SIM_BASE NO_REJECT,
		.say = SIM_REMOTE,
		.want = "relay"},
	{.name = "no restriction decides, a local name",
		.main_cf = SIM_BASE NO_REJECT,
		.say = SIM_LOCAL,
		.want = "local"},
	{.name = "percent through a local domain is relayed",
		.main_cf = SIM_BASE OPEN,
		.say = SIM_MAIL "RCPT TO:<x%remote.test@local.test>",
		.want = "relay"},
	{.name = "DISCARD", .main_cf = SIM_BASE DISCARDING, .say = SIM_REMOTE, .want = "discarded"},
	{.name = "DISCARD, and a local name",
		.main_cf = SIM_BASE DISCARDING,
		.say = SIM_LOCAL,
		.want = "discarded"},
	{.name = "DISCARD holds for the rest of the transaction",
		.main_cf = SIM_LIST("check_recipient_access inline:{ a@local.test=DISCARD }"),
		.say = SIM_MAIL "RCPT TO:<a@local.test>\nRCPT TO:<alice@local.test>",
		.want = "discarded"},
	{.name = "DISCARD ends with the transaction",
		.main_cf = SIM_LIST("check_recipient_access inline:{ a@local.test=DISCARD }"),
		.say = SIM_MAIL "RCPT TO:<a@local.test>\nRSET\nMAIL FROM:<s@sender.test>\n"
				"RCPT TO:<alice@local.test>",
		.want = "local"},
	{.name = "postmaster, wherever myorigin is",
		.main_cf = SIM_BASE "myorigin = remote.test\n",
		.say = SIM_MAIL "RCPT TO:<postmaster>",
		.want = "local"},
	{.name = "a before-queue filter has the last word",
		.main_cf = SIM_BASE OPEN "smtpd_proxy_filter = 127.0.0.1:10024\n",
		.say = SIM_REMOTE,
		.want = "relay"},
	{.name = "the reply to MAIL takes nothing",
		.main_cf = SIM_BASE OPEN,
		.say = "EHLO c.example\nMAIL FROM:<s@sender.test>",
		.want = "not"},
};

static void test_taken(void **state)
{
	char *got = sim_taken(*state);

	assert_string_equal(got, ((struct sim_case *)*state)->want);
	free(got);
}

enum { CASES = sizeof cases / sizeof cases[0] };

int main(void)
{
	struct CMUnitTest tests[CASES] = {{0}};

	for (size_t i = 0; i < CASES; i++) {
		tests[i] = (struct CMUnitTest){cases[i].name, test_taken, NULL, NULL, &cases[i]};
	}
	return cmocka_run_group_tests_name("what becomes of a recipient", tests, NULL, NULL);
}
