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

static struct built build_as(const char *mc, const char *library, bool isolated)
{
	struct built b = {.arena = {0}};
	struct mp_err err = {MP_ERR_NONE, ""};
	struct mp_input_options input = {.type = "mc", .isolated = isolated};
	struct sm_mc_options options = {.cf_dir = library, .sandbox = {.cpu_seconds = 1}};

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

static struct built build_with(const char *mc, const char *library)
{
	return build_as(mc, library, true);
}

/* The real library; the test is skipped when there is none. */
static const char *library(void)
{
	static char path[4096];
	const char *mta = getenv("MTA");

	snprintf(path, sizeof path, "%s/sendmail/usr/share/sendmail/cf",
		mta != NULL ? mta : "build/mta");
	if (access(path, R_OK) != 0) {
		skip();
	}
	return path;
}

static struct built build(const char *mc)
{
	return build_with(mc, library());
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
	{"# about VERSIONID and dogs\n", ""},
	{"# about FEATURE and dogs\n", "2:9 without-arguments"},
	{"# RELAY_DOMAIN\n", "2:3 without-arguments"},
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

/* Calls of depth 0, but for divert, as "LINE:COLUMN MACRO(ARG|ARG)". */
static const char *calls(struct built *b)
{
	struct mp_buf text;

	mp_buf_init(&text, 8000);
	for (size_t i = 0; i < b->mc->call_count; i++) {
		const struct sm_call *c = &b->mc->calls[i];
		struct mp_position p = mp_loc_position(c->loc);
		if (c->depth > 0) {
			continue;
		}
		mp_buf_printf(&text, "%u:%u %s(", p.line, p.column, c->macro);
		for (size_t k = 0; k < c->argc; k++) {
			mp_buf_printf(&text, "%s%s", k > 0 ? "|" : "", c->argv[k]);
		}
		mp_buf_puts(&text, ")\n");
	}
	const char *copy = mp_arena_strdup(&b->arena, text.p);
	mp_buf_release(&text);
	return copy;
}

static const char facts_mc[] =
	"divert(-1)\n"
	"It's a comment\n"
	"divert(0)dnl\n"
	"VERSIONID(`of ours')\n"
	"OSTYPE(`linux')dnl\n"
	"define(`confMAX_HOP', `77')dnl define(`SMART_HOST', `x')\n"
	"define(`SMART_HOST', `relay:[192.0.2.1]')define(`MAIL_HUB',`hub.example')dnl\n"
	"undefine(`MAIL_HUB')dnl\n"
	"FEATURE(`access_db',\n"
	"\t`hash -T<TMPF> -o /etc/mail/access')dnl\n"
	"DAEMON_OPTIONS(`Name=MTA, Addr=127.0.0.1, M=Ea')dnl\n"
	"TRUST_AUTH_MECH(`LOGIN PLAIN')dnl\n"
	"RELAY_DOMAIN(`a.example\n"
	"b.example')dnl\n"
	"ifdef(`confMAX_HOP', `LOCAL_DOMAIN(`in.example')', `')dnl\n"
	"INPUT_MAIL_FILTER(`x', `S=local:/run/x')dnl\n"
	"MAILER(`local')dnl\n"
	"MAILER(`smtp')dnl\n"
	"LOCAL_CONFIG\n"
	"Kfoo hash /etc/x\n"
	"LOCAL_RULESETS\n"
	"SLocal_of_ours\n"
	"R$*\t$: $1\n";

static const char facts_calls[] = "1:1 divert(-1)\n"
				  "3:1 divert(0)\n"
				  "4:1 VERSIONID(of ours)\n"
				  "5:1 OSTYPE(linux)\n"
				  "6:1 define(confMAX_HOP|77)\n"
				  "7:1 define(SMART_HOST|relay:[192.0.2.1])\n"
				  "7:42 define(MAIL_HUB|hub.example)\n"
				  "8:1 undefine(MAIL_HUB)\n"
				  "9:1 FEATURE(access_db|hash -T<TMPF> -o /etc/mail/access)\n"
				  "11:1 DAEMON_OPTIONS(Name=MTA, Addr=127.0.0.1, M=Ea)\n"
				  "12:1 TRUST_AUTH_MECH(LOGIN PLAIN)\n"
				  "13:1 RELAY_DOMAIN(a.example\nb.example)\n"
				  "15:23 LOCAL_DOMAIN(in.example)\n"
				  "16:1 INPUT_MAIL_FILTER(x|S=local:/run/x)\n"
				  "17:1 MAILER(local)\n"
				  "18:1 MAILER(smtp)\n"
				  "19:1 LOCAL_CONFIG()\n"
				  "21:1 LOCAL_RULESETS()\n";

static void check_facts(struct built *b)
{
	assert_string_equal(calls(b), facts_calls);
	assert_string_equal(sm_mc_defined(b->mc, "confMAX_HOP")->argv[1], "77");
	assert_null(sm_mc_defined(b->mc, "MAIL_HUB"));
	assert_null(sm_mc_defined(b->mc, "confSERVER_CERT"));
	assert_int_equal(mp_loc_position(sm_mc_call(b->mc, "MAILER", "smtp")->loc).line, 18);
	assert_null(sm_mc_call(b->mc, "MAILER", "uucp"));
}

static void test_facts(void **state)
{
	struct built b = build(facts_mc);

	(void)state;
	check_facts(&b);
	assert_true(b.mc->usable);
	assert_true(b.mc->exact);
	assert_string_equal(told(&b), "");
	/* What the library calls itself, at its file's line and by the call that brought it. */
	const struct sm_call *c = sm_mc_call(b.mc, "FEATURE", "local_procmail");
	assert_non_null(c);
	assert_int_equal(c->depth, 1);
	assert_int_equal(mp_loc_position(c->loc).line, 5);
	assert_non_null(strstr(c->file, "ostype/linux.m4"));
	assert_true(c->line > 10);
	drop(&b);
}

static void test_facts_without_library(void **state)
{
	struct built b = build_with(facts_mc, m4_path("witness"));

	(void)state;
	check_facts(&b);
	assert_false(b.mc->usable);
	assert_null(b.mc->cf);
	assert_null(b.mc->library);
	assert_string_equal(told(&b), "1:1 library-missing");
	drop(&b);
	/* Where the .mc loads the library, "#" is a comment before it and none behind. */
	b = build_with("# it's `open\ninclude(`/usr/share/sendmail/cf/m4/cf.m4')dnl\n" HEAD
		       "# FEATURE(`access_db')dnl\ndefine(confLOG_LEVEL, 20)dnl\n" TAIL,
		m4_path("witness"));
	assert_string_equal(
		told(&b), "1:1 library-missing; 4:3 comment-active; 5:8 define-unquoted");
	assert_non_null(sm_mc_call(b.mc, "FEATURE", "access_db"));
	drop(&b);
	b = build_with("FEATURE(`acces_db')dnl\n" TAIL "FEATURE(`nocanonify')\n"
		       "OSTYPE(`linux')OSTYPE(`linux')\n",
		m4_path("witness"));
	assert_string_equal(told(&b),
		"1:1 feature-unknown; 1:1 library-missing; 4:1 feature-after-mailer; "
		"5:16 ostype-twice");
	drop(&b);
}

/* The line of the .mc that the first line of the .cf with this text comes from; 0: not known. */
static unsigned origin_of(struct built *b, const char *text)
{
	const struct mp_source *cf = b->mc->cf;

	for (uint32_t i = 0; i < cf->line_count; i++) {
		struct mp_loc loc = mp_loc(cf, cf->lines[i], cf->lines[i]);
		if (mp_slice_eq_str(mp_loc_line(loc), text)) {
			return mp_loc_position(mp_loc_origin(loc)).line;
		}
	}
	fail_msg("the .cf has no line %s", text);
	return 0;
}

static void test_origins(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} lines[] = {
		{"#####  of ours  #####", 4},
		{"O MaxHopCount=77", 6},
		{"DSrelay:[192.0.2.1]", 7},
		{"Kaccess hash -T<TMPF> -o /etc/mail/access", 9},
		{"C{Accept}OK RELAY", 9},
		{"R<REJECT> <$*>\t\t$#error $@ 5.7.1 $: \"550 Access denied\"", 9},
		{"O DaemonPortOptions=Name=MTA, Addr=127.0.0.1, M=Ea", 11},
		{"C{TrustAuthMech}LOGIN PLAIN", 12},
		{"R$*\t\t\t$#error $@ 5.7.1 $: \"550 Relaying denied. Proper authentication "
		 "required.\"",
			12},
		{"C{R}a.example", 13},
		{"b.example", 13},
		{"C{w}in.example", 15},
		{"O InputMailFilters=x", 16},
		{"Xx, S=local:/run/x", 16},
		{"Mlocal,\t\tP=/usr/bin/procmail, F=lsDFMAw5:/|@qSPfhn9, S=EnvFromL/HdrFromL, "
		 "R=EnvToL/HdrToL,",
			17},
		{"Kfoo hash /etc/x", 20},
		{"SLocal_of_ours", 22},
		{"R$*\t$: $1", 23},
		{"V10/Berkeley", 0},
		{"Scanonify=3", 0},
	};
	struct built b = build(facts_mc);
	int wrong = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		unsigned line = origin_of(&b, lines[i].text);
		if (line != lines[i].line) {
			print_error("%s: line %u, not %u\n", lines[i].text, line, lines[i].line);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	assert_true(b.mc->cf->generated);
	assert_string_equal(b.mc->cf->name, "sendmail.cf");
	drop(&b);
}

/* A feature that is called more than once: each line comes from its own call. */
static void test_origins_of_many(void **state)
{
	struct built b = build(HEAD "FEATURE(`dnsbl', `one.example')dnl\n"
				    "define(`confRELAY_MSG', `\"550 no\"')dnl\n"
				    "FEATURE(`dnsbl', `two.example')dnl\n"
				    "text\n" TAIL);

	(void)state;
	assert_int_equal(origin_of(&b, "# DNS based IP address spam list two.example"), 4);
	assert_int_equal(origin_of(&b, "# DNS based IP address spam list one.example"), 2);
	assert_int_equal(origin_of(&b, "R$*\t\t\t$#error $@ 5.7.1 $: \"550 no\""), 3);
	assert_int_equal(origin_of(&b, "text"), 5);
	assert_int_equal(b.mc->stray_count, 1);
	assert_int_equal(mp_loc_position(b.mc->stray[0]).line, 5);
	drop(&b);
}

/* Where the .mc includes the library itself, what is only its default comes from nowhere. */
static void test_origins_of_defaults(void **state)
{
	struct built b = build(
		"# it's a comment `here\n"
		"include(`/usr/share/sendmail-cf/m4/cf.m4')dnl\n" HEAD "FEATURE(`use_cw_file')dnl\n"
		"define(`confCR_FILE', `/etc/mail/relays')dnl\n"
		"define(`confTO_IDENT', `0')dnl\n" TAIL);

	(void)state;
	assert_string_equal(told(&b), "");
	assert_int_equal(origin_of(&b, "Fw/etc/mail/local-host-names"), 4);
	assert_int_equal(origin_of(&b, "FR/etc/mail/relays"), 5);
	assert_int_equal(origin_of(&b, "O Timeout.ident=0"), 6);
	assert_int_equal(origin_of(&b, "O LogLevel=9"), 0);
	assert_int_equal(origin_of(&b, "O PrivacyOptions=authwarnings"), 0);
	drop(&b);
}

/* The .cf is what plain m4 writes. */
static void test_text(void **state)
{
	char command[2048];
	struct built b = build(facts_mc);
	size_t size = b.mc->cf->text.n + 100;
	char *plain = mp_arena_alloc(&b.arena, size);

	(void)state;
	snprintf(command, sizeof command, "m4 -G -D_NO_MAKEINFO_ -D_CF_DIR_=%s %s %s",
		b.mc->library->directory, b.mc->library->cf_m4, m4_path("conf/sendmail.mc"));
	FILE *f = popen(command, "r");
	assert_non_null(f);
	size_t n = fread(plain, 1, size, f);
	assert_int_equal(pclose(f), 0);
	assert_int_equal(n, b.mc->cf->text.n);
	assert_memory_equal(plain, b.mc->cf->text.p, n);
	drop(&b);
}

/* Files of the configuration's own: found by a scan, and found only by m4. */
static void test_includes(void **state)
{
	m4_put("conf/local.m4", "define(`confMAX_HOP', `88')dnl\ninclude(`sub/more.m4')dnl\n");
	m4_put("conf/sub/more.m4", "dnl\nRELAY_DOMAIN(`a.example')dnl\nsome words\n");
	m4_put("conf/sub/computed.m4", "LOCAL_DOMAIN(`b.example')dnl\nRELAY_DOMAIN(a, b)dnl\n");
	struct built b = build(HEAD "include(`local.m4')dnl\n"
				    "define(`x', `sub/comp')include(x`uted.m4')dnl\n" TAIL);

	(void)state;
	assert_true(b.mc->usable);
	assert_true(b.mc->exact);
	assert_string_equal(told(&b), "2:17 argument-dropped; 3:1 stray-text");
	assert_string_equal(b.findings.list.v[0].loc.source->name, "sub/computed.m4");
	assert_string_equal(b.findings.list.v[1].loc.source->name, "sub/more.m4");
	const struct sm_call *c = sm_mc_call(b.mc, "RELAY_DOMAIN", "a.example");
	assert_int_equal(c->depth, 0);
	assert_string_equal(c->loc.source->name, "sub/more.m4");
	assert_int_equal(mp_loc_position(c->loc).line, 2);
	assert_int_equal(origin_of(&b, "C{R}a.example"), 2);
	assert_int_equal(origin_of(&b, "O MaxHopCount=88"), 1);
	assert_int_equal(origin_of(&b, "C{w}b.example"), 1);
	drop(&b);
}

/* A link in the configuration's folder that leads out of it. */
static void test_link(void **state)
{
	(void)state;
	assert_int_equal(symlink("../secret", m4_path("conf/leads-out.m4")), 0);
	for (int alone = 0; alone < 2; alone++) {
		struct built b =
			build_as(HEAD "include(`leads-out.m4')dnl\n" TAIL, library(), alone == 1);
		const char *expected = alone ? "2:1 include-missing" : "2:1 include-outside";
		assert_string_equal(told(&b), expected);
		assert_true(mp_slice_find(b.mc->cf->text, M4_SECRET) == MP_NOT_FOUND);
		drop(&b);
	}
	unlink(m4_path("conf/leads-out.m4"));
}

/* Long lines of one letter: what is written where is not looked for without end. */
static void test_long_lines(void **state)
{
	struct mp_buf mc;

	(void)state;
	mp_buf_init(&mc, 1000000);
	mp_buf_puts(&mc, HEAD);
	for (unsigned i = 0; i < 60; i++) {
		mp_buf_puts(&mc, "FEATURE(`nocanonify')dnl\n");
		for (unsigned k = 0; k < 8000; k++) {
			mp_buf_putc(&mc, 'a');
		}
		mp_buf_printf(&mc, "%u\n", i);
	}
	mp_buf_puts(&mc, TAIL);
	struct built b = build(mc.p);
	assert_int_equal(b.findings.list.n > 0, 1);
	drop(&b);
	mp_buf_release(&mc);
}

static void test_substitutes(void **state)
{
	struct built b = build(HEAD "include(`/etc/mail/m4/dialup.m4')dnl\n"
				    "include(`/etc/mail/tls/starttls.m4')dnl\n"
				    "include(`/etc/mail/sasl/sasl.m4')dnl\n" TAIL);

	(void)state;
	assert_string_equal(told(&b),
		"2:1 include-substituted; 3:1 include-substituted; 4:1 include-substituted");
	assert_int_equal(b.mc->substitution_count, 3);
	assert_string_equal(b.mc->substitutions[1].path, "/etc/mail/tls/starttls.m4");
	assert_int_equal(mp_loc_position(b.mc->substitutions[1].loc).line, 3);
	assert_int_equal(
		origin_of(&b, "C{TrustAuthMech}EXTERNAL DIGEST-MD5 CRAM-MD5 PLAIN LOGIN"), 3);
	assert_non_null(sm_mc_defined(b.mc, "confSERVER_CERT"));
	drop(&b);
	/* The file itself goes before what is known of it. */
	mkdir(m4_path("conf/sasl"), 0755);
	m4_put("conf/sasl/sasl.m4", "TRUST_AUTH_MECH(`EXTERNAL')dnl\n");
	b = build(HEAD "include(`/etc/mail/sasl/sasl.m4')dnl\n" TAIL);
	assert_string_equal(told(&b), "");
	assert_int_equal(origin_of(&b, "C{TrustAuthMech}EXTERNAL"), 1);
	drop(&b);
}

/* An apostrophe of a comment closes a string that was left open: the string is named. */
static void test_string_too_long(void **state)
{
	struct built b = build(HEAD "define(`confAUTH_MECHANISMS', `LOGIN PLAIN)dnl\n"
				    "dnl it's\n" TAIL);

	(void)state;
	assert_string_equal(told(&b), "2:1 parenthesis-open");
	assert_non_null(strstr(b.findings.list.v[0].fix, "line 2, column 31"));
	drop(&b);
}

/* A run that is stopped, or a library that is not one, leaves nothing that could be taken for a
 * .cf. */
static void test_not_usable(void **state)
{
	static const char *const texts[] = {
		"define(`a', `b", "FEATURE(`access_db'\n", "m4exit(`0')", "define(`x', `x')x"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		char mc[1000];
		snprintf(mc, sizeof mc, HEAD TAIL "%s", texts[i]);
		struct built b = build(mc);
		assert_false(b.mc->usable);
		assert_false(b.mc->exact);
		drop(&b);
	}
	struct built b = build(HEAD "syscmd(`true')dnl\n" TAIL);
	assert_true(b.mc->usable);
	assert_false(b.mc->exact);
	drop(&b);
}

/* Every rule of a finding is in the table, which is sorted. */
static void test_rules(void **state)
{
	struct mp_rules rules = mp_sendmail_mc_rules();

	(void)state;
	for (size_t i = 0; i < rules.n; i++) {
		assert_true(i == 0 || strcmp(rules.v[i - 1].id, rules.v[i].id) < 0);
		assert_true(strncmp(rules.v[i].id, "mc/", 3) == 0);
	}
	for (size_t i = 0; i < COUNT(rows); i++) {
		char id[64];
		size_t at = strcspn(rows[i].told, " ");
		if (rows[i].told[0] == '\0') {
			continue;
		}
		snprintf(id, sizeof id, "mc/%.*s", (int)strcspn(rows[i].told + at + 1, ";"),
			rows[i].told + at + 1);
		bool found = false;
		for (size_t k = 0; k < rules.n; k++) {
			found |= strcmp(rules.v[k].id, id) == 0;
		}
		if (!found) {
			fail_msg("%s is not in the table", id);
		}
	}
}

static void test_names(void **state)
{
	size_t count;
	const struct sm_name *names = sm_names(&count);

	(void)state;
	for (size_t i = 1; i < count; i++) {
		assert_true(strcmp(names[i - 1].name, names[i].name) < 0);
	}
	assert_non_null(sm_name(mp_slice_str("DAEMON_OPTIONS")));
	assert_null(sm_name(mp_slice_str("daemon_options")));
	assert_true(sm_name_is_conf(mp_slice_str("confAUTH_MECHANISMS")));
	assert_false(sm_name_is_conf(mp_slice_str("confAUTH_MECHANISM")));
	assert_string_equal(
		sm_name_near_conf(mp_slice_str("confAUTH_MECHANISM")), "confAUTH_MECHANISMS");
	assert_string_equal(sm_name_near_feature(mp_slice_str("acess_db")), "access_db");
	assert_null(sm_name_near_feature(mp_slice_str("something_else")));
	for (const char *const *p = sm_names_preset(); *p != NULL; p++) {
		assert_true(sm_name_is_conf(mp_slice_str(*p)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_facts_without_library),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_origins_of_many),
		cmocka_unit_test(test_origins_of_defaults),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_includes),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_substitutes),
		cmocka_unit_test(test_string_too_long),
		cmocka_unit_test(test_not_usable),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, m4_fixture_make, m4_fixture_remove);
}
