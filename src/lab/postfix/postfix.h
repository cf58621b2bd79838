/* postfix - what the files that boot Postfix share. */
#ifndef MP_LAB_POSTFIX_POSTFIX_H
#define MP_LAB_POSTFIX_POSTFIX_H

#include "lab/box.h"

#include "base/vec.h"

/* A setting as postconf(1) prints it. */
struct lab_setting {
	char *service; /* "" for main.cf and defaults, else "smtp/inet" */
	char *name, *value;
};

struct lab_postfix {
	char *daemon_dir; /* where master lies */
	MP_VEC(struct lab_setting) settings;
};

enum {
	LAB_POSTFIX_OWNER = 110, /* as Debian's adduser would choose: a system account */
	LAB_POSTFIX_SETGID = 111
};

#define LAB_POSTFIX_QUEUE "/var/spool/postfix"

static inline struct lab_postfix *lab_postfix(const struct lab_box *box)
{
	return box->own;
}

/* settings.c */
void lab_postfix_read_settings(struct lab_box *box);
/* The value of a setting of main.cf or its default, or fallback where it is empty. */
const char *lab_postfix_setting(const struct lab_box *box, const char *name, const char *fallback);
/* The value that counts for a service ("" for those that override nothing). */
const char *lab_postfix_effective(const struct lab_box *box, const char *service, const char *name);
/* Calls act once for main.cf and once for each service with settings of its own. */
int lab_postfix_each_service(struct lab_box *box,
	int (*act)(struct lab_box *box, const char *service, struct mp_err *err),
	struct mp_err *err);

/* place.c: queue, jail, accounts, links to the programs. */
int lab_postfix_furnish(struct lab_box *box, struct mp_err *err);
/* supply.c: certificates, tables, authentication. */
int lab_postfix_supply(struct lab_box *box, struct mp_err *err);

#endif
