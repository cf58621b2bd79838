/* Settings: expansion, types, load order, defaults by version and level, fatal errors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pf_fixture.h"

#include <stdio.h>

struct value_case {
	const char *name;
	const char *main_cf;
	const char *parameter, *want;
	unsigned version; /* 0: 3.7.11 */
};

static const struct value_case value_cases[] = {
	{"plain", "a = x\nsmtpd_banner = $a y\n", "smtpd_banner", "x y", 0},
	{"braces and parentheses", "a = x\nsmtpd_banner = ${a}b$(a)\n", "smtpd_banner", "xbx", 0},
	{"dollar", "smtpd_banner = a$$b\n", "smtpd_banner", "a$b", 0},
	{"undefined is empty", "smtpd_banner = x$nosuch\n", "smtpd_banner", "x", 0},
	{"recursion", "a = $b\nb = $c\nc = z\nsmtpd_banner = $a\n", "smtpd_banner", "z", 0},
	{"if set", "a = x\nsmtpd_banner = ${a?1}${b?2}${b:3}\n", "smtpd_banner", "13", 0},
	{"the test looks at the raw value", "foo = $bar\nbar =\nsmtpd_banner = ${foo?{x}:{y}}\n",
		"smtpd_banner", "x", 0},
	{"unbraced text may hold ? and :", "a = 1\nsmtpd_banner = ${a? b?c:d}\n", "smtpd_banner",
		" b?c:d", 0},
	{"ternary, blanks", "a = 1\nsmtpd_banner = ${a ? {b} : {c}}\n", "smtpd_banner", "b", 0},
	{"numbers compare as numbers", "smtpd_banner = ${{10} > {9}?{y}:{n}}\n", "smtpd_banner",
		"y", 0},
	{"other texts as texts", "smtpd_banner = ${{a10} > {a9}?{y}:{n}}\n", "smtpd_banner", "n",
		0},
	{"a comparison alone", "smtpd_banner = x${{a} == {a}}${{a} == {b}}\n", "smtpd_banner",
		"xtrue", 0},
	{"levels", "smtpd_banner = ${{3.10} >level {3.9}?{y}:{n}}\n", "smtpd_banner", "y", 0},
	{"only the chosen text is expanded", "a = 1\nsmtpd_banner = ${a?{b}:{$}}\n", "smtpd_banner",
		"b", 0},
	{"before 3.0 braces are text", "a = 1\nsmtpd_banner = ${a?{b}:{c}}\n", "smtpd_banner",
		"{b}:{c}", 21110},
	{"raw parameters are not expanded", "smtpd_reject_footer = $client $a\n",
		"smtpd_reject_footer", "$client $a", 0},
	{"an int that is not set is visible to strings", "smtpd_banner = x$smtpd_recipient_limit\n",
		"smtpd_banner", "x1000", 0},
	{"a bool is not yet", "smtpd_banner = x$smtpd_sasl_auth_enable\n", "smtpd_banner", "x", 0},
	{"but one that is set",
		"smtpd_sasl_auth_enable = no\nsmtpd_banner = x$smtpd_sasl_auth_enable\n",
		"smtpd_banner", "xno", 0},
	{"mynetworks is not visible in mydestination", "mydestination = a $mynetworks\n",
		"mydestination", "a ", 0},
	{"host name", "", "smtpd_banner", "mail.example.org ESMTP Postfix", 0},
	{"domain", "", "mydestination", "mail.example.org, localhost.example.org, localhost", 0},
	{"short host name", "myhostname = mx\n", "mydomain", "localdomain", 0},
	{"level 0", "", "append_dot_mydomain", "yes", 0},
	{"level 1", "compatibility_level = 1\n", "append_dot_mydomain", "no", 0},
	{"level 2, subnet is gone", "compatibility_level = 2\n", "mynetworks_style", "host", 0},
	{"level above the version", "compatibility_level = 99\n", "relay_domains", "", 0},
	{"level 0 relay_domains", "mydestination = a\n", "relay_domains", "a", 0},
	{"relay restrictions at level 0", "", "smtpd_relay_restrictions", "", 0},
	{"which 3.2 has whatever the level", "", "smtpd_relay_restrictions",
		"permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination", 30212},
	{"newlines in 3.9", "", "smtpd_forbid_bare_newline", "normalize", 30900},
	{"the process' name", "smtpd_banner = $process_name\n", "smtpd_banner", "smtpd", 0},
	{"the folder's name", "smtpd_banner = $config_directory\n", "smtpd_banner", "/etc/postfix",
		0},
	{"version", "smtpd_banner = $mail_version\n", "smtpd_banner", "3.7.11", 0},
	{"a version that stands for others", "smtpd_banner = $mail_version\n", "smtpd_banner",
		"{mta.version}", 30899},
	{"networks of loopback", "compatibility_level = 2\ninet_interfaces = loopback-only\n",
		"mynetworks", "127.0.0.1/32 [::1]/128 ", 0},
	{"networks of an unknown host", "compatibility_level = 2\n", "mynetworks",
		"127.0.0.1/32 [::1]/128 {host.addresses}", 0},
	{"class", "mynetworks_style = class\ninet_interfaces = 192.0.2.7, 172.16.0.1\n",
		"mynetworks", "192.0.2.0/24 172.16.0.0/16 ", 0},
};

