/*
 * address - from the argument of MAIL and RCPT to a resolved address (reference 8).
 *
 * Four steps: the argument is parsed to an internal form, rewritten (trivial-rewrite, context
 * "local"), resolved to class, transport and flags, and validated against the tables of its class
 * (reference 9). Rewriting and resolving use the settings of the rewrite service, validation those
 * of smtpd.
 */
#ifndef PF_ADDRESS_ADDRESS_H
#define PF_ADDRESS_ADDRESS_H

#include "postfix/lookup/list.h"

/* 8.1: the argument of MAIL FROM: or RCPT TO:, as smtpd takes it apart. */
struct pf_argument {
	bool ok; /* false: 501 5.1.3 / 5.1.7 */
	const char
		*internal; /* internal (unquoted) form, what replies quote as <S>, <R>; "" null */
};

/* strict is strict_rfc821_envelopes; allow_empty: MAIL takes <>. The resolver's syntax test (8.5)
 * is not made here. */
struct pf_argument pf_address_parse(
	struct mp_arena *arena, const char *argument, bool allow_empty, bool strict);
/* The external (RFC 5321 quoted) form of an internal address, and back. */
const char *pf_address_quote(struct mp_arena *arena, const char *internal);
const char *pf_address_unquote(struct mp_arena *arena, const char *external);

/* The rewrite service: its settings and lists. */
struct pf_rewrite;

/* For the service that `rewrite_service_name` names ("rewrite"); lives in the engine's arena. */
struct pf_rewrite *pf_rewrite_new(struct pf_engine *engine, const char *service_name,
	const struct pf_environment *environment);
/* Whether anything of a resolved recipient depends on the sender: pf_resolve() looks at it. */
bool pf_rewrite_looks_at_sender(const struct pf_rewrite *rewrite);
/* Why the rewrite service would not start, or NULL. A real smtpd then waits for it without an
 * answer; pf_resolve() says `fail`. */
const struct pf_fatal *pf_rewrite_fatal(const struct pf_rewrite *rewrite);

enum pf_address_class {
	PF_CLASS_DEFAULT,
	PF_CLASS_LOCAL,
	PF_CLASS_VIRTUAL_ALIAS,
	PF_CLASS_VIRTUAL_MAILBOX,
	PF_CLASS_RELAY
};

struct pf_resolved {
	enum pf_address_class class;
	bool routed; /* RESOLVE_FLAG_ROUTED */
	bool error; /* bad syntax: 501 */
	bool fail; /* a table failed: 451 4.3.0 */
	const char *transport; /* "local", "smtp", "error", "retry", ... */
	const char *nexthop;
	const char *recipient; /* resolved, internal form, case-folded as smtpd does */
	struct mp_reasons because; /* the list item that gave the class */
};

/* Rewrites and resolves an internal address. sender is for sender-dependent transports ("" null).
 * Lives in the arena. */
struct pf_resolved pf_resolve(struct pf_rewrite *rewrite, struct mp_world *world,
	struct mp_arena *arena, const char *sender, const char *internal);
/* 8.2 alone, internal form in and out. */
const char *pf_rewrite_internal(struct pf_rewrite *rewrite, struct mp_world *world,
	struct mp_arena *arena, const char *internal);

/* 8.4: may mail be sent there by anybody? */
enum pf_authorised { PF_AUTHORISED, PF_NOT_AUTHORISED, PF_AUTHORISED_FAIL };
enum pf_authorised pf_address_authorised(
	const struct pf_resolved *resolved, bool allow_untrusted_routing);

/* smtpd's validation tables (9): *_recipient_maps, canonical, virtual; one per set of settings. */
struct pf_validation;
struct pf_validation *pf_validation_new(struct pf_engine *engine, struct pf_settings *smtpd);

/* The tables that it looks into, by index; NULL past the last. */
struct pf_maps *pf_validation_maps(const struct pf_validation *validation, size_t i);

enum pf_listed_kind {
	PF_LISTED,
	PF_UNLISTED, /* code, dsn, text say the reply behind "<R>: Recipient address rejected: " */
	PF_LISTED_FAIL, /* 451 4.3.0 <addr>: Temporary lookup failure */
	PF_LISTED_CONFIG /* 451 4.3.5 Server configuration error */
};

struct pf_listed {
	enum pf_listed_kind kind;
	unsigned code;
	const char *dsn, *text;
	struct mp_reasons because;
};

/* 9.2 for a recipient, or for a sender. */
struct pf_listed pf_validate(struct pf_validation *validation, struct mp_world *world,
	struct mp_arena *arena, const struct pf_resolved *resolved, bool is_sender);

/* Whether cleanup(8) fails to write the queue file because a table that it rewrites an envelope
 * address with fails: the canonical maps, for a recipient virtual_alias_maps too. The address is in
 * internal form; "" (the null sender) is not rewritten. */
bool pf_cleanup_fails(struct pf_validation *validation, struct mp_world *world,
	struct mp_arena *arena, const char *address, bool is_sender);

/* 9.3: the address looked up in a map list with the keys user+ext@dom, user@dom, user+ext, user,
 * @dom. */
struct mp_table_result pf_mail_addr_find(struct pf_validation *validation, struct pf_maps *maps,
	struct mp_world *world, struct mp_arena *arena, const char *address,
	enum mp_table_role role);

#endif
