/* Tables of every type, opened by name over files in a temporary folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "folder.h"
#include "table/table.h"
#include "world/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

static char top[FOLDER_PATH];

static const char *at(const char *name)
{
	return folder_path(top, name);
}

static void put(const char *name, const char *text)
{
	folder_put(top, name, text);
}

static int setup(void **state)
{
	(void)state;
	folder_make(top);
	put("main.cf", "myhostname = mx.example.org\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_remove(top);
	return 0;
}

/* Everything that a table needs around it. */
struct bench {
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_input *input;
	struct mp_tables *tables;
	struct mp_facts *facts;
	struct mp_world *world;
	char asked[8][200];
	char offered[8][200]; /* the answers, joined */
	size_t asked_count;
	const char *answer; /* to all questions; NULL: the first one offered */
};

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	struct bench *b = context;

	if (b->asked_count < 8) {
		char *out = b->offered[b->asked_count];
		snprintf(b->asked[b->asked_count++], sizeof b->asked[0], "%s", question);
		out[0] = '\0';
		for (size_t i = 0; i < n; i++) {
			size_t used = strlen(out);
			snprintf(out + used, sizeof b->offered[0] - used, "%s%s", i > 0 ? " " : "",
				answers[i]);
		}
	}
	return b->answer != NULL ? b->answer : answers[0];
}

static struct bench *open_bench(bool complete, struct mp_table_options options)
{
	struct bench *b = mp_alloc(sizeof *b);
	struct mp_input_options input_options = {.type = "postfix", .isolated = true};
	struct mp_err err = {MP_ERR_NONE, ""};

	b->input = mp_input_open(top, &input_options, &err);
	assert_non_null(b->input);
	mp_input_set_complete(b->input, complete);
	mp_findings_init(&b->findings, &b->arena);
	b->tables = mp_tables_new(&b->arena, b->input, &b->findings, &options);
	b->facts = mp_facts_new();
	b->world = mp_world_new_interactive(b->facts, answer, b);
	return b;
}

static void close_bench(struct bench *b)
{
	mp_world_free(b->world);
	mp_facts_free(b->facts);
	mp_tables_free(b->tables);
	mp_findings_release(&b->findings);
	mp_input_free(b->input);
	mp_arena_release(&b->arena);
	free(b);
}

static struct mp_table *table(struct bench *b, const char *spec)
{
	return mp_table_open(b->tables, spec, mp_loc(NULL, 0, 0));
}

static struct mp_table_result find(
	struct bench *b, const char *spec, const char *key, enum mp_table_role role)
{
	return mp_table_lookup(table(b, spec), b->world, key, role, &b->arena);
}

/* want: the value, NULL for not found, "!" for an error. */
static void check(struct bench *b, const char *spec, const char *key, const char *want)
{
	struct mp_table_result r = find(b, spec, key, MP_ROLE_VALUE);

	if (want == NULL || want[0] == '!') {
		if (r.status != (want == NULL ? MP_TABLE_NONE : MP_TABLE_ERROR)) {
			fail_msg("%s [%s]: status %d", spec, key, (int)r.status);
		}
	} else if (r.status != MP_TABLE_FOUND || !mp_str_eq(r.value, want)) {
		fail_msg("%s [%s]: status %d, value %s", spec, key, (int)r.status,
			r.value != NULL ? r.value : "");
	}
}

/* Whether there is a finding of this rule in this line (0: in no file). */
static bool has_finding(const struct bench *b, const char *rule, unsigned line, unsigned column)
{
	for (size_t i = 0; i < b->findings.list.n; i++) {
		const struct mp_finding *f = &b->findings.list.v[i];
		struct mp_position p = mp_loc_position(f->loc);
		if (mp_str_eq(f->rule, rule) && p.line == line &&
			(line == 0 || p.column == column)) {
			return true;
		}
	}
	return false;
}

