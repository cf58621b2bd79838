/*
 * outside - maps whose answers lie outside of the configuration: the DNS, accounts, directories,
 * programs. Each lookup is a question to the world.
 */
#include "sendmail/map/private.h"

#include <stdlib.h>

static const struct mp_loc nowhere = {NULL, 0, 0};

static struct sm_map_result of_status(enum mp_found status)
{
	return status == MP_TEMPFAIL ? sm_map_tempfail() : sm_map_none();
}

/* ---- host: the canonical name ---- */

/* "[192.0.2.1]", "[IPv6:...]": the name that a PTR record gives. */
static struct sm_map_result lookup_literal(struct sm_map *map, const struct sm_map_call *call)
{
	struct mp_slice s = mp_slice_from(mp_slice_str(call->key), 1);
	struct mp_ip ip;
	struct mp_dns_result result;
	char text[MP_IP_TEXT];

	s = mp_slice_sub(s, 0, mp_slice_chr(s, ']'));
	if (mp_slice_istarts(s, "IPv6:")) {
		s = mp_slice_from(s, 5);
	}
	if (!mp_ip_parse(s, &ip)) {
		return sm_map_none();
	}
	result = mp_ask_dns(call->world, MP_DNS_PTR, mp_ip_format(&ip, text));
	if (result.status != MP_FOUND) {
		return of_status(result.status);
	}
	return sm_map_found(
		map, call, result.values.n > 0 ? result.values.v[0] : "{dns.ptr}", false, nowhere);
}

static struct sm_map_result lookup_host(struct sm_map *map, const struct sm_map_call *call)
{
	struct mp_dns_result result;

	if (call->key[0] == '[') {
		return strchr(call->key, ']') == NULL ? sm_map_none() : lookup_literal(map, call);
	}
	result = mp_ask_dns_host(call->world, call->key);
	if (result.status != MP_FOUND) {
		return of_status(result.status);
	}
	return sm_map_found(
		map, call, result.values.n > 0 ? result.values.v[0] : call->key, false, nowhere);
}

const struct sm_map_class sm_class_host = {
	.name = "host",
	.lookup = lookup_host,
	.file_optional = true,
};

/* ---- bestmx, dns, arpa ---- */

/* The name of an MX record: what stands behind its preference. */
static const char *exchanger(const char *record, unsigned long *preference)
{
	char *end;

	*preference = strtoul(record, &end, 10);
	while (*end == ' ') {
		end++;
	}
	return end;
}

/* The best exchanger of a domain; the domain itself when it has none. */
static struct sm_map_result lookup_bestmx(struct sm_map *map, const struct sm_map_call *call)
{
	struct mp_dns_result mx = mp_ask_dns(call->world, MP_DNS_MX, call->key);
	const char *best = "{dns.mx}";
	unsigned long lowest = (unsigned long)-1, preference;

	if (mx.status == MP_TEMPFAIL) {
		return sm_map_tempfail();
	}
	if (mx.status == MP_NONE) {
		struct mp_dns_result host = mp_ask_dns_host(call->world, call->key);

		return host.status != MP_FOUND ? of_status(host.status)
					       : sm_map_found(map, call, call->key, false, nowhere);
	}
	for (size_t i = 0; i < mx.values.n; i++) {
		const char *name = exchanger(mx.values.v[i], &preference);

		if (preference < lowest) {
			lowest = preference;
			best = name;
		}
	}
	return sm_map_found(map, call, best, false, nowhere);
}

const struct sm_map_class sm_class_bestmx = {
	.name = "bestmx",
	.lookup = lookup_bestmx,
	.file_optional = true,
};

static bool dns_flag(struct sm_map *map, char flag, const char *value)
{
	switch (flag) {
	case 'R':
		map->pattern = value;
		return true;
	case 'd':
	case 'r':
	case 'M':
	case 'B':
		/* Time and number of tries; how much is asked for; what is put behind the name. */
		map->rest = flag == 'B' ? value : map->rest;
		return true;
	default:
		return false;
	}
}

