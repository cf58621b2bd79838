/* account - passwd(5) and group(5) of the lab. */
#ifndef MP_LAB_ACCOUNT_H
#define MP_LAB_ACCOUNT_H

#include "lab/box.h"

/* An account that the server cannot run without. */
struct lab_account {
	const char *name;
	unsigned id; /* of user and group; 0: the next that is free (root is 0, nobody 65534) */
};

/* A group without a user. */
struct lab_group {
	const char *name;
	unsigned id;
};

/* Makes the plan's users and those needed: an account that is both has the needed one's id. Names
 * that cannot stand in passwd(5) are left out. With `report` each account is told to the parent,
 * those that the plan does not have as supplied. */
int lab_accounts_put(struct lab_box *box, const struct lab_account *needed, size_t needed_count,
	const struct lab_group *groups, size_t group_count, bool report, struct mp_err *err);

#endif
