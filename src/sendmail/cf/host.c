/*
 * host - the server's own name and addresses, in macros and classes (reference 2.1).
 *
 * sendmail asks the machine for them when it starts. Here they are facts; a name that is not known
 * is the hole "{host.name}", which equals nothing, and class w is then an open question.
 */
#include "base/ip.h"
#include "sendmail/cf/read.h"

static void define(struct sm_cf *cf, const char *name, const char *value)
{
	sm_macros_set(&cf->macros, sm_names_id(cf->names, mp_slice_str(name)),
		sm_text_of(mp_slice_str(value), cf->arena), cf->arena);
}

static void add(struct sm_cf *cf, const char *class, const char *word)
{
	sm_class_add(sm_cf_class_new(cf, sm_names_id(cf->names, mp_slice_str(class))),
		mp_slice_str(word), mp_loc(NULL, 0, 0), cf->arena);
}

static const struct mp_fact_dns *known_dns(
	struct sm_cf *cf, const struct mp_facts *facts, const char *type, const char *name)
{
	const char *key = mp_arena_printf(cf->arena, "%s %s", type, name);
	const struct mp_fact_dns *entry =
		mp_map_get_str(&facts->dns, mp_arena_lower(cf->arena, mp_slice_str(key)));

	return entry != NULL && entry->kind == MP_FACT_FOUND ? entry : NULL;
}

static void add_address(struct sm_cf *cf, const struct mp_ip *ip)
{
	add(cf, "w", mp_arena_printf(cf->arena, "[%s]", sm_cf_ip(cf, ip, cf->arena)));
}

/* The addresses that the host's own name has: it is looked up as an IPv6 host, and where it is none
 * as an IPv4 one (myhostname(), InetMode). */
static void add_own_addresses(struct sm_cf *cf, const struct mp_facts *facts)
{
	const struct mp_fact_dns *own = known_dns(cf, facts, "address", cf->host.name);
	bool found = false;

	for (int family = 6; family >= 4 && !found; family -= 2) {
		for (size_t i = 0; own != NULL && i < own->values.n; i++) {
			struct mp_ip ip;

			if (mp_ip_parse(mp_slice_str(own->values.v[i]), &ip) &&
				ip.family == family) {
				add_address(cf, &ip);
				found = true;
			}
		}
	}
}

void sm_host_begin(struct sm_cf *cf, const struct mp_facts *facts)
{
	const char *name = facts->hostname, *dot;

	cf->host.name_known = name != NULL;
	cf->host.name = name != NULL ? name : "{host.name}";
	cf->host.addresses_known = facts->have_addresses;
	define(cf, "w", cf->host.name);
	define(cf, "j", cf->host.name);
	define(cf, "k", cf->host.name);
	define(cf, "n", "MAILER-DAEMON");
	define(cf, "opMode", "d");
	dot = strchr(cf->host.name, '.');
	if (name == NULL) {
		define(cf, "m", "{host.domain}");
	} else if (dot != NULL && dot[1] != '\0') {
		define(cf, "m", dot + 1);
	}
	add(cf, "w", cf->host.name);
	add(cf, "k", cf->host.name);
	add_own_addresses(cf, facts);
}

const char *sm_cf_ip(const struct sm_cf *cf, const struct mp_ip *ip, struct mp_arena *arena)
{
	const struct sm_option *o = sm_cf_option(cf, "UseCompressedIPv6Addresses");
	bool whole = o == NULL || !sm_option_is_true(o);
	char text[MP_IP_TEXT];

	if (ip->family != 6) {
		return mp_arena_strdup(arena, mp_ip_format(ip, text));
	}
	return mp_arena_printf(
		arena, "IPv6:%s", whole ? mp_ip_format_full(ip, text) : mp_ip_format(ip, text));
}

/* Option DontProbeInterfaces: "loopback" leaves out the loopback interface only. */
enum probing { PROBE_ALL, PROBE_NO_LOOPBACK, PROBE_NONE };

static enum probing probing(const struct sm_cf *cf)
{
	const struct sm_option *o = sm_cf_option(cf, "DontProbeInterfaces");

	if (o == NULL || !sm_option_is_true(o)) {
		return PROBE_ALL;
	}
	return o->value != NULL && mp_str_ieq(o->value, "loopback") ? PROBE_NO_LOOPBACK
								    : PROBE_NONE;
}

static bool in_w(struct sm_cf *cf, const char *word)
{
	const struct sm_class *w = sm_cf_class(cf, "w");

	return w != NULL && sm_class_find(w, word) != NULL;
}

/* The name that an interface's address has: it counts, and so does the name in brackets. */
static void add_name(struct sm_cf *cf, const char *name)
{
	if (!in_w(cf, name)) {
		add(cf, "w", name);
		add(cf, "w", mp_arena_printf(cf->arena, "[%s]", name));
	}
}

/* The interfaces' addresses, and what they are called. */
static void add_interfaces(struct sm_cf *cf, const struct mp_facts *facts, enum probing how)
{
	static const struct mp_ip loopback = {.family = 4, .b = {127, 0, 0, 1}};

	/* Every machine has it, listed among its addresses or not. */
	if (how == PROBE_ALL) {
		add_address(cf, &loopback);
		add_name(cf, "localhost");
	}
	for (size_t i = 0; i < facts->address_count; i++) {
		const struct mp_ip *ip = &facts->addresses[i].ip;
		char text[MP_IP_TEXT];

		add_address(cf, ip);
		mp_ip_format(ip, text);
		if (mp_ip_is_loopback(ip)) {
			continue;
		}

		const struct mp_fact_dns *ptr = known_dns(cf, facts, "ptr", text);

		if (ptr != NULL && ptr->values.n > 0) {
			add_name(cf, ptr->values.v[0]);
		}
	}
}

void sm_host_end(struct sm_cf *cf, const struct mp_facts *facts)
{
	const char *m = sm_cf_macro(cf, "m", cf->arena);

	add(cf, "w", sm_cf_macro(cf, "j", cf->arena));
	if (m[0] != '\0') {
		add(cf, "m", m);
	}
	if (probing(cf) != PROBE_NONE) {
		add_interfaces(cf, facts, probing(cf));
	}
}
