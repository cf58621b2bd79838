/* outcomes_internal - what the files of outcomes share; nobody else includes it. */
#ifndef MP_PREDICT_OUTCOMES_INTERNAL_H
#define MP_PREDICT_OUTCOMES_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "predict/outcomes.h"
#include "predict/plan_play.h"
#include "world/facts.h"

/* Copies into the prediction's arena; texts that are alike are kept once. */
struct mp_keeper {
	struct mp_arena *arena;
	struct mp_map texts;
	/* The play whose exchanges were kept last: checks that share it share its beginning. Forget
	 * it when the play goes. */
	const struct mp_plan_played *of;
	struct mp_said *exchanges; /* of it; sent is NULL: not kept yet */
};

const char *mp_keep_text(struct mp_keeper *k, const char *text);
struct mp_reasons mp_keep_reasons(struct mp_keeper *k, struct mp_reasons because);
/* The exchanges of a play that belong to a check. */
void mp_keep_dialogue(struct mp_keeper *k, const struct mp_plan *plan, size_t check,
	const struct mp_plan_played *played, struct mp_predicted *out);
/* "client.name 203.0.113.5 = none", of the likeliest of the cases, and of those the
 * shortest; after the dialogue. */
void mp_keep_assumptions(
	struct mp_keeper *k, const struct mp_world_result *world, struct mp_predicted *out);

/* The run. */
struct mp_outcomes {
	const struct mp_server *server;
	const struct mp_server_view *view;
	const struct mp_facts *facts;
	const struct mp_predict_options *options;
	struct mp_session_options session; /* the simulated client's */
	struct mp_login login;
	bool login_assumed; /* that there is such a user */
	struct mp_keeper keeper;
};

/* Who plays to which listener. */
struct mp_viewpoint {
	const struct mp_listener *listener;
	enum mp_client_class client;
	struct mp_ip address;
	const char *network;
	const char *const *alike; /* networks that it stands for, too */
	size_t alike_count;
	struct mp_names names;
};

/* A distinct outcome, and of which scenario it is. */
struct mp_outcome_of {
	size_t origin; /* index into what was to be played */
	struct mp_predicted predicted;
};

struct mp_outcome_list {
	MP_VEC(struct mp_outcome_of) list;
};

/* Reads one check off all its worlds: adds one outcome for each that differs. */
void mp_outcomes_read(struct mp_outcomes *o, const struct mp_viewpoint *from,
	const struct mp_plan *plan, size_t check, const struct mp_exploration *worlds,
	struct mp_outcome_list *out);
/* Plays the plan in all worlds that can be told apart by what its checks come to; a shared plan is
 * given up soon. The values are struct mp_plan_played, for mp_outcomes_read(). */
struct mp_exploration mp_outcomes_play(const struct mp_outcomes *o, const struct mp_viewpoint *from,
	const struct mp_plan *plan, bool shared, struct mp_arena *keep);
/* Whether the session ended in some world before the check had its answer, or with it. */
bool mp_outcomes_cut_off(size_t check, const struct mp_exploration *worlds);

/* What the listener is, as this outsider sees it; *server_name gets what the server calls itself in
 * its reply to EHLO, where that is certain, else NULL. */
struct mp_listener_outline mp_outline_of(
	struct mp_outcomes *o, const struct mp_viewpoint *from, const char **server_name);

#endif
