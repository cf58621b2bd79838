/*
 * compose - tables made of tables (unionmap, pipemap, proxy) and of values (randmap).
 *
 * Where one of the parts is a question to the world and the result is made of its value, the whole
 * becomes the question: nobody can know what follows from an unknown text.
 */
#include "table/braces.h"
#include "table/private.h"

struct parts {
	MP_VEC(struct mp_table *) v;
};

static void release_parts(struct mp_table *table)
{
	struct parts *parts = table->data;

	mp_vec_release(&parts->v);
}

/* Looks a key up in a part. */
static struct mp_table_result find_in(struct mp_table *part, const struct mp_lookup *lookup,
	const char *key, enum mp_table_role role)
{
	struct mp_lookup mine = {lookup->world, key, role, lookup->arena};

	return mp_table_find(part, &mine);
}

/* The role in which a part is asked: its value is needed for anything but existence. */
static enum mp_table_role part_role(const struct mp_lookup *lookup)
{
	return lookup->role == MP_ROLE_EXISTS ? MP_ROLE_EXISTS : MP_ROLE_VALUE;
}

/* unionmap: every part is asked, results are joined with commas. */
static struct mp_table_result lookup_union(struct mp_table *table, const struct mp_lookup *lookup)
{
	const struct parts *parts = table->data;
	struct mp_table_result all = {.status = MP_TABLE_NONE};
	bool outside = false;

	for (size_t i = 0; i < parts->v.n; i++) {
		struct mp_table_result one =
			find_in(parts->v.v[i], lookup, lookup->key, part_role(lookup));
		if (one.status == MP_TABLE_ERROR) {
			return one;
		}
		if (one.status == MP_TABLE_NONE) {
			continue;
		}
		outside = outside || one.outside;
		if (all.status == MP_TABLE_NONE) {
			all = one;
		} else {
			all.value = mp_arena_printf(lookup->arena, "%s,%s", all.value, one.value);
		}
	}
	if (outside && lookup->role != MP_ROLE_EXISTS) {
		return mp_table_ask(table, lookup, false);
	}
	return all;
}

/* pipemap: the result of one part is the key of the next. */
static struct mp_table_result lookup_pipe(struct mp_table *table, const struct mp_lookup *lookup)
{
	const struct parts *parts = table->data;
	struct mp_table_result result = {.status = MP_TABLE_NONE};
	const char *key = lookup->key;

	for (size_t i = 0; i < parts->v.n; i++) {
		bool last = i + 1 == parts->v.n;
		result = find_in(
			parts->v.v[i], lookup, key, last ? part_role(lookup) : MP_ROLE_VALUE);
		if (result.status != MP_TABLE_FOUND) {
			return result;
		}
		if (result.outside && !(last && lookup->role == MP_ROLE_EXISTS)) {
			return mp_table_ask(table, lookup, true);
		}
		key = result.value;
	}
	return result;
}

/* The keys that any part could match. A table that asks the world lists none, because whoever looks
 * its keys up does so without one. */
static bool keys_union(struct mp_table *table, struct mp_keys *keys)
{
	const struct parts *parts = table->data;

	for (size_t i = 0; i < parts->v.n; i++) {
		if (!mp_table_list_keys(parts->v.v[i], keys)) {
			return false;
		}
	}
	return true;
}

static bool keys_pipe(struct mp_table *table, struct mp_keys *keys)
{
	const struct parts *parts = table->data;

	return !table->asks && mp_table_list_keys(parts->v.v[0], keys);
}

static bool entries_union(struct mp_table *table, const struct mp_visit *visit)
{
	const struct parts *parts = table->data;
	bool all = true;

	for (size_t i = 0; i < parts->v.n && !*visit->ended; i++) {
		all = mp_table_visit_all(parts->v.v[i], visit) && all;
	}
	return all;
}

/* The keys are those of the first part; what the others hold decides on values only. */
static bool entries_pipe(struct mp_table *table, const struct mp_visit *visit)
{
	const struct parts *parts = table->data;

	return parts->v.n == 0 || (mp_table_visit_all(parts->v.v[0], visit) && !table->asks);
}

static const struct mp_table_ops union_ops = {
	lookup_union, keys_union, release_parts, entries_union};
static const struct mp_table_ops pipe_ops = {lookup_pipe, keys_pipe, release_parts, entries_pipe};

