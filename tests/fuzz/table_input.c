/* table_input - a table of any type over the bytes of an input, for the fuzz targets of tables */
#include "fuzz/table_input.h"

#include "table/table.h"
#include "world/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char path[] = "/tmp/mtaproof-fuzz-XXXXXX";
static int fd = -1;

static void remove_file(void)
{
	unlink(path);
}

static void write_file(struct mp_slice bytes)
{
	if (fd < 0) {
		fd = mkstemp(path);
		if (fd < 0) {
			MP_BUG("no temporary file");
		}
		atexit(remove_file);
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, bytes.p, bytes.n, 0) != (ssize_t)bytes.n) {
		MP_BUG("the temporary file cannot be written");
	}
}

static const char *first_answer(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	if (n == 0 || question[0] == '\0') {
		MP_BUG("a question without answers");
	}
	return answers[0];
}

static void look_up(struct mp_table *table, const struct mp_facts *facts, const char *key,
	struct mp_arena *arena)
{
	struct mp_world *world = mp_world_new_interactive(facts, first_answer, NULL);

	for (int role = MP_ROLE_EXISTS; role <= MP_ROLE_VALUE; role++) {
		struct mp_table_result r =
			mp_table_lookup(table, world, key, (enum mp_table_role)role, arena);

		if (r.status == MP_TABLE_FOUND && r.value == NULL) {
			MP_BUG("found, but no value");
		}
		mp_loc_position(r.loc);
	}
	mp_world_free(world);
}

void table_input_run(const char *type, struct mp_slice bytes, const char *const *keys, size_t n)
{
	static const struct mp_table_options table_options = {
		.version = 30711, .default_db_type = "hash"};
	struct mp_overlay overlay = {"fuzzed", path};
	struct mp_input_options options = {
		.type = "postfix", .isolated = true, .overlays = &overlay, .overlay_count = 1};
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_strings listed = {0};
	struct mp_err err = {MP_ERR_NONE, ""};

	write_file(bytes);
	struct mp_input *input = mp_input_open("fixtures/demo/postfix", &options, &err);
	if (input == NULL) {
		MP_BUG(err.text);
	}
	struct mp_facts *facts = mp_facts_new();
	mp_findings_init(&findings, &arena);
	struct mp_tables *tables = mp_tables_new(&arena, input, &findings, &table_options);
	struct mp_table *table =
		mp_table_open(tables, mp_arena_printf(&arena, "%s:/etc/postfix/fuzzed", type),
			(struct mp_loc){NULL, 0, 0});
	for (size_t i = 0; i < n; i++) {
		look_up(table, facts, keys[i], &arena);
	}
	if (mp_table_keys(table, &listed)) {
		for (size_t i = 0; i < listed.n && i < 16; i++) {
			look_up(table, facts, listed.v[i], &arena);
		}
	}
	mp_findings_sort(&findings);
	mp_tables_free(tables);
	mp_findings_release(&findings);
	mp_facts_free(facts);
	mp_input_free(input);
	mp_arena_release(&arena);
}
