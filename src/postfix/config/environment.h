/*
 * environment - what the settings depend on besides the configuration: version, host, build.
 */
#ifndef PF_CONFIG_ENVIRONMENT_H
#define PF_CONFIG_ENVIRONMENT_H

#include "postfix/config/engine.h"

/* "3.7.11" as 30711; where the patch level is not said ("3.8") the last one of that release. 0 when
 * the text is no version. */
unsigned pf_version_parse(const char *text);
/* The environment of this world: facts, or questions (mta.version; host.distribution where
 * myorigin names a file). */
struct pf_environment pf_environment_find(struct pf_engine *engine, struct mp_world *world);
bool pf_environment_equal(const struct pf_environment *a, const struct pf_environment *b);
/* A copy whose strings and arrays are in the arena. */
struct pf_environment pf_environment_keep(
	struct mp_arena *arena, const struct pf_environment *environment);

#endif
