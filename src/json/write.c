/* write - JSON written as a stream. */
#include "json/write.h"

#include "base/alloc.h"
#include "base/utf8.h"

void mp_json_writer_init(struct mp_json_writer *w, FILE *out, bool pretty)
{
	*w = (struct mp_json_writer){.out = out, .pretty = pretty};
	w->first[0] = true;
}

static void indent(struct mp_json_writer *w)
{
	if (w->pretty && w->depth > 0) {
		fputc('\n', w->out);
		for (unsigned i = 0; i < w->depth; i++) {
			fputs("  ", w->out);
		}
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
		fputs(w->pretty || w->depth == 0 ? "," : ", ", w->out);
	}
	w->first[w->depth] = false;
	indent(w);
}

static void begin(struct mp_json_writer *w, char bracket)
{
	separate(w);
	fputc(bracket, w->out);
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
	if (!empty && w->pretty) {
		fputc('\n', w->out);
		for (unsigned i = 0; i < w->depth; i++) {
			fputs("  ", w->out);
		}
	}
	fputc(bracket, w->out);
	if (w->depth == 0) {
		w->first[0] = true;
	}
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

/* One ASCII character, escaped where RFC 8259 section 7 wants it, and DEL for the terminal's sake.
 */
static void put_ascii(FILE *out, unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		fprintf(out, "\\%c", c);
		break;
	case '\n':
		fputs("\\n", out);
		break;
	case '\r':
		fputs("\\r", out);
		break;
	case '\t':
		fputs("\\t", out);
		break;
	default:
		if (c < 0x20 || c == 0x7f) {
			fprintf(out, "\\u%04x", c);
		} else {
			fputc(c, out);
		}
	}
}

static void put_text(FILE *out, struct mp_slice s)
{
	fputc('"', out);
	while (s.n > 0) {
		size_t n = mp_utf8_length(s);
		unsigned char c = (unsigned char)s.p[0];
		if (n == 1) {
			put_ascii(out, c);
		} else if (n == 2 && c == 0xc2 && (unsigned char)s.p[1] < 0xa0) {
			/* C1 controls: some terminals obey them */
			fprintf(out, "\\u%04x", (unsigned char)s.p[1]);
		} else if (n > 1) {
			fwrite(s.p, 1, n, out);
		} else {
			fprintf(out, "\\\\x%02X", c);
			n = 1;
		}
		s = mp_slice_from(s, n);
	}
	fputc('"', out);
}

void mp_json_key(struct mp_json_writer *w, const char *key)
{
	separate(w);
	put_text(w->out, mp_slice_str(key));
	fputs(": ", w->out);
	w->after_key = true;
}

void mp_json_put_slice(struct mp_json_writer *w, struct mp_slice s)
{
	separate(w);
	put_text(w->out, s);
}

void mp_json_put_string(struct mp_json_writer *w, const char *s)
{
	mp_json_put_slice(w, mp_slice_str(s));
}

void mp_json_put_integer(struct mp_json_writer *w, long long n)
{
	separate(w);
	fprintf(w->out, "%lld", n);
}

void mp_json_put_bool(struct mp_json_writer *w, bool b)
{
	separate(w);
	fputs(b ? "true" : "false", w->out);
}

void mp_json_put_null(struct mp_json_writer *w)
{
	separate(w);
	fputs("null", w->out);
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
	fputc('\n', w->out);
	w->first[0] = true;
}
