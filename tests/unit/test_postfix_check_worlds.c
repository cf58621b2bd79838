/*
 * test_postfix_check_worlds - what the restrictions ask, where the answer is not in the
 * configuration: each case wants the answers of all worlds.
 */
#include "unit/postfix_sim.h"

#define BASE                                                                                       \
	"compatibility_level = 3.6\n"                                                              \
	"mydestination = local.test\n"                                                             \
	"mynetworks = 10.0.0.0/8\n"                                                                \
	"alias_maps =\n"
#define LIST(items)                                                                                \
	BASE "smtpd_recipient_restrictions = " items                                               \
	     "\nsmtpd_relay_restrictions = reject_unauth_destination\n"
#define LOCAL "EHLO c.example\nMAIL FROM:<s@sender.test>\nRCPT TO:<alice@local.test>"
/* Only the host is known. */
#define HOST                                                                                       \
	"\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\","                             \
	"\"addresses\": [\"192.0.2.10/24\", \"127.0.0.1/8\"], \"local_users\": [\"alice\"],"       \
	"\"config_complete\": true, \"distribution\": \"debian\""
#define OPEN "{" HOST "}"
#define REJECTED "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"

static struct sim_case cases[] = {
	{.name = "a policy server is neutral, rejects, or fails",
		.main_cf = LIST("check_policy_service unix:private/policy"),
		.say = LOCAL,
		.facts = OPEN,
		.want = "250 2.1.5 Ok | (any 45) | 451 4.3.5 <alice@local.test>: Recipient address "
			"rejected: Server configuration problem"},
	{.name = "a policy server's words are a fact",
		.main_cf = LIST("check_policy_service unix:private/policy"),
		.say = LOCAL,
		.facts = "{" HOST ", \"answers\": {\"policy.reply unix:private/policy\": "
			 "\"DEFER_IF_PERMIT 4.2.0 greylisted\"}}",
		.want = "450 4.2.0 <alice@local.test>: Recipient address rejected: greylisted"},
	{.name = "nothing is asked behind a decision",
		.main_cf = LIST("permit, check_policy_service unix:private/policy"),
		.say = LOCAL,
		.facts = OPEN,
		.want = "250 2.1.5 Ok"},
	{.name = "addresses alone decide without the client's name",
		.main_cf = LIST("check_client_access inline:{203.0.113=REJECT}, permit"),
		.say = LOCAL,
		.facts = OPEN,
		.want = "554 5.7.1 <{client.name}[203.0.113.5]>: Client host rejected: Access "
			"denied"},
	{.name = "the client's name is asked where a key could be one",
		.main_cf = LIST("check_client_access inline:{{good.test = OK}}, reject"),
		.say = LOCAL,
		.facts = OPEN,
		.want = REJECTED " | 250 2.1.5 Ok"},
	{.name = "the client's name is verified, or not",
		.main_cf = LIST("reject_unknown_client_hostname, permit"),
		.say = LOCAL,
		.facts = OPEN,
		.want = "450 4.7.25 Client host rejected: cannot find your hostname, [203.0.113.5]"
			" | 250 2.1.5 Ok"},
	{.name = "a listed client is told in words of the list",
		.main_cf = LIST("reject_rbl_client bl.test"),
		.say = LOCAL,
		.facts = OPEN,
		.want = "250 2.1.5 Ok | (any 5) | 554 5.7.1 Service unavailable; Client host "
			"[203.0.113.5] blocked using bl.test"},
	{.name = "a verified recipient, one that bounces, and a probe that hangs",
		.main_cf = LIST(
			"reject_unverified_recipient") "unverified_recipient_reject_reason = "
						       "unknown here\n"
						       "unverified_recipient_reject_code = 550\n",
		.say = LOCAL,
		.facts = OPEN,
		.want = "550 5.1.1 <alice@local.test>: Recipient address rejected: undeliverable "
			"address: unknown here | 250 2.1.5 Ok | 450 4.1.1 <alice@local.test>: "
			"Recipient address rejected: unverified address: unknown here"},
	{.name = "the sender's domain exists, does not, takes no mail, or cannot be found out",
		.main_cf = LIST("reject_unknown_sender_domain, permit"),
		.say = LOCAL,
		.facts = OPEN,
		.want = "250 2.1.5 Ok | 550 5.7.27 <s@sender.test>: Sender address rejected: "
			"Domain "
			"sender.test does not accept mail (nullMX) | 450 4.1.8 <s@sender.test>: "
			"Sender address rejected: Domain not found"},
	{.name = "a table on the network",
		.main_cf = LIST("check_sender_access socketmap:unix:private/map:senders, permit"),
		.say = LOCAL,
		.facts = "{" HOST
			 ", \"answers\": {\"table.lookup socketmap:unix:private/map:senders "
			 "s@sender.test\": \"REJECT not you\"}}",
		.want = "554 5.7.1 <s@sender.test>: Sender address rejected: not you"},
};

int main(void)
{
	return sim_main("postfix_check_worlds", cases, sizeof cases / sizeof cases[0]);
}
