/*
 * test_postfix_check_action - what the values of access tables do.
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
	{.name = "action DUNNO",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = DUNNO}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action OK",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = OK}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action RELAY",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = RELAY}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action 554",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 554}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action REJECT",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "action reject",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = reject}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "action REJECT go away",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT go "
				    "away}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: go away"},
	{.name = "action REJECT 5.1.2 no such system",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.2 "
				 "no such system}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.2 <alice@local.test>: Recipient address rejected: no such system"},
	{.name = "action REJECT 5.1.8 x",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.8 "
				 "x}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.2 <alice@local.test>: Recipient address rejected: x"},
	{.name = "action REJECT 5.1.9 x",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.9 "
				 "x}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.0 <alice@local.test>: Recipient address rejected: x"},
	{.name = "action REJECT 4.7.9 digits",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 4.7.9 "
				 "digits}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.9 <alice@local.test>: Recipient address rejected: digits"},
	{.name = "action REJECT 5.7 odd",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.7 "
				    "odd}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: 5.7 odd"},
	{.name = "action DEFER",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = DEFER}}, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "action DEFER 4.3.2 later",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = DEFER 4.3.2 "
				 "later}}, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.3.2 <alice@local.test>: Recipient address rejected: later"},
	{.name = "action 450 try",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 450 try}}, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 <alice@local.test>: Recipient address rejected: try"},
	{.name = "action 550 5.1.1 nobody",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = 550 5.1.1 "
				    "nobody}}, permit"),
		.say = SIM_LOCAL,
		.want = "550 5.1.1 <alice@local.test>: Recipient address rejected: nobody"},
	{.name = "action 550 5.1.1",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 550 5.1.1}}, permit"),
		.say = SIM_LOCAL,
		.want = "(any 5)"},
	{.name = "action 421 bye",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 421 bye}}, permit"),
		.say = SIM_LOCAL,
		.want = "421 4.7.1 <alice@local.test>: Recipient address rejected: bye"},
	{.name = "action 521 bye",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 521 bye}}, permit"),
		.say = SIM_LOCAL,
		.want = "521 5.7.1 <alice@local.test>: Recipient address rejected: bye"},
	{.name = "action 5500 x",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 5500 x}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "action 550-x",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 550-x}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "action 999 x",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 999 x}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "action 399 x",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = 399 x}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "action DEFER_IF_PERMIT",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "DEFER_IF_PERMIT}}, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 <alice@local.test>: Recipient address rejected: Service "
			"unavailable"},
	{.name = "action DEFER_IF_PERMIT 4.2.1 wait",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "DEFER_IF_PERMIT 4.2.1 wait}}, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.2.1 <alice@local.test>: Recipient address rejected: wait"},
	{.name = "action DEFER_IF_REJECT",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "DEFER_IF_REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action DISCARD",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = DISCARD}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action DISCARD text",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = DISCARD "
				    "text}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action HOLD",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = HOLD}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action FILTER smtp:x",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = FILTER "
				    "smtp:x}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action REDIRECT a@b.test",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = REDIRECT "
				    "a@b.test}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action BCC a@b.test",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = BCC "
				    "a@b.test}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action PREPEND X: y",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = PREPEND X: "
				    "y}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action INFO note",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = INFO note}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action WARN note",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = WARN note}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action HANGUP",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = HANGUP}}, permit"),
		.say = SIM_LOCAL,
		.want = "(closed)"},
	{.name = "action permit",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = permit}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action defer",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = defer}}, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "action reject_unauth_destination, reject",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "reject_unauth_destination, reject}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "action reject_plaintext_session",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "reject_plaintext_session}}, permit"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 Session encryption is required"},
	{.name = "action no_such",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = no_such}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "action check_sender_access",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "check_sender_access}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "action warn_if_reject reject",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = warn_if_reject "
			"reject}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "action colon",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "check_sender_access static:OK}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "action DEFER_IF_REJECT before reject",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = DEFER_IF_REJECT "
			"4.2.2 wait}}, permit") "smtpd_data_restrictions = permit\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "DEFER_IF_REJECT replaces a 5xx",
		.main_cf = SIM_LIST("check_recipient_access inline:{{alice@local.test = "
				    "DEFER_IF_REJECT 4.2.2 wait}}, reject"),
		.say = SIM_LOCAL,
		.want = "450 4.2.2 <alice@local.test>: Recipient address rejected: wait"},
	{.name = "DISCARD skips the rest",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{alice@local.test=DISCARD}, reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "DISCARD of a remote recipient",
		.main_cf =
			SIM_BASE "smtpd_sender_restrictions = check_sender_access static:DISCARD\n",
		.say = SIM_REMOTE,
		.want = "250 2.1.5 Ok"},
	{.name = "DISCARD before MAIL is nothing",
		.main_cf =
			SIM_BASE "smtpd_delay_reject = no\n"
				 "smtpd_client_restrictions = check_client_access static:DISCARD\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "DISCARD ends with the transaction",
		.main_cf = SIM_BASE
		"smtpd_sender_restrictions = check_sender_access inline:{s@sender.test=DISCARD}\n",
		.say = SIM_MAIL
		"RCPT TO:<x@remote.test>\nRSET\nMAIL FROM:<t@sender.test>\nRCPT TO:<x@remote.test>",
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "access_map_reject_code",
		.main_cf = SIM_LIST(
			"check_recipient_access static:REJECT") "access_map_reject_code = 550\n",
		.say = SIM_LOCAL,
		.want = "550 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "access_map_defer_code",
		.main_cf = SIM_LIST(
			"check_recipient_access static:DEFER") "access_map_defer_code = 451\n",
		.say = SIM_LOCAL,
		.want = "451 4.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "sender action REJECT 5.1.1 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.1 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.7 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.1 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.1 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.1 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.1.2 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.2 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.8 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.2 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.2 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.2 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.1.3 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.3 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.7 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.3 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.3 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.3 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.1.4 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.4 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.7 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.4 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.4 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.4 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.1.5 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.5 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.0 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.5 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.5 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.5 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.1.7 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.7 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.7 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.7 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.7 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.3 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.1.8 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.8 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.8 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.8 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.8 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.2 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.1.20 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.1.20 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.0 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.1.20 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.1.20 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.1.0 <alice@local.test>: Recipient address rejected: a"},
	{.name = "sender action REJECT 5.2.1 a",
		.main_cf = SIM_LIST(
			"check_sender_access inline:{{s@sender.test = REJECT 5.2.1 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.2.1 <s@sender.test>: Sender address rejected: a"},
	{.name = "action dsn REJECT 5.2.1 a",
		.main_cf =
			SIM_LIST("check_recipient_access inline:{{alice@local.test = REJECT 5.2.1 "
				 "a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.2.1 <alice@local.test>: Recipient address rejected: a"},
	{.name = "helo action REJECT 5.1.1 a",
		.main_cf =
			SIM_LIST("check_helo_access inline:{{c.example = REJECT 5.1.1 a}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.0.0 <c.example>: Helo command rejected: a"},
	{.name = "helo action REJECT",
		.main_cf = SIM_LIST("check_helo_access inline:{{c.example = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied"},
};

int main(void)
{
	return sim_main("postfix_check_action", cases, sizeof cases / sizeof cases[0]);
}