/* Opens the parts "{type:name, type:name}". */
static void open_parts(
	struct mp_table *table, const char *name, unsigned depth, const struct mp_table_ops *ops)
{
	struct mp_arena *arena = table->tables->arena;
	struct parts *parts = MP_ARENA_NEW(arena, struct parts);
	struct mp_slice list;
	struct mp_slice item;
	bool fixed = false;

	if (!mp_braces_list(mp_slice_str(name), &list)) {
		mp_table_break(table, "table/bad-syntax", table->named_at,
			"%s: there are no tables in braces, so every lookup in it fails",
			table->name);
		return;
	}
	while (mp_braces_next(&list, &item)) {
		if (mp_slice_chr(item, ':') == MP_NOT_FOUND) {
			mp_vec_release(&parts->v);
			mp_table_break(table, "table/bad-syntax", table->named_at,
				"%s: \"%.*s\" is not of the form type:name, so every lookup fails",
				table->name, MP_SLICE_ARG(mp_slice_sub(item, 0, 200)));
			return;
		}
		struct mp_table *part = mp_table_open_nested(
			table->tables, mp_arena_slicedup(arena, item), table->named_at, depth + 1);
		/* One fixed part is enough for Postfix to try partial keys on the whole. */
		fixed = fixed || part->fixed;
		table->asks = table->asks || part->asks;
		if (table->fatal == NULL) {
			table->fatal = part->fatal;
		}
		if (table->broken == NULL) {
			table->broken = part->broken;
		}
		mp_vec_push(&parts->v, part);
	}
	table->data = parts;
	table->ops = ops;
	table->fixed = fixed;
}

void mp_open_union(struct mp_table *table, const char *name, unsigned depth)
{
	open_parts(table, name, depth, &union_ops);
}

void mp_open_pipe(struct mp_table *table, const char *name, unsigned depth)
{
	open_parts(table, name, depth, &pipe_ops);
}

/* proxy: the same table, reached through the proxymap service. */
static struct mp_table_result lookup_proxy(struct mp_table *table, const struct mp_lookup *lookup)
{
	return mp_table_find(table->data, lookup);
}

static bool keys_proxy(struct mp_table *table, struct mp_keys *keys)
{
	return mp_table_list_keys(table->data, keys);
}

static bool entries_proxy(struct mp_table *table, const struct mp_visit *visit)
{
	return mp_table_visit_all(table->data, visit);
}

static const struct mp_table_ops proxy_ops = {lookup_proxy, keys_proxy, NULL, entries_proxy};

void mp_open_proxy(struct mp_table *table, const char *name, unsigned depth)
{
	struct mp_table *inner =
		mp_table_open_nested(table->tables, name, table->named_at, depth + 1);

	table->data = inner;
	table->ops = &proxy_ops;
	table->fixed = inner->fixed;
	table->asks = inner->asks;
}

/* randmap: any of its values, whatever the key. */
struct values {
	const char **v;
	size_t n;
};

static struct mp_table_result lookup_random(struct mp_table *table, const struct mp_lookup *lookup)
{
	const struct values *values = table->data;
	const char *question =
		mp_arena_printf(lookup->arena, "table.lookup %s %s", table->name, lookup->key);
	const char *value = values->v[0];

	if (values->n > 1 && lookup->role != MP_ROLE_EXISTS) {
		value = mp_ask(lookup->world, question, values->v, values->n);
	}
	return (struct mp_table_result){
		.status = MP_TABLE_FOUND, .value = value, .loc = table->named_at};
}

static const struct mp_table_ops random_ops = {lookup_random, NULL, NULL, NULL};

void mp_open_random(struct mp_table *table, const char *name, unsigned depth)
{
	struct mp_arena *arena = table->tables->arena;
	struct mp_slice list;
	struct mp_slice item;

	(void)depth;
	if (!mp_braces_list(mp_slice_str(name), &list)) {
		mp_table_break(table, "table/bad-syntax", table->named_at,
			"%s: there are no values in braces, so every lookup in it fails",
			table->name);
		return;
	}
	struct values *values = MP_ARENA_NEW(arena, struct values);
	values->v = mp_arena_array(arena, list.n, sizeof values->v[0]);
	while (mp_braces_next(&list, &item)) {
		const char *value = mp_arena_slicedup(arena, item);
		size_t i = 0;
		while (i < values->n && strcmp(values->v[i], value) != 0) {
			i++;
		}
		if (i == values->n) {
			values->v[values->n++] = value;
		}
	}
	table->data = values;
	table->ops = &random_ops;
	table->asks = values->n > 1;
}
