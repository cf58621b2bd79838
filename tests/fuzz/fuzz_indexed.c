/* fuzz_indexed - tables of keys and values, as postmap, texthash and postalias read them */
#include "base/alloc.h"
#include "base/limits.h"
#include "table/table.h"
#include "world/facts.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every key that a table lists is found in it, with the place of an entry. */
static void use_table(struct mp_tables *tables, const char *spec, const struct mp_source *source,
	struct mp_world *world, bool bytes_only)
{
	struct mp_table *table = mp_table_open_source(tables, spec, source);
	struct mp_arena arena = {0};
	struct mp_strings keys;

	if (!mp_table_keys(table, &keys)) {
		return;
	}
	for (size_t i = 0; i < keys.n && i < 64; i++) {
		struct mp_table_result r =
			mp_table_lookup(table, world, keys.v[i], MP_ROLE_VALUE, &arena);
		/* Aliases may hold a name that is UTF-8 only in its quoted form. */
		if (r.status == MP_TABLE_NONE && bytes_only) {
			MP_BUG("a listed key is not found");
		}
		if (r.status == MP_TABLE_FOUND && mp_loc_position(r.loc).line == 0) {
			MP_BUG("an entry without a place");
		}
	}
	mp_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena arena = {0};
	struct mp_findings findings;

	if (size > MP_LIMIT_FILE) {
		return 0;
	}
	const char *text = mp_arena_memdup(&arena, (const char *)data, size);
	const struct mp_source *source =
		mp_source_new(&arena, "table", "table", mp_slice(text, size));
	struct mp_facts *facts = mp_facts_new();
	struct mp_world *world = mp_world_new_interactive(facts, NULL, NULL);
	for (int bytes_only = 0; bytes_only < 2; bytes_only++) {
		struct mp_table_options options = {.bytes_only = bytes_only != 0};
		mp_findings_init(&findings, &arena);
		struct mp_tables *tables = mp_tables_new(&arena, NULL, &findings, &options);
		use_table(tables, "hash:/table", source, world, options.bytes_only);
		use_table(tables, "texthash:/table", source, world, options.bytes_only);
		use_table(tables, "hash:/aliases", source, world, options.bytes_only);
		mp_tables_free(tables);
		mp_findings_release(&findings);
	}
	mp_world_free(world);
	mp_facts_free(facts);
	mp_arena_release(&arena);
	return 0;
}
