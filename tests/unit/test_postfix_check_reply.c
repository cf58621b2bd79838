/*
 * test_postfix_check_reply - how a reply is finished.
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
	" \"2001:db8:2::10/64\", \"127.0.0.1/8\", \"::1/128\"], \"local_users\": [\"root\", "      \
	"\"alice\","                                                                               \
	" \"bob\"], \"dns_complete\": true, \"config_complete\": true, \"distribution\": "         \
	"\"debian\"}"
#define FACTS_2                                                                                    \
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\", \"addresses\": "            \
	"[\"192.0.2.10/24\","                                                                      \
	" \"2001:db8:2::10/64\", \"127.0.0.1/8\", \"::1/128\"], \"local_users\": [\"root\", "      \
	"\"alice\","                                                                               \
	" \"bob\"], \"dns_complete\": true, \"config_complete\": true, \"distribution\": "         \
	"\"debian\","                                                                              \
	" \"dns\": {\"list 2001:db8:113::5 wl.test\": [\"127.0.0.2\"]}}"

static struct sim_case cases[] = {
	{.name = "soft_bounce",
		.main_cf = SIM_BASE "soft_bounce = yes\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "footer",
		.main_cf =
			SIM_BASE "smtpd_reject_footer = more at $server_name\\nfor $client_address "
				 "$recipient $sender\n",
		.say = SIM_REMOTE,
		.want = "454-4.7.1 <x@remote.test>: Relay access denied\n454-4.7.1 more at "
			"mail.example.org\n454 4.7.1 for 203.0.113.5  s@sender.test"},
	{.name = "footer on the line",
		.main_cf = SIM_BASE "smtpd_reject_footer = \\c. For $client ($helo_name) "
				    "${sender_domain?{at $sender_domain}:{null}}\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied. For unknown[203.0.113.5] "
			"(c.example) at sender.test"},
	{.name = "footer of a protocol error",
		.main_cf = SIM_BASE "smtpd_reject_footer = see $server_name\n",
		.say = "FOO",
		.want = "500-5.5.2 Error: command not recognized\n500 5.5.2 see mail.example.org"},
	{.name = "footer bad macro",
		.main_cf = SIM_BASE "smtpd_reject_footer = see ${server_name\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied"},
	{.name = "footer unknown macro",
		.main_cf = SIM_BASE "smtpd_reject_footer = see $nosuch x\n",
		.say = SIM_REMOTE,
		.want = "454-4.7.1 <x@remote.test>: Relay access denied\n454 4.7.1 see  x"},
	{.name = "footer maps",
		.main_cf = SIM_BASE "smtpd_reject_footer_maps = regexp:{{/^454/ no relay}}\n"
				    "smtpd_reject_footer = other\n",
		.say = SIM_REMOTE,
		.want = "454-4.7.1 <x@remote.test>: Relay access denied\n454 4.7.1 no relay"},
	{.name = "footer soft_bounce",
		.main_cf = SIM_BASE
		"soft_bounce = yes\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n"
		"smtpd_reject_footer_maps = regexp:{{/^554/ five}, {/^454/ four}}\n",
		.say = SIM_REMOTE,
		.want = "454-4.7.1 <x@remote.test>: Relay access denied\n454 4.7.1 four"},
	{.name = "local_header_rewrite_clients fails",
		.main_cf = SIM_BASE "local_header_rewrite_clients = check_address_map fail:x\n",
		.say = "EHLO c.example\nMAIL FROM:<s@sender.test>",
		.want = "451 4.3.0 Temporary lookup error"},
	{.name = "local_header_rewrite_clients mynetworks fails",
		.main_cf = SIM_BASE "local_header_rewrite_clients = permit_mynetworks\n"
				    "mynetworks = 10.0.0.1/8\n",
		.say = "EHLO c.example\nMAIL FROM:<s@sender.test>",
		.want = "451 4.3.0 Temporary lookup error"},
	{.name = "long reply is not cut",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = REJECT "
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}}"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: "
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			"xxxxxxxx"},
	{.name = "unprintable",
		.main_cf = SIM_LIST(
			"check_recipient_access inline:{{alice@local.test = REJECT a\tb}}"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: a b"},
	{.name = "footer shows no refused HELO name",
		.main_cf = SIM_BASE "smtpd_delay_reject = no\n"
				    "smtpd_helo_restrictions = reject\n"
				    "smtpd_reject_footer = <$helo_name> <$sender>\n",
		.say = "EHLO c.example",
		.want = "554-5.7.1 <c.example>: Helo command rejected: Access denied\n554 5.7.1 <> "
			"<>"},
	{.name = "footer shows no refused sender",
		.main_cf = SIM_BASE "smtpd_delay_reject = no\n"
				    "smtpd_sender_restrictions = reject\n"
				    "smtpd_reject_footer = <$helo_name> <$sender>\n",
		.say = "EHLO c.example\nMAIL FROM:<s@sender.test>",
		.want = "554-5.7.1 <s@sender.test>: Sender address rejected: Access denied\n554 "
			"5.7.1 <c.example> <>"},
	{.name = "footer shows the first recipient",
		.main_cf = SIM_BASE "smtpd_reject_footer = <$recipient>\n",
		.say = SIM_MAIL "RCPT TO:<alice@local.test>\nRCPT TO:<x@remote.test>",
		.want = "454-4.7.1 <x@remote.test>: Relay access denied\n454 4.7.1 "
			"<alice@local.test>"},
	{.name = "stock networks and an outsider by IPv6",
		.main_cf = SIM_BASE "mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied",
		.facts = FACTS_1,
		.client = "2001:db8:113::5"},
	{.name = "stock networks and an outsider by IPv4",
		.main_cf = SIM_BASE "mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128\n",
		.say = SIM_REMOTE,
		.want = "454 4.7.1 <x@remote.test>: Relay access denied",
		.facts = FACTS_1},
	{.name = "bad IPv6 network behind the stock ones",
		.main_cf = SIM_BASE "mynetworks = 127.0.0.0/8 [::ffff:127.0.0.1]/104\n",
		.say = SIM_REMOTE,
		.want = "451 4.3.0 <x@remote.test>: Temporary lookup failure",
		.facts = FACTS_1,
		.client = "2001:db8:113::5"},
	{.name = "client v6 network key",
		.main_cf = SIM_LIST("check_client_access inline:{{2001:db8:113 = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[2001:db8:113::5]>: Client host rejected: Access denied",
		.facts = FACTS_1,
		.client = "2001:db8:113::5"},
	{.name = "client v6 network key with colon",
		.main_cf =
			SIM_LIST("check_client_access inline:{{2001:db8:113: = REJECT}}, permit"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <unknown[2001:db8:113::5]>: Client host rejected: Access denied",
		.facts = FACTS_1,
		.client = "2001:db8:113::5"},
	{.name = "permit_dnswl_client v6",
		.main_cf = SIM_LIST("permit_dnswl_client wl.test, reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.facts = FACTS_2,
		.client = "2001:db8:113::5"},
};

int main(void)
{
	return sim_main("postfix_check_reply", cases, sizeof cases / sizeof cases[0]);
}
