/* The reader of a .cf. What is refused, and in which words, was taken from `sendmail -bt`
 * (8.17.1.9). */
#include "base/buf.h"
#include "base/limits.h"
#include "sm_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define HEAD "V10/Berkeley\nO BlankSub=.\n"

/* One line, after a head of two lines and an S line. */
static const struct {
	const char *line;
	const char *refusal; /* NULL: it is accepted */
} lines[] = {
	{"R$1\tok", "Inappropriate use of $1-$9 on LHS"},
	{"R$#\tok", NULL},
	{"R$@\tok", NULL},
	{"R$:\tok", "Inappropriate use of $: on LHS"},
	{"R$>t\tok", "Inappropriate use of $> on LHS"},
	{"R$?x a\tok", "R line: null LHS"},
	{"R$|\tok", NULL},
	{"R$.\tok", "Inappropriate use of $. on LHS"},
	{"R$[\tok", "Inappropriate use of $[ on LHS"},
	{"R$]\tok", "Inappropriate use of $] on LHS"},
	{"R$(\tok", "Inappropriate use of $( on LHS"},
	{"R$)\tok", "Inappropriate use of $) on LHS"},
	{"R$&x\tok", NULL},
	{"R$-\t$*", "Inappropriate use of $* on RHS"},
	{"R$-\t$+", "Inappropriate use of $+ on RHS"},
	{"R$-\t$-", "Inappropriate use of $- on RHS"},
	{"R$-\t$=w", "Inappropriate use of $= on RHS"},
	{"R$-\t$~w", "Inappropriate use of $~ on RHS"},
	{"R$-\t$1", NULL},
	{"R$-\t$2", "replacement $2 out of bounds"},
	{"R$-\t$0", "replacement $0 out of bounds"},
	{"R$-\t$?x a", "R line: null RHS"},
	{"R$-\t$[ a $]", NULL},
	{"R$-\t$( m $)", NULL},
	{"R$-\t$( m a", "missing map closing token"},
	{"R$-\t$[ a $)", "missing map closing token"},
	{"R$-\t$( m $( m a $) $)", "cannot nest map lookups"},
	{"R$-\t$# $# $#", NULL},
	{"Rx\t", "invalid rewrite line \"Rx\" (tab expected)"},
	{"R\tx", "R line: null LHS"},
	{"Rabc def", "invalid rewrite line \"Rabc def\" (tab expected)"},
	{"R$- $- $- $- $- $- $- $- $-\t$9", NULL},
	{"R$- $- $- $- $- $- $- $- $- $-\tx", "R line: too many wildcards"},
	{"S 3", NULL},
	{"S=4", "invalid ruleset name: \"=4\""},
	{"S4x", NULL},
	{"S99999", "bad ruleset 99999 (100 max)"},
	{"Sa.b", NULL},
	{"Sfoo=", "bad ruleset definition \"foo\" (number required after `=')"},
	{"O Foo=1", "readcf: unknown option name Foo"},
	{"O Max=1", "readcf: ambiguous option name Max (matches MaxHopCount and MaxMessageSize)"},
	{"O maxhop=1", NULL},
	{"O =1", "readcf: null option name"},
	{"O~3", "readcf: unknown option name 0x7e"},
	{"OOaddr", NULL},
	{"D{a-b}x", "Invalid macro/class character -"},
	{"D{abcdefghijklmnopqrstuvwxy}x", NULL},
	{"D{}x", "Name required for macro/class"},
	{"D{abc", "Unbalanced { on abc"},
	{"Cw", NULL},
	{"Kfoo", "readcf: config K line, map foo: no map class"},
	{"K", "readcf: config K line: no map name"},
	{"Kfoo bar", "readcf: map foo: class bar not available"},
	{"Kfoo hash", "No file name for hash map foo"},
	{"Kfoo regex -s1 ^(a)$", NULL},
	{"xyz", "unknown configuration line \"xyz\""},
	{"Vfoo", "invalid argument to V line: \"foo\""},
	{"Fw/nosuch", "fileclass: cannot open '/nosuch': No such file or directory"},
	{"Fw-o /nosuch", NULL},
	{"# anything $", NULL},
	{"", NULL},
};

static void test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct sm_fixture f = {0};
		char text[1024];
		const char *got;

		snprintf(text, sizeof text, "%sSt\n%s\n", HEAD, lines[i].line);
		sm_fixture_open(&f, text);
		got = f.cf->refusals.n > 0 ? f.cf->refusals.v[0].text : NULL;
		if ((got == NULL) != (lines[i].refusal == NULL) ||
			(got != NULL && strcmp(got, lines[i].refusal) != 0)) {
			fail_msg("%s: \"%s\"", lines[i].line, got != NULL ? got : "(accepted)");
		}
		if (got != NULL) {
			assert_int_equal(mp_loc_position(f.cf->refusals.v[0].loc).line, 4);
			assert_true(f.findings.list.n > 0);
		}
		sm_fixture_close(&f);
	}
}

static const char *macro(struct sm_fixture *f, const char *name)
{
	return sm_cf_macro(f->cf, name, &f->arena);
}

