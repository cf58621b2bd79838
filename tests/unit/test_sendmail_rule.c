/* Rules at work. What each case gives was taken from `sendmail -bt` (8.17.1.9). */
#include "sm_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define HEAD                                                                                       \
	"V10/Berkeley\nO OperatorChars=.:%@!^/[]+\nO BlankSub=.\nCcone two one.two\n"              \
	"Cttwo.words\nDmab.c\nDb\"x\nDz\\\"z\nSother\nR$*\t$@ o $1\nSempty\nSres\n"                \
	"R$*\t$# local $: r\nSrec\nR$*\t$: $>rec $1\nSdup\nR$-\t$@ $1\nSdup\n"                     \
	"R$*\t$@ again $1\nSok\nR$*\t$: ok $1\nSfail\nR$*\t$: f $1\nR$*\t$: $&q z\nDq(x)\n"        \
	"Smid\nR$*\t$: $>fail m\nR$*\t$: m2 $1\n"

#define SIX_CALLS "$>ok $>ok $>ok $>ok $>ok $>ok "

static const struct {
	const char *rules, *input, *result;
	enum sm_status status;
} cases[] = {
	{"R$*\t$@ [ $1 ]", "a b.c", "[ a b . c ]", SM_OK},
	{"R$+\t$: < $1 >", "a", "< a >", SM_OK},
	{"R$+ . $+\t$: $1 | $2", "a.b.c", "a | b . c", SM_OK},
	{"R$* . $+\t$: $1 | $2", "a.b.c", "a | b . c", SM_OK},
	{"R$+ . $-\t$: $1 | $2", "a.b.c", "a . b | c", SM_OK},
	{"R$- . $+\t$: $1 | $2", "a.b.c", "a | b . c", SM_OK},
	{"R$* $=c\t$: $1 | $2", "x.one.two", "x . | one . two", SM_OK},
	{"R$=c $*\t$: $1 | $2", "one.two.three", "one | . two . three", SM_OK},
	{"R$=c . three\t$: $1", "one.two.three", "one . two", SM_OK},
	{"R$=c three\t$: $1", "one.two.three", "one . two . three", SM_OK},
	{"R$~c . $*\t$: $1 | $2", "one.two", "one . two", SM_OK},
	{"R$~c . $*\t$: $1 | $2", "xone.two", "xone | two", SM_OK},
	{"R$* ONE $*\t$: $1 | $2", "a.one.b", "a . | . b", SM_OK},
	{"R$* $@\t$: $1 end", "a b", "a b end", SM_OK},
	{"R$&m $*\t$: m $1", "ab.c.d", "m . d", SM_OK},
	{"R$&m $*\t$: m $1", "AB.C.d", "m . d", SM_OK},
	{"R$&m $*\t$: m $1", "ab.x", "ab . x", SM_OK},
	{"R$&u $*\t$: u $1", "ab.x", "u ab . x", SM_OK},
	{"R$* $&u\t$: u $1", "ab.x", "ab . x", SM_OK},
	{"R$*\t$: $&m | $1", "x", "ab . c | x", SM_OK},
	{"R$*\t$: $&u | $1", "x", "| x", SM_OK},
	{"R$*\t$: $&b | $1", "x", "x | x", SM_OK},
	{"R$*\t$@ $>other $1 y", "x", "o x y", SM_OK},
	{"R$*\t$@ $>other a $>other b", "x", "o a o b", SM_OK},
	{"R$*\t$: $>empty $1\nR$*\t$: [ $1 ]", "x", "[ x ]", SM_OK},
	{"R$*\t$: $>nosuch $1\nR$*\t$: [ $1 ]", "x", "[ $> nosuch x ]", SM_CONFIG},
	{"R$*\t$: $>\"other\" $1", "x", "o x", SM_OK},
	{"R$*\t$: x $>res $1\nR$*\t$: after $1", "x", "after x $# local $: r", SM_OK},
	{"R$*\t$: $>res $1\nR$*\t$: after $1", "x", "$# local $: r", SM_OK},
	{"R$*\t$#local $: $1\nR$*\t$: never", "x", "$# local $: x", SM_OK},
	{"R$*\t$#error $@ 5.7.1 $: \"550 no\"", "x", "$# error $@ 5 . 7 . 1 $: \"550 no\"", SM_OK},
	{"R$-\t$: $1 $1", "x", "x x", SM_OK},
	{"Rx\tx y\nRx y\tz", "x", "z", SM_OK},
	{"R$* y\t$1", "x y y y", "x", SM_OK},
	{"R$*\t$: $j $w $m", "x", "mail . example . org mail ab . c", SM_OK},
	{"R$*\t$: a$|b", "x", "a $| b", SM_OK},
	{"R$* $| $*\t$: $2 $1", "x", "x", SM_OK},
	{"R$*\t$: a $?m yes $| no $. b", "x", "a yes b", SM_OK},
	{"R$*\t$: a $?u yes $| no $. b", "x", "a no b", SM_OK},
	{"R$*\t$: $$ $1", "x", "$ x", SM_OK},
	{"Ra b\tsame", "a.b", "a . b", SM_OK},
	{"Ra.b\tsame", "a . b", "same", SM_OK},
	{"R$*\t$: \"a b\" $1", "x", "\"a b\" x", SM_OK},
	{"R\"a b\"\tquoted", "\"a b\"", "quoted", SM_OK},
	{"R\"A b\"\tquoted", "\"a b\"", "quoted", SM_OK},
	{"R$*\t$: a\\#b", "x", "a#b", SM_OK},
	{"R$*\t$: a # comment", "x", "a", SM_OK},
	{"R$*\t$: $1\tcomment $2", "x", "x", SM_OK},
	{"R$+ $+ $+\t$: $3 $2 $1", "a b c d", "c d b a", SM_OK},
	{"R$* $* $*\t$: [ $1 ] [ $2 ] [ $3 ]", "a b c", "[ ] [ ] [ a b c ]", SM_OK},
	{"R$* @ $* @ $*\t$: [ $1 ] [ $2 ] [ $3 ]", "a@b@c@d", "[ a ] [ b ] [ c @ d ]", SM_OK},
	{"R$* < @ $+ >\t$: $2 : $1", "u<@h.x>", "h . x : u", SM_OK},
	{"R$*\t$: $>rec $1", "x", "x", SM_CONFIG},
	{"R$*\t$: $>dup $1", "x", "x", SM_OK},
	{"R$* $=t $*\t$: [ $2 ]", "a.two.words.b", "[ two . words ]", SM_OK},
	{"R$* $=t\t$: [ $1 ] [ $2 ]", "a.two.words", "[ a . ] [ two . words ]", SM_OK},
	{"R$=t\t$: [ $1 ]", "two.words", "[ two . words ]", SM_OK},
	{"R$*\t$: $>fail a $>ok b", "x", "f a ok b", SM_DATA},
	{"R$*\t$: $>ok a $>fail b", "x", "$> ok a f b", SM_DATA},
	{"R$*\t$: $>ok a $>rec b", "x", "$> ok a b", SM_CONFIG},
	{"R$*\t$: $>ok a $>mid b $>ok c", "x", "$> ok a m2 f m", SM_DATA},
	{"R$*\t$: $>ok", "x", "ok", SM_OK},
	{"R$*\t$: x $> ok", "x", "x ok", SM_OK},
	{"R$*\t$: x $>3ok", "x", "x", SM_OK},
	{"R$*\t$: $&q | $1", "x", "x", SM_DATA},
	{"R$*\t$: $>empty $>ok $1", "x", "$> ok x", SM_OK},
	{"R$*\t$: $>empty a $>ok $1", "x", "a ok x", SM_OK},
	{"R$*\t$: $>ok+x $1", "x", "ok + x x", SM_OK},
	{"R$*\t$: " SIX_CALLS SIX_CALLS "$>ok $>ok $>ok $1", "x",
		"ok ok ok ok ok ok ok ok ok ok ok ok ok ok ok x", SM_OK},
	{"R$*\t$: " SIX_CALLS SIX_CALLS "$>ok $>ok $>ok $>ok $1\nR$* x\t$: many", "x", "many",
		SM_CONFIG},
	{"R$- < a\t$: one\nR$- < a >\t$: two", "b < a", "two", SM_OK},
	{"Dr$j\nR$*\t$: $&r $1", "x", "$j x", SM_OK},
	{"Dr$?m y$|n$.\nR$*\t$: $&r $1", "x", "$?m y$|n$ . x", SM_OK},
	{"Kn null\nR$*\t$: $(n $1 $: a $| b $)\nR$* $| $*\t$: [ $1 ] [ $2 ]", "x", "[ a ] [ b ]",
		SM_OK},
	{"Kn null\nR$*\t$: $(n $1 $: $1 b c $)", "x", "x . b . c", SM_OK},
	{"Ks macro\nR$*\t$: $(s m $@ new $) $&m\nR$*\t$: $1 $(s m $) $&m\nR$*\t$: $1 $&m", "x",
		"ab . c new ab . c", SM_OK},
	{"R$*\n $*\t$: $1 | $2", "a", "| a", SM_OK},
	{"R$-\t$: $1 b $: two\nR$+ $- $=c\t$: $1 | $2", "a", "a b | $:", SM_OK},
	{"R$=t\tclass", "two words", "class", SM_OK},
};

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct sm_fixture f = {0};
		enum sm_status status;
		char text[2048];

		snprintf(text, sizeof text, "%sStest\n%s\n", HEAD, cases[i].rules);
		sm_fixture_open(&f, text);

		const char *got = sm_fixture_run(&f, "test", cases[i].input, &status);

		if (strcmp(got, cases[i].result) != 0 || status != cases[i].status) {
			fail_msg("%s on \"%s\" gives \"%s\" (%d), not \"%s\" (%d)", cases[i].rules,
				cases[i].input, got, status, cases[i].result, cases[i].status);
		}
		sm_fixture_close(&f);
	}
}

