/*
 * session - the SMTP client machine: events in, actions out.
 *
 * DESCRIPTION
 *	mp_session_step() takes one event, lets session_reply.c judge what was received and
 *	session_send.c choose what is said next, and returns what the caller has to do. After each
 *	step the session is over, or has a deadline.
 */
#include "smtp/session.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "smtp/session_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct mp_deadlines mp_default_deadlines = {
	.connect = 10000,
	.handshake = 15000,
	/* A greeting may be delayed on purpose (postscreen 6 s), or by a look-up of the client. */
	.greeting = 35000,
	/* Postfix waits up to 9 s for an address probe before it answers RCPT. */
	.command = 20000,
	.content = 60000,
	.quit = 2000,
	.session = 180000,
};

const char *mp_failure_name(enum mp_failure failure)
{
	switch (failure) {
	case MP_FAIL_NONE:
		return "none";
	case MP_FAIL_RESOLVE:
		return "resolve";
	case MP_FAIL_CONNECT:
		return "connect";
	case MP_FAIL_TIMEOUT:
		return "timeout";
	case MP_FAIL_TLS:
		return "tls";
	case MP_FAIL_PROTOCOL:
		return "protocol";
	case MP_FAIL_CUT_OFF:
		return "cut-off";
	case MP_FAIL_CLOSING:
		return "closing";
	case MP_FAIL_INTERNAL:
		return "internal";
	}
	return "";
}

const char *mp_anomaly_name(enum mp_anomaly anomaly)
{
	switch (anomaly) {
	case MP_ANOMALY_INJECTION:
		return "injection";
	case MP_ANOMALY_DATA_ACCEPTED:
		return "data-accepted";
	case MP_ANOMALY_UNASKED:
		return "unasked";
	case MP_ANOMALY_GARBAGE:
		return "garbage";
	case MP_ANOMALY_AUTH:
		return "auth";
	case MP_ANOMALY_REPLY:
		return "reply";
	}
	return "";
}

const char *mp_skip_name(enum mp_skip skip)
{
	switch (skip) {
	case MP_SKIP_NONE:
		return "none";
	case MP_SKIP_REFUSED_EARLIER:
		return "refused-earlier";
	case MP_SKIP_NOT_OFFERED:
		return "not-offered";
	case MP_SKIP_NO_CREDENTIALS:
		return "no-credentials";
	case MP_SKIP_NO_MECHANISM:
		return "no-mechanism";
	case MP_SKIP_PLAINTEXT:
		return "plaintext";
	case MP_SKIP_UNSAFE:
		return "unsafe";
	case MP_SKIP_BUDGET:
		return "budget";
	case MP_SKIP_LEFT_OUT:
		return "left-out";
	case MP_SKIP_ENDED:
		return "ended";
	}
	return "";
}

static const char *state_phrase(enum session_state state)
{
	switch (state) {
#define X(state, phrase)                                                                           \
	case state:                                                                                \
		return phrase;
		SESSION_STATES(X)
#undef X
	}
	return "";
}

void session_set_state(struct mp_session *s, enum session_state state)
{
	if (s->state == STATE_OVER && state != STATE_OVER) {
		MP_BUG("a session that is over goes on");
	}
	s->state = state;
}

void session_set_deadline(struct mp_session *s, uint32_t ms)
{
	uint64_t end = s->begun + s->options.deadlines.session;

	s->deadline = s->now + ms < end ? s->now + ms : end;
}

uint32_t session_deadline_of(const struct mp_session *s, enum mp_verb verb)
{
	switch (verb) {
	case MP_VERB_GREETING:
		return s->options.deadlines.greeting;
	case MP_VERB_CONTENT:
		return s->options.deadlines.content;
	case MP_VERB_QUIT:
		return s->options.deadlines.quit;
	case MP_VERB_EHLO:
	case MP_VERB_HELO:
	case MP_VERB_STARTTLS:
	case MP_VERB_AUTH:
	case MP_VERB_MAIL:
	case MP_VERB_RCPT:
	case MP_VERB_DATA:
	case MP_VERB_RSET:
	case MP_VERB_NOOP:
	case MP_VERB_VRFY:
	case MP_VERB_EXPN:
	case MP_VERB_ETRN:
	case MP_VERB_OTHER:
		break;
	}
	return s->options.deadlines.command;
}

