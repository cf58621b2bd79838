/*
 * condition - under which answers to open questions something holds: any one of several cases, each
 * a list of assumptions.
 *
 * Only questions whose answer is the same for all dialogues of a run are kept: the client's name, a
 * table's entry, the version. What a policy service says, a limit, or a DNS that fails for now, may
 * be another thing a moment later.
 */
#ifndef MP_VERIFY_CONDITION_H
#define MP_VERIFY_CONDITION_H

#include "base/arena.h"
#include "world/world.h"

struct mp_condition {
	const struct mp_assumptions *cases; /* none: it never holds */
	size_t n;
};

/* Whether the answer to the question is the same throughout a run. */
bool mp_assumption_is_stable(const struct mp_assumption *a);
/* Whether both cannot be true. Answers stand for many: "other" may be any name, "found" any value,
 * "not x" all but x, and a name may have several addresses; what is not sure to differ does not. */
bool mp_assumptions_conflict(const struct mp_assumption *a, const struct mp_assumption *b);

/* When one of the marked worlds holds: the union of their cases, cut to what is stable. Where
 * "other" is an answer, the values that it is other than are named, too ("not x"). One empty case,
 * which always holds, where there would be too many to follow. */
struct mp_condition mp_condition_of(
	const struct mp_exploration *worlds, const bool *marked, struct mp_arena *arena);
/* Whether it says nothing: one of its cases is empty. */
bool mp_condition_always(const struct mp_condition *c);
/* When both hold; no case where they exclude each other. */
struct mp_condition mp_condition_both(
	const struct mp_condition *a, const struct mp_condition *b, struct mp_arena *arena);
/* Whether some case of one can be true together with one of the other. */
bool mp_condition_meets(const struct mp_condition *a, const struct mp_condition *b);
/* Whether a case of an exploration can be true together with the condition; what is not stable is
 * passed over. */
bool mp_condition_allows(const struct mp_condition *c, const struct mp_exploration *worlds,
	const struct mp_assumptions *when, struct mp_arena *scratch);
/* What the condition leaves of a question: "none", "none or forged"; NULL where some case says
 * nothing of it. In the arena. */
const char *mp_condition_answers(
	const struct mp_condition *c, const char *question, struct mp_arena *arena);

#endif
