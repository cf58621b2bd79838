/* faults - what is wrong with what was predicted of a live server, or seen of it. */
#include "verify/faults.h"

#include "predict/outcomes.h"
#include "predict/surface.h"
#include "result/transcript.h"

/* What was seen of a check; NULL where it proves nothing. */
static const struct mp_observed *observed(struct mp_arena *arena, const struct mp_target_seen *seen,
	const struct mp_check_seen *live, const char *client)
{
	if (live->session == NULL) {
		return NULL;
	}
	struct mp_observed *o = MP_ARENA_NEW(arena, struct mp_observed);
	struct mp_transcript talk =
		mp_transcript_seen(live->session->report, live->session->plan, live->check, arena);

	*o = (struct mp_observed){.target = seen->target,
		.client = client,
		.outcome = live->seen.outcome,
		.dialogue = talk.lines,
		.dialogue_count = talk.n};
	return o;
}

void mp_verify_find(struct mp_verify *v, const struct mp_verify_trial *t)
{
	char text[MP_IP_TEXT] = "";

	if (t->scenario->alarm.outcome_count == 0) {
		return;
	}
	if (t->target->client.family != 0) {
		mp_ip_format(&t->target->client, text);
	}
	struct mp_trial trial = {.scenario = t->scenario,
		.where = t->seen->target,
		.listener = t->target->listener != NULL ? t->target->listener->name : "",
		.port = t->target->port,
		.service = t->target->service,
		.class = t->target->class,
		.client = t->target->client,
		.seen = observed(v->arena, t->seen, t->live, mp_arena_strdup(v->arena, text))};
	trial.n = mp_outcomes_of(t->plan, t->check, t->worlds, v->arena, &trial.outcomes);
	mp_judge_trial(&v->judge, &trial);
}

bool mp_find_alarm(struct mp_judge *judge, const struct mp_scenario *scenario,
	enum mp_service service, enum mp_client_class client, const struct mp_target_seen *seen,
	const struct mp_check_seen *live)
{
	struct mp_trial trial = {.scenario = scenario,
		.where = seen->target,
		.listener = "",
		.port = seen->port,
		.service = service,
		.class = client,
		.seen = observed(judge->arena, seen, live, "")};

	return trial.seen != NULL && mp_judge_trial(judge, &trial);
}

void mp_find_anomalies(struct mp_judge *judge, const struct mp_target_seen *seen)
{
	static const struct {
		enum mp_anomaly bit;
		enum mp_severity severity;
		const char *rule;
	} kinds[] = {
		{MP_ANOMALY_INJECTION, MP_ERROR, "session/injection"},
		{MP_ANOMALY_DATA_ACCEPTED, MP_ERROR, "session/data-accepted"},
		{MP_ANOMALY_UNASKED, MP_WARNING, "session/unasked"},
		{MP_ANOMALY_GARBAGE, MP_WARNING, "session/garbage"},
		{MP_ANOMALY_AUTH, MP_WARNING, "session/auth"},
	};

	for (size_t i = 0; i < seen->session_count; i++) {
		for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
			struct mp_fault f = {.rule = kinds[k].rule,
				.severity = kinds[k].severity,
				.basis = MP_BASIS_SEEN,
				.where = seen->target};
			if ((seen->sessions[i].report->anomalies & (unsigned)kinds[k].bit) != 0) {
				mp_judge_add(judge, &f);
			}
		}
	}
}

void mp_verify_end(struct mp_verify *v, struct mp_findings *findings)
{
	struct mp_names names = mp_predict_names(v->view, v->facts, &v->options->names, v->arena);
	struct mp_surface surface = mp_surface_find(v->server, v->view, v->facts, &names, v->arena);

	mp_judge_surface(&v->judge, &surface);
	mp_judge_findings(&v->judge, findings);
	mp_judge_end(&v->judge);
}
