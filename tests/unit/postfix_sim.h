/*
 * postfix_sim - a simulated Postfix from a configuration in strings, for tests.
 */
#ifndef TESTS_POSTFIX_SIM_H
#define TESTS_POSTFIX_SIM_H

#include <stddef.h>

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
/* Why the last reply of the first world was given: "file:line:column: text", parted by LF. */
char *sim_because(const struct sim_case *c);
/* What is found in the configuration: "file:line:column: severity: rule", parted by LF. The case is
 * played once, so that every part of the configuration in use is read. */
char *sim_findings(const struct sim_case *c);
/* Runs each case as a cmocka test of its name; main()'s status. */
int sim_main(const char *group, struct sim_case *cases, size_t n);
/* A cmocka test whose state is a struct sim_case: sim_run() must give want. */
void sim_test(void **state);

#endif
