/* compose - maps that are made of other maps: sequence, and switch, which names them by service. */
#include "base/ascii.h"
#include "sendmail/map/private.h"

static const char *sequence_arguments(struct sm_map *map, struct mp_slice rest)
{
	map->rest = mp_arena_slicedup(map->maps->arena, rest);
	return NULL;
}

/* The parts are found when all K lines are known. */
static void open_sequence(struct sm_map *map)
{
	struct mp_arena *arena = map->maps->arena;
	struct mp_slice s = mp_slice_str(map->rest);

	for (size_t i = 0; i < s.n;) {
		size_t from;

		while (i < s.n && mp_is_space(s.p[i])) {
			i++;
		}
		for (from = i; i < s.n && !mp_is_space(s.p[i]); i++) {
		}
		if (i == from) {
			break;
		}

		const char *name = mp_arena_slicedup(arena, mp_slice_sub(s, from, i));
		struct sm_map *part = sm_maps_find(map->maps, name);

		if (part != NULL) {
			mp_vec_push(&map->parts, part);
		} else {
			mp_finding_add(map->maps->findings, MP_ERROR, "map/unknown-part", map->loc,
				"declare it with a K line of its own",
				"map %s: there is no map %s that it could ask", map->name, name);
		}
	}
}

/* The first part that finds the key, or cannot tell. */
static struct sm_map_result lookup_sequence(struct sm_map *map, const struct sm_map_call *call)
{
	struct sm_map_result last = sm_map_none();

	for (size_t i = 0; i < map->parts.n; i++) {
		struct sm_map_result result = sm_map_look(map->parts.v[i], call);

		if (result.status == SM_MAP_FOUND) {
			return result;
		}
		if (result.status == SM_MAP_TEMPFAIL) {
			last = result;
		}
	}
	return last;
}

static bool sequence_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context)
{
	bool all = true;

	for (size_t i = 0; i < map->parts.n; i++) {
		all = sm_map_entries(map->parts.v[i], fn, context) && all;
	}
	return all;
}

const struct sm_map_class sm_class_sequence = {
	.name = "sequence",
	.arguments = sequence_arguments,
	.open = open_sequence,
	.lookup = lookup_sequence,
	.entries = sequence_entries,
	.file_optional = true,
};

/* "Kname switch service": the maps name.SOURCE for the sources of that service. Which these are is
 * said by the server's service switch; those that are declared are asked in the usual order. */
static void open_switch(struct sm_map *map)
{
	static const char *const sources[] = {"files", "nis", "nisplus", "ldap", "dns"};

	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct sm_map *part = sm_maps_find(map->maps,
			mp_arena_printf(map->maps->arena, "%s.%s", map->name, sources[i]));

		if (part != NULL) {
			mp_vec_push(&map->parts, part);
		}
	}
}

const struct sm_map_class sm_class_switch = {
	.name = "switch",
	.arguments = sequence_arguments,
	.open = open_switch,
	.lookup = lookup_sequence,
	.entries = sequence_entries,
	.file_optional = true,
};
