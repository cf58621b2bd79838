/*
 * check_login - who may use which sender address (postconf(5) smtpd_sender_login_maps).
 */
#include "postfix/check/check_keyword.h"

static bool is_owner(struct pf_eval *e, const char *owners, const char *user)
{
	struct pf_text *v;
	size_t n = pf_split(e->arena, pf_text_plain(owners), &v);

	for (size_t i = 0; i < n; i++) {
		if (mp_str_ieq(v[i].s, user)) {
			return true;
		}
	}
	return false;
}

/* Who owns the sender; REFUSE when that cannot be found out. */
static enum pf_status find_owners(
	struct pf_eval *e, const char *sender, struct mp_table_result *result)
{
	struct pf_resolved resolved = pf_eval_resolve(e, e->recipient, sender);

	if (resolved.fail) {
		return pf_reject_lookup_failure(e, sender);
	}
	*result = pf_mail_addr_find(e->checks->smtpd->validation, e->checks->sender_login_maps,
		e->world, e->arena, resolved.recipient, MP_ROLE_VALUE);
	/* Together with another login the same owners come to something else. */
	pf_turn(e->s, "smtpd_sender_login_maps",
		result->status == MP_TABLE_FOUND ? result->value : "", (unsigned)result->status,
		false);
	return result->status == MP_TABLE_ERROR ? pf_reject_lookup_failure(e, sender) : PF_S_DUNNO;
}

/* Where the owners are open, whether the user is among them is a question of its own. */
static bool user_owns(struct pf_eval *e, const struct mp_table_result *result, const char *sender,
	const char *user)
{
	if (!result->outside) {
		return is_owner(e, result->value, user);
	}
	return mp_ask_found(e->world,
		       mp_arena_printf(e->arena, "table.lookup smtpd_sender_login_maps %s %s",
			       sender, user)) == MP_FOUND;
}

static enum pf_status check_logged_in(struct pf_eval *e, const char *sender, bool unknown_is_fine)
{
	const char *user = pf_login(e->s);
	struct mp_table_result result = {.status = MP_TABLE_NONE};
	enum pf_status status = find_owners(e, sender, &result);

	if (status != PF_S_DUNNO) {
		return status;
	}
	if (result.status == MP_TABLE_NONE && unknown_is_fine) {
		return PF_S_DUNNO;
	}
	if (result.status == MP_TABLE_FOUND) {
		if (user_owns(e, &result, sender, user)) {
			return PF_S_DUNNO;
		}
		pf_eval_because(e, result.loc, result.value);
	}
	return pf_reject(e, PF_FAULT_POLICY, 553, "5.7.1",
		"<%s>: " PF_NAME_SENDER " rejected: not owned by user %s", sender, user);
}

static enum pf_status check_not_logged_in(struct pf_eval *e, const char *sender)
{
	struct mp_table_result result = {.status = MP_TABLE_NONE};
	enum pf_status status = find_owners(e, sender, &result);

	if (status != PF_S_DUNNO || result.status == MP_TABLE_NONE) {
		return status;
	}
	pf_eval_because(e, result.loc, result.value);
	return pf_reject(e, PF_FAULT_POLICY, 553, "5.7.1",
		"<%s>: " PF_NAME_SENDER " rejected: not logged in", sender);
}

enum pf_status pf_run_login_mismatch(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	bool enabled = pf_bool(e->checks->settings, "smtpd_sasl_auth_enable");
	const char *sender = enabled ? pf_sender(e->s) : NULL;
	(void)arg, (void)cx;

	if (sender == NULL || sender[0] == '\0') {
		return PF_S_DUNNO;
	}
	bool logged_in = pf_login(e->s) != NULL;
	if (logged_in && keyword->variant != PF_LOGIN_UNAUTHENTICATED) {
		return check_logged_in(e, sender, keyword->variant == PF_LOGIN_KNOWN);
	}
	if (!logged_in && keyword->variant != PF_LOGIN_AUTHENTICATED) {
		return check_not_logged_in(e, sender);
	}
	return PF_S_DUNNO;
}
