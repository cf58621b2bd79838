/* dns - classes that ask the DNS for records: dns, bestmx. */
#include "base/buf.h"
#include "base/ip.h"
#include "base/number.h"
#include "sendmail/map/private.h"

#include <stdlib.h>

/* "203.0.113.5" of "5.113.0.203.bl.example", where the name begins with four numbers; the zone is
 * what is left. NULL: it does not. */
static const char *listed_address(const char *name, const char **zone, struct mp_arena *arena)
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

/* Addresses of one family. */
static struct mp_dns_result addresses(
	const struct sm_map_call *call, const char *name, uint8_t family)
{
	const char *zone, *listed = listed_address(name, &zone, call->arena);
	struct mp_dns_result r = family == 4 && listed != NULL && strchr(zone, '.') != NULL &&
			!mp_slice_ends(mp_slice_str(zone), ".arpa")
		? mp_ask_dns_list(call->world, listed, zone, NULL)
		: mp_ask_dns(call->world, MP_DNS_ADDRESS, name);
	const char **kept = mp_arena_array(call->arena, r.values.n + 1, sizeof *kept);
	size_t n = 0;

	for (size_t i = 0; i < r.values.n; i++) {
		struct mp_ip ip;

		if (mp_ip_parse(mp_slice_str(r.values.v[i]), &ip) && ip.family == family) {
			kept[n++] = r.values.v[i];
		}
	}
	if (r.status == MP_FOUND && r.known && n == 0) {
		r.status = MP_NONE;
	}
	r.values = (struct mp_strings){kept, n};
	return r;
}

static int by_preference(const char *a, const char *b)
{
	unsigned long x = strtoul(a, NULL, 10), y = strtoul(b, NULL, 10);

	return x < y ? -1 : x > y;
}

/* The hosts of MX records, without their preferences, best first. */
static struct mp_dns_result mail_hosts(const struct sm_map_call *call, const char *name)
{
	struct mp_dns_result r = mp_ask_dns(call->world, MP_DNS_MX, name);
	const char **hosts = mp_arena_array(call->arena, r.values.n + 1, sizeof *hosts);

	for (size_t i = 0; i < r.values.n; i++) {
		size_t at = i;

		while (at > 0 && by_preference(r.values.v[i], hosts[at - 1]) < 0) {
			hosts[at] = hosts[at - 1];
			at--;
		}
		hosts[at] = r.values.v[i];
	}
	for (size_t i = 0; i < r.values.n; i++) {
		const char *blank = strchr(hosts[i], ' ');

		hosts[i] = blank != NULL ? blank + 1 : hosts[i];
	}
	r.values.v = hosts;
	return r;
}

/* The address of "5.113.0.203.in-addr.arpa" and its like, or the name. */
static const char *reverse_address(const char *name, struct mp_arena *arena)
{
	const char *zone, *address = listed_address(name, &zone, arena);

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
		return mail_hosts(call, name);
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
	return map->type == NULL || mp_str_eq(map->type, "AFSDB") || mp_str_eq(map->type, "SRV") ||
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

	if (is_rare(map)) {
		return sm_map_ask_outside(map, call, key);
	}

	struct mp_dns_result r = look_up(map, call, name);

	if (r.status == MP_FOUND) {
		return hit(map, call, key, &r, "{dns.value}");
	}
	return r.status == MP_TEMPFAIL ? sm_map_tempfail() : sm_map_none();
}

struct sm_map_result sm_bestmx_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	struct mp_dns_result r = mail_hosts(call, key);
	const char *self[] = {key};

	if (r.status == MP_NONE) {
		/* Without a mail host the host itself is it, where there is one. */
		r.status = mp_ask_dns_host(call->world, key).status;
		r.values = (struct mp_strings){self, 1};
	}
	if (r.status == MP_FOUND) {
		return hit(map, call, key, &r, "{dns.mx}");
	}
	return r.status == MP_TEMPFAIL ? sm_map_tempfail() : sm_map_none();
}
