/*
 * host - class host: the canonical name of a host, the name of an address.
 *
 * A name is found when it has an address, or a mail host (getcanonname). It is found as it is
 * written, letter case included, but where a CNAME leads elsewhere.
 */
#include "base/ip.h"
#include "sendmail/map/private.h"

#include <arpa/inet.h>

/* A name of one word gets the server's domain. */
static const char *with_domain(
	const struct sm_map *map, const struct sm_map_call *call, const char *name)
{
	const char *dot = strchr(name, '.');
	const char *domain = map->maps->options.domain;

	if (dot != NULL && dot[1] != '\0') {
		return name;
	}
	return mp_arena_printf(call->arena, "%s%s%s", name, dot == NULL ? "." : "",
		domain[0] != '\0' ? domain : "{host.domain}");
}

/* Names that stand for what is not known, but was found already: the client's, the server's. */
static bool is_hole(const char *name)
{
	static const char *const holes[] = {"{client.name}", "{host.name}", "{host.domain}",
		"{dns.ptr}", "{dns.value}", "{dns.mx}"};

	for (size_t i = 0; i < sizeof holes / sizeof *holes; i++) {
		if (strstr(name, holes[i]) != NULL) {
			return true;
		}
	}
	return false;
}

/* The name as the server's own hosts file has it, whatever the DNS says; NULL: it does not. */
static const char *own_name(
	const struct sm_map *map, const struct sm_map_call *call, const char *name)
{
	const char *host = mp_known_host_name(call->world);
	const char *domain = map->maps->options.domain;
	size_t n = sizeof "localhost" - 1;

	if (mp_slice_istarts(mp_slice_str(name), "localhost") &&
		(name[n] == '\0' || (name[n] == '.' && mp_str_ieq(name + n + 1, domain)))) {
		return "localhost";
	}
	return host != NULL && mp_str_ieq(name, host) ? name : NULL;
}

const char *sm_dns_name(const char *name, struct mp_arena *arena)
{
	char *out = mp_arena_strdup(arena, name), *to = out;

	for (const char *p = name; *p != '\0'; p++) {
		p += *p == '\\' && p[1] != '\0';
		*to++ = *p;
	}
	*to = '\0';
	return out;
}

enum mp_found sm_host_find(
	const struct sm_map *map, const struct sm_map_call *call, const char **name, bool *moved)
{
	const char *asked = sm_dns_name(*name, call->arena);
	const char *own = own_name(map, call, asked), *zone;
	const char *listed = sm_listed_address(asked, &zone, call->arena);
	struct mp_dns_result r;

	*moved = false;
	if (own != NULL) {
		*name = with_domain(map, call, own);
		return MP_FOUND;
	}
	if (listed != NULL) {
		return mp_ask_dns_list(call->world, listed, zone, NULL).status;
	}
	r = mp_ask_dns_host(call->world, asked);
	*moved = r.values.n > 0 && !map->maps->options.keep_cnames;
	*name = with_domain(map, call, *moved ? r.values.v[0] : *name);
	return r.status;
}

static struct sm_map_result look_up_name(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	struct mp_slice s = mp_slice_str(key);
	const char *name;
	bool moved;

	if (s.n > 0 && s.p[s.n - 1] == '.') {
		s.n--;
	}
	name = mp_arena_slicedup(call->arena, s);
	if (name[0] == '\0' || mp_slice_ends(s, ".")) {
		return sm_map_none();
	}
	if (!is_hole(name)) {
		switch (sm_host_find(map, call, &name, &moved)) {
		case MP_NONE:
			return sm_map_none();
		case MP_TEMPFAIL:
			return sm_map_tempfail();
		case MP_FOUND:
			break;
		}
	}
	s = mp_slice_str(name);
	if (s.n > 0 && s.p[s.n - 1] == '.') {
		s.n--;
	}
	return sm_map_hit(map, call, key, s, mp_loc(NULL, 0, 0));
}

/* "[192.0.2.1]", "[IPv6:2001:db8::1]", and whatever follows the bracket. */
static bool literal(const char *key, struct mp_ip *ip)
{
	char text[SM_MAP_KEY];
	const char *end = strchr(key, ']');
	struct in_addr four;
	size_t n;

	if (end == NULL || (n = (size_t)(end - key) - 1) >= sizeof text) {
		return false;
	}
	memcpy(text, key + 1, n);
	text[n] = '\0';
	*ip = (struct mp_ip){0};
	if (inet_aton(text, &four) != 0 && four.s_addr != INADDR_NONE) {
		ip->family = 4;
		memcpy(ip->b, &four.s_addr, 4);
		return true;
	}
	return mp_slice_istarts(mp_slice(text, n), "IPv6:") &&
		mp_ip_parse(mp_slice_from(mp_slice(text, n), 5), ip);
}

static struct sm_map_result look_up_address(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	struct mp_ip ip;
	char text[MP_IP_TEXT];
	struct mp_dns_result r;
	struct sm_map_result result;

	if (!literal(key, &ip)) {
		return sm_map_none();
	}
	/* The hosts file has it, which is asked first. */
	mp_ip_format(&ip, text);
	if (mp_str_eq(text, "127.0.0.1") || mp_str_eq(text, "::1")) {
		return sm_map_hit(map, call, key, mp_slice_str("localhost"), mp_loc(NULL, 0, 0));
	}
	r = mp_ask_dns(call->world, MP_DNS_PTR, text);
	if (r.status == MP_NONE) {
		return sm_map_none();
	}
	if (r.status == MP_TEMPFAIL) {
		return sm_map_tempfail();
	}
	result = sm_map_hit(map, call, key,
		mp_slice_str(r.values.n > 0 ? r.values.v[0] : "{dns.ptr}"), mp_loc(NULL, 0, 0));
	result.outside = r.values.n == 0;
	return result;
}

struct sm_map_result sm_host_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	return key[0] == '[' ? look_up_address(map, call, key) : look_up_name(map, call, key);
}