static bool in_class(struct sm_fixture *f, const char *class, const char *word)
{
	const struct sm_class *c = sm_cf_class(f->cf, class);

	return c != NULL && sm_class_find(c, word) != NULL;
}

static void test_host(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f, HEAD);
	assert_string_equal(macro(&f, "j"), "mail.example.org");
	assert_string_equal(macro(&f, "w"), "mail");
	assert_string_equal(macro(&f, "m"), "example.org");
	assert_string_equal(macro(&f, "k"), "mail.example.org");
	assert_true(in_class(&f, "w", "mail.example.org"));
	assert_true(in_class(&f, "w", "LOCALHOST"));
	assert_true(in_class(&f, "w", "[192.0.2.10]"));
	assert_false(in_class(&f, "w", "[192.0.2.11]"));
	assert_true(in_class(&f, "m", "example.org"));
	sm_fixture_close(&f);

	f = (struct sm_fixture){0};
	sm_fixture_open(&f, HEAD "Djmx.example.net\nO DontProbeInterfaces=True\n");
	assert_string_equal(macro(&f, "j"), "mx.example.net");
	assert_true(in_class(&f, "w", "mx.example.net"));
	assert_true(in_class(&f, "m", "example.org"));
	assert_false(in_class(&f, "m", "example.net"));
	assert_false(in_class(&f, "w", "[192.0.2.10]"));
	sm_fixture_close(&f);

	f = (struct sm_fixture){0};
	sm_fixture_open(&f, HEAD "Dmexample.net\n");
	assert_true(in_class(&f, "m", "example.net"));
	assert_false(in_class(&f, "m", "example.org"));
	sm_fixture_close(&f);
}

/* A name that is not known is no name, and whether an address is the server's own is open. */
static void test_unknown_host(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_begin(&f);
	f.facts->hostname = NULL;
	f.facts->have_addresses = false;
	f.facts->address_count = 0;
	sm_fixture_open(&f, HEAD "St\nR$=w\town\nR$j\tmine\n");
	assert_string_equal(macro(&f, "j"), "{host.name}");
	assert_string_equal(sm_fixture_run(&f, "t", "localhost", NULL), "own");
	sm_fixture_close(&f);
}

/* Nothing but a name of a host is asked for as the server's own: the first answer is "no". */
static void test_unknown_host_questions(void **state)
{
	static const char *const phrases[] = {
		"a.example.", ".example.com", "a..b", "D.{host.domain}", "b.example>", "word"};
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_begin(&f);
	f.facts->hostname = NULL;
	sm_fixture_open(&f, HEAD);

	unsigned w = sm_names_find(f.cf->names, "w");

	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		assert_false(sm_run_in_class(&f.run, w, phrases[i]));
	}
	assert_false(sm_fixture_asked(&f));
	assert_false(sm_run_in_class(&f.run, w, "a.example"));
	assert_true(sm_fixture_asked(&f));
	sm_fixture_close(&f);
}

/* sendmail takes 2047 characters of the words of a class, and of each side of a rule. */
static void test_long_line(void **state)
{
	struct sm_fixture f = {0};
	struct mp_buf b;

	(void)state;
	mp_buf_init(&b, MP_LIMIT_FILE);
	mp_buf_puts(&b, HEAD "C{big}");
	for (int i = 0; i < 400; i++) {
		mp_buf_printf(&b, "word%04d.example ", i);
	}
	mp_buf_puts(&b, "\nSt\nR$*\t$: ");
	for (int i = 0; i < 300; i++) {
		mp_buf_printf(&b, "w%06d ", i);
	}
	mp_buf_puts(&b, "$1\n");
	sm_fixture_open(&f, b.p);
	assert_true(in_class(&f, "big", "word0119.example"));
	assert_true(in_class(&f, "big", "word012"));
	assert_false(in_class(&f, "big", "word0120.example"));
	assert_true(sm_fixture_finding(&f, "cf/line-long", 3));
	assert_true(sm_fixture_finding(&f, "cf/line-long", 5));
	assert_int_equal(f.cf->rulesets.v[0]->rules.v[0].rhs_n, 257);
	mp_buf_release(&b);
	sm_fixture_close(&f);
}

static void test_macros(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f,
		HEAD "Dxa\"b c\"\\\"d\nD{long}$x-$x\nDe\n"
		     "Dq$?{long}yes$|no$.$?e yes$| no$.\nDz$$x\n"
		     "Dy1\nD{y}2\nCa $x one\nCb $=a two\nCa later\n");
	assert_string_equal(macro(&f, "x"), "ab c\"d");
	assert_string_equal(macro(&f, "long"), "ab c\"d-ab c\"d");
	assert_string_equal(macro(&f, "q"), "yes no");
	assert_string_equal(macro(&f, "z"), "$x");
	assert_string_equal(macro(&f, "y"), "2");
	assert_string_equal(macro(&f, "nosuch"), "");
	assert_true(in_class(&f, "a", "ab"));
	assert_true(in_class(&f, "a", "ONE"));
	assert_true(in_class(&f, "b", "one"));
	assert_true(in_class(&f, "b", "two"));
	assert_false(in_class(&f, "b", "later"));
	sm_fixture_close(&f);
}

