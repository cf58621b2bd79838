/*
 * distinct - what the configuration of a listener tells clients and dialogues apart by.
 */
#ifndef PF_DISTINCT_DISTINCT_H
#define PF_DISTINCT_DISTINCT_H

#include "server/server.h"

struct pf_smtpd;
struct pf_screen;

/* The distinctions (struct mp_distinction) of an smtpd, and of the postscreen before it (NULL:
 * none), in the engine's arena; returns their number. What is
 * asked of the world in a dialogue (DNS, tables that are elsewhere, the host's addresses where
 * facts lack them) is not among them. No world is asked. */
size_t pf_distinctions(
	struct pf_smtpd *smtpd, const struct pf_screen *screen, const struct mp_distinction **out);

#endif
