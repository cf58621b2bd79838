/* Bytes: slices, numbers, UTF-8, bounded buffers, the map and the arena. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/number.h"
#include "base/utf8.h"
#include "base/vec.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void assert_slice(struct mp_slice got, const char *want)
{
	if (!mp_slice_eq_str(got, want)) {
		fail_msg("got '%.*s', want '%s'", MP_SLICE_ARG(got), want);
	}
}

static void test_slices(void **state)
{
	struct mp_slice s = mp_slice_str("abcdef");
	struct mp_slice none = {NULL, 0};

	(void)state;
	assert_slice(mp_slice_sub(s, 1, 3), "bc");
	assert_slice(mp_slice_sub(s, 4, 99), "ef");
	assert_slice(mp_slice_sub(s, 5, 2), "");
	assert_slice(mp_slice_from(s, 6), "");
	assert_slice(mp_slice_from(s, 7), "");
	assert_slice(mp_slice_sub(none, 0, 5), "");
	assert_slice(mp_slice_trim(mp_slice_str(" \t\r\n\v\fa b \n")), "a b");
	assert_slice(mp_slice_trim(mp_slice_str(" \n")), "");
	assert_slice(mp_slice_trim(none), "");
	assert_true(mp_slice_eq(none, mp_slice_str("")));
	assert_false(mp_slice_eq(mp_slice("a\0b", 3), mp_slice("a\0c", 3)));
	assert_true(mp_slice_ieq_str(mp_slice_str("MaIl"), "mAiL"));
	assert_false(mp_slice_ieq_str(mp_slice_str("\xc3\x84"), "\xc3\xa4")); /* ASCII only */
	assert_true(mp_slice_starts(s, "abc"));
	assert_true(mp_slice_starts(s, ""));
	assert_false(mp_slice_starts(s, "abcdefg"));
	assert_true(mp_slice_istarts(s, "ABC"));
	assert_true(mp_slice_ends(s, "def"));
	assert_false(mp_slice_ends(mp_slice_str("ef"), "def"));
	assert_int_equal(mp_slice_chr(mp_slice_str("a=b=c"), '='), 1);
	assert_int_equal(mp_slice_rchr(mp_slice_str("a=b=c"), '='), 3);
	assert_true(mp_slice_chr(none, '=') == MP_NOT_FOUND);
	assert_true(mp_slice_rchr(none, '=') == MP_NOT_FOUND);
	assert_int_equal(mp_slice_find(s, "ef"), 4);
	assert_int_equal(mp_slice_find(s, ""), 0);
	assert_true(mp_slice_find(s, "fg") == MP_NOT_FOUND);
	assert_true(mp_slice_cmp(mp_slice_str("ab"), mp_slice_str("abc")) < 0);
	assert_true(mp_slice_cmp(mp_slice_str("b"), mp_slice_str("abc")) > 0);
	assert_int_equal(mp_slice_cmp(none, none), 0);
	assert_true(mp_slice_cmp(mp_slice_str("\x80"), mp_slice_str("\x7f")) > 0);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *in;
		bool ok;
		long want;
	} ints[] = {
		{"0", true, 0},
		{"-0", true, 0},
		{"007", true, 7},
		{"+5", true, 5},
		{"-100", true, -100},
		{"100", true, 100},
		{"101", false, 0},
		{"-101", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"+", false, 0},
		{"+-1", false, 0},
		{"1 ", false, 0},
		{" 1", false, 0},
		{"0x1", false, 0},
		{"9223372036854775808", false, 0},
		{"99999999999999999999999999", false, 0},
	};
	unsigned long u = 77;

	(void)state;
	for (size_t i = 0; i < COUNT(ints); i++) {
		long got = 4711;
		bool ok = mp_parse_int(mp_slice_str(ints[i].in), -100, 100, &got);

		if (ok != ints[i].ok || got != (ok ? ints[i].want : 4711)) {
			fail_msg("'%s': %d, %ld", ints[i].in, ok, got);
		}
	}
	assert_false(mp_parse_uint(mp_slice_str("18446744073709551616"), 0, ULONG_MAX, &u));
	assert_false(mp_parse_uint(mp_slice_str("+1"), 0, 9, &u));
	assert_false(mp_parse_uint(mp_slice_str("3"), 4, 9, &u));
	assert_int_equal(u, 77);
	assert_true(mp_parse_uint(mp_slice_str("18446744073709551615"), 0, ULONG_MAX, &u));
	assert_true(u == ULONG_MAX);
}

