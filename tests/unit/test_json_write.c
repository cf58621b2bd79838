/* JSON out: structure, escapes, bytes that are no UTF-8; and what goes to a terminal */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "report/terminal.h"
#include "json/read.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *written(void (*write)(struct mp_json_writer *w), bool pretty)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);
	struct mp_json_writer w;

	assert_non_null(out);
	mp_json_writer_init(&w, out, pretty);
	write(&w);
	fclose(out);
	/* A copy: gcc takes what open_memstream() wrote to `text` for its address. */
	char *copy = mp_memdup(text, n);
	free(text);
	return copy;
}

static void nested(struct mp_json_writer *w)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "a", "b");
	mp_json_key(w, "list");
	mp_json_begin_array(w);
	mp_json_put_integer(w, -1);
	mp_json_put_bool(w, true);
	mp_json_put_null(w);
	mp_json_begin_object(w);
	mp_json_end_object(w);
	mp_json_end_array(w);
	mp_json_end_object(w);
	mp_json_newline(w);
	mp_json_begin_array(w);
	mp_json_end_array(w);
}

static void odd_bytes(struct mp_json_writer *w)
{
	mp_json_put_slice(w, mp_slice("q\" b\\ \n\r\t\0\x1b\x7f \xc3\xa9 \xff\xc2\x9b", 19));
}

static void test_structure(void **state)
{
	char *text = written(nested, false);

	(void)state;
	assert_string_equal(text, "{\"a\": \"b\", \"list\": [-1, true, null, {}]}\n[]");
	free(text);
	text = written(nested, true);
	struct mp_json *v = mp_json_parse(
		"t", 0, mp_slice(text, (size_t)(strrchr(text, '}') - text) + 1), NULL);
	assert_non_null(v);
	assert_int_equal(mp_json_count(mp_json_get(v, "list")), 4);
	mp_json_free(v);
	free(text);
}

static void flat(struct mp_json_writer *w)
{
	w->flat_from = 2;
	mp_json_begin_object(w);
	mp_json_string_member(w, "a", "b");
	mp_json_key(w, "list");
	mp_json_begin_array(w);
	mp_json_begin_object(w);
	mp_json_integer_member(w, "n", 1);
	mp_json_integer_member(w, "m", 2);
	mp_json_end_object(w);
	mp_json_put_null(w);
	mp_json_end_array(w);
	mp_json_end_object(w);
	mp_json_newline(w);
}

static void integers(struct mp_json_writer *w)
{
	mp_json_begin_array(w);
	mp_json_put_integer(w, 0);
	mp_json_put_integer(w, 9223372036854775807LL);
	mp_json_put_integer(w, -9223372036854775807LL - 1);
	mp_json_end_array(w);
}

/* What lies deep stands on one line. */
static void test_flat(void **state)
{
	char *text = written(flat, true);

	(void)state;
	assert_string_equal(
		text, "{\n  \"a\": \"b\",\n  \"list\": [{\"n\": 1, \"m\": 2}, null]\n}\n");
	free(text);
	text = written(integers, false);
	assert_string_equal(text, "[0, 9223372036854775807, -9223372036854775808]");
	free(text);
}

static char sample[20];

static void put_sample(struct mp_json_writer *w)
{
	mp_json_begin_array(w);
	mp_json_put_slice(w, mp_slice(sample, sizeof sample));
	mp_json_end_array(w);
}

/* Every byte at every place of a longer text comes back as it was, or as \xNN. */
static void test_every_byte(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		for (size_t at = 0; at < sizeof sample; at++) {
			struct mp_err err = {0};
			char want[sizeof sample + 8] = "";
			memset(sample, 'a', sizeof sample);
			sample[at] = (char)byte;
			memset(want, 'a', sizeof sample);
			if (byte < 0x80) {
				want[at] = (char)byte;
			} else {
				snprintf(want + at, sizeof want - at, "\\x%02X", byte);
				memset(want + at + 4, 'a', sizeof sample - at - 1);
			}
			char *text = written(put_sample, false);
			struct mp_json *back = mp_json_parse("sample", 0, mp_slice_str(text), &err);
			assert_non_null(back);
			struct mp_slice got = mp_json_string(mp_json_item(back, 0));
			size_t n = byte < 0x80 ? sizeof sample : sizeof sample + 3;
			assert_int_equal(got.n, n);
			assert_memory_equal(got.p, want, n);
			mp_json_free(back);
			free(text);
		}
	}
}

static void test_escapes(void **state)
{
	char *text = written(odd_bytes, false);

	(void)state;
	assert_string_equal(
		text, "\"q\\\" b\\\\ \\n\\r\\t\\u0000\\u001b\\u007f \xc3\xa9 \\\\xFF\\u009b\"");
	struct mp_json *v = mp_json_parse("t", 0, mp_slice_str(text), NULL);
	assert_non_null(v);
	mp_json_free(v);
	free(text);
}

static void test_terminal(void **state)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	mp_print_safe(out, mp_slice("a\x1b[31m\xc3\xa9\xc2\x9b\xff\0\xe2\x80\xae.", 16));
	fclose(out);
	assert_string_equal(text, "a\\x1B[31m\xc3\xa9\\xC2\\x9B\\xFF\\x00\\xE2\\x80\\xAE.");
	free(text);
}

static void test_read(void **state)
{
	struct mp_err err = {0};
	static const char text[] = "{\"a\": [1, \"x\\u0000y\", null], \"b\": true}";
	struct mp_json *v = mp_json_parse("t", 0, mp_slice_str(text), &err);

	(void)state;
	assert_non_null(v);
	const struct mp_json *a = mp_json_get(v, "a");
	assert_int_equal(mp_json_integer(mp_json_item(a, 0)), 1);
	assert_int_equal(mp_json_string(mp_json_item(a, 1)).n, 3);
	assert_int_equal(mp_json_type(mp_json_item(a, 2)), MP_JSON_NULL);
	assert_null(mp_json_item(a, 3));
	assert_true(mp_json_bool(mp_json_get(v, "b")));
	assert_null(mp_json_get(v, "c"));
	assert_string_equal(mp_json_cstring(mp_json_get(v, "b")), "");
	void *at = NULL;
	const char *key;
	const struct mp_json *value;
	assert_true(mp_json_next(v, &at, &key, &value));
	assert_string_equal(key, "a");
	assert_true(mp_json_next(v, &at, &key, &value));
	assert_false(mp_json_next(v, &at, &key, &value));
	mp_json_free(v);
	assert_null(mp_json_parse("t", 4, mp_slice_str("{\"a\": 1,\n \"a\": 2}"), &err));
	assert_non_null(strstr(err.text, "t:6:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_structure),
		cmocka_unit_test(test_flat),
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_escapes),
		cmocka_unit_test(test_terminal),
		cmocka_unit_test(test_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
