/*
 * observation - what was seen of live servers: plain data, made by probe/, compared by verify/,
 * shown by report/.
 */
#ifndef MP_RESULT_OBSERVATION_H
#define MP_RESULT_OBSERVATION_H

#include "base/arena.h"
#include "base/ip.h"
#include "result/outcome.h"
#include "smtp/tlsfacts.h"

/* One connection. */
struct mp_session_seen {
	const struct mp_plan *plan;
	const struct mp_session_report *report;
	const struct mp_tls_facts *tls; /* NULL without TLS */
};

/* One check of the plans that were given for the target. */
struct mp_check_seen {
	const struct mp_check *check;
	struct mp_seen seen;
	const struct mp_session_seen *session; /* NULL when no connection was made for it */
};

/* How far a target was reached. */
enum mp_reach {
	MP_REACH_UNTRIED, /* its name has no address, or this machine could not try */
	MP_REACH_CONNECTED, /* at least once */
	MP_REACH_REFUSED, /* a reset */
	MP_REACH_UNREACHABLE, /* a router or a packet filter said so */
	MP_REACH_SILENT /* no answer at all */
};

/* "untried", "connected", "refused", "unreachable", "silent" */
const char *mp_reach_name(enum mp_reach reach);

struct mp_target_seen {
	const char *target; /* as the user wrote it */
	const char *host;
	unsigned port;
	struct mp_ip address; /* reached, or the last one tried; family 0: none */
	struct mp_ip source; /* our own address in the connection (getsockname); family 0: none */
	/* How the server called us in its reply to EHLO, when it names an address; family 0: it did
	 * not. Behind NAT it differs from `source`. */
	struct mp_ip seen_as;
	enum mp_reach reach;
	const struct mp_reply *greeting; /* of the first session that got one; NULL: none */
	enum mp_failure failure; /* of the first session: what kept the target from being checked */
	const char *failure_text;
	const struct mp_session_seen *sessions;
	size_t session_count;
	const struct mp_check_seen *checks; /* in the order of the plans */
	size_t check_count;
};

struct mp_observations {
	struct mp_arena *arena; /* where all of it lives */
	const struct mp_target_seen *targets; /* in the order in which they were given */
	size_t target_count;
};

/* One scenario in the report of a probe: seen, or left out. */
struct mp_probed_check {
	const char *scenario;
	const char *with; /* the name that it was played with, or "" */
	const struct mp_check_seen *seen; /* NULL: not played */
	enum mp_why why; /* of what was not played, or proves nothing */
	bool alarm; /* the outcome is bad whatever was intended */
};

/* A server in the report of a probe. */
struct mp_probed_target {
	const struct mp_target_seen *seen;
	const char *seen_as; /* our address as the server sees it; "" when not known */
	const char *client; /* the class of client that was played */
	const char *explanation; /* what kept it from being checked, and what to do; "" */
	const struct mp_probed_check *checks;
	size_t check_count;
};

#endif
