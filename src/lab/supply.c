/* supply - what configurations of either server name and this machine may lack: certificates, and
 * what Cyrus SASL logs in with. */
#include "lab/box.h"
#include "lab/cert.h"
#include "lab/files.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#define SASLPASSWD "/usr/sbin/saslpasswd2"

enum { NAME_MAX_LAB = 1024 };

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
	return value[0] == '/' && strlen(value) < NAME_MAX_LAB && strpbrk(value, ", \t") == NULL;
}

int lab_supply_pair(struct lab_box *box, const char *cert, const char *key, struct mp_err *err)
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

/* One login in the password file, in one realm; false when it cannot be made. */
static bool add_sasl_user(struct lab_box *box, const struct mp_lab_user *user, const char *realm)
{
	struct mp_slice login = mp_slice_str(user->name);
	size_t at = mp_slice_rchr(login, '@');
	char name[256];
	const char *const argv[] = {SASLPASSWD, "-p", "-c", "-f", LAB_SASLDB, "-u",
		at == MP_NOT_FOUND ? realm : user->name + at + 1, name, NULL};

	snprintf(name, sizeof name, "%.*s", (int)(at == MP_NOT_FOUND ? login.n : at), user->name);
	return lab_loop_feed(&box->loop, argv, user->password, NULL) == 0;
}

bool lab_supply_logins(struct lab_box *box, const char *realm)
{
	const struct mp_lab_plan *plan = box->plan;

	for (size_t i = 0; i < plan->sasl_user_count; i++) {
		if (!add_sasl_user(box, &plan->sasl_users[i], realm)) {
			lab_box_supplied(
				box, MP_LAB_MISSING, "%s (saslpasswd2)", plan->sasl_users[i].name);
		}
	}
	return lab_exists(LAB_SASLDB);
}

int lab_supply_sasl_conf(struct lab_box *box, const char *path, struct mp_err *err)
{
	const struct mp_lab_plan *plan = box->plan;
	struct mp_buf text;

	mp_buf_init(&text, 4096);
	mp_buf_puts(&text, "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list:");
	for (size_t i = 0; i < plan->sasl_mechanism_count; i++) {
		mp_buf_printf(&text, " %s", plan->sasl_mechanisms[i]);
	}
	/* An empty list would be every mechanism that there is a plug-in for. */
	mp_buf_puts(&text, plan->sasl_mechanism_count == 0 ? " NONE\n" : "\n");
	int rc = lab_file_put(path, mp_buf_slice(&text), 0644, err);
	mp_buf_release(&text);
	lab_box_supplied(box, MP_LAB_SUPPLIED_SASL, "%s", path);
	return rc;
}
