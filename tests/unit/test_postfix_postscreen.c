/*
 * test_postfix_postscreen - clients that postscreen keeps from smtpd, and what versions change.
 *
 * What postscreen says here was answered by Postfix 3.7.11.
 */
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define BASE                                                                                       \
	"compatibility_level = 3.6\n"                                                              \
	"mydestination = local.test\n"                                                             \
	"local_recipient_maps =\n"
#define DENY BASE "postscreen_access_list = static:reject\npostscreen_denylist_action = "
#define GREETING "220-mail.example.org ESMTP Postfix\n220 mail.example.org ESMTP Postfix / "
#define VERSION(text)                                                                              \
	"{\"hostname\": \"mail.example.org\", \"version\": \"" text                                \
	"\", \"config_complete\": true, \"dns_complete\": true}"

static const struct sim_file screened[] = {
	{"master.cf", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n"},
	{NULL, NULL}};
static const struct sim_file two[] = {
	{"master.cf", "smtp inet n - n - 2 postscreen\nsmtpd pass - - n - - smtpd\n"},
	{NULL, NULL}};
static const struct sim_file qmqp[] = {{"master.cf", "628 inet n - n - - qmqpd\n"}, {NULL, NULL}};

/* want: all replies, parted by " / ", the lines of one reply by LF. */
static struct sim_case cases[] = {
	{
		.name = "a client without the proxy that smtpd expects",
		.main_cf = BASE "smtpd_upstream_proxy_protocol = haproxy\n",
		.say = "EHLO x",
		.want = "421 4.3.0 mail.example.org Server local error / (closed)",
	},
	{
		.name = "a client without the proxy that postscreen expects",
		.main_cf = BASE "postscreen_upstream_proxy_protocol = haproxy\n",
		.say = "EHLO x",
		.want = "421 4.3.2 No system resources / (closed)",
		.files = screened,
	},
	{
		.name = "a proxy that is no proxy",
		.main_cf = BASE "smtpd_upstream_proxy_protocol = foo\n",
		.say = "EHLO x",
		.want = "(timeout)",
	},
	{
		.name = "what postscreen hands over comes from no other proxy",
		.main_cf = BASE "smtpd_upstream_proxy_protocol = haproxy\n"
				"postscreen_access_list = static:permit\n",
		.say = "QUIT",
		.want = "220 mail.example.org ESMTP Postfix / 221 2.0.0 Bye",
		.files = screened,
	},
	{
		.name = "a denied client",
		.main_cf = DENY "enforce\n",
		.say = "EHLO x\nMAIL FROM:<a@b.test>\nMAIL FROM:<a@b.test>\nRCPT "
		       "TO:<postmaster>\nRCPT x\nVRFY x\nETRN x\nAUTH PLAIN\nRSET x\nRCPT "
		       "TO:<x>\nMAIL FROM:<>\nDATA\nNOOP",
		.want = GREETING
		"250-mail.example.org\n250-SIZE "
		"10240000\n250-VRFY\n250-ETRN\n250-ENHANCEDSTATUSCODES\n250-8BITMIME\n250-DSN\n250-"
		"SMTPUTF8\n250 CHUNKING / "
		"250 2.1.0 Ok / 503 5.5.1 Error: nested MAIL command / 550 5.3.2 Service currently "
		"unavailable / 501 5.5.4 Syntax: RCPT TO:<address> / 550 5.3.2 Service currently "
		"unavailable / 458 Unable to queue messages / 502 5.5.2 Error: command not "
		"recognized / 250 2.0.0 Ok / 503 5.5.1 Error: need MAIL command / 250 2.1.0 Ok / "
		"554 5.5.1 Error: no valid recipients / (closed)",
		.files = screened,
	},
	{
		.name = "a denied client that pipelines",
		.main_cf = DENY "enforce\n",
		.say = "EHLO x\nMAIL FROM:<a@b.test>\n+RCPT TO:<a@local.test>\nGET /\nNOOP",
		.want = GREETING "250-mail.example.org\n250-SIZE "
				 "10240000\n250-VRFY\n250-ETRN\n250-ENHANCEDSTATUSCODES\n250-"
				 "8BITMIME\n250-DSN\n250-SMTPUTF8\n250 CHUNKING / "
				 "250 2.1.0 Ok / 550 5.5.1 Protocol error / 521 5.7.0 Error: I can "
				 "break rules, too. Goodbye. / (closed)",
		.files = screened,
	},
	{
		.name = "a dropped client",
		.main_cf = DENY "drop\n",
		.say = "EHLO x",
		.want = "521 5.3.2 Service currently unavailable / (closed)",
		.files = screened,
	},
	{
		.name = "a permitted client",
		.main_cf = BASE "postscreen_access_list = static:permit\n",
		.say = "QUIT",
		.want = "220 mail.example.org ESMTP Postfix / 221 2.0.0 Bye",
		.files = screened,
	},
	{
		.name = "seen before or not",
		.main_cf = BASE,
		.say = "QUIT",
		.want = GREETING
		"221 2.0.0 Bye | 220 mail.example.org ESMTP Postfix / 221 2.0.0 Bye",
		.files = screened,
	},
	{
		.name = "a process limit that is not 1",
		.main_cf = BASE,
		.say = "QUIT",
		.want = "(timeout)",
		.files = two,
	},
	{.name = "unknown command of 3.6",
		.main_cf = BASE,
		.say = "FOO\nHELP",
		.want = "220 mail.example.org ESMTP Postfix / 502 5.5.2 Error: command not "
			"recognized / 502 5.5.2 Error: command not recognized",
		.facts = VERSION("3.6.4")},
	{.name = "HELP of 3.9",
		.main_cf = BASE,
		.say = "FOO\nHELP",
		.want = "220 mail.example.org ESMTP Postfix / 500 5.5.2 Error: command not "
			"recognized / 214 2.0.0 Commands: AUTH BDAT DATA EHLO ETRN HELO HELP MAIL "
			"NOOP QUIT RCPT RSET STARTTLS VRFY XCLIENT XFORWARD",
		.facts = VERSION("3.9.1")},
	{.name = "pipelining of 3.9",
		.main_cf = BASE,
		.say = "HELO x\n+NOOP",
		.want = "220 mail.example.org ESMTP Postfix / 554 5.5.0 Error: SMTP protocol "
			"synchronization / (closed)",
		.facts = VERSION("3.9.1")},
	{.name = "no BDAT before 3.4",
		.main_cf = "compatibility_level = 2\n",
		.say = "BDAT 0 LAST",
		.want = "220 mail.example.org ESMTP Postfix / 502 5.5.2 Error: command not "
			"recognized",
		.facts = VERSION("3.3.1")},
	{
		.name = "milters are asked",
		.main_cf = BASE "smtpd_milters = inet:127.0.0.1:8891\n",
		.say = "NOOP\nQUIT",
		.want = "220 mail.example.org ESMTP Postfix / 250 2.0.0 Ok / 221 2.0.0 Bye | (any "
			"25) / (any 25) / 221 2.0.0 Bye | (any 245) / (any 245) / 221 2.0.0 Bye",
	},
	{
		.name = "a service that is not smtpd",
		.main_cf = BASE,
		.say = "NOOP",
		.want = "(unknown) / (unknown)",
		.files = qmqp,
	},
};

int main(void)
{
	return sim_main_all("postscreen", cases, sizeof cases / sizeof cases[0]);
}
