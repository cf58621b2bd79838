/*
 * table - lookup tables of any type behind one interface.
 *
 * This file knows the types by name, opens each table once, and does what all families have in
 * common: the folding of keys and the check of what is not UTF-8.
 */
#include "table/table.h"

#include "base/fold.h"
#include "base/utf8.h"
#include "table/private.h"

#include <stdlib.h>

struct type {
	const char *name;
	mp_table_opener *open;
	unsigned since; /* version, 0: always */
};

static const struct type types[] = {
	{"hash", mp_open_text, 0},
	{"btree", mp_open_text, 0},
	{"lmdb", mp_open_text, 0},
	{"cdb", mp_open_text, 0},
	{"dbm", mp_open_text, 0},
	{"sdbm", mp_open_text, 0},
	{"texthash", mp_open_texthash, 0},
	{"inline", mp_open_inline, 30000},
	{"static", mp_open_static, 0},
	{"fail", mp_open_fail, 0},
	{"internal", mp_open_internal, 0},
	{"cidr", mp_open_cidr, 0},
	{"regexp", mp_open_regexp, 0},
	{"pcre", mp_open_pcre, 0},
	{"unionmap", mp_open_union, 30000},
	{"pipemap", mp_open_pipe, 30000},
	{"randmap", mp_open_random, 30000},
	{"proxy", mp_open_proxy, 0},
	{"unix", mp_open_unix, 0},
	{"environ", mp_open_outside_fixed, 0},
	{"ldap", mp_open_outside_fixed, 0},
	{"mysql", mp_open_outside_fixed, 0},
	{"pgsql", mp_open_outside_fixed, 0},
	{"sqlite", mp_open_outside_fixed, 0},
	{"mongodb", mp_open_outside_fixed, 30900},
	{"memcache", mp_open_outside_fixed, 0},
	{"nis", mp_open_outside_fixed, 0},
	{"nisplus", mp_open_outside_fixed, 0},
	{"netinfo", mp_open_outside_fixed, 0},
	{"tcp", mp_open_outside_pattern, 0},
	{"socketmap", mp_open_outside_pattern, 0},
};

static const struct type *find_type(struct mp_slice name, unsigned version)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		if (mp_slice_eq_str(name, types[i].name)) {
			return version == 0 || version >= types[i].since ? &types[i] : NULL;
		}
	}
	return NULL;
}

struct mp_tables *mp_tables_new(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_table_options *options)
{
	struct mp_tables *tables = mp_alloc(sizeof *tables);

	tables->arena = arena;
	tables->input = input;
	tables->findings = findings;
	tables->options = *options;
	return tables;
}

void mp_tables_free(struct mp_tables *tables)
{
	if (tables == NULL) {
		return;
	}
	for (size_t i = 0; i < tables->list.n; i++) {
		struct mp_table *table = tables->list.v[i];
		if (table->ops->release != NULL) {
			table->ops->release(table);
		}
		mp_vec_release(&table->keys.v);
	}
	mp_vec_release(&tables->list);
	mp_map_release(&tables->by_name);
	mp_map_release(&tables->aliases);
	free(tables);
}

void mp_tables_set_utf8(struct mp_tables *tables, bool utf8)
{
	tables->options.bytes_only = !utf8;
}

void mp_tables_name_alias(struct mp_tables *tables, const char *spec)
{
	const char *copy = mp_arena_strdup(tables->arena, spec);

	mp_map_put(&tables->aliases, mp_slice_str(copy), tables);
}

/* Whether postalias makes this table: it was said so, or its file has the name that everybody uses
 * for aliases. */
static bool is_alias(const struct mp_tables *tables, const char *spec, const struct type *type)
{
	return type->open == mp_open_text &&
		(mp_map_get_str(&tables->aliases, spec) != NULL ||
			mp_slice_ends(mp_slice_str(spec), "/aliases"));
}

static void open_type(struct mp_table *table, const char *spec, unsigned depth)
{
	struct mp_tables *tables = table->tables;
	struct mp_slice s = mp_slice_str(spec);
	size_t colon = mp_slice_chr(s, ':');
	struct mp_slice type_name = mp_slice_sub(s, 0, colon);

	if (colon == MP_NOT_FOUND || colon == 0 || spec[colon + 1] == '\0') {
		table->fatal = mp_arena_printf(tables->arena,
			"open dictionary: expecting \"type:name\" form instead of \"%s\"", spec);
		mp_table_break(table, "table/bad-name", table->named_at,
			"\"%s\" does not have the form type:name: what opens it ends at once",
			spec);
		return;
	}
	const struct type *type = find_type(type_name, tables->options.version);
	if (type == NULL) {
		mp_table_break(table, "table/unknown-type", table->named_at,
			"Postfix knows no table type \"%.*s\": every lookup in it fails",
			MP_SLICE_ARG(mp_slice_sub(type_name, 0, 100)));
	} else if (depth > MP_LIMIT_INCLUDE_DEPTH) {
		mp_table_break(table, "table/too-deep", table->named_at,
			"tables that name tables are nested too deeply");
	} else if (is_alias(tables, spec, type)) {
		mp_open_aliases(table, spec + colon + 1, depth);
	} else {
		type->open(table, spec + colon + 1, depth);
	}
}

