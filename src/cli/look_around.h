/*
 * look_around - what is tried beside the targets, to tell a server from the network before it.
 */
#ifndef MP_CLI_LOOK_AROUND_H
#define MP_CLI_LOOK_AROUND_H

#include "cli/live.h"
#include "verify/reach.h"

/* Another place of a target's host. */
struct mp_other_port {
	unsigned port;
	bool implicit_tls;
};

enum { MP_OTHER_PORTS = 4 };

/* Which other ports of the host of target `index` may be tried; returns how many were written. */
typedef size_t mp_other_ports_fn(
	void *context, size_t index, struct mp_other_port out[MP_OTHER_PORTS]);

/* The targets with the reference of --reference behind them, if there is one; in the arena. Returns
 * how many there are now. */
size_t mp_with_reference(const struct mp_live *live, const struct mp_probe_target *targets,
	size_t n, struct mp_arena *arena, struct mp_probe_target **out);

/* What was reached: seen are the observations of what mp_with_reference() gave. Where the silence
 * of a port 25 can be told from a network that blocks it by other ports of the same host, these are
 * tried: a connection, the greeting, QUIT. -1 as mp_probe_run(). */
int mp_look_around(const struct mp_live *live, const struct mp_probe_target *targets, size_t n,
	const struct mp_target_seen *seen, mp_other_ports_fn *ports, void *context,
	struct mp_arena *arena, struct mp_reached *out, struct mp_err *err);

#endif
