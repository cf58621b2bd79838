/* test_table_entries - the entries of tables, and texts that their expressions match. */
#include "base/buf.h"
#include "table/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct bench {
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_tables *tables;
	struct mp_buf out;
};

/* Nothing is read from a file: the tables stand in their names, or in a source. */
static void open_bench(struct bench *b)
{
	static const struct mp_table_options options = {
		.version = 30711, .default_db_type = "hash"};

	memset(b, 0, sizeof *b);
	mp_findings_init(&b->findings, &b->arena);
	b->tables = mp_tables_new(&b->arena, NULL, &b->findings, &options);
	mp_buf_init(&b->out, 64 * 1024);
}

static void close_bench(struct bench *b)
{
	mp_buf_release(&b->out);
	mp_tables_free(b->tables);
	mp_findings_release(&b->findings);
	mp_arena_release(&b->arena);
}

static struct mp_table *open_text(struct bench *b, const char *spec, const char *text)
{
	struct mp_source *source = mp_source_new(&b->arena, "table", "table", mp_slice_str(text));

	return mp_table_open_source(b->tables, spec, source);
}

static const char *const kinds[] = {"key", "network", "pattern", "any"};

static bool put(void *context, const struct mp_table_entry *e)
{
	struct bench *b = context;
	struct mp_position at = mp_loc_position(e->loc);

	mp_buf_printf(&b->out, "%s %s = %s (%u)\n", kinds[e->kind], e->text, e->value, at.line);
	return true;
}

static const char *list(struct bench *b, struct mp_table *table, bool complete)
{
	mp_buf_reset(&b->out);
	assert_int_equal(mp_table_entries(table, put, b), complete);
	return b->out.p;
}

static void test_kinds(void **state)
{
	struct bench b;
	(void)state;

	open_bench(&b);
	assert_string_equal(
		list(&b, open_text(&b, "hash:x", "A.example OK\n# c\nb@c DUNNO x\n"), true),
		"key a.example = OK (1)\nkey b@c = DUNNO x (3)\n");
	assert_string_equal(list(&b,
				    open_text(&b, "cidr:x",
					    "10.0.0.0/8 OK\n!192.0.2.0/24 REJECT\n"
					    "if 2001:db8::/32\n2001:db8::1 OK\nendif\n"),
				    true),
		"network 10.0.0.0/8 = OK (1)\nnetwork !192.0.2.0/24 = REJECT (2)\n"
		"network 2001:db8::/32 =  (3)\nnetwork 2001:db8::1/128 = OK (4)\n");
	assert_string_equal(list(&b,
				    open_text(&b, "pcre:x",
					    "/^a(.)/ $1 x\n!/b/i  REJECT\nif /c/\n/d/ OK\nendif\n"),
				    true),
		"pattern /^a(.)/ = $1 x (1)\npattern !/b/i = REJECT (2)\npattern /d/ = OK (4)\n");
	assert_string_equal(
		list(&b, mp_table_open(b.tables, "static:OK", mp_loc(NULL, 0, 0)), true),
		"any static:OK = OK (0)\n");
	assert_string_equal(list(&b,
				    mp_table_open(b.tables, "unionmap:{inline:{a=1}, static:2}",
					    mp_loc(NULL, 0, 0)),
				    true),
		"key a = 1 (0)\nany static:2 = 2 (0)\n");
	assert_string_equal(list(&b,
				    mp_table_open(b.tables, "pipemap:{inline:{a=b}, inline:{b=c}}",
					    mp_loc(NULL, 0, 0)),
				    true),
		"key a = b (0)\n");
	assert_string_equal(
		list(&b, mp_table_open(b.tables, "fail:x", mp_loc(NULL, 0, 0)), true), "");
	assert_string_equal(
		list(&b, mp_table_open(b.tables, "mysql:x", mp_loc(NULL, 0, 0)), false), "");
	assert_string_equal(list(&b,
				    mp_table_open(b.tables, "unionmap:{inline:{a=1}, mysql:x}",
					    mp_loc(NULL, 0, 0)),
				    false),
		"key a = 1 (0)\n");
	close_bench(&b);
}

