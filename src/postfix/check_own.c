/*
 * check_own - which addresses are the host's own (postconf(5) inet_interfaces, proxy_interfaces).
 */
#include "postfix/check_internal.h"

static bool any_of(const struct mp_cidr *v, size_t n, const struct mp_ip *ip)
{
	for (size_t i = 0; i < n; i++) {
		if (mp_ip_eq(&v[i].ip, ip)) {
			return true;
		}
	}
	return false;
}

/* Whether an interface of the host has it; a question where the interfaces are unknown. */
static bool on_interface(struct pf_eval *e, const struct mp_ip *ip)
{
	size_t n;
	const struct mp_cidr *known = mp_known_addresses(e->world, &n);
	char text[MP_IP_TEXT];

	if (known != NULL) {
		return any_of(known, n, ip);
	}
	return mp_ip_is_loopback(ip) ||
		mp_ask_is(e->world, "host.addresses", mp_ip_format(ip, text));
}

/* A literal of a list: "192.0.2.1", "[2001:db8::1]". */
static bool parse_literal(const char *s, struct mp_ip *ip)
{
	struct mp_slice bare = mp_slice_str(s);

	if (bare.n > 2 && bare.p[0] == '[' && bare.p[bare.n - 1] == ']') {
		bare = mp_slice_sub(bare, 1, bare.n - 1);
	}
	return mp_ip_parse(bare, ip);
}

static bool name_has_address(struct pf_eval *e, const char *name, const struct mp_ip *ip)
{
	struct mp_ip one;
	char text[MP_IP_TEXT];

	if (mp_str_ieq(name, "localhost")) {
		return mp_ip_is_loopback(ip);
	}
	struct mp_dns_result result = mp_ask_dns(e->world, MP_DNS_ADDRESS, name);
	if (result.status == MP_FOUND && !result.known) {
		return mp_ask_is(e->world, mp_arena_printf(e->arena, "dns.address %s", name),
			mp_ip_format(ip, text));
	}
	for (size_t i = 0; i < result.values.n; i++) {
		if (mp_ip_parse(mp_slice_str(result.values.v[i]), &one) && mp_ip_eq(&one, ip)) {
			return true;
		}
	}
	return false;
}

static bool list_has_address(struct pf_eval *e, const char *parameter, const struct mp_ip *ip)
{
	struct pf_text *v;
	size_t n = pf_split(e->arena, pf_value(e->checks->settings, parameter), &v);
	struct mp_ip one;

	for (size_t i = 0; i < n; i++) {
		if (mp_str_ieq(v[i].s, "all")) {
			return on_interface(e, ip);
		}
		if (mp_str_ieq(v[i].s, "loopback-only")) {
			return mp_ip_is_loopback(ip) && on_interface(e, ip);
		}
		if (parse_literal(v[i].s, &one) ? mp_ip_eq(&one, ip)
						: name_has_address(e, v[i].s, ip)) {
			return true;
		}
	}
	return false;
}

bool pf_is_own_address(struct pf_eval *e, const struct mp_ip *ip)
{
	return list_has_address(e, "inet_interfaces", ip);
}

bool pf_is_proxy_address(struct pf_eval *e, const struct mp_ip *ip)
{
	return list_has_address(e, "proxy_interfaces", ip);
}

bool pf_has_protocol(struct pf_eval *e, unsigned family)
{
	struct pf_text *v;
	size_t n = pf_split(e->arena, pf_value(e->checks->settings, "inet_protocols"), &v);

	for (size_t i = 0; i < n; i++) {
		if (mp_str_ieq(v[i].s, "all") ||
			mp_str_ieq(v[i].s, family == 4 ? "ipv4" : "ipv6")) {
			return true;
		}
	}
	return false;
}
