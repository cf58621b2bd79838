/*
 * check_internal - what the files of the access restrictions share; beside them only those include
 * it that find what the restrictions look at (distinct*.c).
 *
 * check_parse.c makes lists of tokens of the parameters, check_eval.c walks them, check_keyword.c
 * knows the keywords, check_<family>.c carry them out, access*.c look tables up and carry out their
 * actions, check_reject.c words refusals. A refusal ends everything, as Postfix' longjmp() does:
 * PF_S_REFUSE travels up unchanged.
 */
#ifndef PF_CHECK_CHECK_INTERNAL_H
#define PF_CHECK_CHECK_INTERNAL_H

#include "postfix/check/session.h"
#include "postfix/lookup/dsn.h"
#include "postfix/lookup/local.h"

#include <stdarg.h>

/* ---- what is parsed once ---- */

struct pf_keyword;
struct pf_tokens;

/* The order in which check_ccert_access looks a certificate up. */
enum pf_search { PF_SEARCH_DEFAULT, PF_SEARCH_LISTED, PF_SEARCH_UNUSABLE };

/* A policy server: its endpoint, and what is done when it does not answer. */
struct pf_policy {
	const char *endpoint; /* "inet:127.0.0.1:10023" */
	const char *default_action; /* NULL: smtpd_policy_service_default_action */
};

struct pf_token {
	const char *s;
	struct mp_loc loc; /* source NULL: from a default */
	const struct pf_keyword *keyword; /* NULL: none of Postfix' own names */
	struct mp_table *table; /* of "type:name" and "{type:name ...}" */
	bool table_unknown; /* spelled so that its table was never opened under this name */
	enum pf_search search;
	const char *search_order; /* of LISTED: 'c' certificate, 'k' public key, '?' neither */
	struct pf_policy *policy; /* behind check_policy_service */
};

struct pf_tokens {
	struct pf_token *v;
	size_t n;
	const char *parameter; /* where the list was written, for reasons; NULL: a table's value */
};

/* A user's class, and the one that Postfix builds in; names are compared with case. */
struct pf_class {
	const char *name;
	struct pf_tokens tokens;
};

enum { PF_NETWORK_LISTS = 7 };

struct pf_network_list {
	const char *parameter;
	struct pf_list *list;
};

struct pf_checks {
	struct pf_smtpd *smtpd;
	struct pf_engine *engine;
	struct pf_settings *settings;
	struct mp_arena *arena;
	struct pf_tokens client, helo, sender, relay, recipient, etrn, data, eod, rewrite_clients;
	bool relay_is_fake; /* back-compatible: relay restrictions that only log (5.4) */
	struct pf_class *classes;
	size_t class_count;
	struct pf_list *mynetworks, *relay_domains, *mx_networks;
	struct pf_local *local;
	struct pf_network_list networks[PF_NETWORK_LISTS]; /* pf_check_client_list() */
	struct pf_maps *relay_clientcerts, *rbl_reply_maps, *sender_login_maps, *footer_maps;
	bool parent_style; /* smtpd_access_maps in parent_domain_matches_subdomains */
	bool helo_tempfail_defers, address_tempfail_defers; /* else defer_if_permit */
	bool recipient_tempfail_defers, sender_tempfail_defers;
	bool skip_unlisted; /* no_unknown_recipient_checks */
	bool no_mappings; /* receive_override_options: cleanup rewrites no address */
	unsigned version;
};

/* ---- the evaluation of one stage ---- */

enum pf_status {
	PF_S_DUNNO,
	PF_S_OK,
	PF_S_REFUSE /* the verdict is made: also a hang-up, and what cannot be followed */
};

enum pf_where {
	PF_AT_CONNECT,
	PF_AT_HELO,
	PF_AT_MAIL,
	PF_AT_RCPT,
	PF_AT_VRFY,
	PF_AT_ETRN,
	PF_AT_DATA,
	PF_AT_EOD
};

/* The list that is evaluated: what its replies name (5.7). */
struct pf_context {
	const char *name; /* NULL: the client, NAME[ADDR] */
	const char *class; /* "Client host" */
	const char *shorthand; /* keyword that a bare type:name stands for; NULL: none */
};

/* A restriction that led to the one that is evaluated now. */
struct pf_frame {
	struct pf_frame *up;
	struct mp_reason token;
	const char *parameter; /* of a default */
	struct mp_reasons extra; /* the table entry, the list item */
};

