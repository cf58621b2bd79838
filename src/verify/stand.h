/*
 * stand - how each world stands to what was seen of a check.
 */
#ifndef MP_VERIFY_STAND_H
#define MP_VERIFY_STAND_H

#include "predict/plan_play.h"
#include "result/observation.h"

enum mp_stand {
	MP_STAND_AGREES,
	MP_STAND_UNKNOWN, /* the simulation cannot follow */
	MP_STAND_OTHER_WORDS, /* the same decision, said otherwise */
	MP_STAND_PREDICTS_LESS, /* the server is more permissive than this world */
	MP_STAND_PREDICTS_MORE /* the server is stricter */
};

/* One check, what is predicted of it, and what was seen. */
struct mp_comparison {
	const struct mp_plan *plan;
	size_t check;
	const struct mp_exploration *worlds;
	const struct mp_check_seen *live;
	enum mp_stand *stands; /* one per world */
};

/* What one world says of the check. */
struct mp_world_says {
	struct mp_seen seen;
	const struct mp_sim_reply *reply; /* at the deciding step; NULL: none */
	const struct mp_plan_played *played;
};

struct mp_world_says mp_world_says(const struct mp_comparison *c, size_t world);
/* How the world stands; does not read c->stands. */
enum mp_stand mp_stand_of(const struct mp_comparison *c, size_t world);
/* The step of the plan at which the world and the server part, or the deciding one where they
 * agree; -1 when nothing was said. */
int mp_parting_step(const struct mp_comparison *c, size_t world);
/* Whether the server greeted: it listens and speaks, whatever came later. */
bool mp_greeted(const struct mp_check_seen *live);

#endif
