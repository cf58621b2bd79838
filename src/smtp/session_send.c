/*
 * session_send - what the session says next.
 *
 * DESCRIPTION
 *	Steps are sent in the order of the plan. Where the server offers PIPELINING, RSET, MAIL and
 *	RCPT go out in one write (RFC 2920 3.1), with QUIT behind the last of them; every other
 *	command waits for its reply. A step that cannot be sent is skipped with its reason, and so
 *	is what rests on it.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "smtp/base64.h"
#include "smtp/session_internal.h"

#include <string.h>

static bool may_join(enum mp_verb verb)
{
	return verb == MP_VERB_RSET || verb == MP_VERB_MAIL || verb == MP_VERB_RCPT;
}

/* Whether the step may be the last of a group: an EHLO between transactions. */
static bool may_end_group(const struct mp_step *step)
{
	return step->verb == MP_VERB_EHLO && step->unit != 0;
}

static void skip(struct mp_session *s, size_t step, enum mp_skip why)
{
	s->results[step].status = MP_STEP_SKIPPED;
	s->results[step].why = why;
}

/* The best mechanism that both sides have and that may be used here; sets *why otherwise. */
static const struct mp_auth_mechanism *choose(struct mp_session *s, enum mp_skip *why)
{
	*why = MP_SKIP_NO_MECHANISM;
	for (size_t i = 0; i < s->options.mechanism_count; i++) {
		const struct mp_auth_mechanism *m = s->options.mechanisms[i];
		if (!mp_capability_has(&s->caps, "AUTH", m->name)) {
			continue;
		}
		if (m->reveals_password && !s->tls && !s->options.allow_plaintext_auth) {
			*why = MP_SKIP_PLAINTEXT;
			continue;
		}
		*why = MP_SKIP_NONE;
		return m;
	}
	return NULL;
}

/* Whether the plan has a message for this DATA. */
static bool has_content(const struct mp_session *s, size_t data)
{
	return data + 1 < s->plan->step_count && s->plan->steps[data + 1].verb == MP_VERB_CONTENT;
}

static bool is_left_out(const struct mp_session *s, size_t index)
{
	return s->plan->left_out != NULL && s->plan->left_out[index];
}

/* Whether the step cannot be sent now. Replies that are still to come are taken to be good. */
static enum mp_skip obstacle(struct mp_session *s, size_t index)
{
	const struct mp_step *step = &s->plan->steps[index];

	if (is_left_out(s, index)) {
		return MP_SKIP_LEFT_OUT;
	}
	if (step->after >= 0) {
		const struct mp_step_result *r = &s->results[step->after];
		if (r->status == MP_STEP_SKIPPED) {
			return r->why;
		}
		if (r->status == MP_STEP_PLAYED && !r->success) {
			return MP_SKIP_REFUSED_EARLIER;
		}
	}
	switch (step->verb) {
	case MP_VERB_STARTTLS:
		if (step->role != MP_ROLE_TEST &&
			(s->tls || mp_capability_find(&s->caps, "STARTTLS") == NULL)) {
			return MP_SKIP_NOT_OFFERED;
		}
		break;
	case MP_VERB_AUTH:
		if (step->login) {
			enum mp_skip why;
			if (s->options.login == NULL) {
				return MP_SKIP_NO_CREDENTIALS;
			}
			choose(s, &why);
			return why;
		}
		break;
	case MP_VERB_DATA:
		/* The promise that nothing is delivered but the message that is meant to be. */
		if (s->rcpt_refused < s->rcpt_sent &&
			!(s->options.deliver && has_content(s, index))) {
			return MP_SKIP_UNSAFE;
		}
		break;
	case MP_VERB_CONTENT:
		if (!s->options.deliver) {
			return MP_SKIP_UNSAFE;
		}
		break;
	case MP_VERB_GREETING:
	case MP_VERB_EHLO:
	case MP_VERB_HELO:
	case MP_VERB_MAIL:
	case MP_VERB_RCPT:
	case MP_VERB_RSET:
	case MP_VERB_NOOP:
	case MP_VERB_VRFY:
	case MP_VERB_EXPN:
	case MP_VERB_ETRN:
	case MP_VERB_QUIT:
	case MP_VERB_OTHER:
		break;
	}
	return MP_SKIP_NONE;
}

/* Whether the same sender was taken in this session before. One that was only sent counts as
 * unknown: if it is refused, each of its transactions in the same write brings two rejects. */
static bool sender_known(const struct mp_session *s, const struct mp_step *step)
{
	for (size_t i = 0; i < s->next; i++) {
		const struct mp_step *other = &s->plan->steps[i];
		if (other->verb == MP_VERB_MAIL && mp_str_eq(other->line, step->line) &&
			s->results[i].success) {
			return true;
		}
	}
	return false;
}

