/* source - a file that was read, and places in it. */
#include "diag/source.h"

#include "base/alloc.h"
#include "base/limits.h"

/* The start of each line. A text that ends in LF has no further, empty line. */
static void index_lines(struct mp_arena *arena, struct mp_source *s)
{
	uint32_t count = 1;

	for (size_t i = 0; i + 1 < s->text.n; i++) {
		if (s->text.p[i] == '\n') {
			count++;
		}
	}
	uint32_t *lines = mp_arena_array(arena, count, sizeof *lines);
	uint32_t at = 1;
	for (size_t i = 0; i + 1 < s->text.n; i++) {
		if (s->text.p[i] == '\n') {
			lines[at++] = (uint32_t)i + 1;
		}
	}
	s->lines = lines;
	s->line_count = count;
}

struct mp_source *mp_source_new(
	struct mp_arena *arena, const char *name, const char *path, struct mp_slice text)
{
	if (text.n > MP_LIMIT_FILE) {
		MP_BUG("source over the size limit");
	}
	struct mp_source *s = MP_ARENA_NEW(arena, struct mp_source);
	s->name = mp_arena_strdup(arena, name);
	s->path = mp_arena_strdup(arena, path);
	s->text = text;
	index_lines(arena, s);
	return s;
}

/* The index of the line that holds the offset. */
static uint32_t line_index(const struct mp_source *s, uint32_t offset)
{
	uint32_t low = 0;
	uint32_t high = s->line_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		if (s->lines[middle] <= offset) {
			low = middle;
		} else {
			high = middle;
		}
	}
	return low;
}

struct mp_position mp_loc_position(struct mp_loc loc)
{
	if (loc.source == NULL) {
		return (struct mp_position){"", 0, 0};
	}
	uint32_t line = line_index(loc.source, loc.start);
	return (struct mp_position){
		loc.source->name, line + 1, loc.start - loc.source->lines[line] + 1};
}

struct mp_slice mp_loc_text(struct mp_loc loc)
{
	if (loc.source == NULL) {
		return mp_slice("", 0);
	}
	return mp_slice_sub(loc.source->text, loc.start, loc.end);
}

struct mp_slice mp_loc_line(struct mp_loc loc)
{
	if (loc.source == NULL) {
		return mp_slice("", 0);
	}
	struct mp_slice rest = mp_slice_from(
		loc.source->text, loc.source->lines[line_index(loc.source, loc.start)]);
	struct mp_slice line = mp_slice_sub(rest, 0, mp_slice_chr(rest, '\n'));
	if (line.n > 0 && line.p[line.n - 1] == '\r') {
		line.n--;
	}
	return line;
}

struct mp_loc mp_loc_origin(struct mp_loc loc)
{
	if (loc.source == NULL || loc.source->origins == NULL) {
		return mp_loc(NULL, 0, 0);
	}
	return loc.source->origins[line_index(loc.source, loc.start)];
}
