/*
 * differ - two predictions held against each other.
 *
 * Both must have been made with the same scenarios and names (predict/outcomes.h); of what kind the
 * servers are does not matter.
 */
#ifndef MP_PREDICT_DIFFER_H
#define MP_PREDICT_DIFFER_H

#include "base/arena.h"
#include "result/difference.h"

/* Compares two predictions; the result is in the arena, and borrows from both. */
struct mp_differences mp_predictions_differ(const struct mp_prediction *left,
	const struct mp_prediction *right, struct mp_arena *arena);

/* Whether there is any. */
static inline bool mp_differ(const struct mp_differences *d)
{
	return d->opening_count + d->listener_count + d->outcome_count > 0;
}

/* The differences as sentences, the gravest first; scenarios in which the same client is told the
 * same two things at one listener are one. `left` and `right` are how the sides are called
 * ("sendmail.mc"). Returns their number; *out is in the arena. */
size_t mp_differences_tell(const struct mp_differences *d, const char *left, const char *right,
	struct mp_arena *arena, const char *const **out);

/* Whether two things that were said were answered alike, to the letter. */
bool mp_same_said(const struct mp_said *a, const struct mp_said *b);
/* Whether two outcomes were told alike, from the greeting to the end. */
bool mp_same_dialogue(const struct mp_predicted *a, const struct mp_predicted *b);
/* Whether two lists hold the same texts in the same order. */
bool mp_same_texts(const char *const *a, size_t n, const char *const *b, size_t m);

#endif