static void test_value(void **state)
{
	const struct value_case *c = *state;
	struct pf_fixture f = {0};

	pf_fixture_open(&f, c->main_cf, NULL);
	if (c->version != 0) {
		f.environment.version = c->version;
	}
	struct pf_settings *s = pf_fixture_settings(&f, NULL, PF_SMTPD);
	assert_null(pf_settings_fatal(s));
	assert_string_equal(pf_str(s, c->parameter), c->want);
	pf_fixture_close(&f);
}

struct fatal_case {
	const char *name;
	const char *main_cf;
	const char *want; /* the beginning of Postfix' words */
	unsigned line;
	unsigned version;
};

static const struct fatal_case fatal_cases[] = {
	{"bool", "soft_bounce = maybe\n", "bad boolean configuration: soft_bounce = maybe", 1, 0},
	{"empty bool", "soft_bounce =\n", "bad boolean configuration: soft_bounce = ", 1, 0},
	{"number", "reject_code = 5xx\n", "bad numerical configuration: reject_code = 5xx", 1, 0},
	{"range", "smtpd_recipient_limit = 0\n",
		"invalid smtpd_recipient_limit parameter value 0 < 1", 1, 0},
	{"time", "smtpd_timeout = 5x\n", "parameter smtpd_timeout: bad time value or unit: 5x", 1,
		0},
	{"empty string", "smtpd_banner =\n", "bad string length 0 < 1: smtpd_banner = ", 1, 0},
	{"empty raw string", "default_rbl_reply =\n",
		"bad string length (0 < 1): default_rbl_reply = ", 1, 0},
	{"the first in load order", "smtpd_helo_required = x\n\nreject_code = y\nsoft_bounce = z\n",
		"bad boolean configuration: soft_bounce = z", 4, 0},
	{"open brace", "smtpd_banner = ${a\n", "truncated macro reference: \"${a\"", 1, 0},
	{"no name", "smtpd_banner = $ a\n", "empty macro name", 1, 0},
	{"blank in a name", "smtpd_banner = ${a b}\n", "attribute name syntax error at", 1, 0},
	{"text behind an alternative", "smtpd_banner = ${a?{b}c}\n", "\":\" expected at", 1, 0},
	{"no operator", "smtpd_banner = ${{a}}\n", "\"==\" or", 1, 0},
	{"level operator before 3.6", "smtpd_banner = ${{1} <level {2}?{a}}\n",
		"\"{expression}\" expected at", 1, 30525},
	{"self reference", "a = $a\nsmtpd_banner = $a\n", "unreasonable macro call nesting", 2, 0},
	{"mutual reference in operands", "a = ${{$a} == {}}\nsmtpd_banner = $a\n",
		"unreasonable macro call nesting", 2, 0},
	{"doubling",
		"a=$b$b$b$b\nb=$c$c$c$c\nc=$d$d$d$d\nd=$e$e$e$e\ne=$f$f$f$f\nf=$g$g$g$g\n"
		"g=$h$h$h$h\nh=$i$i$i$i\ni=$j$j$j$j\nj=$k$k$k$k\nsmtpd_banner = $a\n",
		"the value is too long", 11, 0},
	{"level", "compatibility_level = x\n", "malformed compatibility level syntax: \"x\"", 1, 0},
	{"level with a dot before 3.6", "compatibility_level = 3.6\n",
		"bad numerical configuration: compatibility_level = 3.6", 1, 30525},
	{"host name", "myhostname = a..b\n", "parameter myhostname: bad parameter value: a..b", 1,
		0},
	{"protocols", "inet_protocols = ipv5\n",
		"unknown inet_protocols value \"ipv5\" in \"ipv5\"", 1, 0},
	{"relayhost", "relayhost = $myhostname\n",
		"myhostname and relayhost parameter settings must not be identical", 1, 0},
	{"style", "mynetworks_style = host class\n",
		"bad mynetworks_style value: host class; specify exactly one value", 1, 0},
	{"syntax of main.cf", "a = b\nfoo\nsoft_bounce = x\n",
		"missing '=' after attribute name: \"foo\"", 2, 0},
	{"empty file of myorigin", "myorigin = /nosuch/mailname\n",
		"/nosuch/mailname: cannot open file: No such file or directory", 1, 0},
};

