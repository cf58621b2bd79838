/*
 * The simulated sendmail over a small configuration of its own: daemons, the dialogue, what is said
 * when. The texts are those of sendmail 8.17.1.9.
 */
#include "base/buf.h"
#include "folder.h"
#include "predict/dialogue.h"
#include "sendmail/distinct/distinct.h"
#include "sendmail/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Rules that resolve addresses, and checks that refuse by words in them. */
static const char base[] =
	"V10/Berkeley\nDjmail.example.org\nCwexample.org\nCR198.51.100 relay.example\n"
	"C{TrustAuthMech}PLAIN\nDZ8.17.1\n"
	"O OperatorChars=.:%@!^/[]+\nO SmtpGreetingMessage=$j Sendmail $v/$Z; $b\n"
	"O DontProbeInterfaces=true\nO QueueDirectory=/var/spool/mqueue\n"
	"Scanonify=3\nR$* < > $*\t$@ <@>\nR$* < $* > $*\t$2\nR$* @ $*\t$: $1 < @ $2 >\n"
	"Sfinal=4\nR$* <@>\t$@\nR$* < @ $* > $*\t$1 @ $2\n"
	"Sparse=0\nR<@>\t$#local $: <@>\nR@bad\t$#error $@ 5.1.3 $: \"553 Bad syntax\"\n"
	"R$* < @ $=w > $*\t$#local $: $1\nR$* < @ $+ > $*\t$#esmtp $@ $2 $: $1 < @ $2 >\n"
	"R$+\t$#local $: $1\n"
	"Scheck_relay\nR$* $| 198.51.100.66\t$#error $@ 5.7.1 $: \"550 Access denied\"\n"
	"R$* $| 198.51.100.67\t$#error $: \"421 4.7.0 Go away\"\n"
	"Ssrv_features\nR$* [ 198.51.100.68 ] $*\t$# l A p\n"
	"R$* [ 198.51.100.69 ] $*\t$# TEMP\n"
	"Scheck_mail\nR$* spam $*\t$#error $@ 5.7.1 $: \"550 No spam\"\n"
	"R$* odd $*\t$#error $: odd words\nR$* drop $*\t$#discard\n"
	"R$* held $*\t$#error $@ quarantine $: held\n"
	"Scheck_rcpt\nR<>\t$#error $@ nouser $: \"553 User address required\"\n"
	"R$* @ example.org $*\t$@ OK\nR$* $=R $*\t$@ RELAY\n"
	"R$*\t$: $1 $| $&{client_addr} $| $&{auth_type}\n"
	"R$* $| $* $| $={TrustAuthMech}\t$# RELAY\nR$* $| $=R $* $| $*\t$@ RELAY\n"
	"R$*\t$#error $@ 5.7.1 $: \"550 Relaying denied\"\n"
	"Scheck_data\nR3\t$#error $@ 4.5.3 $: \"452 Three is a crowd\"\n"
	"Mlocal, P=/bin/mail, F=lsDFMAw5:/|@q, A=mail\nMesmtp, P=[IPC], F=mDFMuXa, A=TCP $h\n";

static const char usual_facts[] =
	"{\"hostname\": \"mail.example.org\", \"version\": \"8.17.1.9\", \"config_complete\": "
	"true, "
	"\"distribution\": \"debian\","
	" \"addresses\": [\"192.0.2.10/24\"], \"local_users\": [\"alice\", \"bob\"],"
	" \"answers\": {\"client.name 203.0.113.5\": \"good.example.com\"},"
	" \"dns_complete\": true, \"sasl\": {\"mechanisms\": [\"PLAIN\", \"LOGIN\", \"CRAM-MD5\"],"
	" \"users\": {\"alice@mail.example.org\": \"secret\"}}}";

struct sim {
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_facts *facts;
	struct mp_input *input;
	struct sm_cf *cf;
	struct mp_server *server;
	char folder[FOLDER_PATH];
};

