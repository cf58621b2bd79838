/*
 * reply - parser of SMTP replies.
 *
 * DESCRIPTION
 *	RFC 5321 4.2: Reply-line = *( code "-" [ text ] CRLF ) code [ SP [ text ] ] CRLF. Servers
 *	end lines in a bare LF, send lines over 512 bytes, or change the code between lines; that
 *	is read and noted. A line that does not begin with a code, or sizes over the caps, is
 *	garbage.
 */
#include "smtp/reply.h"

#include "base/alloc.h"
#include "base/ascii.h"
#include "base/limits.h"

#include <stdio.h>
#include <stdlib.h>

enum { REPLY_LINE_RFC = 512 }; /* RFC 5321 4.5.3.1.5, CR LF included */

const char *mp_reply_note_text(enum mp_reply_note note)
{
	switch (note) {
	case MP_REPLY_BARE_LF:
		return "a line ends in LF without CR";
	case MP_REPLY_LONG_LINE:
		return "a line is longer than 512 bytes";
	case MP_REPLY_NUL:
		return "it holds NUL bytes";
	case MP_REPLY_CONTROL:
		return "it holds control bytes";
	case MP_REPLY_CODES_DIFFER:
		return "its lines have different codes";
	case MP_REPLY_NOT_ASCII:
		return "it holds bytes that are not ASCII";
	case MP_REPLY_ENHANCED_DIFFERS:
		return "its enhanced status code contradicts its code";
	}
	return "";
}

