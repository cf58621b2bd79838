/*
 * names - the words that a scenario's braces stand for.
 *
 *	{helo} {sender}				what we call ourselves
 *	{foreign.user} {foreign.domain}		an address that the server does not serve
 *	{other.domain}				another such domain
 *	{local.user} {local.domain}		an address that it serves
 *	{hosted.domain} {relay.domain}		a virtual domain; one whose mail it sends on
 *	{server.name} {server.address}		the server
 *	{server.literal} {server.literal6}	"[192.0.2.1]", "[IPv6:2001:db8::1]"
 *	{client.address} {user}			our address; the user's: the login name, with the
 *						server's domain where it has none
 *	{deliver.to}				the recipient that the user named
 *	{each.sender} {each.helo} {each.domain}	one of many: the scenario is played with each
 *	{login} {message}			kept: the session fills them in
 */
#ifndef MP_SCENARIO_NAMES_H
#define MP_SCENARIO_NAMES_H

#include "base/arena.h"
#include "base/err.h"

/* The values of one of the each.* names. */
struct mp_name_list {
	const char *const *v;
	size_t n;
	size_t left_out; /* more than MP_LIMIT_EACH */
};

/* NULL: not known; scenarios that use it are left out. All borrowed. */
struct mp_names {
	const char *helo; /* what we call ourselves */
	const char *sender; /* without angle brackets; "" is the null sender */
	const char *foreign_user, *foreign_domain; /* an address that the server does not serve */
	const char *other_domain; /* a second domain of this kind */
	const char *local_user, *local_domain; /* one that it does */
	const char *hosted_domain, *relay_domain;
	const char *server_name, *server_address, *client_address;
	const char *server_literal; /* "[192.0.2.1]": follows from server_address */
	const char *server_literal6; /* of its IPv6 address, which may be another one */
	const char *user; /* login name */
	const char *deliver_to; /* may be sent a test message */
	/* What the configuration names: senders (whole addresses), host names, domains. */
	struct mp_name_list each_sender, each_helo, each_domain;
};

/* Fills what is NULL: helo with the host's own name (or an address literal of client_address, RFC
 * 5321 4.1.3), sender with postmaster at a qualified helo name (the null sender otherwise), foreign
 * with mtaproof@example.com and other.domain with example.net (or, where the server serves these,
 * with others of RFC 2606), local.user with postmaster (RFC 5321 4.5.1: every domain takes it).
 * A server_name that is an address becomes NULL. What cannot be derived stays NULL. */
void mp_names_fill(struct mp_names *names, struct mp_arena *arena);
/* Sets one of helo, sender, foreign, local from the user's option, checked: an address or (helo,
 * local) a name that may stand in a command. MP_ERR_USAGE. */
int mp_names_set(struct mp_names *names, const char *which, const char *value,
	struct mp_arena *arena, struct mp_err *err);
/* The line with its braces replaced, in the arena. NULL when a name is not known: *missing is that
 * name then ("local.domain"). "{login}", "{message}" and the each.* names stay. */
const char *mp_names_bind(const struct mp_names *names, const char *line, struct mp_arena *arena,
	const char **missing);
/* Whether a word in braces is one of the above. */
bool mp_names_known(struct mp_slice word);
/* Whether it is one of the each.* names. */
bool mp_names_is_each(struct mp_slice word);
/* The values of "each.sender", "each.helo" or "each.domain"; a list of none for other words. */
const struct mp_name_list *mp_names_each(const struct mp_names *names, const char *word);
/* The line with {word} replaced by the value, in the arena; the rest stays as it is. */
const char *mp_names_put(
	const char *line, const char *word, const char *value, struct mp_arena *arena);

#endif
