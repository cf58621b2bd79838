/* a finding as a person sees it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diag/finding.h"
#include "report/findings_text.h"
#include "report/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mp_source *source(struct mp_arena *arena, const char *name, const char *text)
{
	return mp_source_new(arena, name, name, mp_slice_str(text));
}

static void test_print(void **state)
{
	struct mp_arena arena = {0};
	struct mp_source *a = source(&arena, "main.cf", "x = 1\n\tbad \x1b value\n\ty = 2\n");
	struct mp_findings f;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	mp_findings_init(&f, &arena);
	mp_finding_add(&f, MP_ERROR, "t/one", mp_loc(a, 22, 23), "write it so", "wrong \x1b word");
	mp_finding_add(&f, MP_NOTE, "t/two", mp_loc(a, 8, 9), "", "no caret");
	mp_finding_print(out, false, &f.list.v[0]);
	mp_finding_print(out, false, &f.list.v[1]);
	fclose(out);
	assert_string_equal(text,
		"main.cf:3:4: error: wrong \\x1B word [t/one]\n    \ty = 2\n    \t  ^\n"
		"    to do: write it so\nmain.cf:2:3: note: no caret [t/two]\n");
	free(text);
	mp_findings_release(&f);
	mp_arena_release(&arena);
}

/* The text as a terminal gets it; the caller frees it. */
static char *safe(const char *s)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	mp_print_safe_str(out, s);
	fclose(out);
	return text;
}

/* What could reorder a line, or make two of it, is shown and not obeyed; other letters stay. */
static void test_directions(void **state)
{
	static const struct {
		const char *given, *shown;
	} cases[] = {
		{"z\xe2\x80\xaez", "z\\xE2\\x80\\xAEz"}, /* U+202E overrides */
		{"z\xe2\x81\xa6z", "z\\xE2\\x81\\xA6z"}, /* U+2066 isolates */
		{"\xe2\x81\xa9", "\\xE2\\x81\\xA9"},
		{"\xe2\x80\xa8", "\\xE2\\x80\\xA8"}, /* U+2028 parts lines */
		{"\xc2\x9b", "\\xC2\\x9B"}, /* CSI */
		{"\xe2\x80\xa7 \xe2\x81\xa5 \xe2\x82\xac \xd7\x90",
			"\xe2\x80\xa7 \xe2\x81\xa5 \xe2\x82\xac \xd7\x90"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char *text = safe(cases[i].given);
		assert_string_equal(text, cases[i].shown);
		free(text);
	}
}

/* The rule of a scenario that a user wrote, and what is to be done, come from files, too. */
static void test_rule_and_fix(void **state)
{
	struct mp_arena arena = {0};
	struct mp_findings f;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	mp_findings_init(&f, &arena);
	mp_finding_add(&f, MP_NOTE, "x/\x1b[31m", (struct mp_loc){0}, "\x1b[2J", "m");
	mp_finding_print(out, false, &f.list.v[0]);
	fclose(out);
	assert_string_equal(text, "note: m [x/\\x1B[31m]\n    to do: \\x1B[2J\n");
	free(text);
	mp_findings_release(&f);
	mp_arena_release(&arena);
}

static char *printed(const struct mp_findings *f, bool whole)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(whole ? mp_findings_print_whole : mp_findings_print)(out, false, f);
	fclose(out);
	return text;
}

/* The transaction that shows it, without the lines before; the place itself is not said twice. */
static void test_dialogue(void **state)
{
	static const char *const talk[] = {"S: 220 a", "C: EHLO x", "S: 250-a", "S: 250-AUTH PLAIN",
		"S: 250 DSN", "C: MAIL FROM:<>", "S: 250 ok", "C: RCPT TO:<a\x1b@b>", "S: 250 ok"};
	struct mp_arena arena = {0};
	struct mp_source *a = source(&arena, "main.cf", "x = 1\ny = 2\n");
	const struct mp_reason because[] = {
		{mp_loc(a, 4, 5), "1"}, {{0}, "y = 2 (default)"}, {mp_loc(a, 10, 11), "2"}};
	struct mp_findings f;

	(void)state;
	mp_findings_init(&f, &arena);
	struct mp_finding *one = mp_finding_add(&f, MP_ERROR, "t/one", mp_loc(a, 4, 5), "", "m");
	one->because = (struct mp_reasons){because, 3};
	one->dialogue = talk;
	one->dialogue_count = 9;
	char *text = printed(&f, false);
	assert_string_equal(text,
		"main.cf:1:5: error: m [t/one]\n    x = 1\n        ^\n"
		"    | C: MAIL FROM:<>\n    | S: 250 ok\n    | C: RCPT TO:<a\\x1B@b>\n"
		"    | S: 250 ok\n    see default: y = 2 (default)\n    see main.cf:2:5: 2\n");
	free(text);
	text = printed(&f, true);
	assert_non_null(strstr(text, "| S: 220 a\n    | C: EHLO x\n    | S: 250-a\n"));
	free(text);
	f.list.v[0].dialogue_count = 5;
	text = printed(&f, false);
	assert_non_null(
		strstr(text, "\n    | C: EHLO x\n    | S: 250-AUTH PLAIN\n    | S: 250 DSN\n"));
	assert_null(strstr(text, "220"));
	free(text);
	mp_findings_release(&f);
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
		cmocka_unit_test(test_dialogue),
		cmocka_unit_test(test_directions),
		cmocka_unit_test(test_rule_and_fix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
