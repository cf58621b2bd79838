/*
 * names - the words that a scenario's braces stand for.
 *
 *	{helo} {sender} {foreign.user} {foreign.domain} {local.user}
 *	{local.domain} {server.name} {server.address} {server.literal}
 *	{client.address} {user}
 */
#ifndef MP_SCENARIO_NAMES_H
#define MP_SCENARIO_NAMES_H

#include "base/arena.h"
#include "base/err.h"

/* NULL: not known; scenarios that use it are left out. All borrowed. */
struct mp_names {
	const char *helo; /* what we call ourselves */
	const char *sender; /* without angle brackets; "" is the null sender */
	const char *foreign_user, *foreign_domain; /* an address that the server does not serve */
	const char *local_user, *local_domain; /* one that it does */
	const char *server_name, *server_address, *client_address;
	const char *server_literal; /* "[192.0.2.1]": follows from server_address */
	const char *user; /* login name */
};

/* Fills what is NULL: helo with the host's own name (or an address literal of client_address, RFC
 * 5321 4.1.3), sender with postmaster at a qualified helo name (the null sender otherwise), foreign
 * with mtaproof@example.com, local.user with postmaster (RFC 5321 4.5.1: every domain takes it).
 * A server_name that is an address becomes NULL. What cannot be derived stays NULL. */
void mp_names_fill(struct mp_names *names, struct mp_arena *arena);
/* Sets one of helo, sender, foreign, local from the user's option, checked: an address or (helo,
 * local) a name that may stand in a command. MP_ERR_USAGE. */
int mp_names_set(struct mp_names *names, const char *which, const char *value,
	struct mp_arena *arena, struct mp_err *err);
/* The line with its braces replaced, in the arena. NULL when a name is not known: *missing is that
 * name then ("local.domain"). "{login}" stays. */
const char *mp_names_bind(const struct mp_names *names, const char *line, struct mp_arena *arena,
	const char **missing);
/* Whether a word in braces is one of the above (or login). */
bool mp_names_known(struct mp_slice word);

#endif