static void start(struct sim *sim, const char *options, const char *facts)
{
	struct mp_err err = {0};
	const struct mp_input_options how = {.type = "cf", .isolated = true};
	const struct mp_source *source;

	*sim = (struct sim){0};
	folder_make(sim->folder);
	folder_put(sim->folder, "sendmail.cf", mp_arena_printf(&sim->arena, "%s%s", base, options));
	mp_findings_init(&sim->findings, &sim->arena);
	sim->facts = mp_facts_new();
	assert_int_equal(mp_facts_read(sim->facts, "facts", mp_slice_str(facts), &err), 0);
	sim->input = mp_input_open(sim->folder, &how, &err);
	assert_non_null(sim->input);
	mp_input_set_complete(sim->input, true);
	assert_int_equal(
		mp_input_read(sim->input, mp_input_main(sim->input), &source, &err), MP_READ_OK);
	sim->cf = sm_cf_read(&sim->arena, sim->input, source, sim->facts, &sim->findings);
	sim->server =
		sm_server_new(&sim->arena, sim->cf, sim->input, &sim->findings, sim->facts, &err);
	assert_non_null(sim->server);
}

static void stop(struct sim *sim)
{
	sm_server_free(sim->server);
	sm_cf_free(sim->cf);
	mp_findings_release(&sim->findings);
	mp_input_free(sim->input);
	mp_facts_free(sim->facts);
	mp_arena_release(&sim->arena);
	folder_remove(sim->folder);
}

static struct mp_exploration play(struct sim *sim, const char *listener, const char *client,
	const char *say, struct mp_arena *keep)
{
	struct mp_slice *lines = mp_arena_array(keep, strlen(say) + 1, sizeof *lines);
	struct mp_send_group *groups = mp_arena_array(keep, strlen(say) + 1, sizeof *groups);
	struct mp_dialogue d = {.listener = listener, .groups = groups};

	assert_true(mp_ip_parse(mp_slice_str(client), &d.client));
	for (const char *p = say; *p != '\0';) {
		size_t n = strcspn(p, "\n");

		lines[d.group_count] = mp_slice(p, n);
		if (n == 1 && *p == '.') {
			lines[d.group_count] = mp_slice_str("text\r\n.");
		}
		groups[d.group_count] = (struct mp_send_group){&lines[d.group_count], 1};
		d.group_count++;
		p += n + (p[n] == '\n');
	}
	return mp_dialogue_play(sim->server, sim->facts, &d, keep);
}

static void put_reply(struct mp_buf *out, const struct mp_sim_reply *r)
{
	static const char *const words[] = {[MP_SIM_ANY] = "(any)",
		[MP_SIM_UNKNOWN] = "(unknown)",
		[MP_SIM_CLOSED] = "(closed)",
		[MP_SIM_REFUSED] = "(refused)",
		[MP_SIM_TIMEOUT] = "(timeout)"};

	if (r->kind != MP_SIM_REPLY) {
		mp_buf_puts(out, words[r->kind]);
		return;
	}
	for (size_t i = 0; i < r->line_count; i++) {
		mp_buf_printf(out, "%s%s", i > 0 ? "\n" : "", r->lines[i]);
	}
}

/* The last replies of all worlds, parted by " | ". */
static char *last_replies(
	struct sim *sim, const char *listener, const char *client, const char *say)
{
	struct mp_arena keep = {0};
	struct mp_exploration worlds = play(sim, listener, client, say, &keep);
	struct mp_buf out;

	mp_buf_init(&out, 65536);
	for (size_t i = 0; i < worlds.n; i++) {
		const struct mp_played *p = worlds.v[i].value;

		mp_buf_puts(&out, i > 0 ? " | " : "");
		put_reply(&out, &p->replies[p->n - 1]);
	}
	mp_arena_release(&keep);

	char *text = mp_buf_detach(&out);

	mp_buf_release(&out);
	return text;
}

struct dialogue {
	const char *name, *options, *client, *say, *want;
};

#define HELLO "EHLO probe.example.net\n"
#define MAIL HELLO "MAIL FROM:<a@example.com>\n"
#define GREETING "220 mail.example.org ESMTP Sendmail 8.17.1.9/8.17.1; {date}"
#define FIRST "250-mail.example.org Hello good.example.com [203.0.113.5], pleased to meet you\n"

