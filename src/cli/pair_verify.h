/*
 * pair_verify - what a live server follows: the .cf, the .mc beside it, or neither.
 */
#ifndef MP_CLI_PAIR_VERIFY_H
#define MP_CLI_PAIR_VERIFY_H

#include "cli/pair.h"
#include "verify/verify.h"

struct mp_pair_verify {
	struct mp_pair *pair;
	struct mp_verify verify; /* with the other of the two */
	struct mp_arena *arena;
	MP_VEC(struct mp_target_verdict) targets; /* as the other one has them */
};

/* options and arena are those with which what was taken is verified; all must outlive it. */
void mp_pair_verify_begin(struct mp_pair_verify *v, struct mp_pair *pair,
	const struct mp_verify_options *options, struct mp_arena *arena);
/* Judges what was seen of a target by the other configuration, too; the target is as the taken one
 * is verified with. Costs nothing where both are the same. */
void mp_pair_verify_judge(struct mp_pair_verify *v, const struct mp_verify_target *target,
	const struct mp_target_seen *seen, const struct mp_reached *reached);
/* Adds the finding that says which of the two the server follows (mc/not-rebuilt,
 * mc/not-restarted, mc/cf-not-running, mc/neither-running, mc/not-told); `taken` are the settled
 * verdicts of all targets, in the order in which they were judged. */
void mp_pair_verify_find(struct mp_pair_verify *v, const struct mp_target_verdict *taken, size_t n);
void mp_pair_verify_end(struct mp_pair_verify *v);

#endif
