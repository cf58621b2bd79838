/*
 * local - which domains are this host's own, as one process sees it.
 *
 * A domain is local when mydestination has it, or when it is an address literal that equals one of
 * the addresses of inet_interfaces or proxy_interfaces (reference 8.3). trivial-rewrite and smtpd
 * each have their own settings, hence their own answers (reference 2.3).
 */
#ifndef PF_LOOKUP_LOCAL_H
#define PF_LOOKUP_LOCAL_H

#include "postfix/lookup/list.h"

struct pf_local;

/* Lives in the engine's arena; settings must live as long. */
struct pf_local *pf_local_new(struct pf_engine *engine, struct pf_settings *settings);

/* Whether the domain (a name, or a literal with its brackets; one trailing dot is ignored) is
 * local. hit may be NULL; of a literal it is the setting that has the address. */
enum pf_match pf_local_domain(struct pf_local *local, struct mp_world *world,
	struct mp_arena *arena, const char *domain, struct pf_list_hit *hit);

/* mydestination. */
const struct pf_list *pf_local_destinations(const struct pf_local *local);

/* The bare address of a well-formed literal, "[1.2.3.4]" or "[IPv6:2001:db8::1]"; else NULL. */
const char *pf_literal_address(struct mp_arena *arena, const char *domain);

#endif
