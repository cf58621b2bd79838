/* supply - what a sendmail.cf names and this machine lacks. */
#include "lab/files.h"
#include "lab/sendmail/sendmail.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where Cyrus SASL looks for an application's configuration; sendmail's name is "Sendmail". */
#define SASL_CONF "/etc/sasl2/Sendmail.conf"

enum { NAME_MAX_LAB = 1024 };

/* ---- tables ------------------------------------------------------------------------------ */

/* Whether a was changed after b; false where one of them is not there. */
static bool is_newer(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 && sa.st_mtime > sb.st_mtime;
}

/* makemap CLASS PATH, from the text of that name. */
static bool make_map(struct lab_box *box, const char *class, const char *path)
{
	const char *const argv[] = {
		lab_sendmail(box)->makemap, lab_sendmail(box)->cf, class, path, NULL};
	size_t n = 0;
	char *text = lab_file_read(path, LAB_OUTPUT_MAX, &n);
	bool made =
		text != NULL && argv[0] != NULL && lab_loop_feed(&box->loop, argv, text, NULL) == 0;

	free(text);
	return made;
}

static void supply_table(struct lab_box *box, const char *class, const char *path)
{
	char compiled[NAME_MAX_LAB];

	snprintf(compiled, sizeof compiled, "%.1000s%s", path,
		box->plan->provisions.suffix(mp_slice_str(class)));
	if (lab_exists(compiled) && !is_newer(path, compiled)) {
		return;
	}
	bool made = !box->plan->as_is && make_map(box, class, path);
	if (made || !lab_exists(compiled)) {
		lab_box_supplied(
			box, made ? MP_LAB_SUPPLIED_TABLE : MP_LAB_MISSING, "%s:%s", class, path);
	}
}

/* newaliases(1) makes all files of aliases anew. */
static void supply_aliases(struct lab_box *box, const char *files)
{
	const char *const argv[] = {box->program, lab_sendmail(box)->cf, "-bi", NULL};
	bool made = !box->plan->as_is && lab_loop_run(&box->loop, argv, NULL) == 0;

	lab_box_supplied(box, made ? MP_LAB_SUPPLIED_TABLE : MP_LAB_MISSING, "%s", files);
}

/* ---- authentication ---------------------------------------------------------------------- */

static int supply_logins(struct lab_box *box, struct mp_err *err)
{
	if (box->plan->as_is) {
		if (!lab_exists(SASL_CONF)) {
			lab_box_supplied(box, MP_LAB_MISSING, "%s", SASL_CONF);
		}
		return 0;
	}
	if (lab_supply_sasl_conf(box, SASL_CONF, err) < 0) {
		return -1;
	}
	/* The realm of a login without one is the host's name (AuthRealm, $j). */
	if (!lab_supply_logins(box, box->plan->hostname)) {
		return 0;
	}
	lab_box_supplied(box, MP_LAB_SUPPLIED_SASL, LAB_SASLDB);
	return chmod(LAB_SASLDB, 0600) < 0 ? mp_err_set(err, MP_ERR_SYSTEM, LAB_SASLDB) : 0;
}

int lab_sendmail_supply(struct lab_box *box, struct mp_err *err)
{
	const struct mp_provisions *all = &box->plan->provisions;

	for (size_t i = 0; i < all->n; i++) {
		const struct mp_provision *p = &all->v[i];
		int rc = 0;
		if (p->kind == MP_PROVISION_CERTIFICATE) {
			rc = lab_supply_pair(box, p->what, p->with, err);
		} else if (p->kind == MP_PROVISION_AUTHORITIES) {
			rc = lab_supply_pair(box, p->what, "", err);
		} else if (p->kind == MP_PROVISION_TABLE) {
			supply_table(box, p->with, p->what);
		} else if (p->kind == MP_PROVISION_ALIASES) {
			supply_aliases(box, p->what);
		}
		if (rc < 0) {
			return -1;
		}
	}
	return supply_logins(box, err);
}
