/*
 * check_client - restrictions on the client: its address, its names, its login (reference 6.2).
 */
#include "postfix/check/check_keyword.h"
#include "postfix/config/interfaces.h"

enum pf_status pf_run_mynetworks(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_list_hit hit = {.text = ""};
	(void)keyword, (void)arg;

	enum pf_match match = pf_client_in_list(e->s, e->checks->mynetworks, &hit);
	switch (match) {
	case PF_NO_MATCH:
		return PF_S_DUNNO;
	case PF_MATCH:
		pf_eval_because(e, hit.loc, hit.text);
		if (!pf_is_set(e->checks->settings, "mynetworks")) {
			pf_eval_because_setting(e, "mynetworks_style");
		}
		return PF_S_OK;
	case PF_MATCH_ERROR:
		pf_eval_because(e, hit.loc, hit.text);
		return pf_reject_lookup_failure(e, pf_context_name(e, cx));
	}
	return PF_S_DUNNO;
}

enum pf_status pf_run_inet_interfaces(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg, (void)cx;
	if (pf_is_own_address(e->checks->settings, e->world, e->arena, pf_client_ip(e->s)) !=
		PF_MATCH) {
		return PF_S_DUNNO;
	}
	pf_eval_because_setting(e, "inet_interfaces");
	return PF_S_OK;
}

/* A login by the mechanism ANONYMOUS is none. */
enum pf_status pf_run_sasl_authenticated(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_session *s = e->s;
	(void)keyword, (void)arg, (void)cx;

	if (!pf_bool(e->checks->settings, "smtpd_sasl_auth_enable") || pf_login(s) == NULL) {
		return PF_S_DUNNO;
	}
	if (s->said.sasl_method != NULL && mp_str_ieq(s->said.sasl_method, "anonymous")) {
		return PF_S_DUNNO;
	}
	pf_eval_because_setting(e, "smtpd_sasl_auth_enable");
	return PF_S_OK;
}

/* ---- certificates ---- */

enum pf_status pf_run_clientcerts(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	const struct mp_client_certificate *cert = pf_certificate(e->s);
	(void)arg;

	if (cert == NULL) {
		return PF_S_DUNNO;
	}
	if (keyword->variant != 0 && pf_certificate_verified(e->s)) {
		return PF_S_OK;
	}
	for (int of_key = 0; of_key < 2; of_key++) {
		const char *print = pf_fingerprint(e->s, of_key == 1);
		if (print == NULL) {
			continue;
		}
		struct mp_table_result result = pf_maps_find(e->checks->relay_clientcerts, e->world,
			print, false, MP_ROLE_EXISTS, e->arena);
		switch (result.status) {
		case MP_TABLE_NONE:
			break;
		case MP_TABLE_FOUND:
			pf_eval_because(e, result.loc, print);
			return PF_S_OK;
		case MP_TABLE_ERROR:
			return pf_reject_lookup_failure(e, pf_context_name(e, cx));
		}
	}
	return PF_S_DUNNO;
}

/* The CN of a subject as it is written in facts: "CN=name, O=..." or the name alone. */
static const char *common_name(struct mp_arena *arena, const char *subject)
{
	const char *cn = subject == NULL ? "" : strstr(subject, "CN=");

	if (cn == NULL) {
		return subject;
	}
	cn += *cn != '\0' ? 3 : 0;
	return mp_arena_slicedup(arena, mp_slice_trim(mp_slice(cn, strcspn(cn, ",/"))));
}

enum pf_status pf_run_ccert_access(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	const struct mp_client_certificate *cert = pf_certificate(e->s);
	(void)keyword;

	if (arg->search == PF_SEARCH_UNUSABLE || arg->table == NULL) {
		return pf_reject_server_error(e, "malformed {type:table {search_order=...}}");
	}
	if (cert == NULL) {
		return PF_S_DUNNO;
	}
	struct pf_token table = *arg;
	table.table_unknown = false;
	struct pf_access access = {.e = e,
		.table = &table,
		.cx = cx,
		.name = common_name(e->arena, cert->subject),
		.class = PF_NAME_CERTIFICATE};
	const char *order = arg->search == PF_SEARCH_LISTED ? arg->search_order : "ck";
	for (; *order != '\0'; order++) {
		bool found;
		if (*order == '?') {
			return pf_reject_server_error(e, "this search order is not supported");
		}
		/* Of a certificate that is only described, the public key is not known. */
		const char *print = pf_fingerprint(e->s, *order == 'k');
		enum pf_status status =
			print != NULL ? pf_access_exact(&access, print, &found) : PF_S_DUNNO;
		if (status != PF_S_DUNNO) {
			return status;
		}
	}
	return PF_S_DUNNO;
}