/* How many rejects a step may bring at worst. */
static unsigned risk_of(const struct mp_session *s, const struct mp_step *step)
{
	switch (step->verb) {
	case MP_VERB_MAIL:
		return sender_known(s, step) ? 0 : 1;
	case MP_VERB_STARTTLS:
		return step->role == MP_ROLE_TEST ? 1 : 0;
	case MP_VERB_GREETING:
	case MP_VERB_EHLO:
	case MP_VERB_HELO:
	case MP_VERB_RSET:
	case MP_VERB_NOOP:
	case MP_VERB_QUIT:
		return 0;
	case MP_VERB_AUTH:
	case MP_VERB_RCPT:
	case MP_VERB_DATA:
	case MP_VERB_CONTENT:
	case MP_VERB_VRFY:
	case MP_VERB_EXPN:
	case MP_VERB_ETRN:
	case MP_VERB_OTHER:
		break;
	}
	return 1;
}

/* The risk of a transaction, or of a single set-up step. When each step waits for the reply to the
 * one before, a refused sender is the last that is said. */
static unsigned unit_risk(const struct mp_session *s, size_t index, bool in_one_write)
{
	const struct mp_plan *plan = s->plan;
	unsigned unit = plan->steps[index].unit, sender = 0, others = 0;

	if (unit == 0) {
		return risk_of(s, &plan->steps[index]);
	}
	for (size_t i = index; i < plan->step_count && plan->steps[i].unit == unit; i++) {
		unsigned risk = risk_of(s, &plan->steps[i]);
		if (plan->steps[i].verb == MP_VERB_MAIL) {
			sender += risk;
		} else {
			others += risk;
		}
	}
	if (in_one_write) {
		return sender + others;
	}
	return others > sender ? others : sender;
}

static void put_line(struct mp_session *s, size_t index)
{
	const struct mp_step *step = &s->plan->steps[index];

	if (step->verb == MP_VERB_CONTENT) {
		mp_content_put(&s->out, mp_slice_str(step->line));
	} else if (!mp_command_put(&s->out, mp_slice_str(step->line))) {
		MP_BUG("a plan holds a line that may not be sent");
	}
	s->results[index].status = MP_STEP_SENT;
	s->results[index].exchange = (int)session_record(s, (int)index, step->line);
	s->queue[s->tail++] = index;
	s->idle += mp_verb_is_idle(step->verb);
	if (step->verb == MP_VERB_MAIL || step->verb == MP_VERB_RSET) {
		s->rcpt_sent = s->rcpt_refused = 0;
	} else if (step->verb == MP_VERB_RCPT) {
		s->rcpt_sent++;
	}
}

void session_quit(struct mp_session *s)
{
	s->sent_at = s->now;
	mp_buf_puts(&s->out, "QUIT\r\n");
	s->quit_exchange = session_record(s, -1, "QUIT");
	session_set_state(s, STATE_QUIT);
	session_set_deadline(s, s->options.deadlines.quit);
}

/* The first step to send, past those that cannot be sent; false when nothing is left. */
static bool find_next(struct mp_session *s)
{
	while (s->next < s->plan->step_count) {
		if (s->head != s->tail && !may_join(s->plan->steps[s->next].verb) &&
			!is_left_out(s, s->next)) {
			return true; /* it has to wait for replies, and they decide */
		}
		enum mp_skip why = obstacle(s, s->next);
		if (why == MP_SKIP_NONE) {
			return true;
		}
		skip(s, s->next++, why);
	}
	return false;
}

/* Leaves everything from here on to another connection. */
static void leave_rest(struct mp_session *s)
{
	while (s->next < s->plan->step_count) {
		enum mp_skip why = obstacle(s, s->next);
		skip(s, s->next++, why == MP_SKIP_NONE ? MP_SKIP_BUDGET : why);
	}
}

/* How a step may go out. */
enum fit {
	FITS, /* with what stands in this write already, and what follows */
	FITS_ALONE, /* as the last of its write */
	FITS_NOT /* the budget would not bear it */
};

/* Whether the budget bears the step now; risk: of what stands in this write already. */
static enum fit fit_of(const struct mp_session *s, size_t index, bool joined, unsigned *risk)
{
	const struct mp_step *step = &s->plan->steps[index];
	unsigned left = s->budget.rejects - s->report.rejects;

	if (mp_verb_is_idle(step->verb) && s->idle >= s->budget.idle) {
		return FITS_NOT;
	}
	if (s->report.rejects > s->budget.rejects) {
		left = 0;
	}
	if (step->unit != 0 && step->unit == s->unit) {
		return FITS; /* its unit fitted */
	}
	unsigned more = unit_risk(s, index, joined && !step->alone);
	/* A refused sender with its recipient costs two: one is kept for what comes after them. */
	unsigned spare = risk_of(s, step) > 0 && more > 1 ? 1 : 0;
	if (more == 0 || *risk + more + spare <= left) {
		*risk += more;
		return FITS;
	}
	return s->head == s->tail && unit_risk(s, index, false) <= left ? FITS_ALONE : FITS_NOT;
}

