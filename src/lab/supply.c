/* supply - what the configuration names and this machine lacks. */
#include "lab/box.h"
#include "lab/cert.h"
#include "lab/files.h"

#include "base/ascii.h"
#include "base/buf.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POSTCONF "/usr/sbin/postconf"
#define POSTMAP "/usr/sbin/postmap"
#define POSTALIAS "/usr/sbin/postalias"
#define SASLPASSWD "/usr/sbin/saslpasswd2"
#define SASLDB "/etc/sasldb2"

enum { PATH_MAX_LAB = 1024, MAIL_OWNER = 110 };

/* ---- settings ---------------------------------------------------------------------------- */

/* One line of postconf: "name = value", or with -P "smtp/inet/name = value". */
static void add_setting(struct lab_box *box, struct mp_slice line, bool service)
{
	size_t equal = mp_slice_find(line, " =");
	struct lab_setting s = {0};

	if (equal == MP_NOT_FOUND) {
		return;
	}
	struct mp_slice name = mp_slice_sub(line, 0, equal);
	struct mp_slice value = mp_slice_trim(mp_slice_from(line, equal + 2));
	size_t slash = mp_slice_rchr(name, '/');
	if (service && slash == MP_NOT_FOUND) {
		return;
	}
	s.service = service ? mp_memdup(name.p, slash) : mp_strdup("");
	name = service ? mp_slice_from(name, slash + 1) : name;
	s.name = mp_memdup(name.p, name.n);
	s.value = mp_memdup(value.p, value.n);
	mp_vec_push(&box->settings, s);
}

static void read_postconf(struct lab_box *box, const char *const argv[], bool service)
{
	char *text = NULL;

	if (lab_loop_run(&box->loop, argv, &text) == 0) {
		struct mp_slice rest = mp_slice_str(text);
		while (rest.n > 0) {
			size_t end = mp_slice_chr(rest, '\n');
			size_t n = end == MP_NOT_FOUND ? rest.n : end;
			add_setting(box, mp_slice_sub(rest, 0, n), service);
			rest = mp_slice_from(rest, n + 1);
		}
	}
	free(text);
}

void lab_supply_read_settings(struct lab_box *box)
{
	const char *const main_cf[] = {POSTCONF, "-c", box->config_path, "-x", NULL};
	const char *const master_cf[] = {POSTCONF, "-c", box->config_path, "-x", "-P", NULL};

	read_postconf(box, main_cf, false);
	read_postconf(box, master_cf, true);
}

const char *lab_box_setting(const struct lab_box *box, const char *name, const char *fallback)
{
	for (size_t i = 0; i < box->settings.n; i++) {
		const struct lab_setting *s = &box->settings.v[i];
		if (s->service[0] == '\0' && mp_str_eq(s->name, name)) {
			return s->value[0] != '\0' ? s->value : fallback;
		}
	}
	return fallback;
}

/* The value that counts for a service ("" for those that override nothing). */
static const char *effective(const struct lab_box *box, const char *service, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < box->settings.n; i++) {
		const struct lab_setting *s = &box->settings.v[i];
		if (mp_str_eq(s->name, name) &&
			(s->service[0] == '\0' || mp_str_eq(s->service, service))) {
			value = s->value;
		}
	}
	return value != NULL ? value : "";
}

