/*
 * judge_internal - what the parts of the judge share.
 */
#ifndef MP_PREDICT_JUDGE_INTERNAL_H
#define MP_PREDICT_JUDGE_INTERNAL_H

#include "predict/judge.h"

/* How much a bad outcome is worth. */
enum mp_weight {
	MP_WEIGHT_OTHERS, /* it takes a client of a certain name: the surface lists who that is */
	MP_WEIGHT_UNDECIDED, /* the answer of a party or a file that is not known */
	MP_WEIGHT_VERSION, /* some versions of the server do it */
	MP_WEIGHT_CERTAIN /* it is so, or the client can make it so */
};

/* What an outcome is worth that rests on "QUESTION = ANSWER", in a dialogue in which the client at
 * this address said this. */
enum mp_weight mp_weigh_assumption(const struct mp_said *dialogue, size_t count,
	const struct mp_ip *client, const char *assumption);
/* "dns.mx example.org" of "dns.mx example.org = none". */
struct mp_slice mp_assumption_question(const char *assumption);
/* Whether a mail filter refuses, whatever else there is: it opens nothing. */
bool mp_assumes_refusing_filter(const struct mp_predicted *p);
/* Whether two have the same line that decided. */
bool mp_same_cause(struct mp_reasons a, struct mp_reasons b);
/* Whether the surface lists this client of a listener ("": any) by its address, for this reason: it
 * is no outsider, whatever the networks say. */
bool mp_surface_knows(const struct mp_surface *surface, const char *listener,
	const struct mp_ip *client, struct mp_reasons because);
/* Who can use an opening, but for logins and certificates: "any client in 10.0.0.0/8". In the
 * arena.
 */
const char *mp_opening_client(struct mp_arena *arena, const struct mp_opening *o);
/* Sets the severity of a fault of this weight. */
void mp_fault_weigh(struct mp_fault *fault, enum mp_weight weight);

#endif
