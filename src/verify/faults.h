/*
 * faults - what is wrong with what was predicted of a live server, or seen of it.
 */
#ifndef MP_VERIFY_FAULTS_H
#define MP_VERIFY_FAULTS_H

#include "verify/verify.h"

/* One scenario: all that its worlds predict, and what was seen. */
struct mp_verify_trial {
	const struct mp_scenario *scenario;
	const struct mp_verify_target *target;
	const struct mp_target_seen *seen;
	const struct mp_check_seen *live;
	const struct mp_plan *plan;
	size_t check; /* of the plan */
	const struct mp_exploration *worlds;
};

/* Adds a fault to v's judge where the scenario's alarm is met. */
void mp_verify_find(struct mp_verify *v, const struct mp_verify_trial *trial);
/* The same without a prediction. Returns whether it is met. */
bool mp_find_alarm(struct mp_judge *judge, const struct mp_scenario *scenario,
	enum mp_service service, enum mp_client_class client, const struct mp_target_seen *seen,
	const struct mp_check_seen *live);
/* What a server did in its sessions that no mail server should. */
void mp_find_anomalies(struct mp_judge *judge, const struct mp_target_seen *seen);

#endif
