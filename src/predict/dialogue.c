/* dialogue - one dialogue with a simulated server, played in every world. */
#include "predict/dialogue.h"

struct play_context {
	const struct mp_server *server;
	const struct mp_dialogue *dialogue;
};

static size_t count_lines(const struct mp_dialogue *dialogue)
{
	size_t n = 0;

	for (size_t i = 0; i < dialogue->group_count; i++) {
		n += dialogue->groups[i].n;
	}
	return n;
}

/* Says the lines of all groups until one is CLOSED, whose reply ends the list. */
static void say_all(struct mp_sim_session *session, const struct mp_dialogue *dialogue,
	const struct mp_server *server, struct mp_played *played)
{
	for (size_t i = 0; i < dialogue->group_count; i++) {
		const struct mp_send_group *group = &dialogue->groups[i];
		struct mp_sim_reply *replies = played->replies + played->n;
		server->ops->say(session, group->lines, group->n, replies);
		for (size_t j = 0; j < group->n; j++) {
			played->n++;
			if (replies[j].kind == MP_SIM_CLOSED) {
				return;
			}
		}
	}
}

struct mp_played mp_dialogue_play_once(const struct mp_server *server, struct mp_world *world,
	const struct mp_dialogue *dialogue, struct mp_arena *keep)
{
	struct mp_connect connect = {
		.listener = dialogue->listener,
		.client = dialogue->client,
		.tls = dialogue->tls,
		.certificate = dialogue->certificate,
		.traced = dialogue->traced,
	};
	struct mp_played played = {
		.replies = mp_arena_array(keep, count_lines(dialogue) + 1, sizeof *played.replies),
		.n = 1,
	};
	struct mp_sim_session *session =
		server->ops->open(server, world, keep, &connect, &played.replies[0]);
	enum mp_sim_kind kind = played.replies[0].kind;

	if (kind == MP_SIM_REFUSED || kind == MP_SIM_TIMEOUT || kind == MP_SIM_CLOSED) {
		return played;
	}
	if (session != NULL) {
		say_all(session, dialogue, server, &played);
	} else if (count_lines(dialogue) > 0) {
		played.replies[played.n++] = mp_sim_closed();
	}
	return played;
}

static void *play(void *context, struct mp_world *world, struct mp_arena *keep)
{
	const struct play_context *c = context;
	struct mp_played *played = MP_ARENA_NEW(keep, struct mp_played);

	*played = mp_dialogue_play_once(c->server, world, c->dialogue, keep);
	return played;
}

bool mp_played_equal(const struct mp_played *a, const struct mp_played *b)
{
	if (a->n != b->n) {
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (!mp_sim_reply_equal(&a->replies[i], &b->replies[i])) {
			return false;
		}
	}
	return true;
}

static bool equal(const void *a, const void *b)
{
	return mp_played_equal(a, b);
}

struct mp_exploration mp_dialogue_play(const struct mp_server *server, const struct mp_facts *facts,
	const struct mp_dialogue *dialogue, struct mp_arena *keep)
{
	static const struct mp_explore_ops ops = {.play = play, .equal = equal};
	struct play_context context = {server, dialogue};

	return mp_explore(facts, &ops, &context, keep);
}