size_t session_record(struct mp_session *s, int step, const char *sent)
{
	struct mp_exchange e = {.step = step, .tls = s->tls, .sent = ""};

	s->transcript_bytes += strlen(sent);
	if (s->transcript_bytes <= MP_LIMIT_TRANSCRIPT) {
		e.sent = mp_arena_strdup(s->arena, sent);
	} else {
		s->report.truncated = true;
	}
	mp_vec_push(&s->exchanges, e);
	return s->exchanges.n - 1;
}

void session_answer(struct mp_session *s, size_t exchange, const struct mp_reply *reply)
{
	struct mp_exchange *e = &s->exchanges.v[exchange];

	e->answered = true;
	e->reply = *reply;
	e->ms = (uint32_t)(s->now - s->sent_at);
	for (size_t i = 0; i < reply->line_count; i++) {
		s->transcript_bytes += reply->lines[i].n;
	}
	if (s->transcript_bytes > MP_LIMIT_TRANSCRIPT) {
		/* Code, class and notes stay; the text goes. */
		e->reply.line_count = 1;
		s->report.truncated = true;
	}
	if (reply->notes != 0) {
		s->report.anomalies |= MP_ANOMALY_REPLY;
	}
	if (mp_reply_class(reply) >= 4) {
		s->report.rejects++;
	}
}

void session_over(struct mp_session *s)
{
	for (size_t i = 0; i < s->plan->step_count; i++) {
		struct mp_step_result *r = &s->results[i];
		if (r->status == MP_STEP_WAITING || r->status == MP_STEP_SENT) {
			r->status = MP_STEP_SKIPPED;
			r->why = MP_SKIP_ENDED;
		}
	}
	mp_buf_reset(&s->out);
	s->send_secret = false;
	session_set_state(s, STATE_OVER);
}

void session_fail(struct mp_session *s, enum mp_failure failure, const char *fmt, ...)
{
	if (s->report.failure == MP_FAIL_NONE) {
		va_list ap;
		va_start(ap, fmt);
		s->report.failure = failure;
		s->report.failure_text = mp_arena_vprintf(s->arena, fmt, ap);
		va_end(ap);
	}
	session_over(s);
}

struct mp_session *mp_session_new(const struct mp_plan *plan,
	const struct mp_session_options *options, struct mp_arena *arena, uint64_t now)
{
	struct mp_session *s = mp_alloc(sizeof *s);

	if (plan->step_count == 0 || plan->steps[0].verb != MP_VERB_GREETING) {
		MP_BUG("a plan does not begin with the greeting");
	}
	s->plan = plan;
	s->options = *options;
	s->arena = arena;
	s->now = s->begun = s->sent_at = now;
	s->budget = plan->budget != NULL ? *plan->budget : mp_default_budget;
	if (plan->budget == NULL && s->options.max_rejects > 0) {
		s->budget.rejects = s->options.max_rejects;
	}
	if (plan->budget == NULL && s->options.max_idle > 0) {
		s->budget.idle = s->options.max_idle;
	}
	if (s->options.deadlines.session == 0) {
		s->options.deadlines = mp_default_deadlines;
	}
	if (s->options.server == NULL) {
		s->options.server = "";
	}
	mp_reply_parser_init(&s->parser);
	mp_buf_init(&s->out, 1024 * 1024);
	mp_buf_init(&s->secret, MP_LIMIT_COMMAND + 2);
	s->results = mp_arena_array(arena, plan->step_count, sizeof *s->results);
	for (size_t i = 0; i < plan->step_count; i++) {
		s->results[i].exchange = -1;
	}
	s->queue = mp_alloc(plan->step_count * sizeof *s->queue);
	s->report.failure_text = "";
	s->report.mechanism = "";
	session_set_deadline(s, s->options.deadlines.connect);
	return s;
}

static void wipe(struct mp_session *s)
{
	explicit_bzero(s->secret.p, s->secret.cap);
	mp_buf_reset(&s->secret);
	s->send_secret = false;
}

static void end_auth(struct mp_session *s)
{
	if (s->auth != NULL) {
		s->mechanism->end(s->auth);
	}
	s->auth = NULL;
}

