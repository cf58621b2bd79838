/*
 * table - maps that are files: indexed ones (hash, btree, dbm), read from the text that makemap(8)
 * compiles them from, and class text.
 */
#include "base/ascii.h"
#include "sendmail/map/private.h"

#include <stdlib.h>

static void add(struct sm_map *map, struct mp_slice key, struct mp_slice value, struct mp_loc loc)
{
	struct mp_arena *arena = map->maps->arena;
	struct sm_map_entry entry = {
		.key = map->flags & SM_MAP_CASE ? mp_arena_slicedup(arena, key)
						: mp_arena_lower(arena, key),
		.value = value.p != NULL ? mp_arena_slicedup(arena, value) : NULL,
		.loc = loc,
	};

	/* makemap refuses a key that is there already, and keeps the first. */
	if (mp_map_get_str(&map->index, entry.key) == NULL) {
		mp_vec_push(&map->entries, entry);
		mp_map_put(&map->index, mp_slice_str(entry.key), (void *)(uintptr_t)map->entries.n);
	}
}

/* A line as makemap reads it: key, blanks, value; comments only at its beginning. */
static void read_line(struct sm_map *map, const struct mp_source *source, struct mp_slice line)
{
	size_t n = 0, v;
	size_t at = (size_t)(line.p - source->text.p);

	if (line.n == 0 || line.p[0] == '#' || mp_is_space(line.p[0])) {
		return;
	}
	while (n < line.n && !mp_is_space(line.p[n])) {
		n++;
	}
	for (v = n; v < line.n && mp_is_space(line.p[v]); v++) {
	}
	if (v < line.n) {
		add(map, mp_slice(line.p, n), mp_slice_from(line, v),
			mp_loc(source, at, at + line.n));
	}
}

static struct mp_slice line_of(const struct mp_source *source, uint32_t i)
{
	return mp_loc_line(mp_loc(source, source->lines[i], source->lines[i]));
}

static void read_text(struct sm_map *map, const struct mp_source *source)
{
	for (uint32_t i = 0; i < source->line_count; i++) {
		read_line(map, source, line_of(source, i));
	}
	map->state = SM_MAP_READ;
}

/* The file without ".db" at its end: what it is compiled from. */
static const char *text_name(const struct sm_map *map)
{
	struct mp_slice s = mp_slice_str(map->file);

	return mp_slice_ends(s, ".db")
		? mp_arena_slicedup(map->maps->arena, mp_slice_sub(s, 0, s.n - 3))
		: map->file;
}

static void note_age(struct sm_map *map, const char *text, const char *compiled)
{
	long long of_text, of_compiled;

	if (mp_input_mtime(map->maps->input, text, &of_text) &&
		mp_input_mtime(map->maps->input, compiled, &of_compiled) && of_compiled < of_text) {
		mp_finding_add(map->maps->findings, MP_WARNING, "map/older", map->loc,
			"run makemap",
			"%s is older than %s: sendmail still answers as before the "
			"last change",
			compiled, text);
	}
}

static void open_indexed(struct sm_map *map)
{
	const char *text = text_name(map);
	const char *compiled = mp_arena_printf(map->maps->arena, "%s.db", text);
	const struct mp_source *source = NULL;
	struct mp_err err = {0};
	enum mp_read read = mp_input_read(map->maps->input, text, &source, &err);
	enum mp_read there = mp_input_exists(map->maps->input, compiled);

	if (read == MP_READ_OK) {
		read_text(map, source);
		if (there == MP_READ_OK) {
			note_age(map, text, compiled);
		} else if (there == MP_READ_ABSENT) {
			mp_finding_add(map->maps->findings, MP_NOTE, "map/not-compiled", map->loc,
				"run makemap on the server",
				"%s is not here; its text source %s is taken for what it holds",
				compiled, text);
		}
		return;
	}
	if (there == MP_READ_OK || read == MP_READ_OPEN || there == MP_READ_OPEN) {
		map->state = SM_MAP_OPEN;
		return;
	}
	map->state = map->flags & SM_MAP_OPTIONAL ? SM_MAP_EMPTY : SM_MAP_BROKEN;
	if (map->state == SM_MAP_BROKEN) {
		mp_finding_add(map->maps->findings, MP_ERROR, "map/missing", map->loc,
			"create it with makemap, or write -o for a map that may be missing",
			"map %s: there is no %s: every lookup fails for now, and mail is answered "
			"with temporary errors",
			map->name, compiled);
	}
}