static void test_in_name(void **state)
{
	static const struct {
		const char *spec, *key, *want;
	} cases[] = {
		{"static:a b", "x", "a b"},
		{"static:{ a b }", "x", "a b"},
		{"static:{}", "x", ""},
		{"static:{a} b", "x", "!"},
		{"inline:{a=1,b=2 c=3}", "B", "2"},
		{"inline:{ {x = y z}, Abc=Def , a=1 a=2}", "x", "y z"},
		{"inline:{ {x = y z}, Abc=Def , a=1 a=2}", "abc", "Def"},
		{"inline:{ {x = y z}, Abc=Def , a=1 a=2}", "a", "2"},
		{"inline:{{a = b}c}", "a", "!"},
		{"inline:{a}", "a", "!"},
		{"inline:{}", "a", "!"},
		{"inline:a=b", "a", "!"},
		{"inline:{a=b=c}", "a", "b=c"},
		{"inline:{{\"x y\" = 1}}", "\"x y\"", "1"},
		{"inline:{\"x y\"=1}", "x", "!"},
		{"inline:{{\xc3\x9f = 1}}", "SS", "1"},
		{"inline:{a=\xe4}", "a", "!"},
		{"fail:x", "x", "!"},
		{"internal:x", "x", NULL},
		{"nosuch:x", "x", "!"},
		{"hash:", "x", "!"},
		{"x", "x", "!"},
		{"unix:x", "x", "!"},
		{"unionmap:{static:a,inline:{b=c}}", "b", "a,c"},
		{"unionmap:{static:a,inline:{b=c}}", "x", "a"},
		{"unionmap:{inline:{b=c},inline:{c=d}}", "x", NULL},
		{"unionmap:{static:a,fail:x}", "x", "!"},
		{"unionmap:{ static:a , static:{b c}  }", "x", "a,b c"},
		{"unionmap:{a}", "x", "!"},
		{"unionmap:{nosuch:a}", "x", "!"},
		{"unionmap:static:a", "x", "!"},
		{"pipemap:{inline:{x=Y},inline:{y=c}}", "X", "c"},
		{"pipemap:{inline:{x=Y},inline:{y=c}}", "y", NULL},
		{"pipemap:{inline:{x=Y},fail:x}", "x", "!"},
		{"pipemap:{inline:{x=Y},fail:x}", "y", NULL},
		{"randmap:{a}", "x", "a"},
		{"randmap:{{a b}}", "x", "{a b}"},
		{"randmap:{ }", "x", "!"},
		{"proxy:static:a", "x", "a"},
		{"proxy:proxy:inline:{a=b}", "A", "b"},
		{"cidr:{{192.0.2.1 a}, {!192.0.2.0/24 b}}", "192.0.2.1", "a"},
		{"cidr:{{192.0.2.1 a}, {!192.0.2.0/24 b}}", "192.0.3.1", "b"},
		{"cidr:{{192.0.2.1 a}, {!192.0.2.0/24 b}}", "2001:db8::1", NULL},
		{"cidr:{192.0.2.1 a}", "192.0.2.1", "!"},
		{"pcre:{{/a/ b}, {/c,d/ e}}", "c,d", "e"},
		{"regexp:{ {if /a/} {/b/ c} {endif}}", "ab", "c"},
		{"regexp:{ {if /a/} {/b/ c} {endif}}", "b", NULL},
		{"regexp:{}", "b", NULL},
		{"regexp:{", "b", "!"},
	};

	(void)state;
	struct bench *b = open_bench(true, (struct mp_table_options){.version = 30711});
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		check(b, cases[i].spec, cases[i].key, cases[i].want);
	}
	assert_int_equal(b->asked_count, 0);
	assert_non_null(mp_table_fatal(table(b, "hash:")));
	assert_non_null(mp_table_fatal(table(b, "unionmap:{static:}")));
	assert_null(mp_table_fatal(table(b, "nosuch:x")));
	assert_ptr_equal(table(b, "static:a b"), table(b, "static:a b"));
	close_bench(b);
}

