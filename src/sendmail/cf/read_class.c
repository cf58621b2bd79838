/* read_class - C, T and F lines: the words of classes. */
#include "base/ascii.h"
#include "sendmail/cf/read.h"

/* Adds what the units say: words, and copies of other classes. */
static void add_units(struct sm_cf *cf, unsigned id, struct sm_text text, struct mp_loc loc)
{
	struct sm_class *c = sm_cf_class_new(cf, id);

	for (size_t i = 0; i < text.n;) {
		size_t from;

		while (i < text.n && text.p[i] < 0x80 && mp_is_space((char)text.p[i])) {
			i++;
		}
		for (from = i; i < text.n && !(text.p[i] < 0x80 && mp_is_space((char)text.p[i]));
			i++) {
		}
		if (i == from) {
			continue;
		}
		if (text.p[from] == SM_SYM_CLASS && i > from + 1) {
			struct sm_class *other =
				sm_cf_class_new(cf, (unsigned)(text.p[from + 1] - SM_NAME));

			for (size_t k = 0; k < other->words.n; k++) {
				sm_class_add(c, mp_slice_str(other->words.v[k].word),
					other->words.v[k].loc, cf->arena);
			}
			for (size_t k = 0; k < other->open.n; k++) {
				mp_vec_push(&c->open, other->open.v[k]);
			}
			continue;
		}

		struct sm_text word = {text.p + from, i - from};

		sm_class_add(
			c, mp_slice_str(sm_text_bytes(word, cf->names, cf->arena)), loc, cf->arena);
	}
}

void sm_read_class(struct sm_cf *cf, const struct sm_line *line)
{
	size_t at = 1;
	unsigned id = sm_line_name(cf, line->text, &at, line->loc);
	struct sm_text words = {line->text.p + at, line->text.n - at};

	if (id != 0) {
		add_units(cf, id, sm_cf_expand(cf, words, line->loc), line->loc);
	}
}

void sm_read_trusted(struct sm_cf *cf, const struct sm_line *line)
{
	struct sm_text words = {line->text.p + 1, line->text.n - 1};

	add_units(cf, sm_names_id(cf->names, mp_slice("t", 1)), words, line->loc);
}

/* What is not at hand on any machine: a program, a directory service. */
static void open_source(struct sm_cf *cf, struct sm_class *c, const char *what, struct mp_loc loc)
{
	struct sm_class_source source = {.what = what, .optional = true, .loc = loc};

	mp_vec_push(&c->open, source);
	mp_finding_add(cf->findings, MP_NOTE, "cf/class-elsewhere", loc, "",
		"the words of this class come from %s, which is not asked: whether it holds a word "
		"is an open question",
		what);
}

static void read_file(struct sm_cf *cf, struct sm_class *c, struct mp_slice file, bool optional,
	const char *format, struct mp_loc loc)
{
	const char *path = mp_arena_slicedup(cf->arena, file);
	struct mp_err err = {0};

	switch (sm_class_read(c, cf->input, path, format, optional, loc, cf->arena, &err)) {
	case SM_CLASS_ABSENT:
		if (!optional) {
			sm_cf_refuse(cf, loc, "cf/class-file-missing",
				"create the file, or write -o before its name",
				"fileclass: cannot open '%s': No such file or directory", path);
		}
		break;
	case SM_CLASS_FAILED:
		if (!optional) {
			sm_cf_refuse(cf, loc, "cf/class-file-missing", "make the file readable",
				"fileclass: cannot open '%s': %s", path, err.text);
		}
		break;
	case SM_CLASS_READ:
	case SM_CLASS_OPEN:
		break;
	}
}

void sm_read_class_file(struct sm_cf *cf, const struct sm_line *line)
{
	size_t at = 1;
	unsigned id = sm_line_name(cf, line->text, &at, line->loc);
	struct sm_text units = {line->text.p + at, line->text.n - at};
	struct mp_slice s = mp_slice_trim(mp_slice_str(sm_text_bytes(units, cf->names, cf->arena)));
	bool optional = mp_slice_starts(s, "-o");
	size_t n = 0;

	if (id == 0) {
		return;
	}
	if (optional) {
		while (n < s.n && !mp_is_space(s.p[n])) {
			n++;
		}
		s = mp_slice_trim(mp_slice_from(s, n));
		n = 0;
	}

	struct sm_class *c = sm_cf_class_new(cf, id);

	if (mp_slice_starts(s, "|") || mp_slice_chr(s, '@') == 0 ||
		(mp_slice_chr(s, '@') != MP_NOT_FOUND && mp_slice_chr(s, ':') != MP_NOT_FOUND &&
			!mp_slice_starts(s, "/"))) {
		open_source(cf, c, mp_arena_slicedup(cf->arena, s), line->loc);
		return;
	}
	while (n < s.n && !mp_is_space(s.p[n])) {
		n++;
	}

	struct mp_slice format = mp_slice_trim(mp_slice_from(s, n));

	read_file(cf, c, mp_slice(s.p, n), optional,
		format.n > 0 ? mp_arena_slicedup(cf->arena, format) : "%s", line->loc);
}