/* Texts taken apart: as a macro's value (comments are dropped), and as -bt reads its line. */
static const struct {
	const char *text;
	const char *value; /* NULL: no address at all */
	const char *line; /* NULL: not compared */
	enum sm_scan wrong; /* with the value */
} texts[] = {
	{"a b", "a b", "a b", SM_SCAN_OK},
	{"a.b@c", "a . b @ c", "a . b @ c", SM_SCAN_OK},
	{"a(b)c", "a c", "a ( b ) c", SM_SCAN_OK},
	{"(x)a", "a", "( x ) a", SM_SCAN_OK},
	{"a(b(c)d)e", "a e", "a ( b ( c ) d ) e", SM_SCAN_OK},
	{"a(b\\)c)d", "a d", "a ( b\\)c ) d", SM_SCAN_OK},
	{"\"a b\"@c", "\"a b\" @ c", "\"a b\" @ c", SM_SCAN_OK},
	{"\"a\\\"b\"@c", "\"a\\\"b\" @ c", "\"a\\\"b\" @ c", SM_SCAN_OK},
	{"a\\@b", "a\\@b", "a\\@b", SM_SCAN_OK},
	{"a\\!b", "a ! b", "a ! b", SM_SCAN_OK},
	{"\"a\\!b\"", "\"a\\!b\"", "\"a\\!b\"", SM_SCAN_OK},
	{"a\\", "a", "a", SM_SCAN_OK},
	{"<a@b", "< a @ b >", "< a @ b >", SM_SCAN_ANGLE},
	{"a@b>", "a @ b", "a @ b", SM_SCAN_UNANGLE},
	{"\"a", "\"a\"", "\"a\"", SM_SCAN_QUOTE},
	{"a)b", "ab", "a ) b", SM_SCAN_UNPAREN},
	{"(a", NULL, "( a", SM_SCAN_PAREN},
	{"a,b", "a , b", NULL, SM_SCAN_OK},
	{"a;b:c", "a ; b : c", "a ; b : c", SM_SCAN_OK},
	{"<@a,@b:c@d>", "< @ a , @ b : c @ d >", NULL, SM_SCAN_OK},
	{"<a,b>", "< a , b >", NULL, SM_SCAN_OK},
	{"[1.2.3.4]", "[ 1 . 2 . 3 . 4 ]", "[ 1 . 2 . 3 . 4 ]", SM_SCAN_OK},
	{"a%b!c", "a % b ! c", "a % b ! c", SM_SCAN_OK},
	{"a+b=c", "a + b=c", "a + b=c", SM_SCAN_OK},
	{"a  b\tc", "a b c", "a b c", SM_SCAN_OK},
	{"a<b<c>", "a < b < c > >", "a < b < c > >", SM_SCAN_ANGLE},
	{"a><b", "a < b >", "a < b >", SM_SCAN_UNANGLE},
	{" . a", ". a", ". a", SM_SCAN_OK},
	{"\"\"", "\"\"", "\"\"", SM_SCAN_OK},
	{"a\"b\"c", "a \"b\" c", "a \"b\" c", SM_SCAN_OK},
	{"a\" b", "a \" b\"", "a \" b\"", SM_SCAN_QUOTE},
	{"\\(a", "\\(a", "\\(a", SM_SCAN_OK},
	{"a\\\\b", "a\\\\b", "a\\\\b", SM_SCAN_OK},
	{"<>", "< >", "< >", SM_SCAN_OK},
	{"a@<b>", "a @ < b >", "a @ < b >", SM_SCAN_OK},
	{" ", NULL, NULL, SM_SCAN_OK},
};

