/* place - accounts, folders and permissions of sendmail. */
#include "lab/account.h"
#include "lab/files.h"
#include "lab/sendmail/sendmail.h"

#include "base/vec.h"

#include <stdio.h>
#include <sys/stat.h>

enum { GID_FIRST = 120 };

static int put_accounts(struct lab_box *box, struct mp_err *err)
{
	MP_VEC(struct lab_account) users = {0};
	MP_VEC(struct lab_group) groups = {0};

	mp_vec_push(&users, ((struct lab_account){"root", 0}));
	for (size_t i = 0; i < box->plan->provisions.n; i++) {
		const struct mp_provision *p = &box->plan->provisions.v[i];
		if (p->kind == MP_PROVISION_USER) {
			mp_vec_push(&users, ((struct lab_account){p->what, 0}));
		}
	}
	for (size_t i = 0; i < box->plan->provisions.n; i++) {
		const struct mp_provision *p = &box->plan->provisions.v[i];
		bool known = p->kind != MP_PROVISION_GROUP;
		for (size_t k = 0; k < users.n && !known; k++) {
			known = mp_str_eq(users.v[k].name, p->what);
		}
		struct lab_group group = {p->what, GID_FIRST + (unsigned)groups.n};
		if (!known) {
			mp_vec_push(&groups, group);
		}
	}
	int rc = lab_accounts_put(box, users.v, users.n, groups.v, groups.n, true, err);
	mp_vec_release(&users);
	mp_vec_release(&groups);
	return rc;
}

/* The queue is the server's alone; other folders only have to be there. */
static int put_folders(struct lab_box *box, struct mp_err *err)
{
	for (size_t i = 0; i < box->plan->provisions.n; i++) {
		const struct mp_provision *p = &box->plan->provisions.v[i];
		int rc = 0;
		if (p->kind == MP_PROVISION_QUEUE) {
			rc = lab_dir_owned(p->what, 0, 0, 0700, err);
		} else if (p->kind == MP_PROVISION_FOLDER && !lab_exists(p->what)) {
			rc = lab_dirs(p->what, 0755, err);
		}
		if (rc < 0) {
			return -1;
		}
	}
	return 0;
}

/* sendmail uses no key that others may read; a version control system keeps no such mode. */
static void guard_keys(struct lab_box *box)
{
	struct stat st;

	for (size_t i = 0; i < box->plan->provisions.n; i++) {
		const struct mp_provision *p = &box->plan->provisions.v[i];
		if (p->kind != MP_PROVISION_CERTIFICATE || p->with[0] != '/' ||
			stat(p->with, &st) < 0 || (st.st_mode & 077) == 0) {
			continue;
		}
		if (chmod(p->with, 0600) == 0) {
			lab_box_supplied(box, MP_LAB_SUPPLIED_FILE, "mode 0600 of %s", p->with);
		}
	}
}

/* "Version 8.17.1.9" on the first line that says so. */
static void report_version(struct lab_box *box)
{
	const char *const argv[] = {box->program, lab_sendmail(box)->cf, "-d0.1", "-bt", NULL};
	static const char word[] = "Version ";
	char *text = NULL;

	if (lab_loop_run(&box->loop, argv, &text) >= 0 && text != NULL) {
		struct mp_slice s = mp_slice_str(text);
		size_t at = mp_slice_find(s, word);
		if (at != MP_NOT_FOUND) {
			s = mp_slice_from(s, at + sizeof word - 1);
			size_t n = 0;
			while (n < s.n && s.p[n] > ' ') {
				n++;
			}
			lab_box_report(box, LAB_REPORT_VERSION, "%.*s", (int)n, s.p);
		}
	}
	free(text);
}

int lab_sendmail_furnish(struct lab_box *box, struct mp_err *err)
{
	if (put_accounts(box, err) < 0 || put_folders(box, err) < 0) {
		return -1;
	}
	if (!box->plan->as_is) {
		guard_keys(box);
	}
	report_version(box);
	return 0;
}
