/* class - sets of words, and the files that they are read from. */
#include "sendmail/cf/class.h"

#include "base/ascii.h"

void sm_class_add(
	struct sm_class *c, struct mp_slice word, struct mp_loc loc, struct mp_arena *arena)
{
	char *folded = mp_arena_lower(arena, word);

	if (mp_map_get_str(&c->index, folded) != NULL) {
		return;
	}

	struct sm_class_word w = {mp_arena_slicedup(arena, word), loc};

	mp_vec_push(&c->words, w);
	c->longest = word.n > c->longest ? word.n : c->longest;
	mp_map_put(&c->index, mp_slice(folded, word.n), (void *)(uintptr_t)c->words.n);
}

bool sm_class_next_word(struct mp_slice *text, struct mp_slice *word)
{
	size_t from = 0, to;

	while (from < text->n && mp_is_space(text->p[from])) {
		from++;
	}
	for (to = from; to < text->n && !mp_is_space(text->p[to]); to++) {
	}
	*word = mp_slice_sub(*text, from, to);
	*text = mp_slice_from(*text, to);
	return word->n > 0;
}

void sm_class_add_words(
	struct sm_class *c, struct mp_slice words, struct mp_loc loc, struct mp_arena *arena)
{
	struct mp_slice word;

	while (sm_class_next_word(&words, &word)) {
		sm_class_add(c, word, loc, arena);
	}
}

const struct sm_class_word *sm_class_find(const struct sm_class *c, const char *word)
{
	char folded[1024];
	size_t n = strlen(word);

	/* No word of a configuration is longer than a token of its lines. */
	if (n >= sizeof folded) {
		return NULL;
	}
	for (size_t i = 0; i <= n; i++) {
		folded[i] = mp_to_lower(word[i]);
	}

	uintptr_t at = (uintptr_t)mp_map_get_str(&c->index, folded);

	return at == 0 ? NULL : &c->words.v[at - 1];
}

void sm_class_release(struct sm_class *c)
{
	mp_vec_release(&c->words);
	mp_vec_release(&c->open);
	mp_map_release(&c->index);
}

/* A conversion of a scanf format: what the class of its characters is. */
struct conversion {
	bool set[256]; /* characters that it takes */
	bool skips; /* blanks before it are skipped */
	bool drops; /* "%*s": matched and forgotten */
	size_t width;
};

/* Reads "[...]" after its bracket; false when it does not end. */
static bool read_set(struct conversion *c, const char **format)
{
	const char *p = *format;
	bool negated = *p == '^';

	p += negated;
	memset(c->set, negated, sizeof c->set);
	for (bool first = true; *p != '\0' && (*p != ']' || first); first = false, p++) {
		unsigned char from = (unsigned char)*p, to = from;

		if (p[1] == '-' && p[2] != ']' && p[2] != '\0') {
			to = (unsigned char)p[2];
			p += 2;
		}
		for (unsigned i = from; i <= to; i++) {
			c->set[i] = !negated;
		}
	}
	if (*p != ']') {
		return false;
	}
	*format = p + 1;
	return true;
}

/* Reads a conversion after its "%"; false for one that is not understood. */
static bool read_conversion(struct conversion *c, const char **format)
{
	const char *p = *format;

	*c = (struct conversion){.width = (size_t)-1};
	if (*p == '*') {
		c->drops = true;
		p++;
	}
	if (mp_is_digit(*p)) {
		for (c->width = 0; mp_is_digit(*p) && c->width < 100000; p++) {
			c->width = c->width * 10 + (size_t)(*p - '0');
		}
	}
	if (*p == 's') {
		for (unsigned i = 1; i < 256; i++) {
			c->set[i] = !mp_is_space((char)i);
		}
		c->skips = true;
		*format = p + 1;
		return true;
	}
	p += *p == '[';
	*format = p;
	return p[-1] == '[' && read_set(c, format);
}

/* What the format takes of a line: false when it does not fit the line; *known is cleared when the
 * format itself is not understood. */
static bool take(struct mp_slice line, const char *format, struct mp_slice *word, bool *known)
{
	size_t i = 0;
	bool found = false;

	while (*format != '\0' && !found) {
		struct conversion c;

		if (mp_is_space(*format)) {
			for (; i < line.n && mp_is_space(line.p[i]); i++) {
			}
			format++;
			continue;
		}
		if (*format != '%') {
			if (i >= line.n || line.p[i] != *format) {
				return false;
			}
			i++;
			format++;
			continue;
		}
		format++;
		if (!read_conversion(&c, &format)) {
			*known = false;
			return false;
		}
		for (; c.skips && i < line.n && mp_is_space(line.p[i]); i++) {
		}

		size_t from = i;

		while (i < line.n && i - from < c.width && c.set[(unsigned char)line.p[i]]) {
			i++;
		}
		if (i == from) {
			return false;
		}
		*word = mp_slice_sub(line, from, i);
		found = !c.drops;
	}
	return found;
}

static void add_open(struct sm_class *c, const char *path, bool optional, struct mp_loc loc,
	struct mp_arena *arena)
{
	struct sm_class_source source = {
		.what = mp_arena_printf(arena, "file:%s", path),
		.path = mp_arena_strdup(arena, path),
		.optional = optional,
		.loc = loc,
	};

	mp_vec_push(&c->open, source);
}

enum sm_class_read sm_class_read(struct sm_class *c, struct mp_input *input, const char *path,
	const char *format, bool optional, struct mp_loc loc, struct mp_arena *arena,
	struct mp_err *err)
{
	const struct mp_source *source;

	switch (mp_input_read(input, path, &source, err)) {
	case MP_READ_ABSENT:
		return SM_CLASS_ABSENT;
	case MP_READ_ERROR:
		return SM_CLASS_FAILED;
	case MP_READ_OPEN:
		add_open(c, path, optional, loc, arena);
		return SM_CLASS_OPEN;
	case MP_READ_OK:
		break;
	}

	bool known = true;

	for (uint32_t i = 0; i < source->line_count && known; i++) {
		struct mp_loc at = mp_loc(source, source->lines[i], source->lines[i]);
		struct mp_slice line = mp_loc_line(at), word;

		if (line.n == 0 || line.p[0] == '#' || !take(line, format, &word, &known)) {
			continue;
		}

		size_t start = (size_t)(word.p - source->text.p);

		sm_class_add_words(c, word, mp_loc(source, start, start + word.n), arena);
	}
	if (!known) {
		add_open(c, path, optional, loc, arena);
		return SM_CLASS_OPEN;
	}
	return SM_CLASS_READ;
}
