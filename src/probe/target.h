/*
 * target - what the user calls a server: host, host:port, [v6]:port, smtp://, submission://,
 * smtps:// (design 3).
 */
#ifndef MP_PROBE_TARGET_H
#define MP_PROBE_TARGET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "scenario/scenario.h"
#include "smtp/plan.h"

struct mp_probe_target {
	const char *text; /* as the user wrote it */
	const char *host; /* a name or an address, without brackets */
	unsigned port;
	bool implicit_tls; /* smtps://, or port 465 without a scheme */
	enum mp_service service; /* of the scheme, or of the port */
	/* Filled by mp_probe_resolve(). */
	const struct mp_ip *addresses; /* in the order in which they are tried */
	size_t address_count;
	const char *problem; /* why there is none; "" */
	struct mp_ip
		source; /* the address that we would have in a connection; family 0: no route */
	/* What is played: set by the caller before mp_probe_run(). */
	const struct mp_plan *const *plans;
	size_t plan_count;
};

/* Reads one target; texts are copied to the arena. An IPv6 address without brackets is a host.
 * MP_ERR_USAGE. */
int mp_target_parse(struct mp_probe_target *target, const char *text, struct mp_arena *arena,
	struct mp_err *err);

#endif
