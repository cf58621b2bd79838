/* write - JSON written as a stream. */
#include "json/write.h"

#include "base/alloc.h"
#include "base/utf8.h"

#include <stdint.h>

void mp_json_writer_init(struct mp_json_writer *w, FILE *out, bool pretty)
{
	w->out = out;
	w->held_count = 0;
	w->pretty = pretty;
	w->flat_from = 0;
	w->depth = 0;
	w->first[0] = true;
	w->after_key = false;
}

static void flush(struct mp_json_writer *w)
{
	if (w->held_count > 0) {
		fwrite(w->held, 1, w->held_count, w->out);
		w->held_count = 0;
	}
}

static void put(struct mp_json_writer *w, const char *bytes, size_t n)
{
	if (n > sizeof w->held - w->held_count) {
		flush(w);
		if (n > sizeof w->held) {
			fwrite(bytes, 1, n, w->out);
			return;
		}
	}
	memcpy(w->held + w->held_count, bytes, n);
	w->held_count += n;
}

static void put_char(struct mp_json_writer *w, char c)
{
	if (w->held_count == sizeof w->held) {
		flush(w);
	}
	w->held[w->held_count++] = c;
}

static void put_literal(struct mp_json_writer *w, const char *text)
{
	put(w, text, strlen(text));
}

/* Whether what stands at this depth has a line of its own. */
static bool indented(const struct mp_json_writer *w, unsigned depth)
{
	return w->pretty && (w->flat_from == 0 || depth < w->flat_from);
}

static void indent(struct mp_json_writer *w, unsigned inner)
{
	static const char blanks[] = "                                                            "
				     "                                                            "
				     "        ";
	_Static_assert(sizeof blanks > 2 * MP_JSON_DEPTH, "not enough blanks");

	if (indented(w, inner)) {
		put_char(w, '\n');
		put(w, blanks, 2 * (size_t)w->depth);
	}
}

/* A value at the top is complete: who writes to the stream next writes behind it. */
static void value_written(struct mp_json_writer *w)
{
	if (w->depth == 0) {
		flush(w);
	}
}

/* What stands before a value or a key: the comma, the place. */
static void separate(struct mp_json_writer *w)
{
	if (w->after_key) {
		w->after_key = false;
		return;
	}
	if (!w->first[w->depth]) {
		put_literal(w, indented(w, w->depth) || w->depth == 0 ? "," : ", ");
	}
	w->first[w->depth] = false;
	if (w->depth > 0) {
		indent(w, w->depth);
	}
}

static void begin(struct mp_json_writer *w, char bracket)
{
	separate(w);
	put_char(w, bracket);
	if (w->depth + 1 >= MP_JSON_DEPTH) {
		MP_BUG("JSON nested too deeply");
	}
	w->first[++w->depth] = true;
}

static void end(struct mp_json_writer *w, char bracket)
{
	if (w->depth == 0) {
		MP_BUG("JSON closed too often");
	}
	bool empty = w->first[w->depth--];
	if (!empty) {
		indent(w, w->depth + 1);
	}
	put_char(w, bracket);
	if (w->depth == 0) {
		w->first[0] = true;
	}
	value_written(w);
}

void mp_json_begin_object(struct mp_json_writer *w)
{
	begin(w, '{');
}

void mp_json_end_object(struct mp_json_writer *w)
{
	end(w, '}');
}

void mp_json_begin_array(struct mp_json_writer *w)
{
	begin(w, '[');
}

void mp_json_end_array(struct mp_json_writer *w)
{
	end(w, ']');
}

static void put_code(struct mp_json_writer *w, unsigned c)
{
	char text[8];

	snprintf(text, sizeof text, "\\u%04x", c);
	put_literal(w, text);
}

/* A byte that is no UTF-8: four characters, which a reader of the JSON sees as \xNN. */
static void put_byte(struct mp_json_writer *w, unsigned char c)
{
	char text[8];

	snprintf(text, sizeof text, "\\\\x%02X", c);
	put_literal(w, text);
}

/* A character that RFC 8259 section 7 wants escaped, or DEL, for the terminal's sake. */
static void put_escaped(struct mp_json_writer *w, unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		put_char(w, '\\');
		put_char(w, (char)c);
		break;
	case '\n':
		put_literal(w, "\\n");
		break;
	case '\r':
		put_literal(w, "\\r");
		break;
	case '\t':
		put_literal(w, "\\t");
		break;
	default:
		put_code(w, c);
	}
}

