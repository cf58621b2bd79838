/*
 * session - what one client has said to a simulated smtpd so far.
 *
 * Written by the command loop (smtpd*.c), read by the restrictions (check*.c). Everything lives in
 * the session's arena, which is the dialogue's.
 */
#ifndef PF_CHECK_SESSION_H
#define PF_CHECK_SESSION_H

#include "postfix/address/address.h"
#include "postfix/check/check.h"
#include "server/server.h"

/* An smtpd process of one service in one environment: settings and everything parsed from them. */
struct pf_smtpd {
	struct pf_engine *engine;
	const struct pf_service *service;
	struct pf_settings *settings;
	struct pf_rewrite *rewrite;
	struct pf_validation *validation;
	struct pf_checks *checks; /* restriction lists, networks, reply codes: check.h */
	struct pf_names client_names; /* patterns that could match a client's name */
	struct pf_loop *loop; /* what the command loop needs: smtpd.h */
	const struct pf_fatal *fatal; /* why it does not start, or NULL */
};

/* Who the client is and what it said, as far as the configuration may tell values of it apart. What
 * decides on an answer by a value takes it from the functions below, which note that it was looked
 * at; straight from here it is only shown in replies, changed by the command loop, and tested for
 * being there at all where a dialogue of the same commands has it in any case. */
struct pf_said {
	struct mp_ip client;
	const char *client_text; /* address as text */
	const char *client_name_seen; /* the answer of mp_ask_client_name(), NULL: not asked yet */
	const struct mp_client_certificate *certificate;
	const char *helo; /* NULL: none given */
	bool tls; /* TLS is up */
	const char *sasl_user; /* NULL: not logged in */
	const char *sasl_method;
	const char *sender; /* internal form as given; NULL: no transaction; "" null sender */
};

struct pf_session {
	struct pf_smtpd *smtpd;
	struct mp_world *world;
	struct mp_arena *arena;
	struct pf_said said;
	unsigned consulted; /* enum mp_aspect: what answers were looked up by */

	/* the session */
	bool esmtp;
	bool illegal_pipelining; /* of this command: reject_unauth_pipelining */

	/* the transaction */
	const char *recipient; /* the one that RCPT or VRFY is about; else NULL */
	const char *etrn; /* the argument of ETRN; else NULL */
	enum pf_address_class recipient_class; /* of the recipient: pf_check_address() */
	size_t recipient_count; /* accepted so far */
	const char *first_recipient; /* first accepted; "" none */
	bool discard; /* DISCARD was met in this transaction */
	struct mp_reasons discarded_by; /* by what */
	bool smtputf8; /* MAIL or VRFY asked for SMTPUTF8 */

	struct pf_check_state check; /* flags of reference 5.1 */

	struct mp_turn *turns; /* for pf_turn() */
	size_t turn_count, turn_room;
};

/* Records a turn of the evaluation (mp_server_ops.turns): the texts say which rule it was and what
 * came of it. */
void pf_turn(struct pf_session *s, const char *rule, const char *argument, unsigned effect,
	bool refuses);

/* ---- what decides on answers: each notes what it looked at ---- */

void pf_consult(struct pf_session *s, unsigned aspects);
const struct mp_ip *pf_client_ip(struct pf_session *s);
const char *pf_client_address(struct pf_session *s); /* as text */
const char *pf_helo(struct pf_session *s); /* NULL: none given */
const char *pf_sender(struct pf_session *s); /* NULL: no transaction */
/* The sender as far as resolving a recipient depends on it: "" where it does not. */
const char *pf_sender_for_resolving(struct pf_session *s);
const char *pf_login(struct pf_session *s); /* NULL: not logged in */
bool pf_has_tls(struct pf_session *s);
/* The client's certificate as far as the server asked for one, else NULL. */
const struct mp_client_certificate *pf_certificate(struct pf_session *s);
/* Whether the authorities of smtpd_tls_CAfile and smtpd_tls_CApath vouch for the client's
 * certificate, of which there is one. */
bool pf_certificate_verified(struct pf_session *s);
/* The certificate's fingerprint, or that of its public key, as smtpd_tls_fingerprint_digest has it;
 * NULL when it is not known. */
const char *pf_fingerprint(struct pf_session *s, bool of_key);
/* Whether the client is in a list. hit may be NULL. */
enum pf_match pf_client_in_list(
	struct pf_session *s, struct pf_list *list, struct pf_list_hit *hit);
/* The verified name or "unknown"; asks the world once. */
const char *pf_client_name(struct pf_session *s);

/* ---- for texts ---- */

/* The client's name for texts only: does not ask; "{client.name}" when it is open and not asked
 * yet. */
const char *pf_client_name_text(struct pf_session *s);
/* "NAME[ADDR]" for reply texts. */
const char *pf_client_namaddr(struct pf_session *s);

#endif
