/*
 * proxymap - tables that are read through the proxymap(8) service.
 */
#ifndef PF_LOOKUP_PROXYMAP_H
#define PF_LOOKUP_PROXYMAP_H

#include "postfix/config/engine.h"

/* A "proxy:type:name" that proxy_read_maps (main.cf's, for it is the proxymap process that reads
 * it) does not list is fatal to the process that opens it: says so to its settings. Other tables
 * are let pass. */
void pf_proxy_approve(struct pf_engine *engine, struct pf_settings *settings, const char *spec,
	struct mp_loc loc);

#endif
