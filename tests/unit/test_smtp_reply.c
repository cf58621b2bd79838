/* Replies: what is read, noted, or refused as garbage; capabilities; commands; base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "smtp/base64.h"
#include "smtp/capability.h"
#include "smtp/command.h"
#include "smtp/reply.h"

#include <stdlib.h>

#define S(text) mp_slice((text), sizeof(text) - 1)

struct reply_case {
	struct mp_slice in;
	unsigned code;
	size_t lines, taken;
	const char *enhanced;
	unsigned notes;
};

static const struct reply_case readable[] = {
	{{"220 mail ESMTP\r\n", 16}, 220, 1, 16, "", 0},
	{{"250\r\n", 5}, 250, 1, 5, "", 0},
	{{"250 \r\n", 6}, 250, 1, 6, "", 0},
	{{"250-a\r\n250-b\r\n250 c\r\n250 d\r\n", 28}, 250, 3, 21, "", 0},
	{{"554 5.7.1 no\r\n", 14}, 554, 1, 14, "5.7.1", 0},
	{{"454-4.7.25 a\r\n454 4.7.1 b\r\n", 27}, 454, 2, 27, "4.7.25", 0},
	{{"250 2.1.5\r\n", 11}, 250, 1, 11, "2.1.5", 0},
	{{"250 2.1.5x\r\n", 12}, 250, 1, 12, "", 0},
	{{"250 2.1\r\n", 9}, 250, 1, 9, "", 0},
	{{"250 2.1.1234 x\r\n", 16}, 250, 1, 16, "", 0},
	{{"250 3.1.5 x\r\n", 13}, 250, 1, 13, "", 0},
	{{"550 2.1.5 x\r\n", 13}, 550, 1, 13, "2.1.5", MP_REPLY_ENHANCED_DIFFERS},
	{{"220 a\n", 6}, 220, 1, 6, "", MP_REPLY_BARE_LF},
	{{"220 a\0b\r\n", 9}, 220, 1, 9, "", MP_REPLY_NUL},
	{{"220 a\033b\r\n", 9}, 220, 1, 9, "", MP_REPLY_CONTROL},
	{{"220 a\rb\r\n", 9}, 220, 1, 9, "", MP_REPLY_CONTROL},
	{{"220 \303\244\r\n", 8}, 220, 1, 8, "", MP_REPLY_NOT_ASCII},
	{{"250-a\r\n550 b\r\n", 14}, 550, 2, 14, "", MP_REPLY_CODES_DIFFER},
};

static void replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof readable / sizeof readable[0]; i++) {
		const struct reply_case *c = &readable[i];
		for (size_t step = 1; step <= c->in.n; step += c->in.n - 1) {
			struct mp_reply_parser p;
			struct mp_arena arena = {0};
			char enhanced[MP_ENHANCED_TEXT];
			size_t taken = 0;
			mp_reply_parser_init(&p);
			while (taken < c->in.n && mp_reply_parser_status(&p) == MP_REPLY_MORE) {
				taken += mp_reply_parser_feed(
					&p, mp_slice_sub(c->in, taken, taken + step));
			}
			assert_int_equal(mp_reply_parser_status(&p), MP_REPLY_READY);
			assert_int_equal(taken, c->taken);
			struct mp_reply r = mp_reply_parser_take(&p, &arena);
			assert_int_equal(r.code, c->code);
			assert_int_equal(r.line_count, c->lines);
			assert_int_equal(r.notes, c->notes);
			assert_string_equal(mp_enhanced_format(&r.enhanced, enhanced), c->enhanced);
			assert_false(mp_reply_parser_inside(&p));
			mp_arena_release(&arena);
			mp_reply_parser_release(&p);
		}
	}
}

static const char *const unreadable[] = {"hello\r\n", "199 a\r\n", "620 a\r\n", "25 a\r\n",
	"250_a\r\n", "250-a\r\nhello\r\n", "\r\n", " 250 a\r\n", "2x0 a\r\n"};

static void garbage(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof unreadable / sizeof unreadable[0]; i++) {
		struct mp_reply_parser p;
		mp_reply_parser_init(&p);
		mp_reply_parser_feed(&p, mp_slice_str(unreadable[i]));
		if (mp_reply_parser_status(&p) != MP_REPLY_GARBAGE) {
			fail_msg("taken for a reply: %s", unreadable[i]);
		}
		assert_true(mp_reply_parser_why(&p)[0] != '\0');
		mp_reply_parser_release(&p);
	}
}

/* Feeds the same text until the parser has had enough; it must be garbage, within the caps. */
static void feed_until_garbage(const char *text, size_t most)
{
	struct mp_reply_parser p;
	size_t fed = 0;

	mp_reply_parser_init(&p);
	while (mp_reply_parser_status(&p) == MP_REPLY_MORE && fed <= most) {
		fed += mp_reply_parser_feed(&p, mp_slice_str(text));
	}
	assert_int_equal(mp_reply_parser_status(&p), MP_REPLY_GARBAGE);
	assert_true(p.text.n <= MP_LIMIT_REPLY && p.line.n <= MP_LIMIT_REPLY_LINE + 1);
	mp_reply_parser_release(&p);
}

