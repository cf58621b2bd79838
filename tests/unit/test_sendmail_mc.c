/* A .mc: its calls, the origins of its .cf, and what is said about how it is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "m4_fixture.h"
#include "sendmail/mc/finding_rules.h"
#include "sendmail/mc/mc.h"
#include "sendmail/mc/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define HEAD "OSTYPE(`linux')dnl\n"
#define TAIL "MAILER(`local')dnl\nMAILER(`smtp')dnl\n"

/* A .mc that was built, and what it was built with. */
struct built {
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_input *input;
	const struct mp_source *source;
	struct sm_mc *mc;
};

/* The real library, where it was unpacked for the tests; NULL: it was not. */
static const char *real_library(void)
{
	static char path[4096];
	const char *mta = getenv("MTA");

	snprintf(path, sizeof path, "%s/sendmail/usr/share/sendmail/cf",
		mta != NULL ? mta : "build/mta");
	return access(path, R_OK) == 0 ? realpath(path, NULL) : NULL;
}

static struct built build_with(const char *mc, const char *library)
{
	struct built b = {.arena = {0}};
	struct mp_err err = {MP_ERR_NONE, ""};
	struct mp_input_options input = {.type = "mc", .isolated = true};
	struct sm_mc_options options = {.cf_dir = library};

	m4_put("conf/sendmail.mc", mc);
	mp_findings_init(&b.findings, &b.arena);
	b.input = mp_input_open(m4_path("conf/sendmail.mc"), &input, &err);
	assert_non_null(b.input);
	assert_int_equal(mp_input_read(b.input, mp_input_main(b.input), &b.source, &err), 0);
	b.mc = sm_mc_build(&b.arena, b.input, b.source, &options, &b.findings, &err);
	if (b.mc == NULL) {
		fail_msg("%s", err.text);
	}
	mp_findings_sort(&b.findings);
	return b;
}

static struct built build(const char *mc)
{
	static char *library;

	if (library == NULL) {
		library = (char *)(uintptr_t)real_library();
	}
	if (library == NULL) {
		skip();
	}
	return build_with(mc, library);
}

static void drop(struct built *b)
{
	mp_findings_release(&b->findings);
	mp_input_free(b->input);
	mp_arena_release(&b->arena);
}

/* All findings as "LINE:COLUMN RULE", joined by "; ". */
static const char *told(struct built *b)
{
	struct mp_buf text;

	mp_buf_init(&text, 4000);
	for (size_t i = 0; i < b->findings.list.n; i++) {
		const struct mp_finding *f = &b->findings.list.v[i];
		struct mp_position p = mp_loc_position(f->loc);
		mp_buf_printf(
			&text, "%s%u:%u %s", i > 0 ? "; " : "", p.line, p.column, f->rule + 3);
	}
	const char *copy = mp_arena_strdup(&b->arena, text.p);
	mp_buf_release(&text);
	return copy;
}

