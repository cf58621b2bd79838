/* master.cf: services, their options, and what stops the master. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pf_fixture.h"
#include "postfix/config/endpoint.h"

#include <stdio.h>

struct line_case {
	const char *name;
	const char *text;
	const char *want; /* "name command{option=value,...} " of the services */
	const char *want_fatal; /* the master's, NULL: none */
};

static const struct line_case line_cases[] = {
	{"stock line", "smtp inet n - y - - smtpd\n", "smtp smtpd{} ", NULL},
	{"comment and continuation", "smtp inet n - y - - smtpd\n# c\n -o a=b\n",
		"smtp smtpd{a=b,} ", NULL},
	{"option without a blank", "smtp inet n - y - - smtpd -oa=b -v\n", "smtp smtpd{a=b,} ",
		NULL},
	{"option in braces", "smtp inet n - y - - smtpd -o { a = b c } -o d=e\n",
		"smtp smtpd{a=b c,d=e,} ", NULL},
	{"value with braces inside", "x unix - - n - - smtpd -o a=${b?{c d}:{e}}\n",
		"x smtpd{a=${b?{c d}:{e}},} ", NULL},
	{"options end at the first word", "x unix - n n - - pipe -o a=b user=c -o d=e\n",
		"x pipe{a=b,} ", NULL},
	{"wakeup with ?", "x unix n - n 1000? 0 flush\n", "x flush{} ", NULL},
	{"the later of two replaces the earlier",
		"smtp inet n - n - - smtpd\n25 inet n - n - - smtpd -o a=b\n", "25 smtpd{a=b,} ",
		NULL},
	{"another type is another service", "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\n",
		"smtp smtpd{} smtp smtp{} ", NULL},
	{"too few fields", "smtp inet n - y - -\n", "", "missing \"command\" field"},
	{"name alone", "smtp\n", "", "missing \"transport type\" field"},
	{"bad type", "smtp tcp n - y - - smtpd\n", "", "bad transport type: tcp"},
	{"private inet", "smtp inet - - y - - smtpd\n", "", "inet service cannot be private"},
	{"bad flag", "smtp inet n - x - - smtpd\n", "", "field \"chroot\": bad value: \"x\""},
	{"bad number", "smtp inet n - n - many smtpd\n", "",
		"field \"max_proc\": bad value: \"many\""},
	{"no default command", "smtp inet n - n - - -\n", "",
		"field \"command\" has no default value"},
	{"text behind a brace", "x unix - - n - - smtpd -o {a=b}c\n", "",
		"syntax error after '}' in \"{a=b}c\""},
	{"open brace", "25 inet n - n - - smtpd -o {a=b\n", "", "missing '}' in \"{a=b\""},
	{"bad endpoint", "[::1 inet n - n - - smtpd\n", "", "missing \"]\" in \"[::1\""},
	{"no port", "[::1] inet n - n - - smtpd\n", "", "missing service information in \"[::1]\""},
	{"bad host", "a_b-:25 inet n - n - - smtpd\n", "",
		"valid hostname or network address required in \"a_b-:25\""},
	{"garbage port", "25x inet n - n - - smtpd\n", "",
		"garbage after numerical service in \"25x\""},
};

static void test_lines(void **state)
{
	const struct line_case *c = *state;
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct pf_mastercf master;
	struct mp_buf got;

	mp_findings_init(&findings, &arena);
	mp_buf_init(&got, 4096);
	char *text = mp_arena_strdup(&arena, c->text);
	pf_mastercf_parse(&master, &arena,
		mp_source_new(&arena, "master.cf", "", mp_slice(text, strlen(text))), &findings);
	for (size_t i = 0; i < master.services.n; i++) {
		const struct pf_service *s = master.services.v[i];
		mp_buf_printf(&got, "%s %s{", s->name, s->command);
		for (size_t k = 0; k < s->override_count; k++) {
			mp_buf_printf(
				&got, "%s=%s,", s->overrides[k]->name, s->overrides[k]->raw.s);
		}
		mp_buf_puts(&got, "} ");
	}
	if (c->want_fatal != NULL) {
		assert_true(master.fatal);
		assert_string_equal(master.fatal_text, c->want_fatal);
		assert_true(mp_findings_worst(&findings) == MP_ERROR);
	} else {
		assert_false(master.fatal);
	}
	assert_string_equal(got.p, c->want);
	mp_buf_release(&got);
	mp_vec_release(&master.services);
	mp_vec_release(&master.broken);
	mp_findings_release(&findings);
	mp_arena_release(&arena);
}

