/* What a sendmail.cf names outside of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sendmail/provision.h"
#include "sm_fixture.h"

#include <string.h>

static const struct mp_provision *find(
	const struct mp_provisions *all, enum mp_provision_kind kind, const char *what)
{
	for (size_t i = 0; i < all->n; i++) {
		if (all->v[i].kind == kind && mp_str_eq(all->v[i].what, what)) {
			return &all->v[i];
		}
	}
	return NULL;
}

/* Of each table its text, and with it the file that makemap makes of that. */
static void test_tables(void **state)
{
	static const struct {
		const char *text, *class, *suffix;
	} want[] = {{"/etc/mail/a", "hash", ".db"}, {"/etc/mail/b", "btree", ".db"},
		{"/etc/mail/c", "cdb", ".cdb"}, {"/etc/mail/d", "dbm", ".pag"},
		{"/var/spool/mqueue/e", "hash", ".db"}};
	struct sm_fixture f = {0};
	size_t tables = 0;

	(void)state;
	sm_fixture_open(&f,
		"V10/Berkeley\nKa hash /etc/mail/a\nKb btree -o /etc/mail/b.db\n"
		"Kc cdb /etc/mail/c\nKd DBM /etc/mail/d\nKe hash e\nKt text /etc/mail/t\n"
		"Ki implicit /etc/mail/i\nKagain hash /etc/mail/a\n");
	struct mp_provisions all = sm_provisions(f.cf, &f.arena);

	for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
		const struct mp_provision *p = find(&all, MP_PROVISION_TABLE, want[i].text);
		assert_non_null(p);
		assert_string_equal(p->with, want[i].class);
		assert_string_equal(all.suffix(mp_slice_str(p->with)), want[i].suffix);
	}
	for (size_t i = 0; i < all.n; i++) {
		tables += all.v[i].kind == MP_PROVISION_TABLE;
	}
	assert_int_equal(tables, sizeof want / sizeof *want);
	assert_null(all.suffix(mp_slice_str("text")));
	sm_fixture_close(&f);
}

/* Two certificates, each with its key; keys are parted only where certificates are. */
static void test_certificates(void **state)
{
	struct sm_fixture f = {0}, g = {0};

	(void)state;
	sm_fixture_open(&f,
		"V10/Berkeley\nO ServerCertFile=/a.crt,/b.crt\nO ServerKeyFile=/a.key,/b.key\n");
	struct mp_provisions all = sm_provisions(f.cf, &f.arena);

	assert_string_equal(find(&all, MP_PROVISION_CERTIFICATE, "/a.crt")->with, "/a.key");
	assert_string_equal(find(&all, MP_PROVISION_CERTIFICATE, "/b.crt")->with, "/b.key");
	sm_fixture_close(&f);
	sm_fixture_open(
		&g, "V10/Berkeley\nO ServerCertFile=/a.crt\nO ServerKeyFile=/a.key,/b.key\n");
	all = sm_provisions(g.cf, &g.arena);
	assert_string_equal(find(&all, MP_PROVISION_CERTIFICATE, "/a.crt")->with, "/a.key,/b.key");
	sm_fixture_close(&g);
}

/* U= of a mailer: a comma behind a backslash belongs to the field before it. */
static void test_mailer_user(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f,
		"V10/Berkeley\nMa, P=/bin/a, A=a -x\\, U=argument, F=lsD, U=first:crew\n"
		"Mb, P=/bin/b, F=lsD, User = second, A=b\nMc, P=/bin/c, U=12.34,, A=c\n");
	struct mp_provisions all = sm_provisions(f.cf, &f.arena);

	assert_non_null(find(&all, MP_PROVISION_USER, "first"));
	assert_non_null(find(&all, MP_PROVISION_GROUP, "crew"));
	assert_non_null(find(&all, MP_PROVISION_USER, "second"));
	assert_null(find(&all, MP_PROVISION_USER, "argument"));
	assert_null(find(&all, MP_PROVISION_USER, "12"));
	assert_null(find(&all, MP_PROVISION_GROUP, "34"));
	sm_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_mailer_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
