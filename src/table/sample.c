/*
 * sample - a text that a regular expression matches, made from the expression.
 *
 * DESCRIPTION
 *	The expression is walked once. Of alternatives one is taken, of a set of characters a
 *	likely one, a repetition is made as often as it must be or once more; which, is told by the
 *	number of the try, whose digits (in the bases of the choices) are used up from the lowest.
 */
#include "table/sample.h"

#include "base/ascii.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

enum {
	SAMPLE_LENGTH = 512,
	SAMPLE_DEPTH = 40, /* of groups */
	SAMPLE_REPEAT = 64,
	SAMPLE_STEPS = 20000
};

struct sampler {
	struct mp_buf out;
	unsigned choice;
	unsigned depth;
	unsigned steps;
	bool failed;
};

/* A piece of the expression. */
struct piece {
	const char *p, *end;
};

static void sample_alternatives(struct sampler *s, struct piece text);

/* One of n, by the number of the try. */
static unsigned pick(struct sampler *s, unsigned n)
{
	unsigned at = s->choice % n;

	s->choice /= n;
	return at;
}

/* ---- taking the expression apart ---- */

/* Behind the bracket expression that begins at p; NULL when it is not closed. */
static const char *skip_set(const char *p, const char *end)
{
	p++;
	if (p < end && *p == '^') {
		p++;
	}
	for (const char *first = p; p < end; p++) {
		if (*p == ']' && p > first) {
			return p + 1;
		}
		if (*p == '\\' && p + 1 < end) {
			p++;
		} else if (*p == '[' && p + 1 < end &&
			(p[1] == ':' || p[1] == '.' || p[1] == '=')) {
			const char *close = memchr(p + 2, p[1], (size_t)(end - p - 2));
			p = close != NULL && close + 1 < end ? close + 1 : p;
		}
	}
	return NULL;
}

static const char *skip_escape(const char *p, const char *end)
{
	if (p + 1 >= end) {
		return NULL;
	}
	if (strchr("xpPogk", p[1]) != NULL && p + 2 < end && p[2] == '{') {
		const char *close = memchr(p, '}', (size_t)(end - p));
		return close != NULL ? close + 1 : NULL;
	}
	if (p[1] == 'x') {
		p += 2;
		for (int i = 0; i < 2 && p < end && (mp_hex_value(*p) >= 0); i++) {
			p++;
		}
		return p;
	}
	return p + 2;
}

static const char *skip_atom(const char *p, const char *end);

static const char *skip_group(const char *p, const char *end)
{
	p++;
	while (p < end && *p != ')') {
		const char *next = skip_atom(p, end);
		if (next == NULL || next > end) {
			return NULL;
		}
		p = next;
	}
	return p < end ? p + 1 : NULL;
}

/* Behind the atom that begins at p; NULL when it does not end. Groups nest no deeper than regcomp()
 * and PCRE2 let them, which is a few hundred. */
static const char *skip_atom(const char *p, const char *end)
{
	switch (*p) {
	case '\\':
		return skip_escape(p, end);
	case '[':
		return skip_set(p, end);
	case '(':
		return skip_group(p, end);
	default:
		return p + 1;
	}
}

/* Reads a quantifier at *p and moves behind it, with the mark that makes it lazy or possessive. */
static void read_quantifier(const char **p, const char *end, unsigned *low, unsigned *high)
{
	char *behind;

	*low = *high = 1;
	if (*p < end && (**p == '*' || **p == '+' || **p == '?')) {
		*low = **p == '+' ? 1 : 0;
		*high = **p == '?' ? 1 : SAMPLE_REPEAT;
		++*p;
	} else if (*p + 1 < end && **p == '{' && mp_is_digit((*p)[1])) {
		*low = *high = (unsigned)strtoul(*p + 1, &behind, 10);
		if (*behind == ',') {
			bool bounded = mp_is_digit(behind[1]);
			*high = (unsigned)strtoul(behind + 1, &behind, 10);
			*high = bounded ? *high : SAMPLE_REPEAT;
		}
		*p = behind < end && *behind == '}' ? behind + 1 : *p + 1;
	} else {
		return;
	}
	if (*p < end && (**p == '?' || **p == '+')) {
		++*p;
	}
}

