/*
 * check - access restrictions: parse, evaluate, word the reply (reference 5, 6, 7).
 */
#ifndef PF_CHECK_CHECK_H
#define PF_CHECK_CHECK_H

#include "postfix/lookup/list.h"
#include "server/server.h"

struct pf_session;
struct pf_smtpd;
struct pf_checks;

/* A remembered defer_if_permit or defer_if_reject (reference 5.1). */
struct pf_defer {
	bool active;
	unsigned code;
	const char *dsn, *reason; /* reason: the text behind code and dsn */
	struct mp_reasons because;
	bool any; /* the words are an outside party's */
};

/* The evaluator's state that outlives one list. */
struct pf_check_state {
	struct pf_defer defer_if_permit, defer_if_permit_client, defer_if_permit_helo,
		defer_if_permit_sender;
	struct pf_defer defer_if_reject;
	int warn_if_reject;
	int depth;
	bool recipient_validated, sender_validated;
};

/* The outcome of a stage. */
enum pf_verdict_kind {
	PF_ACCEPT,
	PF_REFUSE, /* reply says how: "554 5.7.1 <R>: Relay access denied" */
	PF_REFUSE_ANY, /* refused with an outside party's words: any holds first digits */
	PF_HANGUP, /* closed without a reply */
	PF_CANNOT_FOLLOW /* note says why */
};

struct pf_verdict {
	enum pf_verdict_kind kind;
	const char *reply; /* code, dsn, text: before footer, soft_bounce is applied by the loop's
			      writer */
	const char *any, *note;
	struct mp_reasons because; /* for ACCEPT too: what permitted it, where something did */
	enum mp_taken taken; /* of an accepted recipient: what becomes of it */
};

/* Parses all restriction lists, classes and the tables that they name, and makes the start-up
 * checks (undefined classes, the required-restriction rule 5.8, bad tempfail actions); fatal errors
 * go to pf_settings_set_fatal(). Lives in the engine's arena. */
struct pf_checks *pf_checks_new(struct pf_smtpd *smtpd);
/* receive_override_options holds no_address_mappings. */
bool pf_checks_skip_mappings(const struct pf_checks *checks);
/* mynetworks, as permit_mynetworks looks at it. */
struct pf_list *pf_checks_mynetworks(const struct pf_checks *checks);
/* Patterns that could match a client's name, from all lists and tables of the restrictions. */
void pf_checks_client_names(struct pf_checks *checks, struct pf_names *out);

/* The stages (5.2). Each looks at smtpd_delay_reject itself: e.g. pf_check_client() at connect does
 * nothing when rejects are delayed, and pf_check_rcpt() runs the delayed lists first. The object is
 * set before the call: s->helo for HELO, s->sender for MAIL, s->recipient for RCPT and VRFY,
 * s->etrn for ETRN, and is taken back by the caller when it is refused. At DATA and end of data the
 * stages look at s->first_recipient themselves. */
struct pf_verdict pf_check_client(struct pf_session *s);
struct pf_verdict pf_check_helo(struct pf_session *s);
struct pf_verdict pf_check_mail(struct pf_session *s);
/* RCPT with s->recipient set (5.4); is_vrfy for VRFY. */
struct pf_verdict pf_check_rcpt(struct pf_session *s, bool is_vrfy);
struct pf_verdict pf_check_etrn(struct pf_session *s);
struct pf_verdict pf_check_data(struct pf_session *s);
struct pf_verdict pf_check_eod(struct pf_session *s);
/* Before MAIL's and RCPT's lists: resolves the address; what is to be answered where it is a syntax
 * error or cannot be resolved (8.5), else ACCEPT. */
struct pf_verdict pf_check_address(struct pf_session *s, const char *internal, bool is_sender);

/* MAIL, after its syntax: local_header_rewrite_clients. Only its table errors are seen by the
 * client (451 4.3.0, 451 4.3.5); else ACCEPT. */
struct pf_verdict pf_check_rewrite(struct pf_session *s);

/* One of the networks that the loop itself needs, by parameter name
 * (smtpd_client_event_limit_exceptions, smtpd_sasl_exceptions_networks, mynetworks,
 * smtpd_authorized_xclient_hosts, smtpd_authorized_xforward_hosts, smtpd_authorized_verp_clients,
 * local_header_rewrite_clients is a restriction list instead). */
enum pf_match pf_check_client_list(struct pf_session *s, const char *parameter);

#endif