static const struct dialogue dialogues[] = {
	{"the greeting", "", NULL, "", GREETING},
	{"a greeting of two lines", "O SmtpGreetingMessage=one two\\n  three\n", NULL, "",
		"220-one ESMTP two\n220  three"},
	{"keywords in their order", "O AuthMechanisms=LOGIN PLAIN\n", NULL, HELLO,
		FIRST "250-ENHANCEDSTATUSCODES\n250-PIPELINING\n250-EXPN\n250-VERB\n250-8BITMIME\n"
		      "250-SIZE\n250-DSN\n250-ETRN\n250-AUTH LOGIN PLAIN\n250-DELIVERBY\n"
		      "250 HELP"},
	{"fewer keywords",
		"O PrivacyOptions=goaway,noetrn,noreceipts\nO MaxMessageSize=100\nO "
		"DeliverByMin=1h\n"
		"O AuthMechanisms=\n",
		NULL, HELLO,
		FIRST "250-ENHANCEDSTATUSCODES\n250-PIPELINING\n250-8BITMIME\n250-SIZE 100\n"
		      "250-DELIVERBY 3600\n250 HELP"},
	{"plaintext needs TLS", "O AuthMechanisms=LOGIN CRAM-MD5\nO AuthOptions=p\n", NULL,
		HELLO "AUTH LOGIN", "504 5.3.3 AUTH mechanism LOGIN not available"},
	{"options behind the first letter do not count",
		"O AuthMechanisms=LOGIN CRAM-MD5\nO AuthOptions=Ap\n", NULL, HELLO "AUTH LOGIN",
		"334 VXNlcm5hbWU6"},
	{"TLS without a certificate breaks", "O TLSSrvOptions=C\n", NULL, "STARTTLS\nNOOP",
		"(closed)"},
	{"with ciphers that may need none", "O TLSSrvOptions=C\nO CipherList=aNULL\n", NULL,
		"STARTTLS\nNOOP", "(unknown)"},
	{"sender", "", NULL, MAIL, "250 2.1.0 <a@example.com>... Sender ok"},
	{"a sender without brackets", "", NULL, "mail from: a@example.com",
		"250 2.1.0 a@example.com... Sender ok"},
	{"HELO first", "O PrivacyOptions=needmailhelo\n", NULL, "MAIL FROM:<a@example.com>",
		"503 5.0.0 Polite people say HELO first"},
	{"one sender only", "", NULL, MAIL "MAIL FROM:<>", "503 5.5.0 Sender already specified"},
	{"no colon", "", NULL, HELLO "MAIL <a@example.com>",
		"501 5.5.2 Syntax error in parameters scanning \"<a@example.com>\""},
	{"an open bracket", "", NULL, HELLO "MAIL FROM:<a@example.com SIZE=1",
		"553 5.0.0 <a@example.com SIZE=1... Unbalanced '<'"},
	{"a size", "O MaxMessageSize=100\n", NULL, HELLO "MAIL FROM:<a@example.com> SIZE=101",
		"552 5.2.3 Message size exceeds fixed maximum message size (100)"},
	{"a parameter", "", NULL, HELLO "MAIL FROM:<a@example.com> X=1",
		"555 5.5.4 X parameter unrecognized"},
	{"a ruleset refuses", "", NULL, HELLO "MAIL FROM:<spam@example.com>",
		"550 5.7.1 <spam@example.com>... No spam"},
	{"a ruleset's own words", "", NULL, HELLO "MAIL FROM:<odd@example.com>",
		"553 5.3.0 <odd@example.com>... odd words"},
	{"quarantine", "", NULL, HELLO "MAIL FROM:<held@example.com>",
		"250 2.1.0 <held@example.com>... Sender ok"},
	{"a user", "", NULL, MAIL "RCPT TO:<alice@example.org>",
		"250 2.1.5 <alice@example.org>... Recipient ok"},
	{"nobody", "", NULL, MAIL "RCPT TO:<nosuch@example.org>",
		"550 5.1.1 <nosuch@example.org>... User unknown"},
	{"the same again", "", NULL,
		MAIL "RCPT TO:<alice@example.org>\nRCPT TO:<ALICE@example.org>",
		"250 2.1.5 <alice@example.org>... Recipient ok"},
	{"a program", "", NULL, MAIL "RCPT TO:<|prog@example.org>",
		"550 5.7.1 <|prog@example.org>... Cannot mail directly to programs"},
	{"syntax before relaying", "", NULL, MAIL "RCPT TO:<@bad>",
		"550 5.7.1 <@bad>... Relaying denied"},
	{"relaying", "", NULL, MAIL "RCPT TO:<x@example.com>",
		"550 5.7.1 <x@example.com>... Relaying denied"},
	{"a relay's client", "", "198.51.100.8", MAIL "RCPT TO:<x@example.com>",
		"250 2.1.5 <x@example.com>... Recipient ok"},
	{"soft bounces", "O SoftBounce=true\n", NULL, MAIL "RCPT TO:<x@example.com>",
		"450 4.7.1 <x@example.com>... Relaying denied"},
	{"a host name in doubt", "O SoftBounce=false\n", "198.51.100.9", HELLO,
		"250-mail.example.org Hello [198.51.100.9], pleased to meet you\n"
		"250-ENHANCEDSTATUSCODES\n250-PIPELINING\n250-EXPN\n250-VERB\n250-8BITMIME\n"
		"250-SIZE\n250-DSN\n250-ETRN\n250-AUTH CRAM-MD5\n250-DELIVERBY\n250 HELP"},
	{"too many", "O MaxRecipientsPerMessage=1\n", NULL,
		MAIL "RCPT TO:<alice@example.org>\nRCPT TO:<bob@example.org>",
		"452 4.5.3 Too many recipients"},
	{"a ruleset at DATA", "", NULL,
		MAIL "RCPT TO:<alice@example.org>\nRCPT TO:<bob@example.org>\n"
		     "RCPT TO:<x@relay.example>\nDATA",
		"452 4.5.3 Three is a crowd"},
	{"no sender", "", NULL, HELLO "DATA", "503 5.0.0 Need MAIL command"},
	{"no recipient", "", NULL, MAIL "DATA", "503 5.0.0 Need RCPT (recipient)"},
	{"a message", "", NULL, MAIL "RCPT TO:<alice@example.org>\nDATA\n.",
		"250 2.0.0 {queue-id} Message accepted for delivery"},
	{"after the message", "", NULL, MAIL "RCPT TO:<alice@example.org>\nDATA\n.\nDATA",
		"503 5.0.0 Need MAIL command"},
	{"refused at the door", "", "198.51.100.66", HELLO,
		"250-mail.example.org Hello [198.51.100.66], pleased to meet you\n"
		"250 ENHANCEDSTATUSCODES"},
	{"refused later", "", "198.51.100.66", MAIL, "550 5.7.1 Access denied"},
	{"thrown out", "", "198.51.100.67", "", "421 4.7.0 Go away"},
	{"nobody is there any more", "", "198.51.100.67", "NOOP", "(closed)"},
	{"features", "O AuthMechanisms=PLAIN\n", "198.51.100.68", HELLO "MAIL FROM:<>",
		"530 5.7.0 Authentication required"},
	{"features that fail", "", "198.51.100.69", HELLO "MAIL FROM:<>",
		"450 4.3.0 Please try again later."},
	{"an open proxy", "", NULL, "GET / HTTP/1.0",
		"421 4.7.0 mail.example.org Rejecting open proxy good.example.com [203.0.113.5]"},
	{"unknown", "", NULL, "FOO bar", "500 5.5.1 Command unrecognized: \"FOO bar\""},
	{"known, not implemented", "", NULL, "TURN", "502 5.5.1 Command not implemented: \"TURN\""},
	{"a name that is none", "", NULL, "HELO a,b", "501 5.0.0 Invalid domain name"},
	{"no name", "", NULL, "HELO", "501 5.0.0 HELO requires domain address"},
	{"any name", "O AllowBogusHELO=true\n", NULL, "HELO a,b",
		"250 mail.example.org Hello good.example.com [203.0.113.5], accepting invalid "
		"domain "
		"name"},
	{"a login", "O AuthMechanisms=PLAIN LOGIN\n", NULL, "AUTH LOGIN\nYWxpY2U=\nc2VjcmV0",
		"235 2.0.0 OK Authenticated"},
	{"who logged in may relay", "O AuthMechanisms=PLAIN LOGIN\n", NULL,
		HELLO "AUTH PLAIN AGFsaWNlAHNlY3JldA==\nMAIL FROM:<>\nRCPT TO:<x@example.com>",
		"250 2.1.5 <x@example.com>... Recipient ok"},
	{"by a mechanism that is trusted", "O AuthMechanisms=PLAIN LOGIN\n", NULL,
		HELLO "AUTH LOGIN\nYWxpY2U=\nc2VjcmV0\nMAIL FROM:<>\nRCPT TO:<x@example.com>",
		"550 5.7.1 <x@example.com>... Relaying denied"},
	{"a wrong password", "O AuthMechanisms=PLAIN\n", NULL, "AUTH PLAIN AGFsaWNlAHgA",
		"535 5.7.0 authentication failed"},
	{"a login given up", "O AuthMechanisms=LOGIN\n", NULL, "AUTH LOGIN\n*",
		"501 5.0.0 AUTH aborted"},
	{"twice", "O AuthMechanisms=PLAIN\n", NULL, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\nAUTH PLAIN",
		"503 5.5.0 Already Authenticated"},
	{"no certificate", "", NULL, "STARTTLS", "454 4.3.3 TLS not available after start"},
	{"discarded", "", NULL, HELLO "MAIL FROM:<drop@example.com>\nRCPT TO:<nosuch@example.org>",
		"250 2.1.5 <nosuch@example.org>... Recipient ok"},
	{"an alias is looked into at RCPT", "O AliasFile=nis:aliases\nO DeliveryMode=interactive\n",
		NULL, MAIL "RCPT TO:<alice@example.org>",
		"250 2.1.5 <alice@example.org>... Recipient ok | (unknown) | 250 2.1.5 "
		"<alice@example.org>... Recipient ok (will queue)"},
	{"an alias is not looked into", "O AliasFile=nis:aliases\n", NULL,
		MAIL "RCPT TO:<nosuch@example.org>",
		"550 5.1.1 <nosuch@example.org>... User unknown | 250 2.1.5 "
		"<nosuch@example.org>... Recipient ok | 250 2.1.5 <nosuch@example.org>... "
		"Recipient ok (will queue)"},
	{"farewell", "", NULL, "QUIT", "221 2.0.0 mail.example.org closing connection"},
};

