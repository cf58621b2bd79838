/*
 * list - the three list dialects of Postfix, and what their items match (reference 1.5, 1.6).
 */
#ifndef PF_LOOKUP_LIST_H
#define PF_LOOKUP_LIST_H

#include "postfix/config/engine.h"
#include "postfix/config/match.h"
#include "postfix/config/split.h"

enum pf_list_kind {
	PF_STRING_LIST, /* mydestination, virtual_*_domains, smtpd_noop_commands */
	PF_DOMAIN_LIST, /* relay_domains, fast_flush_domains */
	PF_CLIENT_LIST /* mynetworks and all that takes host name and address */
};

struct pf_list;

/* Parses a match list. name is the parameter's name (its membership in
 * parent_domain_matches_subdomains is taken from settings). Problems that Postfix only meets at
 * lookup time are kept as items that fail; `!` alone is fatal (pf_settings_set_fatal). Never NULL;
 * lives in the engine's arena. */
struct pf_list *pf_list_new(struct pf_engine *engine, struct pf_settings *settings,
	const char *name, struct pf_text value, enum pf_list_kind kind);

/* Which item decided. */
struct pf_list_hit {
	struct mp_loc loc;
	const char *text;
};

/* STRING and DOMAIN lists: a name. hit may be NULL. */
enum pf_match pf_list_match_name(struct pf_list *list, struct mp_world *world,
	struct mp_arena *arena, const char *name, struct pf_list_hit *hit);
/* CLIENT lists: the address, and the name only if an item could match one: client_name is called
 * then (it may ask the world) and returns the verified name or "unknown". */
typedef const char *pf_name_fn(void *context);
enum pf_match pf_list_match_client(struct pf_list *list, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *client, pf_name_fn *client_name, void *context,
	struct pf_list_hit *hit);
/* Host-name patterns of the list and the keys of its tables that could match a client's name:
 * pushes them to out (see mp_ask_client_name). */
struct pf_names {
	MP_VEC(const char *) v;
};
void pf_list_names(struct pf_list *list, struct pf_names *out);
/* An item as it stands in the list. */
struct pf_list_item {
	enum {
		PF_ITEM_NAME, /* pattern; in a client list it may look like a name and is none */
		PF_ITEM_NETWORK, /* of client lists: net */
		PF_ITEM_TABLE,
		PF_ITEM_OPEN, /* the world is asked what it holds */
		PF_ITEM_FAILS /* every look-up that gets there fails */
	} kind;
	bool negated;
	const char *text; /* as written, without its negation */
	const char *pattern; /* folded */
	struct mp_cidr net;
	struct mp_table *table;
	struct mp_loc loc;
};
/* The item at index i; false past the end. */
bool pf_list_item(const struct pf_list *list, size_t i, struct pf_list_item *out);
/* Whether the pattern a.b matches x.a.b (else the pattern .a.b does). */
bool pf_list_is_parent(const struct pf_list *list);
/* Address networks of the list in order (for the surface): each with its negation. */
struct pf_list_network {
	struct mp_cidr net;
	bool negated;
	struct mp_loc loc;
};
size_t pf_list_networks(struct pf_list *list, struct mp_arena *arena, struct pf_list_network **out);

/* Map lists (*_maps): "type:name" in order, first non-empty result wins. */
struct pf_maps;
struct pf_maps *pf_maps_new(
	struct pf_engine *engine, struct pf_settings *settings, const char *parameter);
bool pf_maps_is_empty(const struct pf_maps *maps);
/* The table at index i; NULL past the end. */
struct mp_table *pf_maps_table(const struct pf_maps *maps, size_t i);
/* Looks one key up. fixed_only: only tables where mp_table_is_fixed(). An empty key finds nothing;
 * an empty result is an error (reference 1.5c). */
struct mp_table_result pf_maps_find(struct pf_maps *maps, struct mp_world *world, const char *key,
	bool fixed_only, enum mp_table_role role, struct mp_arena *arena);

/* The built-in tables unix:passwd.byname and alias maps ask user.exists and alias.exists by
 * themselves. */

#endif
