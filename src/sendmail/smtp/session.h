/*
 * session - a dialogue with the simulated sendmail: what the parts of the SMTP server share.
 *
 * session.c takes lines apart and hands commands out, the command_*.c carry them out, reply.c
 * words what is said, check.c asks the rulesets. Reference 2 and 3 say what is modelled.
 */
#ifndef SM_SMTP_SESSION_H
#define SM_SMTP_SESSION_H

#include "input/input.h"
#include "sendmail/rule/trace.h"
#include "sendmail/smtp/alias.h"
#include "sendmail/smtp/daemon.h"
#include "sendmail/smtp/header.h"
#include "sendmail/smtp/mailer.h"
#include "sendmail/smtp/settings.h"
#include "server/server.h"

/* What sessions share; not changed by them. */
struct sm_engine {
	struct mp_arena *arena;
	struct sm_cf *cf;
	struct mp_input *input;
	struct mp_findings *findings;
	const struct mp_facts *facts;
	struct sm_daemons daemons;
	struct sm_deliveries mailers;
	struct sm_aliases *aliases;
	struct sm_header_checks headers;
	struct sm_settings settings;
	struct mp_strings client_patterns; /* names of clients that could be told apart */
	unsigned aspects; /* enum mp_aspect: whose macros rules look at */
};

/* What is offered to this client (srv_features, reference 2.10). */
enum sm_feature {
	SM_OFFER_AUTH = 1 << 0,
	SM_OFFER_VERB = 1 << 1,
	SM_REQUIRE_SECURITY = 1 << 2,
	SM_OFFER_DSN = 1 << 3,
	SM_OFFER_ETRN = 1 << 4,
	SM_REQUIRE_AUTH = 1 << 5,
	SM_OFFER_PIPELINING = 1 << 6,
	SM_OFFER_TLS = 1 << 7,
	SM_VERIFY_CLIENT = 1 << 8,
	SM_OFFER_EXPN = 1 << 9,
	SM_OFFER_UTF8 = 1 << 10,
	SM_ALLOW_EARLY = 1 << 11 /* to talk before EHLO or DATA was answered */
};

/* What the client's next bytes are. */
enum sm_waiting { SM_WAIT_COMMAND, SM_WAIT_CONTENT, SM_WAIT_AUTH };

struct sm_pending {
	struct mp_sim_reply reply;
	struct sm_pending *next;
};

/* What has become of a recipient (q_state). */
enum sm_recipient_state {
	SM_RECIPIENT_OK,
	SM_RECIPIENT_QUEUED, /* a lookup failed for now: "(will queue)" */
	SM_RECIPIENT_VERIFIED, /* not looked at any more: an alias, or mail that is thrown away */
	SM_RECIPIENT_REPLACED, /* ruleset 5 led to another, which is in the list as well */
};

/* A recipient of the transaction, or what ruleset 5 put in its place. */
struct sm_recipient {
	const struct sm_delivery *mailer;
	const char *host, *user;
	const char *said; /* as the first RCPT that named it */
	enum sm_recipient_state state;
	const struct sm_recipient *by; /* what it is replaced by; NULL: nothing */
	bool settled; /* it was taken: a later one that is the same is this one */
	bool account; /* of this host */
	bool alias;
	enum mp_taken taken;
};

/* What was said once of an envelope, and is not forgotten before it ends. */
struct sm_given {
	bool auth, envid, ret; /* parameters of MAIL */
	bool mime; /* BODY=8BITMIME */
	bool commas; /* VRFY or EXPN had what only newer forms have: blanks part no addresses */
};

struct sm_recipients {
	struct sm_recipient **v;
	size_t n, cap;
};

/* What has had a part in a check: a rule that let pass, or what was found: an entry, a word of a
 * class. */
struct sm_step {
	struct mp_loc loc;
	bool rule;
};

enum sm_auth_state { SM_AUTH_NOT, SM_AUTH_UNDER_WAY, SM_AUTH_DONE };

struct sm_session {
	const struct sm_engine *engine;
	const struct sm_cf *cf;
	const struct sm_settings *settings;
	const struct sm_daemon *daemon;
	struct mp_world *world;
	struct mp_arena *arena;
	struct mp_connect connect; /* copied */
	struct sm_run run;