static bool stop_at_second(void *context, const struct mp_table_entry *e)
{
	unsigned *seen = context;

	(void)e;
	return ++*seen < 2;
}

static void test_stop(void **state)
{
	struct bench b;
	unsigned seen = 0;
	(void)state;

	open_bench(&b);
	mp_table_entries(open_text(&b, "hash:x", "a 1\nb 2\nc 3\n"), stop_at_second, &seen);
	assert_int_equal(seen, 2);
	close_bench(&b);
}

/* For each rule, a sample that finds it (in brackets: of none the number of tries). */
static bool put_sample(void *context, const struct mp_table_entry *e)
{
	struct bench *b = context;

	for (unsigned i = 0; i < 64; i++) {
		const char *text = mp_table_sample(e, i, &b->arena);
		if (text != NULL && mp_table_finds(e, text)) {
			mp_buf_printf(&b->out, "%s\n", text);
			return true;
		}
	}
	mp_buf_puts(&b->out, "-\n");
	return true;
}

static const char *samples(struct bench *b, const char *spec, const char *text)
{
	mp_buf_reset(&b->out);
	mp_table_entries(open_text(b, spec, text), put_sample, b);
	return b->out.p;
}

/* The expressions of real access tables. */
static void test_samples(void **state)
{
	struct bench b;
	(void)state;

	open_bench(&b);
	assert_string_equal(samples(&b, "pcre:x",
				    "/^postmaster@/ OK\n"
				    "/@example\\.(com|net)$/ OK\n"
				    "/^(.+)-bounces\\+.*@lists\\.example$/ OK\n"
				    "/^\\d{1,3}[-.]\\d+[.]dsl\\.example$/ REJECT\n"
				    "/[^[:alnum:]]{2}$/ REJECT\n"
				    "/^(?:spam|ham)er(?!x)\\b/ REJECT\n"
				    "/^$/ REJECT\n"
				    "!/^never/ OK\n"),
		"postmaster@\n@example.com\na-bounces+@lists.example\n0.0.dsl.example\n.."
		"\nspamer\n\n"
		"-\n");
	assert_string_equal(samples(&b, "regexp:x",
				    "/^[^@]+$/ REJECT\n/^user@example\\.org$/ OK\n"
				    "/[%!@].*[%!@]/ 550\n/a{2,3}(b|c)*d?/!/aab/ OK\n"),
		"a\nuser@example.org\n@@\n-\n");
	assert_string_equal(
		samples(&b, "pcre:x", "if /@inner\\.example$/\n/^alice/ OK\n/./ DUNNO\nendif\n"),
		"alice@inner.example\na@inner.example\n");
	/* Behind a rule that matches all nothing is found; a back reference is not followed. */
	assert_string_equal(samples(&b, "pcre:x", "/./ OK\n/a/ REJECT\n"), "a\n-\n");
	assert_string_equal(samples(&b, "pcre:x", "/^(a|b)\\1$/ OK\n"), "-\n");
	close_bench(&b);
}

/* The C library doubles an expression for each of these. */
static void test_doubling(void **state)
{
	struct bench b;
	(void)state;

	open_bench(&b);
	assert_string_equal(
		samples(&b, "regexp:x",
			"/a++++++++++++++++++++++++++++++++++++++++++++++++++++++++++++/ OK\n"
			"/a\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+/x OK\n"
			"/^b+c\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+\\+$/ OK\n"),
		"bc++++++++++++++++++++\n");
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_stop), cmocka_unit_test(test_samples),
		cmocka_unit_test(test_doubling)};

	return cmocka_run_group_tests_name("entries of tables", tests, NULL, NULL);
}
