/*
 * outcomes - every scenario played to every listener of the simulated server, by every class of
 * client that the configuration tells apart.
 */
#ifndef MP_PREDICT_OUTCOMES_H
#define MP_PREDICT_OUTCOMES_H

#include "predict/client.h"
#include "predict/plan_play.h"
#include "result/prediction.h"
#include "scenario/planner.h"

struct mp_predict_options {
	const struct mp_scenarios *scenarios;
	const char *suite; /* NULL: full */
	struct mp_names names; /* what the user said; the rest is filled in */
	const struct mp_session_options *session; /* of it: the mechanisms, best first */
	const char *listener; /* only this one, by name; NULL: all */
	enum mp_client_class client; /* only this class; MP_CLIENT_ANY: all */
};

/* The names that scenarios use: what the user gave, then what the configuration and the facts tell,
 * then documentation names (RFC 2606) that are none of the server's. In the arena. */
struct mp_names mp_predict_names(const struct mp_server_view *view, const struct mp_facts *facts,
	const struct mp_names *given, struct mp_arena *arena);

/* Fills listeners and outcomes of the prediction; the surface is predict/surface.h's. All in the
 * arena. */
void mp_outcomes_predict(const struct mp_server *server, const struct mp_server_view *view,
	const struct mp_facts *facts, const struct mp_predict_options *options,
	struct mp_arena *arena, struct mp_prediction *out);

/* The distinct outcomes of one check of a plan that was played in these worlds (mp_plan_play()), in
 * the arena; listener and client are left empty. */
size_t mp_outcomes_of(const struct mp_plan *plan, size_t check, const struct mp_exploration *worlds,
	struct mp_arena *arena, const struct mp_predicted **out);

#endif