static void test_dialogues(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof dialogues / sizeof *dialogues; i++) {
		const struct dialogue *d = &dialogues[i];
		struct sim sim;

		start(&sim, d->options, usual_facts);

		char *got = last_replies(
			&sim, NULL, d->client != NULL ? d->client : "203.0.113.5", d->say);

		if (strcmp(got, d->want) != 0) {
			print_error("%s:\n%s\n", d->name, got);
			assert_string_equal(got, d->want);
		}
		free(got);
		stop(&sim);
	}
}

/* ---- daemons ----------------------------------------------------------------------------------
 */

static const struct {
	const char *options, *want; /* name address port, parted by commas; "-": does not start */
} daemons[] = {
	{"", "Daemon0 0.0.0.0 25"},
	{"O DaemonPortOptions=Name=MTA\n", "MTA 0.0.0.0 25"},
	{"O DaemonPortOptions=Port=smtp, Name=MTA\nO DaemonPortOptions=Port=587, M=Ea\n",
		"MTA 0.0.0.0 25,Daemon1 0.0.0.0 587"},
	{"O DaemonPortOptions=Addr=127.0.0.1,P=2525,N=x\n", "x 127.0.0.1 2525"},
	{"O DaemonPortOptions=Addr=::1, Family=inet6, Name=six\n", "six ::1 25"},
	{"O DaemonPortOptions=Name=a, Name=b, junk, Port=26\n", "b 0.0.0.0 26"},
	{"OOPort=26\n", "Daemon0 0.0.0.0 26"},
	{"O DaemonPortOptions=X=1\n", "-"},
	{"O DaemonPortOptions=Family=foo\n", "-"},
	{"O DaemonPortOptions=Port=nosuch\n", "-"},
	{"O DaemonPortOptions=D=x\n", "-"},
	{"O DaemonPortOptions=D=\n", "-"},
	{"O DaemonPortOptions=Name=a\nO DaemonPortOptions=Port=25, Name=b\n", "-"},
	{"O DaemonPortOptions=Name=a\nO DaemonPortOptions=Port=25, Name=b, M=O\n", "a 0.0.0.0 25"},
	{"O DaemonPortOptions=Name=a\nO DaemonPortOptions=Family=inet6, Name=b\n", "-"},
	{"O DaemonPortOptions=Name=a\nO DaemonPortOptions=Family=inet6, Name=b, M=O\n",
		"a 0.0.0.0 25"},
	{"O DaemonPortOptions=Name=a\nO DaemonPortOptions=Family=inet6, A=::1, Name=b\n",
		"a 0.0.0.0 25,b ::1 25"},
	{"O DaemonPortOptions=Name=a\nO DaemonPortOptions=Family=local, A=/run/x, Name=b\n",
		"a 0.0.0.0 25"},
	{"O DaemonPortOptions=Name=NoMTA, Addr=127.0.0.1, M=E\n", "-"},
	{"O PrivacyOptions=nosuchflag\n", "-"},
	{"O PrivacyOptions=AuthWarnings,noVRFY needmailhelo\n", "Daemon0 0.0.0.0 25"},
	{"O NoSuchOption=1\n", "-"},
};

