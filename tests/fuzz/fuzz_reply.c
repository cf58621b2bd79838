/*
 * fuzz_reply - what a server may send
 *
 * The stream is parsed twice, in one piece and byte by byte: both must give the same replies.
 */
#include "base/alloc.h"
#include "smtp/capability.h"
#include "smtp/reply.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REPLIES = 64 };

/* Parses up to REPLIES replies in pieces of at most `step` bytes; returns how many. *garbage says
 * whether the stream ended in what is no reply. */
static size_t parse(struct mp_slice bytes, size_t step, struct mp_arena *arena,
	struct mp_reply *replies, bool *garbage)
{
	struct mp_reply_parser parser;
	size_t n = 0;

	mp_reply_parser_init(&parser);
	while (n < REPLIES) {
		enum mp_reply_status status = mp_reply_parser_status(&parser);

		if (status == MP_REPLY_READY) {
			replies[n++] = mp_reply_parser_take(&parser, arena);
		} else if (status == MP_REPLY_GARBAGE || bytes.n == 0) {
			break;
		} else {
			bytes = mp_slice_from(
				bytes, mp_reply_parser_feed(&parser, mp_slice_sub(bytes, 0, step)));
		}
	}
	*garbage = mp_reply_parser_status(&parser) == MP_REPLY_GARBAGE;
	if (*garbage && mp_reply_parser_why(&parser)[0] == '\0') {
		MP_BUG("garbage without a reason");
	}
	mp_reply_parser_rest(&parser, arena);
	mp_reply_parser_release(&parser);
	return n;
}

static void compare(const struct mp_reply *a, const struct mp_reply *b)
{
	if (a->code != b->code || a->line_count != b->line_count || a->notes != b->notes ||
		a->line_count == 0 || a->code < 200 || a->code > 599) {
		MP_BUG("replies differ, or are none");
	}
	for (size_t i = 0; i < a->line_count; i++) {
		if (!mp_slice_eq(a->lines[i], b->lines[i])) {
			MP_BUG("lines differ");
		}
		mp_reply_text(a->lines[i]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_slice bytes = {(const char *)data, size};
	struct mp_arena arena = {0};
	struct mp_reply whole[REPLIES];
	struct mp_reply pieces[REPLIES];
	bool whole_garbage;
	bool pieces_garbage;
	size_t n = parse(bytes, size, &arena, whole, &whole_garbage);

	if (parse(bytes, 1, &arena, pieces, &pieces_garbage) != n ||
		whole_garbage != pieces_garbage) {
		MP_BUG("the pieces of a stream change what it says");
	}
	for (size_t i = 0; i < n; i++) {
		struct mp_capabilities caps = mp_capabilities_parse(&whole[i], &arena);

		compare(&whole[i], &pieces[i]);
		mp_capability_has(&caps, "AUTH", "PLAIN");
	}
	mp_arena_release(&arena);
	return 0;
}