static struct mp_table *make_table(
	struct mp_tables *tables, const char *spec, struct mp_loc named_at)
{
	struct mp_table *table = MP_ARENA_NEW(tables->arena, struct mp_table);

	table->tables = tables;
	table->name = mp_arena_strdup(tables->arena, spec);
	table->named_at = named_at;
	return table;
}

struct mp_table *mp_table_open_nested(
	struct mp_tables *tables, const char *spec, struct mp_loc named_at, unsigned depth)
{
	struct mp_table *table = mp_map_get_str(&tables->by_name, spec);

	if (table == NULL) {
		table = make_table(tables, spec, named_at);
		open_type(table, table->name, depth);
		mp_map_put(&tables->by_name, mp_slice_str(table->name), table);
		mp_vec_push(&tables->list, table);
	}
	return table;
}

struct mp_table *mp_table_open_source(
	struct mp_tables *tables, const char *spec, const struct mp_source *source)
{
	struct mp_table *table = make_table(tables, spec, mp_loc(source, 0, 0));

	table->given = source;
	open_type(table, table->name, 0);
	mp_vec_push(&tables->list, table);
	return table;
}

struct mp_table *mp_table_open(struct mp_tables *tables, const char *spec, struct mp_loc named_at)
{
	return mp_table_open_nested(tables, spec, named_at, 0);
}

const char *mp_table_name(const struct mp_table *table)
{
	return table->name;
}

const char *mp_table_fatal(const struct mp_table *table)
{
	return table->fatal;
}

const char *mp_table_broken(const struct mp_table *table)
{
	return table->broken;
}

bool mp_table_is_fixed(const struct mp_table *table)
{
	return table->fixed;
}

/* A key that is not UTF-8 finds nothing, and a value that is not is an error, where Postfix handles
 * texts as UTF-8 (smtputf8_enable). */
struct mp_table_result mp_table_find(struct mp_table *table, const struct mp_lookup *lookup)
{
	bool utf8 = !table->tables->options.bytes_only;
	struct mp_lookup mine = *lookup;

	if (utf8 && !mp_utf8_valid(mp_slice_str(lookup->key))) {
		return mp_table_none();
	}
	if (table->folds) {
		mine.key = utf8 ? mp_fold(lookup->arena, mp_slice_str(lookup->key))
				: mp_arena_lower(lookup->arena, mp_slice_str(lookup->key));
	}
	struct mp_table_result result = table->ops->lookup(table, &mine);
	if (utf8 && result.status == MP_TABLE_FOUND && !mp_utf8_valid(mp_slice_str(result.value))) {
		result = mp_table_error();
		result.bad_value = true;
	}
	return result;
}

struct mp_table_result mp_table_lookup(struct mp_table *table, struct mp_world *world,
	const char *key, enum mp_table_role role, struct mp_arena *arena)
{
	struct mp_lookup lookup = {world, key, role, arena};

	return mp_table_find(table, &lookup);
}

bool mp_table_list_keys(struct mp_table *table, struct mp_keys *keys)
{
	return table->ops->keys != NULL && table->ops->keys(table, keys);
}

bool mp_table_keys(struct mp_table *table, struct mp_strings *keys)
{
	table->keys.v.n = 0;
	bool known = mp_table_list_keys(table, &table->keys);
	keys->v = table->keys.v.v;
	keys->n = known ? table->keys.v.n : 0;
	return known;
}

void mp_table_visit(const struct mp_visit *visit, const struct mp_table_entry *entry)
{
	*visit->ended = *visit->ended || !visit->fn(visit->context, entry);
}

bool mp_table_visit_all(struct mp_table *table, const struct mp_visit *visit)
{
	return table->ops->entries != NULL ? table->ops->entries(table, visit) : !table->asks;
}

bool mp_table_entries(struct mp_table *table, mp_entry_fn *fn, void *context)
{
	bool ended = false;
	const struct mp_visit visit = {fn, context, &ended};

	return mp_table_visit_all(table, &visit);
}

void mp_table_problem(struct mp_table *table, enum mp_severity severity, const char *rule,
	struct mp_loc loc, const char *fmt, ...)
{
	struct mp_findings *findings = table->tables->findings;
	va_list ap;

	if (table->problems++ >= MP_TABLE_PROBLEMS) {
		if (table->problems == MP_TABLE_PROBLEMS + 1) {
			mp_finding_add(findings, MP_NOTE, "table/more-problems", loc, "",
				"%s has more problems, which are not listed", table->name);
		}
		return;
	}
	va_start(ap, fmt);
	const char *text = mp_arena_vprintf(findings->arena, fmt, ap);
	va_end(ap);
	mp_finding_add(findings, severity, rule, loc, "", "%s", text);
}
