/*
 * outcome - what a check came to: tokens that predict, probe, verify and report share (design 4.4).
 */
#ifndef MP_RESULT_OUTCOME_H
#define MP_RESULT_OUTCOME_H

#include "smtp/session.h"

enum mp_outcome {
	MP_OUTCOME_REFUSED,
	MP_OUTCOME_ACCEPTED, /* seen from outside: 2xx, whatever the server does with it */
	MP_OUTCOME_ACCEPTED_LOCAL, /* predicted: taken as a local name */
	MP_OUTCOME_ACCEPTED_RELAY, /* predicted: taken for relay */
	MP_OUTCOME_OFFERED, /* a keyword of EHLO */
	MP_OUTCOME_NOT_OFFERED,
	MP_OUTCOME_DEPENDS, /* predicted: an outside party decides */
	MP_OUTCOME_NOT_REACHED, /* the tested step was not reached: why says more */
	MP_OUTCOME_NO_SERVICE /* nothing listens, or no greeting ever comes */
};

/* "refused", "accepted", "accepted-local", ... */
const char *mp_outcome_name(enum mp_outcome outcome);

enum mp_verdict {
	MP_VERDICT_CONFIRMED,
	MP_VERDICT_POSSIBLE,
	MP_VERDICT_MISMATCH,
	MP_VERDICT_INCONCLUSIVE,
	MP_VERDICT_SKIPPED
};

const char *mp_verdict_name(enum mp_verdict verdict);

/* Why a check is inconclusive or was skipped. */
enum mp_why {
	MP_WHY_NONE,
	/* inconclusive */
	MP_WHY_UNREACHABLE,
	MP_WHY_UNRESOLVED,
	MP_WHY_PORT_25_BLOCKED, /* our network keeps us from port 25 (verify/reach.h) */
	MP_WHY_GREYLISTED,
	MP_WHY_RATE_LIMITED, /* 421, or the reject budget was used up */
	MP_WHY_TIMEOUT,
	MP_WHY_TLS,
	MP_WHY_PROTOCOL,
	MP_WHY_CUT_OFF,
	MP_WHY_REFUSED_EARLIER,
	MP_WHY_CONTROL, /* the control was refused, too: the refusal has another cause */
	MP_WHY_INTERNAL,
	MP_WHY_UNPREDICTED, /* the simulation cannot follow this dialogue */
	/* skipped */
	MP_WHY_NOT_OFFERED, /* STARTTLS, which the scenario needs, is not there */
	MP_WHY_NO_CREDENTIALS,
	MP_WHY_NO_CERTIFICATE,
	MP_WHY_NO_MECHANISM,
	MP_WHY_PLAINTEXT, /* the password could be read along */
	MP_WHY_UNSAFE, /* DATA would deliver */
	MP_WHY_NO_NAME, /* a name that the scenario uses is not known */
	MP_WHY_NOT_FROM_HERE, /* another class of client */
	MP_WHY_INTRUSIVE,
	MP_WHY_TOO_MANY, /* more names than a scenario is played with */
	MP_WHY_RATION, /* the server has had its share of the suite's refusals */
	MP_WHY_COUNT /* how many there are */
};

/* "unreachable", "port-25-blocked", "refused-earlier", "no-credentials", "not-reachable-from-here",
 * ...; "" for NONE. */
const char *mp_why_name(enum mp_why why);
/* Whether such a check counts as skipped (true) or as inconclusive. */
bool mp_why_is_skip(enum mp_why why);

/* What was seen of one check. */
struct mp_seen {
	enum mp_outcome outcome;
	enum mp_why why; /* of NOT_REACHED and NO_SERVICE */
	bool temporary; /* REFUSED with 4xx */
	/* The exchange that decided: of the tested step, or of the one that refused before it. NULL
	 * when there is none. */
	const struct mp_exchange *exchange;
	enum mp_verb step; /* what was said in it */
	bool control_ok; /* the control succeeded, or there is none */
};

/* Reads one check off a session's report, which must be of the check's plan. It works the same for
 * a live session and a simulated one. */
struct mp_seen mp_seen_read(
	const struct mp_plan *plan, size_t check, const struct mp_session_report *report);
/* Why a session that failed says nothing about the steps that it did not reach. */
enum mp_why mp_why_of_failure(enum mp_failure failure);

#endif
