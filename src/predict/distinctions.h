/*
 * distinctions - what the configuration of a listener tells apart, as the first world has it.
 */
#ifndef MP_PREDICT_DISTINCTIONS_H
#define MP_PREDICT_DISTINCTIONS_H

#include "server/server.h"

struct mp_distinctions {
	const struct mp_distinction *v;
	size_t n;
};

/* The distinctions of a listener (by name) in the first world: enough for names to try and for
 * clients to compare, while the surface takes those of all worlds. None where the server tells
 * none. In the arena. */
struct mp_distinctions mp_distinctions_first(const struct mp_server *server,
	const struct mp_facts *facts, const char *listener, struct mp_arena *arena);

#endif
