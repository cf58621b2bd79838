/* template - the value of a pattern rule. */
#include "table/template.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/number.h"

/* The name behind a '$' that stands before text: "1", "{1}", "(1)"; *used is its length with
 * brackets. */
static bool take_name(struct mp_slice text, struct mp_slice *name, size_t *used, const char **why)
{
	char open = text.n > 0 ? text.p[0] : '\0';
	size_t i = 0;

	if (open == '{' || open == '(') {
		char close = open == '{' ? '}' : ')';
		size_t level = 0;
		for (; i < text.n; i++) {
			level += text.p[i] == open;
			if (text.p[i] == close && --level == 0) {
				break;
			}
		}
		if (i == text.n) {
			*why = "a bracket behind '$' is not closed";
			return false;
		}
		*name = mp_slice_sub(text, 1, i);
		*used = i + 1;
	} else {
		while (i < text.n && (mp_is_alnum(text.p[i]) || text.p[i] == '_')) {
			i++;
		}
		*name = mp_slice_sub(text, 0, i);
		*used = i;
	}
	if (name->n == 0) {
		*why = "nothing follows '$' (a dollar sign itself is written '$$')";
		return false;
	}
	return true;
}

static bool take_group(struct mp_slice name, unsigned *group, const char **why)
{
	unsigned long number;

	for (size_t i = 0; i < name.n; i++) {
		if (!mp_is_digit(name.p[i])) {
			*why = "what follows '$' is not a number (write ${1} before a letter or "
			       "digit)";
			return false;
		}
	}
	if (!mp_parse_uint(name, 1, MP_TEMPLATE_GROUPS, &number)) {
		*why = "the number behind '$' is out of range";
		return false;
	}
	*group = (unsigned)number;
	return true;
}

struct building {
	struct mp_arena *arena;
	struct mp_template_piece *pieces;
	struct mp_template *out;
	struct mp_buf literal;
};

static void end_literal(struct building *b)
{
	if (b->literal.n > 0) {
		b->pieces[b->out->n++].text =
			mp_arena_slicedup(b->arena, mp_buf_slice(&b->literal));
		mp_buf_reset(&b->literal);
	}
}

static bool parse_pieces(struct building *b, struct mp_slice text, const char **why)
{
	size_t i = 0;

	while (i < text.n) {
		struct mp_slice name;
		size_t used;
		unsigned group;
		if (text.p[i] != '$') {
			mp_buf_putc(&b->literal, text.p[i++]);
			continue;
		}
		if (i + 1 < text.n && text.p[i + 1] == '$') {
			mp_buf_putc(&b->literal, '$');
			i += 2;
			continue;
		}
		if (!take_name(mp_slice_from(text, i + 1), &name, &used, why) ||
			!take_group(name, &group, why)) {
			return false;
		}
		end_literal(b);
		b->pieces[b->out->n++].group = group;
		b->out->groups = group > b->out->groups ? group : b->out->groups;
		i += used + 1;
	}
	end_literal(b);
	return true;
}

bool mp_template_parse(
	struct mp_arena *arena, struct mp_slice text, struct mp_template *out, const char **why)
{
	size_t most = 1;

	*out = (struct mp_template){0};
	for (size_t i = 0; i < text.n; i++) {
		most += text.p[i] == '$' ? 2 : 0;
	}
	struct building b = {
		arena, mp_arena_array(arena, most, sizeof(struct mp_template_piece)), out, {0}};
	out->pieces = b.pieces;
	mp_buf_init(&b.literal, text.n + 1);
	bool good = parse_pieces(&b, text, why);
	mp_buf_release(&b.literal);
	return good;
}

const char *mp_template_expand(struct mp_arena *arena, const struct mp_template *t,
	const char *subject, const struct mp_group *groups)
{
	struct mp_buf b;

	if (t->groups == 0) {
		return t->n > 0 ? t->pieces[0].text : "";
	}
	mp_buf_init(&b, MP_LIMIT_VALUE);
	for (size_t i = 0; i < t->n; i++) {
		const struct mp_template_piece *piece = &t->pieces[i];
		if (piece->text != NULL) {
			mp_buf_puts(&b, piece->text);
		} else if (groups[piece->group].start >= 0) {
			const struct mp_group *g = &groups[piece->group];
			mp_buf_put(&b, mp_slice(subject + g->start, (size_t)(g->end - g->start)));
		}
	}
	const char *value = mp_arena_slicedup(arena, mp_buf_slice(&b));
	mp_buf_release(&b);
	return value;
}