static void test_fixed(void **state)
{
	static const struct {
		const char *spec;
		bool want;
	} cases[] = {{"static:x", true}, {"inline:{a=b}", true}, {"unix:passwd.byname", true},
		{"ldap:x", true}, {"hash:/nowhere/x", true}, {"texthash:/nowhere/x", true},
		{"pcre:/nowhere/x", false}, {"cidr:/nowhere/x", false}, {"tcp:localhost:1", false},
		{"socketmap:inet:localhost:1:x", false}, {"fail:x", false}, {"nosuch:x", false},
		{"unionmap:{static:a,inline:{b=c}}", true}, {"unionmap:{static:a,regexp:{}}", true},
		{"pipemap:{regexp:{},regexp:{}}", false}, {"proxy:static:x", true},
		{"proxy:regexp:{}", false}};

	(void)state;
	struct bench *b = open_bench(false, (struct mp_table_options){0});
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		if (mp_table_is_fixed(table(b, cases[i].spec)) != cases[i].want) {
			fail_msg("%s", cases[i].spec);
		}
	}
	close_bench(b);
}

static void test_suffix(void **state)
{
	static const struct {
		const char *type, *want;
	} cases[] = {{"hash", ".db"}, {"btree", ".db"}, {"lmdb", ".lmdb"}, {"cdb", ".cdb"},
		{"dbm", ".pag"}, {"sdbm", ".pag"}, {"texthash", "none"}, {"hash:", "none"},
		{"", "none"}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *got = mp_table_suffix(mp_slice_str(cases[i].type));
		assert_string_equal(got != NULL ? got : "none", cases[i].want);
	}
}

static void test_text(void **state)
{
	struct mp_strings keys;

	(void)state;
	put("text",
		"a b\n c d\n#x\n\t e\n\"q k\"@x v\nq\\ k v2\n\"unb v\nA x\nnoval\nal: ias\nDup 1\n"
		"dUP 2\n\xc3\x84 u\n\xe4 l\nlast  1 \r");
	put("indented", " a b\nc d\n");
	put("text.db", "");
	struct bench *b = open_bench(true, (struct mp_table_options){0});
	check(b, "hash:/etc/postfix/text", "A", "b c d\t e");
	check(b, "hash:/etc/postfix/text", "\"Q k\"@x", "v");
	check(b, "hash:/etc/postfix/text", "q\\ k", "v2");
	check(b, "hash:/etc/postfix/text", "noval", NULL);
	check(b, "hash:/etc/postfix/text", "al:", "ias");
	check(b, "hash:/etc/postfix/text", "dup", "1");
	check(b, "hash:/etc/postfix/text", "\xc3\xa4", "u");
	check(b, "hash:/etc/postfix/text", "\xe4", NULL);
	check(b, "hash:/etc/postfix/text", "last", "1");
	check(b, "hash:/etc/postfix/text", "", NULL);
	assert_true(has_finding(b, "table/bad-line", 7, 1));
	assert_true(has_finding(b, "table/duplicate", 8, 1));
	assert_true(has_finding(b, "table/bad-line", 9, 1));
	assert_true(has_finding(b, "table/alias-format", 10, 1));
	assert_true(has_finding(b, "table/duplicate", 12, 1));
	assert_true(has_finding(b, "table/bad-line", 14, 1));
	assert_int_equal(b->findings.list.n, 6);
	struct mp_table_result r = find(b, "hash:/etc/postfix/text", "a", MP_ROLE_VALUE);
	assert_int_equal(mp_loc_position(r.loc).line, 1);
	assert_true(mp_table_keys(table(b, "hash:/etc/postfix/text"), &keys));
	assert_int_equal(keys.n, 7);
	assert_string_equal(keys.v[1], "\"q k\"@x");
	check(b, "texthash:/etc/postfix/text", "a", "!");
	check(b, "hash:/etc/postfix/indented", "a", NULL);
	check(b, "hash:/etc/postfix/indented", "c", "d");
	assert_true(has_finding(b, "table/indented-line", 1, 1));
	assert_true(has_finding(b, "table/not-compiled", 0, 0));
	close_bench(b);
	b = open_bench(true, (struct mp_table_options){.bytes_only = true});
	check(b, "hash:/etc/postfix/text", "\xe4", "l");
	check(b, "hash:/etc/postfix/text", "\xc3\xa4", NULL);
	close_bench(b);
}

