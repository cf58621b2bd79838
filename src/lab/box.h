/*
 * box - what the parts that run inside the lab share.
 *
 * Process 1 of the lab makes the root, puts the files there, supplies what is missing, starts the
 * server and then collects logs and answers DNS and authentication. It tells its parent what it
 * does by lines on a pipe: one letter, a blank, text.
 */
#ifndef MP_LAB_BOX_H
#define MP_LAB_BOX_H

#include "lab/lab.h"
#include "lab/loop.h"

enum lab_report {
	LAB_REPORT_CLIENT_NS = 'N', /* descriptor of the clients' namespace in process 1 */
	LAB_REPORT_SUPPLIED = 'K', /* kind as a digit, then what */
	LAB_REPORT_USER = 'U',
	LAB_REPORT_LOGFILE = 'L', /* a file into which the server writes its log */
	LAB_REPORT_VERSION = 'V',
	LAB_REPORT_STARTED = 'S',
	LAB_REPORT_STOPPED = 'X', /* it does not start */
	LAB_REPORT_ERROR = 'E'
};

struct lab_box;

/* What differs between the servers that can be booted: each has a folder here. In this order, when
 * root, network and the candidate's files are there. */
struct lab_mta {
	const char *name; /* "Postfix", for people */
	const char *config_path; /* where its configuration lies, where the plan does not say */
	/* Where its program may lie, NULL behind the last: it is installed where one of them is. */
	const char *const *programs;
	/* Remembers what it needs of box->program and box->config_path. */
	void (*open)(struct lab_box *box);
	/* The files, folders and accounts that it cannot run without; reports its version. */
	int (*furnish)(struct lab_box *box, struct mp_err *err);
	/* What the configuration names and the machine lacks. */
	int (*supply)(struct lab_box *box, struct mp_err *err);
	/* Told each line of the log as it comes, once it was opened; or NULL. */
	void (*heard)(struct lab_box *box, const char *line);
	/* Starts it; true when it runs, and its listeners answer. */
	bool (*start)(struct lab_box *box);
};

extern const struct lab_mta lab_mta_postfix, lab_mta_sendmail;

const struct lab_mta *lab_mta_of(enum mp_lab_mta mta);

struct lab_box {
	const struct mp_lab_plan *plan;
	const struct lab_mta *mta;
	const char *config_path;
	const char *program; /* of the server */
	struct lab_loop loop;
	int report; /* pipe to the parent */
	int log; /* memory file that the parent reads */
	char *certificate; /* PEM of key and certificate, once made */
	void *own; /* what the server's folder remembers; NULL until it was opened */
};

void lab_box_report(struct lab_box *box, enum lab_report kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void lab_box_supplied(struct lab_box *box, enum mp_lab_supplied_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Adds lines as the server's log. */
void lab_box_log(struct lab_box *box, const char *text);

/* place.c: the configuration, and the files that every host has. */
int lab_place_basics(struct lab_box *box, int config_dir, struct mp_err *err);

/* supply.c: what configurations of either server name. A certificate and its key belong together:
 * where one is missing, both are made (--as-is: reported missing). A name that is no absolute path
 * counts as none. */
int lab_supply_pair(struct lab_box *box, const char *cert, const char *key, struct mp_err *err);
/* The plan's logins in Cyrus SASL's password file; those without a realm get this one. One that
 * cannot be made is reported missing. False when the file is not there afterwards. */
bool lab_supply_logins(struct lab_box *box, const char *realm);
/* Cyrus SASL's configuration of an application: the plan's logins and mechanisms. */
int lab_supply_sasl_conf(struct lab_box *box, const char *path, struct mp_err *err);

#define LAB_SASLDB "/etc/sasldb2"

/* serve.c: the log sockets, the name server, the authentication sockets. */
int lab_serve_log(struct lab_box *box, const char *path, struct mp_err *err);
int lab_serve_dns(struct lab_box *box, struct mp_err *err);
/* A socket path, or "inet:host:port". Fails where it cannot be made. */
int lab_serve_auth(struct lab_box *box, const char *endpoint, struct mp_err *err);

/* init.c: life of process 1; never returns. */
_Noreturn void lab_init(const struct mp_lab_plan *plan, int report, int log, int lifeline);

#define LAB_RESOLVER "127.0.0.53"

#endif
