/*
 * reach - what it means that a server cannot be reached.
 *
 * Many networks let nobody connect to port 25 outside. From within one of them every server looks
 * as if nothing listened there, so a port 25 that does not answer says something of the server only
 * when something else says that it is not the network: another port of the same host, or a
 * reference host that is known to answer on port 25. The observations are given; nothing here
 * connects.
 */
#ifndef MP_VERIFY_REACH_H
#define MP_VERIFY_REACH_H

#include "result/observation.h"

/* All that was tried in the run from one place. */
struct mp_reached {
	const struct mp_target_seen *const *seen; /* the targets, and what was tried to tell */
	size_t n;
	const struct mp_target_seen *reference; /* port 25 of the reference; NULL: none was given */
};

struct mp_reach_verdict {
	/* What to say of every check of the target in place of its own reason; NONE: nothing. */
	enum mp_why why;
	/* The host is there and refuses the predicted port: a difference, not an obstacle. */
	bool closed;
	bool intercepted; /* something on the way answers in the server's place */
	const char *explanation; /* for a person: what was seen and what to do; "" */
};

/* Judges a target with which no connection came about; predicted: something should listen there.
 * Nothing to say of one that was reached, or could not be tried. Texts are in the arena. */
struct mp_reach_verdict mp_reach_judge(const struct mp_reached *all,
	const struct mp_target_seen *target, bool predicted, struct mp_arena *arena);

/* Whether something on the way answers port 25 in place of the servers: the target and the
 * reference, which are two hosts, greet with the very same words. Whether these are the target's
 * own the caller must know. */
bool mp_reach_same_greeting(const struct mp_reached *all, const struct mp_target_seen *target);

/* Whether two observations are of one host: the same name, or the same address. */
bool mp_reach_same_host(const struct mp_target_seen *a, const struct mp_target_seen *b);
/* Whether it takes a look at other ports of the host to tell what its silence means: no connection
 * to it came about on any port, this is port 25, and the reference does not settle it. */
bool mp_reach_needs_more(const struct mp_reached *all, const struct mp_target_seen *target);

#endif
