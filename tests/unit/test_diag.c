/* Places in sources, and the order of findings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "diag/finding.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void test_positions(void **state)
{
	static const struct {
		const char *text;
		size_t at;
		unsigned line, column;
		const char *whole;
	} rows[] = {
		{"abc", 0, 1, 1, "abc"},
		{"abc", 3, 1, 4, "abc"},
		{"a\nbc\nd", 2, 2, 1, "bc"},
		{"a\nbc\nd", 4, 2, 3, "bc"},
		{"a\nbc\nd", 5, 3, 1, "d"},
		{"a\r\nbc\r\n", 3, 2, 1, "bc"},
		{"a\n", 2, 1, 3, "a"}, /* the end of the file is no line of its own */
		{"\n\n\nx", 3, 4, 1, "x"},
		{"", 0, 1, 1, ""},
	};
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct mp_source *s =
			mp_source_new(&arena, "main.cf", "/x/main.cf", mp_slice_str(rows[i].text));
		struct mp_loc loc = mp_loc(s, rows[i].at, rows[i].at);
		struct mp_position p = mp_loc_position(loc);

		if (p.line != rows[i].line || p.column != rows[i].column ||
			!mp_slice_eq_str(mp_loc_line(loc), rows[i].whole)) {
			fail_msg("row %zu: %u:%u '%.*s'", i, p.line, p.column,
				MP_SLICE_ARG(mp_loc_line(loc)));
		}
		assert_string_equal(p.file, "main.cf");
	}
	struct mp_position nowhere = mp_loc_position((struct mp_loc){NULL, 0, 0});
	assert_string_equal(nowhere.file, "");
	assert_int_equal(nowhere.line, 0);
	assert_int_equal(mp_loc_text((struct mp_loc){NULL, 0, 0}).n, 0);
	mp_arena_release(&arena);
}

static void test_origins(void **state)
{
	struct mp_arena arena = {0};
	(void)state;
	const struct mp_source *mc =
		mp_source_new(&arena, "sendmail.mc", "sendmail.mc", mp_slice_str("a\nbc\n"));
	struct mp_source *cf = mp_source_new(&arena, "sendmail.cf", "", mp_slice_str("x\nyy\nz\n"));
	struct mp_loc origins[] = {mp_loc(mc, 2, 4), mp_loc(NULL, 0, 0), mp_loc(mc, 0, 1)};

	assert_null(mp_loc_origin(mp_loc(cf, 0, 1)).source);
	cf->generated = true;
	cf->origins = origins;
	assert_int_equal(mp_loc_position(mp_loc_origin(mp_loc(cf, 1, 1))).line, 2);
	assert_null(mp_loc_origin(mp_loc(cf, 3, 4)).source);
	assert_int_equal(mp_loc_position(mp_loc_origin(mp_loc(cf, 6, 6))).line, 1);
	assert_ptr_equal(mp_loc_origin(mp_loc(cf, 5, 6)).source, mc);
	assert_null(mp_loc_origin(mp_loc(mc, 0, 1)).source);
	assert_null(mp_loc_origin(mp_loc(NULL, 0, 0)).source);
	mp_arena_release(&arena);
}

/* Where a place ends does not matter, which source it is in does. */
static void test_same_place(void **state)
{
	struct mp_arena arena = {0};
	struct mp_slice text = mp_slice_str("abc");
	const struct mp_source *one = mp_source_new(&arena, "main.cf", "/x/main.cf", text);
	const struct mp_source *other = mp_source_new(&arena, "main.cf", "/x/main.cf", text);
	const struct mp_loc nowhere = {NULL, 0, 0};

	(void)state;
	assert_true(mp_loc_same(mp_loc(one, 1, 2), mp_loc(one, 1, 3)));
	assert_false(mp_loc_same(mp_loc(one, 1, 2), mp_loc(one, 0, 2)));
	assert_false(mp_loc_same(mp_loc(one, 1, 2), mp_loc(other, 1, 2)));
	assert_false(mp_loc_same(mp_loc(one, 0, 0), nowhere));
	assert_true(mp_loc_same(nowhere, nowhere));
	mp_arena_release(&arena);
}

static void test_findings(void **state)
{
	struct mp_arena arena = {0};
	struct mp_findings f;

	(void)state;
	mp_findings_init(&f, &arena);
	assert_int_equal(mp_findings_worst(&f), -1);
	mp_findings_sort(&f);
	const struct mp_source *b = mp_source_new(&arena, "b.cf", "b.cf", mp_slice_str("text"));
	const struct mp_source *a = mp_source_new(&arena, "a.cf", "a.cf", mp_slice_str("text"));
	mp_finding_add(&f, MP_NOTE, "r", mp_loc(b, 0, 1), "", "first of %s", "b");
	mp_finding_add(&f, MP_WARNING, "r", mp_loc(a, 2, 3), "", "second of a");
	mp_finding_add(&f, MP_WARNING, "r", mp_loc(a, 1, 3), "", "first of a");
	mp_finding_add(&f, MP_WARNING, "r", mp_loc(a, 1, 3), "", "first of a");
	mp_finding_add(&f, MP_WARNING, "q", mp_loc(a, 1, 3), "", "by rule");
	mp_finding_add(&f, MP_ERROR, "r", (struct mp_loc){NULL, 0, 0}, "", "nowhere");
	mp_findings_sort(&f);
	static const char *const want[] = {
		"nowhere", "by rule", "first of a", "second of a", "first of b"};
	assert_int_equal(f.list.n, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_string_equal(f.list.v[i].message, want[i]);
	}
	assert_int_equal(mp_findings_worst(&f), MP_ERROR);
	mp_findings_release(&f);
	mp_arena_release(&arena);
}

static void test_too_many(void **state)
{
	struct mp_arena arena = {0};
	struct mp_findings f;

	(void)state;
	mp_findings_init(&f, &arena);
	for (int i = 0; i < MP_LIMIT_FINDINGS; i++) {
		assert_non_null(mp_finding_add(
			&f, MP_NOTE, "r", (struct mp_loc){NULL, 0, 0}, "", "number %d", i));
	}
	assert_null(mp_finding_add(&f, MP_NOTE, "r", (struct mp_loc){NULL, 0, 0}, "", "one more"));
	assert_int_equal(f.list.n, MP_LIMIT_FINDINGS);
	assert_int_equal(f.dropped, 1);
	mp_findings_release(&f);
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions),
		cmocka_unit_test(test_origins),
		cmocka_unit_test(test_same_place),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
