/*
 * netpattern - an item of a client list as an address or a network (reference 1.6).
 */
#ifndef PF_LOOKUP_NETPATTERN_H
#define PF_LOOKUP_NETPATTERN_H

#include "base/arena.h"
#include "base/ip.h"

enum pf_net_kind {
	PF_NET_NONE, /* never compared as a network: a name, a file, a table */
	PF_NET_ADDRESS, /* net holds the one address */
	PF_NET_NETWORK,
	PF_NET_BAD /* made of address characters, but no network: the look-up fails */
};

struct pf_net_pattern {
	enum pf_net_kind kind;
	unsigned family; /* of BAD too: clients of the other family pass it by */
	struct mp_cidr net;
	const char *error; /* of BAD: Postfix' words */
	const char *advice; /* of BAD: the network that was perhaps meant, or NULL */
};

/* Reads "192.0.2.1", "[2001:db8::1]", "192.0.2.0/24", "[2001:db8::]/32". */
struct pf_net_pattern pf_net_pattern(struct mp_arena *arena, const char *text);

#endif