/* The first record of the type that -R names. */
static struct sm_map_result lookup_dns(struct sm_map *map, const struct sm_map_call *call)
{
	static const struct {
		const char *name;
		enum mp_dns_type type;
	} types[] = {{"A", MP_DNS_ADDRESS}, {"AAAA", MP_DNS_ADDRESS}, {"MX", MP_DNS_MX},
		{"NS", MP_DNS_NS}, {"TXT", MP_DNS_TXT}, {"CNAME", MP_DNS_CANONICAL}};
	enum mp_dns_type type = MP_DNS_ADDRESS;
	struct mp_dns_result result;
	const char *value = "{dns.value}";
	unsigned long preference;

	for (size_t i = 0; map->pattern != NULL && i < sizeof types / sizeof *types; i++) {
		if (mp_str_ieq(map->pattern, types[i].name)) {
			type = types[i].type;
		}
	}
	result = mp_ask_dns(call->world, type,
		map->rest != NULL && map->rest[0] != '\0'
			? mp_arena_printf(call->arena, "%s.%s", call->key, map->rest)
			: call->key);
	if (result.status != MP_FOUND) {
		return of_status(result.status);
	}
	if (result.values.n > 0) {
		value = type == MP_DNS_MX ? exchanger(result.values.v[0], &preference)
					  : result.values.v[0];
	}
	return sm_map_found(map, call, value, false, nowhere);
}

const struct sm_map_class sm_class_dns = {
	.name = "dns",
	.flag = dns_flag,
	.lookup = lookup_dns,
	.file_optional = true,
};

/* The name that a DNS list is asked by: an address with its parts turned around. */
static struct sm_map_result lookup_arpa(struct sm_map *map, const struct sm_map_call *call)
{
	struct mp_slice s = mp_slice_str(call->key);
	struct mp_ip ip;
	char text[MP_IP_TEXT];

	if (mp_slice_istarts(s, "IPv6:")) {
		s = mp_slice_from(s, 5);
	}
	if (!mp_ip_parse(s, &ip)) {
		return sm_map_none();
	}

	const char *name = mp_dns_list_name(call->arena, mp_ip_format(&ip, text), "");

	return sm_map_found(map, call,
		mp_arena_slicedup(call->arena, mp_slice(name, strlen(name) - 1)), false, nowhere);
}

const struct sm_map_class sm_class_arpa = {
	.name = "arpa",
	.lookup = lookup_arpa,
	.file_optional = true,
};

/* ---- accounts, and all else ---- */

static struct sm_map_result lookup_user(struct sm_map *map, const struct sm_map_call *call)
{
	enum mp_found found = mp_ask_user(call->world, call->key);

	return found != MP_FOUND ? of_status(found)
				 : sm_map_found(map, call, call->key, false, nowhere);
}

const struct sm_map_class sm_class_user = {
	.name = "user",
	.lookup = lookup_user,
	.file_optional = true,
};

/* Directories have flags of all letters. */
static bool any_flag(struct sm_map *map, char flag, const char *value)
{
	(void)map;
	(void)value;
	return strchr("oqfmaTDSNAt", flag) == NULL;
}

static struct sm_map_result lookup_outside(struct sm_map *map, const struct sm_map_call *call)
{
	static const char *const answers[] = {"none", "other", "tempfail"};
	const char *answer = mp_ask(call->world,
		mp_arena_printf(call->arena, "table.lookup %s:%s %s", map->class_name,
			map->file != NULL ? map->file : map->name, call->key),
		answers, sizeof answers / sizeof *answers);

	if (mp_str_eq(answer, "none")) {
		return sm_map_none();
	}
	if (mp_str_eq(answer, "tempfail")) {
		return sm_map_tempfail();
	}
	return sm_map_found(
		map, call, mp_str_eq(answer, "other") ? "{table.value}" : answer, false, nowhere);
}

const struct sm_map_class sm_class_outside = {
	.name = "outside",
	.flag = any_flag,
	.lookup = lookup_outside,
	.file_optional = true,
};
