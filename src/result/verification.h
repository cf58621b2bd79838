/*
 * verification - prediction and observation side by side (design 4.4).
 */
#ifndef MP_RESULT_VERIFICATION_H
#define MP_RESULT_VERIFICATION_H

#include "diag/finding.h"
#include "result/observation.h"
#include "result/outcome.h"

/* What the worlds say of one step: the distinct answers. */
struct mp_expected {
	const unsigned *codes; /* 0 for a reply that an outside party words */
	const char *const *enhanced; /* "" for none; same order */
	const char *const *texts; /* the first line without its code; same order */
	size_t n;
	const char *service; /* "refused", "timeout" where no session is predicted; else "" */
};

struct mp_check_result {
	const char *scenario, *listener;
	enum mp_client_class client;
	enum mp_verdict verdict;
	const char *reason; /* of INCONCLUSIVE and SKIPPED: "refused-earlier"; else "" */
	const char *step; /* "RCPT" */
	const char *tests; /* what the scenario is about, in words */
	struct mp_expected expected;
	const struct mp_observation *observation; /* NULL when nothing was played */
	int exchange; /* of the observation's report that answers the tested step, or -1 */
	int first_exchange; /* where the scenario's own dialogue begins in it */
	struct mp_reasons because;
	const char *const *assumptions; /* of POSSIBLE: "client.name 203.0.113.5 = none" */
	size_t assumption_count;
	/* of MISMATCH */
	enum mp_mismatch_kind kind;
	enum mp_severity severity;
};

struct mp_target_result {
	const struct mp_target *target;
	const char *address, *seen_as;
	enum mp_client_class client;
	const struct mp_check_result *checks;
	size_t check_count;
	const char *const *notes; /* what was odd: anomalies, failures */
	size_t note_count;
};

struct mp_verification {
	const struct mp_target_result *targets;
	size_t target_count;
	size_t counts[MP_VERDICT_SKIPPED + 1]; /* by verdict */
	bool outsider_played; /* at least one check was played as an outsider */
};

#endif