static const char *joined(struct sm_fixture *f, const struct sm_tokens *t)
{
	char *out = mp_arena_alloc(&f->arena, 4096), *p = out;

	for (size_t i = 0; i < t->n; i++) {
		p += snprintf(p, 1000, "%s%s", i > 0 ? " " : "", t->v[i].text);
	}
	return out;
}

static void test_texts(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f, HEAD);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct sm_tokens value = {0}, line = {0};
		struct mp_slice text = mp_slice_str(texts[i].text);
		enum sm_scan wrong = sm_run_scan(&f.run, text, &value);

		sm_tokens_scan_bytes(&line, text, &f.cf->chars, SM_SCAN_RULES, NULL, &f.arena);
		if (wrong != texts[i].wrong ||
			strcmp(joined(&f, &value), texts[i].value != NULL ? texts[i].value : "") !=
				0) {
			fail_msg("%s is read as \"%s\" (%d)", texts[i].text, joined(&f, &value),
				wrong);
		}
		if (texts[i].line != NULL) {
			assert_string_equal(joined(&f, &line), texts[i].line);
		}
	}
	sm_fixture_close(&f);
}

/* The room for tokens: 625 dots, a token of 256 characters, 1250 bytes in all. */
static void test_limits(void **state)
{
	static const struct {
		const char *unit;
		size_t most;
		enum sm_scan wrong;
	} limits[] = {{".", 625, SM_SCAN_ADDRESS}, {"x", 256, SM_SCAN_LONG},
		{"ab.", 250, SM_SCAN_ADDRESS}};
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f, HEAD);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		char text[4096] = "";
		size_t unit = strlen(limits[i].unit), n = 0;
		struct sm_tokens t = {0};

		for (size_t k = 0; k < limits[i].most; k++, n += unit) {
			memcpy(text + n, limits[i].unit, unit + 1);
		}
		assert_int_equal(sm_run_scan(&f.run, mp_slice_str(text), &t), SM_SCAN_OK);
		memcpy(text + n, limits[i].unit, unit + 1);
		t.n = 0;
		assert_int_equal(sm_run_scan(&f.run, mp_slice_str(text), &t), limits[i].wrong);
		assert_int_equal(t.n, 0);
	}
	sm_fixture_close(&f);
}

