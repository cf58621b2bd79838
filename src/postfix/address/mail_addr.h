/*
 * mail_addr - an address looked up in a map list (reference 9.3).
 */
#ifndef PF_ADDRESS_MAIL_ADDR_H
#define PF_ADDRESS_MAIL_ADDR_H

#include "postfix/lookup/local.h"

struct pf_mail_addr;

/* For one process: its recipient_delimiter, myorigin and mydestination. Lives in the engine's
 * arena. */
struct pf_mail_addr *pf_mail_addr_new(
	struct pf_engine *engine, struct pf_settings *settings, struct pf_local *local);

/* Tries user+ext@domain in all tables, then in fixed tables user@domain, for a domain that is
 * myorigin or local user+ext and user, and @domain. A key that needs quotes is tried with them
 * first. The address is in internal form. */
struct mp_table_result pf_mail_addr_lookup(struct pf_mail_addr *finder, struct pf_maps *maps,
	struct mp_world *world, struct mp_arena *arena, const char *address,
	enum mp_table_role role);

/* The address (or local part) without its extension, or NULL when it has none: recipient_delimiter
 * and owner_request_special (postconf(5)). */
const char *pf_strip_extension(
	const struct pf_settings *settings, struct mp_arena *arena, const char *address);

#endif