static void test_utf8(void **state)
{
	static const struct {
		const char *in;
		size_t n, want;
	} rows[] = {
		{"a", 1, 1},
		{"\0", 1, 1},
		{"\xc3\xa4", 2, 2},
		{"\xe2\x82\xac", 3, 3},
		{"\xf0\x9f\x93\xa7", 4, 4},
		{"\xf4\x8f\xbf\xbf", 4, 4},
		{"", 0, 0},
		{"\x80", 1, 0}, /* continuation alone */
		{"\xc3", 1, 0}, /* cut */
		{"\xe2\x82", 2, 0},
		{"\xc0\x80", 2, 0}, /* overlong */
		{"\xc1\xbf", 2, 0},
		{"\xe0\x9f\xbf", 3, 0},
		{"\xf0\x8f\xbf\xbf", 4, 0},
		{"\xed\xa0\x80", 3, 0}, /* surrogate */
		{"\xf4\x90\x80\x80", 4, 0}, /* above U+10FFFF */
		{"\xf5\x80\x80\x80", 4, 0},
		{"\xc3(", 2, 0},
		{"\xe2\x82(", 3, 0},
		{"\xff", 1, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t got = mp_utf8_length(mp_slice(rows[i].in, rows[i].n));

		if (got != rows[i].want) {
			fail_msg("row %zu: %zu", i, got);
		}
	}
	assert_true(mp_utf8_valid(mp_slice_str("caf\xc3\xa9 \xe2\x82\xac")));
	assert_false(mp_utf8_valid(mp_slice_str("caf\xe9")));
	assert_true(mp_utf8_valid(mp_slice_str("")));
}

static void test_buffer(void **state)
{
	struct mp_buf b;

	(void)state;
	mp_buf_init(&b, 10);
	assert_string_equal(b.p, "");
	mp_buf_puts(&b, "abc");
	mp_buf_putc(&b, 'd');
	mp_buf_printf(&b, "%d", 12);
	assert_string_equal(b.p, "abcd12");
	assert_false(b.overflow);
	mp_buf_puts(&b, "12345");
	assert_string_equal(b.p, "abcd121234");
	assert_true(b.overflow);
	mp_buf_drop(&b, 4);
	assert_string_equal(b.p, "121234");
	mp_buf_truncate(&b, 2);
	assert_slice(mp_buf_slice(&b), "12");
	mp_buf_reset(&b);
	assert_false(b.overflow);
	assert_int_equal(b.n, 0);
	mp_buf_printf(&b, "%s", "0123456789abcdef");
	assert_string_equal(b.p, "0123456789");
	assert_true(b.overflow);
	char *p = mp_buf_detach(&b);
	assert_string_equal(p, "0123456789");
	free(p);
	assert_string_equal(b.p, "");
	mp_buf_put(&b, mp_slice("a\0b", 3));
	assert_int_equal(b.n, 3);
	mp_buf_release(&b);
	mp_buf_init(&b, 100000);
	for (int i = 0; i < 100000; i++) {
		mp_buf_putc(&b, 'x');
	}
	assert_false(b.overflow);
	mp_buf_putc(&b, 'x');
	assert_true(b.overflow);
	assert_int_equal(strlen(b.p), 100000);
	mp_buf_release(&b);
}

static void test_map(void **state)
{
	static char keys[2000][8];
	struct mp_map m = {0};
	int values[2] = {1, 2};

	(void)state;
	assert_null(mp_map_get_str(&m, "a"));
	for (size_t i = 0; i < COUNT(keys); i++) {
		snprintf(keys[i], sizeof keys[i], "k%zu", i);
		assert_null(mp_map_put(&m, mp_slice_str(keys[i]), keys[i]));
	}
	for (size_t i = 0; i < COUNT(keys); i++) {
		assert_ptr_equal(mp_map_get_str(&m, keys[i]), keys[i]);
		assert_ptr_equal(m.entries[i].value, keys[i]); /* order of insertion */
	}
	assert_null(mp_map_get_str(&m, "K1"));
	assert_null(mp_map_get_str(&m, ""));
	assert_ptr_equal(mp_map_put(&m, mp_slice_str("k7"), &values[0]), keys[7]);
	assert_ptr_equal(mp_map_get_str(&m, "k7"), &values[0]);
	assert_int_equal(m.n, COUNT(keys));
	mp_map_put(&m, mp_slice("a\0b", 3), &values[0]);
	mp_map_put(&m, mp_slice("a\0c", 3), &values[1]);
	assert_ptr_equal(mp_map_get(&m, mp_slice("a\0b", 3)), &values[0]);
	assert_ptr_equal(mp_map_get(&m, mp_slice("a\0c", 3)), &values[1]);
	mp_map_release(&m);
	assert_int_equal(m.n, 0);
}

static void test_arena(void **state)
{
	struct mp_arena a = {0};

	(void)state;
	char *big = mp_arena_alloc(&a, 1000000);
	big[999999] = 'x';
	for (size_t i = 0; i < 10000; i++) {
		char *p = mp_arena_alloc(&a, i % 97);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t k = 0; k < i % 97; k++) {
			assert_int_equal(p[k], 0);
			p[k] = 'y';
		}
	}
	assert_int_equal(big[999999], 'x');
	assert_string_equal(mp_arena_printf(&a, "%s-%d", "n", 5), "n-5");
	assert_string_equal(mp_arena_lower(&a, mp_slice_str("AbC\xc4")), "abc\xc4");
	assert_string_equal(mp_arena_slicedup(&a, mp_slice("abcdef", 3)), "abc");
	char *copy = mp_arena_memdup(&a, "a\0b", 3);
	assert_memory_equal(copy, "a\0b\0", 4);
	mp_arena_reset(&a);
	/* What is given out again is zeroed again. */
	for (size_t i = 0; i < 10000; i++) {
		char *p = mp_arena_alloc(&a, 97);
		for (size_t k = 0; k < 97; k++) {
			assert_int_equal(p[k], 0);
		}
	}
	mp_arena_release(&a);
	assert_string_equal(mp_arena_strdup(&a, "again"), "again");
	mp_arena_release(&a);
}

static void test_arena_room(void **state)
{
	struct mp_arena a = {0};
	size_t n = 0, cap = 0;
	unsigned *v = NULL;

	(void)state;
	while (n < 1000) {
		v = mp_arena_room(&a, v, n, &cap, sizeof *v, 3);
		v[n] = (unsigned)n;
		n++;
	}
	assert_int_equal(cap, 1536);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(v[i], i);
	}
	assert_ptr_equal(mp_arena_room(&a, v, n, &cap, sizeof *v, 3), v);
	mp_arena_release(&a);
}

static void test_vector(void **state)
{
	MP_VEC(size_t) v = {0};

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		mp_vec_push(&v, i * 3);
	}
	assert_int_equal(v.n, 1000);
	for (size_t i = 0; i < 1000; i++) {
		assert_int_equal(v.v[i], i * 3);
	}
	mp_vec_release(&v);
	assert_null(v.v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slices),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_buffer),
		cmocka_unit_test(test_map),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_arena_room),
		cmocka_unit_test(test_vector),
	};

	return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
