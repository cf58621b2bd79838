/*
 * check_address - restrictions on the sender's and the recipient's address (reference 6.4, 6.5).
 */
#include "base/utf8.h"
#include "postfix/check/check_keyword.h"
#include "postfix/config/hostname.h"

const char *pf_domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? at + 1 : NULL;
}

bool pf_is_host_name(const struct pf_eval *e, const char *name)
{
	struct mp_slice s = mp_slice_str(name);

	return e->s->smtputf8 && mp_utf8_valid(s) ? pf_valid_utf8_hostname(s)
						  : pf_valid_hostname(s);
}

static bool client_object(struct pf_eval *e, struct pf_object *out)
{
	*out = (struct pf_object){pf_client_name(e->s), NULL, PF_NAME_CLIENT};
	return !mp_str_ieq(out->value, "unknown");
}

static bool reverse_object(struct pf_eval *e, struct pf_object *out)
{
	enum mp_found ignored;
	const char *name = pf_reverse_name(e, &ignored);

	*out = (struct pf_object){name, name, PF_NAME_REVERSE_CLIENT};
	return !mp_str_ieq(name, "unknown");
}

bool pf_object_of(struct pf_eval *e, int object, struct pf_object *out)
{
	struct pf_session *s = e->s;

	switch (object) {
	case PF_OF_CLIENT:
		return client_object(e, out);
	case PF_OF_REVERSE_CLIENT:
		return reverse_object(e, out);
	case PF_OF_HELO:
		*out = (struct pf_object){pf_helo(s), s->said.helo, PF_NAME_HELO};
		return out->value != NULL;
	case PF_OF_SENDER:
		*out = (struct pf_object){pf_sender(s), s->said.sender, PF_NAME_SENDER};
		return out->value != NULL && out->value[0] != '\0';
	case PF_OF_RECIPIENT:
		*out = (struct pf_object){e->recipient, e->recipient, PF_NAME_RECIPIENT};
		return e->recipient != NULL;
	case PF_OF_ETRN:
		*out = (struct pf_object){s->etrn, s->etrn, PF_NAME_ETRN};
		return s->etrn != NULL;
	default:
		return false;
	}
}

struct pf_resolved pf_eval_resolve(struct pf_eval *e, const char *sender, const char *address)
{
	struct pf_resolved resolved = pf_resolve(e->checks->smtpd->rewrite, e->world, e->arena,
		sender != NULL ? sender : "", address);

	resolved.recipient = resolved.recipient != NULL
		? mp_arena_lower(e->arena, mp_slice_str(resolved.recipient))
		: "";
	return resolved;
}

/* The other address of the transaction, which transports may depend on. */
static const char *other_address(struct pf_eval *e, int object)
{
	return object == PF_OF_SENDER ? e->recipient : pf_sender_for_resolving(e->s);
}

static const char *transaction_dsn(int object, const char *of_sender, const char *of_recipient)
{
	return object == PF_OF_SENDER ? of_sender : of_recipient;
}

/* ---- domains ---- */

enum pf_status pf_run_non_fqdn_address(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object o;
	(void)arg, (void)cx;

	if (!pf_object_of(e, keyword->object, &o)) {
		return PF_S_DUNNO;
	}
	const char *domain = pf_domain_of(o.value);
	size_t n = domain != NULL ? strlen(domain) : 0;
	if (n > 0 && domain[0] == '[' && domain[n - 1] == ']') {
		return PF_S_DUNNO;
	}
	if (n > 1 && domain[n - 1] == '.' && domain[n - 2] != '.') {
		domain = mp_arena_memdup(e->arena, domain, n - 1);
	}
	if (n > 0 && pf_is_host_name(e, domain) && strchr(domain, '.') != NULL) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY, pf_int(e->checks->settings, "non_fqdn_reject_code"),
		"4.5.2", "<%s>: %s rejected: need fully-qualified address", o.name, o.class);
}

/* Whether the domain says that it takes no mail (RFC 7505). */
static bool is_null_mx(struct pf_eval *e, const char *domain, const struct mp_dns_result *mx)
{
	if (mx->status != MP_FOUND || e->checks->version < PF_VERSION_3_0) {
		return false;
	}
	if (!mx->known) {
		return mp_ask_is(e->world, mp_arena_printf(e->arena, "dns.mx %s", domain), "0 .");
	}
	struct mp_slice only =
		mx->values.n == 1 ? mp_slice_trim(mp_slice_str(mx->values.v[0])) : mp_slice("", 0);
	size_t blank = mp_slice_rchr(only, ' ');
	return mp_slice_eq_str(blank == MP_NOT_FOUND ? only : mp_slice_from(only, blank + 1), ".");
}

static enum pf_status reject_null_mx(
	struct pf_eval *e, int object, const struct pf_object *o, const char *domain)
{
	return pf_reject(e, PF_FAULT_POLICY, object == PF_OF_SENDER ? 550 : 556,
		transaction_dsn(object, "4.7.27", "4.1.10"),
		"<%s>: %s rejected: Domain %s does not accept mail (nullMX)", o->name, o->class,
		domain);
}

static enum pf_status reject_unknown_host(
	struct pf_eval *e, int object, const struct pf_object *o, const char *domain)
{
	const char *dsn = transaction_dsn(object, "4.1.8", "4.1.2");
	enum mp_found mx = MP_NONE, address = MP_NONE;

