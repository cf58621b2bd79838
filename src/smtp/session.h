/*
 * session - the client side of an SMTP session as a machine without input or output.
 *
 * It plays a plan. The caller tells it what happened (an event) and does what it answers (an
 * action): send these bytes, then wait, start TLS, or close. There is no descriptor, no clock and
 * no callback inside, so a test drives it with a fake clock, and predict with a simulated server.
 *
 * What it guarantees, whatever the plan and the server say:
 *  - it does not talk before the greeting, and says QUIT at the end (best effort);
 *  - without `deliver`, DATA is sent only when every recipient of the transaction was seen to be
 *    refused; if 354 comes all the same, not one more byte is sent and the connection is closed;
 *  - at most so many replies of class 4 and 5, and so many idle commands, as the plan's budget has:
 *    what could exceed it is skipped;
 *  - no password is sent over a connection that others can read, unless that is allowed, and none
 *    reaches the transcript;
 *  - bytes behind the reply to STARTTLS end the session (RFC 3207, CVE-2011-0411), and
 *    capabilities are forgotten when TLS begins;
 *  - 421 ends the session at any time; every command has a deadline, and so has the session.
 */
#ifndef MP_SMTP_SESSION_H
#define MP_SMTP_SESSION_H

#include "base/arena.h"
#include "smtp/auth.h"
#include "smtp/capability.h"
#include "smtp/plan.h"
#include "smtp/reply.h"

#include <stdint.h>

/* How a session failed; an observation, not an error of the program. */
enum mp_failure {
	MP_FAIL_NONE,
	MP_FAIL_RESOLVE, /* the name has no address, or cannot be resolved */
	MP_FAIL_CONNECT, /* refused, unreachable */
	MP_FAIL_TIMEOUT, /* a command's or the session's deadline passed */
	MP_FAIL_TLS, /* the handshake failed */
	MP_FAIL_PROTOCOL, /* what came is no SMTP, or came unasked */
	MP_FAIL_CUT_OFF, /* the server closed before the end */
	MP_FAIL_CLOSING, /* the server said 421 (RFC 5321 3.8) */
	MP_FAIL_INTERNAL /* this side could not go on */
};

/* "none", "resolve", "connect", "timeout", "tls", "protocol", "cut-off", "closing", "internal" */
const char *mp_failure_name(enum mp_failure failure);

/* What a hostile or broken server did: bits. */
enum mp_anomaly {
	MP_ANOMALY_INJECTION = 1 << 0, /* bytes behind the reply to STARTTLS */
	MP_ANOMALY_DATA_ACCEPTED = 1 << 1, /* 354 though every recipient was refused */
	MP_ANOMALY_UNASKED = 1 << 2, /* a reply to nothing */
	MP_ANOMALY_GARBAGE = 1 << 3, /* no reply of SMTP */
	MP_ANOMALY_AUTH = 1 << 4, /* a challenge that the mechanism cannot follow */
	MP_ANOMALY_REPLY = 1 << 5 /* some reply has notes (mp_reply.notes) */
};

/* "injection", "data-accepted", "unasked", "garbage", "auth", "reply" */
const char *mp_anomaly_name(enum mp_anomaly anomaly);

/* Milliseconds for each kind of reply. RFC 5321 4.5.3.2 asks for minutes; a prober asks many
 * servers and waits less. */
struct mp_deadlines {
	uint32_t connect, handshake, greeting, command, content, quit, session;
};

extern const struct mp_deadlines mp_default_deadlines;

struct mp_session_options {
	unsigned max_rejects; /* of plans without a budget; 0: the default */
	unsigned max_idle; /* the same of idle commands */
	bool deliver; /* let DATA follow an accepted recipient */
	bool pipelining; /* use it where the server offers it (RFC 2920) */
	bool allow_plaintext_auth; /* passwords in clear: allowed, or nobody can read along */
	const struct mp_login *login; /* NULL: none, logins are skipped */
	const struct mp_auth_mechanism *const *mechanisms; /* best first */
	size_t mechanism_count;
	const char *server; /* the host's name, for mechanisms that need it */
	struct mp_deadlines deadlines; /* all 0: the defaults */
};

enum mp_step_status {
	MP_STEP_WAITING, /* not yet sent */
	MP_STEP_SENT, /* no reply yet */
	MP_STEP_PLAYED, /* answered: reply is set */
	MP_STEP_SKIPPED /* not sent, or never answered: why is set */
};

