/*
 * session_reply - what a reply means for the session.
 *
 * DESCRIPTION
 *	Each reply belongs to the oldest step that waits for one. It sets the step's result and what
 *	the session knows (capabilities, recipients of the transaction), and when nothing is
 *	waiting any more, the next lines go out. 421 ends the session at any time (RFC 5321 3.8).
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "smtp/session_internal.h"

enum { CLOSING_CODE = 421 };

/* Whether the reply is what the step wants. */
static bool is_success(const struct mp_step *step, const struct mp_reply *reply)
{
	unsigned class = mp_reply_class(reply);

	switch (step->verb) {
	case MP_VERB_GREETING:
		return reply->code == 220;
	case MP_VERB_STARTTLS:
		return reply->code == 220;
	case MP_VERB_DATA:
		return reply->code == 354;
	case MP_VERB_AUTH:
		return class == 2 || class == 3;
	case MP_VERB_EHLO:
	case MP_VERB_HELO:
	case MP_VERB_MAIL:
	case MP_VERB_RCPT:
	case MP_VERB_CONTENT:
	case MP_VERB_RSET:
	case MP_VERB_NOOP:
	case MP_VERB_VRFY:
	case MP_VERB_EXPN:
	case MP_VERB_ETRN:
	case MP_VERB_QUIT:
	case MP_VERB_OTHER:
		break;
	}
	return class == 2;
}

static void played(struct mp_session *s, size_t step, bool success)
{
	s->results[step].status = MP_STEP_PLAYED;
	s->results[step].success = success;
}

/* The next step's reply is awaited, or the next lines go out. */
static void go_on(struct mp_session *s)
{
	if (s->head < s->tail) {
		session_set_deadline(
			s, session_deadline_of(s, s->plan->steps[s->queue[s->head]].verb));
	} else if (s->quit_sent) {
		session_set_state(s, STATE_QUIT);
		session_set_deadline(s, s->options.deadlines.quit);
	} else {
		s->head = s->tail = 0;
		s->todo = TODO_ADVANCE;
	}
}

static void after_starttls(struct mp_session *s, const struct mp_reply *reply, bool more_bytes)
{
	if (reply->code != 220) {
		go_on(s);
	} else if (s->tls) {
		/* It would begin TLS inside TLS: that is seen, and not followed. */
		session_over(s);
	} else if (more_bytes) {
		s->report.anomalies |= MP_ANOMALY_INJECTION;
		session_fail(s, MP_FAIL_PROTOCOL,
			"the server sent more than its reply to STARTTLS before TLS");
	} else {
		session_set_state(s, STATE_HANDSHAKE);
		session_set_deadline(s, s->options.deadlines.handshake);
	}
}

static void after_data(struct mp_session *s, const struct mp_reply *reply)
{
	size_t next = s->queue[s->head - 1] + 1;

	if (mp_reply_class(reply) != 3) {
		go_on(s);
		return;
	}
	if (s->options.deliver && next < s->plan->step_count &&
		s->plan->steps[next].verb == MP_VERB_CONTENT) {
		go_on(s);
		return;
	}
	/* The server would take a message now; the only safe thing to say is nothing. */
	if (!s->options.deliver) {
		s->report.anomalies |= MP_ANOMALY_DATA_ACCEPTED;
	}
	session_over(s);
}

static void after_auth(struct mp_session *s, size_t step, const struct mp_reply *reply)
{
	if (mp_reply_class(reply) == 3) {
		s->auth_step = step;
		s->todo = TODO_CANCEL;
	} else {
		go_on(s);
	}
}

