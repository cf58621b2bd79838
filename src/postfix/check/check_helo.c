/* check_helo - restrictions on the HELO name (reference 6.3). */
#include "postfix/check/check_keyword.h"
#include "postfix/config/hostname.h"

/* A trailing dot does not count, two do. */
static const char *without_dot(struct mp_arena *arena, const char *name)
{
	size_t n = strlen(name);

	if (n > 1 && name[n - 1] == '.' && name[n - 2] != '.') {
		return mp_arena_memdup(arena, name, n - 1);
	}
	return name;
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]" and what only looks like it. */
static enum pf_status reject_invalid_literal(struct pf_eval *e, const char *helo)
{
	struct mp_slice text = mp_slice_str(helo), bare;

	if (helo[0] == '[' && text.n > 2 && text.p[text.n - 1] == ']') {
		text = mp_slice_sub(text, 1, text.n - 1);
	}
	if (pf_valid_mailhost_addr(text, &bare)) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY,
		pf_int(e->checks->settings, "invalid_hostname_reject_code"), "5.5.2",
		"<%s>: " PF_NAME_HELO " rejected: invalid ip address", helo);
}

/* The name that the client said; NULL where that is decided already: none, or an address. */
static const char *name_to_check(struct pf_eval *e, enum pf_status *decided)
{
	const char *helo = pf_helo(e->s);

	if (helo != NULL && helo[0] != '[') {
		return helo;
	}
	*decided = helo != NULL ? reject_invalid_literal(e, helo) : PF_S_DUNNO;
	return NULL;
}

enum pf_status pf_run_invalid_helo(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	enum pf_status decided;
	const char *helo = name_to_check(e, &decided);
	(void)keyword, (void)arg, (void)cx;

	if (helo == NULL) {
		return decided;
	}
	const char *name = without_dot(e->arena, helo);
	if (pf_valid_hostname(mp_slice_str(name)) || pf_valid_hostaddr(mp_slice_str(name))) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY,
		pf_int(e->checks->settings, "invalid_hostname_reject_code"), "5.5.2",
		"<%s>: " PF_NAME_HELO " rejected: Invalid name", helo);
}

enum pf_status pf_run_non_fqdn_helo(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	enum pf_status decided;
	const char *helo = name_to_check(e, &decided);
	(void)keyword, (void)arg, (void)cx;

	if (helo == NULL) {
		return decided;
	}
	const char *name = without_dot(e->arena, helo);
	if (pf_is_host_name(e, name) && strchr(name, '.') != NULL) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY, pf_int(e->checks->settings, "non_fqdn_reject_code"),
		"5.5.2", "<%s>: " PF_NAME_HELO " rejected: need fully-qualified hostname", helo);
}

/* Addresses first, then MX: one that is found is enough. A null MX counts as found. */
static enum mp_found find_host(struct pf_eval *e, const char *name)
{
	if (!pf_valid_dns_name(mp_slice_str(name))) {
		return MP_NONE;
	}
	enum mp_found address = mp_ask_dns(e->world, MP_DNS_ADDRESS, name).status;
	if (address == MP_FOUND) {
		return MP_FOUND;
	}
	enum mp_found mx = mp_ask_dns(e->world, MP_DNS_MX, name).status;
	return mx == MP_NONE ? address : mx;
}

enum pf_status pf_run_unknown_helo(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	enum pf_status decided;
	const char *helo = name_to_check(e, &decided);
	(void)keyword, (void)arg, (void)cx;

	if (helo == NULL) {
		return decided;
	}
	switch (find_host(e, helo)) {
	case MP_FOUND:
		return PF_S_DUNNO;
	case MP_NONE:
		return pf_reject(e, PF_FAULT_POLICY,
			pf_int(e->checks->settings, "unknown_hostname_reject_code"), "4.7.1",
			"<%s>: " PF_NAME_HELO " rejected: Host not found", helo);
	case MP_TEMPFAIL:
		return pf_defer_if_permit(e, e->checks->helo_tempfail_defers, 450, "4.7.1",
			"<%s>: " PF_NAME_HELO " rejected: Host not found", helo);
	}
	return PF_S_DUNNO;
}

enum pf_status pf_run_naked_ip(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	const char *helo = pf_helo(e->s);
	(void)keyword, (void)arg, (void)cx;

	if (helo == NULL || helo[strspn(helo, "0123456789.:")] != '\0') {
		return PF_S_DUNNO;
	}
	enum pf_status status = reject_invalid_literal(e, helo);
	return status == PF_S_DUNNO ? PF_S_OK : status;
}

/* check_helo_access and check_etrn_access. */
enum pf_status pf_run_domain_access(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object object;
	bool found;

	if (!pf_object_of(e, keyword->object, &object)) {
		return PF_S_DUNNO;
	}
	struct pf_access access = {
		.e = e, .table = arg, .cx = cx, .name = object.name, .class = object.class};
	return pf_access_domain(&access, object.value, &found);
}
