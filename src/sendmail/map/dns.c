/* dns - classes that ask the DNS for records: dns, bestmx. */
#include "base/buf.h"
#include "base/ip.h"
#include "base/number.h"
#include "sendmail/map/private.h"

#include <stdlib.h>

/* "203.0.113.5" of "5.113.0.203.bl.example": the four numbers that the name begins with, and the
 * zone, what is left. NULL: it does not. */
static const char *turned_around(const char *name, const char **zone, struct mp_arena *arena)
{
	struct mp_slice rest = mp_slice_str(name), labels[4];
	unsigned long number;

	for (size_t i = 0; i < 4; i++) {
		size_t dot = mp_slice_chr(rest, '.');

		labels[i] = mp_slice_sub(rest, 0, dot);
		if (dot == MP_NOT_FOUND || !mp_parse_uint(labels[i], 0, 255, &number)) {
			return NULL;
		}
		rest = mp_slice_from(rest, dot + 1);
	}
	*zone = rest.p;
	return mp_arena_printf(arena, "%.*s.%.*s.%.*s.%.*s", MP_SLICE_ARG(labels[3]),
		MP_SLICE_ARG(labels[2]), MP_SLICE_ARG(labels[1]), MP_SLICE_ARG(labels[0]));
}

const char *sm_listed_address(const char *name, const char **zone, struct mp_arena *arena)
{
	const char *address = turned_around(name, zone, arena);

	if (address == NULL || strchr(*zone, '.') == NULL ||
		mp_slice_ends(mp_slice_str(mp_arena_lower(arena, mp_slice_str(*zone))), ".arpa")) {
		return NULL;
	}
	return address;
}

/* Addresses of one family. */
static struct mp_dns_result addresses(
	const struct sm_map_call *call, const char *name, uint8_t family)
{
	const char *zone, *listed = sm_listed_address(name, &zone, call->arena);
	struct mp_dns_result r = family == 4 && listed != NULL
		? mp_ask_dns_list(call->world, listed, zone, NULL)
		: mp_ask_dns(call->world, MP_DNS_ADDRESS, name);
	const char **kept = mp_arena_array(call->arena, r.values.n + 1, sizeof *kept);
	size_t n = 0;

	for (size_t i = 0; i < r.values.n; i++) {
		char text[MP_IP_TEXT];
		struct mp_ip ip;

		if (mp_ip_parse(mp_slice_str(r.values.v[i]), &ip) && ip.family == family) {
			kept[n++] = family == 6 ? mp_arena_printf(call->arena, "IPv6:%s",
							  mp_ip_format_full(&ip, text))
						: r.values.v[i];
		}
	}
	if (r.status == MP_FOUND && r.known && n == 0) {
		r.status = MP_NONE;
	}
	r.values = (struct mp_strings){kept, n};
	return r;
}

/* Whether it is the server itself, which sendmail puts before others with the same preference. */
static bool is_local(const struct sm_map_call *call, const char *host)
{
	return call->is_local != NULL && call->is_local(call->context, host);
}

/* A record of MX: "10 mail.example.com". */
struct exchanger {
	unsigned long preference;
	const char *host;
	bool local;
};

static bool is_before(const struct exchanger *a, const struct exchanger *b)
{
	return a->preference < b->preference ||
		(a->preference == b->preference && a->local && !b->local);
}

/* The hosts of MX records, without their preferences: best first, or as the DNS has them. */
static struct mp_dns_result mail_hosts(const struct sm_map_call *call, const char *name, bool sort)
{
	struct mp_dns_result r = mp_ask_dns(call->world, MP_DNS_MX, name);
	struct exchanger *sorted = mp_arena_array(call->arena, r.values.n + 1, sizeof *sorted);
	const char **hosts = mp_arena_array(call->arena, r.values.n + 1, sizeof *hosts);

	for (size_t i = 0; i < r.values.n; i++) {
		char *host;
		struct exchanger e = {.preference = strtoul(r.values.v[i], &host, 10)};
		size_t at = i;

		e.host = host + strspn(host, " ");
		/* A null MX has no name. */
		e.host = mp_str_eq(e.host, ".") ? "" : e.host;
		e.local = is_local(call, e.host);
		for (; sort && at > 0 && is_before(&e, &sorted[at - 1]); at--) {
			sorted[at] = sorted[at - 1];
		}
		sorted[at] = e;
	}
	for (size_t i = 0; i < r.values.n; i++) {
		hosts[i] = sorted[i].host;
	}
	r.values.v = hosts;
	return r;
}

/* The address of "5.113.0.203.in-addr.arpa" and its like, or the name. */
static const char *reverse_address(const char *name, struct mp_arena *arena)
{
	const char *zone, *address = turned_around(name, &zone, arena);

	return address != NULL && mp_str_ieq(zone, "in-addr.arpa") ? address : name;
}

