/* fuzz_pattern - tables of rules (cidr, regexp, pcre) and tables in braces */
#include "base/alloc.h"
#include "base/limits.h"
#include "table/table.h"
#include "world/facts.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const subjects[] = {"", "a", "abc", "joe@example.org", "192.0.2.1",
	"2001:db8::1", "::ffff:192.0.2.1", "mail.example.com", "aaaaaaaaaaaaaaaaaaaaaaaaaaab",
	"\xc3\xa4"};

/* What is said to find a rule must find it. */
static bool use_entry(void *context, const struct mp_table_entry *entry)
{
	struct mp_arena *arena = context;

	for (unsigned i = 0; entry->kind == MP_ENTRY_PATTERN && i < 6; i++) {
		const char *text = mp_table_sample(entry, i, arena);
		if (text != NULL && mp_table_finds(entry, text)) {
			struct mp_table_result r =
				mp_table_lookup(entry->table, NULL, text, MP_ROLE_EXISTS, arena);
			/* Bytes that are no UTF-8 are not looked up, and make no value. */
			if (r.status == MP_TABLE_FOUND && r.loc.start != entry->loc.start) {
				MP_BUG("another rule was found");
			}
		}
	}
	return true;
}

static void use_table(
	struct mp_table *table, struct mp_world *world, const struct mp_source *source)
{
	struct mp_arena arena = {0};

	for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
		struct mp_table_result r =
			mp_table_lookup(table, world, subjects[i], MP_ROLE_VALUE, &arena);
		if (r.status == MP_TABLE_FOUND && r.value == NULL) {
			MP_BUG("found without a value");
		}
		if (r.loc.source != NULL &&
			(r.loc.source != source || r.loc.end > source->text.n)) {
			MP_BUG("a rule without its place");
		}
	}
	mp_table_entries(table, use_entry, &arena);
	mp_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"cidr:/table", "regexp:/table", "pcre:/table"};
	static const char *const named[] = {"cidr:", "regexp:", "pcre:", "inline:", "static:",
		"unionmap:", "pipemap:", "randmap:"};
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_table_options options = {.version = 30711};

	if (size > 4096) {
		return 0; /* what grows with length alone is not looked for here */
	}
	const char *text = mp_arena_memdup(&arena, (const char *)data, size);
	const struct mp_source *source =
		mp_source_new(&arena, "table", "table", mp_slice(text, size));
	struct mp_facts *facts = mp_facts_new();
	struct mp_world *world = mp_world_new_interactive(facts, NULL, NULL);
	mp_findings_init(&findings, &arena);
	struct mp_tables *tables = mp_tables_new(&arena, NULL, &findings, &options);
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		use_table(mp_table_open_source(tables, types[i], source), world, source);
	}
	/* The same bytes as the name of a table; only types that read no file. */
	if (text[0] == '{' && memchr(text, ':', size) == NULL) {
		for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
			const char *spec = mp_arena_printf(&arena, "%s%s", named[i], text);
			use_table(mp_table_open_source(tables, spec, source), world, source);
		}
	}
	mp_tables_free(tables);
	mp_findings_release(&findings);
	mp_world_free(world);
	mp_facts_free(facts);
	mp_arena_release(&arena);
	return 0;
}