struct pf_eval {
	struct pf_checks *checks;
	struct pf_session *s;
	struct mp_world *world;
	struct mp_arena *arena; /* the session's */
	enum pf_where where;
	const char *recipient; /* that restrictions may look at, or NULL */
	struct pf_frame *frame; /* innermost */
	unsigned lists; /* nesting of lists, against endless recursion of classes */
	unsigned failed_policies; /* nesting of default actions */
	struct pf_verdict verdict; /* of REFUSE */
	struct mp_reasons permitted; /* of OK */
	struct mp_reasons authorised; /* why *_unauth_destination let the recipient pass */
};

/* Why a refusal is made: only policy and bounces are softened by warn_if_reject (5.5). */
enum pf_fault { PF_FAULT_POLICY, PF_FAULT_BOUNCE, PF_FAULT_DATA, PF_FAULT_SOFTWARE };

typedef enum pf_status pf_keyword_fn(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx);

enum pf_keyword_arg {
	PF_ARG_NONE,
	PF_ARG_TABLE, /* missing or without ':': 451 4.3.5 */
	PF_ARG_DOMAIN, /* missing: neutral, with a warning */
	PF_ARG_POLICY,
	PF_ARG_SECONDS
};

struct pf_keyword {
	const char *name;
	enum pf_keyword_arg arg;
	pf_keyword_fn *run;
	int object, variant; /* for the handler: see check_keyword.c */
	unsigned since, removed; /* versions, 0 always */
};

/* Objects of keywords. */
enum {
	PF_OF_NONE,
	PF_OF_CLIENT,
	PF_OF_REVERSE_CLIENT,
	PF_OF_HELO,
	PF_OF_SENDER,
	PF_OF_RECIPIENT,
	PF_OF_ETRN
};
/* Variants of server access. */
enum { PF_SERVER_NS, PF_SERVER_MX, PF_SERVER_A };
/* Variants of the login mismatch family. */
enum { PF_LOGIN_AUTHENTICATED, PF_LOGIN_KNOWN, PF_LOGIN_UNAUTHENTICATED };

#define PF_NAME_CLIENT "Client host"
#define PF_NAME_REVERSE_CLIENT "Unverified Client host"
#define PF_NAME_CERTIFICATE "Client certificate"
#define PF_NAME_SASL_USER "SASL login name"
#define PF_NAME_HELO "Helo command"
#define PF_NAME_ETRN "Etrn command"
#define PF_NAME_DATA "Data command"
#define PF_NAME_EOD "End-of-data"

/* What stands for words of an outside party until the reply is complete: verify(8)'s reason, a
 * resolver's error, the text of a DNS list. */
#define PF_WORDS_OF_PROBE "{verify.reason}"
#define PF_WORDS_OF_DNS "{dns.error}"
#define PF_WORDS_OF_LIST "{list.text}"
/* A text that ends with its enhanced status code: before 3.8 Postfix reads on behind its end, and
 * says whatever its memory holds there. */
#define PF_WORDS_OF_MEMORY "{memory}"

/* check_keyword.c: by name without case; NULL when Postfix has none in any version. */
const struct pf_keyword *pf_keyword_find(struct mp_slice name);
const struct pf_keyword *pf_keywords(size_t *count);

/* check_parse.c: splits and looks up one list; tables are opened. A value out of a table (at is its
 * place) has no tables of its own. */
struct pf_tokens pf_tokens_parse(
	struct pf_checks *checks, struct pf_text value, const char *parameter);
struct pf_tokens pf_tokens_parse_action(struct pf_eval *e, const char *value, struct mp_loc at);

/* The class of that name, or NULL. */
const struct pf_tokens *pf_class_find(const struct pf_checks *checks, const char *name);

/* check_findings.c: words that smtpd stumbles over when it gets there. */
void pf_checks_find_problems(struct pf_checks *checks);

/* check_policy.c: reads the argument of check_policy_service; fatal errors go to the settings. */
struct pf_policy *pf_policy_parse(struct pf_checks *checks, struct pf_text spec);

/* check_eval.c: the list, in its context. */
enum pf_status pf_eval_list(
	struct pf_eval *e, const struct pf_tokens *tokens, const struct pf_context *cx);
/* Adds to the innermost frame why it decides: shown behind its token. */
void pf_eval_because(struct pf_eval *e, struct mp_loc loc, const char *text);
void pf_eval_because_all(struct pf_eval *e, struct mp_reasons reasons);
void pf_eval_because_setting(struct pf_eval *e, const char *parameter);
/* All reasons from the innermost frame outwards. */
struct mp_reasons pf_eval_reasons(struct pf_eval *e);
/* What the list's replies name. */
const char *pf_context_name(struct pf_eval *e, const struct pf_context *cx);
struct mp_reasons pf_reasons_join(struct mp_arena *arena, struct mp_reasons a, struct mp_reasons b);