static void test_compiled(void **state)
{
	struct utimbuf past = {1000000000, 1000000000};

	(void)state;
	put("stale", "a b\n");
	put("stale.db", "");
	assert_int_equal(utime(at("stale.db"), &past), 0);
	put("alone.db", "");
	struct bench *b = open_bench(true, (struct mp_table_options){0});
	check(b, "btree:/etc/postfix/stale", "a", "b");
	assert_true(has_finding(b, "table/stale", 0, 0));
	check(b, "hash:/etc/postfix/alone", "a", NULL);
	assert_int_equal(b->asked_count, 1);
	assert_string_equal(b->asked[0], "table.lookup hash:/etc/postfix/alone a");
	check(b, "hash:/etc/postfix/absent", "a", "!");
	assert_int_equal(b->asked_count, 1);
	close_bench(b);
}

static void test_aliases(void **state)
{
	(void)state;
	put("aliases",
		"# c\nroot: alice\n\"a b\": c\nA.B: d,\n e\nbad\n@x: y\npost\"master\" : z\nx:\n");
	put("lists", "list: a\n");
	struct bench *b = open_bench(true, (struct mp_table_options){0});
	mp_tables_name_alias(b->tables, "hash:/etc/postfix/lists");
	check(b, "hash:/etc/postfix/aliases", "ROOT", "alice");
	check(b, "hash:/etc/postfix/aliases", "a b", "c");
	check(b, "hash:/etc/postfix/aliases", "a.b", "d, e");
	check(b, "hash:/etc/postfix/aliases", "bad", NULL);
	check(b, "hash:/etc/postfix/aliases", "@x", NULL);
	check(b, "hash:/etc/postfix/aliases", "post master", "z");
	check(b, "hash:/etc/postfix/aliases", "x", NULL);
	check(b, "proxy:hash:/etc/postfix/lists", "list", "a");
	assert_true(has_finding(b, "table/bad-line", 6, 1));
	assert_true(has_finding(b, "table/bad-line", 7, 1));
	assert_true(has_finding(b, "table/bad-line", 9, 1));
	close_bench(b);
	b = open_bench(false, (struct mp_table_options){0});
	assert_int_equal(find(b, "hash:/etc/aliases", "Bob", MP_ROLE_EXISTS).status, MP_TABLE_NONE);
	assert_string_equal(b->asked[0], "alias.exists bob");
	close_bench(b);
}

