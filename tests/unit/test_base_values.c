/* numbers, UTF-8, errors: reading and saying values */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/number.h"
#include "base/utf8.h"

#include <limits.h>
#include <string.h>

static void test_numbers(void **state)
{
	unsigned long u = 7;
	long i = 7;

	(void)state;
	assert_true(mp_parse_uint(mp_slice_str("0"), 0, 10, &u));
	assert_int_equal(u, 0);
	assert_false(mp_parse_uint(mp_slice_str("11"), 0, 10, &u));
	assert_false(mp_parse_uint(mp_slice_str(""), 0, 10, &u));
	assert_false(mp_parse_uint(mp_slice_str("1 "), 0, 10, &u));
	assert_false(mp_parse_uint(mp_slice_str("18446744073709551616"), 0, ULONG_MAX, &u));
	assert_true(mp_parse_uint(mp_slice_str("18446744073709551615"), 0, ULONG_MAX, &u));
	assert_true(u == ULONG_MAX);
	assert_true(mp_parse_int(mp_slice_str("-5"), -10, 10, &i));
	assert_int_equal(i, -5);
	assert_true(mp_parse_int(mp_slice_str("+5"), -10, 10, &i));
	assert_false(mp_parse_int(mp_slice_str("--5"), -10, 10, &i));
	assert_false(mp_parse_int(mp_slice_str("-"), -10, 10, &i));
}

static void test_utf8(void **state)
{
	static const struct {
		const char *text;
		bool valid;
	} cases[] = {
		{"", true},
		{"plain", true},
		{"\xc3\xa9", true},
		{"\xe2\x82\xac", true},
		{"\xf0\x9f\x98\x80", true},
		{"\xc0\x80", false}, /* overlong */
		{"\xe0\x9f\xbf", false}, /* overlong */
		{"\xed\xa0\x80", false}, /* surrogate */
		{"\xf4\x90\x80\x80", false}, /* above U+10FFFF */
		{"\xe2\x82", false}, /* cut */
		{"\x80", false},
		{"a\xff", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(mp_utf8_valid(mp_slice_str(cases[i].text)), cases[i].valid);
	}
}

static void test_errors(void **state)
{
	struct mp_err err = {0};

	(void)state;
	assert_int_equal(mp_err_set(NULL, MP_ERR_USAGE, "nobody listens"), -1);
	assert_int_equal(mp_err_set(&err, MP_ERR_INPUT, "%s", "cannot open"), -1);
	assert_int_equal(mp_err_wrap(&err, "reading %s", "main.cf"), -1);
	assert_string_equal(err.text, "reading main.cf: cannot open");
	assert_int_equal(err.code, MP_ERR_INPUT);
	for (int i = 0; i < 500; i++) {
		mp_err_wrap(&err, "again and again");
	}
	assert_true(strlen(err.text) < sizeof err.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_errors),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
