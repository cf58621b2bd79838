/* explore_internal - what the files that explore worlds share; nobody else includes it. */
#ifndef MP_WORLD_EXPLORE_INTERNAL_H
#define MP_WORLD_EXPLORE_INTERNAL_H

#include "world/world_internal.h"

/* A world that was played, and the number of its result. */
struct mp_leaf {
	const struct mp_assumption *path; /* in the order of asking */
	size_t depth;
	size_t result;
};

/* Depth first: leaves that begin alike stand together. */
struct mp_leaves {
	MP_VEC(struct mp_leaf) list;
	struct mp_arena scratch; /* of the conditions that are made of them */
};

/* The choices of a world: which question had which answer. */
struct mp_path {
	const struct mp_choice *v;
	size_t n;
	size_t from, to; /* see explore_tree.c */
};

struct mp_explorer {
	const struct mp_explore_ops *ops;
	void *context;
	struct mp_arena *keep;
	struct mp_world world;
	struct mp_arena made; /* of the play that goes on */
	struct mp_leaves leaves;
	MP_VEC(struct mp_path) seen; /* the worlds of the leaves, where they are wanted again */
	MP_VEC(void *) results;
	size_t plays;
	uint64_t trace; /* of the last play */
	bool truncated, sampled;
	bool graph; /* the leaves are no tree: each holds what matters to it */
};

/* Plays the world that the choices begin; the number of its result. */
size_t mp_explorer_play(struct mp_explorer *x);
/* The choices of the world that was played last, in the memory of the exploration. */
struct mp_path mp_explorer_path(const struct mp_explorer *x);
/* Adds the world of these choices to the leaves. */
void mp_explorer_add_leaf(
	struct mp_explorer *x, const struct mp_choice *choices, size_t n, size_t result);

/* Explores anew by differences, which samples check (mp_explore_ops.sampled_plays); the leaves are
 * some worlds for each result then. */
void mp_explore_tree(struct mp_explorer *x);

#endif