/* Each of some words, parted by blanks, is in class c, or is not. */
static void expect_words(struct sm_fixture *f, const char *words, bool in)
{
	struct mp_slice rest = mp_slice_str(words);

	while (rest.n > 0) {
		size_t blank = mp_slice_chr(rest, ' ');
		struct mp_slice word =
			mp_slice_sub(rest, 0, blank == MP_NOT_FOUND ? rest.n : blank);

		if (in_class(f, "c", mp_arena_slicedup(&f->arena, word)) != in) {
			fail_msg("%.*s is%s in", MP_SLICE_ARG(word), in ? " not" : "");
		}
		rest = mp_slice_from(rest, word.n + 1);
	}
}

static void test_class_files(void **state)
{
	static const struct {
		const char *format; /* behind the file's name */
		const char *in, *out; /* words that are in the class, and that are not */
	} formats[] = {
		{"", "a.example last.example", "b.example #comment next"},
		{" %s", "a.example", "b.example"},
		{" %[^\\#]", "a.example b.example last.example", "#comment next"},
		{" %*s %s", "b.example", "a.example"},
		{" %3s", "a.e las", "a.example"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct sm_fixture f = {0};
		char text[256];

		sm_fixture_begin(&f);
		sm_fixture_file(
			&f, "names", "# comment\na.example b.example # next\n\n  last.example\n");
		snprintf(text, sizeof text, HEAD "Fcnames%s\n", formats[i].format);
		sm_fixture_open(&f, text);
		assert_int_equal(f.cf->refusals.n, 0);
		expect_words(&f, formats[i].in, true);
		expect_words(&f, formats[i].out, false);
		sm_fixture_close(&f);
	}
}

/* Lines that begin with a blank belong to the line before them, comments too. */
static void test_continued(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f,
		HEAD "Ca one\n two\n\tthree\n# comment\n Ca four\nSt\nRx\n\t\t\ty\nRy\tz\n"
		     "  Rz\tlost\nRq\tr\t\tremark\n\t\tmore of it\nCb five\r\n six\r\n");
	assert_true(in_class(&f, "a", "three"));
	assert_false(in_class(&f, "a", "four"));
	assert_true(in_class(&f, "b", "five"));
	assert_true(in_class(&f, "b", "six"));
	assert_string_equal(sm_fixture_run(&f, "t", "x", NULL), "z Rz");
	assert_string_equal(sm_fixture_run(&f, "t", "q", NULL), "r");
	assert_int_equal(sm_cf_ruleset(f.cf, "t")->rules.n, 3);
	assert_int_equal(mp_loc_position(sm_cf_ruleset(f.cf, "t")->rules.v[2].loc).line, 13);
	sm_fixture_close(&f);
}

static void test_options(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f,
		HEAD "O daemonportoptions = Port=25, Name=A\nOOPort=587\n"
		     "O Timeout.ident=5s\nOpgoaway\nO SmtpGreetingMessage=$j Sendmail\n"
		     "O SmtpGreet=later\nO HelpFile\n");
	assert_string_equal(f.cf->options.v[1].name, "DaemonPortOptions");
	assert_string_equal(f.cf->options.v[1].value, "Port=25, Name=A");
	assert_string_equal(sm_cf_option(f.cf, "DaemonPortOptions")->value, "Port=587");
	assert_string_equal(sm_cf_option(f.cf, "Timeout.ident")->value, "5s");
	assert_string_equal(sm_cf_option(f.cf, "PrivacyOptions")->value, "goaway");
	assert_string_equal(sm_cf_option(f.cf, "SmtpGreetingMessage")->value, "later");
	assert_string_equal(sm_cf_option(f.cf, "HelpFile")->value, "");
	assert_null(sm_cf_option(f.cf, "LogLevel"));
	assert_string_equal(
		sm_text_bytes(sm_expand(f.cf->options.v[5].text, &f.cf->macros, &f.arena),
			f.cf->names, &f.arena),
		"mail.example.org Sendmail");
	sm_fixture_close(&f);
}

/* The characters that split addresses are those of before the first ruleset. */
static void test_operators(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f, HEAD "O OperatorChars=.%@\nSt\nR$- % $-\t$2 $1\n");
	assert_string_equal(sm_fixture_run(&f, "t", "a%b", NULL), "b a");
	assert_false(sm_fixture_finding(&f, "cf/operators-late", 0));
	sm_fixture_close(&f);

	f = (struct sm_fixture){0};
	sm_fixture_open(&f, HEAD "St\nR$- % $-\t$2 $1\nO OperatorChars=.%@\n");
	assert_string_equal(sm_fixture_run(&f, "t", "a%b", NULL), "a%b");
	assert_true(sm_fixture_finding(&f, "cf/operators-late", 5));
	sm_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_host),
		cmocka_unit_test(test_unknown_host),
		cmocka_unit_test(test_unknown_host_questions),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_macros),
		cmocka_unit_test(test_class_files),
		cmocka_unit_test(test_continued),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_operators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