void mp_session_free(struct mp_session *s)
{
	if (s == NULL) {
		return;
	}
	end_auth(s);
	wipe(s);
	mp_reply_parser_release(&s->parser);
	mp_buf_release(&s->out);
	mp_buf_release(&s->secret);
	mp_vec_release(&s->exchanges);
	free(s->queue);
	free(s);
}

/* What the caller has to do now. */
static struct mp_action action(struct mp_session *s)
{
	struct mp_action a = {.kind = MP_ACTION_WAIT, .send = mp_slice("", 0)};

	if (s->state == STATE_OVER) {
		end_auth(s);
		a.kind = MP_ACTION_DONE;
		return a;
	}
	if (s->state == STATE_HANDSHAKE) {
		a.kind = MP_ACTION_START_TLS;
	}
	a.send = mp_buf_slice(s->send_secret ? &s->secret : &s->out);
	a.deadline = s->deadline;
	if (a.send.n > 0) {
		s->report.round_trips++;
	}
	return a;
}

struct mp_action mp_session_begin(struct mp_session *s)
{
	return action(s);
}

/* The connection is ready for the greeting. */
static void await_greeting(struct mp_session *s)
{
	s->results[0].status = MP_STEP_SENT;
	s->results[0].exchange = (int)session_record(s, 0, "");
	s->queue[s->tail++] = 0;
	s->next = 1;
	session_set_state(s, STATE_REPLIES);
	session_set_deadline(s, s->options.deadlines.greeting);
}

static void start_handshake(struct mp_session *s)
{
	session_set_state(s, STATE_HANDSHAKE);
	session_set_deadline(s, s->options.deadlines.handshake);
}

static void take_bytes(struct mp_session *s, struct mp_slice bytes)
{
	while (bytes.n > 0 && s->state != STATE_OVER) {
		size_t taken = mp_reply_parser_feed(&s->parser, bytes);
		bytes = mp_slice_from(bytes, taken);
		switch (mp_reply_parser_status(&s->parser)) {
		case MP_REPLY_MORE:
			break;
		case MP_REPLY_READY:;
			struct mp_reply reply = mp_reply_parser_take(&s->parser, s->arena);
			session_take_reply(s, &reply, bytes.n > 0);
			if (s->state == STATE_HANDSHAKE) {
				/* Whatever follows was seen by session_take_reply(). */
				return;
			}
			break;
		case MP_REPLY_GARBAGE:
			s->report.anomalies |= MP_ANOMALY_GARBAGE;
			session_fail(s, MP_FAIL_PROTOCOL, "not an SMTP reply: %s",
				mp_reply_parser_why(&s->parser));
			break;
		}
	}
}

/* What a broken-off reply said so far goes to the exchange that waits for it. */
static void keep_rest(struct mp_session *s)
{
	struct mp_slice rest = mp_reply_parser_rest(&s->parser, s->arena);

	if (rest.n == 0) {
		return;
	}
	for (size_t i = 0; i < s->exchanges.n; i++) {
		if (!s->exchanges.v[i].answered) {
			s->exchanges.v[i].rest = rest;
			s->exchanges.v[i].ms = (uint32_t)(s->now - s->sent_at);
			return;
		}
	}
	s->exchanges.v[session_record(s, -1, "")].rest = rest;
}

/* What the session was waiting for, for a message. */
static const char *waiting_for(const struct mp_session *s)
{
	if (s->state == STATE_REPLIES && s->head < s->tail) {
		enum mp_verb verb = s->plan->steps[s->queue[s->head]].verb;
		return verb == MP_VERB_GREETING ? "no greeting"
			: mp_reply_parser_inside(&s->parser)
			? mp_arena_printf(s->arena, "only half a reply to %s", mp_verb_name(verb))
			: mp_arena_printf(s->arena, "no reply to %s", mp_verb_name(verb));
	}
	return state_phrase(s->state);
}

static void on_timeout(struct mp_session *s)
{
	const char *what = waiting_for(s);

	if (s->state == STATE_QUIT) {
		session_over(s); /* best effort */
	} else if (s->now >= s->begun + s->options.deadlines.session) {
		session_fail(s, MP_FAIL_TIMEOUT, "%s: the session's %u ms are over", what,
			s->options.deadlines.session);
	} else {
		session_fail(s, MP_FAIL_TIMEOUT, "%s in time", what);
	}
}

