/* mismatch - where prediction and observation differ (design 4.4). */
#ifndef MP_RESULT_MISMATCH_H
#define MP_RESULT_MISMATCH_H

#include "diag/finding.h"
#include "result/outcome.h"

enum mp_mismatch_kind {
	MP_MISMATCH_MORE_PERMISSIVE, /* the server allows what the configuration refuses: error */
	MP_MISMATCH_STRICTER, /* it refuses what the configuration allows: warning */
	MP_MISMATCH_OTHER_WORDS /* same decision, other code, text or keyword: note */
};

/* "more-permissive", "stricter", "other-words" */
const char *mp_mismatch_kind_name(enum mp_mismatch_kind kind);
/* error, warning, note */
enum mp_severity mp_mismatch_severity(enum mp_mismatch_kind kind);

/* A reply that some world predicts for the tested step. */
struct mp_expected_reply {
	unsigned code;
	struct mp_enhanced enhanced;
	const char *text; /* the first line without code and enhanced code; may hold {holes} */
};

struct mp_mismatch {
	const char *target, *listener, *client, *scenario, *with;
	const char *step; /* "RCPT" */
	enum mp_mismatch_kind kind;
	enum mp_severity severity;
	enum mp_outcome expected_outcome;
	const struct mp_expected_reply *expected;
	size_t expected_count;
	struct mp_seen seen;
	struct mp_reasons because; /* the lines that promised otherwise */
	const char *const *diagnosis;
	size_t diagnosis_count;
};

#endif
