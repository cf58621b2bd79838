/*
 * server_names - what scenarios call a server's domains, and the names that its configuration tells
 * apart from others.
 */
#ifndef MP_PREDICT_SERVER_NAMES_H
#define MP_PREDICT_SERVER_NAMES_H

#include "predict/client.h"
#include "scenario/names.h"

/* Sets local, hosted and relay domain, each.domain, and the literal of the server's IPv6 address,
 * of what is NULL; before mp_names_fill(), which then keeps foreign names apart from these. In the
 * arena. */
void mp_names_of_server(struct mp_names *names, const struct mp_server_view *view,
	const struct mp_facts *facts, struct mp_arena *arena);

/* Sets each.sender and each.helo: what the tables and lists of a listener hold (one of those that
 * they treat alike), the server's own name, and each domain. After mp_names_of_server(); in the
 * arena. */
void mp_names_each_of(struct mp_names *names, const struct mp_server *server,
	const struct mp_facts *facts, const char *listener, struct mp_arena *arena);

#endif
