/* distinct_networks - the networks that the server relays for. */
#include "sendmail/distinct/distinct_internal.h"

struct networks {
	struct mp_arena *arena;
	struct mp_network *v;
	size_t n, cap;
};

static void add_network(struct networks *l, const char *word, struct mp_reason because)
{
	struct mp_cidr net;

	if (sm_distinct_network(word, &net, l->arena)) {
		l->v = mp_arena_room(l->arena, l->v, l->n, &l->cap, sizeof *l->v, 16);
		l->v[l->n++] = (struct mp_network){.net = net, .because = because};
	}
}

static bool add_relay_entry(void *context, const char *key, const char *value, struct mp_loc loc)
{
	struct networks *l = context;
	const char *rest;
	const char *roles = sm_distinct_roles(key, &rest);

	if (mp_str_ieq(value, "RELAY") && strchr(roles, 'c') != NULL) {
		add_network(l, mp_arena_strdup(l->arena, rest),
			(struct mp_reason){
				loc, mp_arena_printf(l->arena, "access %s: %s", key, value)});
	}
	return true;
}

size_t sm_networks(const struct sm_cf *cf, struct mp_arena *arena, const struct mp_network **out)
{
	static const char *const classes[] = {"R", "w"};
	static const char *const loopback[] = {"127.0.0.1", "IPv6:0:0:0:0:0:0:0:1"};
	struct networks l = {.arena = arena};
	struct sm_map *access = sm_maps_find(cf->maps, "access");

	for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
		add_network(&l, loopback[i], (struct mp_reason){mp_loc(NULL, 0, 0), "loopback"});
	}
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		const struct sm_class *c = sm_cf_class(cf, classes[i]);

		for (size_t k = 0; c != NULL && k < c->words.n; k++) {
			const struct sm_class_word *w = &c->words.v[k];

			/* Of the server's own names only addresses in brackets are compared. */
			if (i == 0 || w->word[0] == '[') {
				add_network(&l, w->word,
					(struct mp_reason){w->loc,
						mp_arena_printf(arena, "class %s: %s", classes[i],
							w->word)});
			}
		}
	}
	if (access != NULL) {
		(void)sm_map_entries(access, add_relay_entry, &l);
	}
	*out = l.v;
	return l.n;
}