static void test_questions(void **state)
{
	static const struct {
		enum mp_table_role role;
		const char *answer, *offered, *value;
		enum mp_table_status status;
		bool outside;
	} cases[] = {
		{MP_ROLE_EXISTS, "found", "found none tempfail", "{table.value}", MP_TABLE_FOUND,
			true},
		{MP_ROLE_EXISTS, "none", "found none tempfail", NULL, MP_TABLE_NONE, false},
		{MP_ROLE_EXISTS, "tempfail", "found none tempfail", NULL, MP_TABLE_ERROR, false},
		{MP_ROLE_ACTION, "permit", "none permit neutral reject tempfail", "permit",
			MP_TABLE_FOUND, true},
		{MP_ROLE_ACTION, "REJECT go away", "none permit neutral reject tempfail",
			"REJECT go away", MP_TABLE_FOUND, false},
		{MP_ROLE_VALUE, "other", "none other tempfail", "{table.value}", MP_TABLE_FOUND,
			true},
		{MP_ROLE_VALUE, "alice", "none other tempfail", "alice", MP_TABLE_FOUND, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench *b = open_bench(false, (struct mp_table_options){0});
		b->answer = cases[i].answer;
		struct mp_table_result r = find(b, "ldap:/etc/postfix/l.cf", "Key", cases[i].role);
		assert_string_equal(b->asked[0], "table.lookup ldap:/etc/postfix/l.cf key");
		assert_string_equal(b->offered[0], cases[i].offered);
		assert_int_equal(r.status, cases[i].status);
		assert_int_equal(r.outside, cases[i].outside);
		if (cases[i].value != NULL) {
			assert_string_equal(r.value, cases[i].value);
		}
		close_bench(b);
	}
}

static void test_absent(void **state)
{
	(void)state;
	struct bench *b = open_bench(false, (struct mp_table_options){0});
	find(b, "hash:/etc/postfix/absent", "Key", MP_ROLE_VALUE);
	find(b, "pcre:/etc/postfix/absent", "Key", MP_ROLE_VALUE);
	assert_int_equal(b->asked_count, 3); /* the file's existence is asked once */
	assert_string_equal(b->asked[0], "file.exists /etc/postfix/absent");
	assert_string_equal(b->asked[1], "table.lookup hash:/etc/postfix/absent key");
	assert_string_equal(b->offered[1], "none other");
	assert_string_equal(b->asked[2], "table.lookup pcre:/etc/postfix/absent Key");
	close_bench(b);
	b = open_bench(false, (struct mp_table_options){0});
	b->answer = "none";
	check(b, "hash:/etc/postfix/absent", "key", "!");
	close_bench(b);
	b = open_bench(true, (struct mp_table_options){0});
	check(b, "hash:/etc/postfix/absent", "key", "!");
	check(b, "mysql:/etc/postfix/absent", "key", "!");
	assert_int_equal(b->asked_count, 0);
	assert_true(has_finding(b, "table/missing-file", 0, 0));
	close_bench(b);
}

static void test_users(void **state)
{
	(void)state;
	struct bench *b = open_bench(false, (struct mp_table_options){0});
	b->answer = "found";
	struct mp_table_result r = find(b, "proxy:unix:passwd.byname", "Alice", MP_ROLE_EXISTS);
	assert_int_equal(r.status, MP_TABLE_FOUND);
	assert_true(strncmp(r.value, "alice:", 6) == 0);
	assert_string_equal(b->asked[0], "user.exists alice");
	check(b, "proxy:unix:passwd.byname", "alice@example.org", NULL);
	assert_int_equal(b->asked_count, 1);
	close_bench(b);
}

/* A part that is a question makes the whole one, unless only existence matters. */
static void test_composed_questions(void **state)
{
	(void)state;
	struct bench *b = open_bench(false, (struct mp_table_options){0});
	b->answer = "other";
	struct mp_table_result r = find(b, "unionmap:{static:a,ldap:x}", "k", MP_ROLE_ACTION);
	assert_int_equal(b->asked_count, 2);
	assert_string_equal(b->asked[0], "table.lookup ldap:x k");
	assert_string_equal(b->asked[1], "table.lookup unionmap:{static:a,ldap:x} k");
	assert_string_equal(b->offered[1], "none permit neutral reject");
	assert_int_equal(r.status, MP_TABLE_FOUND);
	close_bench(b);
	b = open_bench(false, (struct mp_table_options){0});
	b->answer = "found";
	find(b, "unionmap:{static:a,ldap:x}", "k", MP_ROLE_EXISTS);
	assert_int_equal(b->asked_count, 1);
	close_bench(b);
	b = open_bench(false, (struct mp_table_options){0});
	struct mp_strings keys;
	assert_true(mp_table_keys(table(b, "pipemap:{inline:{a=b},static:c}"), &keys));
	assert_int_equal(keys.n, 1);
	assert_false(mp_table_keys(table(b, "pipemap:{inline:{a=b},ldap:x}"), &keys));
	r = find(b, "randmap:{OK,REJECT,OK}", "k", MP_ROLE_ACTION);
	assert_string_equal(b->offered[0], "OK REJECT");
	assert_string_equal(r.value, "OK");
	close_bench(b);
}

static void test_versions(void **state)
{
	(void)state;
	struct bench *b = open_bench(true, (struct mp_table_options){.version = 20911});
	check(b, "inline:{a=b}", "a", "!");
	check(b, "static:x", "a", "x");
	close_bench(b);
	b = open_bench(true, (struct mp_table_options){.version = 30600});
	check(b, "inline:{a=b}", "a", "b");
	check(b, "pcre:{{/a/ b}}", "a", "!");
	close_bench(b);
}

static void test_deep(void **state)
{
	char spec[600] = "static:x";

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		char outer[600];
		snprintf(outer, sizeof outer, "unionmap:{%.500s}", spec);
		memcpy(spec, outer, sizeof spec);
	}
	struct bench *b = open_bench(true, (struct mp_table_options){0});
	check(b, spec, "a", "!");
	close_bench(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_name),
		cmocka_unit_test(test_fixed),
		cmocka_unit_test(test_suffix),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_compiled),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_composed_questions),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_deep),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
