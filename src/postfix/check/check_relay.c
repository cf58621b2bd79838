/*
 * check_relay - where anybody may send mail to (reference 6.5, 8.4).
 */
#include "postfix/check/check_keyword.h"

/* Why nobody but a trusted client may send there. */
static void because_not_authorised(struct pf_eval *e, const struct pf_resolved *resolved)
{
	if (resolved->routed && !pf_bool(e->checks->settings, "allow_untrusted_routing")) {
		pf_eval_because_setting(e, "allow_untrusted_routing");
	}
	pf_eval_because_all(e, resolved->because);
}

/* Why anybody may send there. */
static struct mp_reasons because_authorised(struct pf_eval *e, const struct pf_resolved *resolved)
{
	if (!resolved->routed) {
		return resolved->because;
	}
	struct mp_reason *routing = MP_ARENA_NEW(e->arena, struct mp_reason);
	*routing = pf_reason(e->checks->settings, "allow_untrusted_routing", e->arena);
	return pf_reasons_join(e->arena, (struct mp_reasons){routing, 1}, resolved->because);
}

enum pf_status pf_permit_auth_destination(struct pf_eval *e, const char *recipient)
{
	struct pf_resolved resolved = pf_eval_resolve(e, pf_sender_for_resolving(e->s), recipient);

	switch (pf_address_authorised(
		&resolved, pf_bool(e->checks->settings, "allow_untrusted_routing"))) {
	case PF_AUTHORISED:
		e->authorised = because_authorised(e, &resolved);
		return PF_S_OK;
	case PF_NOT_AUTHORISED:
		because_not_authorised(e, &resolved);
		return PF_S_DUNNO;
	case PF_AUTHORISED_FAIL:
		return pf_reject_lookup_failure(e, recipient);
	}
	return PF_S_DUNNO;
}

enum pf_status pf_run_auth_destination(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg, (void)cx;
	if (e->recipient == NULL) {
		return PF_S_DUNNO;
	}
	enum pf_status status = pf_permit_auth_destination(e, e->recipient);
	if (status == PF_S_OK) {
		pf_eval_because_all(e, e->authorised);
	}
	return status;
}

/* reject_unauth_destination, and defer_ as its variant with a code lower by 100. */
enum pf_status pf_run_unauth_destination(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	long code = pf_int(e->checks->settings, "relay_domains_reject_code");
	(void)arg, (void)cx;

	if (e->recipient == NULL) {
		return PF_S_DUNNO;
	}
	enum pf_status status = pf_permit_auth_destination(e, e->recipient);
	if (status == PF_S_OK) {
		e->authorised = pf_reasons_join(e->arena, e->authorised, pf_eval_reasons(e));
		return PF_S_DUNNO;
	}
	if (status == PF_S_REFUSE) {
		return status;
	}
	return pf_reject(e, PF_FAULT_POLICY, keyword->variant ? code - 100 : code,
		keyword->variant ? "4.7.1" : "5.7.1", "<%s>: Relay access denied", e->recipient);
}

enum pf_status pf_run_relay_domains(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_list_hit hit = {.text = ""};
	(void)keyword, (void)arg, (void)cx;

	if (e->recipient == NULL) {
		return PF_S_DUNNO;
	}
	if (pf_list_match_name(e->checks->relay_domains, e->world, e->arena, pf_client_name(e->s),
		    &hit) == PF_MATCH) {
		pf_eval_because(e, hit.loc, hit.text);
		return PF_S_OK;
	}
	enum pf_status status = pf_permit_auth_destination(e, e->recipient);
	if (status != PF_S_DUNNO) {
		return status;
	}
	return pf_reject(e, PF_FAULT_POLICY,
		pf_int(e->checks->settings, "relay_domains_reject_code"), "5.7.1",
		"<%s>: " PF_NAME_RECIPIENT " rejected: Relay access denied", e->recipient);
}