/* ---- sets of characters ---- */

/* Whether an escape that stands for a set (\d, \W, ...) has the character; false for other
 * escapes. */
static bool escape_has(char escape, char c)
{
	switch (escape) {
	case 'd':
		return mp_is_digit(c);
	case 'w':
		return mp_is_alnum(c) || c == '_';
	case 's':
		return mp_is_space(c);
	case 'D':
		return !mp_is_digit(c);
	case 'W':
		return !mp_is_alnum(c) && c != '_';
	case 'S':
		return !mp_is_space(c);
	default:
		return false;
	}
}

static bool named_has(struct mp_slice name, char c)
{
	if (mp_slice_eq_str(name, "alpha") || mp_slice_eq_str(name, "lower") ||
		mp_slice_eq_str(name, "upper")) {
		return mp_is_alpha(c);
	}
	if (mp_slice_eq_str(name, "alnum") || mp_slice_eq_str(name, "word")) {
		return mp_is_alnum(c);
	}
	if (mp_slice_eq_str(name, "digit")) {
		return mp_is_digit(c);
	}
	if (mp_slice_eq_str(name, "xdigit")) {
		return (mp_hex_value(c) >= 0);
	}
	if (mp_slice_eq_str(name, "space") || mp_slice_eq_str(name, "blank")) {
		return mp_is_space(c);
	}
	if (mp_slice_eq_str(name, "punct")) {
		return !mp_is_alnum(c) && !mp_is_space(c);
	}
	return mp_slice_eq_str(name, "graph") || mp_slice_eq_str(name, "print");
}

static bool in_range(char c, char from, char to)
{
	char upper = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;

	return (c >= from && c <= to) || (upper >= from && upper <= to);
}

/* Whether the inside of a bracket expression names the character, case aside. */
static bool set_names(struct piece set, char c)
{
	for (const char *p = set.p; p < set.end; p++) {
		if (*p == '[' && p + 1 < set.end && p[1] == ':') {
			const char *close = memchr(p + 2, ':', (size_t)(set.end - p - 2));
			if (close != NULL) {
				if (named_has(mp_slice(p + 2, (size_t)(close - p - 2)), c)) {
					return true;
				}
				p = close + 1;
				continue;
			}
		}
		if (*p == '\\' && p + 1 < set.end) {
			p++;
			if (escape_has(*p, c) || (!mp_is_alnum(*p) && *p == c)) {
				return true;
			}
			continue;
		}
		if (p + 2 < set.end && p[1] == '-') {
			if (in_range(c, p[0], p[2])) {
				return true;
			}
			p += 2;
		} else if (in_range(c, *p, *p)) {
			return true;
		}
	}
	return false;
}

/* Characters that addresses and names are made of, likely ones first. */
static const char likely[] =
	"abcdefghijklmnopqrstuvwxyz0123456789.-_+=@%!/~ :[]\"*&'$#?^`{|}\\,;<>()";

static bool set_has(struct piece set, char c)
{
	bool negated = set.p < set.end && *set.p == '^';

	set.p += negated;
	return set_names(set, c) != negated;
}

static void put_char(struct sampler *s, char c)
{
	mp_buf_put(&s->out, mp_slice(&c, 1));
}

static void sample_set(struct sampler *s, struct piece set)
{
	char first[3];
	unsigned n = 0;

	for (const char *c = likely; *c != '\0' && n < sizeof first; c++) {
		if (set_has(set, *c)) {
			first[n++] = *c;
		}
	}
	if (n == 0) {
		s->failed = true;
		return;
	}
	put_char(s, first[pick(s, n)]);
}

/* ---- the walk ---- */

/* \Q...\E is not handled, nor what refers back to a group: such a text is found wrong when it is
 * tried. */