/* Calls act once for main.cf and once for each service with settings of its own. */
static int each_service(struct lab_box *box,
	int (*act)(struct lab_box *box, const char *service, struct mp_err *err),
	struct mp_err *err)
{
	if (act(box, "", err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < box->settings.n; i++) {
		const char *service = box->settings.v[i].service;
		if (service[0] != '\0' && !mp_str_eq(service, box->settings.v[i - 1].service) &&
			act(box, service, err) < 0) {
			return -1;
		}
	}
	return 0;
}

/* ---- certificates ------------------------------------------------------------------------ */

static int put_certificate(struct lab_box *box, const char *path, struct mp_err *err)
{
	if (box->certificate == NULL) {
		box->certificate = lab_cert_make(box->plan->hostname, err);
	}
	if (box->certificate == NULL) {
		return -1;
	}
	lab_box_supplied(box, MP_LAB_SUPPLIED_CERTIFICATE, "%s", path);
	return lab_file_puts(path, box->certificate, 0600, err);
}

static bool is_file_name(const char *value)
{
	return value[0] == '/' && strlen(value) < PATH_MAX_LAB && strpbrk(value, ", \t") == NULL;
}

/* A certificate and its key belong together: when one is missing, both are made. */
static int supply_pair(struct lab_box *box, const char *cert, const char *key, struct mp_err *err)
{
	if (!is_file_name(cert) || (lab_exists(cert) && (!is_file_name(key) || lab_exists(key)))) {
		return 0;
	}
	if (box->plan->as_is) {
		lab_box_supplied(box, MP_LAB_MISSING, "%s", lab_exists(cert) ? key : cert);
		return 0;
	}
	if (put_certificate(box, cert, err) < 0) {
		return -1;
	}
	return is_file_name(key) && !mp_str_eq(key, cert) ? put_certificate(box, key, err) : 0;
}

static int supply_chain(struct lab_box *box, const char *list, struct mp_err *err)
{
	char path[PATH_MAX_LAB];

	while (*list != '\0') {
		size_t n = strcspn(list, ", \t");
		if (n > 0 && n < sizeof path) {
			memcpy(path, list, n);
			path[n] = '\0';
			if (is_file_name(path) && supply_pair(box, path, path, err) < 0) {
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
		if (supply_pair(box, effective(box, service, pairs[i][0]),
			    effective(box, service, pairs[i][1]), err) < 0) {
			return -1;
		}
	}
	return supply_chain(box, effective(box, service, "smtpd_tls_chain_files"), err);
}

/* ---- tables ------------------------------------------------------------------------------ */

static const struct {
	const char *type, *suffix;
} indexed[] = {{"hash", ".db"}, {"btree", ".db"}, {"lmdb", ".lmdb"}, {"cdb", ".cdb"},
	{"dbm", ".pag"}, {"sdbm", ".pag"}};

static int compile(struct lab_box *box, size_t kind, const char *path, bool aliases)
{
	char name[PATH_MAX_LAB + 16], index[PATH_MAX_LAB + 16];
	const char *const argv[] = {
		aliases ? POSTALIAS : POSTMAP, "-c", box->config_path, name, NULL};

	snprintf(name, sizeof name, "%s:%s", indexed[kind].type, path);
	snprintf(index, sizeof index, "%s%s", path, indexed[kind].suffix);
	if (lab_exists(index)) {
		return 0;
	}
	if (!box->plan->as_is && lab_exists(path) && lab_loop_run(&box->loop, argv, NULL) == 0) {
		lab_box_supplied(box, MP_LAB_SUPPLIED_TABLE, "%s", name);
		return 0;
	}
	lab_box_supplied(box, MP_LAB_MISSING, "%s", name);
	return 0;
}

/* Finds "type:/path" of the indexed types in a value, wherever it stands. */
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
		for (size_t k = 0; k < sizeof indexed / sizeof *indexed; k++) {
			if (mp_slice_eq_str(
				    mp_slice(start, (size_t)(p - start)), indexed[k].type)) {
				compile(box, k, path, aliases);
			}
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
	const char *aliases = lab_box_setting(box, "alias_maps", "");

	if (strstr(aliases, ":/etc/aliases") != NULL && !lab_exists("/etc/aliases")) {
		lab_box_supplied(box, box->plan->as_is ? MP_LAB_MISSING : MP_LAB_SUPPLIED_FILE,
			"/etc/aliases");
		if (!box->plan->as_is && lab_file_puts("/etc/aliases", "", 0644, err) < 0) {
			return -1;
		}
	}
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < box->settings.n; i++) {
			const struct lab_setting *s = &box->settings.v[i];
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
		whole ? "" : lab_box_setting(box, "queue_directory", "/var/spool/postfix"),
		whole ? "" : "/", endpoint);
	if (endpoint[0] == '\0' || lab_exists(path)) {
		return 0;
	}
	bool made = !box->plan->as_is && lab_serve_auth(box, path, &reason) == 0;
	lab_box_supplied(box, made ? MP_LAB_SUPPLIED_SASL : MP_LAB_MISSING, "%s", path);
	return 0;
}

/* One login in the password file, in one realm; false when it cannot be made. */
static bool add_sasl_user(struct lab_box *box, const struct mp_lab_user *user, const char *realm)
{
	struct mp_slice login = mp_slice_str(user->name);
	size_t at = mp_slice_rchr(login, '@');
	char name[256];
	const char *const argv[] = {SASLPASSWD, "-p", "-c", "-f", SASLDB, "-u",
		at == MP_NOT_FOUND ? realm : user->name + at + 1, name, NULL};

	snprintf(name, sizeof name, "%.*s", (int)(at == MP_NOT_FOUND ? login.n : at), user->name);
	return lab_loop_feed(&box->loop, argv, user->password, NULL) == 0;
}

/* The logins in the realm of a service: its smtpd_sasl_local_domain, else its host name. */
static int add_sasl_users(struct lab_box *box, const char *service, struct mp_err *err)
{
	const struct mp_lab_plan *plan = box->plan;
	const char *domain = effective(box, service, "smtpd_sasl_local_domain");
	const char *host = effective(box, service, "myhostname");

	(void)err;
	for (size_t i = 0; i < plan->sasl_user_count; i++) {
		if (!add_sasl_user(box, &plan->sasl_users[i], domain[0] != '\0' ? domain : host)) {
			lab_box_supplied(
				box, MP_LAB_MISSING, "%s (saslpasswd2)", plan->sasl_users[i].name);
		}
	}
	return 0;
}

static int put_sasldb(struct lab_box *box, struct mp_err *err)
{
	char jail[PATH_MAX_LAB];

	if (each_service(box, add_sasl_users, err) < 0 || !lab_exists(SASLDB)) {
		return 0;
	}
	lab_box_supplied(box, MP_LAB_SUPPLIED_SASL, SASLDB);
	snprintf(jail, sizeof jail, "%s%s",
		lab_box_setting(box, "queue_directory", "/var/spool/postfix"), SASLDB);
	if (chmod(SASLDB, 0640) < 0 || chown(SASLDB, 0, MAIL_OWNER) < 0 ||
		lab_file_copy(SASLDB, jail, err) < 0 || chown(jail, 0, MAIL_OWNER) < 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, SASLDB);
	}
	return 0;
}

/* Cyrus SASL's own configuration for the application, unless there is one. */
static int supply_cyrus(struct lab_box *box, const char *application, struct mp_err *err)
{
	char path[PATH_MAX_LAB], system[PATH_MAX_LAB];
	struct mp_buf text;

	snprintf(path, sizeof path, "%s/sasl/%s.conf", box->config_path, application);
	snprintf(system, sizeof system, "/usr/lib/sasl2/%s.conf", application);
	if (lab_exists(path) || lab_exists(system) || strchr(application, '/') != NULL) {
		return 0;
	}
	if (box->plan->as_is) {
		lab_box_supplied(box, MP_LAB_MISSING, "%s", path);
		return 0;
	}
	mp_buf_init(&text, 4096);
	mp_buf_puts(&text, "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list:");
	for (size_t i = 0; i < box->plan->sasl_mechanism_count; i++) {
		mp_buf_printf(&text, " %s", box->plan->sasl_mechanisms[i]);
	}
	mp_buf_putc(&text, '\n');
	int rc = lab_file_put(path, mp_buf_slice(&text), 0644, err);
	mp_buf_release(&text);
	lab_box_supplied(box, MP_LAB_SUPPLIED_SASL, "%s", path);
	return rc < 0 || lab_exists(SASLDB) ? rc : put_sasldb(box, err);
}

static int supply_sasl(struct lab_box *box, const char *service, struct mp_err *err)
{
	const char *type = effective(box, service, "smtpd_sasl_type");
	const char *path = effective(box, service, "smtpd_sasl_path");

	if (!mp_str_ieq(effective(box, service, "smtpd_sasl_auth_enable"), "yes")) {
		return 0;
	}
	return mp_str_eq(type, "dovecot")  ? supply_dovecot(box, path, err)
		: mp_str_eq(type, "cyrus") ? supply_cyrus(box, path, err)
					   : 0;
}

int lab_supply(struct lab_box *box, struct mp_err *err)
{
	return each_service(box, supply_certificates, err) < 0 || supply_tables(box, err) < 0 ||
			each_service(box, supply_sasl, err) < 0
		? -1
		: 0;
}
