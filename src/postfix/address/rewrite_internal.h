/*
 * rewrite_internal - what the files of the rewrite service share; nobody else includes it.
 */
#ifndef PF_ADDRESS_REWRITE_INTERNAL_H
#define PF_ADDRESS_REWRITE_INTERNAL_H

#include "postfix/address/address.h"
#include "postfix/address/tok822.h"
#include "postfix/lookup/local.h"

struct pf_mail_addr;
struct pf_transports;

struct pf_rewrite {
	struct pf_engine *engine;
	struct pf_settings *settings;
	struct pf_local *local;
	struct pf_list *alias_domains, *mailbox_domains, *relay_domains;
	struct pf_maps *relocated, *sender_transport, *sender_relayhost;
	struct pf_mail_addr *finder; /* for the map lists above */
	struct pf_transports *transports; /* transport_maps */
	bool swap_bangpath, percent_hack;
};

/* One pass of 8.2 over a token list. */
void pf_rewrite_chain(
	struct pf_rewrite *rewrite, struct mp_arena *arena, struct pf_tok822_chain *chain);

/* What a resolving is about; the address part of it is filled by pf_unwind(). */
struct pf_resolving {
	struct pf_rewrite *rewrite;
	struct mp_world *world;
	struct mp_arena *arena;
	const char *sender;
	bool local; /* the domain is this host's */
	struct pf_list_hit hit; /* what says so */
	const char *recipient; /* internal form, case kept */
	const char *domain; /* inside recipient, behind its last @ */
	struct mp_loc transport_at; /* the table entry that gave the transport */
	struct pf_resolved out;
};

/* The loop of 8.3: takes local domains off until the domain is remote or nothing is left. Fills
 * local, recipient, domain and out.fail, out.error. trusted: a {host.name} in the address was put
 * there by rewriting. */
void pf_unwind(struct pf_resolving *r, const char *internal, bool trusted);

/* transport_maps (transport(5)): changes transport and nexthop where an entry says so; false when a
 * lookup fails. */
struct pf_transports *pf_transports_new(struct pf_engine *engine, struct pf_settings *settings);
const struct pf_maps *pf_transport_maps(const struct pf_transports *transports);
bool pf_transports_apply(struct pf_transports *transports, struct pf_resolving *r);

#endif
