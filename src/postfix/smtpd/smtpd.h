/*
 * smtpd - the command loop of a simulated smtpd: what its files share.
 *
 * smtpd.c builds the process of one service, smtpd_loop.c reads the client's bytes and dispatches
 * commands, smtpd_reply.c queues replies; the other files hold the commands. Reference 4 and 10 say
 * what is modelled; postconf(5) names the parameters.
 */
#ifndef PF_SMTPD_SMTPD_H
#define PF_SMTPD_SMTPD_H

#include "postfix/check/session.h"

enum {
	/* postconf(5) line_length_limit: longer commands are cut there. */
	PF_LINE_LIMIT = 2048,
	/* Tokens of one command that are looked at. */
	PF_TOKEN_LIMIT = 1024,
	/* A response in an AUTH dialogue (RFC 4954 4). */
	PF_SASL_RESPONSE_LIMIT = 12288
};

/* EHLO keywords that smtpd_discard_ehlo_keywords can hide, in the order of reference 10.1. */
enum pf_ehlo {
	PF_EHLO_PIPELINING = 1 << 0,
	PF_EHLO_SIZE = 1 << 1,
	PF_EHLO_VRFY = 1 << 2,
	PF_EHLO_ETRN = 1 << 3,
	PF_EHLO_STARTTLS = 1 << 4,
	PF_EHLO_AUTH = 1 << 5,
	PF_EHLO_VERP = 1 << 6,
	PF_EHLO_XCLIENT = 1 << 7,
	PF_EHLO_XFORWARD = 1 << 8,
	PF_EHLO_ENHANCED = 1 << 9,
	PF_EHLO_8BITMIME = 1 << 10,
	PF_EHLO_DSN = 1 << 11,
	PF_EHLO_SMTPUTF8 = 1 << 12,
	PF_EHLO_CHUNKING = 1 << 13,
	PF_EHLO_REQUIRETLS = 1 << 14
};

/* Security properties that smtpd_sasl_security_options asks for. */
enum pf_sasl_option {
	PF_SASL_NOPLAINTEXT = 1 << 0,
	PF_SASL_NOACTIVE = 1 << 1,
	PF_SASL_NODICTIONARY = 1 << 2,
	PF_SASL_FORWARD_SECRECY = 1 << 3,
	PF_SASL_NOANONYMOUS = 1 << 4,
	PF_SASL_MUTUAL_AUTH = 1 << 5
};

/* What the loop derives from the settings, once per process. */
struct pf_loop {
	bool wrapper; /* TLS before the greeting */
	bool tls_use, tls_enforce, tls_auth_only;
	bool sasl; /* smtpd_sasl_auth_enable */
	bool dovecot; /* smtpd_sasl_type = dovecot, else cyrus */
	bool smtputf8;
	const char *tls_parameter; /* the parameter that turned TLS on or enforced it; "" none */
	const char *auth_only_parameter; /* why AUTH needs TLS; "" when it does not */
	struct pf_list *noop, *forbidden, *mechanism_filter, *flush_domains;
	struct pf_maps *command_filter, *discard_maps;
	unsigned discard; /* enum pf_ehlo, of smtpd_discard_ehlo_keywords */
	const char *const *milters; /* as written, without attributes */
	size_t milter_count;
	unsigned version;
};

/* Builds the smtpd process of a service in an environment; lives in the engine's arena. Never NULL:
 * `fatal` says why it would not start. */
struct pf_smtpd *pf_smtpd_new(struct pf_engine *engine, const struct pf_service *service,
	const struct pf_environment *environment);
/* The pf_loop of a process (smtpd_setup.c): called by pf_smtpd_new(). */
struct pf_loop *pf_loop_new(struct pf_smtpd *smtpd);

/* What the client's next bytes are. */
enum pf_waiting {
	PF_WAIT_COMMAND,
	PF_WAIT_DATA, /* the message, up to the line with a dot */
	PF_WAIT_AUTH, /* a response in an AUTH dialogue */
	PF_WAIT_CHUNK /* BDAT */
};

enum pf_bdat { PF_BDAT_NONE, PF_BDAT_OPEN, PF_BDAT_ERROR };

struct pf_pending {
	struct mp_sim_reply reply;
	struct pf_pending *next;
};

/* The words of a command. */
struct pf_words {
	const char **v;
	bool *open; /* of each word: has a quote or bracket that is not closed */
	size_t n;
};

