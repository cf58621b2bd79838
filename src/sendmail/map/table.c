/*
 * table - classes that look a key up in a file: hash and its like, from the text that makemap(8)
 * compiles, and text, which sendmail reads itself.
 */
#include "base/ascii.h"
#include "base/number.h"
#include "sendmail/map/makemap.h"
#include "sendmail/map/private.h"

#include <stdlib.h>

struct entry {
	const char *key; /* as it is found: folded, or not */
	const char *value; /* NULL: a line of a text map without that column */
	struct mp_loc loc;
};

struct table {
	struct mp_map map; /* key -> struct entry */
};

static bool folds(const struct sm_map *map)
{
	return (map->flags & SM_MAP_KEEP_CASE) == 0;
}

/* What of a key is looked for. */
static const char *search_key(const char *key, bool fold, struct mp_arena *arena)
{
	struct mp_slice s = mp_slice_sub(mp_slice_str(key), 0, SM_MAP_KEY);

	return fold ? mp_arena_lower(arena, s) : mp_arena_slicedup(arena, s);
}

struct sm_map_result sm_table_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	const struct table *table = map->data;
	bool text = mp_str_eq(map->class->name, "text");
	const struct entry *entry;

	if (sm_map_is_outside(map)) {
		return sm_map_ask_outside(map, call, key);
	}
	entry = mp_map_get_str(&table->map, search_key(key, text || folds(map), call->arena));
	if (entry == NULL || entry->value == NULL) {
		return sm_map_none();
	}
	return sm_map_hit(map, call, key, mp_slice_str(entry->value), entry->loc);
}

bool sm_table_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context)
{
	const struct table *table = map->data;

	if (sm_map_is_outside(map)) {
		return false;
	}
	for (size_t i = 0; i < table->map.n; i++) {
		const struct entry *entry = table->map.entries[i].value;

		if (entry->value != NULL && !fn(context, entry->key, entry->value, entry->loc)) {
			break;
		}
	}
	return true;
}

void sm_table_release(struct sm_map *map)
{
	struct table *table = map->data;

	if (!sm_map_is_outside(map)) {
		mp_map_release(&table->map);
	}
}

static struct table *make_table(struct sm_map *map)
{
	struct table *table = MP_ARENA_NEW(map->maps->arena, struct table);

	map->data = table;
	return table;
}

/* Adds an entry; false when the key is there already, whose entry stays. */
static bool add(
	struct sm_map *map, struct mp_slice key, bool fold, const char *value, struct mp_loc loc)
{
	struct table *table = map->data;
	struct mp_arena *arena = map->maps->arena;
	const char *k = fold ? mp_arena_lower(arena, key) : mp_arena_slicedup(arena, key);

	if (mp_map_get(&table->map, mp_slice(k, key.n)) != NULL) {
		return false;
	}

	struct entry *entry = MP_ARENA_NEW(arena, struct entry);

	*entry = (struct entry){k, value, loc};
	mp_map_put(&table->map, mp_slice(k, key.n), entry);
	return true;
}

static bool has_room(struct sm_map *map, struct mp_loc loc)
{
	const struct table *table = map->data;

	if (table->map.n < MP_LIMIT_TABLE_RULES) {
		return true;
	}
	sm_map_problem(map, MP_ERROR, "map/too-large", loc, "",
		"%s has more than %d entries: the rest is not read", map->file,
		MP_LIMIT_TABLE_RULES);
	return false;
}

/* What makemap says of lines that it skips. */
static void complain(struct sm_map *map, enum sm_makemap_line line, const struct sm_makemap *m)
{
	static const char *const texts[] = {
		[SM_MAKEMAP_TOO_LONG] = "the line is too long for makemap, which skips its first "
					"8191 bytes",
		[SM_MAKEMAP_LEADING_BLANK] = "the line begins with a blank: makemap skips it",
		[SM_MAKEMAP_NO_VALUE] = "there is a key without a value: makemap skips the line",
	};

	sm_map_problem(map, MP_WARNING, "map/bad-line", m->key_loc,
		"write the key at the beginning of the line, then a blank and the value", "%s",
		texts[line]);
}

