/*
 * test_postfix_check_dns - restrictions that ask the DNS.
 *
 * What is wanted here was answered by Postfix 3.7.11.
 */
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define BASE                                                                                       \
	"compatibility_level = 3.6\n"                                                              \
	"myhostname = mail.example.org\n"                                                          \
	"mydestination = local.test\n"                                                             \
	"relay_domains = relay.test\n"                                                             \
	"mynetworks = 10.0.0.0/8\n"                                                                \
	"smtpd_peername_lookup = no\n"                                                             \
	"alias_maps =\n"
#define LIST(items)                                                                                \
	BASE "smtpd_recipient_restrictions = " items                                               \
	     "\nsmtpd_relay_restrictions = reject_unauth_destination\n"
#define MAIL "EHLO c.example\nMAIL FROM:<s@sender.test>\n"
#define LOCAL MAIL "RCPT TO:<alice@local.test>"
#define REMOTE MAIL "RCPT TO:<x@remote.test>"
#define FACTS_1                                                                                    \
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\", \"addresses\": "            \
	"[\"192.0.2.10/24\","                                                                      \
	" \"127.0.0.1/8\", \"::1/128\"], \"local_users\": [\"root\", \"alice\", \"bob\"],"         \
	" \"dns_complete\": true, \"config_complete\": true, \"distribution\": \"debian\","        \
	" \"dns\": {\"address addr.test\": [\"198.51.100.8\"],"                                    \
	" \"address bad.client.test\": [\"203.0.113.99\"], \"address c.example\": "                \
	"[\"198.51.100.30\"],"                                                                     \
	" \"address good.client.test\": [\"203.0.113.5\"],"                                        \
	" \"address mail.example.org\": [\"192.0.2.10\"], \"address mx.c.example\": "              \
	"[\"198.51.100.31\"],"                                                                     \
	" \"address mx.client.test\": [\"198.51.100.9\"], \"address mx.sender.test\": "            \
	"[\"198.51.100.7\"],"                                                                      \
	" \"address ns.client.test\": [\"198.51.100.54\"],"                                        \
	" \"address ns.sender.test\": [\"198.51.100.53\"], \"address other.test\": "               \
	"[\"198.51.100.21\"],"                                                                     \
	" \"address primary.backup.test\": [\"198.51.100.20\"], \"address slow.test\": "           \
	"\"tempfail\","                                                                            \
	" \"list 203.0.113.5 bl.test\": [\"127.0.0.2\"],"                                          \
	" \"list 203.0.113.5 plain.test\": [\"127.0.0.10\"],"                                      \
	" \"list 203.0.113.5 soft.test\": \"tempfail\", \"list 203.0.113.5 wl.test\": "            \
	"[\"127.0.0.3\"],"                                                                         \
	" \"list bad.client.test dbl.test\": [\"127.0.1.2\"],"                                     \
	" \"list c.example dbl.test\": [\"127.0.1.2\"],"                                           \
	" \"list good.client.test dbl.test\": [\"127.0.1.2\"],"                                    \
	" \"list local.test dbl.test\": [\"127.0.1.2\"], \"list sender.test dbl.test\": "          \
	"[\"127.0.1.2\"],"                                                                         \
	" \"mx backup.test\": [\"10 primary.backup.test\", \"20 mail.example.org\"],"              \
	" \"mx c.example\": [\"5 mx.c.example\"], \"mx client.test\": [\"10 mx.client.test\"],"    \
	" \"mx foreign.test\": [\"10 other.test\"], \"mx null.test\": [\".\"],"                    \
	" \"mx primary.test\": [\"10 mail.example.org\", \"20 other.test\"],"                      \
	" \"mx sender.test\": [\"10 mx.sender.test\"], \"mx slow.test\": \"tempfail\","            \
	" \"ns client.test\": [\"ns.client.test\"], \"ns sender.test\": [\"ns.sender.test\"],"     \
	" \"ptr 203.0.113.5\": \"good.client.test\", \"ptr 203.0.113.6\": \"bad.client.test\","    \
	" \"txt 5.113.0.203.bl.test\": [\"listed, see https://bl.test\"]}}"

