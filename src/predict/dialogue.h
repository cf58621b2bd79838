/*
 * dialogue - one dialogue with a simulated server, played in every world.
 */
#ifndef MP_PREDICT_DIALOGUE_H
#define MP_PREDICT_DIALOGUE_H

#include "server/server.h"

/* Lines that the client sends in one write: one line, or a pipelined group. */
struct mp_send_group {
	const struct mp_slice *lines;
	size_t n;
};

/* What the client does (one object of a script, design 4.3). */
struct mp_dialogue {
	const char *listener; /* as in struct mp_connect */
	struct mp_ip client;
	bool tls;
	const struct mp_client_certificate *certificate;
	const struct mp_send_group *groups;
	size_t group_count;
	bool traced; /* replies tell the steps that led to them */
};

/* What the server says in one world: the greeting, then one reply for each line, in order. Ends
 * early with REFUSED or TIMEOUT (the only reply), or with one CLOSED where the server had closed
 * and another line was to be sent. */
struct mp_played {
	struct mp_sim_reply *replies;
	size_t n;
};

/* Plays the dialogue in all worlds; the value of each result is a struct mp_played. All in `keep`.
 */
struct mp_exploration mp_dialogue_play(const struct mp_server *server, const struct mp_facts *facts,
	const struct mp_dialogue *dialogue, struct mp_arena *keep);

/* Plays it once in a given world. */
struct mp_played mp_dialogue_play_once(const struct mp_server *server, struct mp_world *world,
	const struct mp_dialogue *dialogue, struct mp_arena *keep);

/* Whether a client would see the same replies: kinds, codes, texts; not what decided them. */
bool mp_played_equal(const struct mp_played *a, const struct mp_played *b);

#endif