static void caps(void **state)
{
	struct mp_buf line;
	struct mp_reply_parser p;
	struct mp_arena arena = {0};

	(void)state;
	feed_until_garbage("2", MP_LIMIT_REPLY_LINE + 10);
	feed_until_garbage("250-a\r\n", (MP_LIMIT_REPLY_LINES + 2) * 7);
	mp_buf_init(&line, 1 << 16);
	mp_buf_puts(&line, "250-");
	while (line.n < 4000) {
		mp_buf_putc(&line, 'x');
	}
	mp_buf_puts(&line, "\r\n");
	feed_until_garbage(line.p, 20 * line.n);

	/* The longest line that may be. */
	mp_buf_reset(&line);
	mp_buf_puts(&line, "250 ");
	while (line.n < MP_LIMIT_REPLY_LINE) {
		mp_buf_putc(&line, 'x');
	}
	mp_buf_puts(&line, "\r\n");
	mp_reply_parser_init(&p);
	assert_int_equal(mp_reply_parser_feed(&p, mp_buf_slice(&line)), line.n);
	assert_int_equal(mp_reply_parser_status(&p), MP_REPLY_READY);
	struct mp_reply r = mp_reply_parser_take(&p, &arena);
	assert_int_equal(r.lines[0].n, MP_LIMIT_REPLY_LINE);
	assert_int_equal(r.notes, MP_REPLY_LONG_LINE);
	mp_reply_parser_release(&p);
	mp_buf_release(&line);
	mp_arena_release(&arena);
}

static void capabilities(void **state)
{
	const struct mp_slice lines[] = {S("250-mail.example.org Hello"), S("250-size 1000"),
		S("250-AUTH=LOGIN PLAIN"), S("250-STARTTLS "), S("250-"), S("250 Auth  CRAM-MD5")};
	struct mp_arena arena = {0};
	struct mp_reply r;

	(void)state;
	assert_true(mp_reply_from_lines(&r, lines, 6));
	struct mp_capabilities c = mp_capabilities_parse(&r, &arena);
	assert_true(mp_slice_eq_str(c.server, "mail.example.org"));
	assert_true(mp_slice_eq_str(mp_capability_find(&c, "SIZE")->parameters, "1000"));
	assert_non_null(mp_capability_find(&c, "starttls"));
	assert_null(mp_capability_find(&c, "PIPELINING"));
	assert_true(mp_capability_has(&c, "AUTH", "plain"));
	assert_true(mp_capability_has(&c, "AUTH", "CRAM-MD5"));
	assert_false(mp_capability_has(&c, "AUTH", "CRAM"));
	assert_true(mp_slice_eq_str(mp_capability_find(&c, "AUTH")->parameters, "CRAM-MD5"));
	mp_arena_release(&arena);
}

