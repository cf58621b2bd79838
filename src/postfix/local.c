/*
 * local - mydestination, inet_interfaces and proxy_interfaces of one process.
 */
#include "postfix/local.h"

#include "postfix/hostname.h"

#define HOST_NAME_HOLE "{host.name}"

struct interface_list {
	const char *parameter;
	struct pf_text *tokens;
	size_t n;
};

struct pf_local {
	struct pf_settings *settings;
	struct pf_list *destinations;
	struct interface_list inet, proxy;
	bool ipv4, ipv6; /* inet_protocols */
};

/* What a test against a list of interfaces yields. */
enum own { OWN_NO, OWN_YES, OWN_OPEN };

static void read_interfaces(
	struct interface_list *list, struct pf_engine *engine, struct pf_settings *settings)
{
	list->n = pf_split(engine->arena, pf_value(settings, list->parameter), &list->tokens);
}

static void read_protocols(struct pf_local *local, struct mp_arena *arena)
{
	struct pf_text *tokens;
	size_t n = pf_split(arena, pf_value(local->settings, "inet_protocols"), &tokens);
	for (size_t i = 0; i < n; i++) {
		bool all = mp_str_ieq(tokens[i].s, "all");
		local->ipv4 |= all || mp_str_ieq(tokens[i].s, "ipv4");
		local->ipv6 |= all || mp_str_ieq(tokens[i].s, "ipv6");
	}
}

struct pf_local *pf_local_new(struct pf_engine *engine, struct pf_settings *settings)
{
	struct pf_local *local = MP_ARENA_NEW(engine->arena, struct pf_local);
	local->settings = settings;
	local->destinations = pf_list_new(engine, settings, "mydestination",
		pf_value(settings, "mydestination"), PF_STRING_LIST);
	local->inet.parameter = "inet_interfaces";
	local->proxy.parameter = "proxy_interfaces";
	read_interfaces(&local->inet, engine, settings);
	read_interfaces(&local->proxy, engine, settings);
	read_protocols(local, engine->arena);
	return local;
}

static bool is_in(const struct mp_cidr *addresses, size_t n, const struct mp_ip *ip)
{
	for (size_t i = 0; i < n; i++) {
		if (mp_ip_eq(&addresses[i].ip, ip)) {
			return true;
		}
	}
	return false;
}

/* One of the interfaces of the host. Every host has 127.0.0.1, and no other address of 127/8 on
 * its loopback interface unless somebody put it there. */
static enum own own_interface(const struct pf_local *local, const struct mp_ip *ip)
{
	const struct pf_environment *env = pf_settings_environment(local->settings);
	char text[MP_IP_TEXT];
	if (env->addresses != NULL) {
		return is_in(env->addresses, env->address_count, ip) ? OWN_YES : OWN_NO;
	}
	return mp_str_eq(mp_ip_format(ip, text), "127.0.0.1") ? OWN_YES : OWN_OPEN;
}

/* A host name in a list of interfaces stands for its addresses. */
static enum own own_by_name(struct mp_world *world, const char *name, const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];
	mp_ip_format(ip, text);
	if (mp_str_ieq(name, "localhost")) {
		return mp_str_eq(text, "127.0.0.1") || mp_str_eq(text, "::1") ? OWN_YES : OWN_NO;
	}
	if (strchr(name, '{') != NULL) {
		return OWN_OPEN;
	}
	struct mp_dns_result found = mp_ask_dns(world, MP_DNS_ADDRESS, name);
	if (found.status == MP_FOUND && !found.known) {
		return OWN_OPEN;
	}
	for (size_t i = 0; i < found.values.n; i++) {
		struct mp_ip value;
		if (mp_ip_parse(mp_slice_str(found.values.v[i]), &value) && mp_ip_eq(&value, ip)) {
			return OWN_YES;
		}
	}
	return OWN_NO;
}

static enum own own_by_token(const struct pf_local *local, struct mp_world *world,
	const struct pf_text *token, const struct mp_ip *ip)
{
	struct mp_slice s = mp_slice(token->s, token->n);
	struct mp_ip literal;
	if (mp_slice_ieq_str(s, "all")) {
		return own_interface(local, ip);
	}
	if (mp_slice_ieq_str(s, "loopback-only")) {
		return mp_ip_is_loopback(ip) ? own_interface(local, ip) : OWN_NO;
	}
	if (s.n >= 2 && s.p[0] == '[' && s.p[s.n - 1] == ']') {
		s = mp_slice_sub(s, 1, s.n - 1);
	}
	if (mp_ip_parse(s, &literal)) {
		return mp_ip_eq(&literal, ip) ? OWN_YES : OWN_NO;
	}
	return own_by_name(world, token->s, ip);
}

static enum own own_by_list(const struct pf_local *local, struct mp_world *world,
	const struct interface_list *list, const struct mp_ip *ip, struct pf_list_hit *hit)
{
	enum own found = OWN_NO;
	for (size_t i = 0; i < list->n && found != OWN_YES; i++) {
		enum own one = own_by_token(local, world, &list->tokens[i], ip);
		if (one != OWN_NO) {
			found = one;
			hit->loc = pf_text_loc(list->tokens[i], 0, list->tokens[i].n);
			hit->text = list->tokens[i].s;
		}
	}
	return found;
}

bool pf_local_address(struct pf_local *local, struct mp_world *world, struct mp_arena *arena,
	const struct mp_ip *ip, bool proxy, struct pf_list_hit *hit)
{
	static const char *const answers[] = {"none", "found"};
	struct pf_list_hit unused = {0};
	char text[MP_IP_TEXT];
	hit = hit != NULL ? hit : &unused;
	if (!(ip->family == 4 ? local->ipv4 : local->ipv6)) {
		return false;
	}
	enum own found = own_by_list(local, world, &local->inet, ip, hit);
	if (found != OWN_YES && proxy) {
		enum own by_proxy = own_by_list(local, world, &local->proxy, ip, hit);
		found = by_proxy != OWN_NO ? by_proxy : found;
	}
	if (found != OWN_OPEN) {
		return found == OWN_YES;
	}
	const char *question = mp_arena_printf(arena, "host.addresses %s", mp_ip_format(ip, text));
	return mp_str_ieq(mp_ask(world, question, answers, 2), "found");
}

const char *pf_literal_address(struct mp_arena *arena, const char *domain)
{
	const char *last = domain[0] == '[' ? strchr(domain, ']') : NULL;
	if (last == NULL || last[1] != '\0' || last - domain - 1 >= MP_IP_TEXT) {
		return NULL;
	}
	return pf_valid_mailhost_addr(
		mp_arena_memdup(arena, domain + 1, (size_t)(last - domain - 1)));
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
	if (literal == NULL || !mp_ip_parse(mp_slice_str(literal), &ip)) {
		return match;
	}
	return pf_local_address(local, world, arena, &ip, true, hit) ? PF_MATCH : PF_NO_MATCH;
}

bool pf_same_domain(struct mp_world *world, const char *a, const char *b)
{
	if (mp_str_ieq(a, b)) {
		return true;
	}
	if (mp_str_eq(a, HOST_NAME_HOLE)) {
		return mp_ask_is(world, "host.name", b);
	}
	return mp_str_eq(b, HOST_NAME_HOLE) && mp_ask_is(world, "host.name", a);
}