static void test_daemons(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof daemons / sizeof *daemons; i++) {
		struct sim sim;
		struct mp_arena arena = {0};
		const struct mp_listener *v;
		struct mp_buf out;
		size_t n;

		start(&sim, daemons[i].options, usual_facts);

		struct mp_world *world = mp_world_new_interactive(sim.facts, NULL, NULL);

		n = sim.server->ops->listeners(sim.server, world, &arena, &v);
		mp_buf_init(&out, 4096);
		mp_buf_puts(&out, n == 0 ? "-" : "");
		for (size_t k = 0; k < n; k++) {
			mp_buf_printf(&out, "%s%s %s %u", k > 0 ? "," : "", v[k].name, v[k].address,
				v[k].port);
		}
		assert_string_equal(out.p, daemons[i].want);
		if (n == 0) {
			char *got = last_replies(&sim, NULL, "203.0.113.5", "NOOP");

			assert_string_equal(got, "(refused)");
			free(got);
			assert_int_equal(mp_findings_worst(&sim.findings), MP_ERROR);
		}
		mp_buf_release(&out);
		mp_world_free(world);
		mp_arena_release(&arena);
		stop(&sim);
	}
}

/* Letters of an option that mean nothing, and those that a client will not get along with. */
static void test_letters(void **state)
{
	static const struct {
		const char *options, *findings;
	} cases[] = {
		{"O AuthOptions=A p y\n", ""},
		{"O AuthOptions=A, p\n", "AuthOptions has no option \" \": it is ignored;"},
		{"O AuthOptions=x A\n", "AuthOptions has no option \"x\": it is ignored;"},
		{"O TLSSrvOptions=V, C\nO CipherList=aNULL\n", ""},
		{"O TLSSrvOptions=VC\n", ""},
		{"O TLSSrvOptions=v\n", "TLSSrvOptions has no option \"v\": it is ignored;"},
		{"O TLSSrvOptions=C\n",
			"STARTTLS is offered without a certificate: TLS breaks for every client;"},
		{"O TLSSrvOptions=C\nO ServerCertFile=/c\n",
			"STARTTLS is offered without a key: TLS breaks for every client;"},
		{"O TLSSrvOptions=C\nO ServerCertFile=/c\nO ServerKeyFile=/k\n", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sim sim;
		struct mp_buf out;

		start(&sim, cases[i].options, usual_facts);
		mp_buf_init(&out, 4096);
		mp_buf_puts(&out, "");
		for (size_t k = 0; k < sim.findings.list.n; k++) {
			const struct mp_finding *f = &sim.findings.list.v[k];

			if (strncmp(f->rule, "cf/auth", 7) == 0 ||
				strncmp(f->rule, "cf/tls", 6) == 0) {
				mp_buf_printf(&out, "%s;", f->message);
			}
		}
		assert_string_equal(out.p, cases[i].findings);
		mp_buf_release(&out);
		stop(&sim);
	}
}

/* Where the system is not known, sockets that collide on Linux are said. */
static void test_daemon_dual(void **state)
{
	static const char six[] =
		"O DaemonPortOptions=Name=a\nO DaemonPortOptions=Family=inet6, Name=b\n";
	static const struct {
		const char *facts, *rule;
		size_t listeners;
	} cases[] = {
		{"{}", "cf/daemon-dual", 2},
		{"{\"distribution\": \"freebsd\"}", NULL, 2},
		{"{\"distribution\": \"debian\"}", "cf/daemon-options", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sim sim;
		struct mp_arena arena = {0};
		const struct mp_listener *v;
		struct mp_world *world;
		bool found = false;

		start(&sim, six, cases[i].facts);
		world = mp_world_new_interactive(sim.facts, NULL, NULL);
		assert_int_equal(sim.server->ops->listeners(sim.server, world, &arena, &v),
			cases[i].listeners);
		for (size_t k = 0; k < sim.findings.list.n; k++) {
			const char *rule = sim.findings.list.v[k].rule;

			if (strncmp(rule, "cf/daemon", 9) == 0) {
				assert_non_null(cases[i].rule);
				assert_string_equal(rule, cases[i].rule);
				found = true;
			}
		}
		assert_int_equal(found, cases[i].rule != NULL);
		mp_world_free(world);
		mp_arena_release(&arena);
		stop(&sim);
	}
}

static void test_daemon_flags(void **state)
{
	static const char options[] = "O AuthMechanisms=PLAIN\n"
				      "O DaemonPortOptions=Name=a, M=Ea\n"
				      "O DaemonPortOptions=Name=b, Port=26, M=A\n"
				      "O DaemonPortOptions=Name=c, Port=27, M=E, M=S\n"
				      "O DaemonPortOptions=Name=d, Port=28, M=s\n"
				      "O DaemonPortOptions=Name=e, Port=29, Addr=127.0.0.1\n";
	static const struct {
		const char *listener, *say, *want;
	} cases[] = {
		{"a", "MAIL FROM:<>", "530 5.7.0 Authentication required"},
		{"a", "ETRN x", "502 5.7.0 Sorry, we do not allow this operation"},
		{"26", "AUTH PLAIN x", "503 5.3.3 AUTH not available"},
		{"192.0.2.10:27", "STARTTLS", "503 5.5.0 TLS not available"},
		{"c", "ETRN x", "250 2.0.0 Queuing for node x started"},
		{"d", "NOOP", "(closed)"},
		{"e", "NOOP", "(refused)"},
		{"192.0.2.10:99", "NOOP", "(refused)"},
	};
	struct sim sim;

	(void)state;
	start(&sim, options, usual_facts);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *got = last_replies(&sim, cases[i].listener, "203.0.113.5", cases[i].say);

		assert_string_equal(got, cases[i].want);
		free(got);
	}
	stop(&sim);
}

/* ---- what is not known ------------------------------------------------------------------------
 */

static void test_worlds(void **state)
{
	static const char nothing[] =
		"{\"hostname\": \"mail.example.org\", \"version\": \"8.17.1.9\"}";
	struct sim sim;
	char *got;

	(void)state;
	start(&sim, "O AliasFile=nis:aliases\n", nothing);
	got = last_replies(&sim, NULL, "198.51.100.8", "MAIL FROM:<>\nRCPT TO:<x@example.org>");
	assert_non_null(strstr(got, "250 2.1.5 <x@example.org>... Recipient ok"));
	assert_non_null(strstr(got, "250 2.1.5 <x@example.org>... Recipient ok (will queue)"));
	assert_non_null(strstr(got, "550 5.1.1 <x@example.org>... User unknown"));
	free(got);
	got = last_replies(&sim, NULL, "198.51.100.8", "HELO x");
	assert_non_null(strstr(got, "Hello [198.51.100.8], "));
	assert_non_null(strstr(got, "Hello {client.name} [198.51.100.8] (may be forged), "));
	assert_non_null(strstr(got, "Hello {client.name} [198.51.100.8], "));
	free(got);
	stop(&sim);
}

static void test_milters(void **state)
{
	struct sim sim;
	char *got;

	(void)state;
	start(&sim, "Xfilter, S=inet:99@127.0.0.1\nO InputMailFilters=filter\n", usual_facts);
	got = last_replies(&sim, NULL, "203.0.113.5", "NOOP");
	assert_string_equal(got, "250 2.0.0 OK | (any) | (any)");
	free(got);
	stop(&sim);
}

/* ---- reasons, and what is told apart ----------------------------------------------------------
 */

static void test_reasons(void **state)
{
	struct mp_arena keep = {0};
	struct mp_exploration worlds;
	const struct mp_played *p;
	struct sim sim;

	(void)state;
	start(&sim, "", usual_facts);
	worlds = play(&sim, NULL, "203.0.113.5", MAIL "RCPT TO:<x@example.com>", &keep);
	p = worlds.v[0].value;
	assert_int_equal(p->replies[3].because.n, 1);
	assert_string_equal(p->replies[3].because.v[0].text,
		"$* -> $#error $@ 5.7.1 $: \"550 Relaying denied\"");
	worlds = play(&sim, NULL, "198.51.100.8",
		MAIL "RCPT TO:<x@example.com>\nRCPT TO:<alice@example.org>\n"
		     "RCPT TO:<x@relay.example>",
		&keep);
	p = worlds.v[0].value;
	assert_int_equal(p->replies[3].taken, MP_TAKEN_RELAY);
	assert_false(p->replies[3].served);
	/* Most direct first: what let the client relay, then the rule that made RELAY of it. */
	assert_true(p->replies[3].because.n > 1);
	assert_non_null(strstr(p->replies[3].because.v[0].text, "198.51.100"));
	assert_non_null(strstr(p->replies[3].because.v[1].text, " -> $@ RELAY"));
	assert_int_equal(p->replies[4].taken, MP_TAKEN_LOCAL);
	assert_true(p->replies[4].served);
	assert_int_equal(p->replies[5].taken, MP_TAKEN_RELAY);
	assert_true(p->replies[5].served);
	mp_arena_release(&keep);
	stop(&sim);
}

static bool has(
	const struct mp_distinction *v, size_t n, enum mp_aspect aspect, const char *pattern)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].aspect == aspect && strcmp(v[i].pattern, pattern) == 0) {
			return true;
		}
	}
	return false;
}

