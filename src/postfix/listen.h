/*
 * listen - where the master listens, and what would keep it from starting (master(5)).
 */
#ifndef PF_LISTEN_H
#define PF_LISTEN_H

#include "postfix/config/settings.h"
#include "server/server.h"

struct pf_listener {
	struct mp_listener as; /* name, address, port, because; tls and limits are the caller's to
				  fill in, with pf_listener_tls() and pf_listener_limits() */
	const struct pf_service *service; /* the inet service */
	bool postscreen; /* its program is postscreen */
	bool smtpd; /* its program is smtpd; neither: out of the model */
	bool shared; /* another service has the same address and port: the system picks one */
};

struct pf_listening {
	const struct pf_listener *v; /* in the order of master.cf; several per service */
	size_t n;
	const struct pf_fatal *fatal; /* why the master does not run: then nothing listens */
	bool asked; /* a host name was asked of the world: with other answers it is another */
};

/* The listeners of a configuration. master holds the settings of the program PF_MASTER. Host names
 * in master.cf and inet_interfaces are asked of the world. Everything is in the arena. */
struct pf_listening pf_listeners(struct pf_config *config, const struct pf_settings *master,
	struct mp_world *world, struct mp_arena *arena);

/* What a smtpd with these settings does about TLS (reference 10.2). */
enum mp_listener_tls pf_listener_tls(const struct pf_settings *smtpd);
/* Sets error_limit and idle_limit: what a smtpd with these settings (which it starts with) puts up
 * with in one connection (smtpd(8), "resource and rate controls"). */
void pf_listener_limits(const struct pf_settings *smtpd, struct mp_listener *listener);

/* master_service_disable (postconf(5)): is "name/type" turned off? */
bool pf_service_disabled(const struct pf_settings *master, const char *name, const char *type);

#endif
