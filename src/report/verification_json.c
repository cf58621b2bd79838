/* verification_json - members of mtaproof.verification/1. */
#include "base/alloc.h"
#include "report/findings_json.h"
#include "report/verification.h"
#include "result/transcript.h"
#include "smtp/capability.h"

#include <stdlib.h>

static void put_reply(struct mp_json_writer *w, const struct mp_reply *reply)
{
	char enhanced[MP_ENHANCED_TEXT];

	mp_json_begin_object(w);
	mp_json_integer_member(w, "code", reply->code);
	mp_json_string_member(w, "enhanced", mp_enhanced_format(&reply->enhanced, enhanced));
	mp_json_key(w, "lines");
	mp_json_begin_array(w);
	for (size_t i = 0; i < reply->line_count; i++) {
		mp_json_put_slice(w, reply->lines[i]);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
}

static void put_exchange(
	struct mp_json_writer *w, const struct mp_exchange *e, const struct mp_check *check)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "send", e->sent);
	mp_json_bool_member(w, "tls", e->tls);
	if (e->step == check->step) {
		mp_json_bool_member(w, "tested", true);
	}
	if (!e->answered && e->rest.n > 0) {
		mp_json_key(w, "broken_off");
		mp_json_put_slice(w, e->rest);
	}
	mp_json_key(w, "reply");
	if (e->answered) {
		put_reply(w, &e->reply);
	} else {
		mp_json_put_null(w);
	}
	mp_json_integer_member(w, "ms", e->ms);
	mp_json_end_object(w);
}

void mp_transcript_json(struct mp_json_writer *w, const struct mp_check_seen *seen)
{
	mp_json_key(w, "transcript");
	mp_json_begin_array(w);
	if (seen->session != NULL) {
		const struct mp_session_report *report = seen->session->report;
		size_t *list = mp_alloc((report->exchange_count + 1) * sizeof *list);
		size_t n = mp_check_exchanges(report, seen->session->plan, seen->check, list);
		for (size_t i = 0; i < n; i++) {
			put_exchange(w, &report->exchanges[list[i]], seen->check);
		}
		free(list);
	}
	mp_json_end_array(w);
}

static void put_expected(struct mp_json_writer *w, const struct mp_expected *expected)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "outcome", mp_outcome_name(expected->outcome));
	if (expected->service[0] != '\0') {
		mp_json_string_member(w, "service", expected->service);
	}
	mp_json_key(w, "code");
	mp_json_begin_array(w);
	for (size_t i = 0; i < expected->reply_count; i++) {
		mp_json_put_integer(w, expected->replies[i].code);
	}
	mp_json_end_array(w);
	mp_json_key(w, "enhanced");
	mp_json_begin_array(w);
	for (size_t i = 0; i < expected->reply_count; i++) {
		char text[MP_ENHANCED_TEXT];
		mp_json_put_string(w, mp_enhanced_format(&expected->replies[i].enhanced, text));
	}
	mp_json_end_array(w);
	mp_json_key(w, "text");
	mp_json_begin_array(w);
	for (size_t i = 0; i < expected->reply_count; i++) {
		mp_json_put_string(w, expected->replies[i].text);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
}

static void put_assumptions(struct mp_json_writer *w, const struct mp_check_verdict *c)
{
	if (c->assumption_count == 0) {
		return;
	}
	mp_json_strings_member(w, "assumptions", c->assumptions, c->assumption_count);
}

static void put_check(struct mp_json_writer *w, const struct mp_check_verdict *c)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "scenario", c->scenario);
	if (c->with[0] != '\0') {
		mp_json_string_member(w, "with", c->with);
	}
	mp_json_string_member(w, "verdict", mp_verdict_name(c->verdict));
	if (c->why != MP_WHY_NONE) {
		mp_json_string_member(w, "reason", mp_why_name(c->why));
	}
	mp_json_key(w, "expected");
	put_expected(w, &c->expected);
	mp_json_key(w, "observed");
	mp_json_begin_object(w);
	if (c->seen != NULL) {
		mp_json_string_member(w, "outcome", mp_outcome_name(c->seen->seen.outcome));
		mp_transcript_json(w, c->seen);
	}
	mp_json_end_object(w);
	put_assumptions(w, c);
	if (c->explanation[0] != '\0') {
		mp_json_string_member(w, "explanation", c->explanation);
	}
	mp_json_key(w, "because");
	mp_because_json(w, c->because);
	mp_json_end_object(w);
}

