/* main.cf: logical lines, entries, and every problem in its place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pf_fixture.h"

#include <stdio.h>

struct entry_case {
	const char *name;
	const char *text;
	const char *want; /* "name=value@line:column;..." of all entries in order */
	const char *want_fatal; /* NULL: none */
	unsigned want_fatal_line;
};

static const struct entry_case entry_cases[] = {
	{"one entry", "a = b\n", "a=b@1:5;", NULL, 0},
	{"no blanks", "a=b\n", "a=b@1:3;", NULL, 0},
	{"no line end", "a = b", "a=b@1:5;", NULL, 0},
	{"an empty value stands behind its blanks", "a =\nb =  \n", "a=@1:4;b=@2:6;", NULL, 0},
	{"white space around the value goes", "a = \t b c \t\n", "a=b c@1:7;", NULL, 0},
	{"CR is white space at the end", "a = b\r\nc = d\r\n", "a=b@1:5;c=d@2:5;", NULL, 0},
	{"continuation keeps its blanks", "a = b\n   c\n", "a=b   c@1:5;", NULL, 0},
	{"value on the next line", "a =\n    b\n", "a=b@2:5;", NULL, 0},
	{"a comment does not end an entry", "a = b\n# c\n  d\n", "a=b  d@1:5;", NULL, 0},
	{"an indented comment neither", "a = b\n  # c\n  d\n", "a=b  d@1:5;", NULL, 0},
	{"a blank line neither", "a = b\n\n \t\n  d\n", "a=b  d@1:5;", NULL, 0},
	{"no comment behind a value", "a = b # c\n", "a=b # c@1:5;", NULL, 0},
	{"names are case-sensitive", "A = b\na = c\n", "A=b@1:5;a=c@2:5;", NULL, 0},
	{"equals in the value", "a = b = c\n", "a=b = c@1:5;", NULL, 0},
	{"no equals", "a = b\nfoo bar\nc = d\n", "a=b@1:5;c=d@3:5;",
		"missing '=' after attribute name: \"foo bar\"", 2},
	{"no name", "= b\n", "", "missing attribute name: \"= b\"", 1},
	{"the first error counts", "x\n= y\n", "", "missing '=' after attribute name: \"x\"", 1},
	{"indented first line is skipped", "  a = b\n c = d\ne = f\n", "e=f@3:5;", NULL, 0},
	{"only comments", "# a = b\n\n  #\n", "", NULL, 0},
	{"nothing", "", "", NULL, 0},
};

static void test_entries(void **state)
{
	const struct entry_case *c = *state;
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct pf_maincf maincf;
	struct mp_buf got;

	mp_findings_init(&findings, &arena);
	mp_buf_init(&got, 4096);
	char *text = mp_arena_strdup(&arena, c->text);
	pf_maincf_parse(&maincf, &arena,
		mp_source_new(&arena, "main.cf", "", mp_slice(text, strlen(text))), &findings);
	for (size_t i = 0; i < maincf.entries.n; i++) {
		const struct pf_setting *s = maincf.entries.v[i];
		struct mp_position at = mp_loc_position(pf_text_loc(s->raw, 0, s->raw.n));
		mp_buf_printf(&got, "%s=%s@%u:%u;", s->name, s->raw.s, at.line, at.column);
	}
	assert_string_equal(got.p, c->want);
	assert_int_equal(maincf.fatal, c->want_fatal != NULL);
	if (c->want_fatal != NULL) {
		assert_string_equal(maincf.fatal_text, c->want_fatal);
		assert_int_equal(mp_loc_position(maincf.fatal_at).line, c->want_fatal_line);
		assert_true(mp_findings_worst(&findings) == MP_ERROR);
	}
	mp_buf_release(&got);
	mp_vec_release(&maincf.entries);
	mp_map_release(&maincf.by_name);
	mp_findings_release(&findings);
	mp_arena_release(&arena);
}

/* Every problem is reported, each at its line. */
static void test_findings(void **state)
{
	static const struct {
		const char *text, *rule;
		unsigned line;
	} cases[] = {
		{"a = b\nfoo\nc\n", "maincf/missing-equals", 2},
		{"a = b\nfoo\nc\n", "maincf/missing-equals", 3},
		{"= c\n", "maincf/missing-name", 1},
		{"a = b\na = c\n", "maincf/duplicate", 2},
		{" a = b\n", "maincf/leading-space", 1},
		{"a = b\n#c = d\n  e\n", "maincf/orphan-continuation", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pf_fixture f = {0};
		pf_fixture_open(&f, cases[i].text, NULL);
		if (!pf_fixture_finding(&f, cases[i].rule, cases[i].line)) {
			fail_msg("no %s at line %u of \"%s\"", cases[i].rule, cases[i].line,
				cases[i].text);
		}
		pf_fixture_close(&f);
	}
}

/* What is no problem is not reported. */
static void test_silence(void **state)
{
	static const char *const cases[] = {
		"a = b\n# c = d\n  e\n", /* prose-like comment */
		"a = b\n#c\n  e\n",
		"a = b\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pf_fixture f = {0};
		pf_fixture_open(&f, cases[i], "smtp inet n - n - - smtpd\n");
		assert_int_equal(f.findings.list.n, 0);
		pf_fixture_close(&f);
	}
}

static void test_last_wins(void **state)
{
	struct pf_fixture f = {0};

	(void)state;
	pf_fixture_open(&f, "a = b\na = c\n", NULL);
	struct pf_setting *s = mp_map_get_str(&f.config->main.by_name, "a");
	assert_string_equal(s->raw.s, "c");
	assert_int_equal(f.config->main.entries.n, 2);
	pf_fixture_close(&f);
}

static void test_nul(void **state)
{
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct pf_maincf maincf;

	(void)state;
	mp_findings_init(&findings, &arena);
	char *text = mp_arena_memdup(&arena, "a = b\0c\nd = e\n", 14);
	pf_maincf_parse(&maincf, &arena, mp_source_new(&arena, "main.cf", "", mp_slice(text, 14)),
		&findings);
	assert_int_equal(maincf.entries.n, 2);
	assert_string_equal(maincf.entries.v[0]->raw.s, "b");
	assert_string_equal(maincf.entries.v[1]->raw.s, "e");
	assert_string_equal(findings.list.v[0].rule, "maincf/nul-byte");
	mp_vec_release(&maincf.entries);
	mp_map_release(&maincf.by_name);
	mp_findings_release(&findings);
	mp_arena_release(&arena);
}

int main(void)
{
	enum { CASES = sizeof entry_cases / sizeof entry_cases[0] };
	struct CMUnitTest tests[CASES + 4];
	size_t n = 0;

	for (size_t i = 0; i < CASES; i++) {
		tests[n++] = (struct CMUnitTest){
			entry_cases[i].name, test_entries, NULL, NULL, (void *)&entry_cases[i]};
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_findings);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_silence);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_last_wins);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_nul);
	return _cmocka_run_group_tests("postfix/maincf", tests, n, NULL, NULL);
}
