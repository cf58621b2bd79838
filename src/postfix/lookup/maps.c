/* maps - map lists, the *_maps parameters (reference 1.5c). */
#include "postfix/lookup/list.h"

#include "postfix/lookup/tables.h"

struct map {
	struct mp_table *table;
	struct mp_loc loc;
};

struct pf_maps {
	struct mp_findings *findings;
	const char *parameter;
	struct map *maps;
	size_t count;
	bool one_table; /* the parameter holds one table, not a list: an empty key is a key, and
			   an empty result is a result */
};

/* A word without a colon is no table: the program ends when it opens its tables. */
static void check_form(struct pf_engine *engine, struct pf_settings *settings,
	const char *parameter, struct pf_text token)
{
	if (strchr(token.s, ':') != NULL) {
		return;
	}
	struct pf_fatal fatal = {
		.text = mp_arena_printf(engine->arena,
			"open dictionary: expecting \"type:name\" form instead of \"%s\"", token.s),
		.loc = pf_text_loc(token, 0, token.n),
		.parameter = parameter,
	};
	pf_settings_set_fatal(settings, &fatal); /* the finding is mp_table_open()'s */
}

struct pf_maps *pf_maps_new(
	struct pf_engine *engine, struct pf_settings *settings, const char *parameter)
{
	struct pf_maps *maps = MP_ARENA_NEW(engine->arena, struct pf_maps);
	struct pf_text *tokens;
	size_t n = pf_split(engine->arena, pf_value(settings, parameter), &tokens);

	maps->findings = engine->findings;
	maps->parameter = mp_arena_strdup(engine->arena, parameter);
	maps->maps = mp_arena_array(engine->arena, n, sizeof *maps->maps);
	maps->count = n;
	maps->one_table = strcmp(parameter, "smtpd_command_filter") == 0;
	for (size_t i = 0; i < n; i++) {
		struct mp_loc loc = pf_text_loc(tokens[i], 0, tokens[i].n);
		check_form(engine, settings, maps->parameter, tokens[i]);
		maps->maps[i] = (struct map){
			pf_table_open(engine, settings, maps->parameter, tokens[i].s, loc), loc};
	}
	return maps;
}

bool pf_maps_is_empty(const struct pf_maps *maps)
{
	return maps->count == 0;
}

struct mp_table *pf_maps_table(const struct pf_maps *maps, size_t i)
{
	return i < maps->count ? maps->maps[i].table : NULL;
}

/* An entry without a value is an error of the table, not an answer. */
static struct mp_table_result check_empty(
	const struct pf_maps *maps, struct mp_table_result result, const char *key)
{
	if (result.outside || result.value == NULL || result.value[0] != '\0' || maps->one_table) {
		return result;
	}
	mp_finding_add(maps->findings, MP_WARNING, "maps/empty-result", result.loc,
		"Give the entry a value, or remove it.",
		"%s: the look-up of \"%.100s\" returns an empty result, which Postfix takes for an "
		"error",
		maps->parameter, key);
	result.status = MP_TABLE_ERROR;
	result.bad_value = true;
	return result;
}

struct mp_table_result pf_maps_find(struct pf_maps *maps, struct mp_world *world, const char *key,
	bool fixed_only, enum mp_table_role role, struct mp_arena *arena)
{
	struct mp_table_result none = {.status = MP_TABLE_NONE};

	if (key[0] == '\0' && !maps->one_table) {
		return none;
	}
	for (size_t i = 0; i < maps->count; i++) {
		const struct map *map = &maps->maps[i];
		if (fixed_only && !mp_table_is_fixed(map->table)) {
			continue;
		}
		struct mp_table_result result =
			mp_table_lookup(map->table, world, key, role, arena);
		if (result.status == MP_TABLE_NONE) {
			continue;
		}
		if (result.loc.source == NULL) {
			result.loc = map->loc;
		}
		return result.status == MP_TABLE_FOUND ? check_empty(maps, result, key) : result;
	}
	return none;
}
