/*
 * compare - one check: what was seen against what the worlds predict.
 */
#ifndef MP_VERIFY_COMPARE_H
#define MP_VERIFY_COMPARE_H

#include "result/verification.h"
#include "verify/stand.h"

/* How every world stands to one check. `worlds` are of mp_plan_play() with the plan that the check
 * was played with; seen is the live side. All of the result lives in the arena or in the arguments.
 */
struct mp_comparison mp_compare_begin(const struct mp_plan *plan, size_t check,
	const struct mp_exploration *worlds, const struct mp_check_seen *seen,
	struct mp_arena *arena);
/* The verdict, by the worlds that are set in `within` (NULL: all of them; one at least). */
struct mp_check_verdict mp_compare_judge(
	const struct mp_comparison *comparison, const bool *within, struct mp_arena *arena);
/* Names what a verdict rests on: the assumptions of one case (NULL: none), and that more worlds
 * than were followed exist. */
void mp_compare_name(struct mp_check_verdict *v, const struct mp_assumptions *when, bool truncated,
	struct mp_arena *arena);

#endif
