/* interfaces - the addresses that a Postfix process takes for its own. */
#include "postfix/config/interfaces.h"

#include "postfix/config/settings_impl.h"
#include "postfix/config/split.h"

bool pf_has_family(const struct pf_settings *s, unsigned family)
{
	const char *value = s->slots[PF_ID_inet_protocols].value.s;
	struct pf_text *tokens;
	size_t n = pf_split(s->arena, pf_text_plain(value), &tokens);

	for (size_t i = 0; i < n; i++) {
		if (mp_str_eq(tokens[i].s, "all") ||
			mp_str_eq(tokens[i].s, family == 4 ? "ipv4" : "ipv6")) {
			return true;
		}
	}
	return false;
}

struct collector {
	const struct pf_settings *s;
	MP_VEC(struct mp_cidr) found;
	bool complete;
	const char *unknown_name;
};

static void add(struct collector *c, struct mp_cidr net)
{
	for (size_t i = 0; i < c->found.n; i++) {
		if (mp_ip_eq(&c->found.v[i].ip, &net.ip)) {
			return;
		}
	}
	if (pf_has_family(c->s, net.ip.family)) {
		mp_vec_push(&c->found, net);
	}
}

static void add_loopback(struct collector *c)
{
	struct mp_cidr net = {.ip = {.family = 4, .b = {127, 0, 0, 1}}, .length = 8};

	add(c, net);
	net = (struct mp_cidr){.ip = {.family = 6}, .length = 128};
	net.ip.b[15] = 1;
	add(c, net);
}

static void add_interfaces(struct collector *c, bool loopback_only)
{
	const struct pf_environment *env = &c->s->environment;

	if (env->addresses == NULL) {
		add_loopback(c);
		c->complete = c->complete && loopback_only;
		return;
	}
	for (unsigned family = 4; family <= 6; family += 2) {
		for (size_t i = 0; i < env->address_count; i++) {
			const struct mp_cidr *net = &env->addresses[i];
			if (net->ip.family == family &&
				(!loopback_only || mp_ip_is_loopback(&net->ip))) {
				add(c, *net);
			}
		}
	}
}

/* The netmask of one of the host's addresses; a single address when it is not known. */
static unsigned mask_of(const struct pf_settings *s, const struct mp_ip *ip)
{
	for (size_t i = 0; i < s->environment.address_count; i++) {
		if (mp_ip_eq(&s->environment.addresses[i].ip, ip)) {
			return s->environment.addresses[i].length;
		}
	}
	return ip->family == 4 && ip->b[0] == 127 ? 8 : mp_ip_bits(ip);
}

static void add_names(struct collector *c, const char *value)
{
	struct pf_text *tokens;
	size_t n = pf_split(c->s->arena, pf_text_plain(value), &tokens);

	for (size_t i = 0; i < n; i++) {
		struct mp_slice name = mp_slice(tokens[i].s, tokens[i].n);
		struct mp_ip ip;
		if (name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']') {
			name = mp_slice_sub(name, 1, name.n - 1);
		}
		if (mp_ip_parse(name, &ip)) {
			add(c, (struct mp_cidr){ip, mask_of(c->s, &ip)});
		} else if (mp_slice_ieq_str(name, "localhost")) {
			add_loopback(c);
		} else {
			c->complete = false;
			c->unknown_name = c->unknown_name != NULL ? c->unknown_name : tokens[i].s;
		}
	}
}

static struct pf_own finish(struct collector *c, struct mp_arena *arena)
{
	struct pf_own own = {
		.n = c->found.n, .complete = c->complete, .unknown_name = c->unknown_name};
	struct mp_cidr *v = mp_arena_array(arena, c->found.n, sizeof *v);

	if (c->found.n > 0) {
		memcpy(v, c->found.v, c->found.n * sizeof *v);
	}
	own.v = v;
	mp_vec_release(&c->found);
	return own;
}

struct pf_own pf_own_addresses(const struct pf_settings *s, struct mp_arena *arena)
{
	struct collector c = {.s = s, .complete = true};
	const char *value = s->slots[PF_ID_inet_interfaces].value.s;

	if (mp_str_eq(value, "all")) {
		add_interfaces(&c, false);
	} else if (mp_str_eq(value, "loopback-only")) {
		add_interfaces(&c, true);
	} else {
		add_names(&c, value);
	}
	return finish(&c, arena);
}

struct pf_own pf_proxy_addresses(const struct pf_settings *s, struct mp_arena *arena)
{
	struct collector c = {.s = s, .complete = true};

	add_names(&c, s->slots[PF_ID_proxy_interfaces].value.s);
	return finish(&c, arena);
}

/* Asks about one of the host names of a list. */
static bool name_has_address(struct mp_world *world, const char *name, const char *address)
{
	struct mp_dns_result dns = mp_ask_dns(world, MP_DNS_ADDRESS, name);

	if (dns.status == MP_FOUND && !dns.known) {
		return mp_ask_is(world,
			mp_arena_printf(mp_world_arena(world), "dns.address %s", name), address);
	}
	for (size_t i = 0; dns.status == MP_FOUND && i < dns.values.n; i++) {
		if (mp_str_eq(dns.values.v[i], address)) {
			return true;
		}
	}
	return false;
}