/* An AUTH dialogue under way. */
struct pf_auth {
	const char *mechanism; /* upper case */
	const char *user; /* of LOGIN: the name, once given */
	int step;
};

/* A session with its command loop's state. The restrictions see only `s`. */
struct pf_talk {
	struct pf_session s; /* first: what checks take */
	const struct pf_loop *loop;
	bool client_tls; /* the client began TLS at once */

	/* input: the bytes of one write that are not read yet */
	struct mp_slice input;
	enum pf_waiting waiting;

	/* output */
	struct pf_pending *first, **last; /* replies that the client has not taken yet */
	struct pf_pending *latest; /* the one queued last */
	bool ended; /* closed behind the pending replies */
	const char *lost; /* cannot be followed any more: why; NULL while it can */
	const char *
		milter_digits; /* "5" or "4" when a milter refuses something; NULL when none does */
	bool proxied; /* a before-queue filter words the replies from here on */
	bool quiet; /* a reply is being made that no milter or filter can change */

	/* limits and flags of the session */
	long errors, junk;
	long messages, recipients, logins, handshakes; /* counted for the rate limits */
	bool no_limits; /* XCLIENT */
	const char *denied; /* the refusal that was the greeting; NULL none */
	struct mp_reasons denied_because;
	unsigned discard; /* enum pf_ehlo of this client */
	bool xclient, xforward, verp; /* authorised */
	bool transferred; /* XCLIENT was used */

	/* AUTH */
	bool sasl_active;
	bool sasl_open; /* which mechanisms there are is not known */
	struct mp_strings mechanisms; /* what AUTH accepts */
	struct mp_strings announced; /* what EHLO shows */
	struct mp_strings offered; /* the library's, before the options */
	struct pf_auth auth;

	/* the transaction */
	long long size; /* of SIZE=; -1 after an overflow */
	bool auth_option; /* AUTH= was given */
	long overshoot;
	enum pf_bdat bdat;
	long long bdat_bytes;
	unsigned long chunk; /* bytes still to come of the chunk */
	bool chunk_last;
	const char *chunk_reply; /* what the chunk gets once it is read; NULL: it is stored */
	/* end_of_data restrictions refused the message; another one in the same transaction is more
	 * than smtpd survives (3.7) */
	bool refused_at_end;
	long long data_bytes;
	bool data_after_crlf; /* the last line of the message ended in CR LF */
};

/* A command's handler: true when the command counts as an error. */
typedef bool pf_command_fn(struct pf_talk *t, struct pf_words args);

/* smtpd_loop.c */
void pf_talk_feed(struct pf_talk *t, struct mp_slice bytes);
/* Greets: connect checks, banner, SASL activation. Again after XCLIENT. */
void pf_talk_greet(struct pf_talk *t);
/* Forgets transaction (mail_reset, rcpt_reset), and the HELO name. */
void pf_talk_reset_mail(struct pf_talk *t);
void pf_talk_reset_helo(struct pf_talk *t);
/* The next line of the input without its line end, cut at PF_LINE_LIMIT and at a NUL byte; false
 * when no whole line is there. crlf (may be NULL) says whether CR LF ended it. */
bool pf_talk_line(struct pf_talk *t, struct mp_slice *line, bool *crlf);

