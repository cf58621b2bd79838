/*
 * test_postfix_check_dns - restrictions that ask the DNS.
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
	{.name = "name verified",
		.main_cf = SIM_LIST(
			"reject_unknown_client_hostname, permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "name forged",
		.main_cf = SIM_LIST(
			"reject_unknown_client_hostname, permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.6]",
		.facts = SIM_DNS_FACTS,
		.client = "203.0.113.6"},
	{.name = "name missing",
		.main_cf = SIM_LIST(
			"reject_unknown_client_hostname, permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.7]",
		.facts = SIM_DNS_FACTS,
		.client = "203.0.113.7"},
	{.name = "reverse name forged is enough",
		.main_cf =
			SIM_LIST("reject_unknown_reverse_client_hostname, permit") "smtpd_peername_"
										   "lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS,
		.client = "203.0.113.6"},
	{.name = "reverse name missing",
		.main_cf =
			SIM_LIST("reject_unknown_reverse_client_hostname, permit") "smtpd_peername_"
										   "lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.1 Client host rejected: cannot find your reverse hostname, "
			"[203.0.113.7]",
		.facts = SIM_DNS_FACTS,
		.client = "203.0.113.7"},
	{.name = "client access by name",
		.main_cf = SIM_LIST("check_client_access inline:{{client.test = REJECT by name}}, "
				    "permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: by name",
		.facts = SIM_DNS_FACTS},
	{.name = "client access by forged name",
		.main_cf = SIM_LIST("check_client_access inline:{{client.test = REJECT by name}}, "
				    "permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS,
		.client = "203.0.113.6"},
	{.name = "reverse access by forged name",
		.main_cf = SIM_LIST("check_reverse_client_hostname_access inline:{{client.test = "
				    "REJECT by name}}, permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <bad.client.test>: Unverified Client host rejected: by name",
		.facts = SIM_DNS_FACTS,
		.client = "203.0.113.6"},
	{.name = "client in text",
		.main_cf = SIM_LIST(
			"check_client_access static:REJECT") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_client_ns_access",
		.main_cf = SIM_LIST(
			"check_client_ns_access inline:{{ns.client.test = REJECT}}, permit") "smtpd"
											     "_peer"
											     "name_"
											     "looku"
											     "p = "
											     "yes"
											     "\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_reverse_client_hostname_ns_access",
		.main_cf = SIM_LIST(
			"check_reverse_client_hostname_ns_access inline:{{ns.client.test = "
			"REJECT}}, permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test>: Unverified Client host rejected: Access "
			"denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_client_mx_access",
		.main_cf = SIM_LIST("check_client_mx_access inline:{{good.client.test = REJECT}}, "
				    "permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_reverse_client_hostname_mx_access",
		.main_cf = SIM_LIST(
			"check_reverse_client_hostname_mx_access inline:{{good.client.test "
			"= REJECT}}, permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test>: Unverified Client host rejected: Access "
			"denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_client_a_access",
		.main_cf = SIM_LIST(
			"check_client_a_access inline:{{203.0.113.5 = REJECT}}, permit") "smtpd_"
											 "peername_"
											 "lookup = "
											 "yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_reverse_client_hostname_a_access",
		.main_cf = SIM_LIST("check_reverse_client_hostname_a_access inline:{{203.0.113.5 = "
				    "REJECT}}, permit") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <good.client.test>: Unverified Client host rejected: Access "
			"denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_sender_ns_access ns.sender.test",
		.main_cf = SIM_LIST(
			"check_sender_ns_access inline:{{ns.sender.test = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_sender_mx_access mx.sender.test",
		.main_cf = SIM_LIST(
			"check_sender_mx_access inline:{{mx.sender.test = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_sender_mx_access 198.51.100.7",
		.main_cf =
			SIM_LIST("check_sender_mx_access inline:{{198.51.100.7 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_sender_a_access",
		.main_cf =
			SIM_LIST("check_sender_a_access inline:{{198.51.100.8 = REJECT}}, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@addr.test>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <s@addr.test>: Sender address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_sender_mx_access by itself",
		.main_cf = SIM_LIST("check_sender_mx_access inline:{{addr.test = REJECT}}, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@addr.test>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <s@addr.test>: Sender address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_sender_mx_access literal",
		.main_cf =
			SIM_LIST("check_sender_mx_access inline:{{198.51.100 = REJECT}}, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@[198.51.100.3]>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <s@[198.51.100.3]>: Sender address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_sender_mx_access OK",
		.main_cf = SIM_LIST("check_sender_mx_access static:OK, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error",
		.facts = SIM_DNS_FACTS},
	{.name = "check_helo_mx_access",
		.main_cf =
			SIM_LIST("check_helo_mx_access inline:{{mx.c.example = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_helo_a_access",
		.main_cf =
			SIM_LIST("check_helo_a_access inline:{{198.51.100.30 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_recipient_mx_access",
		.main_cf = SIM_LIST("check_recipient_mx_access inline:{{mx.sender.test = REJECT}}, "
				    "permit") "relay_domains = sender.test\n",
		.say = SIM_MAIL "RCPT TO:<x@sender.test>",
		.want = "554 5.7.1 <x@sender.test>: Recipient address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "check_recipient_ns_access parent",
		.main_cf = SIM_LIST("check_recipient_ns_access inline:{{ns.sender.test = REJECT}}, "
				    "permit") "relay_domains = sender.test\n",
		.say = SIM_MAIL "RCPT TO:<x@sub.sender.test>",
		.want = "554 5.7.1 <x@sub.sender.test>: Recipient address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client",
		.main_cf = SIM_LIST("reject_rbl_client bl.test"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client without text",
		.main_cf = SIM_LIST("reject_rbl_client plain.test"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"plain.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client pattern",
		.main_cf = SIM_LIST("reject_rbl_client bl.test=127.0.0.[2..4]"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client other pattern",
		.main_cf = SIM_LIST("reject_rbl_client bl.test=127.0.0.[3;5..9]"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client bad pattern",
		.main_cf = SIM_LIST("reject_rbl_client bl.test=127.0.0.["),
		.say = SIM_LOCAL,
		.want = "(closed)",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client not listed",
		.main_cf = SIM_LIST("reject_rbl_client none.test"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client last",
		.main_cf = SIM_LIST("reject_rbl_client"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rbl_client soft",
		.main_cf = SIM_LIST("reject_rbl_client soft.test"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "maps_rbl_reject_code",
		.main_cf = SIM_LIST("reject_rbl_client bl.test") "maps_rbl_reject_code = 450\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "default_rbl_reply",
		.main_cf = SIM_LIST(
			"reject_rbl_client bl.test") "default_rbl_reply = 550 5.7.9 $rbl_class "
						     "$rbl_what $rbl_domain $rbl_txt "
						     "$client_address $sender $recipient_domain "
						     "${helo_name?yes}${sender_name:no}\n",
		.say = SIM_LOCAL,
		.want = "550 5.7.9 Client host 203.0.113.5 bl.test listed, see https://bl.test "
			"203.0.113.5 s@sender.test local.test yes",
		.facts = SIM_DNS_FACTS},
	{.name = "default_rbl_reply without code",
		.main_cf = SIM_LIST("reject_rbl_client bl.test") "default_rbl_reply = go away\n",
		.say = SIM_LOCAL,
		.want = "450 4.7.1 Service unavailable",
		.facts = SIM_DNS_FACTS},
	{.name = "rbl_reply_maps",
		.main_cf =
			SIM_LIST("reject_rbl_client bl.test") "rbl_reply_maps = inline:{{bl.test = "
							      "521 5.7.2 $$rbl_reason}}\n",
		.say = SIM_LOCAL,
		.want = "521 5.7.2 listed, see https://bl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "rbl_reply_maps bad",
		.main_cf =
			SIM_LIST("reject_rbl_client bl.test") "rbl_reply_maps = inline:{{bl.test = "
							      "521 5.7.2 $$nosuch}}\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "rbl_reply_maps fails",
		.main_cf = SIM_LIST("reject_rbl_client bl.test") "rbl_reply_maps = fail:x\n",
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_maps_rbl",
		.main_cf = SIM_LIST("reject_maps_rbl") "maps_rbl_domains = none.test, bl.test\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rhsbl_sender",
		.main_cf = SIM_LIST("reject_rhsbl_sender dbl.test"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Sender address [s@sender.test] blocked "
			"using dbl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rhsbl_helo",
		.main_cf = SIM_LIST("reject_rhsbl_helo dbl.test"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Helo command [c.example] blocked using "
			"dbl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rhsbl_recipient",
		.main_cf = SIM_LIST("reject_rhsbl_recipient dbl.test"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Recipient address [alice@local.test] "
			"blocked using dbl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rhsbl_client",
		.main_cf = SIM_LIST("reject_rhsbl_client dbl.test") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [good.client.test] blocked "
			"using dbl.test",
		.facts = SIM_DNS_FACTS},
	{.name = "reject_rhsbl_reverse_client",
		.main_cf = SIM_LIST(
			"reject_rhsbl_reverse_client dbl.test") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "554 5.7.1 Service unavailable; Unverified Client host [bad.client.test] "
			"blocked using dbl.test",
		.facts = SIM_DNS_FACTS,
		.client = "203.0.113.6"},
	{.name = "permit_dnswl_client",
		.main_cf = SIM_LIST("permit_dnswl_client wl.test, reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_dnswl_client no",
		.main_cf = SIM_LIST("permit_dnswl_client none.test, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_dnswl_client soft",
		.main_cf = SIM_LIST("permit_dnswl_client soft.test, reject"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 <203.0.113.5>: Client host rejected: Service unavailable",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_dnswl_client does not relay",
		.main_cf = SIM_BASE "smtpd_relay_restrictions = permit_dnswl_client wl.test, "
				    "reject_unauth_destination\n",
		.say = SIM_REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Relay access denied",
		.facts = SIM_DNS_FACTS},
	{.name = "permit_rhswl_client",
		.main_cf = SIM_LIST(
			"permit_rhswl_client dbl.test, reject") "smtpd_peername_lookup = yes\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = SIM_DNS_FACTS},
};

int main(void)
{
	return sim_main("postfix_check_dns", cases, sizeof cases / sizeof cases[0]);
}
