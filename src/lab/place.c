/* place - files, folders and accounts of the lab's server. */
#include "lab/box.h"
#include "lab/files.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	UID_NOBODY = 65534,
	UID_MAIL_OWNER = 110, /* as Debian's adduser would choose: a system account */
	GID_SETGID = 111,
	UID_FIRST_USER = 2000,
	ACCOUNTS_MAX = 1024 * 1024
};

/* Files of the MTA's package that lie in the configuration's folder and are not configuration. */
static const char *const package_files[] = {"postfix-files", "postfix-script", "post-install"};

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

/* The accounts: the plan's, then those that the MTA cannot run without. */
static int put_accounts(struct lab_box *box, struct mp_err *err)
{
	const char *owner = lab_box_setting(box, "mail_owner", "postfix");
	const char *delivery = lab_box_setting(box, "default_privs", "nobody");
	const char *setgid = lab_box_setting(box, "setgid_group", "postdrop");
	const char *const needed[] = {"root", "nobody", owner, delivery};
	const struct mp_lab_plan *plan = box->plan;
	struct accounts a;

	accounts_init(&a);
	for (size_t i = 0; i < plan->local_user_count; i++) {
		const char *name = plan->local_users[i];
		unsigned id = mp_str_eq(name, owner) ? UID_MAIL_OWNER : id_of(&a, name);
		add_account(&a, name, id);
	}
	size_t given = a.names.n;
	for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
		unsigned id = mp_str_eq(needed[i], owner) ? UID_MAIL_OWNER : id_of(&a, needed[i]);
		add_account(&a, needed[i], id);
	}
	mp_buf_printf(&a.group, "%s:x:%d:\nmail:x:8:\nsasl:x:45:\n",
		is_account_name(setgid) ? setgid : "postdrop", GID_SETGID);
	int rc = lab_file_put("/etc/passwd", mp_buf_slice(&a.passwd), 0644, err) < 0 ||
			lab_file_put("/etc/group", mp_buf_slice(&a.group), 0644, err) < 0
		? -1
		: 0;
	struct mp_slice rest = mp_buf_slice(&a.names);
	for (size_t at = 0; box->settings.n > 0 && rc == 0 && rest.n > 0;) {
		size_t end = mp_slice_chr(rest, '\n');
		lab_box_report(box, LAB_REPORT_USER, "%.*s", (int)end, rest.p);
		if (at >= given) {
			lab_box_supplied(box, MP_LAB_SUPPLIED_USER, "%.*s", (int)end, rest.p);
		}
		at += end + 1;
		rest = mp_slice_from(rest, end + 1);
	}
	accounts_release(&a);
	return rc;
}

static int put_dynamicmaps(const char *to, struct mp_err *err)
{
	static const struct {
		const char *type, *functions;
	} kinds[] = {{"cdb", "dict_cdb_open\tmkmap_cdb_open"}, {"ldap", "dict_ldap_open"},
		{"lmdb", "dict_lmdb_open\tmkmap_lmdb_open"}, {"mysql", "dict_mysql_open"},
		{"pcre", "dict_pcre_open"}, {"pgsql", "dict_pgsql_open"},
		{"sqlite", "dict_sqlite_open"}};
	struct mp_buf text;
	char library[128];

	mp_buf_init(&text, 4096);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		snprintf(library, sizeof library, "/usr/lib/postfix/postfix-%s.so", kinds[i].type);
		if (lab_exists(library)) {
			mp_buf_printf(&text, "%s\tpostfix-%s.so\t%s\n", kinds[i].type,
				kinds[i].type, kinds[i].functions);
		}
	}
	int rc = lab_file_put(to, mp_buf_slice(&text), 0644, err);
	mp_buf_release(&text);
	return rc;
}

