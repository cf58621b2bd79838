/*
 * test_postfix_check_key - how access tables are searched.
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

static struct sim_case cases[] = {
	{.name = "key sender whole",
		.main_cf =
			SIM_LIST("check_sender_access inline:{{s@sender.test = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "key sender domain",
		.main_cf = SIM_LIST("check_sender_access inline:{{sender.test = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "key sender parent",
		.main_cf = SIM_LIST("check_sender_access inline:{{test = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "key sender dotted parent is dead",
		.main_cf = SIM_LIST("check_sender_access inline:{{.test = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "key sender dotted parent",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{.test = REJECT}}, permit") "parent_domain_"
										 "matches_"
										 "subdomains =\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "key sender parent in dot style",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{test = REJECT}}, permit") "parent_domain_"
										"matches_"
										"subdomains =\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "key sender user",
		.main_cf = SIM_LIST("check_sender_access inline:{{s@ = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "key recipient extension",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT}}, "
				    "permit") "recipient_delimiter = +\n",
		.say = SIM_MAIL "RCPT TO:<alice+x@local.test>",
		.want = "554 5.7.1 <alice+x@local.test>: Recipient address rejected: Access "
			"denied"},
	{.name = "key recipient extension user",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@ = REJECT}}, permit") "recipient_"
										     "delimiter = "
										     "+\n",
		.say = SIM_MAIL "RCPT TO:<alice+x@local.test>",
		.want = "554 5.7.1 <alice+x@local.test>: Recipient address rejected: Access "
			"denied"},
	{.name = "key recipient quoted",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{\"a b\"@local.test = REJECT}}, permit"),
		.say = SIM_MAIL "RCPT TO:<\"a b\"@local.test>",
		.want = "554 5.7.1 <a b@local.test>: Recipient address rejected: Access denied"},
	{.name = "key recipient case",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = REJECT}}, permit"),
		.say = SIM_MAIL "RCPT TO:<Alice@LOCAL.test>",
		.want = "554 5.7.1 <Alice@LOCAL.test>: Recipient address rejected: Access denied"},
	{.name = "key recipient unqualified",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@mail.example.org = "
				    "REJECT}}, permit") "mydestination = mail.example.org\n",
		.say = SIM_MAIL "RCPT TO:<alice>",
		.want = "554 5.7.1 <alice>: Recipient address rejected: Access denied"},
	{.name = "key null sender",
		.main_cf = SIM_LIST("check_sender_access inline:{{<> = REJECT}}, permit"),
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <>: Sender address rejected: Access denied"},
	{.name = "key null sender key",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{null = REJECT}}, permit") "smtpd_null_access_"
										"lookup_key = "
										"null\n",
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <>: Sender address rejected: Access denied"},
	{.name = "key client address",
		.main_cf = SIM_LIST("check_client_access inline:{{203.0.113.5 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied"},
	{.name = "key client network",
		.main_cf = SIM_LIST("check_client_access inline:{{203.0.113 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied"},
	{.name = "key client network short",
		.main_cf = SIM_LIST("check_client_access inline:{{203 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied"},
	{.name = "key client network with dot",
		.main_cf = SIM_LIST("check_client_access inline:{{203.0.113. = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "key client unknown",
		.main_cf = SIM_LIST("check_client_access inline:{{unknown = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied"},
	{.name = "key client cidr",
		.main_cf = SIM_LIST("check_client_access cidr:{{203.0.113.0/24 REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied"},
	{.name = "key client v6",
		.main_cf = SIM_LIST("check_client_access inline:{{2001:db8 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[2001:db8::5]>: Client host rejected: Access denied",
		.client = "2001:db8::5"},
	{.name = "key client v6 full",
		.main_cf = SIM_LIST("check_client_access inline:{{2001:db8::5 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[2001:db8::5]>: Client host rejected: Access denied",
		.client = "2001:db8::5"},
	{.name = "key client v6 other",
		.main_cf = SIM_LIST("check_client_access inline:{{2001:db8: = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[2001:db8::5]>: Client host rejected: Access denied",
		.client = "2001:db8::5"},
	{.name = "key reverse client OK",
		.main_cf = SIM_LIST("check_reverse_client_hostname_access static:OK, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "key reverse client REJECT",
		.main_cf = SIM_LIST("check_reverse_client_hostname_access static:REJECT, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown>: Unverified Client host rejected: Access denied"},
	{.name = "key reverse client DISCARD",
		.main_cf = SIM_LIST("check_reverse_client_hostname_access static:DISCARD, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "key helo whole",
		.main_cf = SIM_LIST("check_helo_access inline:{{c.example = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied"},
	{.name = "key helo parent",
		.main_cf = SIM_LIST("check_helo_access inline:{{example = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied"},
	{.name = "key helo address has no parents",
		.main_cf = SIM_LIST("check_helo_access inline:{{0.2.1 = REJECT}}, permit"),
		.say = "EHLO 192.0.2.1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "key helo final dot",
		.main_cf = SIM_LIST("check_helo_access inline:{{c.example = REJECT}}, permit"),
		.say = "EHLO c.example.\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "key regexp whole only",
		.main_cf = SIM_LIST(
			"check_recipient_access regexp:{{/^alice@local.test$/ REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "(timeout)"},
	{.name = "key regexp no domain alone",
		.main_cf =
			SIM_LIST("check_recipient_access regexp:{{/^local.test$/ REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "(timeout)"},
	{.name = "key pcre",
		.main_cf = SIM_LIST("check_recipient_access pcre:{{/^(.*)@local.test$/ REJECT not "
				    "$1}}, permit"),
		.say = SIM_LOCAL,
		.want = "(timeout)"},
	{.name = "key missing table",
		.main_cf = SIM_LIST("check_recipient_access hash:/etc/postfix/missing, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 <alice@local.test>: Recipient address rejected: Server "
			"configuration error"},
	{.name = "key missing table warned",
		.main_cf = SIM_LIST(
			"warn_if_reject check_recipient_access hash:/etc/postfix/missing, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "key unknown type",
		.main_cf = SIM_LIST("check_recipient_access nosuch:x, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 <alice@local.test>: Recipient address rejected: Server "
			"configuration error"},
	{.name = "key fail",
		.main_cf = SIM_LIST("check_recipient_access fail:x, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 <alice@local.test>: Recipient address rejected: Server "
			"configuration error"},
	{.name = "key no colon",
		.main_cf = SIM_LIST("check_recipient_access x, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "bare table",
		.main_cf = SIM_LIST("inline:{alice@local.test=REJECT}"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "bare table in a class",
		.main_cf = SIM_LIST("mine") "smtpd_restriction_classes = mine\n"
					    "mine = inline:{alice@local.test=REJECT}\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "bare table in helo list",
		.main_cf = SIM_BASE "smtpd_helo_restrictions = inline:{c.example=REJECT}\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied"},
	{.name = "braces in check_client_access",
		.main_cf = SIM_LIST("check_client_access {static:REJECT}"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 <unknown[203.0.113.5]>: Client host rejected: Server "
			"configuration error"},
	{.name = "routed recipient is not permitted",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = check_recipient_access static:OK, "
				    "reject_unauth_destination\n",
		.say = SIM_MAIL "RCPT TO:<u%remote.test@relay.test>",
		.want = "554 5.7.1 <u%remote.test@relay.test>: Relay access denied"},
	{.name = "routed recipient is trusted",
		.main_cf = SIM_BASE "allow_untrusted_routing = yes\n"
				    "smtpd_relay_restrictions = check_recipient_access static:OK, "
				    "reject_unauth_destination\n",
		.say = SIM_MAIL "RCPT TO:<u%remote.test@relay.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "percent to remote",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<u%remote.test@local.test>",
		.want = "454 4.7.1 <u%remote.test@local.test>: Relay access denied"},
	{.name = "routed to relay domain",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<u%remote.test@relay.test>",
		.want = "454 4.7.1 <u%remote.test@relay.test>: Relay access denied"},
	{.name = "class",
		.main_cf = SIM_LIST(
			"mine, reject") "smtpd_restriction_classes = mine\n"
					"mine = check_sender_access static:DUNNO, permit\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "class name has case",
		.main_cf = SIM_LIST("Mine, permit") "smtpd_restriction_classes = mine\n"
						    "mine = reject\n",
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "class in a table",
		.main_cf = SIM_LIST("check_sender_access static:mine, permit") "smtpd_restriction_"
									       "classes = mine\n"
									       "mine = reject\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "class in a table names the object",
		.main_cf = SIM_LIST("check_sender_access static:reject_unlisted_recipient, permit"),
		.say = SIM_MAIL "RCPT TO:<nope@local.test>",
		.want = "550 5.1.1 <nope@local.test>: Recipient address rejected: User unknown in "
			"local recipient table"},
};

int main(void)
{
	return sim_main("postfix_check_key", cases, sizeof cases / sizeof cases[0]);
}
