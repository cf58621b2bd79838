/*
 * test_postfix_smtpd - the command loop of smtpd: every command, its order of tests and its limits.
 *
 * What is wanted here was answered by Postfix 3.7.11.
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
	"myhostname = mail.example.org\n"                                                          \
	"mydestination = local.test\n"                                                             \
	"local_recipient_maps =\n"                                                                 \
	"alias_maps =\n"                                                                           \
	"smtpd_peername_lookup = no\n"                                                             \
	"smtpd_soft_error_limit = 1000\n"
#define FACTS                                                                                      \
	"{\"hostname\": \"mail.example.org\", \"addresses\": [\"192.0.2.10/24\", \"127.0"          \
	".0.1/8\", \"::1/128\"], \"version\": \"3.7.11\", \"distribution\": \"debian\", \"d"       \
	"ns_complete\": true, \"config_complete\": true, \"dns\": {}, \"answers\": {\"t"           \
	"ls.usable /etc/ssl/certs/lab.pem\": \"found\"}, \"sasl\": {\"mechanisms\": [\""           \
	"PLAIN\", \"LOGIN\", \"CRAM-MD5\"], \"users\": {\"alice@mail.example.org\": \"sec"         \
	"ret\"}}, \"local_users\": [\"root\", \"alice\", \"bob\"]}"

/* want: all replies, parted by " / ", the lines of one reply by LF. */
static struct sim_case cases[] = {
	{.name = "MAIL syntax",
		.main_cf = BASE "",
		.say = "MAIL\n"
		       "MAIL FROM\n"
		       "MAIL FROM:\n"
		       "MAIL FROM <a>\n"
		       "MAIL FROM : <a@b.test>\n"
		       "MAIL FROM:<a b@c.test>\n"
		       "MAIL FROM:<a@b.test>SIZE=10\n"
		       "MAIL FROM:<a@b.test\n"
		       "MAIL FROM:\"a\n"
		       "MAIL FROM: <a@b.test>\n"
		       "MAIL FROM:<a@b.test>",
		.want = "220 mail.example.org ESMTP Postfix / "
			"501 5.5.4 Syntax: MAIL FROM:<address> / "
			"501 5.5.4 Syntax: MAIL FROM:<address> / "
			"501 5.5.4 Syntax: MAIL FROM:<address> / "
			"501 5.5.4 Syntax: MAIL FROM:<address> / "
			"501 5.5.4 Syntax: MAIL FROM:<address> / "
			"501 5.1.7 Bad sender address syntax / "
			"501 5.1.7 Bad sender address syntax / "
			"501 5.1.7 Bad sender address syntax / "
			"501 5.1.7 Bad sender address syntax / 250 2.1.0 Ok / "
			"503 5.5.1 Error: nested MAIL command",
		.facts = FACTS},
	{.name = "MAIL options",
		.main_cf = BASE "",
		.say = "MAIL FROM:<a@b.test> FOO=bar BAR\n"
		       "MAIL FROM:<a@b.test> SIZE=10x\n"
		       "MAIL FROM:<a@b.test> SIZE=9223372036854775808\n"
		       "MAIL FROM:<a@b.test> BODY=BINARYMIME\n"
		       "MAIL FROM:<a@b.test> RET=x\n"
		       "MAIL FROM:<a@b.test> RET=HDRS RET=FULL\n"
		       "MAIL FROM:<a@b.test> ENVID=+4\n"
		       "MAIL FROM:<a@b.test> ENVID=\n"
		       "MAIL FROM:<a@b.test> SMTPUTF8=1\n"
		       "MAIL FROM:<a@b.test> XVERP\n"
		       "MAIL FROM:<a@b.test> AUTH=a AUTH=b\n"
		       "MAIL FROM:<a@b.test> AUTH=\n"
		       "RSET\n"
		       "mail from:<a@b.test> body=8bitmime ret=full envid=x+41 auth=<> smtputf8 "
		       "size=10",
		.want = "220 mail.example.org ESMTP Postfix / "
			"555 5.5.4 Unsupported option: FOO=bar / "
			"501 5.5.4 Bad message size syntax / "
			"552 5.3.4 Message size exceeds file system imposed limit / "
			"555 5.5.4 Unsupported option: BODY=BINARYMIME / "
			"501 5.5.4 Bad RET parameter syntax / "
			"501 5.5.4 Bad RET parameter syntax / "
			"501 5.5.4 Bad ENVID parameter syntax / "
			"501 5.5.4 Bad ENVID parameter syntax / "
			"555 5.5.4 Unsupported option: SMTPUTF8=1 / "
			"555 5.5.4 Unsupported option: XVERP / "
			"503 5.5.4 Error: multiple AUTH= options / "
			"503 5.5.4 Error: multiple AUTH= options / 250 2.0.0 Ok / 250 2.1.0 Ok",
		.facts = FACTS},
	{.name = "a refused SIZE stays until RSET",
		.main_cf = BASE "",
		.say = "MAIL FROM:<a@b.test> SIZE=10240001\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RSET\n"
		       "MAIL FROM:<a@b.test>",
		.want = "220 mail.example.org ESMTP Postfix / "
			"552 5.3.4 Message size exceeds fixed limit / "
			"552 5.3.4 Message size exceeds fixed limit / 250 2.0.0 Ok / "
			"250 2.1.0 Ok",
		.facts = FACTS},
	{.name = "words of a command",
		.main_cf = BASE "",
		.say = "MAIL FROM:<a@b.test> FOO<a b>c d\n"
		       "MAIL FROM:<a@b.test> FOO\"a b\"c d\n"
		       "MAIL FROM:<a@b.test> FOO[a b]c d\n"
		       "MAIL FROM:<a@b.test> FOO\\ b c\n"
		       "MAIL FROM:<a@b.test> <a b\n"
		       "MAIL FROM:<a@b.test> to:x\n"
		       "MAIL FROM:: <a>\n"
		       "MAIL FROM:<a@b.test> a:<b> c",
		.want = "220 mail.example.org ESMTP Postfix / "
			"555 5.5.4 Unsupported option: FOO<a b>c / "
			"555 5.5.4 Unsupported option: FOO\"a b\"c / "
			"555 5.5.4 Unsupported option: FOO[a / "
			"555 5.5.4 Unsupported option: FOO\\ b / "
			"555 5.5.4 Unsupported option: <a b / "
			"555 5.5.4 Unsupported option: to: / "
			"555 5.5.4 Unsupported option: <a> / "
			"555 5.5.4 Unsupported option: a:<b>",
		.facts = FACTS},
	{.name = "RCPT syntax and options",
		.main_cf = BASE "",
		.say = "RCPT TO:<a@local.test>\n"
		       "MAIL FROM:<a@b.test>\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT\n"
		       "RCPT TO:\n"
		       "RCPT FROM:<a>\n"
		       "RCPT TO:<>\n"
		       "RCPT TO:<a@local..test>\n"
		       "RCPT TO:<a@local.test> FOO BAR\n"
		       "RCPT TO:<a@local.test> NOTIFY=NEVER,DELAY\n"
		       "RCPT TO:<a@local.test> NOTIFY=\n"
		       "RCPT TO:<a@local.test> NOTIFY=success,,FAILURE ORCPT=rfc822;\n"
		       "RCPT TO:<a@local.test> NOTIFY=NEVER NOTIFY=NEVER\n"
		       "RCPT TO:<a@local.test> ORCPT=;a\n"
		       "RCPT TO:<a@local.test> ORCPT=rfc822;+zz\n"
		       "RCPT TO:<a@local.test> ORCPT=utf-8;\\x{zz}\n"
		       "RCPT TO:<postMASTER>\n"
		       "RCPT TO:<x@remote.test>",
		.want = "220 mail.example.org ESMTP Postfix / "
			"503 5.5.1 Error: need MAIL command / 250 2.1.0 Ok / "
			"503 5.5.1 Error: nested MAIL command / "
			"501 5.5.4 Syntax: RCPT TO:<address> / "
			"501 5.5.4 Syntax: RCPT TO:<address> / "
			"501 5.5.4 Syntax: RCPT TO:<address> / "
			"501 5.1.3 Bad recipient address syntax / "
			"501 5.1.3 Bad recipient address syntax / "
			"555 5.5.4 Unsupported option: FOO / "
			"501 5.5.4 Error: Bad NOTIFY parameter syntax / "
			"501 5.5.4 Error: Bad NOTIFY parameter syntax / 250 2.1.5 Ok / "
			"501 5.5.4 Error: Bad NOTIFY parameter syntax / "
			"501 5.5.4 Error: Bad ORCPT parameter syntax / "
			"501 5.5.4 Error: Bad ORCPT parameter syntax / "
			"501 5.5.4 Error: Bad ORCPT parameter syntax / 250 2.1.5 Ok / "
			"454 4.7.1 <x@remote.test>: Relay access denied",
		.facts = FACTS},
	{.name = "recipient limit",
		.main_cf = BASE "smtpd_recipient_limit = 1\n"
				"smtpd_recipient_overshoot_limit = 1\n"
				"smtpd_hard_error_limit = 2\n",
		.say = "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test>\n"
		       "RCPT TO:<b@local.test>\n"
		       "RCPT TO:<b@local.test>\n"
		       "RCPT TO:<b@local.test>\n"
		       "RCPT TO:<b@local.test>",
		.want = "220 mail.example.org ESMTP Postfix / 250 2.1.0 Ok / 250 2.1.5 Ok / "
			"452 4.5.3 Error: too many recipients / "
			"452 4.5.3 Error: too many recipients / "
			"452 4.5.3 Error: too many recipients / "
			"421 4.7.0 mail.example.org Error: too many errors",
		.facts = FACTS},
	{.name = "DATA",
		.main_cf = BASE "",
		.say = "DATA\n"
		       "MAIL FROM:<a@b.test>\n"
		       "DATA x\n"
		       "DATA\n"
		       "RCPT TO:<a@local.test>\n"
		       "DATA x\n"
		       "DATA\n"
		       "Subject: x\\r\\n\\r\\nhello\\r\\n.\n"
		       "DATA",
		.want = "220 mail.example.org ESMTP Postfix / "
			"503 5.5.1 Error: need RCPT command / 250 2.1.0 Ok / "
			"554 5.5.1 Error: no valid recipients / "
			"554 5.5.1 Error: no valid recipients / 250 2.1.5 Ok / "
			"501 5.5.4 Syntax: DATA / 354 End data with <CR><LF>.<CR><LF> / "
			"250 2.0.0 Ok: queued as {queue-id} / "
			"503 5.5.1 Error: need RCPT command",
		.facts = FACTS},
	{.name = "a message that is too big",
		.main_cf = BASE "message_size_limit = 20\n",
		.say = "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test>\n"
		       "DATA\n"
		       "0123456789\\r\\n0123456789\\r\\n.\n"
		       "MAIL FROM:<a@b.test>",
		.want = "220 mail.example.org ESMTP Postfix / 250 2.1.0 Ok / 250 2.1.5 Ok / "
			"354 End data with <CR><LF>.<CR><LF> / "
			"552 5.3.4 Error: message file too big / 250 2.1.0 Ok",
		.facts = FACTS},
	{.name = "BDAT without content",
		.main_cf = BASE "",
		.say = "BDAT 0 LAST\n"
		       "EHLO x\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test>\n"
		       "BDAT 0\n"
		       "RCPT TO:<b@local.test>\n"
		       "DATA\n"
		       "RSET\n"
		       "MAIL FROM:<a@b.test>\n"
		       "BDAT 0 LAST\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test>\n"
		       "BDAT 0 LAST\n"
		       "BDAT x\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"503 5.5.1 Error: need RCPT command / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 250 2.1.0 Ok / 250 2.1.5 Ok / "
			"551 5.7.1 Null BDAT request / 503 5.5.1 Error: RCPT after BDAT / "
			"503 5.5.1 Error: DATA after BDAT / 250 2.0.0 Ok / 250 2.1.0 Ok / "
			"554 5.5.1 Error: no valid recipients / 250 2.1.0 Ok / 250 2.1.5 Ok / "
			"250 2.0.0 Ok: 0 bytes queued as {queue-id} / "
			"521 5.5.4 Syntax: BDAT count [LAST] / (closed)",
		.facts = FACTS},
	{.name = "BDAT with CHUNKING hidden",
		.main_cf = BASE "smtpd_discard_ehlo_keywords = chunking\n",
		.say = "BDAT 0 LAST\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"521 5.5.1 Error: command not implemented / (closed)",
		.facts = FACTS},
	{.name = "HELO and EHLO",
		.main_cf = BASE "",
		.say = "HELO\n"
		       "EHLO\n"
		       "HELO a b\n"
		       "MAIL FROM:<a@b.test>\n"
		       "EHLO x\n"
		       "RCPT TO:<a@local.test>",
		.want = "220 mail.example.org ESMTP Postfix / 501 Syntax: HELO hostname / "
			"501 Syntax: EHLO hostname / 250 mail.example.org / 250 2.1.0 Ok / "
			"250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 503 5.5.1 Error: need MAIL command",
		.facts = FACTS},
	{.name = "HELO is needed",
		.main_cf = BASE "smtpd_helo_required = yes\n",
		.say = "MAIL FROM:<a@b.test>\n"
		       "ETRN local.test\n"
		       "AUTH PLAIN\n"
		       "HELO x\n"
		       "MAIL FROM:<a@b.test>",
		.want = "220 mail.example.org ESMTP Postfix / "
			"503 5.5.1 Error: send HELO/EHLO first / "
			"503 Error: send HELO/EHLO first / "
			"503 5.5.1 Error: send HELO/EHLO first / 250 mail.example.org / "
			"250 2.1.0 Ok",
		.facts = FACTS},
	{.name = "RSET NOOP QUIT",
		.main_cf = BASE "",
		.say = "RSET x\n"
		       "RSET\n"
		       "NOOP x y\n"
		       "QUIT x\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / 501 5.5.4 Syntax: RSET / "
			"250 2.0.0 Ok / 250 2.0.0 Ok / 221 2.0.0 Bye / (closed)",
		.facts = FACTS},
	{.name = "VRFY",
		.main_cf = BASE "",
		.say = "VRFY\n"
		       "VRFY a@local.test SMTPUTF8\n"
		       "VRFY <a@local.test>\n"
		       "VRFY a b\n"
		       "VRFY A <a@local.test>\n"
		       "VRFY x@remote.test\n"
		       "VRFY <>\n"
		       "VRFY postmaster",
		.want = "220 mail.example.org ESMTP Postfix / "
			"501 5.5.4 Syntax: VRFY address [SMTPUTF8] / 252 2.0.0 a@local.test / "
			"252 2.0.0 <a@local.test> / 501 5.1.3 Bad recipient address syntax / "
			"252 2.0.0 A <a@local.test> / "
			"454 4.7.1 <x@remote.test>: Relay access denied / "
			"501 5.1.3 Bad recipient address syntax / 252 2.0.0 postmaster",
		.facts = FACTS},
	{.name = "VRFY off",
		.main_cf = BASE "disable_vrfy_command = yes\n",
		.say = "VRFY\n"
		       "EHLO x",
		.want = "220 mail.example.org ESMTP Postfix / "
			"502 5.5.1 VRFY command is disabled / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING",
		.facts = FACTS},
	{.name = "ETRN",
		.main_cf = BASE "fast_flush_domains = relay.test\n",
		.say = "ETRN\n"
		       "ETRN a b\n"
		       "ETRN relay.test\n"
		       "ETRN @sub.relay.test\n"
		       "ETRN other.test\n"
		       "ETRN #local\n"
		       "ETRN [1.2.3.4]\n"
		       "ETRN a..b\n"
		       "MAIL FROM:<a@b.test>\n"
		       "ETRN relay.test",
		.want = "220 mail.example.org ESMTP Postfix / 500 Syntax: ETRN domain / "
			"500 Syntax: ETRN domain / 250 Queuing started / 250 Queuing started / "
			"459 <other.test>: service unavailable / "
			"459 <local>: service unavailable / "
			"459 <[1.2.3.4]>: service unavailable / "
			"501 Error: invalid parameter syntax / 250 2.1.0 Ok / "
			"503 Error: MAIL transaction in progress",
		.facts = FACTS},
	{.name = "unknown commands",
		.main_cf = BASE "",
		.say = "FOO\n"
		       "HELP\n"
		       "EXPN a\n"
		       "foo :x\n"
		       "XCLIENT\n"
		       "XCLIENT NAME=x\n"
		       "XFORWARD NAME=x\n"
		       "MAIL<a>\n"
		       "Subject: x\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"501 5.5.4 Syntax: XCLIENT attribute=value... / "
			"550 5.7.0 Error: insufficient authorization / "
			"550 5.7.0 Error: insufficient authorization / "
			"500 5.5.2 Error: command not recognized / "
			"221 2.7.0 Error: I can break rules, too. Goodbye. / (closed)",
		.facts = FACTS},
	{.name = "a forbidden command",
		.main_cf = BASE "",
		.say = "GET /\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"221 2.7.0 Error: I can break rules, too. Goodbye. / (closed)",
		.facts = FACTS},
	{.name = "a command that begins with no letter",
		.main_cf = BASE "",
		.say = "123",
		.want = "220 mail.example.org ESMTP Postfix / "
			"221 2.7.0 Error: I can break rules, too. Goodbye.",
		.facts = FACTS},
	{.name = "noop commands",
		.main_cf = BASE "smtpd_noop_commands = foo, mail\n"
				"smtpd_forbidden_commands = bar\n",
		.say = "FOO x\n"
		       "MAIL FROM:<a>\n"
		       "GET /\n"
		       "BAR",
		.want = "220 mail.example.org ESMTP Postfix / 250 2.0.0 Ok / 250 2.0.0 Ok / "
			"500 5.5.2 Error: command not recognized / "
			"221 2.7.0 Error: I can break rules, too. Goodbye.",
		.facts = FACTS},
	{.name = "a command filter",
		.main_cf =
			BASE "smtpd_command_filter = pcre:{{/^FOO (.*)/ VRFY $1} {/^X$/ NOOP}}\n",
		.say = "FOO x@remote.test\n"
		       "  X\n"
		       "Y",
		.want = "(timeout)",
		.facts = FACTS},
	{.name = "a command filter that fails",
		.main_cf = BASE "smtpd_command_filter = fail:x\n",
		.say = "NOOP\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"421 4.3.0 mail.example.org Server local data error / (closed)",
		.facts = FACTS},
	{.name = "too many errors",
		.main_cf = BASE "smtpd_hard_error_limit = 3\n",
		.say = "FOO\n"
		       "FOO\n"
		       "FOO\n"
		       "NOOP\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"421 4.7.0 mail.example.org Error: too many errors / (closed)",
		.facts = FACTS},
	{.name = "too many errors in one write",
		.main_cf = BASE "smtpd_hard_error_limit = 2\n",
		.say = "EHLO x\n"
		       "FOO\n"
		       "+FOO\n"
		       "+FOO\n"
		       "+FOO",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"421 4.7.0 mail.example.org Error: too many errors / (closed)",
		.facts = FACTS},
	{.name = "too much junk",
		.main_cf = BASE "smtpd_junk_command_limit = 2\n"
				"smtpd_hard_error_limit = 2\n",
		.say = "RSET\n"
		       "NOOP\n"
		       "HELO x\n"
		       "RSET\n"
		       "RSET\n"
		       "RSET",
		.want = "220 mail.example.org ESMTP Postfix / 250 2.0.0 Ok / 250 2.0.0 Ok / "
			"250 mail.example.org / 250 2.0.0 Ok / 250 2.0.0 Ok / "
			"421 4.7.0 mail.example.org Error: too many errors",
		.facts = FACTS},
	{.name = "errors are forgiven by a message",
		.main_cf = BASE "smtpd_hard_error_limit = 3\n",
		.say = "FOO\n"
		       "FOO\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test>\n"
		       "DATA\n"
		       "x\\r\\n.\n"
		       "FOO\n"
		       "FOO\n"
		       "FOO\n"
		       "FOO",
		.want = "220 mail.example.org ESMTP Postfix / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / 250 2.1.0 Ok / "
			"250 2.1.5 Ok / 354 End data with <CR><LF>.<CR><LF> / "
			"250 2.0.0 Ok: queued as {queue-id} / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"500 5.5.2 Error: command not recognized / "
			"421 4.7.0 mail.example.org Error: too many errors",
		.facts = FACTS},
	{.name = "a refused client",
		.main_cf = BASE "smtpd_delay_reject = no\n"
				"smtpd_client_restrictions = reject\n",
		.say = "EHLO x\n"
		       "FOO\n"
		       "QUIT\n"
		       "NOOP",
		.want = "554 5.7.1 <unknown[203.0.113.5]>: Client host rejected: Access denied / "
			"503 5.7.0 Error: access denied for unknown[203.0.113.5] / 503 5.7.0 "
			"Error: access denied for unknown[203.0.113.5] / 221 2.0.0 Bye / (closed)",
		.facts = FACTS},
	{.name = "a client refused with 521",
		.main_cf = BASE
		"smtpd_delay_reject = no\n"
		"smtpd_client_restrictions = check_client_access static:{521 5.7.1 no}\n",
		.say = "EHLO x",
		.want = "521 5.7.1 <unknown[203.0.113.5]>: Client host rejected: no / (closed)",
		.facts = FACTS},
	{.name = "soft_bounce of a closing reply",
		.main_cf = BASE "soft_bounce = yes\n",
		.say = "BDAT x\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"421 4.5.4 Syntax: BDAT count [LAST] / (closed)",
		.facts = FACTS},
	{.name = "footers of protocol errors",
		.main_cf = BASE "smtpd_reject_footer = \\c. See $server_name\n",
		.say = "FOO\n"
		       "MAIL\n"
		       "QUIT",
		.want = "220 mail.example.org ESMTP Postfix / "
			"500 5.5.2 Error: command not recognized. See mail.example.org / "
			"501 5.5.4 Syntax: MAIL FROM:<address>. See mail.example.org / "
			"221 2.0.0 Bye",
		.facts = FACTS},
	{.name = "bad UTF-8 is no matter in ASCII",
		.main_cf = BASE "smtputf8_enable = no\n",
		.say = "HELO x\n"
		       "MAIL FROM:<a@b.test> SMTPUTF8\n"
		       "EHLO x",
		.want = "220 mail.example.org ESMTP Postfix / 250 mail.example.org / "
			"555 5.5.4 Unsupported option: SMTPUTF8 / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250 CHUNKING",
		.facts = FACTS},
	{.name = "pipelining that is not allowed",
		.main_cf = BASE "smtpd_forbid_unauth_pipelining = yes\n",
		.say = "HELO x\n"
		       "+NOOP",
		.want = "220 mail.example.org ESMTP Postfix / "
			"554 5.5.0 Error: SMTP protocol synchronization / (closed)",
		.facts = FACTS},
	{.name = "pipelining behind a last command",
		.main_cf = BASE "smtpd_forbid_unauth_pipelining = yes\n",
		.say = "EHLO x\n"
		       "RSET\n"
		       "+NOOP\n"
		       "+RSET",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 250 2.0.0 Ok / "
			"554 5.5.0 Error: SMTP protocol synchronization / (closed)",
		.facts = FACTS},
	{.name = "pipelining that is allowed",
		.main_cf = BASE "smtpd_forbid_unauth_pipelining = yes\n",
		.say = "EHLO x\n"
		       "MAIL FROM:<a@b.test>\n"
		       "+RCPT TO:<a@local.test>\n"
		       "+ETRN a\n"
		       "+STARTTLS\n"
		       "+RSET",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 250 2.1.0 Ok / 250 2.1.5 Ok / "
			"503 Error: MAIL transaction in progress / "
			"502 5.5.1 Error: command not implemented / 250 2.0.0 Ok",
		.facts = FACTS},
	{.name = "pipelining is remembered",
		.main_cf = BASE "smtpd_client_restrictions = reject_unauth_pipelining\n",
		.say = "HELO x\n"
		       "+RSET\n"
		       "RSET\n"
		       "EHLO x\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test>\n",
		.want = "220 mail.example.org ESMTP Postfix / 250 mail.example.org / "
			"250 2.0.0 Ok / 250 2.0.0 Ok / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 250 2.1.0 Ok / "
			"503 5.5.0 <unknown[203.0.113.5]>: Client host rejected: Improper use of "
			"SMTP command pipelining",
		.facts = FACTS},
	{.name = "a hangup in one write",
		.main_cf = BASE "smtpd_sender_restrictions = check_sender_access static:hangup\n",
		.say = "EHLO x\n"
		       "MAIL FROM:<a@b.test>\n"
		       "+RCPT TO:<a@local.test>\n"
		       "+RSET",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / (closed)",
		.facts = FACTS},
	{.name = "EHLO lines that are hidden",
		.main_cf = BASE "smtpd_discard_ehlo_keywords = auth, starttls, foo, 8bitmime, "
				"etrn, vrfy, size, pipelining, enhancedstatuscodes\n"
				"smtpd_sasl_auth_enable = yes\n"
				"smtpd_tls_security_level = may\n",
		.say = "EHLO x\n"
		       "AUTH PLAIN\n"
		       "STARTTLS x\n"
		       "STARTTLS\n"
		       "VRFY postmaster\n"
		       "ETRN x",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 503 5.5.1 Error: authentication not enabled / "
			"501 5.5.4 Syntax: STARTTLS / "
			"502 5.5.1 Error: command not implemented / 252 2.0.0 postmaster / "
			"459 <x>: service unavailable",
		.facts = FACTS},
	{.name = "DSN that is hidden",
		.main_cf = BASE "smtpd_discard_ehlo_keywords = dsn smtputf8\n",
		.say = "MAIL FROM:<a@b.test> RET=FULL\n"
		       "MAIL FROM:<a@b.test> SMTPUTF8\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test> NOTIFY=NEVER\n"
		       "RCPT TO:<a@local.test> ORCPT=a",
		.want = "220 mail.example.org ESMTP Postfix / "
			"501 5.7.1 DSN support is disabled / "
			"555 5.5.4 Unsupported option: SMTPUTF8 / 250 2.1.0 Ok / "
			"501 5.7.1 DSN support is disabled / 501 5.7.1 DSN support is disabled",
		.facts = FACTS},
	{.name = "EHLO lines by address",
		.main_cf = BASE
		"smtpd_discard_ehlo_keyword_address_maps = inline:{203.0.113.5=starttls}\n"
		"smtpd_tls_security_level = may\n"
		"smtpd_discard_ehlo_keywords = dsn\n",
		.say = "STARTTLS\n"
		       "EHLO x",
		.want = "220 mail.example.org ESMTP Postfix / "
			"502 5.5.1 Error: command not implemented / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING",
		.facts = FACTS},
	{.name = "EHLO lines by a table that fails",
		.main_cf = BASE "smtpd_discard_ehlo_keyword_address_maps = fail:x\n",
		.say = "HELO x\n"
		       "EHLO x\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / 250 mail.example.org / "
			"421 4.3.0 mail.example.org Server local data error / (closed)",
		.facts = FACTS},
	{.name = "no limit of size",
		.main_cf = BASE "message_size_limit = 0\n"
				"broken_sasl_auth_clients = yes\n"
				"smtpd_sasl_auth_enable = yes\n",
		.say = "EHLO x\n"
		       "MAIL FROM:<a@b.test> SIZE=99999999999",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH PLAIN LOGIN CRAM-MD5\n"
			"250-AUTH=PLAIN LOGIN CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 250 2.1.0 Ok",
		.facts = FACTS},
	{.name = "STARTTLS",
		.main_cf = BASE "smtpd_tls_security_level = may\n"
				"smtpd_tls_cert_file = /etc/ssl/certs/lab.pem\n"
				"smtpd_sasl_auth_enable = yes\n",
		.say = "STARTTLS x\n"
		       "EHLO x\n"
		       "MAIL FROM:<a@b.test>\n"
		       "STARTTLS\n"
		       "RCPT TO:<a@local.test>\n"
		       "EHLO x\n"
		       "STARTTLS",
		.want = "220 mail.example.org ESMTP Postfix / 501 5.5.4 Syntax: STARTTLS / "
			"250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-STARTTLS\n"
			"250-AUTH PLAIN LOGIN CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 250 2.1.0 Ok / 220 2.0.0 Ready to start TLS / "
			"503 5.5.1 Error: need MAIL command / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH PLAIN LOGIN CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 554 5.5.1 Error: TLS already active",
		.facts = FACTS},
	{.name = "STARTTLS without a certificate",
		.main_cf = BASE "smtpd_tls_security_level = may\n",
		.say = "EHLO x\n"
		       "STARTTLS\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-STARTTLS\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 454 4.7.0 TLS not available due to local problem / "
			"250 2.0.0 Ok",
		.facts = FACTS},
	{.name = "TLS that is enforced",
		.main_cf = BASE "smtpd_tls_security_level = encrypt\n"
				"smtpd_tls_cert_file = /etc/ssl/certs/lab.pem\n"
				"smtpd_sasl_auth_enable = yes\n",
		.say = "EHLO x\n"
		       "AUTH PLAIN\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RSET\n"
		       "VRFY a\n"
		       "XFORWARD a\n"
		       "FOO\n"
		       "NOOP\n"
		       "STARTTLS\n"
		       "MAIL FROM:<a@b.test>\n"
		       "EHLO x",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-STARTTLS\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 530 5.7.0 Must issue a STARTTLS command first / "
			"530 5.7.0 Must issue a STARTTLS command first / "
			"530 5.7.0 Must issue a STARTTLS command first / "
			"530 5.7.0 Must issue a STARTTLS command first / "
			"530 5.7.0 Must issue a STARTTLS command first / "
			"500 5.5.2 Error: command not recognized / 250 2.0.0 Ok / "
			"220 2.0.0 Ready to start TLS / 250 2.1.0 Ok / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH PLAIN LOGIN CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING",
		.facts = FACTS},
	{.name = "a client certificate that is missing",
		.main_cf = BASE "smtpd_tls_security_level = encrypt\n"
				"smtpd_tls_req_ccert = yes\n"
				"smtpd_tls_cert_file = /etc/ssl/certs/lab.pem\n",
		.say = "STARTTLS\n"
		       "EHLO x\n"
		       "NOOP",
		.want = "220 mail.example.org ESMTP Postfix / 220 2.0.0 Ready to start TLS / "
			"421 4.7.1 mail.example.org Error: No client certificate presented / "
			"(closed)",
		.facts = FACTS},
	{.name = "AUTH only under TLS",
		.main_cf = BASE "smtpd_tls_security_level = may\n"
				"smtpd_tls_auth_only = yes\n"
				"smtpd_tls_cert_file = /etc/ssl/certs/lab.pem\n"
				"smtpd_sasl_auth_enable = yes\n",
		.say = "EHLO x\n"
		       "AUTH PLAIN\n"
		       "STARTTLS\n"
		       "EHLO x\n"
		       "AUTH PLAIN AGFsaWNlAHNlY3JldA==",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-STARTTLS\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 503 5.5.1 Error: authentication not enabled / "
			"220 2.0.0 Ready to start TLS / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH PLAIN LOGIN CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 235 2.7.0 Authentication successful",
		.facts = FACTS},
	{.name = "an unknown TLS level",
		.main_cf = BASE "smtpd_tls_security_level = dane\n",
		.say = "NOOP",
		.want = "(timeout)",
		.facts = FACTS},
	{.name = "AUTH syntax",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n",
		.say = "EHLO x\n"
		       "AUTH\n"
		       "AUTH A B C\n"
		       "AUTH FOO\n"
		       "AUTH FOO bar\n"
		       "AUTH PLAIN =\n"
		       "AUTH PLAIN !!!!\n"
		       "MAIL FROM:<a@b.test>\n"
		       "AUTH PLAIN",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH PLAIN LOGIN CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 501 5.5.4 Syntax: AUTH mechanism / "
			"501 5.5.4 Syntax: AUTH mechanism / "
			"535 5.7.8 Error: authentication failed: no mechanism available / "
			"535 5.7.8 Error: authentication failed: another step is needed in "
			"authentication / 535 5.7.8 Error: authentication failed: another step is "
			"needed in authentication / 535 5.7.8 Error: authentication failed: bad "
			"protocol / cancel / 250 2.1.0 Ok / 503 5.5.1 Error: MAIL transaction in "
			"progress",
		.facts = FACTS},
	{.name = "AUTH PLAIN",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n",
		.say = "AUTH PLAIN AGJvYgB4\n"
		       "AUTH PLAIN YWxpY2U=\n"
		       "AUTH PLAIN Ym9iAGFsaWNlAHNlY3JldA==\n"
		       "AUTH PLAIN\n"
		       "*\n"
		       "AUTH PLAIN\n"
		       "!!!\n"
		       "AUTH PLAIN\n"
		       "AGFsaWNlAHNlY3JldA==\n"
		       "AUTH PLAIN",
		.want = "220 mail.example.org ESMTP Postfix / "
			"535 5.7.8 Error: authentication failed: authentication failure / "
			"535 5.7.8 Error: authentication failed: bad protocol / cancel / "
			"535 5.7.8 Error: authentication failed: authentication failure / "
			"334  / 501 5.7.0 Authentication aborted / 334  / "
			"535 5.7.8 Error: authentication failed: another step is needed in "
			"authentication / 334  / 235 2.7.0 Authentication successful / 503 5.5.1 "
			"Error: already authenticated",
		.facts = FACTS},
	{.name = "AUTH LOGIN",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n",
		.say = "AUTH LOGIN\n"
		       "YWxpY2U=\n"
		       "*\n"
		       "AUTH LOGIN YWxpY2U=\n"
		       "d3Jvbmc=\n"
		       "AUTH LOGIN\n"
		       "!!\n"
		       "AUTH LOGIN\n"
		       "YWxpY2U=\n"
		       "c2VjcmV0\n"
		       "RSET\n"
		       "AUTH LOGIN",
		.want = "220 mail.example.org ESMTP Postfix / 334 VXNlcm5hbWU6 / "
			"334 UGFzc3dvcmQ6 / 501 5.7.0 Authentication aborted / "
			"334 UGFzc3dvcmQ6 / "
			"535 5.7.8 Error: authentication failed: authentication failure / "
			"334 VXNlcm5hbWU6 / "
			"535 5.7.8 Error: authentication failed: another step is needed in "
			"authentication / 334 VXNlcm5hbWU6 / 334 UGFzc3dvcmQ6 / 235 2.7.0 "
			"Authentication successful / 250 2.0.0 Ok / 503 5.5.1 Error: already "
			"authenticated",
		.facts = FACTS},
	{.name = "AUTH CRAM-MD5",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n",
		.say = "AUTH CRAM-MD5\n"
		       "*\n"
		       "AUTH CRAM-MD5 x",
		.want = "220 mail.example.org ESMTP Postfix / 334 {challenge} / "
			"501 5.7.0 Authentication aborted / "
			"535 5.7.8 Error: authentication failed: another step is needed in "
			"authentication",
		.facts = FACTS},
	{.name = "AUTH that is hidden by address",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n"
				"smtpd_sasl_exceptions_networks = 203.0.113.0/24\n",
		.say = "EHLO x\n"
		       "AUTH PLAIN AGFsaWNlAHNlY3JldA==",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 235 2.7.0 Authentication successful",
		.facts = FACTS},
	{.name = "security options",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n"
				"smtpd_sasl_security_options = noplaintext\n",
		.say = "EHLO x\n"
		       "AUTH PLAIN AGFsaWNlAHNlY3JldA==",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / "
			"535 5.7.8 Error: authentication failed: encryption needed to use "
			"mechanism",
		.facts = FACTS},
	{.name = "mechanism filter",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n"
				"smtpd_sasl_mechanism_filter = login\n",
		.say = "EHLO x\n"
		       "AUTH PLAIN AGFsaWNlAHNlY3JldA==",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH LOGIN\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 235 2.7.0 Authentication successful",
		.facts = FACTS},
	{.name = "Dovecot",
		.main_cf = BASE "smtpd_sasl_auth_enable = yes\n"
				"smtpd_sasl_type = dovecot\n"
				"smtpd_sasl_path = private/auth\n",
		.say = "EHLO x\n"
		       "AUTH FOO\n"
		       "AUTH PLAIN =\n"
		       "AUTH PLAIN AGJvYgB4\n"
		       "AUTH LOGIN\n"
		       "YWxpY2U=\n"
		       "eA==\n"
		       "AUTH PLAIN\n"
		       "!!\n"
		       "AUTH PLAIN\n"
		       "AGFsaWNlAHNlY3JldA==",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-AUTH PLAIN LOGIN CRAM-MD5\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / "
			"535 5.7.8 Error: authentication failed: Invalid authentication mechanism "
			"/ 535 5.7.8 Error: authentication failed: Invalid base64 data in initial "
			"response / 535 5.7.8 Error: authentication failed: (reason unavailable) / "
			"334 VXNlcm5hbWU6 / 334 UGFzc3dvcmQ6 / 535 5.7.8 Error: authentication "
			"failed: (reason unavailable) / 334  / 535 5.7.8 Error: authentication "
			"failed: Invalid base64 data in continued response / 334  / 235 2.7.0 "
			"Authentication successful",
		.facts = FACTS},
	{.name = "XCLIENT",
		.main_cf = BASE "smtpd_authorized_xclient_hosts = 203.0.113.0/24\n"
				"smtpd_authorized_xforward_hosts = 203.0.113.0/24\n"
				"mynetworks = 192.0.2.0/24\n",
		.say = "EHLO x\n"
		       "XCLIENT FOO\n"
		       "XCLIENT FOO=x\n"
		       "XCLIENT ADDR=x\n"
		       "XCLIENT NAME=a..b\n"
		       "XCLIENT PROTO=x\n"
		       "XCLIENT PORT=x\n"
		       "XFORWARD NAME=a ADDR=1.2.3.4 FOO=x\n"
		       "XFORWARD NAME=a\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<a@local.test>\n"
		       "XCLIENT ADDR=192.0.2.77\n"
		       "RSET\n"
		       "XCLIENT NAME=c.test ADDR=192.0.2.77\n"
		       "XCLIENT ADDR=203.0.113.5\n"
		       "MAIL FROM:<a@b.test>\n"
		       "RCPT TO:<x@remote.test>",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR "
			"DESTPORT\n"
			"250-XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 501 5.5.4 Error: attribute=value expected / "
			"501 5.5.4 Bad XCLIENT attribute name: FOO / "
			"501 5.5.4 Bad ADDR syntax: x / 501 5.5.4 Bad NAME syntax: a..b / "
			"501 5.5.4 Bad PROTO syntax: x / 501 5.5.4 Bad PORT syntax: x / "
			"501 5.5.4 Bad XFORWARD attribute name: FOO / 250 2.0.0 Ok / "
			"250 2.1.0 Ok / 250 2.1.5 Ok / "
			"503 5.5.1 Error: MAIL transaction in progress / 250 2.0.0 Ok / "
			"220 mail.example.org ESMTP Postfix / "
			"550 5.7.0 Error: insufficient authorization / 250 2.1.0 Ok / "
			"250 2.1.5 Ok",
		.facts = FACTS},
	{.name = "XVERP",
		.main_cf = BASE "smtpd_authorized_verp_clients = 203.0.113.5\n",
		.say = "EHLO x\n"
		       "MAIL FROM:<a@b.test> XVERP=abc\n"
		       "MAIL FROM:<> XVERP\n"
		       "MAIL FROM:<a@b.test> XVERP==+\n"
		       "RCPT TO:<a@local.test>",
		.want = "220 mail.example.org ESMTP Postfix / 250-mail.example.org\n"
			"250-PIPELINING\n"
			"250-SIZE 10240000\n"
			"250-VRFY\n"
			"250-ETRN\n"
			"250-XVERP\n"
			"250-ENHANCEDSTATUSCODES\n"
			"250-8BITMIME\n"
			"250-DSN\n"
			"250-SMTPUTF8\n"
			"250 CHUNKING / 501 5.5.4 Error: XVERP needs two characters from -=+ / "
			"503 5.5.4 Error: XVERP requires non-null sender / 250 2.1.0 Ok / "
			"250 2.1.5 Ok",
		.facts = FACTS},
	{.name = "an unknown word in smtpd_forbid_bare_newline",
		.main_cf = BASE "smtpd_forbid_bare_newline = note\n",
		.say = "NOOP",
		.want = "(timeout)",
		.facts = FACTS},
	{.name = "a proxied table that is not listed",
		.main_cf = BASE "smtpd_data_restrictions = check_client_access proxy:static:ok\n",
		.say = "NOOP",
		.want = "(timeout)",
		.facts = FACTS},
};

int main(void)
{
	return sim_main_all("smtpd", cases, sizeof cases / sizeof cases[0]);
}
