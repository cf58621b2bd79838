/*
 * resolve - class, transport and flags of an address, as trivial-rewrite(8) gives them to smtpd
 * (reference 8.3).
 */
#include "base/fold.h"
#include "postfix/address/mail_addr.h"
#include "postfix/address/rewrite_internal.h"
#include "postfix/lookup/hole.h"

/* What a list of domains says about the domain: on a match the class and what decided. */
static bool in_class(struct pf_resolving *r, struct pf_list *list, enum pf_address_class class)
{
	struct pf_list_hit hit = {0};
	if (r->out.fail) {
		return false;
	}
	switch (pf_list_match_name(list, r->world, r->arena, r->domain, &hit)) {
	case PF_NO_MATCH:
		return false;
	case PF_MATCH_ERROR:
		r->out.fail = true;
		return false;
	case PF_MATCH:
		break;
	}
	r->out.class = class;
	r->hit = hit;
	return true;
}

/* A table keyed by the sender's address; DUNNO and an empty value stand for the fallback. */
static const char *by_sender(
	struct pf_resolving *r, struct pf_maps *maps, const char *null_key, const char *fallback)
{
	const char *key = r->sender[0] != '\0' ? r->sender : pf_str(r->rewrite->settings, null_key);
	struct mp_table_result found = pf_mail_addr_lookup(
		r->rewrite->finder, maps, r->world, r->arena, key, MP_ROLE_VALUE);
	if (found.status == MP_TABLE_ERROR) {
		r->out.fail = true;
		return fallback;
	}
	if (found.status == MP_TABLE_NONE || found.value[0] == '\0' ||
		mp_str_ieq(found.value, "DUNNO")) {
		return fallback;
	}
	return found.value;
}

static void set_nexthop_outside(struct pf_resolving *r)
{
	const char *relayhost = pf_str(r->rewrite->settings, "relayhost");
	struct pf_rewrite *rewrite = r->rewrite;
	r->out.nexthop = relayhost[0] != '\0' ? relayhost : r->domain;
	if (pf_maps_is_empty(rewrite->sender_relayhost)) {
		return;
	}
	const char *by = by_sender(
		r, rewrite->sender_relayhost, "empty_address_relayhost_maps_lookup_key", NULL);
	if (by != NULL) {
		r->out.nexthop = by;
	}
}

/* The class and the transport that main.cf gives it. */
static const char *classify(struct pf_resolving *r)
{
	struct pf_rewrite *rewrite = r->rewrite;
	const struct pf_settings *s = rewrite->settings;
	r->out.nexthop = r->domain;
	if (r->local) {
		r->out.class = PF_CLASS_LOCAL;
		return pf_str(s, "local_transport");
	}
	if (in_class(r, rewrite->alias_domains, PF_CLASS_VIRTUAL_ALIAS)) {
		r->out.nexthop = pf_bool(s, "show_user_unknown_table_name")
			? "5.1.1 User unknown in virtual alias table"
			: "5.1.1 User unknown";
		return "error";
	}
	if (in_class(r, rewrite->mailbox_domains, PF_CLASS_VIRTUAL_MAILBOX)) {
		return pf_str(s, "virtual_transport");
	}
	if (in_class(r, rewrite->relay_domains, PF_CLASS_RELAY)) {
		set_nexthop_outside(r);
		return pf_str(s, "relay_transport");
	}
	const char *transport = pf_str(s, "default_transport");
	if (r->out.fail) {
		return transport;
	}
	r->out.class = PF_CLASS_DEFAULT;
	if (!pf_maps_is_empty(rewrite->sender_transport)) {
		transport = by_sender(r, rewrite->sender_transport,
			"empty_address_default_transport_maps_lookup_key", transport);
	}
	set_nexthop_outside(r);
	return transport;
}

/* "transport:nexthop" of main.cf. */
static void split_transport(struct pf_resolving *r, const char *value)
{
	const char *colon = strchr(value, ':');
	size_t n = colon != NULL ? (size_t)(colon - value) : strlen(value);
	r->out.transport = mp_arena_memdup(r->arena, value, n);
	if (colon != NULL && colon[1] != '\0') {
		r->out.nexthop = colon + 1;
	}
	if (n == 0) {
		r->out.fail = true; /* "null transport is not allowed" */
	}
}