static void test_fatal(void **state)
{
	const struct fatal_case *c = *state;
	struct pf_fixture f = {0};

	pf_fixture_open(&f, c->main_cf, NULL);
	if (c->version != 0) {
		f.environment.version = c->version;
	}
	struct pf_settings *s = pf_fixture_settings(&f, NULL, PF_SMTPD);
	const struct pf_fatal *fatal = pf_settings_fatal(s);
	assert_non_null(fatal);
	if (strncmp(fatal->text, c->want, strlen(c->want)) != 0) {
		fail_msg("%s", fatal->text);
	}
	assert_int_equal(mp_loc_position(fatal->loc).line, c->line);
	pf_fixture_close(&f);
}

/* All bad values are reported, each at its place; the settings stay usable. */
static void test_all_reported(void **state)
{
	struct pf_fixture f = {0};

	(void)state;
	pf_fixture_open(&f, "soft_bounce = x\nreject_code = y\nsmtpd_timeout = z\n", NULL);
	struct pf_settings *s = pf_fixture_settings(&f, NULL, PF_SMTPD);
	for (unsigned line = 1; line <= 3; line++) {
		assert_true(pf_fixture_finding(&f, "settings/bad-value", line));
	}
	assert_int_equal(pf_int(s, "reject_code"), 554);
	assert_int_equal(pf_time(s, "smtpd_timeout"), 300);
	pf_fixture_close(&f);
}

static void test_overrides(void **state)
{
	struct pf_fixture f = {0};

	(void)state;
	pf_fixture_open(&f,
		"reject_code = 550\na = main\nsmtpd_banner = $a $service_name\nstress = yes\n",
		"smtp inet n - n - - smtpd -o a=first -o a=second -o reject_code=551\n"
		"  -o { smtpd_client_restrictions = permit $a }\n"
		"127.0.0.1:2525 inet n - n - - smtpd\n");
	struct pf_settings *s = pf_fixture_settings(&f, "smtp", PF_SMTPD);
	assert_null(pf_settings_fatal(s));
	assert_string_equal(pf_str(s, "smtpd_banner"), "second smtp");
	assert_string_equal(pf_str(s, "a"), "second");
	assert_int_equal(pf_int(s, "reject_code"), 551);
	assert_string_equal(pf_str(s, "smtpd_client_restrictions"), "permit second");
	assert_string_equal(mp_loc_position(pf_loc(s, "reject_code")).file, "master.cf");
	assert_string_equal(mp_loc_position(pf_loc(s, "smtpd_banner")).file, "main.cf");
	/* The master's own -o stress= hides main.cf's value, but not for loopback services. */
	assert_string_equal(pf_str(s, "stress"), "");
	assert_int_equal(pf_int(s, "smtpd_hard_error_limit"), 20);
	s = pf_fixture_settings(&f, "127.0.0.1:2525", PF_SMTPD);
	assert_int_equal(pf_int(s, "smtpd_hard_error_limit"), 1);
	assert_string_equal(pf_str(s, "smtpd_banner"), "main 127.0.0.1:2525");
	pf_fixture_close(&f);
}