/* What -f and -N of a map ask for only comes true when makemap was called with the same. */
static void note_flags(struct sm_map *map, bool upper, struct mp_loc loc)
{
	bool fold = upper && !folds(map);

	if (fold || (map->flags & SM_MAP_WITH_NUL) != 0) {
		sm_map_problem(map, MP_NOTE, "map/makemap-flags", fold ? loc : map->loc, "",
			"the map %s has %s: %s is taken as if it had been compiled with makemap %s",
			map->name, fold ? "-f" : "-N", map->file, fold ? "-f" : "-N");
	}
}

static bool has_upper(struct mp_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (mp_is_upper(s.p[i])) {
			return true;
		}
	}
	return false;
}

/* Reads what makemap would compile. */
static void read_indexed(struct sm_map *map, const struct mp_source *source)
{
	struct sm_makemap m = {.source = source};
	enum sm_makemap_line line;
	struct mp_loc upper = {0};

	make_table(map);
	while ((line = sm_makemap_next(&m)) != SM_MAKEMAP_END) {
		if (line != SM_MAKEMAP_ENTRY) {
			complain(map, line, &m);
			continue;
		}
		if (!has_room(map, m.key_loc)) {
			break;
		}
		if (upper.source == NULL && has_upper(m.key)) {
			upper = m.key_loc;
		}
		if (!add(map, m.key, folds(map), mp_arena_slicedup(map->maps->arena, m.value),
			    m.loc)) {
			sm_map_problem(map, MP_WARNING, "map/duplicate", m.key_loc,
				"remove one of the two lines",
				"the key stands here a second time: makemap refuses the line, and "
				"the first counts");
		}
	}
	note_flags(map, upper.source != NULL, upper);
}

const char *sm_map_suffix(struct mp_slice class)
{
	static const struct {
		const char *class, *suffix;
	} suffixes[] = {{"hash", ".db"}, {"btree", ".db"}, {"implicit", ".db"}, {"dbm", ".pag"},
		{"cdb", ".cdb"}};

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (mp_slice_ieq_str(class, suffixes[i].class)) {
			return suffixes[i].suffix;
		}
	}
	return NULL;
}

/* The name of the compiled file; *text that of its text. */
static const char *compiled_name(const struct sm_map *map, const char **text)
{
	const char *suffix = sm_map_suffix(mp_slice_str(map->class->name));
	struct mp_arena *arena = map->maps->arena;
	struct mp_slice file = mp_slice_str(map->file);

	if (map->file[0] != '/') {
		const char *folder = map->maps->options.queue_directory;

		file = mp_slice_str(mp_arena_printf(
			arena, "%s/%s", folder != NULL ? folder : "/var/spool/mqueue", map->file));
	}
	if (mp_slice_ends(file, suffix)) {
		file = mp_slice_sub(file, 0, file.n - strlen(suffix));
	}
	*text = mp_arena_slicedup(arena, file);
	return mp_arena_printf(arena, "%s%s", *text, suffix);
}

/* sendmail answers from the compiled file, we from its text: says where the two may differ. */
static void compare_compiled(struct sm_map *map, const char *text, const char *compiled)
{
	struct mp_input *input = map->maps->input;
	long long text_time, compiled_time;

	if (mp_input_exists(input, compiled) == MP_READ_ABSENT) {
		sm_map_problem(map, MP_NOTE, "map/not-compiled", map->loc, "",
			"%s is absent: %s is taken as if makemap had compiled it", compiled, text);
	} else if (mp_input_mtime(input, text, &text_time) &&
		mp_input_mtime(input, compiled, &compiled_time) && compiled_time < text_time) {
		sm_map_problem(map, MP_WARNING, "map/older", map->loc,
			mp_arena_printf(map->maps->findings->arena, "makemap %s %s < %s",
				map->class->name, text, text),
			"%s is older than %s: sendmail answers from the former until makemap has "
			"made it again",
			compiled, text);
	}
}

