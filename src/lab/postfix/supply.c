/* supply - what main.cf and master.cf name and this machine lacks. */
#include "lab/files.h"
#include "lab/postfix/postfix.h"

#include "base/ascii.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POSTMAP "/usr/sbin/postmap"
#define POSTALIAS "/usr/sbin/postalias"

enum { PATH_MAX_LAB = 1024 };

/* ---- certificates ------------------------------------------------------------------------ */

static int supply_chain(struct lab_box *box, const char *list, struct mp_err *err)
{
	char path[PATH_MAX_LAB];

	while (*list != '\0') {
		size_t n = strcspn(list, ", \t");
		if (n > 0 && n < sizeof path) {
			memcpy(path, list, n);
			path[n] = '\0';
			if (lab_supply_pair(box, path, path, err) < 0) {
				return -1;
			}
		}
		list += n;
		list += strspn(list, ", \t");
	}
	return 0;
}

static int supply_certificates(struct lab_box *box, const char *service, struct mp_err *err)
{
	static const char *const pairs[][2] = {{"smtpd_tls_cert_file", "smtpd_tls_key_file"},
		{"smtpd_tls_eccert_file", "smtpd_tls_eckey_file"},
		{"smtpd_tls_dcert_file", "smtpd_tls_dkey_file"},
		{"smtpd_tls_CAfile", "smtpd_tls_CAfile"}};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		if (lab_supply_pair(box, lab_postfix_effective(box, service, pairs[i][0]),
			    lab_postfix_effective(box, service, pairs[i][1]), err) < 0) {
			return -1;
		}
	}
	return supply_chain(box, lab_postfix_effective(box, service, "smtpd_tls_chain_files"), err);
}

/* ---- tables ------------------------------------------------------------------------------ */

static void compile(struct lab_box *box, struct mp_slice type, const char *path, const char *suffix,
	bool aliases)
{
	char name[PATH_MAX_LAB + 16], index[PATH_MAX_LAB + 16];
	const char *const argv[] = {
		aliases ? POSTALIAS : POSTMAP, "-c", box->config_path, name, NULL};

	snprintf(name, sizeof name, "%.*s:%s", MP_SLICE_ARG(type), path);
	snprintf(index, sizeof index, "%s%s", path, suffix);
	if (lab_exists(index)) {
		return;
	}
	bool made =
		!box->plan->as_is && lab_exists(path) && lab_loop_run(&box->loop, argv, NULL) == 0;
	lab_box_supplied(box, made ? MP_LAB_SUPPLIED_TABLE : MP_LAB_MISSING, "%s", name);
}

/* Finds "type:/path" of the types that are compiled in a value, wherever it stands. */
static void compile_all(struct lab_box *box, const char *value, bool aliases)
{
	char path[PATH_MAX_LAB];

	for (const char *p = value; (p = strstr(p, ":/")) != NULL; p++) {
		const char *start = p;
		while (start > value && mp_is_lower(start[-1])) {
			start--;
		}
		size_t n = strcspn(p + 1, ", \t{}");
		if (n >= sizeof path) {
			continue;
		}
		memcpy(path, p + 1, n);
		path[n] = '\0';
		struct mp_slice type = mp_slice(start, (size_t)(p - start));
		const char *suffix = box->plan->provisions.suffix(type);
		if (suffix != NULL) {
			compile(box, type, path, suffix, aliases);
		}
	}
}

/* Tables that the server itself makes, and lists that repeat them. */
static bool is_cache_setting(const char *name)
{
	return mp_slice_ends(mp_slice_str(name), "_cache_map") ||
		mp_slice_ends(mp_slice_str(name), "_session_cache_database") ||
		mp_str_eq(name, "address_verify_map") || mp_str_eq(name, "proxy_read_maps") ||
		mp_str_eq(name, "proxy_write_maps");
}

static bool is_alias_setting(const char *name)
{
	return mp_str_eq(name, "alias_maps") || mp_str_eq(name, "alias_database");
}

/* A table that stands in several settings is compiled once: aliases first, since other settings
 * repeat their names. */
static int supply_tables(struct lab_box *box, struct mp_err *err)
{
	const char *aliases = lab_postfix_setting(box, "alias_maps", "");

	if (strstr(aliases, ":/etc/aliases") != NULL && !lab_exists("/etc/aliases")) {
		lab_box_supplied(box, box->plan->as_is ? MP_LAB_MISSING : MP_LAB_SUPPLIED_FILE,
			"/etc/aliases");
		if (!box->plan->as_is && lab_file_puts("/etc/aliases", "", 0644, err) < 0) {
			return -1;
		}
	}
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < lab_postfix(box)->settings.n; i++) {
			const struct lab_setting *s = &lab_postfix(box)->settings.v[i];
			if (is_alias_setting(s->name) == (pass == 0) &&
				!is_cache_setting(s->name)) {
				compile_all(box, s->value, pass == 0);
			}
		}
	}
	return 0;
}

