/*
 * check_mx - permit_mx_backup: the host is a backup mail exchanger of the recipient's domain
 * (postconf(5); RFC 5321 5.1 for the order of exchangers).
 */
#include "base/number.h"
#include "postfix/check/check_keyword.h"
#include "postfix/config/hostname.h"
#include "postfix/config/interfaces.h"

struct exchanger {
	unsigned long preference;
	const char *host;
};

struct exchangers {
	struct exchanger *v;
	size_t n, primaries; /* sorted: primaries first */
};

/* "10 mail.example.com" */
static struct exchanger parse_exchanger(struct mp_arena *arena, const char *value)
{
	struct mp_slice s = mp_slice_trim(mp_slice_str(value));
	size_t blank = mp_slice_chr(s, ' ');
	struct exchanger mx = {0, value};

	if (blank != MP_NOT_FOUND &&
		mp_parse_uint(mp_slice_sub(s, 0, blank), 0, 65535, &mx.preference)) {
		mx.host = mp_arena_slicedup(arena, mp_slice_trim(mp_slice_from(s, blank)));
	}
	return mx;
}

static struct exchangers sort_exchangers(struct mp_arena *arena, struct mp_strings values)
{
	struct exchangers list = {mp_arena_array(arena, values.n, sizeof *list.v), values.n, 0};

	for (size_t i = 0; i < values.n; i++) {
		struct exchanger mx = parse_exchanger(arena, values.v[i]);
		size_t at = i;
		for (; at > 0 && list.v[at - 1].preference > mx.preference; at--) {
			list.v[at] = list.v[at - 1];
		}
		list.v[at] = mx;
	}
	while (list.primaries < list.n &&
		list.v[list.primaries].preference == list.v[0].preference) {
		list.primaries++;
	}
	return list;
}

static bool is_own(struct pf_eval *e, const struct mp_ip *ip)
{
	const struct pf_settings *settings = e->checks->settings;

	return pf_has_family(settings, ip->family) &&
		(pf_is_own_address(settings, e->world, e->arena, ip) == PF_MATCH ||
			pf_is_proxy_address(settings, e->world, e->arena, ip) == PF_MATCH);
}

/* Whether one of the host's addresses is our own, or a proxy's before us. */
static bool has_own_address(struct pf_eval *e, const char *host)
{
	struct mp_dns_result result = mp_ask_dns(e->world, MP_DNS_ADDRESS, host);
	struct mp_ip ip;

	if (result.status != MP_FOUND) {
		pf_defer_if_reject(e, 450, "4.4.4",
			"<%s>: " PF_NAME_RECIPIENT
			" rejected: Unable to look up mail exchanger host %s: " PF_WORDS_OF_DNS,
			e->recipient, host);
		return false;
	}
	if (!result.known) {
		return mp_ask_is(e->world, mp_arena_printf(e->arena, "dns.address %s", host),
			"{an address of this host}");
	}
	for (size_t i = 0; i < result.values.n; i++) {
		if (mp_ip_parse(mp_slice_str(result.values.v[i]), &ip) && is_own(e, &ip)) {
			return true;
		}
	}
	return false;
}

/* Names are compared first; only then are addresses looked up. */
static bool is_among(struct pf_eval *e, const struct exchanger *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pf_local_domain(e->checks->local, e->world, e->arena, v[i].host, NULL) ==
			PF_MATCH) {
			return true;
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (has_own_address(e, v[i].host)) {
			return true;
		}
	}
	return false;
}

static const char *fixed_name(void *name)
{
	return name;
}

