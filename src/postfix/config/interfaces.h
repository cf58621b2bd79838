/*
 * interfaces - the addresses that a Postfix process takes for its own (inet_interfaces,
 * inet_protocols, proxy_interfaces; reference 2.1, 3.2).
 */
#ifndef PF_CONFIG_INTERFACES_H
#define PF_CONFIG_INTERFACES_H

#include "base/ip.h"
#include "postfix/config/match.h"
#include "postfix/config/settings.h"
#include "world/world.h"

/* inet_protocols as the settings have it. */
bool pf_has_family(const struct pf_settings *s, unsigned family);

/* The addresses of inet_interfaces with their netmasks. */
struct pf_own {
	const struct mp_cidr *v;
	size_t n;
	bool complete; /* false: there may be more, which the configuration does not tell (the
			  host's interfaces, or the addresses of host names) */
	const char *unknown_name; /* a host name that would have to be resolved, or NULL */
};
struct pf_own pf_own_addresses(const struct pf_settings *s, struct mp_arena *arena);
/* The same for proxy_interfaces, whose netmasks do not matter. */
struct pf_own pf_proxy_addresses(const struct pf_settings *s, struct mp_arena *arena);

/* Is the address one of them? Where they are not all known, the world is asked
 * (host.addresses). */
enum pf_match pf_is_own_address(const struct pf_settings *s, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *ip);
enum pf_match pf_is_proxy_address(const struct pf_settings *s, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *ip);

/* host.addresses, where facts do not hold them: is the client's address the host's own, in one of
 * its networks, or neither? */
enum pf_host_address { PF_HOST_OTHER, PF_HOST_NETWORK, PF_HOST_ADDRESS };
enum pf_host_address pf_ask_host_address(
	const struct pf_settings *s, struct mp_world *world, const struct mp_ip *ip);

/* Items of a computed mynetworks that stand for what is not known of the host's networks. */
#define PF_UNKNOWN_HOSTS "{host.addresses}"
#define PF_UNKNOWN_NETWORKS "{host.networks}"

#endif
