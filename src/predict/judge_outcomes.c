/* judge_outcomes - the faults that a prediction's outcomes and listeners show. */
#include "predict/judge.h"
#include "result/transcript.h"

static bool is_loopback(const char *address)
{
	struct mp_ip ip;

	return mp_ip_parse(mp_slice_str(address), &ip) && mp_ip_is_loopback(&ip);
}

/* What a listener of this name is, as far as it matters who can reach it and for what. */
struct place {
	bool only_host; /* nobody but the host itself reaches it */
	enum mp_service service;
	unsigned port; /* 0: several */
	bool login; /* each takes no mail without one */
};

static struct place place_of(const struct mp_prediction *prediction, const char *listener)
{
	struct place place = {.service = MP_SERVICE_SMTP};
	bool found = false;

	for (size_t i = 0; i < prediction->listener_count; i++) {
		const struct mp_listener_outline *l = &prediction->listeners[i];
		if (mp_str_eq(l->name, listener)) {
			place.service = mp_service_of_port(l->port);
			place.only_host = is_loopback(l->address) && (!found || place.only_host);
			place.port = !found || place.port == l->port ? l->port : 0;
			place.login = l->auth_required && (!found || place.login);
			found = true;
		}
	}
	return place;
}

static enum mp_client_class class_of(const char *name)
{
	for (int c = MP_CLIENT_ANY; c <= MP_CLIENT_SERVER; c++) {
		if (mp_str_eq(name, mp_client_class_name((enum mp_client_class)c))) {
			return (enum mp_client_class)c;
		}
	}
	return MP_CLIENT_ANY;
}

static bool same_trial(const struct mp_predicted *a, const struct mp_predicted *b)
{
	return mp_str_eq(a->scenario, b->scenario) && mp_str_eq(a->with, b->with) &&
		mp_str_eq(a->listener, b->listener) && mp_str_eq(a->client, b->client) &&
		mp_ip_eq(&a->address, &b->address);
}

static void judge_one(struct mp_judge *judge, const struct mp_scenarios *scenarios,
	const struct mp_prediction *prediction, const struct mp_predicted *v, size_t n)
{
	struct place place = place_of(prediction, v->listener);
	struct mp_trial trial = {.scenario = mp_scenario_find(scenarios, v->scenario),
		.where = v->listener,
		.listener = v->listener,
		.port = place.port,
		.service = place.service,
		.login = place.login,
		.client = v->address,
		.class = class_of(v->client),
		.outcomes = v,
		.n = n};

	if (trial.scenario != NULL && !place.only_host) {
		mp_judge_trial(judge, &trial);
	}
}

void mp_judge_outcomes(struct mp_judge *judge, const struct mp_scenarios *scenarios,
	const struct mp_prediction *prediction)
{
	const struct mp_predicted *v = prediction->outcomes;
	size_t end;

	/* The plain ones first, so that a finding names these. */
	for (int forged = 0; forged <= 1; forged++) {
		for (size_t i = 0; i < prediction->outcome_count; i = end) {
			for (end = i + 1;
				end < prediction->outcome_count && same_trial(&v[i], &v[end]);
				end++) {
			}
			if ((v[i].with[0] != '\0') == (forged == 1)) {
				judge_one(judge, scenarios, prediction, &v[i], end - i);
			}
		}
	}
}

/* ---- listeners ---- */

/* Whether no session with the listener gets a greeting, in whatever world; *one is an outcome that
 * says so. */
static bool never_greets(const struct mp_prediction *prediction, const char *listener,
	const struct mp_predicted **one)
{
	*one = NULL;
	for (size_t i = 0; i < prediction->outcome_count; i++) {
		const struct mp_predicted *p = &prediction->outcomes[i];
		if (!mp_str_eq(p->listener, listener)) {
			continue;
		}
		if (p->outcome != MP_OUTCOME_NO_SERVICE) {
			return false;
		}
		*one = *one == NULL || (*one)->because.n == 0 ? p : *one;
	}
	return *one != NULL;
}

static void add_dead_listener(
	struct mp_judge *judge, const char *listener, const struct mp_predicted *p)
{
	struct mp_transcript talk =
		mp_transcript_said(p->dialogue, p->dialogue_count, judge->arena);
	const char **what = mp_arena_array(judge->arena, 1, sizeof *what);

	what[0] = p->because.n > 0 ? p->because.v[0].text : "the server would not start";
	struct mp_fault f = {.rule = "start/refused",
		.severity = MP_ERROR,
		.basis = MP_BASIS_PREDICTED,
		.where = listener,
		.what = what,
		.what_count = 1,
		.because = p->because,
		.dialogue = talk.lines,
		.dialogue_count = talk.n};
	mp_judge_add(judge, &f);
}

static bool named_before(const struct mp_prediction *prediction, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (mp_str_eq(prediction->listeners[i].name, prediction->listeners[index].name)) {
			return true;
		}
	}
	return false;
}

void mp_judge_listeners(struct mp_judge *judge, const struct mp_prediction *prediction)
{
	const struct mp_predicted *one;

	if (prediction->listener_count == 0) {
		struct mp_fault f = {.rule = "listen/nothing",
			.severity = MP_ERROR,
			.basis = MP_BASIS_PREDICTED};
		mp_judge_add(judge, &f);
	}
	for (size_t i = 0; i < prediction->listener_count; i++) {
		const char *name = prediction->listeners[i].name;
		if (!named_before(prediction, i) && never_greets(prediction, name, &one)) {
			add_dead_listener(judge, name, one);
		}
	}
}
