/*
 * endpoint - the first field of an inet service in master.cf: "port", "host:port", "[v6]:port"
 * (master(5)).
 */
#ifndef PF_CONFIG_ENDPOINT_H
#define PF_CONFIG_ENDPOINT_H

#include "base/arena.h"

struct pf_endpoint {
	const char *host; /* without brackets; "" when none is given */
	const char *port; /* as written */
	int number; /* 1..65535, or -1 when the name is not known */
	const char *error; /* Postfix' words for a malformed endpoint, or NULL */
};

/* Takes the field apart; strings live in the arena. */
struct pf_endpoint pf_endpoint_parse(struct mp_arena *arena, const char *field);
/* The number of a port as Postfix 3.7 knows it (known_tcp_ports) and of the few names that
 * services(5) has on every system and that mail servers use; -1 when unknown. */
int pf_port_number(const char *port);
/* What makes two services of one type the same to the master: the field with host and port
 * written as numbers where they can be. */
const char *pf_endpoint_canonical(struct mp_arena *arena, const char *field);

#endif
