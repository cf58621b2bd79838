/*
 * server_names - what scenarios call a server's domains, and the names that its configuration tells
 * apart from others.
 */
#include "predict/server_names.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/vec.h"
#include "predict/distinctions.h"
#include "smtp/command.h"
#include "world/facts.h"

/* A list that is being made: each name once, so many at most. */
struct gathered {
	MP_VEC(const char *) v;
	size_t left_out;
};

static void gather(struct gathered *g, const char *name)
{
	for (size_t i = 0; i < g->v.n; i++) {
		if (mp_str_ieq(g->v.v[i], name)) {
			return;
		}
	}
	if (g->v.n == MP_LIMIT_EACH) {
		g->left_out++;
	} else {
		mp_vec_push(&g->v, name);
	}
}

static struct mp_name_list list_of(struct gathered *g, struct mp_arena *arena)
{
	const char **v = mp_arena_array(arena, g->v.n, sizeof *v);
	struct mp_name_list list = {.v = v, .n = g->v.n, .left_out = g->left_out};

	for (size_t i = 0; i < g->v.n; i++) {
		v[i] = mp_arena_strdup(arena, g->v.v[i]);
	}
	mp_vec_release(&g->v);
	return list;
}

static const char *first_of(const struct mp_server_view *view, enum mp_domain_kind kind)
{
	for (size_t i = 0; i < view->domain_count; i++) {
		if (view->domains[i].kind == kind) {
			return view->domains[i].name;
		}
	}
	return NULL;
}

/* The host's first IPv6 address that others can reach. */
static const char *literal6(const struct mp_facts *facts, struct mp_arena *arena)
{
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < facts->address_count; i++) {
		const struct mp_ip *ip = &facts->addresses[i].ip;
		bool link_local = ip->b[0] == 0xfe && (ip->b[1] & 0xc0) == 0x80;
		if (ip->family == 6 && !mp_ip_is_loopback(ip) && !link_local) {
			return mp_arena_printf(arena, "[IPv6:%s]", mp_ip_format(ip, text));
		}
	}
	return NULL;
}

void mp_names_of_server(struct mp_names *names, const struct mp_server_view *view,
	const struct mp_facts *facts, struct mp_arena *arena)
{
	struct gathered domains = {0};

	if (names->local_domain == NULL) {
		names->local_domain = view->local_domain;
	}
	if (names->hosted_domain == NULL) {
		names->hosted_domain = first_of(view, MP_DOMAIN_HOSTED);
	}
	if (names->relay_domain == NULL) {
		names->relay_domain = first_of(view, MP_DOMAIN_RELAY);
	}
	if (names->server_literal6 == NULL) {
		names->server_literal6 = literal6(facts, arena);
	}
	for (size_t i = 0; i < view->domain_count; i++) {
		gather(&domains, view->domains[i].name);
	}
	names->each_domain = list_of(&domains, arena);
}

static bool is_host(const char *name)
{
	for (const char *p = name; *p != '\0'; p++) {
		if (!mp_is_print(*p) || strchr(" <>@\"", *p) != NULL) {
			return false;
		}
	}
	return name[0] != '\0';
}

/* Whether an earlier distinction stands for this one, too. */
static bool stood_for(const struct mp_distinctions *seen, size_t index)
{
	const struct mp_distinction *d = &seen->v[index];

	for (size_t i = 0; i < index && d->like != NULL; i++) {
		if (seen->v[i].aspect == d->aspect && seen->v[i].example != NULL &&
			seen->v[i].like != NULL && mp_str_eq(seen->v[i].like, d->like)) {
			return true;
		}
	}
	return false;
}

static void gather_distinctions(
	const struct mp_distinctions *seen, struct gathered *senders, struct gathered *helos)
{
	for (size_t i = 0; i < seen->n; i++) {
		const struct mp_distinction *d = &seen->v[i];
		if (d->example == NULL || d->example[0] == '\0' ||
			(d->aspect != MP_ASPECT_SENDER && d->aspect != MP_ASPECT_HELO) ||
			stood_for(seen, i)) {
			continue;
		}
		if (d->aspect == MP_ASPECT_HELO && is_host(d->example)) {
			gather(helos, d->example);
		} else if (d->aspect == MP_ASPECT_SENDER && mp_path_ok(mp_slice_str(d->example))) {
			gather(senders, d->example);
		}
	}
}

void mp_names_each_of(struct mp_names *names, const struct mp_server *server,
	const struct mp_facts *facts, const char *listener, struct mp_arena *arena)
{
	struct gathered senders = {0}, helos = {0};
	struct mp_arena scratch = {0};
	struct mp_distinctions seen = mp_distinctions_first(server, facts, listener, &scratch);
	gather_distinctions(&seen, &senders, &helos);
	if (names->server_name != NULL) {
		gather(&helos, names->server_name);
		gather(&senders, mp_arena_printf(&scratch, "postmaster@%s", names->server_name));
	}
	for (size_t i = 0; i < names->each_domain.n; i++) {
		const char *domain = names->each_domain.v[i];
		gather(&helos, domain);
		gather(&senders, mp_arena_printf(&scratch, "postmaster@%s", domain));
	}
	names->each_sender = list_of(&senders, arena);
	names->each_helo = list_of(&helos, arena);
	mp_arena_release(&scratch);
}
