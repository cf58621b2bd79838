/*
 * engine - what all parts of the simulated Postfix share.
 *
 * One engine per configuration. Settings of a process are kept per environment (version class, host
 * name), so that worlds that differ in these share everything else.
 */
#ifndef PF_CONFIG_ENGINE_H
#define PF_CONFIG_ENGINE_H

#include "postfix/config/settings.h"
#include "table/table.h"
#include "world/facts.h"

struct pf_engine {
	struct mp_arena *arena; /* as long as the server */
	struct mp_input *input;
	struct mp_findings *findings;
	struct pf_config *config;
	struct mp_tables *tables;
	const struct mp_facts *facts;
};

#endif
