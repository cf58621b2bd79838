/*
 * content - the message behind DATA (collect(); reference 3.6).
 *
 * Headers are checked one by one, then all of them, then the whole. What is wrong is told at the
 * end: of several errors the last, but one with 4 never hides one with 5.
 */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"

/* The error that will be told. */
struct held {
	const char *text; /* NULL: none */
	struct mp_reasons because;
};

struct collected {
	struct held held;
	bool mime; /* it says that it is MIME */
	long headers;
	long length; /* of the headers as they are stored, with what ends them */
};

static void hold(struct held *held, const char *text, struct mp_reasons because)
{
	if (held->text == NULL || text[0] >= held->text[0]) {
		*held = (struct held){text, because};
	}
}

static void hold_check(struct held *held, const struct sm_checked *c)
{
	if (c->kind == SM_CHECK_ERROR) {
		hold(held, c->text, c->because);
	}
}

/* As it is stored: a line's end is one character, and the dot that a client doubles is one. */
static size_t stored_size(struct mp_slice content)
{
	size_t n = 0;

	for (size_t i = 0; i < content.n; i++) {
		bool begins = i == 0 || content.p[i - 1] == '\n';
		bool ends = content.p[i] == '\r' && i + 1 < content.n && content.p[i + 1] == '\n';

		n += !ends && !(begins && content.p[i] == '.');
	}
	return n;
}

/* Counts a piece of the headers; false where they are too long by then: the rest is thrown away. */
static bool count(struct sm_session *s, struct collected *c, struct mp_slice piece)
{
	long most = s->settings->headers_max;

	c->length += (long)stored_size(piece);
	if (most <= 0 || c->length <= most) {
		return true;
	}
	c->length = most + 1;
	hold(&c->held, mp_arena_printf(s->arena, "552 5.6.0 Headers too large (%ld max)", most),
		sm_because_option(s, "MaxHeadersLength"));
	return false;
}

static void check_header(struct sm_session *s, struct collected *c, const struct sm_header *h)
{
	const struct sm_header_check *check = sm_header_check_find(&s->engine->headers, h->name);
	struct sm_checked checked;

	if (check == NULL) {
		return;
	}
	sm_run_set(&s->run, "hdr_name", h->name);
	sm_run_set(&s->run, "hdrlen", mp_arena_printf(s->arena, "%zu", strlen(h->value)));
	sm_run_set(&s->run, "currHeader", h->value);
	checked = check->comments ? sm_check_whole(s, check->ruleset, h->value, NULL)
				  : sm_check(s, check->ruleset, h->value, NULL);
	hold_check(&c->held, &checked);
}

/* What stands before *rest, which was *before. */
static struct mp_slice taken(struct mp_slice before, struct mp_slice rest)
{
	return mp_slice_sub(before, 0, before.n - rest.n);
}

static void collect_headers(struct sm_session *s, struct mp_slice content, struct collected *c)
{
	struct mp_slice rest = content, before = content;
	struct sm_header h;

	if (!s->settings->save_from && mp_slice_starts(content, "From ")) {
		(void)sm_message_line(&rest);
		if (!count(s, c, taken(before, rest))) {
			return;
		}
		before = rest;
	}
	while (sm_header_next(&rest, &h, s->arena)) {
		if (!count(s, c, taken(before, rest))) {
			return;
		}
		check_header(s, c, &h);
		/* These end the headers, and are of the body. */
		if (mp_str_ieq(h.name, "message") || mp_str_ieq(h.name, "text")) {
			return;
		}
		c->mime = c->mime || mp_str_ieq(h.name, "MIME-Version");
		c->headers++;
		before = rest;
	}
	/* The first line that is no header is looked at in full. */
	(void)sm_message_line(&rest);
	(void)count(s, c, taken(before, rest));
}

static bool has_eight_bits(struct mp_slice content)
{
	for (size_t i = 0; i < content.n; i++) {
		if ((content.p[i] & 0x80) != 0) {
			return true;
		}
	}
	return false;
}

/* What is said of the whole, whatever the rulesets say. */
static void check_whole(
	struct sm_session *s, struct collected *c, struct mp_slice content, size_t size)
{
	long most = s->settings->size_max;

	if (most > 0 && size > (size_t)most) {
		hold(&c->held,
			mp_arena_printf(s->arena,
				"552 5.2.3 Message exceeds maximum fixed size (%ld)", most),
			sm_because_option(s, "MaxMessageSize"));
	}
	if (s->settings->strict_bits && !s->given.mime && !c->mime && has_eight_bits(content)) {
		hold(&c->held, "554 5.6.1 Eight bit data not allowed",
			sm_because_option(s, "EightBitMode"));
	}
}

void sm_content(struct sm_session *s, struct mp_slice content)
{
	size_t size = stored_size(content);
	const char *size_text = mp_arena_printf(s->arena, "%zu", size);
	struct collected c = {0};
	struct sm_checked checked;

	collect_headers(s, content, &c);
	checked = sm_check(s, "check_eoh", mp_arena_printf(s->arena, "%ld", c.headers),
		mp_arena_printf(s->arena, "%ld", c.length));
	hold_check(&c.held, &checked);
	check_whole(s, &c, content, size);
	s->to = NULL;
	sm_run_set(&s->run, "msg_size", size_text);
	checked = sm_check(s, "check_eom", size_text, NULL);
	hold_check(&c.held, &checked);
	if (c.held.text != NULL) {
		sm_usrerr(s, c.held.because, "%s", c.held.text);
	} else {
		sm_message(
			s, checked.because, "250 2.0.0 {queue-id} Message accepted for delivery");
	}
	sm_session_reset(s);
}
