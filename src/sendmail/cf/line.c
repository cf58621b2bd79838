/*
 * line - from physical lines to logical ones (reference 4.1, 4.2).
 *
 * A line that begins with a blank goes on with the one before it, even when that is a comment. Then
 * dollar signs become symbols, and comments are cut: quotes protect neither.
 */
#include "base/ascii.h"
#include "sendmail/cf/read.h"

/* sendmail's MAXMACNAMELEN. */
enum { NAME_LENGTH = 25 };

typedef MP_VEC(sm_unit) unit_vec;

/* The bytes of the logical line at *at (a line number from 0), line ends as "\n". */
static struct mp_slice join(struct sm_cf *cf, uint32_t *at, struct mp_loc *loc)
{
	const struct mp_source *source = cf->source;
	uint32_t first = *at, next = first + 1;
	size_t start = source->lines[first];

	while (next < source->line_count && source->lines[next] < source->text.n &&
		(source->text.p[source->lines[next]] == ' ' ||
			source->text.p[source->lines[next]] == '\t')) {
		next++;
	}

	size_t end = next < source->line_count ? source->lines[next] : source->text.n;
	size_t shown = start + mp_loc_line(mp_loc(source, start, start)).n;

	*at = next;
	*loc = mp_loc(source, start, shown);
	while (end > start && mp_is_space(source->text.p[end - 1])) {
		end--;
	}
	return mp_slice(source->text.p + start, end - start);
}

static unsigned parse_name(struct sm_cf *cf, struct mp_slice name, struct mp_loc loc)
{
	for (size_t i = 0; i < name.n; i++) {
		if (!mp_is_alnum(name.p[i]) && name.p[i] != '_') {
			sm_cf_refuse(cf, loc, "cf/macro-name",
				"use letters, digits and underscores",
				"Invalid macro/class character %c", name.p[i]);
			return 0;
		}
	}
	if (name.n == 0) {
		sm_cf_refuse(cf, loc, "cf/macro-name", "name the macro or class",
			"Name required for macro/class");
		return 0;
	}
	if (name.n > NAME_LENGTH) {
		sm_cf_refuse(cf, loc, "cf/macro-name", "use a shorter name",
			"Macro/class name ({%.*s}) too long (%d chars max)", MP_SLICE_ARG(name),
			NAME_LENGTH);
		return 0;
	}
	return sm_names_id(cf->names, name);
}

/* The name at p[*i]: one byte, or some in braces. */
static unsigned name_at(struct sm_cf *cf, struct mp_slice s, size_t *i, struct mp_loc loc)
{
	if (*i >= s.n) {
		return parse_name(cf, mp_slice("", 0), loc);
	}
	if (s.p[*i] != '{') {
		return sm_names_id(cf->names, mp_slice(s.p + (*i)++, 1));
	}

	struct mp_slice rest = mp_slice_from(s, *i + 1);
	size_t n = mp_slice_chr(rest, '}');

	if (n == MP_NOT_FOUND) {
		sm_cf_refuse(cf, loc, "cf/macro-name", "close the brace", "Unbalanced { on %.*s",
			(int)(rest.n < 40 ? rest.n : 40), rest.p);
		*i = s.n;
		return 0;
	}
	*i += n + 2;
	return parse_name(cf, mp_slice(rest.p, n), loc);
}

unsigned sm_line_name(struct sm_cf *cf, struct sm_text text, size_t *at, struct mp_loc loc)
{
	char *p = mp_arena_alloc(cf->arena, text.n + 1);
	size_t n = 0;

	/* A reference cannot be part of a name. */
	for (; n < text.n && text.p[n] < 0x100; n++) {
		p[n] = (char)text.p[n];
	}
	return name_at(cf, mp_slice(p, n), at, loc);
}

/* A dollar sign at s[*i]; moves behind what belongs to it. */
static void dollar(struct sm_cf *cf, struct mp_slice s, size_t *i, unit_vec *out, struct mp_loc loc)
{
	size_t at = *i + 1;
	sm_unit symbol = at < s.n ? sm_symbol_of(s.p[at]) : 0;

	if (at >= s.n || s.p[at] == '$') {
		mp_vec_push(out, '$');
		*i = at + (at < s.n);
		return;
	}
	switch (symbol) {
	case SM_SYM_CLASS:
	case SM_SYM_NOT_CLASS:
	case SM_SYM_LATE:
	case SM_SYM_IF: {
		at++;
		mp_vec_push(out, symbol);

		unsigned id = name_at(cf, s, &at, loc);

		mp_vec_push(out, (sm_unit)(SM_NAME + id));
		break;
	}
	case SM_SYM_REPLACE:
		mp_vec_push(out, symbol);
		mp_vec_push(out, (unsigned char)s.p[at++]);
		break;
	case 0: {
		unsigned id = name_at(cf, s, &at, loc);

		mp_vec_push(out, SM_SYM_MACRO);
		mp_vec_push(out, (sm_unit)(SM_NAME + id));
		break;
	}
	default:
		mp_vec_push(out, symbol);
		at++;
	}
	*i = at;
}

/* A "#" that is not the first character: a comment to the end of the physical line. */
static void hash(struct mp_slice s, size_t *i, unit_vec *out)
{
	if (out->n > 0 && out->v[out->n - 1] == '\\') {
		out->v[out->n - 1] = '#';
		(*i)++;
		return;
	}
	while (out->n > 1 && out->v[out->n - 1] < 0x80 && out->v[out->n - 1] != '\n' &&
		mp_is_space((char)out->v[out->n - 1])) {
		out->n--;
	}
	while (*i < s.n && s.p[*i] != '\n') {
		(*i)++;
	}
}

bool sm_line_next(struct sm_cf *cf, uint32_t *at, struct sm_line *line)
{
	if (*at >= cf->source->line_count) {
		return false;
	}

	struct mp_slice s = join(cf, at, &line->loc);
	unit_vec out = {0};

	for (size_t i = 0; i < s.n && s.p[0] != '#';) {
		if (s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n') {
			i++;
		} else if (s.p[i] == '$') {
			dollar(cf, s, &i, &out, line->loc);
		} else if (s.p[i] == '#') {
			hash(s, &i, &out);
		} else {
			mp_vec_push(&out, (unsigned char)s.p[i++]);
		}
	}

	sm_unit *units = mp_arena_array(cf->arena, out.n + 1, sizeof *units);

	if (out.n > 0) {
		memcpy(units, out.v, out.n * sizeof *units);
	}
	line->text = (struct sm_text){units, out.n};
	mp_vec_release(&out);
	return true;
}