/* The candidate's files, those of the package beside them, and a stock master.cf. */
static int put_config(struct lab_box *box, int config_dir, struct mp_err *err)
{
	const struct mp_lab_plan *plan = box->plan;
	char from[512], to[512];

	if (config_dir >= 0 && lab_tree_copy(config_dir, box->config_path, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct mp_lab_file *f = &plan->files[i];
		snprintf(to, sizeof to, "%s%s%s", f->path[0] == '/' ? "" : box->config_path,
			f->path[0] == '/' ? "" : "/", f->path);
		if (lab_file_put(to, f->text, 0644, err) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < sizeof package_files / sizeof *package_files; i++) {
		snprintf(from, sizeof from, "/usr/lib/postfix/sbin/%s", package_files[i]);
		snprintf(to, sizeof to, "%s/%s", box->config_path, package_files[i]);
		if (!lab_exists(to) && lab_file_copy(from, to, err) < 0) {
			return -1;
		}
	}
	snprintf(to, sizeof to, "%s/dynamicmaps.cf", box->config_path);
	if (!lab_exists(to) && put_dynamicmaps(to, err) < 0) {
		return -1;
	}
	snprintf(to, sizeof to, "%s/master.cf", box->config_path);
	if (!lab_exists(to) && lab_exists("/usr/share/postfix/master.cf.dist")) {
		lab_box_supplied(box, MP_LAB_SUPPLIED_FILE, "%s", to);
		return lab_file_copy("/usr/share/postfix/master.cf.dist", to, err);
	}
	return 0;
}

int lab_place_basics(struct lab_box *box, int config_dir, struct mp_err *err)
{
	static const char resolver[] =
		"nameserver " LAB_RESOLVER "\noptions timeout:3 attempts:1\n";
	static const char sources[] = "passwd: files\ngroup: files\nshadow: files\n"
				      "hosts: files dns\nservices: files\nprotocols: files\n"
				      "networks: files\nnetgroup: files\n";
	static const char hosts[] = "127.0.0.1 localhost\n::1 localhost\n";
	char name[300];

	snprintf(name, sizeof name, "%.255s\n", box->plan->hostname);
	if (lab_file_puts("/etc/resolv.conf", resolver, 0644, err) < 0 ||
		lab_file_puts("/etc/nsswitch.conf", sources, 0644, err) < 0 ||
		lab_file_puts("/etc/hosts", hosts, 0644, err) < 0 ||
		lab_file_puts("/etc/hostname", name, 0644, err) < 0 ||
		lab_file_puts("/etc/mailname", name, 0644, err) < 0 ||
		lab_dirs("/var/lib", 0755, err) < 0) {
		return -1;
	}
	return put_config(box, config_dir, err) < 0 ? -1 : put_accounts(box, err);
}

static int put_queue(const char *queue, struct mp_err *err)
{
	static const struct {
		const char *name;
		unsigned uid, gid, mode;
	} dirs[] = {{"", 0, 0, 0755}, {"/active", UID_MAIL_OWNER, 0, 0700},
		{"/bounce", UID_MAIL_OWNER, 0, 0700}, {"/corrupt", UID_MAIL_OWNER, 0, 0700},
		{"/defer", UID_MAIL_OWNER, 0, 0700}, {"/deferred", UID_MAIL_OWNER, 0, 0700},
		{"/flush", UID_MAIL_OWNER, 0, 0700}, {"/hold", UID_MAIL_OWNER, 0, 0700},
		{"/incoming", UID_MAIL_OWNER, 0, 0700}, {"/private", UID_MAIL_OWNER, 0, 0700},
		{"/saved", UID_MAIL_OWNER, 0, 0700}, {"/trace", UID_MAIL_OWNER, 0, 0700},
		{"/maildrop", UID_MAIL_OWNER, GID_SETGID, 01730},
		{"/public", UID_MAIL_OWNER, GID_SETGID, 02710}, {"/pid", 0, 0, 0755}};
	char path[600];

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		snprintf(path, sizeof path, "%s%s", queue, dirs[i].name);
		if (lab_dir_owned(path, dirs[i].uid, dirs[i].gid, dirs[i].mode, err) < 0) {
			return -1;
		}
	}
	return 0;
}

static int copy_below(const char *queue, const char *path, struct mp_err *err)
{
	char to[1024];

	snprintf(to, sizeof to, "%s%s", queue, path);
	return lab_file_copy(path, to, err);
}

/* What a service that runs chrooted in the queue directory needs to find names and accounts. */
static int put_jail(const char *queue, struct mp_err *err)
{
	static const char *const files[] = {"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf",
		"/etc/services", "/etc/passwd", "/etc/group", "/etc/localtime", "/etc/host.conf"};
	static const char *const libraries[] = {"/lib/*/libnss_files*.so*",
		"/lib/*/libnss_dns*.so*", "/lib/*/libnss_compat*.so*", "/lib/*/libresolv*.so*",
		"/lib/*/libgcc_s*.so*"};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		if (copy_below(queue, files[i], err) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < sizeof libraries / sizeof *libraries; i++) {
		glob_t g;
		int rc = 0;
		if (glob(libraries[i], GLOB_NOSORT, NULL, &g) != 0) {
			continue;
		}
		for (size_t k = 0; rc == 0 && k < g.gl_pathc; k++) {
			rc = copy_below(queue, g.gl_pathv[k], err);
		}
		globfree(&g);
		if (rc < 0) {
			return -1;
		}
	}
	return 0;
}

/* A folder that is there but lacks the server's programs (older packages kept them elsewhere) gets
 * links to them. */
static void link_programs(struct lab_box *box, const char *dir)
{
	char pattern[64], path[600];
	glob_t g;

	snprintf(pattern, sizeof pattern, "%s/*", box->daemon_dir);
	snprintf(path, sizeof path, "%.500s/smtpd", dir);
	if (lab_exists(path) || glob(pattern, GLOB_NOSORT, NULL, &g) != 0) {
		return;
	}
	for (size_t i = 0; i < g.gl_pathc; i++) {
		snprintf(path, sizeof path, "%.500s%s", dir, strrchr(g.gl_pathv[i], '/'));
		/* What is there already is what the configuration means. */
		(void)!symlink(g.gl_pathv[i], path);
	}
	globfree(&g);
	lab_box_supplied(box, MP_LAB_SUPPLIED_FOLDER, "%s", dir);
}

/* The package's folders go by other names on other systems: a link leads to them. */
static void put_links(struct lab_box *box)
{
	const struct {
		const char *setting, *target;
	} dirs[] = {{"daemon_directory", box->daemon_dir}, {"command_directory", "/usr/sbin"},
		{"shlib_directory", "/usr/lib/postfix"}};

	for (size_t i = 0; !box->plan->as_is && i < sizeof dirs / sizeof *dirs; i++) {
		const char *path = lab_box_setting(box, dirs[i].setting, "");
		struct mp_err ignored;
		if (path[0] != '/' || !lab_exists(dirs[i].target)) {
			continue;
		}
		if (!lab_exists(path) && lab_dirs_above(path, &ignored) == 0 &&
			symlink(dirs[i].target, path) == 0) {
			lab_box_supplied(box, MP_LAB_SUPPLIED_FOLDER, "%s", path);
		} else if (i == 0) {
			link_programs(box, path);
		}
	}
}

int lab_place_server(struct lab_box *box, struct mp_err *err)
{
	const char *queue = lab_box_setting(box, "queue_directory", "/var/spool/postfix");
	const char *data = lab_box_setting(box, "data_directory", "/var/lib/postfix");

	if (queue[0] != '/' || strlen(queue) > 500 || data[0] != '/') {
		return 0; /* the server will say so */
	}
	if (put_accounts(box, err) < 0 || put_queue(queue, err) < 0 || put_jail(queue, err) < 0 ||
		lab_dir_owned(data, UID_MAIL_OWNER, UID_MAIL_OWNER, 0755, err) < 0) {
		return -1;
	}
	put_links(box);
	char log[600];
	snprintf(log, sizeof log, "%s/dev/log", queue);
	return strlen(log) < 100 ? lab_serve_log(box, log, err) : 0;
}
