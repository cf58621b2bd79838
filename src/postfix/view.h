/*
 * view - what a configuration trusts and calls its own, for those who choose clients and
 * recipients.
 */
#ifndef PF_VIEW_H
#define PF_VIEW_H

#include "postfix/check/session.h"

/* The items of mynetworks that are addresses or networks, in order (tables and names are left out).
 */
size_t pf_view_networks(
	const struct pf_smtpd *smtpd, struct mp_arena *arena, const struct mp_network **out);
/* Domains that are named outright in mydestination, virtual_mailbox_domains, virtual_alias_domains
 * and relay_domains of the rewrite service, in this order, each once; localhost and its like come
 * last. */
size_t pf_view_domains(
	const struct pf_smtpd *smtpd, struct mp_arena *arena, const struct mp_domain **out);

#endif
