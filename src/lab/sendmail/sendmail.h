/* sendmail - what the files that boot sendmail share. */
#ifndef MP_LAB_SENDMAIL_SENDMAIL_H
#define MP_LAB_SENDMAIL_SENDMAIL_H

#include "lab/box.h"

struct lab_sendmail {
	const char *makemap; /* or NULL */
	char *cf; /* -C and the configuration's path */
	bool socket_failed; /* it said so */
};

static inline struct lab_sendmail *lab_sendmail(const struct lab_box *box)
{
	return box->own;
}

/* place.c: accounts, folders, permissions. */
int lab_sendmail_furnish(struct lab_box *box, struct mp_err *err);
/* supply.c: certificates, tables, aliases, logins. */
int lab_sendmail_supply(struct lab_box *box, struct mp_err *err);

#endif