/* A table that is not at hand: what it holds is a question. */
static struct sm_map_result ask(struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	static const char *const answers[] = {
		"none", "RELAY", "OK", "REJECT", "DISCARD", "other", "tempfail"};
	const char *file = mp_arena_printf(call->arena, "file.exists %s", map->file);
	const char *answer;

	if (mp_input_exists(map->maps->input, map->file) == MP_READ_OPEN &&
		mp_ask_found(call->world, file) != MP_FOUND) {
		return map->flags & SM_MAP_OPTIONAL ? sm_map_none() : sm_map_tempfail();
	}
	answer = mp_ask(call->world,
		mp_arena_printf(
			call->arena, "table.lookup %s:%s %s", map->class_name, map->file, key),
		answers, sizeof answers / sizeof *answers);
	if (mp_str_eq(answer, "none")) {
		return sm_map_none();
	}
	if (mp_str_eq(answer, "tempfail")) {
		return sm_map_tempfail();
	}
	return sm_map_found(map, call, mp_str_eq(answer, "other") ? "{table.value}" : answer, false,
		mp_loc(NULL, 0, 0));
}

static struct sm_map_result lookup_table(struct sm_map *map, const struct sm_map_call *call)
{
	const char *key = map->flags & SM_MAP_CASE
		? call->key
		: mp_arena_lower(call->arena, mp_slice_str(call->key));
	size_t at;

	switch (map->state) {
	case SM_MAP_EMPTY:
		return sm_map_none();
	case SM_MAP_BROKEN:
		return sm_map_tempfail();
	case SM_MAP_OPEN:
		return ask(map, call, key);
	case SM_MAP_READ:
		break;
	}
	at = (size_t)(uintptr_t)mp_map_get_str(&map->index, key);
	if (at == 0 || map->entries.v[at - 1].value == NULL) {
		return sm_map_none();
	}
	return sm_map_found(
		map, call, map->entries.v[at - 1].value, false, map->entries.v[at - 1].loc);
}

static bool entries_of(struct sm_map *map, sm_map_entry_fn *fn, void *context)
{
	for (size_t i = 0; i < map->entries.n; i++) {
		const struct sm_map_entry *e = &map->entries.v[i];

		if (e->value != NULL && !fn(context, e->key, e->value, e->loc)) {
			break;
		}
	}
	return map->state != SM_MAP_OPEN;
}

/* ---- class text: columns of a file that is read as it is ---- */

/* Column n of a line; false when there is none. */
static bool column(struct mp_slice line, size_t n, char delimiter, struct mp_slice *out)
{
	size_t i = 0, end;

	if (delimiter == 0) {
		while (i < line.n && mp_is_space(line.p[i])) {
			i++;
		}
		if (i == line.n) {
			return false;
		}
	}
	for (; n > 0; n--) {
		while (i < line.n &&
			!(delimiter == 0 ? mp_is_space(line.p[i]) : line.p[i] == delimiter)) {
			i++;
		}
		if (i == line.n) {
			return false;
		}
		i++;
		while (delimiter == 0 && i < line.n && mp_is_space(line.p[i])) {
			i++;
		}
	}
	for (end = i; end < line.n &&
		!(delimiter == 0 ? mp_is_space(line.p[end]) : line.p[end] == delimiter);
		end++) {
	}
	*out = mp_slice_sub(line, i, end);
	return true;
}

static void open_text(struct sm_map *map)
{
	const struct mp_source *source = NULL;
	struct mp_err err = {0};
	size_t key = map->key_column != NULL ? strtoul(map->key_column, NULL, 10) : 0;
	size_t value = map->value_column != NULL ? strtoul(map->value_column, NULL, 10) : 1;

	switch (mp_input_read(map->maps->input, map->file, &source, &err)) {
	case MP_READ_OK:
		break;
	case MP_READ_OPEN:
		map->state = SM_MAP_OPEN;
		return;
	case MP_READ_ABSENT:
	case MP_READ_ERROR:
		map->state = map->flags & SM_MAP_OPTIONAL ? SM_MAP_EMPTY : SM_MAP_BROKEN;
		if (map->state == SM_MAP_BROKEN) {
			mp_finding_add(map->maps->findings, MP_ERROR, "map/missing", map->loc,
				"create the file, or write -o for a map that may be missing",
				"map %s: %s cannot be read: every lookup fails for now", map->name,
				map->file);
		}
		return;
	}
	for (uint32_t i = 0; i < source->line_count; i++) {
		struct mp_slice line = line_of(source, i), k, v;
		size_t at = source->lines[i];

		if (line.n == 0 || line.p[0] == '#' || !column(line, key, map->delimiter, &k)) {
			continue;
		}
		/* A key without that column is found all the same, and has no value. */
		if (!column(line, value, map->delimiter, &v)) {
			v = mp_slice(NULL, 0);
		}
		add(map, k, v, mp_loc(source, at, at + line.n));
	}
	map->state = SM_MAP_READ;
}

const struct sm_map_class sm_class_indexed = {
	.name = "hash",
	.open = open_indexed,
	.lookup = lookup_table,
	.entries = entries_of,
};

const struct sm_map_class sm_class_text = {
	.name = "text",
	.open = open_text,
	.lookup = lookup_table,
	.entries = entries_of,
};