	/* input and output */
	struct mp_slice input; /* bytes of one write that are not read yet */
	enum sm_waiting waiting;
	struct sm_pending *first, **last, *latest;
	bool ended; /* closed behind what is pending */
	const char *lost; /* why it cannot be followed any more; NULL while it can */

	/* the client */
	const char *client_addr, *client_name;
	const char *client_shown; /* $_ */
	unsigned consulted; /* enum mp_aspect */
	unsigned features; /* enum sm_feature */
	struct mp_reasons features_because;
	const char *nullserver; /* what nearly every command is answered; NULL: nothing */
	struct mp_reasons nullserver_because;
	char delivery; /* the delivery mode in force: one of SM_DELIVERY_MODES */
	bool tempfail; /* milters: every command of consequence fails for now */
	const char *milter_digits; /* first digits that a milter may answer with; NULL: none does */

	/* what was said */
	bool talked; /* the first line was read */
	bool greeted; /* HELO or EHLO was accepted */
	bool verbose; /* VERB was: whoever is mailed to is told more than replies */
	const char *helo, *protocol;
	unsigned bad_commands, helos, noops, verifies, etrns, auths;

	/* TLS and AUTH */
	bool tls;
	const char *verify, *cert_subject; /* macros of the moment; NULL: none */
	enum sm_auth_state auth;
	const char *auth_mechanism, *auth_user;
	unsigned auth_step;
	struct mp_strings mechanisms; /* what AUTH accepts and EHLO shows */
	size_t library_mechanisms; /* how many the library offers under the options */
	bool mechanisms_open; /* which there are is not known */

	/* the transaction */
	bool got_mail, discarding, discard_all;
	const char *to; /* the address that replies begin with; NULL: none */
	const char *scanned; /* what the next error names in its place; NULL: nothing */
	struct sm_recipients recipients;
	unsigned recipient_count; /* RCPT commands that got a 250 */
	unsigned bad_recipients;
	bool throttled; /* some command met with BadRcptThrottle, which counts one more */
	long long size;
	bool seven_bits; /* the eighth of what comes in is cut off (SevenBitInput, BODY=) */
	struct sm_given given;
	bool orcpt; /* was given with this RCPT */

	/* rules at work: for turns and reasons */
	struct sm_recorder recorder; /* of a traced session */
	struct mp_turn *turns;
	size_t turn_count, turn_cap;
	struct sm_step *steps; /* of the check under way: what has brought it about */
	size_t step_count, step_cap;
};

/* ---- session.c -------------------------------------------------------------------------------
 */

/* Connects to a daemon and fills the greeting; NULL when the server closed. */
struct sm_session *sm_session_open(const struct sm_engine *engine, const struct sm_daemon *daemon,
	struct mp_world *world, struct mp_arena *arena, const struct mp_connect *connect,
	struct mp_sim_reply *greeting);
/* Lines that the client sends in one write; fills replies[0..n-1]. */
void sm_session_say(
	struct sm_session *s, const struct mp_slice *lines, size_t n, struct mp_sim_reply *replies);
/* Forgets the transaction (RSET, EHLO). */
void sm_session_reset(struct sm_session *s);
/* Counts a command of which only so many are borne. True when the session was ended with 421. */
bool sm_session_attacked(struct sm_session *s, unsigned *counter, long most);
/* Whether the client has talked on before this command was answered, where it must not: it is told
 * so. */
bool sm_session_early(struct sm_session *s);

/* ---- reply.c ---------------------------------------------------------------------------------
 */

/* Says a line: "250 2.0.0 OK". Where the address of the moment belongs before the text, it is put
 * there; an error's enhanced code is made up where it has none. */
