/*
 * options - the arguments behind the command of a master.cf line, as a Postfix daemon reads them.
 */
#ifndef PF_CONFIG_OPTIONS_H
#define PF_CONFIG_OPTIONS_H

#include "postfix/config/config.h"

/* Reads "-o name=value" and the other options of the daemons (smtpd(8)) from the arguments, up to
 * the first word that is none, into service->overrides; what makes the daemon refuse goes to
 * service->option_fatal and findings (may be NULL). Settings live in the arena. */
void pf_options_read(struct pf_service *service, struct mp_arena *arena,
	const struct pf_text *arguments, size_t count, struct mp_findings *findings);

#endif