static void commands(void **state)
{
	struct mp_buf out;
	struct mp_slice local, domain;

	(void)state;
	mp_buf_init(&out, 1000);
	assert_true(mp_command_put(&out, S("RCPT TO:<a@b>")));
	assert_false(mp_command_put(&out, S("RCPT TO:<a\r\nDATA>")));
	assert_false(mp_command_put(&out, S("RCPT TO:<a\n>")));
	assert_false(mp_command_put(&out, S("RCPT TO:<a\0>")));
	assert_string_equal(out.p, "RCPT TO:<a@b>\r\n");
	mp_buf_reset(&out);
	mp_content_put(&out, S(".a\nb\r\n..\r\nc"));
	assert_string_equal(out.p, "..a\r\nb\r\n...\r\nc\r\n.\r\n");
	mp_buf_reset(&out);
	mp_content_put(&out, S(""));
	assert_string_equal(out.p, ".\r\n");
	mp_buf_release(&out);

	assert_int_equal(mp_command_verb(S("rcpt TO:<x>")), MP_VERB_RCPT);
	assert_int_equal(mp_command_verb(S("RCPTTO:<x>")), MP_VERB_OTHER);
	assert_int_equal(mp_command_verb(S("")), MP_VERB_OTHER);
	assert_int_equal(mp_command_verb(S("content")), MP_VERB_OTHER);

	assert_true(mp_address_split(S("\"a@b\"@c.example"), &local, &domain));
	assert_true(mp_slice_eq_str(local, "\"a@b\"") && mp_slice_eq_str(domain, "c.example"));
	assert_true(mp_address_split(S("a@b@c"), &local, &domain));
	assert_true(mp_slice_eq_str(domain, "c"));
	assert_false(mp_address_split(S("a"), &local, &domain));
	assert_false(mp_address_split(S("@b"), &local, &domain));
	assert_false(mp_address_split(S("a@"), &local, &domain));
	assert_false(mp_address_split(S("\"a@b"), &local, &domain));
	assert_true(mp_path_ok(S("\"a b\"@c")));
	assert_true(mp_path_ok(S("")));
	assert_false(mp_path_ok(S("a b@c")));
	assert_false(mp_path_ok(S("a>@c")));
	assert_false(mp_path_ok(S("\"a\r\"@c")));
	assert_false(mp_path_ok(S("\"a@c")));
}

static const struct {
	const char *plain, *coded;
} base64_cases[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\377\376\375", "//79"}};

static const char *const base64_bad[] = {"Zg=", "Zg",
	"Z===", "====", "Zg==Zg==", "Zh==", "Zm9=", "Zm9v\r\n", "Zm 9", "Zm9-", "Z=9v"};

static void base64(void **state)
{
	struct mp_buf out;

	(void)state;
	mp_buf_init(&out, 100);
	for (size_t i = 0; i < sizeof base64_cases / sizeof base64_cases[0]; i++) {
		mp_buf_reset(&out);
		mp_base64_encode(&out, mp_slice_str(base64_cases[i].plain));
		assert_string_equal(out.p, base64_cases[i].coded);
		mp_buf_reset(&out);
		assert_true(mp_base64_decode(&out, mp_slice_str(base64_cases[i].coded)));
		assert_string_equal(out.p, base64_cases[i].plain);
	}
	for (size_t i = 0; i < sizeof base64_bad / sizeof base64_bad[0]; i++) {
		mp_buf_reset(&out);
		if (mp_base64_decode(&out, mp_slice_str(base64_bad[i]))) {
			fail_msg("decoded: %s", base64_bad[i]);
		}
	}
	mp_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(replies), cmocka_unit_test(garbage),
		cmocka_unit_test(caps), cmocka_unit_test(capabilities), cmocka_unit_test(commands),
		cmocka_unit_test(base64)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