/* check_reject.c: wordings. Each returns REFUSE, or DUNNO where warn_if_reject softens it. */
enum pf_status pf_reject(struct pf_eval *e, enum pf_fault fault, long code, const char *dsn,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
/* Refused with an outside party's words; digits: "45". */
enum pf_status pf_reject_any(struct pf_eval *e, const char *digits);
/* 451 4.3.5 Server configuration error, whatever is around it. */
enum pf_status pf_reject_server_error(struct pf_eval *e, const char *why);
/* 451 4.3.0 <name>: Temporary lookup failure */
enum pf_status pf_reject_lookup_failure(struct pf_eval *e, const char *name);
enum pf_status pf_hangup(struct pf_eval *e);
/* A table that may not permit (7.2) did: a server error, unless the permission was DISCARD. */
enum pf_status pf_forbid_permit(struct pf_eval *e, enum pf_status status);
/* Remembers (5.1); defers: the tempfail action is "defer", a refusal at once. */
enum pf_status pf_defer_if_permit(struct pf_eval *e, bool defers, long code, const char *dsn,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void pf_defer_if_reject(struct pf_eval *e, long code, const char *dsn, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* The remembered defer_if_permit as a refusal (5.4 step 5). */
enum pf_status pf_reject_deferred(struct pf_eval *e);

/* The code and the words of an access table's or a template's text (dsn.h); words are
 * PF_WORDS_OF_MEMORY where Postfix would read on behind the end. */
const char *pf_split_words(
	struct pf_eval *e, const char *fallback, const char *text, const char **words);
/* Unprintable bytes become blanks; UTF-8 stays where smtputf8_enable is on. */
void pf_printable(char *s, bool utf8, char replacement);

/* check_client.c: the name without forward confirmation; status as the PTR lookup ended. */
const char *pf_reverse_name(struct pf_eval *e, enum mp_found *status);
/* check_relay.c: 8.4; REFUSE on a lookup failure, OK authorised. */
enum pf_status pf_permit_auth_destination(struct pf_eval *e, const char *recipient);
/* check_address.c: smtpd's own resolving: case folded. */
struct pf_resolved pf_eval_resolve(struct pf_eval *e, const char *sender, const char *address);
/* 9: reject_unlisted_recipient and _sender. */
enum pf_status pf_check_unlisted(struct pf_eval *e, const char *address, bool is_sender);

/* access.c: carries out a table's value. entry is its place; table for reasons. */
enum pf_status pf_access_action(struct pf_eval *e, const char *value, struct mp_loc entry,
	const struct pf_context *cx, const char *name, const char *class);
/* A lookup's outcome that decided the search: its action, or the error's reply. */
enum pf_status pf_access_result(struct pf_eval *e, const struct mp_table_result *result,
	const struct pf_context *cx, const char *name, const char *class);

/* check_address.c: a host name; UTF-8 counts when the client asked for SMTPUTF8. */
bool pf_is_host_name(const struct pf_eval *e, const char *name);
/* check_address.c: the domain behind the last '@', or NULL. */
const char *pf_domain_of(const char *address);
/* The name, the reply's name and class of a keyword's object; false when the session has none. */
struct pf_object {
	const char *value; /* what is looked at */
	const char *name; /* what replies name; NULL: the client */
	const char *class;
};
bool pf_object_of(struct pf_eval *e, int object, struct pf_object *out);

/* access_key.c: the searches of 7.1. *found says whether an entry (or an error) ended it. */
struct pf_access {
	struct pf_eval *e;
	const struct pf_token *table;
	const struct pf_context *cx; /* for bare type:name in restriction lists of the table */
	const char *name, *class; /* for replies; name NULL: the client */
};

struct mp_table_result pf_access_lookup(const struct pf_access *a, const char *key);
/* The searches alone: a domain and its parents, an address and the networks that it is in, an
 * address of mail (access_mail.c; in internal form, resolved). */
struct mp_table_result pf_access_find_domain(const struct pf_access *a, const char *domain);
struct mp_table_result pf_access_find_address(const struct pf_access *a, const char *address);
struct mp_table_result pf_access_find_mail(const struct pf_access *a, const char *address);
enum pf_status pf_access_exact(const struct pf_access *a, const char *key, bool *found);
enum pf_status pf_access_domain(const struct pf_access *a, const char *domain, bool *found);
enum pf_status pf_access_address(const struct pf_access *a, const char *address, bool *found);
/* Whether a host name could be a key at all: no for cidr, and for tables of addresses only. */
bool pf_access_has_names(const struct pf_token *table);
/* Whether every key finds the same (static:, fail:), so that none need be known. */
bool pf_access_is_constant(const struct pf_token *table);

#endif
