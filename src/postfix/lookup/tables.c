/* tables - what the settings of a process mean for the tables that it opens. */
#include "postfix/lookup/tables.h"

#include "postfix/lookup/list.h"
#include "postfix/lookup/proxymap.h"

static const char *without_proxy(const char *spec)
{
	while (strncmp(spec, "proxy:", 6) == 0) {
		spec += 6;
	}
	return spec;
}

static void name_aliases(
	struct pf_engine *engine, const struct pf_settings *settings, const char *parameter)
{
	struct pf_text *tokens;
	size_t n = pf_split(engine->arena, pf_value(settings, parameter), &tokens);

	for (size_t i = 0; i < n; i++) {
		mp_tables_name_alias(engine->tables, without_proxy(tokens[i].s));
	}
}

void pf_tables_prepare(struct pf_engine *engine, const struct pf_settings *settings)
{
	unsigned version = pf_settings_environment(settings)->version;

	name_aliases(engine, settings, "alias_maps");
	name_aliases(engine, settings, "alias_database");
	mp_tables_set_utf8(
		engine->tables, version >= PF_VERSION_3_0 && pf_bool(settings, "smtputf8_enable"));
}

struct mp_table *pf_table_open(struct pf_engine *engine, struct pf_settings *settings,
	const char *parameter, const char *spec, struct mp_loc loc)
{
	pf_proxy_approve(engine, settings, spec, loc);

	struct mp_table *table = mp_table_open(engine->tables, spec, loc);

	const char *why = mp_table_fatal(table);
	if (why == NULL && pf_bool(settings, "daemon_table_open_error_is_fatal")) {
		why = mp_table_broken(table);
	}
	if (why != NULL) {
		struct pf_fatal fatal = {why, loc, parameter};
		pf_settings_set_fatal(settings, &fatal);
	}
	return table;
}