void session_advance(struct mp_session *s)
{
	bool pipelining = s->options.pipelining && mp_capability_find(&s->caps, "PIPELINING");
	unsigned risk = 0; /* of what is in this write */
	bool joined = true, more = true;

	s->sent_at = s->now;
	while (more && find_next(s)) {
		const struct mp_step *step = &s->plan->steps[s->next];
		bool empty = s->head == s->tail;
		joined = pipelining && may_join(step->verb);
		if (!empty && !joined && !(pipelining && may_end_group(step))) {
			break;
		}
		if (empty && step->unit != 0 && step->unit == s->unit) {
			risk = unit_risk(s, s->next, joined);
		}
		enum fit fit = fit_of(s, s->next, joined, &risk);
		if (fit == FITS_NOT) {
			if (empty) {
				leave_rest(s);
			}
			break;
		}
		s->unit = step->unit;
		more = joined && fit == FITS && !step->alone;
		if (step->login) {
			session_login_begin(s, s->next++);
			return;
		}
		put_line(s, s->next++);
	}
	if (s->head == s->tail) {
		session_quit(s);
		return;
	}
	session_set_state(s, STATE_REPLIES);
	session_set_deadline(s, session_deadline_of(s, s->plan->steps[s->queue[s->head]].verb));
	if (pipelining && joined && s->next == s->plan->step_count) {
		mp_buf_puts(&s->out, "QUIT\r\n");
		s->quit_exchange = session_record(s, -1, "QUIT");
		s->quit_sent = true;
	}
}

static void fail_login(struct mp_session *s)
{
	s->report.anomalies |= MP_ANOMALY_AUTH;
	session_cancel_auth(s);
}

/* What is sent next is a secret. Its buffer must not move while it holds one: memory that it left
 * could not be wiped. */
static void send_secret(struct mp_session *s)
{
	mp_buf_reserve(&s->secret);
	s->send_secret = true;
}

void session_login_begin(struct mp_session *s, size_t step)
{
	enum mp_skip why;

	s->mechanism = choose(s, &why);
	s->auth = s->mechanism->start(s->options.login, s->options.server);
	s->auth_step = step;
	if (s->auth == NULL) {
		skip(s, step, MP_SKIP_NO_MECHANISM);
		session_advance(s);
		return;
	}
	const char *shown = mp_arena_printf(s->arena, "AUTH %s%s", s->mechanism->name,
		s->mechanism->client_first ? " ***" : "");
	s->results[step].status = MP_STEP_SENT;
	s->results[step].exchange = (int)session_record(s, (int)step, shown);
	session_set_state(s, STATE_LOGIN);
	session_set_deadline(s, s->options.deadlines.command);
	send_secret(s);
	mp_buf_printf(&s->secret, "AUTH %s", s->mechanism->name);
	if (s->mechanism->client_first) {
		char response[2048];
		size_t n;
		if (s->mechanism->respond(
			    s->auth, mp_slice("", 0), response, sizeof response, &n) != 0) {
			mp_buf_reset(&s->secret);
			s->send_secret = false;
			s->mechanism->end(s->auth);
			s->auth = NULL;
			skip(s, step, MP_SKIP_NO_MECHANISM);
			session_advance(s);
			return;
		}
		/* RFC 4954 4: an empty initial response is "=". */
		mp_buf_puts(&s->secret, n > 0 ? " " : " =");
		mp_base64_encode(&s->secret, mp_slice(response, n));
		explicit_bzero(response, sizeof response);
	}
	mp_buf_puts(&s->secret, "\r\n");
}

void session_login_respond(struct mp_session *s)
{
	struct mp_buf plain;
	char response[2048];
	size_t n = 0;

	mp_buf_init(&plain, MP_LIMIT_REPLY_LINE);
	bool good = mp_base64_decode(&plain, s->challenge) &&
		s->mechanism->respond(
			s->auth, mp_buf_slice(&plain), response, sizeof response, &n) == 0;
	mp_buf_release(&plain);
	if (!good) {
		fail_login(s);
		return;
	}
	s->sent_at = s->now;
	s->results[s->auth_step].exchange = (int)session_record(s, (int)s->auth_step, "***");
	send_secret(s);
	mp_base64_encode(&s->secret, mp_slice(response, n));
	mp_buf_puts(&s->secret, "\r\n");
	explicit_bzero(response, sizeof response);
	session_set_deadline(s, s->options.deadlines.command);
}

void session_cancel_auth(struct mp_session *s)
{
	s->sent_at = s->now;
	mp_buf_puts(&s->out, "*\r\n");
	session_record(s, (int)s->auth_step, "*");
	session_set_state(s, STATE_CANCEL);
	session_set_deadline(s, s->options.deadlines.command);
}