static struct sim_case cases[] = {
	{.name = "name verified",
		.main_cf = LIST(
			"reject_unknown_client_hostname, permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "name forged",
		.main_cf = LIST(
			"reject_unknown_client_hostname, permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.6]",
		.facts = FACTS_1,
		.client = "203.0.113.6"},
	{.name = "name missing",
		.main_cf = LIST(
			"reject_unknown_client_hostname, permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.7]",
		.facts = FACTS_1,
		.client = "203.0.113.7"},
	{.name = "reverse name forged is enough",
		.main_cf = LIST("reject_unknown_reverse_client_hostname, permit") "smtpd_peername_"
										  "lookup = yes\n",
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1,
		.client = "203.0.113.6"},
	{.name = "reverse name missing",
		.main_cf = LIST("reject_unknown_reverse_client_hostname, permit") "smtpd_peername_"
										  "lookup = yes\n",
		.say = LOCAL,
		.want = "450 4.7.1 Client host rejected: cannot find your reverse hostname, "
			"[203.0.113.7]",
		.facts = FACTS_1,
		.client = "203.0.113.7"},
	{.name = "client access by name",
		.main_cf = LIST("check_client_access inline:{{client.test = REJECT by name}}, "
				"permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: by name",
		.facts = FACTS_1},
	{.name = "client access by forged name",
		.main_cf = LIST("check_client_access inline:{{client.test = REJECT by name}}, "
				"permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1,
		.client = "203.0.113.6"},
	{.name = "reverse access by forged name",
		.main_cf = LIST("check_reverse_client_hostname_access inline:{{client.test = "
				"REJECT by name}}, permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <bad.client.test>: Unverified Client host rejected: by name",
		.facts = FACTS_1,
		.client = "203.0.113.6"},
	{.name = "client in text",
		.main_cf =
			LIST("check_client_access static:REJECT") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = FACTS_1},
	{.name = "check_client_ns_access",
		.main_cf = LIST(
			"check_client_ns_access inline:{{ns.client.test = REJECT}}, permit") "smtpd"
											     "_peer"
											     "name_"
											     "looku"
											     "p = "
											     "yes"
											     "\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = FACTS_1},
	{.name = "check_reverse_client_hostname_ns_access",
		.main_cf = LIST("check_reverse_client_hostname_ns_access inline:{{ns.client.test = "
				"REJECT}}, permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test>: Unverified Client host rejected: Access "
			"denied",
		.facts = FACTS_1},
	{.name = "check_client_mx_access",
		.main_cf = LIST("check_client_mx_access inline:{{good.client.test = REJECT}}, "
				"permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = FACTS_1},
	{.name = "check_reverse_client_hostname_mx_access",
		.main_cf = LIST("check_reverse_client_hostname_mx_access inline:{{good.client.test "
				"= REJECT}}, permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test>: Unverified Client host rejected: Access "
			"denied",
		.facts = FACTS_1},
	{.name = "check_client_a_access",
		.main_cf = LIST(
			"check_client_a_access inline:{{203.0.113.5 = REJECT}}, permit") "smtpd_"
											 "peername_"
											 "lookup = "
											 "yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test[203.0.113.5]>: Client host rejected: Access "
			"denied",
		.facts = FACTS_1},
	{.name = "check_reverse_client_hostname_a_access",
		.main_cf = LIST("check_reverse_client_hostname_a_access inline:{{203.0.113.5 = "
				"REJECT}}, permit") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 <good.client.test>: Unverified Client host rejected: Access "
			"denied",
		.facts = FACTS_1},
	{.name = "check_sender_ns_access ns.sender.test",
		.main_cf =
			LIST("check_sender_ns_access inline:{{ns.sender.test = REJECT}}, permit"),
		.say = LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_sender_mx_access mx.sender.test",
		.main_cf =
			LIST("check_sender_mx_access inline:{{mx.sender.test = REJECT}}, permit"),
		.say = LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_sender_mx_access 198.51.100.7",
		.main_cf = LIST("check_sender_mx_access inline:{{198.51.100.7 = REJECT}}, permit"),
		.say = LOCAL,
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_sender_a_access",
		.main_cf = LIST("check_sender_a_access inline:{{198.51.100.8 = REJECT}}, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@addr.test>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <s@addr.test>: Sender address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_sender_mx_access by itself",
		.main_cf = LIST("check_sender_mx_access inline:{{addr.test = REJECT}}, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@addr.test>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <s@addr.test>: Sender address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_sender_mx_access literal",
		.main_cf = LIST("check_sender_mx_access inline:{{198.51.100 = REJECT}}, permit"),
		.say = "EHLO c.example\nMAIL FROM:<s@[198.51.100.3]>\nRCPT TO:<alice@local.test>",
		.want = "554 5.7.1 <s@[198.51.100.3]>: Sender address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_sender_mx_access OK",
		.main_cf = LIST("check_sender_mx_access static:OK, permit"),
		.say = LOCAL,
		.want = "451 4.3.5 Server configuration error",
		.facts = FACTS_1},
	{.name = "check_helo_mx_access",
		.main_cf = LIST("check_helo_mx_access inline:{{mx.c.example = REJECT}}, permit"),
		.say = LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_helo_a_access",
		.main_cf = LIST("check_helo_a_access inline:{{198.51.100.30 = REJECT}}, permit"),
		.say = LOCAL,
		.want = "554 5.7.1 <c.example>: Helo command rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_recipient_mx_access",
		.main_cf = LIST("check_recipient_mx_access inline:{{mx.sender.test = REJECT}}, "
				"permit") "relay_domains = sender.test\n",
		.say = MAIL "RCPT TO:<x@sender.test>",
		.want = "554 5.7.1 <x@sender.test>: Recipient address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "check_recipient_ns_access parent",
		.main_cf = LIST("check_recipient_ns_access inline:{{ns.sender.test = REJECT}}, "
				"permit") "relay_domains = sender.test\n",
		.say = MAIL "RCPT TO:<x@sub.sender.test>",
		.want = "554 5.7.1 <x@sub.sender.test>: Recipient address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "reject_rbl_client",
		.main_cf = LIST("reject_rbl_client bl.test"),
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = FACTS_1},
	{.name = "reject_rbl_client without text",
		.main_cf = LIST("reject_rbl_client plain.test"),
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"plain.test",
		.facts = FACTS_1},
	{.name = "reject_rbl_client pattern",
		.main_cf = LIST("reject_rbl_client bl.test=127.0.0.[2..4]"),
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = FACTS_1},
	{.name = "reject_rbl_client other pattern",
		.main_cf = LIST("reject_rbl_client bl.test=127.0.0.[3;5..9]"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_rbl_client bad pattern",
		.main_cf = LIST("reject_rbl_client bl.test=127.0.0.["),
		.say = LOCAL,
		.want = "(closed)",
		.facts = FACTS_1},
	{.name = "reject_rbl_client not listed",
		.main_cf = LIST("reject_rbl_client none.test"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_rbl_client last",
		.main_cf = LIST("reject_rbl_client"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_rbl_client soft",
		.main_cf = LIST("reject_rbl_client soft.test"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "maps_rbl_reject_code",
		.main_cf = LIST("reject_rbl_client bl.test") "maps_rbl_reject_code = 450\n",
		.say = LOCAL,
		.want = "450 4.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = FACTS_1},
	{.name = "default_rbl_reply",
		.main_cf = LIST(
			"reject_rbl_client bl.test") "default_rbl_reply = 550 5.7.9 $rbl_class "
						     "$rbl_what $rbl_domain $rbl_txt "
						     "$client_address $sender $recipient_domain "
						     "${helo_name?yes}${sender_name:no}\n",
		.say = LOCAL,
		.want = "550 5.7.9 Client host 203.0.113.5 bl.test listed, see https://bl.test "
			"203.0.113.5 s@sender.test local.test yes",
		.facts = FACTS_1},
	{.name = "default_rbl_reply without code",
		.main_cf = LIST("reject_rbl_client bl.test") "default_rbl_reply = go away\n",
		.say = LOCAL,
		.want = "450 4.7.1 Service unavailable",
		.facts = FACTS_1},
	{.name = "rbl_reply_maps",
		.main_cf = LIST("reject_rbl_client bl.test") "rbl_reply_maps = inline:{{bl.test = "
							     "521 5.7.2 $$rbl_reason}}\n",
		.say = LOCAL,
		.want = "521 5.7.2 listed, see https://bl.test",
		.facts = FACTS_1},
	{.name = "rbl_reply_maps bad",
		.main_cf = LIST("reject_rbl_client bl.test") "rbl_reply_maps = inline:{{bl.test = "
							     "521 5.7.2 $$nosuch}}\n",
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = FACTS_1},
	{.name = "rbl_reply_maps fails",
		.main_cf = LIST("reject_rbl_client bl.test") "rbl_reply_maps = fail:x\n",
		.say = LOCAL,
		.want = "451 4.3.5 Server configuration error",
		.facts = FACTS_1},
	{.name = "reject_maps_rbl",
		.main_cf = LIST("reject_maps_rbl") "maps_rbl_domains = none.test, bl.test\n",
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [203.0.113.5] blocked using "
			"bl.test; listed, see https://bl.test",
		.facts = FACTS_1},
	{.name = "reject_rhsbl_sender",
		.main_cf = LIST("reject_rhsbl_sender dbl.test"),
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Sender address [s@sender.test] blocked "
			"using dbl.test",
		.facts = FACTS_1},
	{.name = "reject_rhsbl_helo",
		.main_cf = LIST("reject_rhsbl_helo dbl.test"),
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Helo command [c.example] blocked using "
			"dbl.test",
		.facts = FACTS_1},
	{.name = "reject_rhsbl_recipient",
		.main_cf = LIST("reject_rhsbl_recipient dbl.test"),
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Recipient address [alice@local.test] "
			"blocked using dbl.test",
		.facts = FACTS_1},
	{.name = "reject_rhsbl_client",
		.main_cf = LIST("reject_rhsbl_client dbl.test") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Client host [good.client.test] blocked "
			"using dbl.test",
		.facts = FACTS_1},
	{.name = "reject_rhsbl_reverse_client",
		.main_cf = LIST(
			"reject_rhsbl_reverse_client dbl.test") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "554 5.7.1 Service unavailable; Unverified Client host [bad.client.test] "
			"blocked using dbl.test",
		.facts = FACTS_1,
		.client = "203.0.113.6"},
	{.name = "permit_dnswl_client",
		.main_cf = LIST("permit_dnswl_client wl.test, reject"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "permit_dnswl_client no",
		.main_cf = LIST("permit_dnswl_client none.test, reject"),
		.say = LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "permit_dnswl_client soft",
		.main_cf = LIST("permit_dnswl_client soft.test, reject"),
		.say = LOCAL,
		.want = "450 4.7.1 <203.0.113.5>: Client host rejected: Service unavailable",
		.facts = FACTS_1},
	{.name = "permit_dnswl_client does not relay",
		.main_cf = BASE "smtpd_relay_restrictions = permit_dnswl_client wl.test, "
				"reject_unauth_destination\n",
		.say = REMOTE,
		.want = "554 5.7.1 <x@remote.test>: Relay access denied",
		.facts = FACTS_1},
	{.name = "permit_rhswl_client",
		.main_cf = LIST(
			"permit_rhswl_client dbl.test, reject") "smtpd_peername_lookup = yes\n",
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
};

int main(void)
{
	return sim_main("postfix_check_dns", cases, sizeof cases / sizeof cases[0]);
}