static void test_distinctions(void **state)
{
	struct mp_arena arena = {0};
	const struct mp_distinction *v;
	const struct mp_network *networks;
	struct sim sim;
	size_t n;

	(void)state;
	start(&sim, "", usual_facts);
	n = sm_distinctions(sim.cf, &arena, &v);
	assert_true(has(v, n, MP_ASPECT_ADDRESS, "198.51.100"));
	assert_true(has(v, n, MP_ASPECT_ADDRESS, "198.51.100.66"));
	assert_true(has(v, n, MP_ASPECT_NAME, "relay.example"));
	assert_true(has(v, n, MP_ASPECT_RECIPIENT, "example.org"));
	assert_false(has(v, n, MP_ASPECT_HELO, "relay.example"));
	n = sm_networks(sim.cf, &arena, &networks);
	assert_true(n >= 3);
	assert_int_equal(networks[2].net.length, 24);
	assert_int_equal(networks[2].net.ip.b[0], 198);
	assert_int_equal(sm_aspects_in_rules(sim.cf), MP_ASPECT_LOGIN);
	mp_arena_release(&arena);
	stop(&sim);
	/* Of what stands in a rule the dot at the end is no part: it marks a whole domain, or goes
	 * before what may follow. */
	start(&sim,
		"Slocal\nR$* < @ spam.example . > $*\t$@ no\nR192.0.2.$-\t$@ no\nR10.$*\t$@ no\n"
		"RIPv6:2001:db8:$*\t$@ no\nR$+.lan\t$@ no\nR$* < @ $+ . . UUCP . > $*\t$@ no\n"
		"Rno. $*\t$@ no\nRboss@home.example\t$@ no\nRlist < @ $+ . >\t$@ no\n"
		"R$* @ far.example\t$@ no\nR$* ; @ no\t$@ no\n"
		"Sby_helo\nR$*\t$: $&s\nRfriend\t$@ no\nSother\nRstranger\t$@ no\n",
		usual_facts);
	n = sm_distinctions(sim.cf, &arena, &v);
	assert_true(has(v, n, MP_ASPECT_SENDER, "spam.example"));
	assert_true(has(v, n, MP_ASPECT_NAME, "spam.example"));
	assert_true(has(v, n, MP_ASPECT_ADDRESS, "192.0.2"));
	assert_true(has(v, n, MP_ASPECT_ADDRESS, "10"));
	assert_true(has(v, n, MP_ASPECT_ADDRESS, "IPv6:2001:db8"));
	assert_true(has(v, n, MP_ASPECT_NAME, ".lan"));
	assert_true(has(v, n, MP_ASPECT_SENDER, "boss@home.example"));
	assert_true(has(v, n, MP_ASPECT_RECIPIENT, "list@"));
	assert_true(has(v, n, MP_ASPECT_RECIPIENT, "far.example"));
	assert_true(has(v, n, MP_ASPECT_HELO, "spam.example"));
	assert_true(has(v, n, MP_ASPECT_HELO, "friend"));
	assert_false(has(v, n, MP_ASPECT_HELO, "stranger"));
	assert_false(has(v, n, MP_ASPECT_SENDER, ";@no"));
	for (size_t i = 0; i < n; i++) {
		assert_null(strstr(v[i].pattern, "UUCP"));
		assert_string_not_equal(v[i].pattern, "no");
		assert_false(mp_slice_ends(mp_slice_str(v[i].example), "."));
		/* What is alike to the end of a name ends so, and has more before it. */
		assert_true(v[i].pattern[0] != '.' || strstr(v[i].example, "host.") != NULL);
	}
	mp_arena_release(&arena);
	stop(&sim);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dialogues),
		cmocka_unit_test(test_daemons),
		cmocka_unit_test(test_daemon_dual),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_daemon_flags),
		cmocka_unit_test(test_worlds),
		cmocka_unit_test(test_milters),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_distinctions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
