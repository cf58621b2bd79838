/*
 * smtpd_token - the words of a command as smtpd takes it apart.
 *
 * Words end at white space. "..." and <...> protect white space inside of them, a backslash
 * protects the next byte, and "FROM:" and "TO:" end a word by themselves, so that "MAIL
 * FROM:<a@b>" has three words.
 */
#include "base/ascii.h"
#include "postfix/smtpd/smtpd.h"

struct scanner {
	const char *p;
	size_t n, at;
	bool open; /* the word's last quote or bracket is not closed */
};

/* A backslash and the byte that it protects. */
static bool scan_pair(struct scanner *s)
{
	if (s->p[s->at] != '\\') {
		return false;
	}
	s->at += s->at + 1 < s->n ? 2 : 1;
	return true;
}

/* Over "..." or <...>, in which quotes hide brackets and brackets nest; or to the end where it is
 * not closed. */
static void scan_quoted(struct scanner *s)
{
	bool quoted = s->p[s->at] == '"';
	size_t depth = !quoted;

	for (s->at++; s->at < s->n;) {
		char c = s->p[s->at];
		if (scan_pair(s)) {
			continue;
		}
		s->at++;
		if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && c == '<') {
			depth++;
		} else if (!quoted && c == '>') {
			depth--;
		}
		if (!quoted && depth == 0) {
			return;
		}
	}
	s->open = true;
}

static bool ends_at_colon(struct mp_slice word)
{
	return mp_slice_ieq_str(word, "from:") || mp_slice_ieq_str(word, "to:");
}

static struct mp_slice scan_word(struct scanner *s)
{
	size_t start = s->at;

	s->open = false;
	while (s->at < s->n && !mp_is_space(s->p[s->at])) {
		char c = s->p[s->at];
		if (scan_pair(s)) {
			continue;
		}
		if (c == '"' || c == '<') {
			scan_quoted(s);
			continue;
		}
		s->at++;
		if (c == ':' && ends_at_colon(mp_slice(s->p + start, s->at - start))) {
			break;
		}
	}
	return mp_slice(s->p + start, s->at - start);
}

struct pf_words pf_tokenise(struct mp_arena *arena, struct mp_slice line)
{
	struct scanner s = {line.p, line.n, 0, false};
	struct pf_words out = {0};

	out.v = mp_arena_array(arena, line.n / 2 + 2, sizeof *out.v);
	out.open = mp_arena_array(arena, line.n / 2 + 2, sizeof *out.open);
	for (;;) {
		while (s.at < s.n && mp_is_space(s.p[s.at])) {
			s.at++;
		}
		if (s.at >= s.n) {
			return out;
		}
		out.v[out.n] = mp_arena_slicedup(arena, scan_word(&s));
		out.open[out.n++] = s.open;
	}
}

const char *pf_words_join(struct mp_arena *arena, struct pf_words tokens, size_t from, size_t to)
{
	const char *text = from < to ? tokens.v[from] : "";

	for (size_t i = from + 1; i < to; i++) {
		text = mp_arena_printf(arena, "%s %s", text, tokens.v[i]);
	}
	return text;
}

bool pf_is_header(const char *word)
{
	bool name = false, blank = false;

	for (const char *p = word; *p != '\0'; p++) {
		if (*p == ':') {
			return name;
		}
		if (*p == ' ' || *p == '\t') {
			if (!name) {
				return false;
			}
			blank = true;
		} else if (!mp_is_print(*p) || blank) {
			return false;
		} else {
			name = true;
		}
	}
	return false;
}

bool pf_all_digits(const char *text)
{
	if (*text == '\0') {
		return false;
	}
	for (; *text != '\0'; text++) {
		if (!mp_is_digit(*text)) {
			return false;
		}
	}
	return true;
}

bool pf_xtext_decode(struct mp_arena *arena, const char *text, const char **out)
{
	char *to = mp_arena_alloc(arena, strlen(text) + 1);

	*out = to;
	for (const char *p = text; *p != '\0'; p++) {
		if (*p != '+') {
			*to++ = *p;
			continue;
		}
		int high = mp_hex_value(p[1]);
		int low = high < 0 ? -1 : mp_hex_value(p[2]);
		if (low < 0) {
			return false;
		}
		*to++ = (char)(high * 16 + low);
		p += 2;
	}
	*to = '\0';
	return true;
}

bool pf_uxtext_valid(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p != '\\') {
			continue;
		}
		if (p[1] != 'x' || p[2] != '{') {
			return false;
		}
		unsigned long code = 0;
		const char *digit = p + 3;
		for (; mp_hex_value(*digit) >= 0; digit++) {
			code = code * 16 + (unsigned long)mp_hex_value(*digit);
			if (code > 0x10ffff) {
				return false;
			}
		}
		if (digit == p + 3 || *digit != '}') {
			return false;
		}
		p = digit;
	}
	return true;
}