/* Why a step proves nothing. */
enum mp_skip {
	MP_SKIP_NONE,
	MP_SKIP_REFUSED_EARLIER, /* a step that it needs was refused */
	MP_SKIP_NOT_OFFERED, /* STARTTLS is not offered */
	MP_SKIP_NO_CREDENTIALS,
	MP_SKIP_NO_MECHANISM, /* no mechanism that both sides have */
	MP_SKIP_PLAINTEXT, /* the password could be read along */
	MP_SKIP_UNSAFE, /* DATA, but a recipient was accepted */
	MP_SKIP_BUDGET, /* too many rejects: left for another connection */
	MP_SKIP_LEFT_OUT, /* the plan leaves it out */
	MP_SKIP_ENDED /* the session ended before its reply: failure says how */
};

/* "refused-earlier", "not-offered", "no-credentials", ... */
const char *mp_skip_name(enum mp_skip skip);

struct mp_step_result {
	enum mp_step_status status;
	enum mp_skip why;
	bool success; /* 2xx, or 3xx where that is what was wanted */
	int exchange; /* the one with the (last) reply, or -1 */
};

/* One thing said and what came back. Passwords are replaced by "***". */
struct mp_exchange {
	const char *sent; /* without CR LF; "" for the greeting and for what came unasked */
	int step; /* of the plan; -1 for QUIT and what came unasked */
	bool answered;
	bool tls; /* under TLS */
	uint32_t ms; /* from sending (of a group: from its sending) to the end of the reply */
	struct mp_reply reply; /* when answered */
	struct mp_slice rest; /* what came instead of a reply, or of an unfinished one */
};

struct mp_session_report {
	enum mp_failure failure;
	const char *failure_text; /* "no reply to RCPT within 20 s"; "" */
	bool connected; /* the connection stood, whatever came then */
	unsigned anomalies; /* enum mp_anomaly */
	const struct mp_step_result *results; /* one per step of the plan */
	const struct mp_exchange *exchanges;
	size_t exchange_count;
	bool truncated; /* the transcript was cut at MP_LIMIT_TRANSCRIPT */
	const char *mechanism; /* of the successful login, or "" */
	unsigned rejects, round_trips;
	bool tls;
};

enum mp_event_kind {
	MP_EVENT_CONNECTED,
	MP_EVENT_BYTES, /* received: bytes */
	MP_EVENT_REPLY, /* a reply already parsed (of a simulated server): reply */
	MP_EVENT_TLS_UP,
	MP_EVENT_TLS_FAILED, /* text */
	MP_EVENT_TIMEOUT, /* the deadline of the last action has passed */
	MP_EVENT_EOF,
	MP_EVENT_ERROR /* text: reading or writing failed */
};

struct mp_event {
	enum mp_event_kind kind;
	struct mp_slice bytes;
	const struct mp_reply *reply;
	const char *text;
};

enum mp_action_kind {
	MP_ACTION_WAIT, /* for bytes, until the deadline */
	MP_ACTION_START_TLS, /* begin the handshake; tell TLS_UP or TLS_FAILED */
	MP_ACTION_DONE /* close the connection */
};

struct mp_action {
	enum mp_action_kind kind;
	struct mp_slice send; /* first send these; valid until the next step. Of DONE: empty. */
	uint64_t deadline; /* on the caller's clock, milliseconds */
};

struct mp_session;

/* A session for one plan, begun at `now` (the session's deadline counts from here). The plan, the
 * options' pointers and the arena must outlive it; the report lives in the arena. */
struct mp_session *mp_session_new(const struct mp_plan *plan,
	const struct mp_session_options *options, struct mp_arena *arena, uint64_t now);
/* Frees and wipes all but the report. */
void mp_session_free(struct mp_session *s);
/* What to do until CONNECTED: WAIT with the connect deadline. */
struct mp_action mp_session_begin(struct mp_session *s);
struct mp_action mp_session_step(struct mp_session *s, const struct mp_event *event, uint64_t now);
/* Ends the session from outside (the connection could not be made): the failure is recorded. */
void mp_session_abort(struct mp_session *s, enum mp_failure failure, const char *text);
/* The report so far; complete after MP_ACTION_DONE. */
const struct mp_session_report *mp_session_report(struct mp_session *s);

#endif
