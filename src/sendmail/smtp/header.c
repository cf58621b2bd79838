/* header - H lines that name a ruleset, and the headers of a message. */
#include "sendmail/smtp/header.h"

#include "base/ascii.h"

/* "H?flags?Name: $>+Ruleset"; false for any other line. */
static bool read_line(struct sm_cf *cf, struct mp_slice line, struct sm_header_check *out)
{
	size_t colon, n = 0;

	if (!mp_slice_starts(line, "H")) {
		return false;
	}
	line = mp_slice_from(line, 1);
	if (mp_slice_starts(line, "?")) {
		size_t end = mp_slice_chr(mp_slice_from(line, 1), '?');

		line = end == MP_NOT_FOUND ? line : mp_slice_from(line, end + 2);
	}
	colon = mp_slice_chr(line, ':');
	if (colon == MP_NOT_FOUND) {
		return false;
	}
	out->name = mp_arena_slicedup(cf->arena, mp_slice_trim(mp_slice_sub(line, 0, colon)));
	line = mp_slice_trim(mp_slice_from(line, colon + 1));
	if (!mp_slice_starts(line, "$>")) {
		return false;
	}
	line = mp_slice_from(line, 2);
	out->comments = mp_slice_starts(line, "+");
	line = mp_slice_trim(mp_slice_from(line, out->comments));
	while (n < line.n && !mp_is_space(line.p[n])) {
		n++;
	}
	out->ruleset = mp_arena_slicedup(cf->arena, mp_slice_sub(line, 0, n));
	return n > 0;
}

struct sm_header_checks sm_header_checks_read(struct sm_cf *cf)
{
	const struct mp_source *source = cf->source;
	struct sm_header_checks out = {0};
	struct sm_header_check check;
	size_t cap = 0;

	for (uint32_t i = 0; i < source->line_count; i++) {
		struct mp_loc at = mp_loc(source, source->lines[i], source->lines[i]);

		if (read_line(cf, mp_loc_line(at), &check)) {
			out.v = mp_arena_room(cf->arena, out.v, out.n, &cap, sizeof *out.v, 8);
			out.v[out.n++] = check;
		}
	}
	return out;
}

const struct sm_header_check *sm_header_check_find(
	const struct sm_header_checks *checks, const char *name)
{
	const struct sm_header_check *any = NULL;

	for (size_t i = checks->n; i > 0; i--) {
		const struct sm_header_check *c = &checks->v[i - 1];

		if (mp_str_ieq(c->name, name)) {
			return c;
		}
		if (any == NULL && mp_str_eq(c->name, "*")) {
			any = c;
		}
	}
	return any;
}

struct mp_slice sm_message_line(struct mp_slice *rest)
{
	size_t end = mp_slice_chr(*rest, '\n');
	struct mp_slice line = mp_slice_sub(*rest, 0, end == MP_NOT_FOUND ? rest->n : end);

	*rest = mp_slice_from(*rest, end == MP_NOT_FOUND ? rest->n : end + 1);
	if (line.n > 0 && line.p[line.n - 1] == '\r') {
		line.n--;
	}
	return line;
}

/* How long the name at the beginning of a line is; 0 when it is no header. */
static size_t name_length(struct mp_slice line)
{
	size_t n = 0, end;

	while (n < line.n && line.p[n] > ' ' && line.p[n] < 127 && line.p[n] != ':') {
		n++;
	}
	for (end = n; end < line.n && (line.p[end] == ' ' || line.p[end] == '\t'); end++) {
	}
	return end < line.n && line.p[end] == ':' ? n : 0;
}

bool sm_header_next(struct mp_slice *rest, struct sm_header *out, struct mp_arena *arena)
{
	struct mp_slice after = *rest, line = sm_message_line(&after);
	size_t n = name_length(line);
	const char *value;

	if (n == 0) {
		return false;
	}
	out->name = mp_arena_slicedup(arena, mp_slice_sub(line, 0, n));
	line = mp_slice_trim(mp_slice_from(line, mp_slice_chr(line, ':') + 1));
	value = mp_arena_slicedup(arena, line);
	while (after.n > 0 && (after.p[0] == ' ' || after.p[0] == '\t')) {
		struct mp_slice more = sm_message_line(&after);

		value = mp_arena_printf(
			arena, "%s\n%.*s", value, (int)(more.n < 100000 ? more.n : 100000), more.p);
	}
	out->value = value;
	*rest = after;
	return true;
}
