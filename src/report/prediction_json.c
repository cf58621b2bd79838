/* prediction_json - members of mtaproof.prediction/1. */
#include "report/assumptions_json.h"
#include "report/findings_json.h"
#include "report/prediction.h"
#include "report/said.h"
#include "report/surface_json.h"

static void put_listener(struct mp_json_writer *w, const struct mp_listener_outline *l)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "name", l->name);
	mp_json_string_member(w, "address", l->address);
	mp_json_integer_member(w, "port", l->port);
	mp_json_string_member(w, "tls", l->tls);
	mp_json_key(w, "auth");
	mp_json_begin_object(w);
	mp_json_strings_member(w, "clear", l->auth_clear, l->auth_clear_count);
	mp_json_strings_member(w, "tls", l->auth_tls, l->auth_tls_count);
	mp_json_bool_member(w, "required", l->auth_required);
	mp_json_end_object(w);
	mp_json_bool_member(w, "certain", l->certain);
	mp_json_key(w, "because");
	mp_because_json(w, l->because);
	mp_json_end_object(w);
}

/* What is only said where it is so. */
static void put_flag(struct mp_json_writer *w, const char *key, bool set)
{
	if (set) {
		mp_json_bool_member(w, key, true);
	}
}

static void put_text(struct mp_json_writer *w, const char *key, const char *text)
{
	if (text[0] != '\0') {
		mp_json_string_member(w, key, text);
	}
}

static void put_outcome(struct mp_json_writer *w, const struct mp_predicted *p)
{
	char address[MP_IP_TEXT];

	mp_json_begin_object(w);
	mp_json_string_member(w, "listener", p->listener);
	mp_json_string_member(w, "client", p->client);
	mp_json_string_member(w, "address", mp_ip_format(&p->address, address));
	put_text(w, "network", p->network);
	if (p->alike_count > 0) {
		mp_json_strings_member(w, "alike", p->alike, p->alike_count);
	}
	mp_json_string_member(w, "scenario", p->scenario);
	put_text(w, "with", p->with);
	mp_json_string_member(w, "outcome", mp_outcome_name(p->outcome));
	put_flag(w, "discarded", p->discarded);
	put_text(w, "reason", mp_why_name(p->why));
	put_text(w, "note", p->note);
	put_flag(w, "control_failed", p->control_failed);
	put_flag(w, "truncated", p->truncated);
	put_flag(w, "sampled", p->sampled);
	mp_json_string_member(w, "step", mp_verb_name(p->step));
	mp_json_key(w, "replies");
	mp_json_begin_array(w);
	for (size_t i = 0; i < p->dialogue_count; i++) {
		mp_said_json(w, &p->dialogue[i], true);
	}
	mp_json_end_array(w);
	mp_json_key(w, "assumptions");
	mp_assumptions_json(w, p->assumptions, p->assumption_count);
	mp_json_key(w, "because");
	mp_because_json(w, p->because);
	mp_json_end_object(w);
}

void mp_prediction_json(struct mp_json_writer *w, const struct mp_prediction *p)
{
	mp_json_key(w, "listeners");
	mp_json_begin_array(w);
	for (size_t i = 0; i < p->listener_count; i++) {
		put_listener(w, &p->listeners[i]);
	}
	mp_json_end_array(w);
	mp_json_key(w, "outcomes");
	mp_json_begin_array(w);
	for (size_t i = 0; i < p->outcome_count; i++) {
		put_outcome(w, &p->outcomes[i]);
	}
	mp_json_end_array(w);
	mp_surface_json(w, &p->surface);
}