/* Whether every address of the host is in permit_mx_backup_networks. */
static bool host_in_networks(struct pf_eval *e, const char *host)
{
	struct mp_dns_result result = mp_ask_dns(e->world, MP_DNS_ADDRESS, host);
	char *name = mp_arena_strdup(e->arena, host);
	struct mp_ip ip;

	if (result.status != MP_FOUND) {
		pf_defer_if_reject(e, 450, "4.4.4",
			"<%s>: " PF_NAME_RECIPIENT
			" rejected: Unable to look up host %s as mail exchanger: " PF_WORDS_OF_DNS,
			e->recipient, host);
		return false;
	}
	if (!result.known) {
		return mp_ask_is(e->world, mp_arena_printf(e->arena, "dns.address %s", host),
			"{within permit_mx_backup_networks}");
	}
	for (size_t i = 0; i < result.values.n; i++) {
		if (!mp_ip_parse(mp_slice_str(result.values.v[i]), &ip)) {
			continue;
		}
		enum pf_match match = pf_list_match_client(
			e->checks->mx_networks, e->world, e->arena, &ip, fixed_name, name, NULL);
		if (match == PF_MATCH_ERROR) {
			pf_defer_if_reject(e, 450, "4.4.4",
				"<%s>: " PF_NAME_RECIPIENT
				" rejected: Unable to verify host %s as mail exchanger",
				e->recipient, host);
		}
		if (match != PF_MATCH) {
			return false;
		}
	}
	return true;
}

static bool primaries_in_networks(struct pf_eval *e, const struct exchangers *list)
{
	if (pf_str(e->checks->settings, "permit_mx_backup_networks")[0] == '\0') {
		return true;
	}
	for (size_t i = 0; i < list->primaries; i++) {
		if (!host_in_networks(e, list->v[i].host)) {
			return false;
		}
	}
	return true;
}

/* The MX records decide: we must not be a primary exchanger, but one of the others. */
static enum pf_status permit_backup(struct pf_eval *e, const char *domain)
{
	if (!pf_valid_dns_name(mp_slice_str(domain))) {
		return PF_S_DUNNO;
	}
	struct mp_dns_result mx = mp_ask_dns(e->world, MP_DNS_MX, domain);
	if (mx.status == MP_TEMPFAIL) {
		pf_defer_if_reject(e, 450, "4.4.4",
			"<%s>: " PF_NAME_RECIPIENT
			" rejected: Unable to look up mail exchanger information: "
			"Host not found, try again",
			e->recipient);
	}
	if (mx.status != MP_FOUND) {
		return PF_S_DUNNO;
	}
	if (!mx.known) {
		bool backup = mp_ask_is(e->world, mp_arena_printf(e->arena, "dns.mx %s", domain),
			"{this host as a backup}");
		return backup ? PF_S_OK : PF_S_DUNNO;
	}
	struct exchangers list = sort_exchangers(e->arena, mx.values);
	if (list.n == 1 && mp_str_eq(list.v[0].host, ".")) {
		return PF_S_DUNNO;
	}
	if (is_among(e, list.v, list.primaries) ||
		!is_among(e, list.v + list.primaries, list.n - list.primaries) ||
		!primaries_in_networks(e, &list)) {
		return PF_S_DUNNO;
	}
	pf_eval_because(e, (struct mp_loc){NULL, 0, 0},
		mp_arena_printf(e->arena, "this host is a backup mail exchanger of %s", domain));
	return PF_S_OK;
}

enum pf_status pf_run_mx_backup(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	bool untrusted = !pf_bool(e->checks->settings, "allow_untrusted_routing");
	(void)keyword, (void)arg, (void)cx;

	if (e->recipient == NULL) {
		return PF_S_DUNNO;
	}
	struct pf_resolved resolved =
		pf_eval_resolve(e, pf_sender_for_resolving(e->s), e->recipient);
	switch (pf_address_authorised(&resolved, !untrusted)) {
	case PF_AUTHORISED:
		pf_eval_because_all(e, resolved.because);
		return PF_S_OK;
	case PF_AUTHORISED_FAIL:
		return pf_reject_lookup_failure(e, e->recipient);
	case PF_NOT_AUTHORISED:
		break;
	}
	const char *domain = pf_domain_of(resolved.recipient);
	if ((resolved.routed && untrusted) || domain == NULL || domain[0] == '[') {
		return PF_S_DUNNO;
	}
	return permit_backup(e, domain);
}