/* Whether eight bytes are all characters that stand for themselves: each test leaves a high bit
 * where some byte is below 0x20, above 0x7e, a quotation mark or a backslash. */
static bool plain_word(const char *bytes)
{
	const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
	uint64_t quote = word ^ (ones * '"');
	uint64_t slash = word ^ (ones * '\\');
	uint64_t odd =
		word | (word + ones) | (word - ones * 0x20) | (quote - ones) | (slash - ones);
	return (odd & high) == 0;
}

/* How many characters at the beginning of s stand for themselves. */
static size_t plain_length(struct mp_slice s)
{
	size_t n = 0;

	while (s.n - n >= sizeof(uint64_t) && plain_word(s.p + n)) {
		n += sizeof(uint64_t);
	}
	while (n < s.n && s.p[n] >= 0x20 && s.p[n] < 0x7f && s.p[n] != '"' && s.p[n] != '\\') {
		n++;
	}
	return n;
}

/* The first character of s, which is not a plain one; returns its length. */
static size_t put_odd(struct mp_json_writer *w, struct mp_slice s)
{
	size_t n = mp_utf8_length(s);
	unsigned char c = (unsigned char)s.p[0];

	if (n == 1) {
		put_escaped(w, c);
	} else if (n == 2 && c == 0xc2 && (unsigned char)s.p[1] < 0xa0) {
		/* C1 controls: some terminals obey them */
		put_code(w, (unsigned char)s.p[1]);
	} else if (n > 1) {
		put(w, s.p, n);
	} else {
		put_byte(w, c);
		n = 1;
	}
	return n;
}

static void put_text(struct mp_json_writer *w, struct mp_slice s)
{
	put_char(w, '"');
	while (s.n > 0) {
		size_t n = plain_length(s);
		put(w, s.p, n);
		s = mp_slice_from(s, n);
		if (s.n > 0) {
			s = mp_slice_from(s, put_odd(w, s));
		}
	}
	put_char(w, '"');
}

void mp_json_key(struct mp_json_writer *w, const char *key)
{
	separate(w);
	put_text(w, mp_slice_str(key));
	put_literal(w, ": ");
	w->after_key = true;
}

void mp_json_put_slice(struct mp_json_writer *w, struct mp_slice s)
{
	separate(w);
	put_text(w, s);
	value_written(w);
}

void mp_json_put_string(struct mp_json_writer *w, const char *s)
{
	mp_json_put_slice(w, mp_slice_str(s));
}

void mp_json_put_integer(struct mp_json_writer *w, long long n)
{
	char text[24];
	char *p = text + sizeof text;
	unsigned long long rest = n < 0 ? 0 - (unsigned long long)n : (unsigned long long)n;

	do {
		*--p = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (n < 0) {
		*--p = '-';
	}
	separate(w);
	put(w, p, (size_t)(text + sizeof text - p));
	value_written(w);
}

void mp_json_put_bool(struct mp_json_writer *w, bool b)
{
	separate(w);
	put_literal(w, b ? "true" : "false");
	value_written(w);
}

void mp_json_put_null(struct mp_json_writer *w)
{
	separate(w);
	put_literal(w, "null");
	value_written(w);
}

void mp_json_string_member(struct mp_json_writer *w, const char *key, const char *value)
{
	mp_json_key(w, key);
	mp_json_put_string(w, value);
}

void mp_json_integer_member(struct mp_json_writer *w, const char *key, long long value)
{
	mp_json_key(w, key);
	mp_json_put_integer(w, value);
}

void mp_json_strings_member(
	struct mp_json_writer *w, const char *key, const char *const *values, size_t n)
{
	mp_json_key(w, key);
	mp_json_begin_array(w);
	for (size_t i = 0; i < n; i++) {
		mp_json_put_string(w, values[i]);
	}
	mp_json_end_array(w);
}

void mp_json_bool_member(struct mp_json_writer *w, const char *key, bool value)
{
	mp_json_key(w, key);
	mp_json_put_bool(w, value);
}

void mp_json_newline(struct mp_json_writer *w)
{
	put_char(w, '\n');
	flush(w);
	w->first[0] = true;
}
