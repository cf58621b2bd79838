/*
 * outcome - the words in which predictions and comparisons are stated (design 4.4).
 */
#ifndef MP_RESULT_OUTCOME_H
#define MP_RESULT_OUTCOME_H

/* What a scenario comes to. */
enum mp_outcome {
	MP_OUTCOME_REFUSED,
	MP_OUTCOME_ACCEPTED_LOCAL, /* the recipient was taken as the server's own */
	MP_OUTCOME_ACCEPTED_RELAY, /* the recipient was taken for relay */
	MP_OUTCOME_OFFERED, /* the keyword is in the reply to EHLO */
	MP_OUTCOME_NOT_OFFERED,
	MP_OUTCOME_DEPENDS, /* on something that is not known */
	MP_OUTCOME_NOT_REACHED, /* an earlier step was refused */
	MP_OUTCOME_NO_SERVICE /* nothing listens, or no greeting comes */
};

/* How an observation stands to the prediction. */
enum mp_verdict {
	MP_VERDICT_CONFIRMED, /* it agrees with every world */
	MP_VERDICT_POSSIBLE, /* with some */
	MP_VERDICT_MISMATCH, /* with none */
	MP_VERDICT_INCONCLUSIVE,
	MP_VERDICT_SKIPPED
};

enum mp_mismatch_kind {
	MP_MISMATCH_MORE_PERMISSIVE, /* error */
	MP_MISMATCH_STRICTER, /* warning */
	MP_MISMATCH_OTHER_WORDS /* same decision: note */
};

/* From where a client comes. */
enum mp_client_class {
	MP_CLIENT_OUTSIDER,
	MP_CLIENT_SERVER, /* the host itself */
	MP_CLIENT_TRUSTED /* a network that the configuration trusts */
};

/* The tokens of the JSON contracts: "accepted-relay", "confirmed", "more-permissive", "outsider".
 */
const char *mp_outcome_name(enum mp_outcome outcome);
const char *mp_verdict_name(enum mp_verdict verdict);
const char *mp_mismatch_kind_name(enum mp_mismatch_kind kind);
const char *mp_client_class_name(enum mp_client_class class);

#endif
