/* simple - tables that are all in their name: inline, static, fail, internal. */
#include "base/ascii.h"
#include "base/utf8.h"
#include "table/braces.h"
#include "table/private.h"
#include "table/text.h"

static void bad_syntax(struct mp_table *table, const char *why)
{
	mp_table_break(table, "table/bad-syntax", table->named_at,
		"%s: %s, so every lookup in it fails", table->name, why);
}

/* Splits "name = value". The name ends at '=' or white space outside of double quotes. */
static bool split_pair(
	struct mp_slice item, struct mp_slice *key, struct mp_slice *value, const char **why)
{
	bool quoted = false;
	size_t i = 0;

	for (; i < item.n; i++) {
		char c = item.p[i];
		if (c == '\\') {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && (c == '=' || mp_is_space(c))) {
			break;
		}
	}
	if (quoted) {
		*why = "a double quote is not closed";
		return false;
	}
	*key = mp_slice_sub(item, 0, i);
	struct mp_slice rest = mp_slice_trim(mp_slice_from(item, i));
	if (rest.n == 0 || rest.p[0] != '=') {
		*why = "there is no '=' after a name";
		return false;
	}
	*value = mp_slice_trim(mp_slice_from(rest, 1));
	return true;
}

void mp_open_inline(struct mp_table *table, const char *name, unsigned depth)
{
	struct mp_slice list;
	struct mp_slice item;
	struct mp_slice key;
	struct mp_slice value;
	const char *why = NULL;

	(void)depth;
	if (!mp_braces_list(mp_slice_str(name), &list)) {
		bad_syntax(table, "there are no entries in braces");
		return;
	}
	mp_text_make(table);
	while (mp_braces_next(&list, &item)) {
		if (item.p[0] == '{' && !mp_braces_strip(item, &item, &why)) {
			break;
		}
		if (!split_pair(item, &key, &value, &why)) {
			break;
		}
		if (!table->tables->options.bytes_only &&
			!(mp_utf8_valid(key) && mp_utf8_valid(value))) {
			why = "an entry is not UTF-8";
			break;
		}
		/* The last of equal keys counts, unlike in a file. */
		mp_text_set(table, key, value, table->named_at);
	}
	if (why != NULL) {
		bad_syntax(table, why);
	}
}

static struct mp_table_result lookup_static(struct mp_table *table, const struct mp_lookup *lookup)
{
	(void)lookup;
	return (struct mp_table_result){
		.status = MP_TABLE_FOUND, .value = table->data, .loc = table->named_at};
}

static bool entries_static(struct mp_table *table, const struct mp_visit *visit)
{
	mp_table_visit(visit,
		&(struct mp_table_entry){.kind = MP_ENTRY_ANY,
			.text = table->name,
			.value = table->data,
			.loc = table->named_at,
			.table = table});
	return true;
}

static const struct mp_table_ops static_ops = {lookup_static, NULL, NULL, entries_static};

void mp_open_static(struct mp_table *table, const char *name, unsigned depth)
{
	struct mp_slice value = mp_slice_str(name);
	const char *why;

	(void)depth;
	if (name[0] == '{' && !mp_braces_strip(value, &value, &why)) {
		bad_syntax(table, why);
		return;
	}
	table->ops = &static_ops;
	table->data = mp_arena_slicedup(table->tables->arena, value);
	table->fixed = true;
}

static struct mp_table_result lookup_fail(struct mp_table *table, const struct mp_lookup *lookup)
{
	(void)table;
	(void)lookup;
	return mp_table_error();
}

/* No key finds anything else than another. */
static bool entries_fail(struct mp_table *table, const struct mp_visit *visit)
{
	(void)table;
	(void)visit;
	return true;
}

static const struct mp_table_ops fail_ops = {lookup_fail, NULL, NULL, entries_fail};

/* Fails by intention, so that there is nothing to say. */
void mp_open_fail(struct mp_table *table, const char *name, unsigned depth)
{
	(void)name;
	(void)depth;
	table->ops = &fail_ops;
}

/* The memory of a running program, empty when it starts. */
void mp_open_internal(struct mp_table *table, const char *name, unsigned depth)
{
	(void)name;
	(void)depth;
	mp_text_make(table);
}