/* Each byte of an expanded value knows where it stands. */
static void test_places(void **state)
{
	struct pf_fixture f = {0};

	(void)state;
	pf_fixture_open(&f, "a = x\n  y\nsmtpd_banner = b $a c\n", NULL);
	struct pf_settings *s = pf_fixture_settings(&f, NULL, PF_SMTPD);
	struct pf_text t = pf_value(s, "smtpd_banner");
	assert_string_equal(t.s, "b x  y c");
	static const struct {
		size_t at;
		unsigned line, column;
	} want[] = {{0, 3, 16}, {2, 1, 5}, {5, 2, 3}, {7, 3, 21}};
	for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
		struct mp_position p = mp_loc_position(pf_text_loc(t, want[i].at, want[i].at + 1));
		assert_int_equal(p.line, want[i].line);
		assert_int_equal(p.column, want[i].column);
	}
	assert_null(pf_text_loc(pf_value(s, "myhostname"), 0, 1).source);
	struct mp_reason reason = pf_reason(s, "a", &f.arena);
	assert_string_equal(reason.text, "a = x y");
	reason = pf_reason(s, "reject_code", &f.arena);
	assert_string_equal(reason.text, "reject_code = 554 (default)");
	pf_fixture_close(&f);
}

static void test_times(void **state)
{
	static const struct {
		const char *text;
		long want;
	} cases[] = {{"5", 5}, {"5s", 5}, {"5m", 300}, {"2h", 7200}, {"1d", 86400}, {"1w", 604800}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pf_fixture f = {0};
		char text[64];
		snprintf(text, sizeof text, "smtpd_timeout = %s\n", cases[i].text);
		pf_fixture_open(&f, text, NULL);
		struct pf_settings *s = pf_fixture_settings(&f, NULL, PF_SMTPD);
		assert_int_equal(pf_time(s, "smtpd_timeout"), cases[i].want);
		pf_fixture_close(&f);
	}
}

/* The table is what find() needs it to be: sorted, with a fallback for every name. */
static void test_table(void **state)
{
	size_t n;
	const struct pf_parameter *p = pf_parameters(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_ptr_equal(pf_parameter_find(p[i].name), &p[i]);
		assert_true(i == 0 || strcmp(p[i - 1].name, p[i].name) < 0);
		unsigned last = 0;
		for (const struct pf_past *past = p[i].past; past != NULL && past->until != 0;
			past++) {
			assert_true(past->until > last);
			last = past->until;
		}
	}
	assert_null(pf_parameter_find("nosuch"));
}

int main(void)
{
	enum {
		VALUES = sizeof value_cases / sizeof value_cases[0],
		FATALS = sizeof fatal_cases / sizeof fatal_cases[0]
	};
	struct CMUnitTest tests[VALUES + FATALS + 5];
	size_t n = 0;

	for (size_t i = 0; i < VALUES; i++) {
		tests[n++] = (struct CMUnitTest){
			value_cases[i].name, test_value, NULL, NULL, (void *)&value_cases[i]};
	}
	for (size_t i = 0; i < FATALS; i++) {
		tests[n++] = (struct CMUnitTest){
			fatal_cases[i].name, test_fatal, NULL, NULL, (void *)&fatal_cases[i]};
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_all_reported);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_overrides);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_places);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_times);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_table);
	return _cmocka_run_group_tests("postfix/settings", tests, n, NULL, NULL);
}
