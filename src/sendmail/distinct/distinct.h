/*
 * distinct - what a configuration tells clients, senders and recipients apart by (and HELO names,
 * where its rules look at them), and the networks that it relays for (mp_server_ops.distinctions,
 * networks).
 */
#ifndef SM_DISTINCT_DISTINCT_H
#define SM_DISTINCT_DISTINCT_H

#include "sendmail/cf/cf.h"
#include "server/server.h"

/* Words of the classes that rules ask for, keys of the tables that they look into, and what the
 * rules themselves have written out: addresses of hosts or their beginning, names or their end,
 * mailboxes. In the arena. */
size_t sm_distinctions(
	const struct sm_cf *cf, struct mp_arena *arena, const struct mp_distinction **out);
/* Names of clients: of those that nothing tells apart, one. In the arena. */
struct mp_strings sm_client_names(const struct sm_cf *cf, struct mp_arena *arena);
/* Addresses whose clients may relay: of class R and the access map, the server's own. In the arena.
 */
size_t sm_networks(const struct sm_cf *cf, struct mp_arena *arena, const struct mp_network **out);

/* The aspects (enum mp_aspect) whose macros some rule looks at when it runs: HELO, LOGIN,
 * CERTIFICATE, TLS. */
unsigned sm_aspects_in_rules(const struct sm_cf *cf);

#endif
