/*
 * test_postfix_check_helo - restrictions on the HELO name.
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
	{.name = "reject_invalid_helo_hostname c.example",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname c.example",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname c",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO c\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname c",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO c\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <c>: Helo command rejected: need fully-qualified hostname",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname c..example",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO c..example\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <c..example>: Helo command rejected: Invalid name",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname c..example",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO c..example\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <c..example>: Helo command rejected: need fully-qualified "
			"hostname",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname -c.example",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO -c.example\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <-c.example>: Helo command rejected: Invalid name",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname -c.example",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO -c.example\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <-c.example>: Helo command rejected: need fully-qualified "
			"hostname",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname 192.0.2.1",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO 192.0.2.1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname 192.0.2.1",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO 192.0.2.1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <192.0.2.1>: Helo command rejected: need fully-qualified "
			"hostname",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname [192.0.2.1]",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO [192.0.2.1]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname [192.0.2.1]",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO [192.0.2.1]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname [192.0.2.300]",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO [192.0.2.300]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <[192.0.2.300]>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname [192.0.2.300]",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO [192.0.2.300]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <[192.0.2.300]>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname [IPv6:2001:db8::1]",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO [IPv6:2001:db8::1]\nMAIL FROM:<s@sender.test>\nRCPT "
		       "TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname [IPv6:2001:db8::1]",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO [IPv6:2001:db8::1]\nMAIL FROM:<s@sender.test>\nRCPT "
		       "TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname [2001:db8::1]",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO [2001:db8::1]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <[2001:db8::1]>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname [2001:db8::1]",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO [2001:db8::1]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <[2001:db8::1]>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname c.example.",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO c.example.\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname c.example.",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO c.example.\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname c_d.example",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO c_d.example\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname c_d.example",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO c_d.example\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname 123",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO 123\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <123>: Helo command rejected: Invalid name",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname 123",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO 123\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <123>: Helo command rejected: need fully-qualified hostname",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname [x",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO [x\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <[x>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname [x",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO [x\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <[x>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "reject_invalid_helo_hostname 2001:db8::1",
		.main_cf = LIST("reject_invalid_helo_hostname, permit"),
		.say = "EHLO 2001:db8::1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_helo_hostname 2001:db8::1",
		.main_cf = LIST("reject_non_fqdn_helo_hostname, permit"),
		.say = "EHLO 2001:db8::1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <2001:db8::1>: Helo command rejected: need fully-qualified "
			"hostname",
		.facts = FACTS_1},
	{.name = "reject_unknown_helo_hostname c.example",
		.main_cf = LIST("reject_unknown_helo_hostname, permit"),
		.say = LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unknown_helo_hostname nosuch.test",
		.main_cf = LIST("reject_unknown_helo_hostname, permit"),
		.say = "EHLO nosuch.test\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.7.1 <nosuch.test>: Helo command rejected: Host not found",
		.facts = FACTS_1},
	{.name = "reject_unknown_helo_hostname slow.test",
		.main_cf = LIST("reject_unknown_helo_hostname, permit"),
		.say = "EHLO slow.test\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.7.1 <slow.test>: Helo command rejected: Host not found",
		.facts = FACTS_1},
	{.name = "reject_unknown_helo_hostname null.test",
		.main_cf = LIST("reject_unknown_helo_hostname, permit"),
		.say = "EHLO null.test\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unknown_helo_hostname [192.0.2.1]",
		.main_cf = LIST("reject_unknown_helo_hostname, permit"),
		.say = "EHLO [192.0.2.1]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unknown_helo_hostname [foo]",
		.main_cf = LIST("reject_unknown_helo_hostname, permit"),
		.say = "EHLO [foo]\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <[foo]>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "reject_unknown_helo_hostname 192.0.2.1",
		.main_cf = LIST("reject_unknown_helo_hostname, permit"),
		.say = "EHLO 192.0.2.1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.7.1 <192.0.2.1>: Helo command rejected: Host not found",
		.facts = FACTS_1},
	{.name = "reject_invalid_hostname c..x",
		.main_cf = LIST("reject_invalid_hostname, permit"),
		.say = "EHLO c..x\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <c..x>: Helo command rejected: Invalid name",
		.facts = FACTS_1},
	{.name = "reject_non_fqdn_hostname c",
		.main_cf = LIST("reject_non_fqdn_hostname, permit"),
		.say = "EHLO c\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "504 5.5.2 <c>: Helo command rejected: need fully-qualified hostname",
		.facts = FACTS_1},
	{.name = "reject_unknown_hostname nosuch.test",
		.main_cf = LIST("reject_unknown_hostname, permit"),
		.say = "EHLO nosuch.test\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.7.1 <nosuch.test>: Helo command rejected: Host not found",
		.facts = FACTS_1},
	{.name = "permit_naked_ip_address 192.0.2.1",
		.main_cf = LIST("permit_naked_ip_address, permit"),
		.say = "EHLO 192.0.2.1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "permit_naked_ip_address, reject 192.0.2.1",
		.main_cf = LIST("permit_naked_ip_address, reject, permit"),
		.say = "EHLO 192.0.2.1\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "permit_naked_ip_address, reject 192.0.2.999",
		.main_cf = LIST("permit_naked_ip_address, reject, permit"),
		.say = "EHLO 192.0.2.999\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "501 5.5.2 <192.0.2.999>: Helo command rejected: invalid ip address",
		.facts = FACTS_1},
	{.name = "permit_naked_ip_address, reject c.example",
		.main_cf = LIST("permit_naked_ip_address, reject, permit"),
		.say = LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied",
		.facts = FACTS_1},
	{.name = "helo slow defers",
		.main_cf = LIST("reject_unknown_helo_hostname, permit") "unknown_helo_hostname_"
									"tempfail_action = defer\n",
		.say = "EHLO slow.test\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "450 4.7.1 <slow.test>: Helo command rejected: Host not found",
		.facts = FACTS_1},
};

int main(void)
{
	return sim_main("postfix_check_helo", cases, sizeof cases / sizeof cases[0]);
}