/* A file that is not there. */
static bool missing(struct sm_map *map, const char *file)
{
	if ((map->flags & SM_MAP_OPTIONAL) == 0) {
		sm_map_problem(map, MP_ERROR, "map/missing", map->loc,
			"make the file, or say that it is optional: -o before its name",
			"%s does not exist and is not optional: every lookup in the map %s is a "
			"temporary failure",
			file, map->name);
	}
	return false;
}

static const char *complaint_of(const struct sm_map *map)
{
	struct mp_arena *arena = map->maps->arena;
	const char *text;

	if (sm_map_suffix(mp_slice_str(map->class->name)) != NULL) {
		return mp_arena_printf(arena,
			"451 4.0.0 %s map \"%s\": missing map file %s: No such file or directory",
			map->class->name, map->name, compiled_name(map, &text));
	}
	return mp_str_eq(map->class->name, "text")
		? mp_arena_printf(arena, "554 5.0.0 text map \"%s\": unsafe map file %s", map->name,
			  map->file)
		: NULL;
}

struct sm_map_result sm_table_absent(struct sm_map *map)
{
	struct sm_map_result result = sm_map_tempfail();

	if (map->complaint == NULL) {
		map->complaint = complaint_of(map);
	}
	result.complaint = map->complaint;
	return result;
}

/* A file whose text cannot be read here. */
static bool unreadable(struct sm_map *map, const char *file, const char *why)
{
	sm_map_problem(map, MP_WARNING, "map/unreadable", map->loc, "",
		"%s cannot be read here, so what the map %s holds is unknown: %s", file, map->name,
		why);
	sm_map_make_outside(map, NULL);
	return true;
}

static void say_relative(struct sm_map *map)
{
	if (map->file[0] != '/') {
		sm_map_problem(map, MP_WARNING, "map/relative-path", map->loc,
			"write the whole path",
			"%s: sendmail looks for it in the folder that it runs in, the queue "
			"directory",
			map->file);
	}
}

const char *sm_map_compiled_from(const struct sm_map *map)
{
	const char *text;

	if (map->class == NULL || map->class->open != sm_indexed_open || map->file == NULL) {
		return NULL;
	}
	(void)compiled_name(map, &text);
	return text;
}

bool sm_indexed_open(struct sm_map *map)
{
	const char *text;
	const char *compiled = compiled_name(map, &text);
	const struct mp_source *source = NULL;
	struct mp_err err = {MP_ERR_NONE, ""};
	enum mp_read read;

	say_relative(map);
	read = mp_input_read(map->maps->input, text, &source, &err);
	if (read == MP_READ_OK) {
		compare_compiled(map, text, compiled);
		read_indexed(map, source);
		return true;
	}
	if (read == MP_READ_ERROR) {
		return unreadable(map, text, err.text);
	}
	switch (mp_input_exists(map->maps->input, compiled)) {
	case MP_READ_OK:
	case MP_READ_ERROR:
		sm_map_problem(map, MP_WARNING, "map/only-compiled", map->loc,
			"keep the text beside it, or answer the questions table.lookup",
			"%s is here without the text that it was made from: what it holds is "
			"unknown",
			compiled);
		sm_map_make_outside(map, NULL);
		return true;
	case MP_READ_OPEN:
		sm_map_make_outside(map, compiled);
		return true;
	case MP_READ_ABSENT:
		break;
	}
	return missing(map, compiled);
}

/* The number of a column; false when it is none. */
static bool column(struct sm_map *map, char letter, const char *text, size_t *out)
{
	*out = 0;
	if (text == NULL) {
		return true;
	}
	if (!mp_is_digit(text[0])) {
		sm_map_problem(map, MP_ERROR, "map/column", map->loc, "write a number, from 0",
			"-%c says %s, which is no number: every lookup in the map %s is a "
			"temporary failure",
			letter, text, map->name);
		return false;
	}
	*out = (size_t)strtoul(text, NULL, 10);
	return true;
}