static void look_for_relocation(struct pf_resolving *r)
{
	struct pf_rewrite *rewrite = r->rewrite;
	struct mp_table_result found = pf_mail_addr_lookup(rewrite->finder, rewrite->relocated,
		r->world, r->arena, r->recipient, MP_ROLE_VALUE);
	if (found.status == MP_TABLE_ERROR) {
		r->out.fail = true;
	} else if (found.status == MP_TABLE_FOUND) {
		r->out.transport = "error";
		bool bare = pf_settings_environment(rewrite->settings)->version >= 31100 &&
			!pf_bool(rewrite->settings, "relocated_prefix_enable");
		r->out.nexthop = bare
			? found.value
			: mp_arena_printf(r->arena, "5.1.6 User has moved to %s", found.value);
		r->transport_at = found.loc;
	}
}

static void deliver(struct pf_resolving *r)
{
	/* The first routing operator must be the @ before the domain, or the next host might
	 * follow the others. */
	r->out.routed = r->recipient + strcspn(r->recipient, "@!%") + 1 != r->domain;
	const char *transport = classify(r);
	if (!r->out.fail) {
		split_transport(r, transport);
	}
	if (!r->out.fail && r->out.class != PF_CLASS_VIRTUAL_ALIAS) {
		r->out.fail = !pf_transports_apply(r->rewrite->transports, r);
	}
	if (!r->out.fail) {
		look_for_relocation(r);
	}
	/* What failed before is not looked at again. */
	if (!r->out.fail && r->recipient[0] == '-' &&
		!pf_bool(r->rewrite->settings, "allow_min_user")) {
		r->out.error = true;
	}
}

/* Why: the list item of the class, then the table entry that changed the transport. */
static struct mp_reasons reasons(const struct pf_resolving *r)
{
	struct mp_reason *v = mp_arena_array(r->arena, 2, sizeof *v);
	struct mp_reasons out = {v, 0};
	if (r->hit.text != NULL) {
		v[out.n++] = (struct mp_reason){r->hit.loc, r->hit.text};
	}
	if (r->transport_at.source != NULL) {
		v[out.n++] = (struct mp_reason){r->transport_at,
			mp_arena_printf(r->arena, "%s:%s", r->out.transport, r->out.nexthop)};
	}
	return out;
}

/* smtpd folds what the service answers, beyond ASCII where it may see more. */
static const char *fold(
	const struct pf_rewrite *rewrite, struct mp_arena *arena, const char *recipient)
{
	struct mp_slice text = mp_slice_str(recipient);
	return pf_bool(rewrite->settings, "smtputf8_enable") ? mp_fold(arena, text)
							     : mp_arena_lower(arena, text);
}

struct pf_resolved pf_resolve(struct pf_rewrite *rewrite, struct mp_world *world,
	struct mp_arena *arena, const char *sender, const char *internal)
{
	struct pf_resolving r = {
		.rewrite = rewrite, .world = world, .arena = arena, .sender = sender};
	r.out = (struct pf_resolved){.transport = "", .nexthop = "", .recipient = internal};
	if (pf_rewrite_fatal(rewrite) != NULL) {
		r.out.fail = true;
		return r.out;
	}
	pf_unwind(&r, pf_rewrite_internal(rewrite, world, arena, internal), !pf_has_hole(internal));
	if (!r.out.fail && !r.out.error) {
		deliver(&r);
	}
	if (r.recipient[0] != '\0') {
		r.out.recipient = fold(rewrite, arena, r.recipient);
	}
	if (!r.local && r.out.class == PF_CLASS_DEFAULT) {
		r.hit.text = NULL;
	}
	r.out.because = reasons(&r);
	return r.out;
}

enum pf_authorised pf_address_authorised(
	const struct pf_resolved *resolved, bool allow_untrusted_routing)
{
	if (resolved->fail) {
		return PF_AUTHORISED_FAIL;
	}
	if (strchr(resolved->recipient, '@') == NULL) {
		return PF_AUTHORISED;
	}
	if (resolved->routed && !allow_untrusted_routing) {
		return PF_NOT_AUTHORISED;
	}
	return resolved->class != PF_CLASS_DEFAULT ? PF_AUTHORISED : PF_NOT_AUTHORISED;
}
