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

/* Settings that decide where things lie; as postconf(1) prints them. */
struct lab_setting {
	char *service; /* "" for main.cf and defaults, else "smtp/inet" */
	char *name, *value;
};

struct lab_box {
	const struct mp_lab_plan *plan;
	const char *config_path;
	struct lab_loop loop;
	int report; /* pipe to the parent */
	int log; /* memory file that the parent reads */
	MP_VEC(struct lab_setting) settings;
	char *certificate; /* PEM of key and certificate, once made */
	const char *daemon_dir; /* where master lies */
};

void lab_box_report(struct lab_box *box, enum lab_report kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void lab_box_supplied(struct lab_box *box, enum mp_lab_supplied_kind kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The value of a setting of main.cf or its default, or fallback. */
const char *lab_box_setting(const struct lab_box *box, const char *name, const char *fallback);
/* Adds lines as the server's log. */
void lab_box_log(struct lab_box *box, const char *text);

/* place.c: files, folders and accounts that every server has. */
int lab_place_basics(struct lab_box *box, int config_dir, struct mp_err *err);
/* Folders and accounts that the settings name. */
int lab_place_server(struct lab_box *box, struct mp_err *err);

/* supply.c: reads the settings; certificates, tables, authentication. */
void lab_supply_read_settings(struct lab_box *box);
int lab_supply(struct lab_box *box, struct mp_err *err);

/* serve.c: the log sockets, the name server, the authentication sockets. */
int lab_serve_log(struct lab_box *box, const char *path, struct mp_err *err);
int lab_serve_dns(struct lab_box *box, struct mp_err *err);
/* A socket path, or "inet:host:port". Fails where it cannot be made. */
int lab_serve_auth(struct lab_box *box, const char *endpoint, struct mp_err *err);

/* init.c: life of process 1; never returns. */
_Noreturn void lab_init(const struct mp_lab_plan *plan, int report, int log, int lifeline);

#define LAB_RESOLVER "127.0.0.53"

#endif
