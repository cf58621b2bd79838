/*
 * net - the wire between the server's and the clients' network namespace.
 *
 * rtnetlink(7) spoken directly: iproute2 need not be installed, and a link takes no process.
 */
#ifndef MP_LAB_NET_H
#define MP_LAB_NET_H

#include "base/err.h"
#include "base/ip.h"

#include <stddef.h>

struct lab_wire {
	const struct mp_cidr *server; /* addresses of the server's end */
	size_t server_count;
	const struct mp_ip *client; /* addresses of the clients' end */
	size_t client_count;
};

/* Called in a network namespace that is new (the server's): makes the clients' and joins the two.
 * *client_ns is a descriptor of the clients' namespace, owned by the caller. The server's end
 * has exactly the addresses of the wire and reaches everything else through it; the clients' end
 * takes every address that is not the server's for its own. */
int lab_net_make(const struct lab_wire *wire, int *client_ns, struct mp_err *err);

#endif
