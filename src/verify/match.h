/*
 * match - does a live reply agree with a simulated one?
 *
 * The simulated text may hold holes, {client.name} or {queue-id}: what an open answer or the clock
 * decides. A hole agrees with any text that is not empty.
 */
#ifndef MP_VERIFY_MATCH_H
#define MP_VERIFY_MATCH_H

#include "server/server.h"
#include "smtp/reply.h"

/* A text against a pattern with holes. */
bool mp_text_matches(const char *pattern, struct mp_slice text);
/* Code and every line; of ANY the first digit. */
bool mp_reply_matches(const struct mp_sim_reply *simulated, const struct mp_reply *live);
/* EHLO's reply: the keywords with their parameters, in whatever order; the greeting text is free.
 */
bool mp_keyword_matches(
	const struct mp_sim_reply *simulated, const struct mp_reply *live, const char *keyword);

#endif
