/*
 * validate - is the address listed in the tables of its class (reference 9)?
 */
#include "postfix/address/mail_addr.h"
#include "postfix/lookup/dsn.h"

#include "postfix/address/address.h"

struct pf_validation {
	struct pf_settings *settings;
	struct pf_mail_addr *finder;
	/* whoever is listed here is valid */
	struct pf_maps *recipient_canonical, *sender_canonical, *canonical, *virtual_alias;
	/* the recipients of a class */
	struct pf_maps *local_recipients, *mailboxes, *relay_recipients;
};

/* One validation under way. */
struct validating {
	struct pf_validation *validation;
	struct mp_world *world;
	struct mp_arena *arena;
	const struct pf_resolved *resolved;
	bool is_sender;
	struct pf_listed out;
};

struct pf_validation *pf_validation_new(struct pf_engine *engine, struct pf_settings *smtpd)
{
	struct pf_validation *v = MP_ARENA_NEW(engine->arena, struct pf_validation);
	v->settings = smtpd;
	v->finder = pf_mail_addr_new(engine, smtpd, pf_local_new(engine, smtpd));
	v->recipient_canonical = pf_maps_new(engine, smtpd, "recipient_canonical_maps");
	v->sender_canonical = pf_maps_new(engine, smtpd, "sender_canonical_maps");
	v->canonical = pf_maps_new(engine, smtpd, "canonical_maps");
	v->virtual_alias = pf_maps_new(engine, smtpd, "virtual_alias_maps");
	v->local_recipients = pf_maps_new(engine, smtpd, "local_recipient_maps");
	v->mailboxes = pf_maps_new(engine, smtpd, "virtual_mailbox_maps");
	v->relay_recipients = pf_maps_new(engine, smtpd, "relay_recipient_maps");
	return v;
}

struct pf_maps *pf_validation_maps(const struct pf_validation *v, size_t i)
{
	struct pf_maps *const maps[] = {v->recipient_canonical, v->sender_canonical, v->canonical,
		v->virtual_alias, v->local_recipients, v->mailboxes, v->relay_recipients};

	return i < sizeof maps / sizeof maps[0] ? maps[i] : NULL;
}

struct mp_table_result pf_mail_addr_find(struct pf_validation *validation, struct pf_maps *maps,
	struct mp_world *world, struct mp_arena *arena, const char *address,
	enum mp_table_role role)
{
	return pf_mail_addr_lookup(validation->finder, maps, world, arena, address, role);
}

bool pf_cleanup_fails(struct pf_validation *validation, struct mp_world *world,
	struct mp_arena *arena, const char *address, bool is_sender)
{
	struct pf_maps *const maps[] = {
		is_sender ? validation->sender_canonical : validation->recipient_canonical,
		validation->canonical, validation->virtual_alias};
	size_t n = is_sender ? 2 : 3;

	for (size_t i = 0; address[0] != '\0' && i < n; i++) {
		if (pf_mail_addr_lookup(
			    validation->finder, maps[i], world, arena, address, MP_ROLE_EXISTS)
				.status == MP_TABLE_ERROR) {
			return true;
		}
	}
	return false;
}

static void add_reason(struct validating *v, struct mp_reason reason)
{
	struct mp_reason *list = mp_arena_array(v->arena, v->out.because.n + 1, sizeof *list);
	if (v->out.because.n > 0) {
		memcpy(list, v->out.because.v, v->out.because.n * sizeof *list);
	}
	list[v->out.because.n++] = reason;
	v->out.because.v = list;
}

/* Looks the address up. True ends the validation: it is there, or the lookup failed. */
static bool matches(struct validating *v, struct pf_maps *maps, const char *parameter)
{
	struct mp_table_result found = pf_mail_addr_lookup(v->validation->finder, maps, v->world,
		v->arena, v->resolved->recipient, MP_ROLE_EXISTS);
	if (found.status == MP_TABLE_NONE) {
		return false;
	}
	v->out.kind = PF_LISTED;
	if (found.status == MP_TABLE_ERROR) {
		v->out.kind = found.bad_value ? PF_LISTED_CONFIG : PF_LISTED_FAIL;
	}
	if (found.loc.source != NULL) {
		add_reason(v, (struct mp_reason){found.loc, v->resolved->recipient});
	}
	add_reason(v, pf_reason(v->validation->settings, parameter, v->arena));
	return true;
}

