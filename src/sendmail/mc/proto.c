/* proto - one pass over the library's text, with a stack of open calls. */
#include "sendmail/mc/proto.h"

#include "base/ascii.h"
#include "base/vec.h"

enum {
	DEEPEST = 100, /* calls in each other; the library has a dozen */
	LIKENESS = 4 /* letters that a line has in common with the one that it was made from */
};

struct open_call {
	unsigned quotes, parens; /* quotes around it; parentheses in it */
	bool condition; /* an ifdef */
	struct mp_slice name;
	unsigned argument;
	uint32_t line;
};

struct scan {
	struct mp_arena *arena;
	struct mp_slice text;
	size_t at;
	unsigned quotes;
	struct open_call open[DEEPEST];
	unsigned depth;
	const struct sm_condition *condition;
	bool changed; /* the conditions since they were put into a list */
	MP_VEC(struct sm_proto_line) lines;
	size_t line_start;
};

struct mp_slice sm_word_next(struct mp_slice text, size_t *at)
{
	size_t i = *at;

	while (i < text.n && !mp_is_alpha(text.p[i]) && text.p[i] != '_') {
		i++;
	}
	size_t start = i;
	while (i < text.n && (mp_is_alnum(text.p[i]) || text.p[i] == '_')) {
		i++;
	}
	*at = i;
	return mp_slice_sub(text, start, i);
}

/* The list of the conditions that are open, innermost first. */
static const struct sm_condition *conditions(struct scan *s)
{
	if (!s->changed) {
		return s->condition;
	}
	s->condition = NULL;
	for (unsigned i = 0; i < s->depth; i++) {
		const struct open_call *o = &s->open[i];
		if (o->condition && o->argument > 0) {
			struct sm_condition *c = MP_ARENA_NEW(s->arena, struct sm_condition);
			*c = (struct sm_condition){o->name, o->argument == 1, s->condition};
			s->condition = c;
		}
	}
	s->changed = false;
	return s->condition;
}

static void end_line(struct scan *s)
{
	struct sm_proto_line line = {.text = mp_slice_sub(s->text, s->line_start, s->at)};

	mp_vec_push(&s->lines, line);
	s->line_start = s->at + 1;
}

static void begin_line(struct scan *s)
{
	struct sm_proto_line *line = &s->lines.v[s->lines.n - 1];

	line->condition = conditions(s);
	line->last = (uint32_t)s->lines.n - 1;
}

static void read_word(struct scan *s)
{
	size_t start = s->at;
	struct mp_slice word = sm_word_next(s->text, &s->at);

	if (s->quotes == 0 && mp_slice_eq_str(word, "dnl")) {
		while (s->at < s->text.n && s->text.p[s->at] != '\n') {
			s->at++;
		}
		return;
	}
	if (s->at >= s->text.n || s->text.p[s->at] != '(' || s->depth == DEEPEST ||
		(start > 0 && s->text.p[start - 1] == '$')) {
		return;
	}
	struct open_call o = {.quotes = s->quotes, .line = (uint32_t)s->lines.n};
	s->at++;
	if (mp_slice_eq_str(word, "ifdef")) {
		size_t name_at = s->at;
		o.condition = true;
		o.name = sm_word_next(s->text, &name_at);
	}
	s->open[s->depth++] = o;
}

/* A parenthesis or a comma, for the innermost call. */
static void read_mark(struct scan *s, char c)
{
	struct open_call *o = s->depth > 0 ? &s->open[s->depth - 1] : NULL;

	if (o == NULL || o->quotes != s->quotes) {
		return;
	}
	if (c == '(') {
		o->parens++;
	} else if (c == ',' && o->parens == 0) {
		o->argument++;
		s->changed = true;
	} else if (c == ')' && o->parens > 0) {
		o->parens--;
	} else if (c == ')') {
		s->depth--;
		s->changed = true;
		if (s->depth == 0 && o->line < s->lines.n) {
			s->lines.v[o->line].last = (uint32_t)s->lines.n;
		}
	}
}

static void read_char(struct scan *s)
{
	char c = s->text.p[s->at];

	if (c == '`') {
		s->quotes++;
	} else if (c == '\'' && s->quotes > 0) {
		s->quotes--;
		/* What was opened in the quotes and not closed is no call. */
		while (s->depth > 0 && s->open[s->depth - 1].quotes > s->quotes) {
			s->depth--;
			s->changed = true;
		}
	} else {
		read_mark(s, c);
	}
	s->at++;
}

struct sm_proto *sm_proto(struct mp_arena *arena, struct mp_slice text)
{
	struct scan *s = MP_ARENA_NEW(arena, struct scan);
	struct sm_proto *proto = MP_ARENA_NEW(arena, struct sm_proto);
	const struct sm_condition *at_start = NULL;

	*s = (struct scan){.arena = arena, .text = text};
	while (s->at < text.n) {
		char c = text.p[s->at];
		if (c == '\n') {
			end_line(s);
			begin_line(s);
			s->lines.v[s->lines.n - 1].condition = at_start;
			at_start = conditions(s);
			s->at++;
		} else if (mp_is_alpha(c) || c == '_') {
			read_word(s);
		} else {
			read_char(s);
		}
	}
	end_line(s);
	begin_line(s);
	struct sm_proto_line *lines = mp_arena_array(arena, s->lines.n, sizeof *lines);
	memcpy(lines, s->lines.v, s->lines.n * sizeof *lines);
	proto->lines = lines;
	proto->count = (uint32_t)s->lines.n;
	mp_vec_release(&s->lines);
	return proto;
}

/* Whether a variable's name begins there: its value stands in its place in the output. */
static bool is_variable(struct mp_slice source)
{
	size_t at = 0;
	struct mp_slice word = sm_word_next(source, &at);
	size_t small = 0;

	if (source.n == 0 || word.n < 4 || word.p != source.p) {
		return false;
	}
	for (size_t i = 0; i < word.n; i++) {
		small += mp_is_lower(word.p[i]);
	}
	return small == 0 || (small == 4 && mp_slice_starts(word, "conf"));
}

/* How many letters two lines have in common at their beginning; quotes in the source do not count.
 * A variable where they part counts, too. *whole: all of the output, and nothing but the end of an
 * argument follows in the source. */
static size_t likeness(struct mp_slice source, struct mp_slice output, bool *whole)
{
	size_t i = 0, n = 0;

	while (i < source.n) {
		if (source.p[i] == '`' || source.p[i] == '\'') {
			i++;
		} else if (n < output.n && source.p[i] == output.p[n]) {
			i++;
			n++;
		} else {
			break;
		}
	}
	size_t more = n > 1 && is_variable(mp_slice_from(source, i)) ? LIKENESS : 0;
	while (i < source.n && strchr("`',) \t", source.p[i]) != NULL) {
		i++;
	}
	*whole = n == output.n &&
		(i == source.n || mp_slice_starts(mp_slice_from(source, i), "dnl"));
	return n + more;
}

long sm_proto_find(const struct sm_proto *proto, uint32_t first, uint32_t last, uint32_t from,
	struct mp_slice output, bool *whole)
{
	long best = -1;
	size_t most = LIKENESS - 1;

	if (last >= proto->count) {
		last = proto->count - 1;
	}
	if (from < first || from > last) {
		from = first;
	}
	for (uint32_t k = 0; first + k <= last; k++) {
		uint32_t i = from + k <= last ? from + k : first + (from + k - last - 1);
		size_t n = likeness(proto->lines[i].text, output, whole);
		if (*whole && output.n > 0) {
			return i;
		}
		if (n > most) {
			most = n;
			best = i;
		}
	}
	*whole = false;
	return best;
}
