/*
 * mail_addr - the keys under which an address is looked for in a map list (reference 9.3).
 */
#include "postfix/address/mail_addr.h"

#include "postfix/address/address.h"
#include "postfix/lookup/hole.h"

struct pf_mail_addr {
	struct pf_settings *settings;
	struct pf_local *local;
};

/* One search: where, and for what. */
struct search {
	struct pf_mail_addr *finder;
	struct pf_maps *maps;
	struct mp_world *world;
	struct mp_arena *arena;
	enum mp_table_role role;
	struct mp_table_result result; /* NONE as long as the search goes on */
};

struct pf_mail_addr *pf_mail_addr_new(
	struct pf_engine *engine, struct pf_settings *settings, struct pf_local *local)
{
	struct pf_mail_addr *finder = MP_ARENA_NEW(engine->arena, struct pf_mail_addr);
	finder->settings = settings;
	finder->local = local;
	return finder;
}

/* The length of a local part up to its extension, or 0 when it has none. */
static size_t bare_length(const struct pf_settings *s, struct mp_slice local)
{
	const char *delimiters = pf_str(s, "recipient_delimiter");
	if (delimiters[0] == '\0' || mp_slice_ieq_str(local, "postmaster") ||
		mp_slice_ieq_str(local, "mailer-daemon") ||
		mp_slice_ieq_str(local, pf_str(s, "double_bounce_sender"))) {
		return 0;
	}
	if (strchr(delimiters, '-') != NULL && pf_bool(s, "owner_request_special")) {
		if (mp_slice_istarts(local, "owner-") ||
			(local.n > 8 &&
				mp_slice_ieq_str(mp_slice_from(local, local.n - 8), "-request"))) {
			return 0;
		}
	}
	for (size_t i = 0; i < local.n; i++) {
		if (strchr(delimiters, local.p[i]) != NULL) {
			return i;
		}
	}
	return 0;
}

const char *pf_strip_extension(
	const struct pf_settings *settings, struct mp_arena *arena, const char *address)
{
	const char *at = strrchr(address, '@');
	size_t n = at != NULL ? (size_t)(at - address) : strlen(address);
	size_t bare = bare_length(settings, mp_slice(address, n));
	if (bare == 0) {
		return NULL;
	}
	return mp_arena_printf(arena, "%.*s%s", (int)bare, address, at != NULL ? at : "");
}

/* Looks one key up, first in the form `quoted`. */
static void try_key(struct search *s, const char *key, const char *quoted, bool fixed_only)
{
	if (s->result.status != MP_TABLE_NONE) {
		return;
	}
	s->result = pf_maps_find(s->maps, s->world, quoted, fixed_only, s->role, s->arena);
	if (s->result.status == MP_TABLE_NONE && !mp_str_eq(key, quoted)) {
		s->result = pf_maps_find(s->maps, s->world, key, fixed_only, s->role, s->arena);
	}
}

static void try_address(struct search *s, const char *address, bool fixed_only)
{
	try_key(s, address, pf_address_quote(s->arena, address), fixed_only);
}

/* A local part alone; an @ in it does not make it an address. */
static void try_local_part(struct search *s, const char *local)
{
	const char *whole = mp_arena_printf(s->arena, "%s@", local);
	const char *quoted = pf_address_quote(s->arena, whole);
	try_key(s, local, mp_arena_memdup(s->arena, quoted, strlen(quoted) - 1), true);
}

static void try_local_parts(struct search *s, const char *address, const char *bare)
{
	struct pf_mail_addr *finder = s->finder;
	const char *domain = strrchr(address, '@') + 1;
	if (s->result.status != MP_TABLE_NONE) {
		return;
	}
	if (!pf_same_name(s->world, s->arena, domain, pf_str(finder->settings, "myorigin"))) {
		switch (pf_local_domain(finder->local, s->world, s->arena, domain, NULL)) {
		case PF_NO_MATCH:
			return;
		case PF_MATCH_ERROR:
			s->result.status = MP_TABLE_ERROR;
			return;
		case PF_MATCH:
			break;
		}
	}
	try_local_part(s, mp_arena_memdup(s->arena, address, (size_t)(domain - 1 - address)));
	if (bare != NULL) {
		try_local_part(
			s, mp_arena_memdup(s->arena, bare, (size_t)(strrchr(bare, '@') - bare)));
	}
}

struct mp_table_result pf_mail_addr_lookup(struct pf_mail_addr *finder, struct pf_maps *maps,
	struct mp_world *world, struct mp_arena *arena, const char *address,
	enum mp_table_role role)
{
	struct search s = {
		.finder = finder, .maps = maps, .world = world, .arena = arena, .role = role};
	const char *at = strrchr(address, '@');
	if (pf_maps_is_empty(maps)) {
		return s.result;
	}
	const char *bare = pf_strip_extension(finder->settings, arena, address);
	try_address(&s, address, false);
	if (bare != NULL) {
		try_address(&s, bare, true);
	}
	if (at != NULL) {
		try_local_parts(&s, address, bare);
		try_key(&s, at, at, true);
	}
	return s.result;
}
