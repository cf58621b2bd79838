/*
 * upstream - services that take clients from a proxy only (smtpd_upstream_proxy_protocol,
 * postscreen_upstream_proxy_protocol).
 */
#ifndef PF_SMTPD_UPSTREAM_H
#define PF_SMTPD_UPSTREAM_H

#include "postfix/config/settings.h"
#include "server/server.h"

struct pf_service;

/* What smtpd, or postscreen, greets a client with that comes without a proxy; false where none is
 * expected. tls: the client begins TLS at once (postscreen knows nothing of that). In the arena. */
bool pf_upstream_smtpd(const struct pf_settings *settings, bool tls, struct mp_arena *arena,
	struct mp_sim_reply *greeting);
bool pf_upstream_screen(
	const struct pf_settings *settings, struct mp_arena *arena, struct mp_sim_reply *greeting);
/* Says, as a note, that a service takes clients from a proxy, where the parameter says so: they are
 * not predicted. */
void pf_upstream_report(struct mp_findings *findings, const struct pf_settings *settings,
	const char *parameter, const struct pf_service *service);

#endif