enum pf_status pf_run_sasl_access(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	bool enabled = pf_bool(e->checks->settings, "smtpd_sasl_auth_enable"), found;
	const char *user = enabled ? pf_login(e->s) : NULL;
	(void)keyword;

	if (user == NULL || user[0] == '\0') {
		return PF_S_DUNNO;
	}
	char *name = mp_arena_strdup(e->arena, user);
	pf_printable(name, pf_bool(e->checks->settings, "smtputf8_enable"), '_');
	struct pf_access access = {
		.e = e, .table = arg, .cx = cx, .name = name, .class = PF_NAME_SASL_USER};
	return pf_access_exact(&access, user, &found);
}

/* ---- names ---- */

/* How the forward-confirmed lookup of the name ended: FOUND, NONE (no name, or one that does not
 * lead back to the address), TEMPFAIL. */
static enum mp_found name_status(struct pf_eval *e)
{
	if (!pf_bool(e->checks->settings, "smtpd_peername_lookup")) {
		return MP_NONE;
	}
	const char *name = pf_client_name(e->s);
	if (!mp_str_eq(name, "unknown")) {
		return MP_FOUND;
	}
	const char *seen = e->s->said.client_name_seen;
	return seen != NULL && mp_str_eq(seen, "tempfail") ? MP_TEMPFAIL : MP_NONE;
}

/* A PTR record exists, but which name it holds is open: one of those that tables could tell apart,
 * or another. */
static const char *open_reverse_name(struct pf_eval *e)
{
	const struct pf_names *names = &e->checks->smtpd->client_names;
	const char *question = mp_arena_printf(e->arena, "dns.ptr %s", pf_client_address(e->s));

	for (size_t i = 0; i < names->v.n; i++) {
		if (mp_ask_is(e->world, question, names->v.v[i])) {
			return names->v.v[i];
		}
	}
	return "{client.name}";
}

const char *pf_reverse_name(struct pf_eval *e, enum mp_found *status)
{
	enum mp_found forward = name_status(e);
	const char *seen = e->s->said.client_name_seen;

	*status = forward;
	if (forward == MP_FOUND) {
		return pf_client_name(e->s);
	}
	if (!pf_bool(e->checks->settings, "smtpd_peername_lookup") ||
		(seen != NULL && mp_str_eq(seen, "none"))) {
		return "unknown";
	}
	struct mp_dns_result ptr = mp_ask_dns(e->world, MP_DNS_PTR, pf_client_address(e->s));
	*status = ptr.status;
	if (ptr.status != MP_FOUND) {
		return "unknown";
	}
	return ptr.known && ptr.values.n > 0 ? ptr.values.v[0] : open_reverse_name(e);
}

static long unknown_code(struct pf_eval *e, enum mp_found status)
{
	return status == MP_TEMPFAIL ? 450
				     : pf_int(e->checks->settings, "unknown_client_reject_code");
}

enum pf_status pf_run_unknown_client(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	enum mp_found status = name_status(e);
	(void)keyword, (void)arg, (void)cx;

	if (status == MP_FOUND) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY, unknown_code(e, status),
		e->checks->version >= PF_VERSION_3_0 ? "4.7.25" : "4.7.1",
		"Client host rejected: cannot find your hostname, [%s]", e->s->said.client_text);
}

enum pf_status pf_run_unknown_reverse_client(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	enum mp_found status;
	(void)keyword, (void)arg, (void)cx;

	pf_reverse_name(e, &status);
	if (status == MP_FOUND) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY, unknown_code(e, status), "4.7.1",
		"Client host rejected: cannot find your reverse hostname, [%s]",
		e->s->said.client_text);
}

/* The name that the table is searched for: not asked where every name finds the same. */
static const char *name_for_table(
	struct pf_eval *e, const struct pf_keyword *keyword, const struct pf_token *table)
{
	enum mp_found status;

	if (pf_access_is_constant(table) && keyword->object == PF_OF_CLIENT) {
		return "unknown";
	}
	return keyword->object == PF_OF_CLIENT ? pf_client_name(e->s) : pf_reverse_name(e, &status);
}

enum pf_status pf_run_client_access(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	bool reverse = keyword->object == PF_OF_REVERSE_CLIENT, found = false;
	enum pf_status status = PF_S_DUNNO;
	struct pf_access access = {.e = e,
		.table = arg,
		.cx = cx,
		.class = reverse ? PF_NAME_REVERSE_CLIENT : PF_NAME_CLIENT};

	if (reverse) {
		enum mp_found ignored;
		access.name = pf_reverse_name(e, &ignored);
	}
	if (pf_access_has_names(arg) || pf_access_is_constant(arg)) {
		status = pf_access_domain(&access, name_for_table(e, keyword, arg), &found);
	}
	if (!found) {
		status = pf_access_address(&access, pf_client_address(e->s), &found);
	}
	return reverse ? pf_forbid_permit(e, status) : status;
}
