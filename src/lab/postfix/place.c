/* place - files, folders and accounts of Postfix. */
#include "lab/account.h"
#include "lab/files.h"
#include "lab/postfix/postfix.h"

#include "base/buf.h"

#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Files of the package that lie in the configuration's folder and are not configuration. */
static const char *const package_files[] = {"postfix-files", "postfix-script", "post-install"};

static int put_accounts(struct lab_box *box, bool report, struct mp_err *err)
{
	const char *setgid = lab_postfix_setting(box, "setgid_group", "postdrop");
	const struct lab_account needed[] = {{"root", 0}, {"nobody", 0},
		{lab_postfix_setting(box, "mail_owner", "postfix"), LAB_POSTFIX_OWNER},
		{lab_postfix_setting(box, "default_privs", "nobody"), 0}};
	const struct lab_group groups[] = {{setgid, LAB_POSTFIX_SETGID}, {"mail", 8}, {"sasl", 45}};

	return lab_accounts_put(box, needed, sizeof needed / sizeof *needed, groups,
		sizeof groups / sizeof *groups, report, err);
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

/* The package's files beside the candidate's, and a stock master.cf. */
static int complete_config(struct lab_box *box, struct mp_err *err)
{
	char from[512], to[512];

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

static int put_queue(const char *queue, struct mp_err *err)
{
	static const struct {
		const char *name;
		unsigned uid, gid, mode;
	} dirs[] = {{"", 0, 0, 0755}, {"/active", LAB_POSTFIX_OWNER, 0, 0700},
		{"/bounce", LAB_POSTFIX_OWNER, 0, 0700}, {"/corrupt", LAB_POSTFIX_OWNER, 0, 0700},
		{"/defer", LAB_POSTFIX_OWNER, 0, 0700}, {"/deferred", LAB_POSTFIX_OWNER, 0, 0700},
		{"/flush", LAB_POSTFIX_OWNER, 0, 0700}, {"/hold", LAB_POSTFIX_OWNER, 0, 0700},
		{"/incoming", LAB_POSTFIX_OWNER, 0, 0700}, {"/private", LAB_POSTFIX_OWNER, 0, 0700},
		{"/saved", LAB_POSTFIX_OWNER, 0, 0700}, {"/trace", LAB_POSTFIX_OWNER, 0, 0700},
		{"/maildrop", LAB_POSTFIX_OWNER, LAB_POSTFIX_SETGID, 01730},
		{"/public", LAB_POSTFIX_OWNER, LAB_POSTFIX_SETGID, 02710}, {"/pid", 0, 0, 0755}};
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

	snprintf(pattern, sizeof pattern, "%s/*", lab_postfix(box)->daemon_dir);
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
	} dirs[] = {{"daemon_directory", lab_postfix(box)->daemon_dir},
		{"command_directory", "/usr/sbin"}, {"shlib_directory", "/usr/lib/postfix"}};

	for (size_t i = 0; !box->plan->as_is && i < sizeof dirs / sizeof *dirs; i++) {
		const char *path = lab_postfix_setting(box, dirs[i].setting, "");
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

/* The program's own word, which a broken main.cf does not silence. */
static void report_version(struct lab_box *box)
{
	static const char *const argv[] = {"/usr/sbin/postconf", "-d", "-h", "mail_version", NULL};
	const char *known = lab_postfix_setting(box, "mail_version", "");
	char *asked = NULL;

	if (known[0] == '\0' && lab_loop_run(&box->loop, argv, &asked) == 0) {
		known = asked;
	}
	struct mp_slice version = mp_slice_trim(mp_slice_str(known));
	if (version.n > 0) {
		lab_box_report(box, LAB_REPORT_VERSION, "%.*s", MP_SLICE_ARG(version));
	}
	free(asked);
}

/* Folders and accounts that the settings name. */
static int put_server(struct lab_box *box, struct mp_err *err)
{
	const char *queue = lab_postfix_setting(box, "queue_directory", LAB_POSTFIX_QUEUE);
	const char *data = lab_postfix_setting(box, "data_directory", "/var/lib/postfix");

	if (queue[0] != '/' || strlen(queue) > 500 || data[0] != '/') {
		return 0; /* the server will say so */
	}
	if (put_accounts(box, lab_postfix(box)->settings.n > 0, err) < 0 ||
		put_queue(queue, err) < 0 || put_jail(queue, err) < 0 ||
		lab_dir_owned(data, LAB_POSTFIX_OWNER, LAB_POSTFIX_OWNER, 0755, err) < 0) {
		return -1;
	}
	put_links(box);
	char log[600];
	snprintf(log, sizeof log, "%s/dev/log", queue);
	return strlen(log) < 100 ? lab_serve_log(box, log, err) : 0;
}

int lab_postfix_furnish(struct lab_box *box, struct mp_err *err)
{
	/* postconf wants a master.cf, and the accounts that main.cf may name. */
	if (complete_config(box, err) < 0 || put_accounts(box, false, err) < 0) {
		return -1;
	}
	lab_postfix_read_settings(box);
	report_version(box);
	const char *logfile = lab_postfix_setting(box, "maillog_file", "");
	if (logfile[0] == '/') {
		lab_box_report(box, LAB_REPORT_LOGFILE, "%s", logfile);
	}
	return put_server(box, err);
}
