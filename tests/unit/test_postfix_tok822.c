/* The address in a command's argument, and internal and external forms: what smtpd 3.7.11 does. */
#include "postfix/address/address.h"
#include "postfix/address/tok822.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static const struct {
	const char *argument;
	const char *internal; /* NULL: a syntax error */
	const char *strict; /* the same under strict_rfc821_envelopes */
} arguments[] = {
	{"<joe@local.test>", "joe@local.test", "joe@local.test"},
	{"joe@local.test", "joe@local.test", NULL},
	{"<>", NULL, NULL},
	{"", NULL, NULL},
	{"<<>>", NULL, NULL},
	{"<a@x.test b@x.test>", NULL, NULL},
	{"<a@x.test,b@x.test>", NULL, NULL},
	{"<Joe Doe <joe@x.test>>", "joe@x.test", NULL},
	{"<<joe@x.test> x>", NULL, NULL},
	{"<group:;>", NULL, NULL},
	{"<group:joe@x.test;>", "joe@x.test", NULL},
	{"<group:a@x.test,b@x.test;>", NULL, NULL},
	{"<a:b:joe@x.test;>", "joe@x.test", NULL},
	{"<x:joe@x.test>", "x:joe@x.test", "x:joe@x.test"},
	{"<@relay.test:joe@x.test>", "joe@x.test", "joe@x.test"},
	{"<@a,@b:joe@x.test>", "joe@x.test", "joe@x.test"},
	{"<@a:@b:joe@x.test>", "@b:joe@x.test", NULL},
	{"<@a:>", NULL, NULL},
	{"<@x.test>", "@x.test", NULL},
	{"<\"\"@x.test>", "@x.test", NULL},
	{"<joe@x.test (comment)>", "joe@x.test", NULL},
	{"<(comment) joe@x.test>", "joe@x.test", NULL},
	{"<joe(c)@(d)x.test>", "joe@x.test", NULL},
	{"<a(b(c)d)e@x.test>", NULL, NULL},
	{"<(@x.test>", NULL, NULL},
	{"<joe @ x.test>", "joe@x.test", "joe@x.test"},
	{"<joe@x . test>", "joe@x.test", "joe@x.test"},
	{"<joe\\@remote.test@x.test>", "joe@remote.test@x.test", "joe@remote.test@x.test"},
	{"<joe@x.test>>", "joe@x.test", "joe@x.test"},
	{"<a b <joe@x.test>>", "joe@x.test", NULL},
	{"<<>joe@x.test>", "joe@x.test", NULL},
	{"<<joe@x.test><a@b>>", NULL, NULL},
	{"<,joe@x.test>", "joe@x.test", NULL},
	{"<joe@x.test,>", "joe@x.test", NULL},
	{"<joe@x.test;>", "joe@x.test", NULL},
	{"<a;joe@x.test>", NULL, NULL},
	{":<a>", "a", NULL},
	{"<:x y<a>>", "a", NULL},
	{"<x:<a>>", NULL, NULL},
	{"<::<a>>", NULL, NULL},
	{"<:<a>;>", "a", NULL},
	{"<a \"b\"c>>", "abc", "abc"},
	{"<()>", NULL, NULL},
	{"<\"\">", NULL, NULL},
	{"<[>", "[]", "[]"},
	{"<[127.0.0.1]>", "[127.0.0.1]", "[127.0.0.1]"},
	{"<a@[127.0.0.1]>", "a@[127.0.0.1]", "a@[127.0.0.1]"},
	{"<a[b]@x.test>", NULL, NULL},
	{"<a b@x.test>", NULL, NULL},
	{"<\"a b\"@x.test>", "a b@x.test", "a b@x.test"},
	{"<\"a\\\"b\"@x.test>", "a\"b@x.test", "a\"b@x.test"},
	{"<\"a\\b\"@x.test>", "ab@x.test", "ab@x.test"},
	{"<a\\ b@x.test>", "a b@x.test", "a b@x.test"},
	{"<a.\"b c\"@x.test>", "a.b c@x.test", "a.b c@x.test"},
	{"<\"a\"b@x.test>", NULL, NULL},
	{"<)@x.test>", ")@x.test", ")@x.test"},
	{"<\xc3\xa4@x.test>", "\xc3\xa4@x.test", "\xc3\xa4@x.test"},
};

