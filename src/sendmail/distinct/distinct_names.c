/* distinct_names - names of clients, one of those that nothing tells apart. */
#include "sendmail/distinct/distinct_internal.h"

/* A name, and what all entries of the list that have it are like, one after the other. */
struct name {
	const char *name;
	const char *like; /* NULL: some entry is like no other */
};

struct names {
	struct mp_arena *arena;
	struct name *v;
	size_t n;
	struct mp_map places; /* of a name in lower case -> struct name */
};

/* Room for every name at once, so that the map's pointers stay. */
static void collect(struct names *names, const struct mp_distinction *v, size_t n)
{
	names->v = mp_arena_array(names->arena, n + 1, sizeof *names->v);
	for (size_t i = 0; i < n; i++) {
		if (v[i].aspect != MP_ASPECT_NAME || v[i].example == NULL) {
			continue;
		}

		struct mp_slice key =
			mp_slice_str(mp_arena_lower(names->arena, mp_slice_str(v[i].example)));
		struct name *name = mp_map_get(&names->places, key);

		if (name == NULL) {
			name = &names->v[names->n++];
			*name = (struct name){v[i].example, ""};
			mp_map_put(&names->places, key, name);
		}
		name->like = name->like == NULL || v[i].like == NULL
			? NULL
			: mp_arena_printf(names->arena, "%s%s\n", name->like, v[i].like);
	}
}

struct mp_strings sm_client_names(const struct sm_cf *cf, struct mp_arena *arena)
{
	struct mp_arena scratch = {0};
	struct names names = {.arena = &scratch};
	const struct mp_distinction *list;
	struct mp_map seen = {0};
	size_t listed = sm_distinctions(cf, arena, &list);

	collect(&names, list, listed);

	const char **out = mp_arena_array(arena, names.n + 1, sizeof *out);
	size_t n = 0;

	for (size_t i = 0; i < names.n; i++) {
		const struct name *name = &names.v[i];

		if (name->like == NULL || mp_map_get_str(&seen, name->like) == NULL) {
			out[n++] = name->name;
		}
		if (name->like != NULL) {
			mp_map_put(&seen, mp_slice_str(name->like), names.v);
		}
	}
	mp_map_release(&seen);
	mp_map_release(&names.places);
	mp_arena_release(&scratch);
	return (struct mp_strings){out, n};
}
