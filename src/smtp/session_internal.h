/* session_internal - the session machine's own state, shared by its files and nobody else. */
#ifndef MP_SMTP_SESSION_INTERNAL_H
#define MP_SMTP_SESSION_INTERNAL_H

#include "base/vec.h"
#include "smtp/session.h"

/* Name and meaning of every state. */
#define SESSION_STATES(X)                                                                          \
	X(STATE_CONNECTING, "connecting")                                                          \
	X(STATE_HANDSHAKE, "starting TLS")                                                         \
	X(STATE_REPLIES, "waiting for replies")                                                    \
	X(STATE_LOGIN, "logging in")                                                               \
	X(STATE_CANCEL, "cancelling an AUTH exchange")                                             \
	X(STATE_QUIT, "waiting for the reply to QUIT")                                             \
	X(STATE_OVER, "over")

enum session_state {
#define X(state, phrase) state,
	SESSION_STATES(X)
#undef X
};

/* What the last reply asks for. It is done when all that was received has been read, so that bytes
 * which the server sent ahead of our next line are seen to be that. */
enum session_todo { TODO_NOTHING, TODO_ADVANCE, TODO_RESPOND, TODO_CANCEL };

struct mp_session {
	const struct mp_plan *plan;
	struct mp_session_options options;
	struct mp_budget budget;
	struct mp_arena *arena;
	enum session_state state;
	enum session_todo todo;
	struct mp_slice challenge; /* of TODO_RESPOND */
	uint64_t now, begun, sent_at, deadline;

	struct mp_reply_parser parser;
	struct mp_buf out; /* what the next action sends */
	struct mp_buf secret; /* the same when it holds a password: wiped after each step */
	bool send_secret;

	struct mp_step_result *results;
	size_t next; /* the next step to send */
	size_t *queue; /* steps sent and not answered, oldest first */
	size_t head, tail;
	bool quit_sent; /* at the end of the last group */
	size_t quit_exchange;

	bool tls;
	struct mp_capabilities caps;
	unsigned rcpt_sent, rcpt_refused; /* in this transaction */
	unsigned unit; /* whose steps are being sent */
	unsigned idle; /* idle commands sent */

	const struct mp_auth_mechanism *mechanism;
	void *auth;
	size_t auth_step; /* the step of the exchange that is being carried out or cancelled */

	MP_VEC(struct mp_exchange) exchanges;
	size_t transcript_bytes;
	struct mp_session_report report;
};

/* session.c */
void session_set_state(struct mp_session *s, enum session_state state);
/* Records what is sent for a step (-1: none) and returns the index of the exchange. */
size_t session_record(struct mp_session *s, int step, const char *sent);
/* Records an answer. */
void session_answer(struct mp_session *s, size_t exchange, const struct mp_reply *reply);
/* Ends the session; steps without an answer prove nothing. */
void session_fail(struct mp_session *s, enum mp_failure failure, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void session_over(struct mp_session *s);
void session_set_deadline(struct mp_session *s, uint32_t ms);
uint32_t session_deadline_of(const struct mp_session *s, enum mp_verb verb);

/* session_send.c: sends what can be sent next, or QUIT. */
void session_advance(struct mp_session *s);
void session_quit(struct mp_session *s);
/* Sends one response of the mechanism (the first goes with the AUTH command). */
void session_login_begin(struct mp_session *s, size_t step);
void session_login_respond(struct mp_session *s);
void session_cancel_auth(struct mp_session *s);

/* session_reply.c: what a reply means. */
void session_take_reply(struct mp_session *s, const struct mp_reply *reply, bool more_bytes);

#endif
