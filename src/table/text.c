/*
 * text - tables of keys and values, one a line: hash and its like, from the text that postmap(1)
 * compiles, and texthash, which Postfix reads itself.
 *
 * The key ends at the first white space outside of double quotes and not behind a backslash, and is
 * kept as it is written, quotes included; the rest is the value (postmap(1)).
 */
#include "table/text.h"
#include "base/ascii.h"
#include "base/fold.h"
#include "base/utf8.h"
#include "table/lines.h"
#include "table/private.h"

struct entry {
	const char *key; /* folded */
	const char *value;
	struct mp_loc loc;
};

struct text {
	struct mp_map map; /* key -> struct entry */
};

static struct mp_table_result lookup_text(struct mp_table *table, const struct mp_lookup *lookup)
{
	const struct text *text = table->data;
	const struct entry *entry = mp_map_get_str(&text->map, lookup->key);

	if (entry == NULL) {
		return mp_table_none();
	}
	return (struct mp_table_result){
		.status = MP_TABLE_FOUND, .value = entry->value, .loc = entry->loc};
}

static bool keys_text(struct mp_table *table, struct mp_keys *keys)
{
	const struct text *text = table->data;

	for (size_t i = 0; i < text->map.n; i++) {
		const struct entry *entry = text->map.entries[i].value;
		mp_vec_push(&keys->v, entry->key);
	}
	return true;
}

static bool entries_text(struct mp_table *table, const struct mp_visit *visit)
{
	const struct text *text = table->data;

	for (size_t i = 0; i < text->map.n && !*visit->ended; i++) {
		const struct entry *entry = text->map.entries[i].value;
		mp_table_visit(visit,
			&(struct mp_table_entry){.kind = MP_ENTRY_KEY,
				.text = entry->key,
				.value = entry->value,
				.loc = entry->loc,
				.table = table});
	}
	return true;
}

static void release_text(struct mp_table *table)
{
	struct text *text = table->data;

	mp_map_release(&text->map);
}

static const struct mp_table_ops text_ops = {lookup_text, keys_text, release_text, entries_text};

void mp_text_make(struct mp_table *table)
{
	struct text *text = MP_ARENA_NEW(table->tables->arena, struct text);

	table->data = text;
	table->ops = &text_ops;
	table->fixed = true;
	table->folds = true;
}

static const char *fold_key(struct mp_table *table, struct mp_slice key)
{
	struct mp_arena *arena = table->tables->arena;

	return table->tables->options.bytes_only ? mp_arena_lower(arena, key) : mp_fold(arena, key);
}

/* Returns the entry that it replaces, or NULL. */
static struct entry *put_entry(
	struct mp_table *table, const char *folded, struct mp_slice value, struct mp_loc loc)
{
	struct mp_arena *arena = table->tables->arena;
	struct text *text = table->data;
	struct entry *entry = MP_ARENA_NEW(arena, struct entry);

	*entry = (struct entry){folded, mp_arena_slicedup(arena, value), loc};
	return mp_map_put(&text->map, mp_slice_str(folded), entry);
}

bool mp_text_add(
	struct mp_table *table, struct mp_slice key, struct mp_slice value, struct mp_loc loc)
{
	struct text *text = table->data;
	struct entry *first = put_entry(table, fold_key(table, key), value, loc);

	if (first != NULL) {
		/* Duplicates are rare, so that putting the first one back costs less than looking.
		 */
		mp_map_put(&text->map, mp_slice_str(first->key), first);
	}
	return first == NULL;
}

void mp_text_set(
	struct mp_table *table, struct mp_slice key, struct mp_slice value, struct mp_loc loc)
{
	put_entry(table, fold_key(table, key), value, loc);
}

/* Where the key ends; MP_NOT_FOUND for a quote that is not closed. */
static size_t key_length(struct mp_slice line)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < line.n; i++) {
		if (line.p[i] == '\\') {
			i++;
		} else if (line.p[i] == '"') {
			quoted = !quoted;
		} else if (mp_is_space(line.p[i]) && !quoted) {
			break;
		}
	}
	if (quoted) {
		return MP_NOT_FOUND;
	}
	return i < line.n ? i : line.n;
}

bool mp_text_is_bad_line(struct mp_table *table, const struct mp_lines *lines)
{
	struct mp_loc loc = mp_lines_loc(lines, 0, lines->text.n);

	if (lines->indented) {
		mp_table_problem(table, MP_WARNING, "table/indented-line", loc,
			"the line begins with white space, but there is none that it could "
			"continue: "
			"Postfix skips it");
		return true;
	}
	if (!table->tables->options.bytes_only && !mp_utf8_valid(lines->text)) {
		mp_table_problem(table, MP_WARNING, "table/bad-line", loc,
			"the line is not UTF-8: Postfix skips it");
		return true;
	}
	if (lines->had_nul) {
		mp_table_problem(table, MP_WARNING, "table/nul-byte", loc,
			"the line holds a NUL byte: Postfix ignores what follows it");
	}
	return false;
}

