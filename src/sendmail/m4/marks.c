/*
 * marks - where the text comes from.
 *
 * m4 -s writes "#line N" or "#line N "FILE"" where it begins a line of output that does not come
 * from the line of input behind the last; with diversions its idea of where a line begins is not
 * always right, so the marks may stand in the middle of one. A .mc can write such lines itself:
 * then the text would lack what the real .cf has. Where that cannot be excluded m4 runs once more
 * without -s, and marks are what the first run wrote more than the second.
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

/* Names of mailers, of answers, and letters of .cf lines that the library has behind a "#". None is
 * a macro, unless the .mc makes it one. */
const char *const sm_m4_behind_hash[] = {"CL", "DAlexvmk", "Dj", "DnMAILER", "Ft", "O", "OK", "R",
	"SLocal_check_mail", "TEMP", "bitnet", "cyrus", "cyrusbb", "cyrusv2", "decnet", "discard",
	"dsmtp", "error", "esmtp", "fax", "local", "mail11", "ok", "other", "pop", "procmail",
	"prog", "relay", "smtp", "smtp8", "smtpf", "temp", "usenet", "uucp", NULL};

static bool is_word(char c)
{
	return mp_is_alpha(c) || mp_is_digit(c) || c == '_';
}

/* Whether nothing can be meant by dnl but what it does: it is nowhere in quotes or an argument. */
static bool dnl_deletes(struct mp_slice text)
{
	return mp_slice_find(text, "`dnl") == MP_NOT_FOUND &&
		mp_slice_find(text, "(dnl") == MP_NOT_FOUND &&
		mp_slice_find(text, "changequote") == MP_NOT_FOUND;
}

static bool is_dnl(struct mp_slice text, size_t i)
{
	return mp_slice_starts(mp_slice_from(text, i), "dnl") &&
		(i == 0 || !is_word(text.p[i - 1])) && (i + 3 == text.n || !is_word(text.p[i + 3]));
}

bool sm_m4_may_forge(struct mp_slice text)
{
	static const char harmless[] = " \t\r\n#-*=+~/.!<>";
	bool dnl = dnl_deletes(text);

	if (mp_slice_find(text, "substr") != MP_NOT_FOUND ||
		mp_slice_find(text, "translit") != MP_NOT_FOUND) {
		return true;
	}
	for (size_t i = 0; i < text.n; i++) {
		if (dnl && text.p[i] == 'd' && is_dnl(text, i)) {
			while (i < text.n && text.p[i] != '\n') {
				i++;
			}
		} else if (text.p[i] == '#' &&
			(i + 1 == text.n || text.p[i + 1] == '\0' ||
				strchr(harmless, text.p[i + 1]) == NULL)) {
			return true;
		}
	}
	return false;
}

struct taker {
	const struct sm_m4_reader *reader;
	struct sm_m4_mark mark; /* the last */
	MP_VEC(struct sm_m4_mark) marks;
};

/* Takes a mark at the beginning of s that stands before offset `at` of the text: its length, or 0.
 */
static size_t take_mark(struct taker *t, struct mp_slice s, size_t at)
{
	struct mp_slice file;
	size_t n = s.p[0] == '#' ? read_mark(s, &file, &t->mark.line) : 0;

	if (n > 0) {
		t->mark.at = at;
		t->mark.file = file.n > 0 ? sm_m4_name(t->reader, file) : t->mark.file;
		mp_vec_push(&t->marks, t->mark);
	}
	return n;
}

static void give_marks(struct taker *t, struct mp_slice text, struct sm_m4_run *run)
{
	struct sm_m4_mark *v = mp_arena_array(t->reader->arena, t->marks.n, sizeof *v);

	for (size_t i = 0; i < t->marks.n; i++) {
		v[i] = t->marks.v[i];
	}
	run->text = text;
	run->marks = v;
	run->mark_count = t->marks.n;
	mp_vec_release(&t->marks);
}

void sm_m4_take_marks(
	struct mp_slice marked, const struct sm_m4_reader *reader, struct sm_m4_run *run)
{
	struct taker t = {.reader = reader, .mark = {.file = ""}};
	char *text = mp_arena_alloc(reader->arena, marked.n + 1);
	size_t at = 0;
	size_t i = 0;

	while (i < marked.n) {
		size_t n = take_mark(&t, mp_slice_from(marked, i), at);
		if (n == 0) {
			/* On to the next "#". */
			size_t end = mp_slice_chr(mp_slice_from(marked, i + 1), '#');
			n = end == MP_NOT_FOUND ? marked.n - i : end + 1;
			memcpy(text + at, marked.p + i, n);
			at += n;
		}
		i += n;
	}
	give_marks(&t, mp_slice(text, at), run);
}

/* Whether the same mark stands in the plain text: then it is text. */
static bool is_text(struct mp_slice marked, struct mp_slice plain)
{
	struct mp_slice line = mp_slice_sub(marked, 0, mp_slice_chr(marked, '\n'));

	return marked.p[0] == '#' && plain.n >= line.n && memcmp(plain.p, line.p, line.n) == 0;
}

void sm_m4_compare_marks(struct mp_slice marked, struct mp_slice plain,
	const struct sm_m4_reader *reader, struct sm_m4_run *run)
{
	struct taker t = {.reader = reader, .mark = {.file = ""}};
	size_t at = 0;
	size_t i = 0;

	while (i < marked.n) {
		struct mp_slice here = mp_slice_from(marked, i);
		size_t n = is_text(here, mp_slice_from(plain, at)) ? 0 : take_mark(&t, here, at);
		if (n == 0 && (at == plain.n || here.p[0] != plain.p[at])) {
			break;
		}
		i += n == 0 ? 1 : n;
		at += n == 0 ? 1 : 0;
	}
	give_marks(&t, plain, run);
}
