/*
 * postscreen - the server in front of smtpd (postscreen(8); reference 11).
 */
#ifndef PF_SCREEN_POSTSCREEN_H
#define PF_SCREEN_POSTSCREEN_H

#include "postfix/config/engine.h"
#include "server/server.h"

/* A postscreen process of a service. */
struct pf_screen;
/* Its own SMTP engine, which a client talks to that has not passed. */
struct pf_dummy;

/* Lives in the engine's arena. Never NULL. */
struct pf_screen *pf_screen_new(struct pf_engine *engine, const struct pf_service *service,
	const struct pf_environment *environment);
const struct pf_fatal *pf_screen_fatal(const struct pf_screen *screen);
/* The smtpd service of type pass that clients are handed to. */
const char *pf_screen_smtpd_service(const struct pf_screen *screen);
/* The banner of the first line, or "". */
const char *pf_screen_teaser(const struct pf_screen *screen);

/* What becomes of a client. */
struct pf_screened {
	bool pass; /* handed to smtpd */
	bool teased; /* the teaser was sent before */
	struct pf_dummy *dummy; /* else: talks to this, and greeting is filled */
	struct mp_sim_reply greeting; /* or dropped with this */
};
struct pf_screened pf_screen_client(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *client);

/* As say() of server/server.h. */
void pf_dummy_say(struct pf_dummy *dummy, const struct mp_slice *lines, size_t n,
	struct mp_sim_reply *replies);

#endif
