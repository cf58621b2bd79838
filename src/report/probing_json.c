/* probing_json - members of mtaproof.observation/1. */
#include "report/probing.h"

static void put_check(struct mp_json_writer *w, const struct mp_probed_check *c)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "scenario", c->scenario);
	if (c->with[0] != '\0') {
		mp_json_string_member(w, "with", c->with);
	}
	mp_json_string_member(
		w, "outcome", c->seen != NULL ? mp_outcome_name(c->seen->seen.outcome) : "skipped");
	if (c->why != MP_WHY_NONE) {
		mp_json_string_member(w, "reason", mp_why_name(c->why));
	}
	if (c->seen != NULL) {
		const struct mp_exchange *e = c->seen->seen.exchange;
		if (e != NULL) {
			mp_json_string_member(w, "step", mp_verb_name(c->seen->seen.step));
		}
		mp_json_bool_member(w, "control", c->seen->seen.control_ok);
		mp_transcript_json(w, c->seen);
	}
	mp_json_bool_member(w, "alarm", c->alarm);
	mp_json_end_object(w);
}

static void put_certificate(struct mp_json_writer *w, const struct mp_certificate_facts *c)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "subject", c->subject);
	mp_json_string_member(w, "issuer", c->issuer);
	mp_json_string_member(w, "not_before", c->not_before);
	mp_json_string_member(w, "not_after", c->not_after);
	mp_json_string_member(w, "sha256", c->sha256);
	mp_json_string_member(w, "key", c->key);
	mp_json_strings_member(w, "names", c->names, c->name_count);
	mp_json_end_object(w);
}

static void put_tls(struct mp_json_writer *w, const struct mp_tls_facts *tls)
{
	mp_json_key(w, "tls");
	mp_json_begin_object(w);
	mp_json_string_member(w, "protocol", tls->protocol);
	mp_json_string_member(w, "cipher", tls->cipher);
	mp_json_bool_member(w, "verified", tls->verified);
	mp_json_string_member(w, "problem", tls->problem);
	mp_json_key(w, "chain");
	mp_json_begin_array(w);
	for (size_t i = 0; i < tls->chain_count; i++) {
		put_certificate(w, &tls->chain[i]);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
}

static void put_sessions(struct mp_json_writer *w, const struct mp_target_seen *s)
{
	mp_json_key(w, "sessions");
	mp_json_begin_array(w);
	for (size_t i = 0; i < s->session_count; i++) {
		const struct mp_session_report *r = s->sessions[i].report;
		mp_json_begin_object(w);
		if (r->failure != MP_FAIL_NONE) {
			mp_json_string_member(w, "failure", mp_failure_name(r->failure));
			mp_json_string_member(w, "failure_text", r->failure_text);
		}
		mp_json_key(w, "anomalies");
		mp_json_begin_array(w);
		for (unsigned bit = 1; bit <= MP_ANOMALY_REPLY; bit <<= 1) {
			if ((r->anomalies & bit) != 0) {
				mp_json_put_string(w, mp_anomaly_name((enum mp_anomaly)bit));
			}
		}
		mp_json_end_array(w);
		mp_json_integer_member(w, "rejects", r->rejects);
		mp_json_string_member(w, "mechanism", r->mechanism);
		if (s->sessions[i].tls != NULL) {
			put_tls(w, s->sessions[i].tls);
		}
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}

static void put_target(struct mp_json_writer *w, const struct mp_probed_target *t)
{
	const struct mp_target_seen *s = t->seen;
	char address[MP_IP_TEXT];

	mp_json_begin_object(w);
	mp_json_string_member(w, "target", s->target);
	mp_json_string_member(
		w, "address", s->address.family != 0 ? mp_ip_format(&s->address, address) : "");
	mp_json_string_member(w, "seen_as", t->seen_as);
	mp_json_string_member(w, "client", t->client);
	if (s->failure != MP_FAIL_NONE) {
		mp_json_string_member(w, "failure", mp_failure_name(s->failure));
		mp_json_string_member(w, "failure_text", s->failure_text);
	}
	if (t->explanation[0] != '\0') {
		mp_json_string_member(w, "explanation", t->explanation);
	}
	put_sessions(w, s);
	mp_json_key(w, "checks");
	mp_json_begin_array(w);
	for (size_t i = 0; i < t->check_count; i++) {
		put_check(w, &t->checks[i]);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
}

void mp_probing_json(struct mp_json_writer *w, const struct mp_probed_target *targets, size_t count)
{
	long long counts[MP_OUTCOME_NO_SERVICE + 1] = {0}, skipped = 0;

	mp_json_key(w, "targets");
	mp_json_begin_array(w);
	for (size_t i = 0; i < count; i++) {
		put_target(w, &targets[i]);
		for (size_t k = 0; k < targets[i].check_count; k++) {
			const struct mp_probed_check *c = &targets[i].checks[k];
			if (c->seen != NULL) {
				counts[c->seen->seen.outcome]++;
			} else {
				skipped++;
			}
		}
	}
	mp_json_end_array(w);
	mp_json_key(w, "summary");
	mp_json_begin_object(w);
	for (int i = 0; i <= MP_OUTCOME_NO_SERVICE; i++) {
		if (counts[i] > 0) {
			mp_json_integer_member(w, mp_outcome_name((enum mp_outcome)i), counts[i]);
		}
	}
	mp_json_integer_member(w, "skipped", skipped);
	mp_json_end_object(w);
}