static struct mp_dns_result look_up(
	const struct sm_map *map, const struct sm_map_call *call, const char *name)
{
	static const struct {
		const char *type;
		enum mp_dns_type asks;
	} plain[] = {{"NS", MP_DNS_NS}, {"CNAME", MP_DNS_CANONICAL}, {"TXT", MP_DNS_TXT}};

	if (mp_str_eq(map->type, "A") || mp_str_eq(map->type, "AAAA")) {
		return addresses(call, name, map->type[1] == '\0' ? 4 : 6);
	}
	if (mp_str_eq(map->type, "MX")) {
		return mail_hosts(call, name, false);
	}
	if (mp_str_eq(map->type, "PTR")) {
		return mp_ask_dns(call->world, MP_DNS_PTR, reverse_address(name, call->arena));
	}
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (mp_str_eq(map->type, plain[i].type)) {
			return mp_ask_dns(call->world, plain[i].asks, name);
		}
	}
	MP_BUG("a type of records that nobody asks for");
}

/* Types that no fact and no question of their own is about. */
static bool is_rare(const struct sm_map *map)
{
	return mp_str_eq(map->type, "AFSDB") || mp_str_eq(map->type, "SRV") ||
		mp_str_eq(map->type, "TLSA");
}

/* The values, or with -z all of them. */
static struct sm_map_result hit(struct sm_map *map, const struct sm_map_call *call, const char *key,
	const struct mp_dns_result *r, const char *hole)
{
	struct mp_buf b;
	struct sm_map_result result;

	mp_buf_init(&b, MP_LIMIT_VALUE);
	mp_buf_puts(&b, r->values.n > 0 ? r->values.v[0] : hole);
	for (size_t i = 1; map->delimiter != 0 && i < r->values.n; i++) {
		if (map->limit == 1 || (map->limit > 1 && (long)i > map->limit)) {
			break;
		}
		mp_buf_putc(&b, map->delimiter);
		mp_buf_puts(&b, r->values.v[i]);
	}
	result = sm_map_hit(map, call, key, mp_buf_slice(&b), mp_loc(NULL, 0, 0));
	result.outside = r->values.n == 0 && (map->flags & SM_MAP_MATCH_ONLY) == 0;
	mp_buf_release(&b);
	return result;
}

struct sm_map_result sm_dns_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	const char *name = map->file != NULL && map->file[0] != '\0'
		? mp_arena_printf(call->arena, "%s.%s", key, map->file)
		: key;

	if (map->type == NULL) {
		return sm_map_none();
	}
	if (is_rare(map)) {
		return sm_map_ask_outside(map, call, key);
	}

	struct mp_dns_result r = look_up(map, call, sm_dns_name(name, call->arena));

	if (r.status == MP_FOUND) {
		return hit(map, call, key, &r, "{dns.value}");
	}
	return r.status == MP_TEMPFAIL ? sm_map_tempfail() : sm_map_none();
}

/* The mail hosts as sendmail sees them: with a dot at the end, each once. */
static struct mp_strings exchangers(const struct sm_map_call *call, const struct mp_dns_result *r)
{
	const char **hosts = mp_arena_array(call->arena, r->values.n + 1, sizeof *hosts);
	size_t n = 0;

	for (size_t i = 0; i < r->values.n; i++) {
		const char *host = r->values.v[i];
		size_t length = strlen(host);
		const char *dotted = mp_arena_printf(call->arena, "%s%s", host,
			length > 0 && host[length - 1] == '.' ? "" : ".");

		if (n == 0 || !mp_str_ieq(dotted, hosts[n - 1])) {
			hosts[n++] = dotted;
		}
	}
	return (struct mp_strings){hosts, n};
}

/* A domain without mail hosts is its own, where there is such a host; in brackets it is never
 * asked for. */
static struct sm_map_result itself(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	struct mp_slice name = mp_slice_str(key);
	struct mp_ip ip;

	if (key[0] == '[') {
		name = mp_slice_sub(name, 1, mp_slice_chr(name, ']'));
		if (mp_ip_parse(
			    mp_slice_from(name, mp_slice_istarts(name, "IPv6:") ? 5 : 0), &ip)) {
			return sm_map_hit(map, call, key, mp_slice_str(key), mp_loc(NULL, 0, 0));
		}
	}

	const char *host = mp_arena_slicedup(call->arena, name);

	bool moved;

	/* What a CNAME leads to is not taken for it, and that it could not be asked is not told. */
	if (sm_host_find(map, call, &host, &moved) != MP_FOUND || moved) {
		return sm_map_none();
	}
	return sm_map_hit(map, call, key,
		mp_slice_str(mp_arena_printf(call->arena, "%s%s", host,
			mp_slice_ends(mp_slice_str(host), ".") ? "" : ".")),
		mp_loc(NULL, 0, 0));
}

struct sm_map_result sm_bestmx_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	struct mp_dns_result r;

	if (key[0] == '\0') {
		return sm_map_none();
	}
	if (key[0] == '[') {
		return itself(map, call, key);
	}
	r = mail_hosts(call, sm_dns_name(key, call->arena), true);
	if (r.status == MP_TEMPFAIL) {
		return sm_map_tempfail();
	}
	if (r.status == MP_NONE) {
		return itself(map, call, key);
	}
	if (r.values.n == 1 && r.values.v[0][0] == '\0') {
		return sm_map_none();
	}
	r.values = exchangers(call, &r);
	return hit(map, call, key, &r, "{dns.mx}");
}
