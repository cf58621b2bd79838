/* outcome - the words in which predictions and comparisons are stated. */
#include "result/outcome.h"

const char *mp_outcome_name(enum mp_outcome outcome)
{
	static const char *const names[] = {
		[MP_OUTCOME_REFUSED] = "refused",
		[MP_OUTCOME_ACCEPTED_LOCAL] = "accepted-local",
		[MP_OUTCOME_ACCEPTED_RELAY] = "accepted-relay",
		[MP_OUTCOME_OFFERED] = "offered",
		[MP_OUTCOME_NOT_OFFERED] = "not-offered",
		[MP_OUTCOME_DEPENDS] = "depends",
		[MP_OUTCOME_NOT_REACHED] = "not-reached",
		[MP_OUTCOME_NO_SERVICE] = "no-service",
	};

	return names[outcome];
}

const char *mp_verdict_name(enum mp_verdict verdict)
{
	static const char *const names[] = {
		[MP_VERDICT_CONFIRMED] = "confirmed",
		[MP_VERDICT_POSSIBLE] = "possible",
		[MP_VERDICT_MISMATCH] = "mismatch",
		[MP_VERDICT_INCONCLUSIVE] = "inconclusive",
		[MP_VERDICT_SKIPPED] = "skipped",
	};

	return names[verdict];
}

const char *mp_mismatch_kind_name(enum mp_mismatch_kind kind)
{
	static const char *const names[] = {
		[MP_MISMATCH_MORE_PERMISSIVE] = "more-permissive",
		[MP_MISMATCH_STRICTER] = "stricter",
		[MP_MISMATCH_OTHER_WORDS] = "other-words",
	};

	return names[kind];
}

const char *mp_client_class_name(enum mp_client_class class)
{
	static const char *const names[] = {
		[MP_CLIENT_OUTSIDER] = "outsider",
		[MP_CLIENT_SERVER] = "server",
		[MP_CLIENT_TRUSTED] = "trusted",
	};

	return names[class];
}