static void unlisted(struct validating *v, long code, const char *text)
{
	v->out.kind = PF_UNLISTED;
	v->out.code = (unsigned)code;
	v->out.dsn = v->is_sender ? "5.1.0" : "5.1.1";
	v->out.text = text;
}

/* Nobody is refused where the class has no table of recipients. */
static void check_class(struct validating *v, struct pf_maps *maps, const char *parameter,
	const char *code, const char *table)
{
	const struct pf_settings *s = v->validation->settings;
	if (pf_str(s, parameter)[0] == '\0' || matches(v, maps, parameter)) {
		return;
	}
	bool say = pf_bool(s, "show_user_unknown_table_name");
	unlisted(v, pf_int(s, code),
		mp_arena_printf(v->arena, "User unknown%s%s%s", say ? " in " : "", say ? table : "",
			say ? " table" : ""));
	add_reason(v, pf_reason(s, parameter, v->arena));
}

/* Addresses of the mail system itself, which no table needs to list. */
static bool is_system_address(struct validating *v)
{
	const char *names[] = {pf_str(v->validation->settings, "double_bounce_sender"),
		"postmaster", "mailer-daemon"};
	struct mp_slice address = mp_slice_str(v->resolved->recipient);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		size_t n = strlen(names[i]);
		if (mp_slice_istarts(address, names[i]) && n < address.n && address.p[n] == '@') {
			return true;
		}
	}
	return false;
}

/* The mailers error and retry deliver nothing: their next hop is the reply. */
static void undeliverable(struct validating *v, bool retry)
{
	const struct pf_resolved *r = v->resolved;
	const char *fallback = v->is_sender ? "5.1.0" : "5.1.1";
	long code = 550;
	if (retry) {
		fallback = v->is_sender ? "4.1.0" : "4.1.1";
		code = 450;
	} else if (r->class == PF_CLASS_VIRTUAL_ALIAS) {
		code = pf_int(v->validation->settings, "unknown_virtual_alias_reject_code");
	}
	const char *text;
	const char *dsn = pf_dsn_split(v->arena, fallback, r->nexthop, &text);
	dsn = pf_dsn_fit(v->arena, dsn, v->is_sender ? "Sender address" : "Recipient address");
	unlisted(v, code, text);
	v->out.dsn = mp_arena_printf(v->arena, "%ld%s", code / 100, dsn + 1);
	v->out.because = r->because;
}

static void check_recipients(struct validating *v)
{
	struct pf_validation *t = v->validation;
	switch (v->resolved->class) {
	case PF_CLASS_LOCAL:
		if (!is_system_address(v)) {
			check_class(v, t->local_recipients, "local_recipient_maps",
				"unknown_local_recipient_reject_code", "local recipient");
		}
		break;
	case PF_CLASS_VIRTUAL_MAILBOX:
		check_class(v, t->mailboxes, "virtual_mailbox_maps",
			"unknown_virtual_mailbox_reject_code", "virtual mailbox");
		break;
	case PF_CLASS_RELAY:
		check_class(v, t->relay_recipients, "relay_recipient_maps",
			"unknown_relay_recipient_reject_code", "relay recipient");
		break;
	case PF_CLASS_VIRTUAL_ALIAS:
	case PF_CLASS_DEFAULT:
		break;
	}
}

struct pf_listed pf_validate(struct pf_validation *validation, struct mp_world *world,
	struct mp_arena *arena, const struct pf_resolved *resolved, bool is_sender)
{
	struct validating v = {.validation = validation,
		.world = world,
		.arena = arena,
		.resolved = resolved,
		.is_sender = is_sender,
		.out = {.kind = PF_LISTED, .dsn = "", .text = ""}};
	if (resolved->fail) {
		v.out.kind = PF_LISTED_FAIL;
		return v.out;
	}
	if (matches(&v, validation->recipient_canonical, "recipient_canonical_maps") ||
		(is_sender && matches(&v, validation->sender_canonical, "sender_canonical_maps")) ||
		matches(&v, validation->canonical, "canonical_maps") ||
		matches(&v, validation->virtual_alias, "virtual_alias_maps")) {
		return v.out;
	}
	if (mp_str_eq(resolved->transport, "error")) {
		undeliverable(&v, false);
	} else if (mp_str_eq(resolved->transport, "retry")) {
		undeliverable(&v, true);
	} else {
		check_recipients(&v);
	}
	return v.out;
}
