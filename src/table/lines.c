/* lines - the logical lines of a text table (reference 1.1). */
#include "table/lines.h"

#include "base/ascii.h"
#include "base/limits.h"

void mp_lines_init(struct mp_lines *l, const struct mp_source *source)
{
	*l = (struct mp_lines){.source = source};
	mp_buf_init(&l->buf, MP_LIMIT_FILE);
}

void mp_lines_release(struct mp_lines *l)
{
	mp_buf_release(&l->buf);
	mp_vec_release(&l->pieces);
}

/* The physical line at `next`, without its LF; moves on. False at the end of the file. */
static bool take_physical(struct mp_lines *l, struct mp_slice *line)
{
	struct mp_slice rest = mp_slice_from(l->source->text, l->next);

	if (rest.n == 0) {
		return false;
	}
	size_t end = mp_slice_chr(rest, '\n');
	*line = mp_slice_sub(rest, 0, end);
	l->next += line->n + (end != MP_NOT_FOUND);
	return true;
}

/* Neither blank nor a comment. */
static bool is_kept(struct mp_slice line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (!mp_is_space(line.p[i])) {
			return line.p[i] != '#';
		}
	}
	return false;
}

/* Whether the next physical line could belong to this logical line: it is one that is dropped, or a
 * continuation. */
static bool goes_on(const struct mp_lines *l)
{
	struct mp_slice rest = mp_slice_from(l->source->text, l->next);

	return rest.n > 0 && (rest.p[0] == '#' || mp_is_space(rest.p[0]));
}

static void add_piece(struct mp_lines *l, struct mp_slice line)
{
	struct mp_lines_piece piece = {l->text.n, (uint32_t)(line.p - l->source->text.p)};

	if (l->pieces.n == 0) {
		l->text = line;
	} else {
		if (l->pieces.n == 1) {
			mp_buf_reset(&l->buf);
			mp_buf_put(&l->buf, l->text);
		}
		mp_buf_put(&l->buf, line);
		l->text = mp_buf_slice(&l->buf);
	}
	mp_vec_push(&l->pieces, piece);
}

bool mp_lines_next(struct mp_lines *l)
{
	struct mp_slice line;

	l->pieces.n = 0;
	l->text = mp_slice("", 0);
	while (take_physical(l, &line)) {
		if (is_kept(line)) {
			add_piece(l, line);
		}
		if (l->text.n > 0 && !goes_on(l)) {
			break;
		}
	}
	if (l->text.n == 0) {
		return false;
	}
	size_t nul = mp_slice_chr(l->text, '\0');
	l->had_nul = nul != MP_NOT_FOUND;
	l->indented = mp_is_space(l->text.p[0]);
	l->text = mp_slice_sub(l->text, 0, nul);
	return true;
}

struct mp_loc mp_lines_loc(const struct mp_lines *l, size_t from, size_t to)
{
	size_t i = 0;

	if (l->pieces.n == 0) {
		return mp_loc(l->source, l->next, l->next);
	}
	while (i + 1 < l->pieces.n && l->pieces.v[i + 1].at <= from) {
		i++;
	}
	size_t end = i + 1 < l->pieces.n && l->pieces.v[i + 1].at < to ? l->pieces.v[i + 1].at : to;
	size_t offset = l->pieces.v[i].offset;
	return mp_loc(l->source, offset + from - l->pieces.v[i].at,
		offset + (end > from ? end : from) - l->pieces.v[i].at);
}
