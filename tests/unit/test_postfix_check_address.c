/*
 * test_postfix_check_address - restrictions on senders and recipients.
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
	{.name = "reject_unknown_sender_domain s@sender.test",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_sender_domain s@addr.test",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@addr.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_sender_domain s@nosuch.test",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@nosuch.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.1.8 <s@nosuch.test>: Sender address rejected: Domain not found",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_sender_domain s@null.test",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@null.test>\nRCPT TO:<alice@local.test>",
		.want = "550 5.7.27 <s@null.test>: Sender address rejected: Domain null.test does "
			"not accept mail (nullMX)",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_sender_domain s@slow.test",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@slow.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.1.8 <s@slow.test>: Sender address rejected: Domain not found",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_sender_domain s@local.test",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_sender_domain s@[192.0.2.1]",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@[192.0.2.1]>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_sender_domain",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, permit"),
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_address s@nosuch.test",
		.main_cf = SIM_LIST("reject_unknown_address, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@nosuch.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.1.8 <s@nosuch.test>: Sender address rejected: Domain not found",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_sender s",
		.main_cf = SIM_LIST("reject_non_fqdn_sender, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <s>: Sender address rejected: need fully-qualified address",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_sender s@x",
		.main_cf = SIM_LIST("reject_non_fqdn_sender, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@x>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <s@x>: Sender address rejected: need fully-qualified address",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_sender s@sender.test",
		.main_cf = SIM_LIST("reject_non_fqdn_sender, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_sender s@sender.test.",
		.main_cf = SIM_LIST("reject_non_fqdn_sender, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@sender.test.>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_sender s@[192.0.2.1]",
		.main_cf = SIM_LIST("reject_non_fqdn_sender, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@[192.0.2.1]>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_sender s@-x.y",
		.main_cf = SIM_LIST("reject_non_fqdn_sender, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@-x.y>\nRCPT TO:<alice@local.test>",
		.want = "503 5.5.1 Error: need MAIL command",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_sender",
		.main_cf = SIM_LIST("reject_non_fqdn_sender, permit"),
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_recipient_domain x@sender.test",
		.main_cf = SIM_LIST(
			"reject_unknown_recipient_domain, permit") "relay_domains = "
								   "sender.test, nosuch.test, "
								   "null.test, slow.test\n",
		.say = SIM_MAIL "RCPT TO:<x@sender.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_recipient_domain x@nosuch.test",
		.main_cf = SIM_LIST(
			"reject_unknown_recipient_domain, permit") "relay_domains = "
								   "sender.test, nosuch.test, "
								   "null.test, slow.test\n",
		.say = SIM_MAIL "RCPT TO:<x@nosuch.test>",
		.want = "450 4.1.2 <x@nosuch.test>: Recipient address rejected: Domain not found",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_recipient_domain x@null.test",
		.main_cf = SIM_LIST(
			"reject_unknown_recipient_domain, permit") "relay_domains = "
								   "sender.test, nosuch.test, "
								   "null.test, slow.test\n",
		.say = SIM_MAIL "RCPT TO:<x@null.test>",
		.want = "556 5.1.10 <x@null.test>: Recipient address rejected: Domain null.test "
			"does not accept mail (nullMX)",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unknown_recipient_domain x@slow.test",
		.main_cf = SIM_LIST(
			"reject_unknown_recipient_domain, permit") "relay_domains = "
								   "sender.test, nosuch.test, "
								   "null.test, slow.test\n",
		.say = SIM_MAIL "RCPT TO:<x@slow.test>",
		.want = "450 4.1.2 <x@slow.test>: Recipient address rejected: Domain not found",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_recipient alice",
		.main_cf = SIM_LIST(
			"reject_non_fqdn_recipient, permit") "mydestination = "
							     "mail.example.org, local.test\n",
		.say = SIM_MAIL "RCPT TO:<alice>",
		.want = "504 5.5.2 <alice>: Recipient address rejected: need fully-qualified "
			"address",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_non_fqdn_recipient alice@local.test",
		.main_cf = SIM_LIST(
			"reject_non_fqdn_recipient, permit") "mydestination = "
							     "mail.example.org, local.test\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "unknown_address_reject_code",
		.main_cf = SIM_LIST(
			"reject_unknown_sender_domain") "unknown_address_reject_code = 554\n",
		.say = "EHLO c.example\nMAIL FROM:<s@nosuch.test>\nRCPT TO:<alice@local.test>",
		.want = "554 5.1.8 <s@nosuch.test>: Sender address rejected: Domain not found",
		.facts = SIM_DNS_FACTS},
	{.name = "unknown sender slow defers at once",
		.main_cf =
			SIM_LIST("reject_unknown_sender_domain, reject") "unknown_address_tempfail_"
									 "action = defer\n",
		.say = "EHLO c.example\nMAIL FROM:<s@slow.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.1.8 <s@slow.test>: Sender address rejected: Domain not found",
		.facts = SIM_DNS_FACTS},
	{.name = "unknown sender slow gives way to reject",
		.main_cf = SIM_LIST("reject_unknown_sender_domain, reject"),
		.say = "EHLO c.example\nMAIL FROM:<s@slow.test>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_unlisted_recipient known",
		.main_cf = SIM_LIST("reject_unlisted_recipient, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "reject_unlisted_recipient unknown",
		.main_cf = SIM_LIST("reject_unlisted_recipient, permit"),
		.say = SIM_MAIL "RCPT TO:<nope@local.test>",
		.want = "550 5.1.1 <nope@local.test>: Recipient address rejected: User unknown in "
			"local recipient table"},
	{.name = "check_recipient_maps",
		.main_cf = SIM_LIST("check_recipient_maps, permit"),
		.say = SIM_MAIL "RCPT TO:<nope@local.test>",
		.want = "550 5.1.1 <nope@local.test>: Recipient address rejected: User unknown in "
			"local recipient table"},
	{.name = "warn reject_unlisted_recipient",
		.main_cf = SIM_LIST("warn_if_reject reject_unlisted_recipient, permit"),
		.say = SIM_MAIL "RCPT TO:<nope@local.test>",
		.want = "550 5.1.1 <nope@local.test>: Recipient address rejected: User unknown in "
			"local recipient table"},
	{.name = "no_unknown_recipient_checks",
		.main_cf = SIM_LIST(
			"reject_unlisted_recipient, permit") "receive_override_options = "
							     "no_unknown_recipient_checks\n",
		.say = SIM_MAIL "RCPT TO:<nope@local.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "implicit unlisted",
		.main_cf = SIM_LIST("permit"),
		.say = SIM_MAIL "RCPT TO:<nope@local.test>",
		.want = "550 5.1.1 <nope@local.test>: Recipient address rejected: User unknown in "
			"local recipient table"},
	{.name = "implicit unlisted off",
		.main_cf = SIM_LIST("permit") "smtpd_reject_unlisted_recipient = no\n",
		.say = SIM_MAIL "RCPT TO:<nope@local.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "reject_unlisted_sender",
		.main_cf = SIM_LIST("reject_unlisted_sender, permit"),
		.say = "EHLO c.example\nMAIL FROM:<nope@local.test>\nRCPT TO:<alice@local.test>",
		.want = "550 5.1.0 <nope@local.test>: Sender address rejected: User unknown in "
			"local recipient table"},
	{.name = "smtpd_reject_unlisted_sender",
		.main_cf = SIM_LIST("permit") "smtpd_reject_unlisted_sender = yes\n",
		.say = "EHLO c.example\nMAIL FROM:<nope@local.test>\nRCPT TO:<alice@local.test>",
		.want = "550 5.1.0 <nope@local.test>: Sender address rejected: User unknown in "
			"local recipient table"},
	{.name = "reject_multi_recipient_bounce first",
		.main_cf = SIM_LIST("reject_multi_recipient_bounce, permit"),
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "reject_multi_recipient_bounce second",
		.main_cf = SIM_LIST("reject_multi_recipient_bounce, permit"),
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>\nRCPT "
		       "TO:<bob@local.test>",
		.want = "550 5.5.3 <bob@local.test>: Recipient address rejected: Multi-recipient "
			"bounce"},
	{.name = "reject_multi_recipient_bounce at DATA",
		.main_cf = SIM_BASE "smtpd_data_restrictions = reject_multi_recipient_bounce\n",
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>\nRCPT "
		       "TO:<bob@local.test>\nDATA",
		.want = "550 5.5.3 <DATA>: Data command rejected: Multi-recipient bounce"},
	{.name = "permit_auth_destination",
		.main_cf = SIM_LIST("permit_auth_destination, reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "permit_auth_destination no",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = permit_auth_destination, reject\n",
		.say = SIM_REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Recipient address rejected: Access denied"},
	{.name = "check_relay_domains no",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = check_relay_domains\n",
		.say = SIM_REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Recipient address rejected: Relay access "
			"denied"},
	{.name = "check_relay_domains yes",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = check_relay_domains\n",
		.say = SIM_MAIL "RCPT TO:<x@relay.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "permit_mx_backup backup",
		.main_cf = SIM_BASE
		"smtpd_relay_restrictions = permit_mx_backup, reject_unauth_destination\n",
		.say = SIM_MAIL "RCPT TO:<x@backup.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_mx_backup primary",
		.main_cf = SIM_BASE
		"smtpd_relay_restrictions = permit_mx_backup, reject_unauth_destination\n",
		.say = SIM_MAIL "RCPT TO:<x@primary.test>",
		.want = "554 5.7.1 <x@primary.test>: Relay access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_mx_backup foreign",
		.main_cf = SIM_BASE
		"smtpd_relay_restrictions = permit_mx_backup, reject_unauth_destination\n",
		.say = SIM_MAIL "RCPT TO:<x@foreign.test>",
		.want = "554 5.7.1 <x@foreign.test>: Relay access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_mx_backup networks",
		.main_cf = SIM_BASE
		"smtpd_relay_restrictions = permit_mx_backup, reject_unauth_destination\n"
		"permit_mx_backup_networks = 198.51.100.0/24\n",
		.say = SIM_MAIL "RCPT TO:<x@backup.test>",
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_mx_backup other networks",
		.main_cf = SIM_BASE
		"smtpd_relay_restrictions = permit_mx_backup, reject_unauth_destination\n"
		"permit_mx_backup_networks = 192.0.2.0/24\n",
		.say = SIM_MAIL "RCPT TO:<x@backup.test>",
		.want = "554 5.7.1 <x@backup.test>: Relay access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_mx_backup slow",
		.main_cf = SIM_BASE
		"smtpd_relay_restrictions = permit_mx_backup, reject_unauth_destination\n",
		.say = SIM_MAIL "RCPT TO:<x@slow.test>",
		.want = "450 4.4.4 <x@slow.test>: Recipient address rejected: Unable to look up "
			"mail exchanger information: Host not found, try again",
		.facts = SIM_DNS_FACTS},
	{.name = "class table fails",
		.main_cf = SIM_BASE "relay_domains = fail:x\n",
		.say = SIM_REMOTE,
		.want = "451 4.3.0 <x@remote.test>: Temporary lookup failure"},
	{.name = "class table fails in access",
		.main_cf = SIM_LIST("check_sender_access static:OK") "relay_domains = fail:x\n",
		.say = SIM_LOCAL,
		.want = "451 4.3.0 <s@sender.test>: Temporary lookup failure"},
	{.name = "reject_unauth_pipelining",
		.main_cf = SIM_LIST("reject_unauth_pipelining, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
};

int main(void)
{
	return sim_main("postfix_check_address", cases, sizeof cases / sizeof cases[0]);
}