static void check_argument(const char *argument, const char *want, bool strict)
{
	struct mp_arena arena = {0};
	struct pf_argument got = pf_address_parse(&arena, argument, false, strict);

	if (got.ok != (want != NULL)) {
		fail_msg("%s is %s%s", argument, got.ok ? "taken" : "refused",
			strict ? " in strict mode" : "");
	}
	if (want != NULL) {
		assert_string_equal(got.internal, want);
	}
	mp_arena_release(&arena);
}

static void test_arguments(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
		check_argument(arguments[i].argument, arguments[i].internal, false);
		check_argument(arguments[i].argument, arguments[i].strict, true);
	}
}

static void test_null_sender(void **state)
{
	struct mp_arena arena = {0};
	static const char *const null[] = {"<>", "<\"\">", "<(c)>"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct pf_argument got = pf_address_parse(&arena, null[i], true, false);
		assert_true(got.ok);
		assert_string_equal(got.internal, "");
	}
	mp_arena_release(&arena);
}

static const struct {
	const char *internal, *external;
} forms[] = {
	{"joe@x.test", "joe@x.test"},
	{"", "\"\""},
	{"@x.test", "\"\"@x.test"},
	{"a b@x.test", "\"a b\"@x.test"},
	{".a@x.test", "\".a\"@x.test"},
	{"a.@x.test", "\"a.\"@x.test"},
	{"a..b@x.test", "\"a..b\"@x.test"},
	{"a@b@x.test", "\"a@b\"@x.test"},
	{"a\"b\\c@x.test", "\"a\\\"b\\\\c\"@x.test"},
	{"a%b!c|d@x.test", "a%b!c|d@x.test"},
	{"a\x01@x.test", "\"a\x01\"@x.test"},
	{"\xc3\xa4@x.test", "\xc3\xa4@x.test"},
	{"@a,@b:c d@x.test", "@a,@b:\"c d\"@x.test"},
	{"[a]", "\"[a]\""},
};

static void test_quoting(void **state)
{
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		assert_string_equal(pf_address_quote(&arena, forms[i].internal), forms[i].external);
		assert_string_equal(
			pf_address_unquote(&arena, forms[i].external), forms[i].internal);
	}
	/* A backslash before the last @ takes the @ along, and the domain keeps its own. */
	assert_string_equal(pf_address_unquote(&arena, "a\\@b"), "a@@b");
	mp_arena_release(&arena);
}

static const struct {
	const char *text, *internal, *external;
} scans[] = {
	{"a b", "a b", "a b"},
	{"a . b", "a.b", "a.b"},
	{"a,b", "a, b", "a, b"},
	{"a <b>", "a <b>", "a <b>"},
	{"a\\@b", "a@b", "\"a@b\""},
	{"\"a", "a", "\"a\""},
	{"[a\\]b", "[a]b]", "[a]b]"},
	{"a(b\\)c)d", "a (b\\)c) d", "a (b\\)c) d"},
	{"a\\", "a", "a"},
	{"\"\"", "", "\"\""},
	{"[a\"b]", "[a\"b]", "[a\\\"b]"},
	{"a\tb", "a b", "a b"},
};

static void test_scan(void **state)
{
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof scans / sizeof scans[0]; i++) {
		struct pf_tok822_chain chain = pf_tok822_scan(&arena, scans[i].text, false);
		assert_string_equal(pf_tok822_internal(&arena, chain.head), scans[i].internal);
		assert_string_equal(pf_tok822_external(&arena, chain.head), scans[i].external);
	}
	mp_arena_release(&arena);
}

/* A long argument takes time in proportion to its length. */
static void test_long(void **state)
{
	struct mp_arena arena = {0};
	enum { N = 12288 };
	static char text[N + 1];

	(void)state;
	for (size_t i = 0; i < N; i++) {
		text[i] = "a@(\"[<,;:"[i * 7 % 9];
	}
	for (size_t i = 0; i < 20; i++) {
		(void)pf_address_parse(&arena, text + i, false, false);
		mp_arena_reset(&arena);
	}
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_null_sender),
		cmocka_unit_test(test_quoting),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests_name("postfix tok822", tests, NULL, NULL);
}