/* ---- authentication ---------------------------------------------------------------------- */

static int supply_dovecot(struct lab_box *box, const char *endpoint, struct mp_err *err)
{
	char path[PATH_MAX_LAB];
	struct mp_err reason;

	(void)err;
	if (strncmp(endpoint, "unix:", 5) == 0) {
		endpoint += 5;
	}
	bool whole = endpoint[0] == '/' || strncmp(endpoint, "inet:", 5) == 0;
	snprintf(path, sizeof path, "%s%s%s",
		whole ? "" : lab_postfix_setting(box, "queue_directory", LAB_POSTFIX_QUEUE),
		whole ? "" : "/", endpoint);
	if (endpoint[0] == '\0' || lab_exists(path)) {
		return 0;
	}
	bool made = !box->plan->as_is && lab_serve_auth(box, path, &reason) == 0;
	lab_box_supplied(box, made ? MP_LAB_SUPPLIED_SASL : MP_LAB_MISSING, "%s", path);
	return 0;
}

/* The logins in the realm of a service: its smtpd_sasl_local_domain, else its host name. */
static int add_sasl_users(struct lab_box *box, const char *service, struct mp_err *err)
{
	const char *domain = lab_postfix_effective(box, service, "smtpd_sasl_local_domain");

	(void)err;
	(void)lab_supply_logins(box,
		domain[0] != '\0' ? domain : lab_postfix_effective(box, service, "myhostname"));
	return 0;
}

static int put_sasldb(struct lab_box *box, struct mp_err *err)
{
	char jail[PATH_MAX_LAB];

	if (lab_postfix_each_service(box, add_sasl_users, err) < 0 || !lab_exists(LAB_SASLDB)) {
		return 0;
	}
	lab_box_supplied(box, MP_LAB_SUPPLIED_SASL, LAB_SASLDB);
	snprintf(jail, sizeof jail, "%s%s",
		lab_postfix_setting(box, "queue_directory", LAB_POSTFIX_QUEUE), LAB_SASLDB);
	if (chmod(LAB_SASLDB, 0640) < 0 || chown(LAB_SASLDB, 0, LAB_POSTFIX_OWNER) < 0 ||
		lab_file_copy(LAB_SASLDB, jail, err) < 0 || chown(jail, 0, LAB_POSTFIX_OWNER) < 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, LAB_SASLDB);
	}
	return 0;
}

/* Cyrus SASL's own configuration for the application, unless there is one. */
static int supply_cyrus(struct lab_box *box, const char *application, struct mp_err *err)
{
	char path[PATH_MAX_LAB], system[PATH_MAX_LAB];

	snprintf(path, sizeof path, "%s/sasl/%s.conf", box->config_path, application);
	snprintf(system, sizeof system, "/usr/lib/sasl2/%s.conf", application);
	if (lab_exists(path) || lab_exists(system) || strchr(application, '/') != NULL) {
		return 0;
	}
	if (box->plan->as_is) {
		lab_box_supplied(box, MP_LAB_MISSING, "%s", path);
		return 0;
	}
	int rc = lab_supply_sasl_conf(box, path, err);
	return rc < 0 || lab_exists(LAB_SASLDB) ? rc : put_sasldb(box, err);
}

static int supply_sasl(struct lab_box *box, const char *service, struct mp_err *err)
{
	const char *type = lab_postfix_effective(box, service, "smtpd_sasl_type");
	const char *path = lab_postfix_effective(box, service, "smtpd_sasl_path");

	if (!mp_str_ieq(lab_postfix_effective(box, service, "smtpd_sasl_auth_enable"), "yes")) {
		return 0;
	}
	return mp_str_eq(type, "dovecot")  ? supply_dovecot(box, path, err)
		: mp_str_eq(type, "cyrus") ? supply_cyrus(box, path, err)
					   : 0;
}

int lab_postfix_supply(struct lab_box *box, struct mp_err *err)
{
	return lab_postfix_each_service(box, supply_certificates, err) < 0 ||
			supply_tables(box, err) < 0 ||
			lab_postfix_each_service(box, supply_sasl, err) < 0
		? -1
		: 0;
}