static void sample_escape(struct sampler *s, struct piece atom)
{
	char c = atom.p[1];

	if (strchr("bBAzZGEQ", c) != NULL) {
		return;
	}
	if (c == 'x' && (mp_hex_value(atom.p[2]) >= 0)) {
		put_char(s, (char)strtoul(atom.p + 2, NULL, 16));
		return;
	}
	if (strchr("dwsDWS", c) != NULL) {
		char set[] = {'\\', c};
		sample_set(s, (struct piece){set, set + 2});
		return;
	}
	if (c == 't') {
		put_char(s, '\t');
		return;
	}
	if (mp_is_alnum(c)) {
		s->failed = true;
		return;
	}
	put_char(s, c);
}

/* What follows "(": a group that captures or not, or one that is only looked at. */
static void sample_group(struct sampler *s, struct piece inside)
{
	if (inside.end - inside.p >= 2 && inside.p[0] == '?') {
		char kind = inside.p[1];
		bool behind = kind == '<' && inside.end - inside.p >= 3 &&
			(inside.p[2] == '=' || inside.p[2] == '!');
		if (kind == '=' || kind == '!' || kind == '#' || behind) {
			return;
		}
		/* (?:x) (?i:x) (?<name>x) (?P<name>x); (?i) alone matches nothing. */
		const char *start = inside.p + 1;
		while (start < inside.end && *start != ':' && *start != '>') {
			start++;
		}
		if (start == inside.end) {
			return;
		}
		inside.p = start + 1;
	}
	if (++s->depth > SAMPLE_DEPTH) {
		s->failed = true;
		return;
	}
	sample_alternatives(s, inside);
	s->depth--;
}

static void sample_atom(struct sampler *s, struct piece atom)
{
	if (++s->steps > SAMPLE_STEPS) {
		s->failed = true;
		return;
	}
	switch (*atom.p) {
	case '\\':
		sample_escape(s, atom);
		break;
	case '[':
		sample_set(s, (struct piece){atom.p + 1, atom.end - 1});
		break;
	case '(':
		sample_group(s, (struct piece){atom.p + 1, atom.end - 1});
		break;
	case '.':
		sample_set(s, (struct piece){"a-z0-9", strchr("a-z0-9", '\0')});
		break;
	case '^':
	case '$':
		break;
	default:
		put_char(s, *atom.p);
	}
}

static void sample_sequence(struct sampler *s, struct piece text)
{
	while (text.p < text.end && !s->failed) {
		unsigned low, high;
		const char *behind = skip_atom(text.p, text.end);
		struct piece atom = {text.p, behind};
		if (behind == NULL || behind > text.end) {
			s->failed = true;
			return;
		}
		read_quantifier(&behind, text.end, &low, &high);
		unsigned count = high > low ? low + pick(s, 2) : low;
		s->failed = count > SAMPLE_REPEAT;
		for (unsigned i = 0; i < count && !s->failed; i++) {
			sample_atom(s, atom);
		}
		text.p = behind;
	}
}

/* Behind the alternative that begins at p. */
static const char *alternative_end(const char *p, const char *end)
{
	while (p < end && *p != '|') {
		const char *next = skip_atom(p, end);
		if (next == NULL || next > end) {
			return end;
		}
		p = next;
	}
	return p;
}

static void sample_alternatives(struct sampler *s, struct piece text)
{
	unsigned n = 1;

	for (const char *p = alternative_end(text.p, text.end); p < text.end;
		p = alternative_end(p + 1, text.end)) {
		n++;
	}
	const char *p = text.p;
	for (unsigned at = pick(s, n); at > 0; at--) {
		p = alternative_end(p, text.end) + 1;
	}
	sample_sequence(s, (struct piece){p, alternative_end(p, text.end)});
}

const char *mp_sample_expression(const char *expression, unsigned try, struct mp_arena *arena)
{
	struct sampler s = {.choice = try};
	const char *text = NULL;

	mp_buf_init(&s.out, SAMPLE_LENGTH);
	sample_alternatives(&s, (struct piece){expression, strchr(expression, '\0')});
	if (!s.failed && !s.out.overflow) {
		text = mp_arena_slicedup(arena, mp_buf_slice(&s.out));
	}
	mp_buf_release(&s.out);
	return text;
}