void sm_message(struct sm_session *s, struct mp_reasons because, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void sm_usrerr(struct sm_session *s, struct mp_reasons because, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* What sm_usrerr() would say, without saying it; in the arena. */
const char *sm_error_text(struct sm_session *s, const char *text);
/* A reply of several lines, complete as they are. */
void sm_say_lines(struct sm_session *s, struct mp_reasons because, struct mp_strings lines);
/* A reply that an outside party words. */
void sm_say_any(
	struct sm_session *s, struct mp_reasons because, const char *digits, const char *note);
/* From here on nothing can be said. */
void sm_lose(struct sm_session *s, const char *note);
/* The server closes behind what was said. */
void sm_close(struct sm_session *s);
/* A text cut in its middle when it has 203 bytes or more. */
const char *sm_shortened(struct sm_session *s, const char *text);
/* The line that sets an option, or the daemon's; no reason where there is none. */
struct mp_reasons sm_because_option(struct sm_session *s, const char *option);
struct mp_reasons sm_because_daemon(struct sm_session *s);
struct mp_reasons sm_because_mailer(struct sm_session *s, const struct sm_delivery *mailer);
static inline struct mp_reasons sm_no_reasons(void)
{
	return (struct mp_reasons){0};
}

/* ---- check.c ---------------------------------------------------------------------------------
 */

enum sm_checked_kind {
	SM_CHECK_PASSED, /* also when there is no such ruleset */
	SM_CHECK_ERROR,
	SM_CHECK_DISCARD
};

struct sm_checked {
	enum sm_checked_kind kind;
	const char *text; /* of ERROR: for sm_usrerr(): "550 5.7.1 Relaying denied" */
	struct mp_reasons because;
	struct sm_tokens result; /* the workspace as the ruleset left it */
};

/* Runs a ruleset on "first $| second" (second may be NULL). */
struct sm_checked sm_check(
	struct sm_session *s, const char *ruleset, const char *first, const char *second);
/* The same with comments kept: parentheses are operators. */
struct sm_checked sm_check_whole(
	struct sm_session *s, const char *ruleset, const char *first, const char *second);
/* What check_other says of a command that has no ruleset of its own, and whose reply would begin
 * with this digit. True: it was refused. */
bool sm_check_other(struct sm_session *s, const char *command, const char *digit);
/* Acts on what a check said: an error is told to the client, and a discard lasts for the
 * transaction. False when it was an error. */
bool sm_obey(struct sm_session *s, const struct sm_checked *checked);
/* Whether "$@" and a host stand behind the mailer's name; of "$#uucp-old", "uucp" is all of the
 * name where "-" is one of OperatorChars. */
bool sm_resolved_host(const struct sm_tokens *resolved);
/* What "$#error $@ host $: text" says, for sm_usrerr(); or that there is no "$:", which is asked
 * for first of every mailer. */
const char *sm_resolved_error(struct sm_session *s, const struct sm_tokens *resolved);
/* Why these tokens are what they are, the most telling first. */
struct mp_reasons sm_because_tokens(struct sm_session *s, const struct sm_tokens *tokens);
/* Runs rulesets, one after the other, with errors that rules make sendmail say taken as failure:
 * NULL, or the error for sm_usrerr(). */
const char *sm_rewrite(struct sm_session *s, struct sm_tokens *workspace,
	const char *const *rulesets, bool *deferred);
/* Notes who looks at what: for mp_server_ops.consulted. */
extern const struct sm_trace sm_session_trace;

/* ---- address.c -------------------------------------------------------------------------------
 */

struct sm_address {
	const char *error; /* for sm_usrerr(); NULL: none */
	struct mp_reasons because;
	const struct sm_delivery *mailer;
	const char *host, *user;
	bool scanned; /* it could be taken apart: errors name it without its parameters */
	bool deferred; /* a lookup failed for now: it will be queued */
	struct sm_tokens resolved;
};

/* Where the address ends: at the first delimiter outside of quotes, comments and angle brackets; a
 * blank for it stands for every blank. */
size_t sm_address_end(struct mp_slice text, char delimiter);
/* Parses an address as the server does (parseaddr): rulesets 3 and 0, then those of the mailer. */
struct sm_address sm_address_parse(struct sm_session *s, const char *text, bool recipient);
/* The same from a workspace that a ruleset resolved (buildaddr). */
struct sm_address sm_address_build(
	struct sm_session *s, const struct sm_tokens *resolved, bool recipient);
/* Parses the address that stands at the beginning of what a command was given, up to the delimiter,
 * and has replies begin with it from then on. Returns the address as it was written, in the arena,
 * with *rest behind it; NULL after it was refused. */
const char *sm_address_take(struct sm_session *s, const char *text, char delimiter, bool recipient,
	struct sm_address *out, const char **rest);
/* The sender as $f: through rulesets 3, 1 and 4. */
const char *sm_address_sender(struct sm_session *s, const char *text);

/* ---- recipient.c -----------------------------------------------------------------------------
 */

/* What becomes of a recipient (recipient()). */
struct sm_received {
	const char *error; /* for sm_usrerr(); NULL: taken */
	struct mp_reasons because; /* of the error */
	/* What stands for it now: an earlier recipient where it is the same. NULL with an error. */
	const struct sm_recipient *recipient;
};
/* What a recipient leads to in the end, by ruleset 5. */
const struct sm_recipient *sm_recipient_last(const struct sm_recipient *r);
/* Finds whether the recipient's mailbox exists, and takes it to the transaction's list. said is the
 * address as the client wrote it; kept. discarding: the mail is thrown away, nobody is looked for.
 */
struct sm_received sm_receive(
	struct sm_session *s, struct sm_address address, const char *said, bool discarding);

/* ---- commands --------------------------------------------------------------------------------
 */

typedef void sm_command_fn(struct sm_session *s, const char *command, const char *argument);

sm_command_fn sm_command_helo, sm_command_ehlo, sm_command_mail, sm_command_rcpt, sm_command_data,
	sm_command_rset, sm_command_noop, sm_command_quit, sm_command_vrfy, sm_command_expn,
	sm_command_etrn, sm_command_help, sm_command_verb, sm_command_auth, sm_command_starttls;
/* The message behind 354. */
void sm_content(struct sm_session *s, struct mp_slice content);
/* "FROM:", "TO:" before an argument; NULL after the syntax error was said. */
const char *sm_skip_word(struct sm_session *s, const char *argument, const char *word);
/* The parameters behind an address; false after one was refused. */
typedef bool sm_parameter_fn(struct sm_session *s, const char *key, const char *value);
bool sm_parameters(struct sm_session *s, const char *text, sm_parameter_fn *take);
sm_parameter_fn sm_mail_parameter, sm_rcpt_parameter;

/* ---- connect.c -------------------------------------------------------------------------------
 */

/* Who the client is, what check_relay and srv_features say of it. */
void sm_connect_identify(struct sm_session *s);
void sm_connect_check(struct sm_session *s);
/* Whether the greeting is a 421. */
bool sm_connect_refused(const struct sm_session *s);
/* The greeting. */
void sm_connect_greet(struct sm_session *s);

/* ---- version.c -------------------------------------------------------------------------------
 */

/* Whether the server turns away who talks on before EHLO or DATA was answered. */
bool sm_refuses_early_talkers(struct sm_session *s);
/* Whether srv_features may allow that. */
bool sm_has_early_feature(struct sm_session *s);

/* ---- auth.c, tls.c, milter.c -----------------------------------------------------------------
 */

/* Which mechanisms there are now: at the beginning, and again under TLS. */
void sm_auth_begin(struct sm_session *s);
/* A line within an AUTH dialogue. */
void sm_auth_continue(struct sm_session *s, const char *line);
enum sm_tls {
	SM_TLS_NONE, /* STARTTLS is not offered */
	SM_TLS_BREAKS, /* it is, and nobody gets through: there is no certificate, or no key */
	SM_TLS_OPEN, /* the same with a CipherList, which may hold ciphers that need none */
	SM_TLS_WORKS
};

#define SM_TLS_OPEN_NOTE "whether the client has a cipher that needs no certificate is not known"

/* What comes of TLS with these files and TLSSrvOptions. */
enum sm_tls sm_tls_state(struct sm_session *s);
/* After the handshake: macros, tls_client, mechanisms. */
void sm_tls_begin(struct sm_session *s);
/* Asks once whether a milter refuses something. */
void sm_milter_ask(struct sm_session *s);

#endif
