/*
 * probe - plays session plans to live servers.
 *
 * Many servers at once, but to one host one connection at a time. What happens there is an
 * observation, even when it is a failure; an error is only what this machine could not do. Nothing
 * is delivered and nothing is said before the greeting: see smtp/session.h for the promises.
 */
#ifndef MP_PROBE_PROBE_H
#define MP_PROBE_PROBE_H

#include "probe/target.h"
#include "result/observation.h"
#include "smtp/session.h"
#include "tls/identity.h"

struct mp_probe_options {
	struct mp_ip source; /* --source; family 0: any */
	const struct mp_tls_identity *identity; /* our certificate, which plans may show; NULL */
	const char *ca_file; /* authorities to trust; NULL: the system's */
	unsigned concurrency; /* servers at once; 0: 1,000; fewer when descriptors lack */
	unsigned resolve_ms; /* for all names together; 0: 10 s */
	/* allow_plaintext_auth is also taken as given for a loopback address: nobody can read along
	 * there. `server` is set for each target. */
	struct mp_session_options session;
};

/* Resolves the targets' names and finds the source address that each would be reached from. With
 * --source only addresses of its family are kept. Trouble with a name is noted in the target. */
int mp_probe_resolve(const struct mp_probe_options *options, struct mp_probe_target *targets,
	size_t n, struct mp_arena *arena, struct mp_err *err);

/* Plays the plans of all targets (which have been resolved) and fills the observations, in the
 * arena. -1 only for what this machine cannot do (MP_ERR_SYSTEM, MP_ERR_INPUT). */
int mp_probe_run(const struct mp_probe_options *options, const struct mp_probe_target *targets,
	size_t n, struct mp_arena *arena, struct mp_observations *out, struct mp_err *err);

#endif