/* Reads one line; false when it makes the whole table useless (a duplicate in texthash). */
static bool read_line(struct mp_table *table, const struct mp_lines *lines, bool strict)
{
	size_t n = key_length(lines->text);
	struct mp_slice key = mp_slice_sub(lines->text, 0, n);
	struct mp_slice value =
		n == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_trim(mp_slice_from(lines->text, n));
	struct mp_loc key_loc = mp_lines_loc(lines, 0, key.n);

	if (n == MP_NOT_FOUND) {
		mp_table_problem(table, MP_WARNING, "table/bad-line", key_loc,
			"a double quote is not closed: Postfix skips the line");
		return true;
	}
	if (key.n == 0 || value.n == 0) {
		mp_table_problem(table, MP_WARNING, "table/bad-line", key_loc,
			"there is a key without a value: Postfix skips the line");
		return true;
	}
	if (key.p[key.n - 1] == ':') {
		mp_table_problem(table, MP_WARNING, "table/alias-format", key_loc,
			"the key ends with a colon, which belongs to it here: is this a file of "
			"aliases?");
	}
	if (mp_text_add(table, key, value, mp_lines_loc(lines, 0, lines->text.n))) {
		return true;
	}
	if (strict) {
		mp_table_break(table, "table/duplicate", key_loc,
			"the key stands here a second time: Postfix does not open %s, and every "
			"lookup "
			"in it fails",
			table->name);
		return false;
	}
	mp_table_problem(table, MP_WARNING, "table/duplicate", key_loc,
		"the key stands here a second time: the first entry counts");
	return true;
}

bool mp_text_has_room(struct mp_table *table, const struct mp_lines *lines)
{
	const struct text *text = table->data;

	if (text->map.n < MP_LIMIT_TABLE_RULES) {
		return true;
	}
	mp_table_problem(table, MP_ERROR, "table/too-large", mp_lines_loc(lines, 0, 0),
		"%s has more than %d entries: the rest is not read", table->name,
		MP_LIMIT_TABLE_RULES);
	return false;
}

static void read_text(struct mp_table *table, const struct mp_source *source, bool strict)
{
	struct mp_lines lines;

	mp_text_make(table);
	mp_lines_init(&lines, source);
	while (mp_lines_next(&lines)) {
		if (mp_text_is_bad_line(table, &lines)) {
			continue;
		}
		if (!mp_text_has_room(table, &lines) || !read_line(table, &lines, strict)) {
			break;
		}
	}
	mp_lines_release(&lines);
}

const char *mp_table_suffix(struct mp_slice type)
{
	static const struct {
		const char *type, *suffix;
	} suffixes[] = {{"hash", ".db"}, {"btree", ".db"}, {"lmdb", ".lmdb"}, {"cdb", ".cdb"},
		{"dbm", ".pag"}, {"sdbm", ".pag"}};

	for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
		if (mp_slice_eq_str(type, suffixes[i].type)) {
			return suffixes[i].suffix;
		}
	}
	return NULL;
}

/* The server answers from the compiled file; we read the text. Says where the two may differ. */
static void compare_compiled(struct mp_table *table, const char *path, const char *compiled)
{
	struct mp_input *input = table->tables->input;
	long long text_time;
	long long compiled_time;

	if (mp_input_exists(input, compiled) == MP_READ_ABSENT) {
		mp_table_problem(table, MP_NOTE, "table/not-compiled", table->named_at,
			"%s is absent: %s is taken as if it had been compiled", compiled, path);
	} else if (mp_input_mtime(input, path, &text_time) &&
		mp_input_mtime(input, compiled, &compiled_time) && compiled_time < text_time) {
		mp_table_problem(table, MP_WARNING, "table/stale", table->named_at,
			"%s is older than %s: the server answers from the former until it is "
			"compiled "
			"again",
			compiled, path);
	}
}

const struct mp_source *mp_text_source(struct mp_table *table, const char *name)
{
	struct mp_tables *tables = table->tables;
	if (table->given != NULL) {
		return table->given;
	}
	const char *path = mp_table_path(table, name);
	struct mp_slice spec = mp_slice_str(table->name);
	const char *compiled = mp_arena_printf(tables->arena, "%s%s", path,
		mp_table_suffix(mp_slice_sub(spec, 0, mp_slice_chr(spec, ':'))));

	if (mp_input_exists(tables->input, path) != MP_READ_OK &&
		mp_input_exists(tables->input, compiled) == MP_READ_OK) {
		mp_table_problem(table, MP_NOTE, "table/only-compiled", table->named_at,
			"%s is here without the text that it was made from: what it holds is "
			"unknown",
			compiled);
		mp_table_make_outside(table, true, NULL);
		return NULL;
	}
	const struct mp_source *source = mp_table_read(table, path, true);
	if (source != NULL) {
		compare_compiled(table, path, compiled);
	}
	return source;
}

void mp_open_text(struct mp_table *table, const char *name, unsigned depth)
{
	const struct mp_source *source = mp_text_source(table, name);

	(void)depth;
	if (source != NULL) {
		read_text(table, source, false);
	}
}

void mp_open_texthash(struct mp_table *table, const char *name, unsigned depth)
{
	const struct mp_source *source = mp_table_read(table, mp_table_path(table, name), true);

	(void)depth;
	if (source != NULL) {
		read_text(table, source, true);
	}
}
