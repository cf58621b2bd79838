/*
 * plan_play - a session plan played to a simulated server, in every world.
 *
 * The very machine that speaks to a live server (smtp/session.h) speaks to the simulated one, so
 * that both dialogues take the same turns for the same reasons.
 */
#ifndef MP_PREDICT_PLAN_PLAY_H
#define MP_PREDICT_PLAN_PLAY_H

#include "server/server.h"
#include "smtp/session.h"

/* What happened in one world. */
struct mp_plan_played {
	const struct mp_session_report *report;
	/* One per exchange of the report; of an exchange without answer the kind is CLOSED or
	 * UNKNOWN. */
	const struct mp_sim_reply *replies;
	enum mp_sim_kind opening; /* REPLY, or how the connection failed: REFUSED, TIMEOUT, CLOSED,
				     UNKNOWN */
	struct mp_reasons opening_because;
	bool unknown; /* from some point on the simulation could not follow */
	const char *note; /* why; else "" */
};

/* A plan, who plays it, and where: the context of mp_plan_play_world(). */
struct mp_plan_playing {
	const struct mp_server *server;
	const struct mp_plan *plan;
	const struct mp_session_options *options;
	struct mp_connect connect; /* its `tls` is set from the plan, which also says whether its
				      certificate is shown */
};

/* Plays the plan in one world: the play() of mp_explore(). The value is a struct mp_plan_played, in
 * `keep`. */
void *mp_plan_play_world(void *playing, struct mp_world *world, struct mp_arena *keep);

/* Plays the plan in all worlds; the value of each result is a struct mp_plan_played. All in `keep`.
 * The connect's `tls` is set from the plan. */
struct mp_exploration mp_plan_play(const struct mp_server *server, const struct mp_facts *facts,
	const struct mp_plan *plan, const struct mp_session_options *options,
	const struct mp_connect *connect, struct mp_arena *keep);
/* The same, given up (truncated) after so many plays; 0: the limit of mp_plan_play(). */
struct mp_exploration mp_plan_play_some(const struct mp_plan_playing *playing,
	const struct mp_facts *facts, size_t most_plays, struct mp_arena *keep);

/* The simulated reply to a step, or NULL where the step was not answered in that world. */
const struct mp_sim_reply *mp_plan_reply(const struct mp_plan_played *played, int step);

#endif
