/*
 * host - the server's own name and addresses, in macros and classes (reference 2.1).
 *
 * sendmail asks the machine for them when it starts. Here they are facts; a name that is not known
 * is the hole "{host.name}", which equals nothing, and class w is then an open question.
 */
#include "base/ip.h"
#include "sendmail/cf/read.h"

#include <stdio.h>

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
	dot = strchr(cf->host.name, '.');
	if (name == NULL) {
		define(cf, "m", "{host.domain}");
	} else if (dot != NULL && dot[1] != '\0') {
		define(cf, "m", dot + 1);
	}
	add(cf, "w", cf->host.name);
	add(cf, "k", cf->host.name);
}

const char *sm_cf_ip(const struct sm_cf *cf, const struct mp_ip *ip, struct mp_arena *arena)
{
	const struct sm_option *o = sm_cf_option(cf, "UseCompressedIPv6Addresses");
	char text[MP_IP_TEXT], *p = text;

	mp_ip_format(ip, text);
	if (ip->family != 6) {
		return mp_arena_strdup(arena, text);
	}
	if (o == NULL || !sm_option_is_true(o)) {
		for (size_t i = 0; i < 16; i += 2) {
			p += snprintf(p, (size_t)(text + sizeof text - p), i == 0 ? "%x" : ":%x",
				(unsigned)(ip->b[i] << 8 | ip->b[i + 1]));
		}
	}
	return mp_arena_printf(arena, "IPv6:%s", text);
}

/* Whether the interfaces' addresses are not to be looked at. */
static bool probes(const struct sm_cf *cf)
{
	const struct sm_option *o = sm_cf_option(cf, "DontProbeInterfaces");

	return o == NULL || !sm_option_is_true(o);
}

void sm_host_end(struct sm_cf *cf, const struct mp_facts *facts)
{
	const char *j = sm_cf_macro(cf, "j", cf->arena), *dot = strchr(j, '.');

	add(cf, "w", "localhost");
	add(cf, "w", "[localhost]");
	add(cf, "w", j);
	if (dot != NULL && dot[1] != '\0') {
		add(cf, "m", dot + 1);
	} else if (!cf->host.name_known) {
		add(cf, "m", "{host.domain}");
	}
	if (!probes(cf)) {
		return;
	}
	for (size_t i = 0; i < facts->address_count; i++) {
		add(cf, "w",
			mp_arena_printf(cf->arena, "[%s]",
				sm_cf_ip(cf, &facts->addresses[i].ip, cf->arena)));
	}
}
