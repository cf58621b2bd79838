/* account - passwd(5) and group(5) of the lab. */
#include "lab/account.h"

#include "lab/files.h"

#include "base/buf.h"

#include <string.h>

enum { UID_NOBODY = 65534, UID_FIRST_USER = 2000, ACCOUNTS_MAX = 1024 * 1024 };

static bool is_in(const struct mp_buf *names, const char *name)
{
	struct mp_slice rest = mp_buf_slice(names);

	while (rest.n > 0) {
		size_t end = mp_slice_chr(rest, '\n');
		if (mp_slice_eq_str(mp_slice_sub(rest, 0, end), name)) {
			return true;
		}
		rest = mp_slice_from(rest, end + 1);
	}
	return false;
}

struct accounts {
	struct mp_buf names, passwd, group;
	unsigned next;
};

static void accounts_init(struct accounts *a)
{
	mp_buf_init(&a->names, ACCOUNTS_MAX);
	mp_buf_init(&a->passwd, ACCOUNTS_MAX);
	mp_buf_init(&a->group, ACCOUNTS_MAX);
	a->next = UID_FIRST_USER;
}

static void accounts_release(struct accounts *a)
{
	mp_buf_release(&a->names);
	mp_buf_release(&a->passwd);
	mp_buf_release(&a->group);
}

/* A name that could not stand in passwd(5) is no account. */
static bool is_account_name(const char *name)
{
	return name[0] != '\0' && strpbrk(name, ":\n/ \t") == NULL && strlen(name) < 64;
}

static void add_account(struct accounts *a, const char *name, unsigned id)
{
	if (!is_account_name(name) || is_in(&a->names, name)) {
		return;
	}
	const char *group = id == UID_NOBODY ? "nogroup" : name;
	mp_buf_printf(&a->names, "%s\n", name);
	mp_buf_printf(&a->passwd, "%s:x:%u:%u::%s%s:/bin/sh\n", name, id, id,
		id == 0 ? "/" : "/home/", name);
	mp_buf_printf(&a->group, "%s:x:%u:\n", group, id);
}

static unsigned id_of(struct accounts *a, const char *name)
{
	if (mp_str_eq(name, "root")) {
		return 0;
	}
	return mp_str_eq(name, "nobody") ? UID_NOBODY : a->next++;
}

/* The id of an account: that which the server wants it to have, else the next. */
static unsigned wanted_id(
	struct accounts *a, const char *name, const struct lab_account *needed, size_t needed_count)
{
	for (size_t i = 0; i < needed_count; i++) {
		if (needed[i].id != 0 && mp_str_eq(needed[i].name, name)) {
			return needed[i].id;
		}
	}
	return id_of(a, name);
}

/* Tells each account; those from byte `given` on are not the plan's. */
static void report_accounts(struct lab_box *box, const struct accounts *a, size_t given)
{
	struct mp_slice rest = mp_buf_slice(&a->names);

	for (size_t at = 0; rest.n > 0;) {
		size_t end = mp_slice_chr(rest, '\n');
		lab_box_report(box, LAB_REPORT_USER, "%.*s", (int)end, rest.p);
		if (at >= given) {
			lab_box_supplied(box, MP_LAB_SUPPLIED_USER, "%.*s", (int)end, rest.p);
		}
		at += end + 1;
		rest = mp_slice_from(rest, end + 1);
	}
}

int lab_accounts_put(struct lab_box *box, const struct lab_account *needed, size_t needed_count,
	const struct lab_group *groups, size_t group_count, bool report, struct mp_err *err)
{
	const struct mp_lab_plan *plan = box->plan;
	struct accounts a;

	accounts_init(&a);
	for (size_t i = 0; i < plan->local_user_count; i++) {
		const char *name = plan->local_users[i];
		add_account(&a, name, wanted_id(&a, name, needed, needed_count));
	}
	size_t given = a.names.n;
	for (size_t i = 0; i < needed_count; i++) {
		add_account(
			&a, needed[i].name, wanted_id(&a, needed[i].name, needed, needed_count));
	}
	for (size_t i = 0; i < group_count; i++) {
		if (is_account_name(groups[i].name)) {
			mp_buf_printf(&a.group, "%s:x:%u:\n", groups[i].name, groups[i].id);
		}
	}
	int rc = lab_file_put("/etc/passwd", mp_buf_slice(&a.passwd), 0644, err) < 0 ||
			lab_file_put("/etc/group", mp_buf_slice(&a.group), 0644, err) < 0
		? -1
		: 0;
	if (rc == 0 && report) {
		report_accounts(box, &a, given);
	}
	accounts_release(&a);
	return rc;
}
