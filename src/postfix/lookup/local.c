/*
 * local - mydestination, inet_interfaces and proxy_interfaces of one process.
 */
#include "postfix/lookup/local.h"

#include "base/ascii.h"
#include "postfix/config/hostname.h"
#include "postfix/config/interfaces.h"

struct pf_local {
	struct pf_settings *settings;
	struct pf_list *destinations;
};

struct pf_local *pf_local_new(struct pf_engine *engine, struct pf_settings *settings)
{
	struct pf_local *local = MP_ARENA_NEW(engine->arena, struct pf_local);
	local->settings = settings;
	local->destinations = pf_list_new(engine, settings, "mydestination",
		pf_value(settings, "mydestination"), PF_STRING_LIST);
	return local;
}

const struct pf_list *pf_local_destinations(const struct pf_local *local)
{
	return local->destinations;
}

const char *pf_literal_address(struct mp_arena *arena, const char *domain)
{
	const char *last = domain[0] == '[' ? strchr(domain, ']') : NULL;
	if (last == NULL || last[1] != '\0' || last - domain - 1 >= MP_IP_TEXT) {
		return NULL;
	}
	struct mp_slice text = mp_slice(domain + 1, (size_t)(last - domain - 1));
	bool ipv6 = mp_slice_istarts(text, "IPv6:");
	text = mp_slice_from(text, ipv6 ? 5 : 0);
	if (!pf_valid_hostaddr(text) || (mp_slice_chr(text, ':') != MP_NOT_FOUND) != ipv6) {
		return NULL;
	}
	return mp_arena_slicedup(arena, text);
}

/* A number of a dotted quad as inet_aton(3) reads it: octal with a leading zero. */
static bool read_octet(const char **pos, uint8_t *out)
{
	unsigned base = **pos == '0' ? 8 : 10, value = 0;
	for (; mp_is_digit(**pos); ++*pos) {
		unsigned digit = (unsigned)(**pos - '0');
		value = value * base + digit;
		if (digit >= base || value > 255) {
			return false;
		}
	}
	*out = (uint8_t)value;
	return true;
}

/* The address that a well-formed literal stands for. An IPv4 address in IPv6 clothes is an IPv6
 * address here, and no interface has it. */
static bool literal_ip(const char *literal, struct mp_ip *ip)
{
	const char *pos = literal;
	if (strchr(literal, ':') != NULL) {
		return mp_ip_parse(mp_slice_str(literal), ip) && ip->family == 6;
	}
	*ip = (struct mp_ip){.family = 4};
	for (size_t i = 0; i < 4; i++) {
		if (!read_octet(&pos, &ip->b[i])) {
			return false;
		}
		pos += *pos == '.';
	}
	return true;
}

/* The setting that has the address becomes the hit. */
static bool own_address(struct pf_local *local, struct mp_world *world, struct mp_arena *arena,
	const struct mp_ip *ip, struct pf_list_hit *hit)
{
	const char *parameter = "inet_interfaces";
	bool own = pf_is_own_address(local->settings, world, arena, ip) == PF_MATCH;
	if (!own) {
		parameter = "proxy_interfaces";
		own = pf_is_proxy_address(local->settings, world, arena, ip) == PF_MATCH;
	}
	if (own && hit != NULL) {
		struct mp_reason reason = pf_reason(local->settings, parameter, arena);
		*hit = (struct pf_list_hit){reason.loc, reason.text};
	}
	return own;
}

enum pf_match pf_local_domain(struct pf_local *local, struct mp_world *world,
	struct mp_arena *arena, const char *domain, struct pf_list_hit *hit)
{
	size_t n = strlen(domain);
	struct mp_ip ip;
	if (n > 0 && domain[n - 1] == '.') {
		n--;
	}
	if (n == 0 || domain[n - 1] == '.') {
		return PF_NO_MATCH;
	}
	domain = mp_arena_memdup(arena, domain, n);
	enum pf_match match = pf_list_match_name(local->destinations, world, arena, domain, hit);
	const char *literal = match == PF_NO_MATCH ? pf_literal_address(arena, domain) : NULL;
	if (literal == NULL || !literal_ip(literal, &ip)) {
		return match;
	}
	return own_address(local, world, arena, &ip, hit) ? PF_MATCH : PF_NO_MATCH;
}
