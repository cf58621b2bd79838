/*
 * compare - one check: what was seen against what the worlds predict.
 */
#ifndef MP_VERIFY_COMPARE_H
#define MP_VERIFY_COMPARE_H

#include "predict/plan_play.h"
#include "result/verification.h"

/* Compares one check. `worlds` are of mp_plan_play() with the plan that the check was played with;
 * seen is the live side. All of the verdict lives in the arena or in the arguments. */
struct mp_check_verdict mp_compare(const struct mp_plan *plan, size_t check,
	const struct mp_exploration *worlds, const struct mp_check_seen *seen,
	struct mp_arena *arena);

#endif
