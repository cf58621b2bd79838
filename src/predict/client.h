/*
 * client - which clients a configuration tells apart, and what the server is called.
 */
#ifndef MP_PREDICT_CLIENT_H
#define MP_PREDICT_CLIENT_H

#include "scenario/scenario.h"
#include "server/server.h"

/* What must be known of a server before plans can be made; all in the arena. */
struct mp_server_view {
	const struct mp_listener *listeners;
	size_t listener_count;
	const char *local_domain; /* one of its own, or NULL */
	const struct mp_domain *domains; /* all that are named, of the first listener */
	size_t domain_count;
	bool certain; /* false: it depends on open questions; this is one of the possible views */
};

/* Looks at every listener, so that whatever is wrong with one becomes a finding, and returns the
 * view in the first world. */
struct mp_server_view mp_server_survey(
	const struct mp_server *server, const struct mp_facts *facts, struct mp_arena *arena);

/* The listener that serves a port (and an address, family 0: any), or NULL. */
const struct mp_listener *mp_view_listener(
	const struct mp_server_view *view, const struct mp_ip *address, unsigned port);

/* The class of a client of a listener (by name): the host itself by the facts' addresses and
 * loopback, trusted by the server's networks, else an outsider. */
enum mp_client_class mp_client_classify(const struct mp_server *server,
	const struct mp_facts *facts, const char *listener, const struct mp_ip *client);

/* An outsider of a family (4 or 6): an address of the documentation networks that the listener does
 * not trust. False where it trusts all of them. */
bool mp_client_outsider(const struct mp_server *server, const struct mp_facts *facts,
	const char *listener, int family, struct mp_ip *out);

/* Addresses, one per class that the configuration and the facts can tell: an outsider (from the
 * documentation networks, outside all trusted ones), and one of each trusted network that is not
 * the host's own. For the lab and for predict. */
struct mp_client_sample {
	enum mp_client_class client;
	struct mp_ip address;
	struct mp_reason because; /* of TRUSTED: the network */
	/* The other networks that it stands for, as they are written: mp_client_join_alike(). */
	const char *const *alike;
	size_t alike_count;
};
size_t mp_client_samples(const struct mp_server *server, const struct mp_facts *facts,
	const char *listener, struct mp_arena *arena, const struct mp_client_sample **out);

/* Leaves one of those trusted samples between which the configuration makes no difference; it names
 * the networks of the others, in the arena. Returns how many are left at the beginning of v. */
size_t mp_client_join_alike(const struct mp_server *server, const struct mp_facts *facts,
	const char *listener, struct mp_client_sample *v, size_t n, struct mp_arena *arena);

#endif