/* Line 1 is OSTYPE, and MAILERs follow: the rows begin with line 2. */
static const struct {
	const char *mc, *told;
} rows[] = {
	{"", ""},
	/* 1.2.1: "#" is no comment. */
	{"# FEATURE(`promiscuous_relay')\n", "2:3 comment-active; 2:3 library-says"},
	{"#define(`confMAX_HOP',`77')\n", "2:2 comment-active"},
	{"# about VERSIONID and dogs\n", "2:9 without-arguments"},
	{"# don't\n", ""},
	/* 1.2.2: dnl is a whole word. */
	{"dnl# FEATURE(`promiscuous_relay')\ndnl FEATURE(`nosuch')\n", ""},
	{"dnlFEATURE(`promiscuous_relay')\n", "2:1 dnl-joined"},
	/* 1.2.3, 1.2.4: backticks. */
	{"# use `foo` here\nFEATURE(`access_db')dnl\n", "2:7 backtick-open"},
	{"define(`confMAX_HOP', `77)dnl\nFEATURE(`access_db')dnl\n", "2:23 backtick-open"},
	{"define(`confMAX_HOP', `77`)dnl\n", "2:23 backtick-open"},
	{"dnl `\n# a' b'\n", ""},
	/* 1.2.5, 1.2.6: other quotes. */
	{"define('confMAX_HOP', '77')dnl\n", "2:8 straight-quotes"},
	{"define(`confLOG_LEVEL', '15')dnl\n", "2:25 straight-quotes"},
	{"FEATURE('access_db')dnl\n", "2:9 straight-quotes"},
	{"FEATURE(\xe2\x80\x98"
	 "access_db\xe2\x80\x99)dnl\n",
		"2:9 typographic-quotes"},
	{"define(\xe2\x80\x98"
	 "confMAX_HOP\xe2\x80\x99, `7')dnl\n",
		"2:8 typographic-quotes"},
	/* 1.2.7: a name that has a value. */
	{"define(confLOG_LEVEL, 20)dnl\n", "2:8 define-unquoted"},
	{"define(confMAX_HOP, 20)dnl\n", ""},
	{"define(confMAX_HOP, 20)dnl\ndefine(confMAX_HOP, 30)dnl\n", "3:8 define-unquoted"},
	/* 1.2.8: commas. */
	{"DAEMON_OPTIONS(Port=smtp,Addr=127.0.0.1, Name=MTA)dnl\n", "2:26 argument-dropped"},
	{"RELAY_DOMAIN(a.example, b.example)dnl\n", "2:25 argument-dropped"},
	{"TRUST_AUTH_MECH(LOGIN, PLAIN)dnl\n", "2:24 argument-dropped"},
	{"RELAY_DOMAIN(`a.example b.example')dnl\nFEATURE(`no_default_msa',`dnl')dnl\n", ""},
	{"define(`confPRIVACY_FLAGS', authwarnings,noexpn)dnl\n", "2:42 argument-dropped"},
	/* 1.2.9: blanks and small letters. */
	{"FEATURE (`access_db')dnl\n", "2:1 blank-before-parenthesis"},
	{"define (`confMAX_HOP',`77')dnl\n", "2:1 blank-before-parenthesis"},
	{"feature(`access_db')dnl\n", "2:1 unknown-macro"},
	{"FEATUR(`access_db')dnl\n", "2:1 unknown-macro"},
	/* 1.2.10: a parenthesis. */
	{"FEATURE(`access_db'\nFEATURE(`relay_entire_domain')dnl\n", "2:1 parenthesis-open"},
	/* 1.2.11: stray text. */
	{"some words\n", "2:1 stray-text"},
	{"FEATURE(`access_db')\n\n# a comment\n", ""},
	{"Cwexample.org\nDj$w.example.org\n", ""},
	{"LOCAL_CONFIG\nsome words\n", ""},
	/* 1.2.12: words of m4 in names. */
	{"define(`SMART_HOST', `relay.dnl.example')dnl\n", "2:29 word-bites"},
	{"define(`SMART_HOST', `relay.example')dnl\ndefine(`confDOMAIN_NAME', "
	 "`dnl-host.example')dnl\n",
		"3:28 word-bites"},
	/* 1.3: rules without a section. */
	{"SLocal_check_mail\nR$*\t$: $1\n", "2:1 rules-without-section"},
	{"LOCAL_RULESETS\nSLocal_check_mail\nR$*\t$: $1\n", ""},
	/* 1.4: order. */
	{"OSTYPE(`linux')dnl\n", "2:1 ostype-twice"},
	{TAIL "FEATURE(`access_db')dnl\n",
		"4:1 feature-after-mailer; 5:1 mailer-twice; 6:1 mailer-twice"},
	{"FEATURE(`blocklist_recipients')dnl\nFEATURE(`access_db')dnl\n", "2:1 feature-order"},
	{"FEATURE(`greet_pause', `1000')dnl\nFEATURE(`access_db')dnl\n", "3:1 feature-order"},
	{"FEATURE(`access_db')dnl\nFEATURE(`ratecontrol', "
	 "`nodelay')dnl\nFEATURE(`delay_checks')dnl\n",
		"3:1 feature-order"},
	{"FEATURE(`acces_db')dnl\n", "2:1 feature-unknown"},
	{"DOMAIN(`nosuch.example')dnl\n", "2:1 domain-missing"},
	{"MAILER(`nosuch')dnl\n", "2:1 mailer-unknown"},
	{"HACK(`nosuch')dnl\n", "2:1 hack-missing"},
	{"MAILER(`local')dnl\nMAILER(`smtp')dnl\ndefine(`LOCAL_MAILER_PATH', `/x')dnl\n",
		"4:1 define-late; 5:1 mailer-twice; 6:1 mailer-twice"},
	{"LOCAL_TLS_RCPT\n", "2:1 section-before-mailer"},
	/* 6.31: names that nothing looks at. */
	{"define(`confAUTH_MECHANISM', `PLAIN')dnl\n", "2:8 conf-unknown"},
	{"define(`confMY_HOST', `a.example')dnl\ndefine(`SMART_HOST', confMY_HOST)dnl\n", ""},
	/* 6.46: replies. */
	{"define(`confRELAY_MSG', `550 no')dnl\n", "2:25 reply-text"},
	{"define(`confRELAY_MSG', `\"no\"')dnl\n", "2:25 reply-text"},
	{"define(`confRELAY_MSG', `\"550 no #1\"')dnl\n", "2:25 reply-text"},
	{"define(`confRELAY_MSG', `\"550 no\"')dnl\n", ""},
	/* The library's own words. */
	{"define(`confDELIVERY_MODE', `deferred')dnl\n", "2:1 checks-off"},
	{"define(`confDAEMON_OPTIONS', `Name=MTA')dnl\n", "2:1 obsolete"},
	{"FEATURE(`access_db', `hash -o /etc/mail/access')dnl\n", "2:1 map-without-temp"},
	/* Includes. */
	{"include(`/etc/mail/sasl/sasl.m4')dnl\n", "2:1 include-substituted"},
	{"include(`/etc/mail/nosuch.m4')dnl\n", "2:1 include-missing"},
	{"sinclude(`/etc/mail/nosuch.m4')dnl\n", ""},
	{"include(`/etc/passwd')dnl\n", "2:1 include-outside"},
	{"include(`../../x')dnl\n", "2:1 include-outside"},
	/* What a .mc may not do. */
	{"syscmd(`touch x')dnl\n", "2:1 command"},
	{"esyscmd(`touch x')dnl\n", "2:1 command"},
	{"maketemp(`x')dnl\n", "2:1 write"},
	{"m4exit(`0')dnl\n", "2:1 m4-exit"},
	{"define(`x', `x')x\n", "2:1 endless"},
};

static void test_findings(void **state)
{
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char mc[4000];
		snprintf(mc, sizeof mc, HEAD "%s" TAIL, rows[i].mc);
		struct built b = build(mc);
		if (strcmp(told(&b), rows[i].told) != 0) {
			print_error("%s  is told: %s\n  expected: %s\n", rows[i].mc, told(&b),
				rows[i].told);
			wrong++;
		}
		drop(&b);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings),
	};

	m4_fixture_make();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	m4_fixture_remove();
	return failed;
}
