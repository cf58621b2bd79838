/*
 * between - which of two configurations a live server follows.
 *
 * The same dialogues were judged by both. One tells something only where the two promise different
 * things of it, and the server agrees with one of them at most.
 */
#ifndef MP_VERIFY_BETWEEN_H
#define MP_VERIFY_BETWEEN_H

#include "result/verification.h"

/* How many dialogues there are of a kind, and the first one. */
struct mp_between_count {
	size_t n;
	const char *scenario, *target; /* NULL: none */
};

struct mp_between {
	/* Both promise different things: it agrees with one alone, with none of them, or it does
	 * not tell: it agrees with both (by other answers to open questions), or was not followed
	 * so far. */
	struct mp_between_count first, second, neither, open;
	/* Both promise the same: it decides otherwise, or says it otherwise. */
	struct mp_between_count against, other_words;
};

/* Adds the checks of a target as judged by the first and by the second configuration: verdicts of
 * one observation, settled. Both may be the same verdict. Texts are borrowed. */
void mp_between_add(struct mp_between *between, const struct mp_target_verdict *first,
	const struct mp_target_verdict *second);

/* The dialogues that can tell. */
static inline size_t mp_between_told(const struct mp_between *b)
{
	return b->first.n + b->second.n + b->neither.n;
}

#endif