static void put_target(struct mp_json_writer *w, const struct mp_target_verdict *t)
{
	char address[MP_IP_TEXT];

	mp_json_begin_object(w);
	mp_json_string_member(w, "target", t->seen->target);
	mp_json_string_member(w, "address", mp_ip_format(&t->seen->address, address));
	mp_json_string_member(w, "listener", t->listener);
	mp_json_string_member(w, "seen_as", t->seen_as);
	mp_json_string_member(w, "client", t->client);
	if (t->seen->failure != MP_FAIL_NONE) {
		mp_json_string_member(w, "failure", mp_failure_name(t->seen->failure));
		mp_json_string_member(w, "failure_text", t->seen->failure_text);
	}
	if (t->explanation[0] != '\0') {
		mp_json_string_member(w, "explanation", t->explanation);
	}
	mp_json_key(w, "checks");
	mp_json_begin_array(w);
	for (size_t i = 0; i < t->check_count; i++) {
		put_check(w, &t->checks[i]);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
}

/* The text that the check is about: the keyword's line of a reply to EHLO, else the first line. */
static struct mp_slice telling_text(const struct mp_check_verdict *c)
{
	const struct mp_reply *reply = &c->observed->reply;
	const char *keyword = c->seen->check->keyword;

	return keyword != NULL && mp_reply_class(reply) == 2 ? mp_capability_line(reply, keyword)
							     : mp_reply_text(reply->lines[0]);
}

static void put_observed(struct mp_json_writer *w, const struct mp_check_verdict *c)
{
	const struct mp_exchange *e = c->observed;

	mp_json_key(w, "observed");
	mp_json_begin_object(w);
	if (e != NULL && e->answered) {
		char enhanced[MP_ENHANCED_TEXT];
		mp_json_integer_member(w, "code", e->reply.code);
		mp_json_string_member(
			w, "enhanced", mp_enhanced_format(&e->reply.enhanced, enhanced));
		mp_json_key(w, "text");
		mp_json_put_slice(w, telling_text(c));
	}
	mp_json_string_member(w, "outcome", mp_outcome_name(c->seen->seen.outcome));
	mp_json_end_object(w);
}

static void put_mismatch(struct mp_json_writer *w, const struct mp_target_verdict *t,
	const struct mp_check_verdict *c)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "target", t->seen->target);
	mp_json_string_member(w, "listener", t->listener);
	mp_json_string_member(w, "client", t->client);
	mp_json_string_member(w, "scenario", c->scenario);
	if (c->with[0] != '\0') {
		mp_json_string_member(w, "with", c->with);
	}
	mp_json_string_member(w, "step", mp_verb_name(c->step));
	mp_json_string_member(w, "kind", mp_mismatch_kind_name(c->kind));
	mp_json_string_member(w, "severity", mp_severity_name(c->severity));
	mp_json_key(w, "expected");
	put_expected(w, &c->expected);
	put_observed(w, c);
	mp_json_key(w, "because");
	mp_because_json(w, c->because);
	if (c->explanation[0] != '\0') {
		mp_json_string_member(w, "explanation", c->explanation);
	}
	mp_json_key(w, "diagnosis");
	mp_json_begin_array(w);
	mp_json_end_array(w);
	mp_json_end_object(w);
}

static void put_mismatches(struct mp_json_writer *w, const struct mp_verification *v)
{
	mp_json_key(w, "mismatches");
	mp_json_begin_array(w);
	for (size_t i = 0; i < v->target_count; i++) {
		const struct mp_target_verdict *t = &v->targets[i];
		for (size_t k = 0; k < t->check_count; k++) {
			if (t->checks[k].verdict == MP_VERDICT_MISMATCH) {
				put_mismatch(w, t, &t->checks[k]);
			}
		}
	}
	mp_json_end_array(w);
}

static void put_established(struct mp_json_writer *w, const struct mp_established *e)
{
	mp_json_key(w, "established");
	mp_json_begin_array(w);
	for (size_t i = 0; i < e->n; i++) {
		const struct mp_settled *s = &e->v[i];
		mp_json_begin_object(w);
		mp_json_string_member(w, "server", s->server);
		mp_json_string_member(w, "question", s->question);
		mp_json_string_member(w, "answer", s->answer);
		mp_json_bool_member(w, "told", s->told);
		mp_json_string_member(w, "by", s->by);
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}

static void put_summary(struct mp_json_writer *w, const struct mp_verification *v)
{
	mp_json_key(w, "summary");
	mp_json_begin_object(w);
	for (int i = 0; i <= MP_VERDICT_SKIPPED; i++) {
		mp_json_integer_member(
			w, mp_verdict_name((enum mp_verdict)i), (long long)v->counts[i]);
	}
	mp_json_bool_member(w, "outsider_played", v->outsider_played);
	mp_json_end_object(w);
}

void mp_verification_json(struct mp_json_writer *w, const struct mp_verification *v)
{
	mp_json_key(w, "targets");
	mp_json_begin_array(w);
	for (size_t i = 0; i < v->target_count; i++) {
		put_target(w, &v->targets[i]);
	}
	mp_json_end_array(w);
	put_mismatches(w, v);
	put_established(w, &v->established);
	put_summary(w, v);
}