/* Code and separator of a line, or 0. */
static unsigned line_code(struct mp_slice line)
{
	if (line.n < 3 || line.p[0] < '2' || line.p[0] > '5' || !mp_is_digit(line.p[1]) ||
		!mp_is_digit(line.p[2])) {
		return 0;
	}
	if (line.n > 3 && line.p[3] != ' ' && line.p[3] != '-') {
		return 0;
	}
	return (unsigned)((line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 + line.p[2] - '0');
}

static bool line_continues(struct mp_slice line)
{
	return line.n > 3 && line.p[3] == '-';
}

struct mp_slice mp_reply_text(struct mp_slice line)
{
	return mp_slice_from(line, 4);
}

unsigned mp_reply_class(const struct mp_reply *reply)
{
	return reply->code / 100;
}

/* One to three digits at *at. */
static bool enhanced_part(struct mp_slice s, size_t *at, unsigned *out)
{
	size_t start = *at;
	unsigned value = 0;

	while (*at < s.n && *at < start + 3 && mp_is_digit(s.p[*at])) {
		value = value * 10 + (unsigned)(s.p[(*at)++] - '0');
	}
	*out = value;
	return *at > start;
}

struct mp_enhanced mp_enhanced_parse(struct mp_slice text)
{
	struct mp_enhanced e = {0};
	size_t at = 2;

	if (text.n < 5 || (text.p[0] != '2' && text.p[0] != '4' && text.p[0] != '5') ||
		text.p[1] != '.' || !enhanced_part(text, &at, &e.subject) || at >= text.n ||
		text.p[at++] != '.' || !enhanced_part(text, &at, &e.detail) ||
		(at < text.n && !mp_is_space(text.p[at]))) {
		return (struct mp_enhanced){0};
	}
	e.class = (unsigned)(text.p[0] - '0');
	e.present = true;
	return e;
}

const char *mp_enhanced_format(const struct mp_enhanced *e, char out[MP_ENHANCED_TEXT])
{
	out[0] = '\0';
	if (e->present) {
		snprintf(out, MP_ENHANCED_TEXT, "%u.%u.%u", e->class % 10, e->subject % 1000,
			e->detail % 1000);
	}
	return out;
}

static unsigned line_notes(struct mp_slice line)
{
	unsigned notes = 0;

	if (line.n + 2 > REPLY_LINE_RFC) {
		notes |= MP_REPLY_LONG_LINE;
	}
	for (size_t i = 0; i < line.n; i++) {
		char c = line.p[i];
		if (c == '\0') {
			notes |= MP_REPLY_NUL;
		} else if (!mp_is_ascii(c)) {
			notes |= MP_REPLY_NOT_ASCII;
		} else if (!mp_is_print(c) && c != '\t') {
			notes |= MP_REPLY_CONTROL;
		}
	}
	return notes;
}

bool mp_reply_from_lines(struct mp_reply *reply, const struct mp_slice *lines, size_t n)
{
	*reply = (struct mp_reply){.lines = lines, .line_count = n};
	for (size_t i = 0; i < n; i++) {
		unsigned code = line_code(lines[i]);
		if (code == 0 || line_continues(lines[i]) != (i + 1 < n)) {
			return false;
		}
		if (i > 0 && code != reply->code) {
			reply->notes |= MP_REPLY_CODES_DIFFER;
		}
		reply->code = code;
		reply->notes |= line_notes(lines[i]);
	}
	if (n == 0) {
		return false;
	}
	reply->enhanced = mp_enhanced_parse(mp_reply_text(lines[0]));
	if (reply->enhanced.present && reply->enhanced.class != reply->code / 100) {
		reply->notes |= MP_REPLY_ENHANCED_DIFFERS;
	}
	return true;
}

void mp_reply_parser_init(struct mp_reply_parser *p)
{
	*p = (struct mp_reply_parser){.why = ""};
	mp_buf_init(&p->text, MP_LIMIT_REPLY);
	mp_buf_init(&p->line, MP_LIMIT_REPLY_LINE + 1);
}

void mp_reply_parser_release(struct mp_reply_parser *p)
{
	mp_buf_release(&p->text);
	mp_buf_release(&p->line);
	free(p->spans);
	*p = (struct mp_reply_parser){.why = ""};
}

static void garbage(struct mp_reply_parser *p, const char *why)
{
	p->status = MP_REPLY_GARBAGE;
	p->why = why;
}

/* The line is complete: keep it, and see whether it ends the reply. */
static void end_line(struct mp_reply_parser *p)
{
	if (p->line.n > 0 && p->line.p[p->line.n - 1] == '\r') {
		mp_buf_truncate(&p->line, p->line.n - 1);
	} else {
		p->notes |= MP_REPLY_BARE_LF;
	}
	struct mp_slice line = mp_buf_slice(&p->line);
	if (line_code(line) == 0) {
		garbage(p, "a line does not begin with a reply code");
		return;
	}
	if (p->span_count >= MP_LIMIT_REPLY_LINES) {
		garbage(p, "a reply has too many lines");
		return;
	}
	if (p->text.n + line.n > MP_LIMIT_REPLY) {
		garbage(p, "a reply is too long");
		return;
	}
	if (p->span_count == p->span_cap) {
		p->span_cap = p->span_cap > 0 ? p->span_cap * 2 : 16;
		p->spans = mp_realloc(p->spans, p->span_cap, sizeof *p->spans);
	}
	p->spans[p->span_count].start = p->text.n;
	p->spans[p->span_count++].n = line.n;
	mp_buf_put(&p->text, line);
	if (!line_continues(line)) {
		p->status = MP_REPLY_READY;
	}
	mp_buf_reset(&p->line);
}

size_t mp_reply_parser_feed(struct mp_reply_parser *p, struct mp_slice bytes)
{
	size_t taken = 0;

	while (p->status == MP_REPLY_MORE && taken < bytes.n) {
		struct mp_slice rest = mp_slice_from(bytes, taken);
		size_t end = mp_slice_chr(rest, '\n');
		struct mp_slice part = end == MP_NOT_FOUND ? rest : mp_slice_sub(rest, 0, end);

		/* The limit counts the line without its line end; a CR may be the last byte. */
		if (p->line.n + part.n > MP_LIMIT_REPLY_LINE + 1) {
			mp_buf_put(&p->line, part); /* cut at the buffer's maximum */
			garbage(p, "a line is too long");
			return bytes.n;
		}
		mp_buf_put(&p->line, part);
		taken += part.n;
		if (end != MP_NOT_FOUND) {
			taken++;
			end_line(p);
		}
	}
	return taken;
}

enum mp_reply_status mp_reply_parser_status(const struct mp_reply_parser *p)
{
	return p->status;
}

const char *mp_reply_parser_why(const struct mp_reply_parser *p)
{
	return p->why;
}

bool mp_reply_parser_inside(const struct mp_reply_parser *p)
{
	return p->line.n > 0 || (p->span_count > 0 && p->status != MP_REPLY_READY);
}

static void parser_reset(struct mp_reply_parser *p)
{
	mp_buf_reset(&p->text);
	mp_buf_reset(&p->line);
	p->span_count = 0;
	p->notes = 0;
	p->status = MP_REPLY_MORE;
	p->why = "";
}

struct mp_reply mp_reply_parser_take(struct mp_reply_parser *p, struct mp_arena *arena)
{
	struct mp_reply reply;

	if (p->status != MP_REPLY_READY) {
		MP_BUG("no reply to take");
	}
	const char *text = mp_arena_memdup(arena, p->text.p, p->text.n);
	struct mp_slice *lines = mp_arena_array(arena, p->span_count, sizeof *lines);
	for (size_t i = 0; i < p->span_count; i++) {
		lines[i] = mp_slice(text + p->spans[i].start, p->spans[i].n);
	}
	if (!mp_reply_from_lines(&reply, lines, p->span_count)) {
		MP_BUG("a parsed reply is not a reply");
	}
	reply.notes |= p->notes;
	parser_reset(p);
	return reply;
}

struct mp_slice mp_reply_parser_rest(const struct mp_reply_parser *p, struct mp_arena *arena)
{
	struct mp_buf all;

	mp_buf_init(&all, MP_LIMIT_REPLY + MP_LIMIT_REPLY_LINE + MP_LIMIT_REPLY_LINES);
	for (size_t i = 0; i < p->span_count; i++) {
		mp_buf_put(&all, mp_slice(p->text.p + p->spans[i].start, p->spans[i].n));
		mp_buf_putc(&all, '\n');
	}
	mp_buf_put(&all, mp_buf_slice(&p->line));
	struct mp_slice rest = mp_slice(mp_arena_memdup(arena, all.p, all.n), all.n);
	mp_buf_release(&all);
	return rest;
}
