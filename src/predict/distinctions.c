/* distinctions - what the configuration of a listener tells apart, as the first world has it. */
#include "predict/distinctions.h"

struct look {
	const struct mp_server *server;
	const char *listener;
	struct mp_distinctions seen;
};

static void *take_look(void *context, struct mp_world *world, struct mp_arena *keep)
{
	const struct look *wanted = context;
	struct look *seen = MP_ARENA_NEW(keep, struct look);

	*seen = *wanted;
	seen->seen.n = wanted->server->ops->distinctions(
		wanted->server, world, keep, wanted->listener, &seen->seen.v);
	return seen;
}

/* One world is as good as another. */
static bool same_look(const void *left, const void *right)
{
	(void)left;
	(void)right;
	return true;
}

struct mp_distinctions mp_distinctions_first(const struct mp_server *server,
	const struct mp_facts *facts, const char *listener, struct mp_arena *arena)
{
	static const struct mp_explore_ops ops = {
		.play = take_look, .equal = same_look, .most_plays = 1};
	struct look wanted = {.server = server, .listener = listener};

	if (server->ops->distinctions == NULL) {
		return (struct mp_distinctions){NULL, 0};
	}
	struct mp_exploration worlds = mp_explore(facts, &ops, &wanted, arena);
	return ((const struct look *)worlds.v[0].value)->seen;
}
