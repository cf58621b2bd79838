/*
 * source - a file that was read, and places in it.
 *
 * A source keeps the bytes as they were read; places are byte offsets, turned into line and
 * column only when somebody looks. Sources live in the arena of the configuration they belong to.
 */
#ifndef MP_DIAG_SOURCE_H
#define MP_DIAG_SOURCE_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdint.h>

struct mp_loc;

struct mp_source {
	const char *name; /* as shown to the user: relative to CONFIG where it is inside */
	const char *path; /* where it was read from */
	struct mp_slice text; /* all bytes, followed by a NUL that does not count */
	const uint32_t *lines; /* offset of the start of each line */
	uint32_t line_count; /* at least 1 */
	bool outside; /* read outside CONFIG: listed with its checksum, never quoted */
	bool generated; /* in no file: made from other sources, as the .cf from a .mc */
	/* Of a generated source: for each line the place that it was made from (source NULL where
	 * that is not known). NULL: nothing is known. */
	const struct mp_loc *origins;
};

/* A place: bytes start..end-1 of a source; source is NULL for what stands in no file (defaults). */
struct mp_loc {
	const struct mp_source *source;
	uint32_t start, end;
};

struct mp_position {
	const char *file;
	unsigned line, column; /* from 1; columns count bytes */
};

/* Makes a source over text (at most MP_LIMIT_FILE bytes), which must live as long as the arena and
 * be followed by a NUL byte. name and path are copied. */
struct mp_source *mp_source_new(
	struct mp_arena *arena, const char *name, const char *path, struct mp_slice text);

static inline struct mp_loc mp_loc(const struct mp_source *source, size_t start, size_t end)
{
	return (struct mp_loc){source, (uint32_t)start, (uint32_t)end};
}

/* Whether two places begin at the same byte of the same source. Places that stand in no file begin
 * at the same one: who means lines only asks for a source first. */
static inline bool mp_loc_same(struct mp_loc a, struct mp_loc b)
{
	return a.source == b.source && a.start == b.start;
}

/* File, line and column of the start of a place; a place without source gives {"", 0, 0}. */
struct mp_position mp_loc_position(struct mp_loc loc);
/* The bytes of the place. */
struct mp_slice mp_loc_text(struct mp_loc loc);
/* The line (without its line end) in which the place starts. */
struct mp_slice mp_loc_line(struct mp_loc loc);
/* The place that the line in which the place starts was made from; source NULL when it was read as
 * it is, or when its origin is not known. */
struct mp_loc mp_loc_origin(struct mp_loc loc);

#endif
