/*
 * access_server - access by the name servers, mail exchangers or addresses of a domain (7.2).
 *
 * The records are asked of the DNS. Where it is open which hosts they name, the table is asked with
 * each of its own keys instead: one of them could be meant, or none.
 */
#include "base/ascii.h"
#include "postfix/check/check_keyword.h"
#include "postfix/config/hostname.h"
#include "postfix/config/interfaces.h"

#include <stdlib.h>

enum { OPEN_KEYS_MAX = 24 };

/* The hosts to look up. */
struct hosts {
	struct mp_strings names;
	const char *open; /* what stands for names that are not known; NULL: all are known */
};

/* A name or address that is open: any key of the table, or none. */
static enum pf_status check_open(const struct pf_access *a, const char *open, bool *found)
{
	const char *answers[OPEN_KEYS_MAX + 1] = {"none"};
	struct mp_strings keys;
	size_t n = 1;

	if (pf_access_is_constant(a->table) || !mp_table_keys(a->table->table, &keys)) {
		return pf_access_exact(a, open, found);
	}
	for (size_t i = 0; i < keys.n && n <= OPEN_KEYS_MAX; i++) {
		answers[n++] = keys.v[i];
	}
	const char *answer = mp_ask(a->e->world,
		mp_arena_printf(
			a->e->arena, "table.lookup %s %s", mp_table_name(a->table->table), open),
		answers, n);
	*found = false;
	return mp_str_eq(answer, "none") ? PF_S_DUNNO : pf_access_exact(a, answer, found);
}

/* "10 mail.example.com" without its preference. */
static const char *host_of(struct mp_arena *arena, const char *record)
{
	struct mp_slice s = mp_slice_trim(mp_slice_str(record));
	size_t blank = mp_slice_rchr(s, ' ');

	return mp_arena_slicedup(arena, blank == MP_NOT_FOUND ? s : mp_slice_from(s, blank + 1));
}

static struct hosts one_host(struct mp_arena *arena, const char *name)
{
	const char **v = mp_arena_array(arena, 1, sizeof *v);

	v[0] = name;
	return (struct hosts){.names = {v, 1}};
}

static struct mp_dns_result ask(struct pf_eval *e, enum mp_dns_type type, const char *domain)
{
	if (!pf_valid_dns_name(mp_slice_str(domain))) {
		return (struct mp_dns_result){.status = MP_NONE, .known = true};
	}
	return mp_ask_dns(e->world, type, domain);
}

/* A domain without name servers of its own lies in its parent's zone. */
static struct mp_dns_result ask_name_servers(struct pf_eval *e, const char **domain)
{
	struct mp_dns_result result = ask(e, MP_DNS_NS, *domain);
	const char *dot = *domain;

	while (result.status == MP_NONE && (dot = strchr(dot, '.')) != NULL && dot[1] != '\0') {
		dot++;
		*domain = dot;
		result = ask(e, MP_DNS_NS, dot);
	}
	return result;
}

/* The hosts that stand for the domain; false when none do. */
static bool find_hosts(struct pf_eval *e, int variant, const char *domain, struct hosts *out)
{
	bool mx = variant == PF_SERVER_MX;
	struct mp_dns_result result;

	if (variant == PF_SERVER_A) {
		*out = one_host(e->arena, domain);
		return true;
	}
	result = mx ? ask(e, MP_DNS_MX, domain) : ask_name_servers(e, &domain);
	if (mx && result.status == MP_NONE) {
		*out = one_host(e->arena, domain);
		return true;
	}
	if (result.status != MP_FOUND) {
		return false;
	}
	if (!result.known) {
		*out = (struct hosts){
			.open = mp_arena_printf(e->arena, "{%s %s}", mx ? "mx" : "ns", domain)};
		return true;
	}
	const char **v = mp_arena_array(e->arena, result.values.n, sizeof *v);
	for (size_t i = 0; i < result.values.n; i++) {
		v[i] = host_of(e->arena, result.values.v[i]);
	}
	*out = (struct hosts){.names = {v, result.values.n}};
	return !(mx && out->names.n == 1 && mp_str_eq(v[0], "."));
}

/* What getaddrinfo(3) takes for an IPv4 address without asking anybody: one to four numbers,
 * decimal, octal or hexadecimal, the last of which fills what is left ("123" is 0.0.0.123;
 * inet_aton(3)). */