static bool listed(const struct pf_own *own, const struct mp_ip *ip)
{
	for (size_t i = 0; i < own->n; i++) {
		if (mp_ip_eq(&own->v[i].ip, ip)) {
			return true;
		}
	}
	return false;
}

/* The unresolved names of an address list parameter. */
static bool any_name_has(
	const struct pf_settings *s, struct mp_world *world, const char *value, const char *address)
{
	struct pf_text *tokens;
	size_t n = pf_split(mp_world_arena(world), pf_text_plain(value), &tokens);
	struct mp_ip ip;

	(void)s;
	for (size_t i = 0; i < n; i++) {
		struct mp_slice name = mp_slice(tokens[i].s, tokens[i].n);
		if (name.p[0] != '[' && !mp_ip_parse(name, &ip) &&
			!mp_slice_ieq_str(name, "localhost") &&
			name_has_address(world, tokens[i].s, address)) {
			return true;
		}
	}
	return false;
}

enum pf_match pf_is_own_address(const struct pf_settings *s, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *ip)
{
	struct pf_own own = pf_own_addresses(s, arena);
	char address[MP_IP_TEXT];

	if (listed(&own, ip)) {
		return PF_MATCH;
	}
	/* Of 127/8 the loopback interface has 127.0.0.1 only. */
	if (own.complete || mp_ip_is_loopback(ip) || !pf_has_family(s, ip->family)) {
		return PF_NO_MATCH;
	}
	mp_ip_format(ip, address);
	bool yes = own.unknown_name != NULL
		? any_name_has(s, world, s->slots[PF_ID_inet_interfaces].value.s, address)
		: pf_ask_host_address(s, world, ip) == PF_HOST_ADDRESS;
	return yes ? PF_MATCH : PF_NO_MATCH;
}

enum pf_match pf_is_proxy_address(const struct pf_settings *s, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *ip)
{
	struct pf_own own = pf_proxy_addresses(s, arena);
	char address[MP_IP_TEXT];

	if (listed(&own, ip)) {
		return PF_MATCH;
	}
	mp_ip_format(ip, address);
	return !own.complete &&
			any_name_has(s, world, s->slots[PF_ID_proxy_interfaces].value.s, address)
		? PF_MATCH
		: PF_NO_MATCH;
}

/* Only a mynetworks that is computed with netmasks tells an address of the host from its network.
 */
static bool networks_matter(const struct pf_settings *s)
{
	return strstr(s->slots[PF_ID_mynetworks].value.s, PF_UNKNOWN_NETWORKS) != NULL;
}

/* inet_interfaces has host names: what they resolve to is asked, and the host's addresses tell the
 * netmasks. */
static enum pf_host_address ask_names(
	const struct pf_settings *s, struct mp_world *world, const struct mp_ip *ip)
{
	const struct pf_environment *env = &s->environment;
	const char *names = s->slots[PF_ID_inet_interfaces].value.s;
	char address[MP_IP_TEXT];

	mp_ip_format(ip, address);
	if (any_name_has(s, world, names, address)) {
		return PF_HOST_ADDRESS;
	}
	for (size_t i = 0; networks_matter(s) && i < env->address_count; i++) {
		char own[MP_IP_TEXT];
		mp_ip_format(&env->addresses[i].ip, own);
		if (mp_cidr_contains(&env->addresses[i], ip) &&
			any_name_has(s, world, names, own)) {
			return PF_HOST_NETWORK;
		}
	}
	return PF_HOST_OTHER;
}

enum pf_host_address pf_ask_host_address(
	const struct pf_settings *s, struct mp_world *world, const struct mp_ip *ip)
{
	struct mp_arena *arena = mp_world_arena(world);
	char address[MP_IP_TEXT];

	mp_ip_format(ip, address);
	if (pf_own_addresses(s, arena).unknown_name != NULL) {
		enum pf_host_address named = ask_names(s, world, ip);
		if (named != PF_HOST_OTHER || s->environment.addresses != NULL ||
			!networks_matter(s)) {
			return named;
		}
	}
	if (mp_ip_is_loopback(ip)) {
		return PF_HOST_OTHER; /* listed by its address where it counts */
	}
	const char *network = mp_arena_printf(arena, "network of %s", address);
	const char *answers[] = {"other", mp_arena_strdup(arena, address), network};
	const char *answer = mp_ask(world, "host.addresses", answers, networks_matter(s) ? 3 : 2);
	if (mp_str_eq(answer, network)) {
		return PF_HOST_NETWORK;
	}
	struct pf_text *tokens;
	size_t n = pf_split(arena, pf_text_plain(answer), &tokens);
	enum pf_host_address found = PF_HOST_OTHER;
	for (size_t i = 0; i < n; i++) {
		struct mp_cidr net;
		if (!mp_cidr_parse(mp_slice(tokens[i].s, tokens[i].n), &net)) {
			continue;
		}
		if (mp_ip_eq(&net.ip, ip)) {
			return PF_HOST_ADDRESS;
		}
		found = mp_cidr_contains(&net, ip) ? PF_HOST_NETWORK : found;
	}
	return found;
}
