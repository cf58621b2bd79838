/*
 * postfix_sim - a simulated Postfix from a configuration in strings, for tests.
 */
#ifndef TESTS_POSTFIX_SIM_H
#define TESTS_POSTFIX_SIM_H

#include <stddef.h>

/* The configuration of most cases: local.test is local, relay.test relayed, 10/8 trusted; names of
 * clients are not looked up. */
#define SIM_BASE                                                                                   \
	"compatibility_level = 3.6\n"                                                              \
	"myhostname = mail.example.org\n"                                                          \
	"mydestination = local.test\n"                                                             \
	"relay_domains = relay.test\n"                                                             \
	"mynetworks = 10.0.0.0/8\n"                                                                \
	"smtpd_peername_lookup = no\n"                                                             \
	"alias_maps =\n"
/* The same with these recipient restrictions. */
#define SIM_LIST(items)                                                                            \
	SIM_BASE "smtpd_recipient_restrictions = " items                                           \
		 "\nsmtpd_relay_restrictions = reject_unauth_destination\n"
/* Dialogues up to a recipient. */
#define SIM_MAIL "EHLO c.example\nMAIL FROM:<s@sender.test>\n"
#define SIM_LOCAL SIM_MAIL "RCPT TO:<alice@local.test>"
#define SIM_REMOTE SIM_MAIL "RCPT TO:<x@remote.test>"
/* Facts with a small DNS: lists, exchangers, names that fail. */
#define SIM_DNS_FACTS                                                                              \
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

/* A file of the configuration beside main.cf: "master.cf", "access". name NULL ends a list. */
struct sim_file {
	const char *name, *text;
};

/* What is configured, and who says what. Members that are NULL have these defaults: facts of
 * mail.example.org (192.0.2.10/24, loopback) with Postfix 3.7.11, users root, alice and bob, and a
 * complete DNS without names; client 203.0.113.5; the stock master.cf. */
struct sim_case {
	const char *name; /* of the test */
	const char *main_cf;
	const char *say; /* the client's lines, parted by LF; a leading "+" joins a line to the
			    write of the one before it; \\r\\n written out is CR LF in a line */
	const char *want; /* see sim_run() */
	const char *facts;
	const char *client;
	const char *listener;
	const struct sim_file *files;
	const char *fingerprint; /* the client's certificate, under TLS from STARTTLS on */
	const char *subject;
};

/* Plays the case in every world and returns what the last line was answered, on the heap: lines of
 * one reply parted by LF, worlds in the order of their discovery parted by " | ". Other outcomes
 * read "(closed)", "(refused)", "(timeout)", "(unknown)", "(any 45)". */
char *sim_run(const struct sim_case *c);
/* The same for all replies: parted by " / ". */
char *sim_run_all(const struct sim_case *c);
/* What became of the last line's recipient, in every world as sim_run() parts them: "not", "local",
 * "relay", "discarded". */
char *sim_taken(const struct sim_case *c);
/* Why the last reply of the first world was given: "file:line:column: text", parted by LF. */
char *sim_because(const struct sim_case *c);
/* What the configuration tells apart, of the listener: "aspect example [pattern] like (line)",
 * parted by LF; the example is a network for an address whose extent is known, "-" for none.
 * aspects: those to show (enum mp_aspect). */
char *sim_distinctions(const struct sim_case *c, unsigned aspects);
/* What is found in the configuration: "file:line:column: severity: rule", parted by LF. The case is
 * played once, so that every part of the configuration in use is read. */
char *sim_findings(const struct sim_case *c);
/* The server of a case (main_cf, files, facts) to be played with at will; of a folder that is gone
 * with sim_stop(). */
struct mp_server;
struct mp_facts;
struct sim;
struct sim *sim_start(const struct sim_case *c);
const struct mp_server *sim_server(const struct sim *sim);
const struct mp_facts *sim_facts(const struct sim *sim);
void sim_stop(struct sim *sim);
/* Runs each case as a cmocka test of its name, by sim_run() or sim_run_all(); main()'s status. */
int sim_main(const char *group, struct sim_case *cases, size_t n);
int sim_main_all(const char *group, struct sim_case *cases, size_t n);
/* A cmocka test whose state is a struct sim_case: sim_run() must give want. */
void sim_test(void **state);

#endif