	if (pf_valid_dns_name(mp_slice_str(domain))) {
		struct mp_dns_result result = mp_ask_dns(e->world, MP_DNS_MX, domain);
		if (is_null_mx(e, domain, &result)) {
			return reject_null_mx(e, object, o, domain);
		}
		mx = result.status;
		address = mx == MP_FOUND ? MP_FOUND
					 : mp_ask_dns(e->world, MP_DNS_ADDRESS, domain).status;
	}
	if (address == MP_FOUND) {
		return PF_S_DUNNO;
	}
	if (mx == MP_TEMPFAIL || address == MP_TEMPFAIL) {
		return pf_defer_if_permit(e, e->checks->address_tempfail_defers, 450, dsn,
			"<%s>: %s rejected: Domain not found", o->name, o->class);
	}
	return pf_reject(e, PF_FAULT_POLICY,
		pf_int(e->checks->settings, "unknown_address_reject_code"), dsn,
		"<%s>: %s rejected: Domain not found", o->name, o->class);
}

enum pf_status pf_run_unknown_domain(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object o;
	(void)arg, (void)cx;

	if (!pf_object_of(e, keyword->object, &o)) {
		return PF_S_DUNNO;
	}
	struct pf_resolved resolved =
		pf_eval_resolve(e, other_address(e, keyword->object), o.value);
	if (resolved.fail) {
		return pf_reject_lookup_failure(e, o.value);
	}
	const char *domain = pf_domain_of(resolved.recipient);
	if (domain == NULL || resolved.class == PF_CLASS_LOCAL ||
		resolved.class == PF_CLASS_VIRTUAL_ALIAS ||
		resolved.class == PF_CLASS_VIRTUAL_MAILBOX) {
		return PF_S_DUNNO;
	}
	size_t n = strlen(domain);
	if (n > 0 && domain[0] == '[' && domain[n - 1] == ']') {
		return PF_S_DUNNO;
	}
	return reject_unknown_host(e, keyword->object, &o, domain);
}

/* ---- verification probes: verify(8) ---- */

static enum pf_status reject_unverified(
	struct pf_eval *e, int object, const struct pf_object *o, bool undeliverable)
{
	static const char *const codes[2][2] = {
		{"unverified_recipient_defer_code", "unverified_recipient_reject_code"},
		{"unverified_sender_defer_code", "unverified_sender_reject_code"}};
	bool sender = object == PF_OF_SENDER;
	const struct pf_settings *settings = e->checks->settings;
	long code = pf_int(settings, codes[sender][undeliverable]);
	const char *why = pf_str(settings,
		sender ? "unverified_sender_reject_reason" : "unverified_recipient_reject_reason");

	if (code / 100 == 2 || code == 0) {
		return PF_S_DUNNO;
	}
	if (code < 400 || why[0] == '\0') {
		why = PF_WORDS_OF_PROBE;
	}
	if (code / 100 == 4) {
		return pf_defer_if_permit(e,
			sender ? e->checks->sender_tempfail_defers
			       : e->checks->recipient_tempfail_defers,
			code, transaction_dsn(object, "4.1.7", "4.1.1"),
			"<%s>: %s rejected: unverified address: %.250s", o->name, o->class, why);
	}
	return pf_reject(e, PF_FAULT_POLICY, code, transaction_dsn(object, "4.1.7", "4.1.1"),
		"<%s>: %s rejected: undeliverable address: %s", o->name, o->class, why);
}

enum pf_status pf_run_unverified(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object o;
	(void)arg, (void)cx;

	if (!pf_object_of(e, keyword->object, &o) || o.value[0] == '\0') {
		return PF_S_DUNNO;
	}
	enum mp_found found =
		mp_ask_found(e->world, mp_arena_printf(e->arena, "address.verified %s", o.value));
	return found == MP_FOUND ? PF_S_DUNNO
				 : reject_unverified(e, keyword->object, &o, found == MP_NONE);
}

/* ---- unlisted addresses (9) ---- */

enum pf_status pf_check_unlisted(struct pf_eval *e, const char *address, bool is_sender)
{
	struct pf_check_state *state = &e->s->check;
	bool *validated = is_sender ? &state->sender_validated : &state->recipient_validated;

	if (e->checks->skip_unlisted || *validated) {
		return PF_S_DUNNO;
	}
	*validated = state->warn_if_reject == 0;
	struct pf_resolved resolved = pf_eval_resolve(
		e, other_address(e, is_sender ? PF_OF_SENDER : PF_OF_RECIPIENT), address);
	if (resolved.fail) {
		return pf_reject_lookup_failure(e, address);
	}
	struct pf_listed listed =
		pf_validate(e->checks->smtpd->validation, e->world, e->arena, &resolved, is_sender);
	if (listed.kind != PF_LISTED) {
		pf_eval_because_all(e, listed.because);
	}
	switch (listed.kind) {
	case PF_LISTED:
		return PF_S_DUNNO;
	case PF_UNLISTED:
		return pf_reject(e, PF_FAULT_BOUNCE, listed.code, listed.dsn,
			"<%s>: %s rejected: %s", address,
			is_sender ? PF_NAME_SENDER : PF_NAME_RECIPIENT, listed.text);
	case PF_LISTED_FAIL:
		return pf_reject_lookup_failure(e, address);
	case PF_LISTED_CONFIG:
		return pf_reject_server_error(e, "a lookup table of the address cannot be used");
	}
	return PF_S_DUNNO;
}

enum pf_status pf_run_unlisted(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object o;
	(void)arg, (void)cx;

	if (!pf_object_of(e, keyword->object, &o) || o.value[0] == '\0') {
		return PF_S_DUNNO;
	}
	return pf_check_unlisted(e, o.value, keyword->object == PF_OF_SENDER);
}