/* Rules that do not come to an end have no result, whatever else went wrong in them. */
static void test_endless(void **state)
{
	static const char *const rules[] = {
		"R$* $* $* $* $* $* $* $* $* a a\tx\n",
		"R$*\t$: $>never $1\n",
		"R$*\t$: $>never $>temporary $1\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		struct sm_fixture f = {0};
		enum sm_status status;
		char cf[4096], input[401] = "";

		snprintf(cf, sizeof cf, "%s%s%s", HEAD,
			"Kgone hash /nosuch\nSnever\nR$* $* $* $* $* $* $* $* $* a a\tx\n"
			"Stemporary\nR$*\t$: $(gone x $) $1\nSt\n",
			rules[i]);
		for (size_t k = 0; k < 200; k++) {
			memcpy(input + 2 * k, "a.", 3);
		}
		sm_fixture_open(&f, cf);
		sm_fixture_run(&f, "t", input, &status);
		assert_int_equal(status, SM_EXHAUSTED);
		sm_fixture_close(&f);
	}
}

/* A rule with a word that the workspace has not is passed over, however its wildcards could part
 * it. */
static void test_word_that_is_not_there(void **state)
{
	struct sm_fixture f = {0};
	enum sm_status status;
	char input[401] = "";

	(void)state;
	for (size_t k = 0; k < 200; k++) {
		memcpy(input + 2 * k, "a.", 3);
	}
	sm_fixture_open(&f, HEAD "St\nR$* $* $* $* $* $* $* $* $* no\tx\nR$* A $*\tfound\n");
	assert_string_equal(sm_fixture_run(&f, "t", input, &status), "found");
	assert_int_equal(status, SM_OK);
	sm_fixture_close(&f);
}

/* A macro's value that is "too long" is cut to 256 characters where sendmail says so: the next rule
 * gets the rest. */
static void test_cut(void **state)
{
	struct sm_fixture f = {0};
	enum sm_status status;
	char value[1300] = "a@";

	(void)state;
	for (size_t i = 2; i < 1200; i += 2) {
		memcpy(value + i, "d.", 3);
	}
	sm_fixture_open(&f, HEAD "St\nR$*\t$: $&{long}\n");
	sm_run_set(&f.run, "long", value);
	assert_string_equal(sm_fixture_run(&f, "t", "x", &status), "x");
	assert_int_equal(status, SM_DATA);
	assert_int_equal(strlen(sm_run_get(&f.run, "long")), 256);
	sm_fixture_run(&f, "t", "x", &status);
	assert_int_equal(status, SM_OK);
	sm_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_endless),
		cmocka_unit_test(test_word_that_is_not_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