/* The reply to the oldest step that waits. */
static void step_reply(struct mp_session *s, const struct mp_reply *reply, bool more_bytes)
{
	size_t index = s->queue[s->head++];
	const struct mp_step *step = &s->plan->steps[index];
	bool success = is_success(step, reply);

	session_answer(s, (size_t)s->results[index].exchange, reply);
	played(s, index, success);
	if (reply->code == CLOSING_CODE) {
		session_fail(s, MP_FAIL_CLOSING, "the server closes with 421");
		return;
	}
	switch (step->verb) {
	case MP_VERB_EHLO:
	case MP_VERB_HELO:
		s->caps = mp_capabilities_parse(reply, s->arena);
		break;
	case MP_VERB_STARTTLS:
		after_starttls(s, reply, more_bytes);
		return;
	case MP_VERB_RCPT:
		if (mp_reply_class(reply) >= 4) {
			s->rcpt_refused++;
		}
		break;
	case MP_VERB_DATA:
		after_data(s, reply);
		return;
	case MP_VERB_AUTH:
		after_auth(s, index, reply);
		return;
	case MP_VERB_GREETING:
	case MP_VERB_MAIL:
	case MP_VERB_CONTENT:
	case MP_VERB_RSET:
	case MP_VERB_NOOP:
	case MP_VERB_VRFY:
	case MP_VERB_EXPN:
	case MP_VERB_ETRN:
	case MP_VERB_QUIT:
	case MP_VERB_OTHER:
		break;
	}
	go_on(s);
}

static void login_reply(struct mp_session *s, const struct mp_reply *reply)
{
	size_t step = s->auth_step;

	session_answer(s, (size_t)s->results[step].exchange, reply);
	if (reply->code == CLOSING_CODE) {
		played(s, step, false);
		session_fail(s, MP_FAIL_CLOSING, "the server closes with 421");
		return;
	}
	if (mp_reply_class(reply) == 3) {
		if (s->exchanges.n > MP_LIMIT_REPLY_LINES) {
			s->report.anomalies |= MP_ANOMALY_AUTH;
			s->todo = TODO_CANCEL;
			return;
		}
		s->challenge = mp_reply_text(reply->lines[0]);
		s->todo = TODO_RESPOND;
		return;
	}
	bool success = mp_reply_class(reply) == 2;
	if (success && s->mechanism->complete != NULL && !s->mechanism->complete(s->auth)) {
		s->report.anomalies |= MP_ANOMALY_AUTH;
	}
	if (success) {
		s->report.mechanism = s->mechanism->name;
	}
	s->mechanism->end(s->auth);
	s->auth = NULL;
	played(s, step, success);
	session_set_state(s, STATE_REPLIES);
	go_on(s);
}

/* The reply to "*": the exchange is over, whatever it says. A probe of AUTH was answered by the
 * 334 before; a login that had to be cancelled failed. */
static void cancel_reply(struct mp_session *s, const struct mp_reply *reply)
{
	struct mp_step_result *r = &s->results[s->auth_step];

	session_answer(s, s->exchanges.n - 1, reply);
	if (s->auth != NULL) {
		s->mechanism->end(s->auth);
		s->auth = NULL;
		r->exchange = (int)(s->exchanges.n - 1);
		played(s, s->auth_step, false);
	}
	if (reply->code == CLOSING_CODE) {
		session_fail(s, MP_FAIL_CLOSING, "the server closes with 421");
		return;
	}
	session_set_state(s, STATE_REPLIES);
	go_on(s);
}

/* A reply that nobody asked for: after it no reply could be told to belong to its command. */
static void unasked(struct mp_session *s, const struct mp_reply *reply)
{
	session_answer(s, session_record(s, -1, ""), reply);
	if (reply->code == CLOSING_CODE) {
		session_fail(s, MP_FAIL_CLOSING, "the server closes with 421");
		return;
	}
	s->report.anomalies |= MP_ANOMALY_UNASKED;
	session_fail(s, MP_FAIL_PROTOCOL, "the server sent a reply to nothing");
}

void session_take_reply(struct mp_session *s, const struct mp_reply *reply, bool more_bytes)
{
	if (s->todo != TODO_NOTHING) {
		unasked(s, reply);
		return;
	}
	switch (s->state) {
	case STATE_REPLIES:
		step_reply(s, reply, more_bytes);
		return;
	case STATE_LOGIN:
		login_reply(s, reply);
		return;
	case STATE_CANCEL:
		cancel_reply(s, reply);
		return;
	case STATE_QUIT:
		session_answer(s, s->quit_exchange, reply);
		session_over(s);
		return;
	case STATE_CONNECTING:
	case STATE_HANDSHAKE:
	case STATE_OVER:
		break;
	}
	MP_BUG("a reply in a state that reads none");
}
