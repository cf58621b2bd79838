/*
 * table_query - looks keys up in a table, as `postmap -q -` does.
 *
 *     table_query [-a] [-b] CONFIG TYPE:NAME < keys
 *
 * Prints "key TAB value" for each key that is found, "key TAB !error" for a lookup that fails, and
 * the findings on standard error as "file:line:column: text [rule]". -a: the table is one of
 * aliases; -b: smtputf8_enable is off. Every question to the world is answered with "none".
 */
#include "table/table.h"
#include "world/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>

static const char *answer_none(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)question;
	(void)answers;
	(void)n;
	return "none";
}

static void query(struct mp_table *table, struct mp_world *world)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	while ((n = getline(&line, &size, stdin)) > 0) {
		struct mp_arena arena = {0};
		if (line[n - 1] == '\n') {
			line[n - 1] = '\0';
		}
		struct mp_table_result r =
			mp_table_lookup(table, world, line, MP_ROLE_VALUE, &arena);
		if (r.status == MP_TABLE_FOUND) {
			printf("%s\t%s\n", line, r.value);
		} else if (r.status == MP_TABLE_ERROR) {
			printf("%s\t!error\n", line);
		}
		mp_arena_release(&arena);
	}
	free(line);
}

static void print_findings(const struct mp_findings *findings)
{
	for (size_t i = 0; i < findings->list.n; i++) {
		const struct mp_finding *f = &findings->list.v[i];
		struct mp_position p = mp_loc_position(f->loc);
		fprintf(stderr, "%s:%u:%u: %s [%s]\n", p.file, p.line, p.column, f->message,
			f->rule);
	}
}

int main(int argc, char **argv)
{
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_input_options input_options = {.type = "postfix"};
	struct mp_table_options options = {.version = 30711, .default_db_type = "hash"};
	struct mp_err err = {MP_ERR_NONE, ""};
	bool aliases = false;
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		aliases = aliases || argv[at][1] == 'a';
		options.bytes_only = options.bytes_only || argv[at][1] == 'b';
	}
	if (argc - at != 2) {
		fputs("usage: table_query [-a] [-b] CONFIG TYPE:NAME < keys\n", stderr);
		return 2;
	}
	struct mp_input *input = mp_input_open(argv[at], &input_options, &err);
	if (input == NULL) {
		fprintf(stderr, "%s\n", err.text);
		return 3;
	}
	mp_input_set_complete(input, true);
	mp_findings_init(&findings, &arena);
	struct mp_tables *tables = mp_tables_new(&arena, input, &findings, &options);
	struct mp_facts *facts = mp_facts_new();
	struct mp_world *world = mp_world_new_interactive(facts, answer_none, NULL);
	if (aliases) {
		mp_tables_name_alias(tables, argv[at + 1]);
	}
	struct mp_table *table = mp_table_open(tables, argv[at + 1], mp_loc(NULL, 0, 0));
	query(table, world);
	print_findings(&findings);
	mp_world_free(world);
	mp_facts_free(facts);
	mp_tables_free(tables);
	mp_findings_release(&findings);
	mp_input_free(input);
	mp_arena_release(&arena);
	return 0;
}
