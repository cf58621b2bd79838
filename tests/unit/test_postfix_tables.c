/* Tables whose names end a process, and what the settings say about the others. */
#include "postfix/lookup/tables.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/pf_fixture.h"

struct bench {
	struct pf_fixture fixture;
	struct pf_engine engine;
	struct pf_settings *settings;
};

static void open_bench(struct bench *b, const char *main_cf, const char *master_cf)
{
	struct mp_table_options options = {.version = 30711};

	memset(b, 0, sizeof *b);
	pf_fixture_open(&b->fixture, main_cf, master_cf);
	b->engine = (struct pf_engine){.arena = &b->fixture.arena,
		.input = b->fixture.input,
		.findings = &b->fixture.findings,
		.config = b->fixture.config,
		.tables = mp_tables_new(
			&b->fixture.arena, b->fixture.input, &b->fixture.findings, &options)};
	b->settings = pf_fixture_settings(&b->fixture, NULL, PF_SMTPD);
	pf_tables_prepare(&b->engine, b->settings);
}

static void close_bench(struct bench *b)
{
	mp_tables_free(b->engine.tables);
	pf_fixture_close(&b->fixture);
}

/* The fatal error that opening a table is to the process, or NULL. */
static void check_fatal(
	const char *main_cf, const char *master_cf, const char *spec, const char *want)
{
	struct bench b;

	open_bench(&b, main_cf, master_cf);
	pf_table_open(&b.engine, b.settings, "", spec, mp_loc(NULL, 0, 0));
	const struct pf_fatal *fatal = pf_settings_fatal(b.settings);
	if (want == NULL) {
		if (fatal != NULL) {
			fail_msg("%s: %s", spec, fatal->text);
		}
	} else {
		if (fatal == NULL) {
			fail_msg("%s: nothing is fatal", spec);
		}
		assert_string_equal(fatal->text, want);
	}
	close_bench(&b);
}

static void test_fatal(void **state)
{
	static const char level[] = "compatibility_level = 3.6\n";
	static const char limited[] =
		"compatibility_level = 3.6\nvirtual_alias_maps = proxy:static:a hash:/b\n"
		"proxy_read_maps = $virtual_alias_maps, proxy:proxy:inline:{a=b}\n";

	(void)state;
	check_fatal(level, NULL,
		"static:", "open dictionary: expecting \"type:name\" form instead of \"static:\"");
	check_fatal(level, NULL, "pipemap:{static:a,hash:}",
		"open dictionary: expecting \"type:name\" form instead of \"hash:\"");
	check_fatal(level, NULL, "nosuch:x", NULL);
	check_fatal(level, NULL, "proxy:static:x",
		"proxymap service is not configured for table \"static:x\"");
	check_fatal(level, NULL, "proxy:unix:passwd.byname", NULL);
	check_fatal(limited, NULL, "proxy:static:a", NULL);
	check_fatal(limited, NULL, "proxy:inline:{a=b}", NULL);
	check_fatal(limited, NULL, "static:x", NULL);
	check_fatal(limited, NULL, "proxy:static:x",
		"proxymap service is not configured for table \"static:x\"");
	check_fatal(limited, NULL, "proxy:hash:/b",
		"proxymap service is not configured for table \"hash:/b\"");
}

static void test_aliases(void **state)
{
	struct bench b;
	struct mp_arena arena = {0};

	(void)state;
	memset(&b, 0, sizeof b);
	pf_fixture_folder(&b.fixture);
	pf_fixture_file(&b.fixture, "lists", "list: a\n");
	struct pf_fixture kept = b.fixture;
	struct mp_table_options options = {.version = 30711};
	pf_fixture_open(&kept,
		"compatibility_level = 3.6\nalias_maps = proxy:hash:/etc/postfix/lists\n", NULL);
	b.fixture = kept;
	b.engine = (struct pf_engine){.arena = &b.fixture.arena,
		.input = b.fixture.input,
		.findings = &b.fixture.findings,
		.config = b.fixture.config,
		.tables = mp_tables_new(
			&b.fixture.arena, b.fixture.input, &b.fixture.findings, &options)};
	b.settings = pf_fixture_settings(&b.fixture, NULL, PF_SMTPD);
	pf_tables_prepare(&b.engine, b.settings);
	struct mp_table *table = pf_table_open(
		&b.engine, b.settings, "", "hash:/etc/postfix/lists", mp_loc(NULL, 0, 0));
	assert_int_equal(mp_table_lookup(table, NULL, "list", MP_ROLE_EXISTS, &arena).status,
		MP_TABLE_FOUND);
	mp_arena_release(&arena);
	close_bench(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fatal),
		cmocka_unit_test(test_aliases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
