/*
 * verification - prediction and observation side by side (design 4.4).
 *
 * Made by verify/, shown by report/. Everything lives in the arena of the run.
 */
#ifndef MP_RESULT_VERIFICATION_H
#define MP_RESULT_VERIFICATION_H

#include "result/mismatch.h"
#include "result/observation.h"

/* What the worlds say of the tested step: the distinct answers. */
struct mp_expected {
	enum mp_outcome outcome; /* DEPENDS where the worlds differ in it */
	enum mp_why why; /* of NOT_REACHED */
	const struct mp_expected_reply *replies; /* code 0: an outside party words it */
	size_t reply_count;
	const char *service; /* "refused" or "timeout" where no session is predicted; else "" */
};

/* One check of a target, with its verdict. */
struct mp_check_verdict {
	const char *scenario;
	const char *with; /* the name that it was played with, or "" */
	enum mp_verdict verdict;
	enum mp_why why; /* of INCONCLUSIVE and SKIPPED */
	struct mp_expected expected;
	const struct mp_check_seen *seen; /* NULL when nothing was played */
	enum mp_verb step; /* where it was decided, or where prediction and server part */
	int parting; /* that step in the plan; -1: none */
	const struct mp_exchange *observed; /* what the server said there; NULL: nothing */
	bool as_predicted; /* of INCONCLUSIVE and SKIPPED: the prediction does not reach it either
			    */
	const char *explanation; /* in words, where the verdict needs some; "" */
	struct mp_reasons because; /* the lines behind the expectation */
	/* Of POSSIBLE: what the agreement rests on, "client.name 203.0.113.5 = none". */
	const char *const *assumptions;
	size_t assumption_count;
	enum mp_mismatch_kind kind; /* of MISMATCH */
	enum mp_severity severity;
	bool relays; /* an outsider's mail for elsewhere was accepted: seen, not predicted */
};

struct mp_target_verdict {
	const struct mp_target_seen *seen;
	const char *listener; /* the predicted listener's name, or "" */
	const char *seen_as; /* the client's address as the server sees it */
	const char *client; /* class: "outsider", "server", "trusted" */
	const char *explanation; /* what kept it from being checked, and what to do; "" */
	const struct mp_check_verdict *checks;
	size_t check_count;
};

/* An answer that all that was seen of a server has in common. */
struct mp_settled {
	const char *server; /* the host, "" where there is only one */
	const char *question, *answer; /* "client.name 203.0.113.5", "none" */
	bool told; /* a reply says it in words; else verdicts only rest on it */
	const char *by; /* what says so, or the first that rests on it */
};

struct mp_established {
	const struct mp_settled *v;
	size_t n;
};

struct mp_verification {
	const struct mp_target_verdict *targets;
	size_t target_count;
	size_t counts[MP_VERDICT_SKIPPED + 1]; /* by verdict */
	size_t other_words; /* of the mismatches: same decision, other words */
	struct mp_established established;
	bool outsider_played; /* at least one check was played as an outsider */
};

#endif