/* Options that a daemon refuses: at start-up, or with the first client. */
static void test_options(void **state)
{
	static const struct {
		const char *arguments, *want;
		bool late;
	} cases[] = {
		{"-o a = b", "invalid \"-o a\" option value: missing '=' after attribute name",
			false},
		{"-o =b", "invalid \"-o =b\" option value: missing attribute name", false},
		{"-o a=b c", "unexpected command-line argument: c", true},
		{"-x", "invalid option: x", false},
		{"-o", "invalid option: o", false},
		{"-v -o a=b", NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pf_fixture f = {0};
		char line[256];
		snprintf(line, sizeof line, "smtp inet n - n - - smtpd %s\n", cases[i].arguments);
		pf_fixture_open(&f, "", line);
		const struct pf_service *s = f.config->master.services.v[0];
		if (cases[i].want == NULL) {
			assert_null(s->option_fatal);
		} else {
			assert_non_null(s->option_fatal);
			assert_string_equal(s->option_fatal, cases[i].want);
			assert_int_equal(s->option_fatal_late, cases[i].late);
			assert_int_equal(f.findings.list.v[0].severity, MP_ERROR);
		}
		pf_fixture_close(&f);
	}
}

static void test_stock(void **state)
{
	struct pf_fixture f = {0};

	(void)state;
	pf_fixture_open(&f, "", "25 inet n - n - - smtpd\n");
	assert_non_null(pf_config_find_service(f.config, "smtp", PF_INET));
	struct pf_service *rewrite = pf_config_find_service(f.config, "rewrite", PF_UNIX);
	assert_true(rewrite->stock);
	assert_ptr_equal(rewrite, pf_config_find_service(f.config, "rewrite", PF_UNIX));
	assert_true(pf_fixture_finding(&f, "mastercf/assumed-service", 0));
	assert_null(pf_config_find_service(f.config, "other", PF_UNIX));
	pf_fixture_close(&f);
	pf_fixture_open(&f, "", NULL);
	assert_true(f.config->master.services.v[0]->stock);
	assert_null(f.config->master.source);
	pf_fixture_close(&f);
}

static void test_orphan(void **state)
{
	struct pf_fixture f = {0};

	(void)state;
	pf_fixture_open(&f, "",
		"smtp inet n - n - - smtpd\n"
		"#submission inet n - n - - smtpd\n"
		"  -o smtpd_tls_security_level=encrypt\n");
	assert_true(pf_fixture_finding(&f, "mastercf/orphan-continuation", 3));
	assert_int_equal(f.config->master.services.v[0]->override_count, 1);
	pf_fixture_close(&f);
}

static void test_endpoint(void **state)
{
	static const struct {
		const char *field, *host, *port;
		int number;
		const char *canonical;
	} cases[] = {
		{"smtp", "", "smtp", 25, "25"},
		{"submissions", "", "submissions", 465, "465"},
		{":10025", "", "10025", 10025, "10025"},
		{"127.0.0.1:25", "127.0.0.1", "25", 25, "[127.0.0.1]:25"},
		{"[::1]:smtp", "::1", "smtp", 25, "[::1]:25"},
		{"[IPv6:::1]:smtp", "::1", "smtp", 25, "[::1]:25"},
		{"localhost:smtps", "localhost", "smtps", 465, "[localhost]:465"},
		{"nosuch", "", "nosuch", -1, "nosuch"},
	};
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pf_endpoint e = pf_endpoint_parse(&arena, cases[i].field);
		assert_null(e.error);
		assert_string_equal(e.host, cases[i].host);
		assert_string_equal(e.port, cases[i].port);
		assert_int_equal(e.number, cases[i].number);
		assert_string_equal(
			pf_endpoint_canonical(&arena, cases[i].field), cases[i].canonical);
	}
	mp_arena_release(&arena);
}

int main(void)
{
	enum { CASES = sizeof line_cases / sizeof line_cases[0] };
	struct CMUnitTest tests[CASES + 4];
	size_t n = 0;

	for (size_t i = 0; i < CASES; i++) {
		tests[n++] = (struct CMUnitTest){
			line_cases[i].name, test_lines, NULL, NULL, (void *)&line_cases[i]};
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_options);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_stock);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_orphan);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_endpoint);
	return _cmocka_run_group_tests("postfix/mastercf", tests, n, NULL, NULL);
}
