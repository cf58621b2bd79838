/*
 * marks - one output beside the other.
 *
 * m4 -s writes "#line N" or "#line N "FILE"" where it begins a line of output that does not come
 * from the line of input behind the last; with diversions its idea of where a line begins is not
 * always right, so the marks may stand in the middle of one. A .mc can write such lines itself. So
 * they are not looked for, but found, by what m4 -s writes more than m4.
 */
#include "sendmail/m4/marks.h"

#include "base/ascii.h"
#include "base/vec.h"

/* The length of a mark at the beginning of s with its newline, 0 when there is none. */
static size_t read_mark(struct mp_slice s, struct mp_slice *file, unsigned *line)
{
	static const char word[] = "#line ";
	size_t i = sizeof word - 1;
	unsigned n = 0;

	if (!mp_slice_starts(s, word)) {
		return 0;
	}
	for (; i < s.n && mp_is_digit(s.p[i]) && n < 100000000; i++) {
		n = n * 10 + (unsigned)(s.p[i] - '0');
	}
	*line = n;
	*file = mp_slice("", 0);
	if (mp_slice_starts(mp_slice_from(s, i), " \"")) {
		struct mp_slice rest = mp_slice_from(s, i + 2);
		size_t end = mp_slice_find(rest, "\"\n");
		if (end == MP_NOT_FOUND) {
			return 0;
		}
		*file = mp_slice_sub(rest, 0, end);
		return i + 2 + end + 2;
	}
	return i > sizeof word - 1 && i < s.n && s.p[i] == '\n' ? i + 1 : 0;
}

static bool starts(struct mp_slice s, struct mp_slice with)
{
	return s.n >= with.n && memcmp(s.p, with.p, with.n) == 0;
}

void sm_m4_set_marks(struct mp_slice marked, struct mp_slice plain,
	const struct sm_m4_reader *reader, struct sm_m4_run *run)
{
	MP_VEC(struct sm_m4_mark) marks = {0};
	struct sm_m4_mark mark = {.file = ""};
	size_t i = 0;
	size_t at = 0;

	while (i < marked.n) {
		struct mp_slice file;
		struct mp_slice here = mp_slice_from(marked, i);
		size_t n = here.p[0] == '#' ? read_mark(here, &file, &mark.line) : 0;
		if (n > 0 && !starts(mp_slice_from(plain, at), mp_slice_sub(here, 0, n))) {
			mark.at = at;
			mark.file = file.n > 0 ? sm_m4_name(reader, file) : mark.file;
			mp_vec_push(&marks, mark);
			i += n;
		} else if (at < plain.n && here.p[0] == plain.p[at]) {
			i++;
			at++;
		} else {
			break;
		}
	}
	struct sm_m4_mark *v = mp_arena_array(reader->arena, marks.n, sizeof *v);
	for (size_t k = 0; k < marks.n; k++) {
		v[k] = marks.v[k];
	}
	run->text = plain;
	run->marks = v;
	run->mark_count = marks.n;
	mp_vec_release(&marks);
}