/* Where the delimiter stands at or behind `at`; line.n when it does not. */
static size_t find_delimiter(struct mp_slice line, size_t at, char delimiter)
{
	while (at < line.n &&
		(delimiter != 0 ? line.p[at] != delimiter
				: line.p[at] != ' ' && line.p[at] != '\t')) {
		at++;
	}
	return at;
}

/* The column of a line; false when it has none (get_column). */
static bool take_column(struct mp_slice line, size_t number, char delimiter, struct mp_slice *out)
{
	size_t at = 0;

	if (line.n == 0 || (number == 0 && line.p[0] == delimiter)) {
		return false;
	}
	for (size_t i = 0; i <= number; i++) {
		if (i > 0) {
			at = find_delimiter(line, at, delimiter);
			if (at == line.n) {
				return false;
			}
			at++;
		}
		while (delimiter == 0 && (i > 0 || number == 0) && at < line.n &&
			mp_is_space(line.p[at])) {
			at++;
		}
	}
	*out = mp_slice_sub(line, at, find_delimiter(line, at, delimiter));
	*out = mp_slice_sub(*out, 0, SM_MAP_KEY);
	return true;
}

/* Reads what sendmail would go through for each lookup; the first line with a key counts. */
static void read_text(
	struct sm_map *map, const struct mp_source *source, size_t key_column, size_t value_column)
{
	struct mp_slice all = source->text;
	size_t at = 0;

	make_table(map);
	while (at < all.n) {
		struct mp_slice line = mp_slice_sub(mp_slice_from(all, at), 0, SM_MAP_LINE - 1);
		size_t end = mp_slice_chr(line, '\n');
		struct mp_slice key, value;
		struct mp_loc loc;

		if (end != MP_NOT_FOUND) {
			line = mp_slice_sub(line, 0, end);
		}
		loc = mp_loc(source, at, at + line.n);
		at += line.n + (end != MP_NOT_FOUND);
		line = mp_slice_sub(line, 0, mp_slice_chr(line, '\0'));
		if (line.n == 0 || line.p[0] == '#' ||
			!take_column(line, key_column, map->delimiter, &key)) {
			continue;
		}
		if (!has_room(map, loc)) {
			return;
		}
		add(map, key, true,
			take_column(line, value_column, map->delimiter, &value)
				? mp_arena_slicedup(map->maps->arena, value)
				: NULL,
			loc);
	}
}

bool sm_text_open(struct sm_map *map)
{
	const struct mp_source *source = NULL;
	struct mp_err err = {MP_ERR_NONE, ""};
	size_t key, value;

	if (map->file[0] != '/') {
		sm_map_problem(map, MP_ERROR, "map/relative-path", map->loc, "write the whole path",
			"%s: sendmail does not open a text map by a relative path: every lookup in "
			"the map %s is a temporary failure",
			map->file, map->name);
		return false;
	}
	if (!column(map, 'k', map->key_column, &key) ||
		!column(map, 'v', map->value_column, &value)) {
		return false;
	}
	switch (mp_input_read(map->maps->input, map->file, &source, &err)) {
	case MP_READ_OK:
		read_text(map, source, key, value);
		return true;
	case MP_READ_OPEN:
		sm_map_make_outside(map, map->file);
		return true;
	case MP_READ_ERROR:
		return unreadable(map, map->file, err.text);
	case MP_READ_ABSENT:
		break;
	}
	return missing(map, map->file);
}

bool sm_stab_open(struct sm_map *map)
{
	switch (mp_input_exists(map->maps->input, map->file)) {
	case MP_READ_OK:
	case MP_READ_ERROR:
		sm_map_make_outside(map, NULL);
		return true;
	case MP_READ_OPEN:
		sm_map_make_outside(map, map->file);
		return true;
	case MP_READ_ABSENT:
		break;
	}
	return missing(map, map->file);
}