static bool is_number_address(const char *s, struct mp_ip *ip)
{
	unsigned long parts[4], value = 0;
	size_t n = 0;

	do {
		char *end;
		s += n > 0;
		if (n == 4 || !mp_is_digit(*s)) {
			return false;
		}
		parts[n++] = strtoul(s, &end, 0);
		s = end;
	} while (*s == '.');
	for (size_t i = 0; i + 1 < n; i++) {
		if (parts[i] > 255) {
			return false;
		}
		value |= parts[i] << (24 - 8 * i);
	}
	if (*s != '\0' || parts[n - 1] > 0xffffffffUL >> (8 * (n - 1))) {
		return false;
	}
	value |= parts[n - 1];
	*ip = (struct mp_ip){4,
		{(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
			(uint8_t)value}};
	return true;
}

static enum pf_status check_addresses(const struct pf_access *a, const char *host, bool *found)
{
	struct pf_eval *e = a->e;
	struct mp_ip ip;
	char number[MP_IP_TEXT];

	*found = false;
	if (is_number_address(host, &ip)) {
		return pf_has_family(e->checks->settings, 4)
			? pf_access_address(a, mp_ip_format(&ip, number), found)
			: PF_S_DUNNO;
	}
	struct mp_dns_result result = mp_ask_dns(e->world, MP_DNS_ADDRESS, host);
	if (result.status == MP_FOUND && !result.known) {
		return check_open(a, mp_arena_printf(e->arena, "{address %s}", host), found);
	}
	for (size_t i = 0; i < result.values.n; i++) {
		char text[MP_IP_TEXT];
		if (!mp_ip_parse(mp_slice_str(result.values.v[i]), &ip) ||
			!pf_has_family(e->checks->settings, ip.family)) {
			continue;
		}
		enum pf_status status = pf_access_address(a, mp_ip_format(&ip, text), found);
		if (status != PF_S_DUNNO || *found) {
			return status;
		}
	}
	return PF_S_DUNNO;
}

static enum pf_status check_host(
	const struct pf_access *a, int variant, const char *host, bool *found)
{
	enum pf_status status = PF_S_DUNNO;

	*found = false;
	if (pf_valid_hostaddr(mp_slice_str(host))) {
		return pf_access_address(a, host, found);
	}
	if (variant != PF_SERVER_A) {
		status = pf_access_domain(a, host, found);
		if (status != PF_S_DUNNO || *found) {
			return status;
		}
	}
	if (host[0] == '{') {
		return check_open(a, mp_arena_printf(a->e->arena, "{address %s}", host), found);
	}
	return check_addresses(a, host, found);
}

/* "[192.0.2.1]" is its own exchanger and its own address, and has no name servers. */
static enum pf_status check_literal(
	const struct pf_access *a, int variant, const char *domain, bool *found)
{
	size_t n = strlen(domain);

	*found = false;
	if (variant == PF_SERVER_NS || n < 2 || domain[n - 1] != ']') {
		return PF_S_DUNNO;
	}
	struct mp_slice bare;
	if (!pf_valid_mailhost_addr(mp_slice(domain + 1, n - 2), &bare)) {
		return PF_S_DUNNO;
	}
	return pf_access_address(a, mp_arena_slicedup(a->e->arena, bare), found);
}

static enum pf_status check_domain(const struct pf_access *a, int variant, const char *domain)
{
	enum pf_status status = PF_S_DUNNO;
	bool found = false;
	struct hosts hosts;

	if (domain[0] == '[') {
		return check_literal(a, variant, domain, &found);
	}
	if (!find_hosts(a->e, variant, domain, &hosts)) {
		return PF_S_DUNNO;
	}
	if (hosts.open != NULL) {
		return check_open(a, hosts.open, &found);
	}
	for (size_t i = 0; i < hosts.names.n && status == PF_S_DUNNO && !found; i++) {
		status = check_host(a, variant, hosts.names.v[i], &found);
	}
	return status;
}

enum pf_status pf_run_server_access(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object o;

	if (!pf_object_of(e, keyword->object, &o) || o.value[0] == '\0') {
		return PF_S_DUNNO;
	}
	struct pf_access access = {
		.e = e, .table = arg, .cx = cx, .name = o.name, .class = o.class};
	const char *domain = pf_domain_of(o.value);
	enum pf_status status =
		check_domain(&access, keyword->variant, domain != NULL ? domain : o.value);
	return pf_forbid_permit(e, status);
}
