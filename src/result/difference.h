/*
 * difference - where two predictions differ: which answers change from one configuration to the
 * other.
 *
 * Made by predict/differ.h. Everything points into the two predictions and the arena of the run.
 */
#ifndef MP_RESULT_DIFFERENCE_H
#define MP_RESULT_DIFFERENCE_H

#include "result/prediction.h"

enum mp_difference_kind {
	MP_DIFFERS_OUTCOME, /* it comes to something else */
	MP_DIFFERS_WORDS, /* to the same, but the replies are others */
	MP_DIFFERS_CONDITION, /* the same replies, which rest on other answers of others */
	MP_DIFFERS_PLAYED /* only one of the two has such a client, or such a name to try */
};

/* A scenario that a client plays to a listener; the outcomes are those of all worlds. */
struct mp_outcome_difference {
	enum mp_difference_kind kind;
	const struct mp_predicted *const *left, *const *right;
	/* Of PLAYED one is 0, or all that side's are NOT_REACHED for want of a name or login. */
	size_t left_count, right_count;
	/* An outsider who has not logged in relays on the right, and on the left at most where
	 * others have it so. */
	bool wider;
};

/* A listener that only one of the two has (the other is NULL), or that differs in TLS or AUTH. */
struct mp_listener_difference {
	const struct mp_listener_outline *left, *right;
};

/* Who may have mail carried where: on one side only (the other is NULL), or through other
 * listeners, or on other conditions. */
struct mp_opening_difference {
	const struct mp_opening *left, *right;
	/* The right one lets clients relay without login whom the left, which is completely known,
	 * lets relay nowhere. */
	bool wider;
};

struct mp_differences {
	const struct mp_opening_difference *openings; /* the wider ones first */
	size_t opening_count;
	const struct mp_listener_difference *listeners;
	size_t listener_count;
	const struct mp_outcome_difference *outcomes; /* the wider ones first, then by kind */
	size_t outcome_count;
	bool wider; /* one of them is */
	/* Not every world, or not every client, was looked at: there may be more differences. */
	bool incomplete;
};

#endif
