/*
 * observation - what a live server said to one session plan.
 *
 * Made by probe/, compared by verify/, shown by report/. All of it lives in the arena of the run.
 */
#ifndef MP_RESULT_OBSERVATION_H
#define MP_RESULT_OBSERVATION_H

#include "smtp/session.h"
#include "smtp/tlsfacts.h"

/* Where a server is reached (design 3: TARGET). */
struct mp_target {
	const char *text; /* as the user wrote it, or "host:port" */
	const char *host; /* name or literal address, without brackets */
	unsigned port;
	bool implicit_tls; /* TLS from the first byte */
};

/* One connection. */
struct mp_observation {
	const struct mp_target *target;
	const char *address; /* the server's address, as text; "" when it has none */
	const char *seen_as; /* our address on that connection; "" when there was none */
	const struct mp_plan *plan;
	const struct mp_session_report *report;
	const struct mp_tls_facts *tls; /* NULL: no TLS */
};

struct mp_observations {
	const struct mp_observation *v;
	size_t n;
};

#endif