/* smtpd_reply.c: queue a reply. Each applies footer, soft_bounce and closing codes. */
void pf_say(struct pf_talk *t, struct mp_reasons because, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A reply of several lines, complete as they are ("250-...", "250 ..."). */
void pf_say_lines(struct pf_talk *t, struct mp_reasons because, struct mp_strings lines);
/* A verdict's refusal; false (and nothing said) for ACCEPT. */
bool pf_say_verdict(struct pf_talk *t, struct pf_verdict verdict);
/* A reply that an outside party words: first digits. */
void pf_say_any(struct pf_talk *t, struct mp_reasons because, const char *digits, const char *note);
/* What becomes of the recipient that the reply just said accepts (or may accept, where an outside
 * party has the last word). */
void pf_say_taken(struct pf_talk *t, enum mp_taken taken);
/* From here on nothing can be said. */
void pf_talk_lose(struct pf_talk *t, const char *note);
/* The server closes behind what is queued. */
void pf_talk_close(struct pf_talk *t);
/* Closes, and what was not written out yet is lost with the connection. */
void pf_talk_crash(struct pf_talk *t);
/* Reasons out of parameters, up to a NULL; "" is skipped. */
struct mp_reasons pf_because(struct pf_talk *t, ...) __attribute__((sentinel));
struct mp_reasons pf_no_reasons(void);

/* smtpd_token.c: the words of a command as smtpd takes it apart. */
struct pf_words pf_tokenise(struct mp_arena *arena, struct mp_slice line);
/* Words from..n-1 joined by blanks. */
const char *pf_words_join(struct mp_arena *arena, struct pf_words tokens, size_t from, size_t to);
/* Whether smtpd takes the word for the start of a message header ("Subject:"). */
bool pf_is_header(const char *word);
/* Digits only, at least one. */
bool pf_all_digits(const char *text);
/* Decodes xtext (RFC 3461 4), or utf-8-addr-xtext (RFC 6533 3); false when malformed. */
bool pf_xtext_decode(struct mp_arena *arena, const char *text, const char **out);
bool pf_uxtext_valid(const char *text);

/* smtpd_mail.c */
bool pf_cmd_mail(struct pf_talk *t, struct pf_words args);
bool pf_cmd_rcpt(struct pf_talk *t, struct pf_words args);
/* smtpd_data.c */
bool pf_cmd_data(struct pf_talk *t, struct pf_words args);
bool pf_cmd_bdat(struct pf_talk *t, struct pf_words args);
/* Reads message lines or chunk bytes from the input; true when it ended with an error reply. */
void pf_data_read(struct pf_talk *t);
void pf_chunk_read(struct pf_talk *t);
/* smtpd_basic.c */
bool pf_cmd_helo(struct pf_talk *t, struct pf_words args);
bool pf_cmd_ehlo(struct pf_talk *t, struct pf_words args);
bool pf_cmd_rset(struct pf_talk *t, struct pf_words args);
bool pf_cmd_noop(struct pf_talk *t, struct pf_words args);
bool pf_cmd_quit(struct pf_talk *t, struct pf_words args);
bool pf_cmd_help(struct pf_talk *t, struct pf_words args);
bool pf_cmd_vrfy(struct pf_talk *t, struct pf_words args);
bool pf_cmd_etrn(struct pf_talk *t, struct pf_words args);
/* smtpd_xclient.c */
bool pf_cmd_xclient(struct pf_talk *t, struct pf_words args);
bool pf_cmd_xforward(struct pf_talk *t, struct pf_words args);

/* ehlo.c */
/* The keywords of smtpd_discard_ehlo_keywords as a mask of enum pf_ehlo. */
unsigned pf_ehlo_mask(const char *keywords);
/* Finds the mask for this client; false when the address maps failed (the reply is queued). Before
 * EHLO such a failure goes unseen: !may_fail. */
bool pf_ehlo_discard(struct pf_talk *t, bool may_fail);
/* A look-up on which the command loop itself depends. False where it cannot go on: the look-up
 * failed (421, the session ends) or what was found is not known (unknown says so). */
bool pf_talk_settled(struct pf_talk *t, const struct mp_table_result *found, const char *parameter,
	const char *unknown);
void pf_ehlo_reply(struct pf_talk *t);

/* starttls.c */
bool pf_cmd_starttls(struct pf_talk *t, struct pf_words args);
/* Whether the TLS engine starts: a certificate is configured and can be used. */
bool pf_tls_available(struct pf_session *s);
/* After a handshake: client certificate required? Returns false when the session ends. */
bool pf_tls_begin(struct pf_talk *t);

/* auth.c */
bool pf_cmd_auth(struct pf_talk *t, struct pf_words args);
/* One response of the client; handles the line that is next in the input. */
void pf_auth_continue(struct pf_talk *t, struct mp_slice line);
/* Activates SASL where it applies now; false when that kills the process. */
bool pf_sasl_activate(struct pf_talk *t);
/* sasl_mech.c */
/* Parses security options; false for an unknown word. */
bool pf_sasl_options(const char *words, bool dovecot, unsigned *options);
/* Whether a mechanism has what the options ask for. */
bool pf_sasl_allowed(const char *mechanism, unsigned options, bool dovecot);
bool pf_sasl_is_plaintext(const char *mechanism);

/* limit.c: anvil rates that one dialogue can meet. */
bool pf_limit_hit(struct pf_talk *t, const char *parameter, long count);

/* milter.c: asks once whether the milters refuse something. */
void pf_milter_ask(struct pf_talk *t);

#endif