static void on_eof(struct mp_session *s, const char *text)
{
	const char *what = waiting_for(s);

	if (s->state == STATE_QUIT) {
		session_over(s);
	} else if (s->state == STATE_CONNECTING) {
		session_fail(s, MP_FAIL_CONNECT, "%s", text);
	} else {
		session_fail(s, MP_FAIL_CUT_OFF, "%s: %s", what, text);
	}
}

/* Says what the last reply asks for. Half a reply that came ahead of it can only be unasked. */
static void do_todo(struct mp_session *s)
{
	enum session_todo todo = s->todo;

	if (s->state == STATE_OVER) {
		return;
	}
	if (todo != TODO_NOTHING && mp_reply_parser_inside(&s->parser)) {
		s->report.anomalies |= MP_ANOMALY_UNASKED;
		session_fail(s, MP_FAIL_PROTOCOL, "the server sent a reply to nothing");
		return;
	}
	s->todo = TODO_NOTHING;
	switch (todo) {
	case TODO_NOTHING:
		break;
	case TODO_ADVANCE:
		session_advance(s);
		break;
	case TODO_RESPOND:
		session_login_respond(s);
		break;
	case TODO_CANCEL:
		session_cancel_auth(s);
		break;
	}
}

static void on_tls_up(struct mp_session *s)
{
	if (s->state != STATE_HANDSHAKE) {
		MP_BUG("TLS came up unasked");
	}
	s->tls = s->report.tls = true;
	/* RFC 3207 4.2: what was learnt in clear is worth nothing now. */
	s->caps = (struct mp_capabilities){0};
	s->rcpt_sent = s->rcpt_refused = 0;
	if (s->results[0].status == MP_STEP_WAITING) {
		await_greeting(s);
	} else {
		s->head = s->tail = 0;
		session_advance(s);
	}
}

struct mp_action mp_session_step(struct mp_session *s, const struct mp_event *event, uint64_t now)
{
	s->now = now;
	wipe(s);
	mp_buf_reset(&s->out);
	if (s->state == STATE_OVER) {
		return action(s);
	}
	/* A server that drips meets every deadline but this one. */
	if (now >= s->begun + s->options.deadlines.session) {
		on_timeout(s);
		keep_rest(s);
		return action(s);
	}
	switch (event->kind) {
	case MP_EVENT_CONNECTED:
		s->sent_at = now;
		s->report.connected = true;
		if (s->plan->implicit_tls) {
			start_handshake(s);
		} else {
			await_greeting(s);
		}
		break;
	case MP_EVENT_BYTES:
		if (s->state == STATE_CONNECTING || s->state == STATE_HANDSHAKE) {
			MP_BUG("bytes before the connection is ready");
		}
		take_bytes(s, event->bytes);
		do_todo(s);
		break;
	case MP_EVENT_REPLY:
		session_take_reply(s, event->reply, false);
		do_todo(s);
		break;
	case MP_EVENT_TLS_UP:
		on_tls_up(s);
		break;
	case MP_EVENT_TLS_FAILED:
		session_fail(s, MP_FAIL_TLS, "%s", event->text);
		break;
	case MP_EVENT_TIMEOUT:
		on_timeout(s);
		break;
	case MP_EVENT_EOF:
		on_eof(s, "the server closed the connection");
		break;
	case MP_EVENT_ERROR:
		on_eof(s, event->text);
		break;
	}
	if (s->state == STATE_OVER) {
		keep_rest(s);
	}
	return action(s);
}

void mp_session_abort(struct mp_session *s, enum mp_failure failure, const char *text)
{
	if (s->state != STATE_OVER) {
		session_fail(s, failure, "%s", text);
	}
}

const struct mp_session_report *mp_session_report(struct mp_session *s)
{
	struct mp_exchange *copy = mp_arena_array(s->arena, s->exchanges.n, sizeof *copy);

	if (s->exchanges.n > 0) {
		memcpy(copy, s->exchanges.v, s->exchanges.n * sizeof *copy);
	}
	s->report.exchanges = copy;
	s->report.exchange_count = s->exchanges.n;
	s->report.results = s->results;
	struct mp_session_report *report = MP_ARENA_NEW(s->arena, struct mp_session_report);
	*report = s->report;
	return report;
}
