/*
 * test_postfix_check_rules - defaults, start-up rules, the order of lists and stages.
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
	{.name = "default relay restrictions",
		.main_cf = SIM_BASE,
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "mynetworks relays",
		.main_cf = SIM_BASE,
		.say = SIM_REMOTE,
		.want = "250 2.1.5 Ok",
		.client = "10.1.2.3"},
	{.name = "relay domain",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<x@relay.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "relay subdomain",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<x@sub.relay.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "reject_unauth_destination alone",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = SIM_REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Relay access denied"},
	{.name = "relay_domains_reject_code",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = reject_unauth_destination\n"
				    "relay_domains_reject_code = 550\n",
		.say = SIM_REMOTE,
		.want = "550 5.7.1 <x@remote.test>: Relay access denied"},
	{.name = "defer with a code below 400",
		.main_cf = SIM_BASE "relay_domains_reject_code = 450\n",
		.say = SIM_REMOTE,
		.want = "450 4.7.1 Service unavailable"},
	{.name = "code above 599",
		.main_cf = SIM_LIST("reject") "reject_code = 700\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.1 Service unavailable"},
	{.name = "required missing",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = permit_mynetworks\n",
		.say = SIM_REMOTE,
		.want = "(timeout)"},
	{.name = "required behind permit",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = permit, reject\n",
		.say = SIM_REMOTE,
		.want = "(timeout)"},
	{.name = "required as an argument",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = reject_rbl_client reject\n",
		.say = SIM_REMOTE,
		.want = "250 2.1.5 Ok"},
	{.name = "required behind warn_if_reject",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = warn_if_reject reject\n",
		.say = SIM_REMOTE,
		.want = "(timeout)"},
	{.name = "required in a class",
		.main_cf = SIM_BASE "smtpd_restriction_classes = mine\n"
				    "mine = reject_unauth_destination\n"
				    "smtpd_relay_restrictions = mine\n",
		.say = SIM_REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Relay access denied"},
	{.name = "required in a class after permit in a class",
		.main_cf = SIM_BASE "smtpd_restriction_classes = mine, other\n"
				    "mine = permit\n"
				    "other = reject\n"
				    "smtpd_relay_restrictions = mine, other\n",
		.say = SIM_REMOTE,
		.want = "250 2.1.5 Ok"},
	{.name = "undefined class",
		.main_cf = SIM_BASE "smtpd_restriction_classes = mine\n",
		.say = SIM_REMOTE,
		.want = "(timeout)"},
	{.name = "level 0 without restrictions",
		.main_cf = SIM_BASE "compatibility_level = 0\n",
		.say = SIM_REMOTE,
		.want = "(timeout)"},
	{.name = "level 0 with recipient list",
		.main_cf = SIM_BASE
		"compatibility_level = 0\n"
		"smtpd_recipient_restrictions = permit_mynetworks, reject_unauth_destination\n",
		.say = SIM_REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Relay access denied"},
	{.name = "level 0 open through permit",
		.main_cf = SIM_BASE "compatibility_level = 0\n"
				    "smtpd_recipient_restrictions = check_client_access static:OK, "
				    "reject_unauth_destination\n",
		.say = SIM_REMOTE,
		.want = "250 2.1.5 Ok"},
	{.name = "bad tempfail action",
		.main_cf = SIM_BASE "unknown_address_tempfail_action = reject\n",
		.say = SIM_REMOTE,
		.want = "(timeout)"},
	{.name = "endless class",
		.main_cf = SIM_BASE "smtpd_restriction_classes = a, b\n"
				    "a = b\n"
				    "b = a\n"
				    "smtpd_relay_restrictions = a, reject\n",
		.say = SIM_REMOTE,
		.want = "(timeout)"},
	{.name = "endless class behind required",
		.main_cf = SIM_BASE "smtpd_restriction_classes = a\n"
				    "a = a, reject\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n"
				    "smtpd_recipient_restrictions = reject_unauth_destination, a\n",
		.say = SIM_LOCAL,
		.want = "(closed)"},
	{.name = "permit in the recipient list only",
		.main_cf = SIM_BASE "smtpd_recipient_restrictions = permit\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "recipient list first",
		.main_cf = SIM_BASE "smtpd_relay_before_recipient_restrictions = no\n"
				    "smtpd_recipient_restrictions = permit_mynetworks, reject\n",
		.say = SIM_REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Recipient address rejected: Access denied"},
	{.name = "relay list first",
		.main_cf = SIM_BASE "smtpd_recipient_restrictions = permit_mynetworks, reject\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "open relay by static OK",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = check_sender_access static:OK, "
				    "reject_unauth_destination\n",
		.say = SIM_REMOTE,
		.want = "250 2.1.5 Ok"},
	{.name = "client list at RCPT",
		.main_cf = SIM_BASE "smtpd_client_restrictions = reject\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied"},
	{.name = "client list at connect",
		.main_cf = SIM_BASE "smtpd_client_restrictions = reject\n"
				    "smtpd_delay_reject = no\n",
		.say = "EHLO x",
		.want = "503 5.7.0 Error: access denied for unknown[203.0.113.5]"},
	{.name = "client list sees the recipient",
		.main_cf = SIM_BASE
		"smtpd_client_restrictions = check_recipient_access static:REJECT\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "helo list at RCPT",
		.main_cf = SIM_BASE "smtpd_helo_restrictions = reject\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied"},
	{.name = "helo list without HELO",
		.main_cf = SIM_BASE "smtpd_helo_restrictions = reject\n",
		.say = "MAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "helo list at once",
		.main_cf = SIM_BASE "smtpd_helo_restrictions = reject\n"
				    "smtpd_delay_reject = no\n",
		.say = "EHLO c.example",
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied"},
	{.name = "sender list at RCPT",
		.main_cf = SIM_BASE "smtpd_sender_restrictions = reject\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "sender list at MAIL",
		.main_cf = SIM_BASE "smtpd_sender_restrictions = reject\n"
				    "smtpd_delay_reject = no\n",
		.say = "EHLO c.example\nMAIL FROM:<s@sender.test>",
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied"},
	{.name = "data list",
		.main_cf = SIM_BASE "smtpd_data_restrictions = reject\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>\nDATA",
		.want = "554 5.7.1 <DATA>: Data command rejected: Access denied"},
	{.name = "data list sees one recipient",
		.main_cf =
			SIM_BASE "smtpd_data_restrictions = check_recipient_access static:REJECT\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>\nDATA",
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "data list sees no recipient of two",
		.main_cf =
			SIM_BASE "smtpd_data_restrictions = check_recipient_access static:REJECT\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>\nRCPT TO:<bob@local.test>\nDATA",
		.want = "354 End data with <CR><LF>.<CR><LF>"},
	{.name = "bare table in data list",
		.main_cf = SIM_BASE "smtpd_data_restrictions = inline:{a=b}\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>\nDATA",
		.want = "451 4.3.5 Server configuration error"},
	{.name = "end of data list",
		.main_cf = SIM_BASE "smtpd_end_of_data_restrictions = reject\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>\nDATA\nx\\r\\n.",
		.want = "554 5.7.1 <END-OF-MESSAGE>: End-of-data rejected: Access denied"},
	{.name = "etrn list",
		.main_cf = SIM_BASE "smtpd_etrn_restrictions = reject\n",
		.say = "EHLO c.example\nETRN local.test",
		.want = "554 5.7.1 <local.test>: Etrn command rejected: Access denied"},
	{.name = "check_etrn_access",
		.main_cf = SIM_BASE
		"smtpd_etrn_restrictions = check_etrn_access inline:{local.test=REJECT}\n",
		.say = "EHLO c.example\nETRN local.test",
		.want = "554 5.7.1 <local.test>: Etrn command rejected: Access denied"},
	{.name = "vrfy",
		.main_cf = SIM_BASE,
		.say = "EHLO c.example\nVRFY x@remote.test",
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "vrfy local",
		.main_cf = SIM_BASE,
		.say = "EHLO c.example\nVRFY nobodyhere@local.test",
		.want = "550 5.1.1 <nobodyhere@local.test>: Recipient address rejected: User "
			"unknown in local recipient table"},
	{.name = "postmaster",
		.main_cf = SIM_BASE "smtpd_client_restrictions = reject\n",
		.say = SIM_MAIL "RCPT TO:<postmaster>",
		.want = "250 2.1.5 Ok"},
	{.name = "double-bounce at myorigin",
		.main_cf = SIM_BASE "smtpd_client_restrictions = reject\n",
		.say = SIM_MAIL "RCPT TO:<double-bounce@mail.example.org>",
		.want = "250 2.1.5 Ok"},
	{.name = "double-bounce elsewhere",
		.main_cf = SIM_BASE,
		.say = SIM_MAIL "RCPT TO:<double-bounce@remote.test>",
		.want = "454 4.7.1 <double-bounce@remote.test>: Relay access denied"},
	{.name = "defer_if_permit of the client list",
		.main_cf = SIM_BASE "smtpd_client_restrictions = defer_if_permit\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.0 <unknown[203.0.113.5]>: Client host rejected: defer_if_permit "
			"requested"},
	{.name = "defer_if_permit of the sender list",
		.main_cf = SIM_BASE "smtpd_sender_restrictions = defer_if_permit\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.0 <s@sender.test>: Sender address rejected: defer_if_permit "
			"requested"},
	{.name = "defer_if_reject does not leave its stage",
		.main_cf = SIM_BASE "smtpd_sender_restrictions = defer_if_reject\n"
				    "smtpd_recipient_restrictions = reject\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
};

int main(void)
{
	return sim_main("postfix_check_rules", cases, sizeof cases / sizeof cases[0]);
}
