/*
 * addresses - the addresses of host names, by way of c-ares.
 *
 * Many names are resolved at once, as the system would (hosts file, then DNS, the system's
 * servers), within one deadline. This is for targets; what a server
 * would find in the DNS is asked by dns/lookup.h.
 */
#ifndef MP_DNS_ADDRESSES_H
#define MP_DNS_ADDRESSES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"

enum { MP_DNS_MAX_ADDRESSES = 16 };

struct mp_dns_addresses {
	const char *name; /* in; an address as text is taken as it is */
	struct mp_ip v[MP_DNS_MAX_ADDRESSES]; /* out, in the order of RFC 6724 */
	size_t n;
	const char *problem; /* out, when n is 0: a constant */
};

/* Resolves all names; blocks for at most timeout_ms. -1 only when the resolver itself cannot be
 * used (MP_ERR_SYSTEM). */
int mp_dns_resolve(
	struct mp_dns_addresses *queries, size_t n, unsigned timeout_ms, struct mp_err *err);

#endif
