/*
 * transport - transport_maps as trivial-rewrite(8) searches them (transport(5)).
 */
#include "postfix/address/mail_addr.h"
#include "postfix/address/rewrite_internal.h"

struct pf_transports {
	struct pf_settings *settings;
	struct pf_maps *maps;
	struct pf_list *parent_styles; /* parent_domain_matches_subdomains */
};

struct pf_transports *pf_transports_new(struct pf_engine *engine, struct pf_settings *settings)
{
	struct pf_transports *t = MP_ARENA_NEW(engine->arena, struct pf_transports);
	t->settings = settings;
	t->maps = pf_maps_new(engine, settings, "transport_maps");
	t->parent_styles = pf_list_new(engine, settings, "parent_domain_matches_subdomains",
		pf_value(settings, "parent_domain_matches_subdomains"), PF_STRING_LIST);
	return t;
}

const struct pf_maps *pf_transport_maps(const struct pf_transports *transports)
{
	return transports->maps;
}

static struct mp_table_result find(
	struct pf_transports *t, struct pf_resolving *r, const char *key, bool fixed_only)
{
	return pf_maps_find(t->maps, r->world, key, fixed_only, MP_ROLE_VALUE, r->arena);
}

/* The domain, then its parents: ".example.org", or "example.org" in parent style. */
static struct mp_table_result find_domain(struct pf_transports *t, struct pf_resolving *r)
{
	bool parent_style = pf_list_match_name(t->parent_styles, r->world, r->arena,
				    "transport_maps", NULL) == PF_MATCH;
	struct mp_table_result result = {0};
	const char *name = r->domain, *dot;
	while (*name != '\0') {
		result = find(t, r, name, true);
		dot = strchr(name + 1, '.');
		if (result.status != MP_TABLE_NONE || dot == NULL) {
			break;
		}
		name = parent_style ? dot + 1 : dot;
	}
	return result;
}

static struct mp_table_result search(struct pf_transports *t, struct pf_resolving *r)
{
	struct mp_table_result result = find(t, r, r->recipient, false);
	const char *bare = pf_strip_extension(t->settings, r->arena, r->recipient);
	if (result.status == MP_TABLE_NONE && bare != NULL) {
		result = find(t, r, bare, true);
	}
	if (result.status == MP_TABLE_NONE) {
		result = find_domain(t, r);
	}
	if (result.status == MP_TABLE_NONE) {
		result = find(t, r, "*", false);
	}
	return result;
}

/* An entry "transport:nexthop"; either part may be missing. */
static void apply(struct pf_resolving *r, const char *value)
{
	const char *colon = strchr(value, ':');
	const char *nexthop = colon != NULL ? colon + 1 : "";
	size_t n = colon != NULL ? (size_t)(colon - value) : strlen(value);
	if (n > 0) {
		r->out.transport = mp_arena_memdup(r->arena, value, n);
		bool undeliverable = mp_str_eq(r->out.transport, "error") ||
			mp_str_eq(r->out.transport, "retry");
		r->out.nexthop = undeliverable ? "Address is undeliverable" : r->domain;
	}
	if (nexthop[0] != '\0') {
		r->out.nexthop = nexthop;
	}
}

bool pf_transports_apply(struct pf_transports *transports, struct pf_resolving *r)
{
	if (pf_maps_is_empty(transports->maps)) {
		return true;
	}
	struct mp_table_result result = search(transports, r);
	if (result.status == MP_TABLE_FOUND) {
		apply(r, result.value);
		r->transport_at = result.loc;
	}
	return result.status != MP_TABLE_ERROR;
}
