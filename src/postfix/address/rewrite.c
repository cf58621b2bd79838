/*
 * rewrite - addresses to their standard form, as trivial-rewrite(8) does it (reference 8.2).
 */
#include "postfix/address/mail_addr.h"
#include "postfix/address/rewrite_internal.h"

/* {host.name} in a value stands for the host's name; the same in an address is the client's text.
 */
static struct pf_tok822_chain scan_setting(
	const struct pf_rewrite *rewrite, struct mp_arena *arena, const char *name)
{
	return pf_tok822_scan(arena, pf_str(rewrite->settings, name), true);
}

/* @a,@b:user@domain */
static void strip_route(struct pf_tok822_chain *chain)
{
	struct pf_tok822 *colon =
		chain->head->type == '@' ? pf_tok822_find(chain->head, ':') : NULL;
	if (colon != NULL && colon != chain->tail) {
		*chain = pf_tok822_cut(chain, colon->next);
	}
}

/* site!rest becomes rest@site. */
static void swap_bang(struct mp_arena *arena, struct pf_tok822_chain *chain, struct pf_tok822 *bang)
{
	struct pf_tok822_chain rest = pf_tok822_cut(chain, bang);
	struct pf_tok822_chain site = *chain;
	pf_tok822_unlink(&rest, bang);
	pf_tok822_append(&rest, arena, '@', "");
	pf_tok822_join(&rest, site);
	*chain = rest;
}

/* Supplies the @ where there is none. */
static void supply_domain(
	struct pf_rewrite *rewrite, struct mp_arena *arena, struct pf_tok822_chain *chain)
{
	struct pf_tok822 *op;
	if (pf_tok822_find_last(chain->tail, '@') != NULL) {
		return;
	}
	if (rewrite->swap_bangpath && (op = pf_tok822_find(chain->head, '!')) != NULL) {
		swap_bang(arena, chain, op);
	} else if (rewrite->percent_hack && (op = pf_tok822_find_last(chain->tail, '%')) != NULL) {
		op->type = '@';
	} else if (pf_bool(rewrite->settings, "append_at_myorigin")) {
		pf_tok822_append(chain, arena, '@', "");
		pf_tok822_join(chain, scan_setting(rewrite, arena, "myorigin"));
	}
}

static void supply_mydomain(
	struct pf_rewrite *rewrite, struct mp_arena *arena, struct pf_tok822_chain *chain)
{
	struct pf_tok822 *at = pf_tok822_find_last(chain->tail, '@');
	if (at == NULL || at == chain->tail || !pf_bool(rewrite->settings, "append_dot_mydomain") ||
		pf_tok822_find(at, PF_TOK822_LITERAL) != NULL || pf_tok822_find(at, '.') != NULL) {
		return;
	}
	pf_tok822_append(chain, arena, '.', "");
	pf_tok822_join(chain, scan_setting(rewrite, arena, "mydomain"));
}

static void strip_final_dot(struct pf_tok822_chain *chain)
{
	struct pf_tok822 *dot = chain->tail;
	if (dot->type == '.' && dot->prev != NULL && dot->prev->type != '.' &&
		dot->prev->type != '@') {
		pf_tok822_unlink(chain, dot);
	}
}

void pf_rewrite_chain(
	struct pf_rewrite *rewrite, struct mp_arena *arena, struct pf_tok822_chain *chain)
{
	if (chain->head == NULL) {
		return;
	}
	if (chain->head == chain->tail) {
		if (chain->head->type == PF_TOK822_QUOTED && chain->head->text[0] == '\0') {
			return;
		}
		if (chain->head->type == '@') {
			*chain = (struct pf_tok822_chain){0};
			pf_tok822_append(chain, arena, PF_TOK822_QUOTED, "");
			return;
		}
	}
	strip_route(chain);
	supply_domain(rewrite, arena, chain);
	supply_mydomain(rewrite, arena, chain);
	strip_final_dot(chain);
}

const char *pf_rewrite_internal(struct pf_rewrite *rewrite, struct mp_world *world,
	struct mp_arena *arena, const char *internal)
{
	(void)world;
	struct pf_tok822_chain chain =
		pf_tok822_scan(arena, pf_address_quote(arena, internal), false);
	pf_rewrite_chain(rewrite, arena, &chain);
	return pf_address_unquote(arena, pf_tok822_external(arena, chain.head));
}

/* Which settings the service has: its own line of master.cf, which may override main.cf. */
static struct pf_settings *service_settings(struct pf_engine *engine, const char *service_name,
	const struct pf_environment *environment)
{
	struct pf_service *service = pf_config_find_service(engine->config, service_name, PF_UNIX);
	return pf_settings_new(
		engine->arena, engine->config, service, PF_TRIVIAL_REWRITE, environment);
}

struct pf_rewrite *pf_rewrite_new(struct pf_engine *engine, const char *service_name,
	const struct pf_environment *environment)
{
	struct pf_rewrite *rewrite = MP_ARENA_NEW(engine->arena, struct pf_rewrite);
	struct pf_settings *s = service_settings(engine, service_name, environment);
	rewrite->engine = engine;
	rewrite->settings = s;
	if (pf_settings_fatal(s) != NULL) {
		return rewrite;
	}
	rewrite->local = pf_local_new(engine, s);
	rewrite->alias_domains = pf_list_new(engine, s, "virtual_alias_domains",
		pf_value(s, "virtual_alias_domains"), PF_STRING_LIST);
	rewrite->mailbox_domains = pf_list_new(engine, s, "virtual_mailbox_domains",
		pf_value(s, "virtual_mailbox_domains"), PF_STRING_LIST);
	rewrite->relay_domains = pf_list_new(
		engine, s, "relay_domains", pf_value(s, "relay_domains"), PF_DOMAIN_LIST);
	rewrite->relocated = pf_maps_new(engine, s, "relocated_maps");
	rewrite->sender_transport =
		pf_maps_new(engine, s, "sender_dependent_default_transport_maps");
	rewrite->sender_relayhost = pf_maps_new(engine, s, "sender_dependent_relayhost_maps");
	rewrite->finder = pf_mail_addr_new(engine, s, rewrite->local);
	rewrite->transports = pf_transports_new(engine, s);
	rewrite->swap_bangpath = pf_bool(s, "swap_bangpath");
	rewrite->percent_hack = pf_bool(s, "allow_percent_hack");
	return rewrite;
}

bool pf_rewrite_looks_at_sender(const struct pf_rewrite *rewrite)
{
	return pf_rewrite_fatal(rewrite) == NULL &&
		(!pf_maps_is_empty(rewrite->sender_transport) ||
			!pf_maps_is_empty(rewrite->sender_relayhost));
}

const struct pf_fatal *pf_rewrite_fatal(const struct pf_rewrite *rewrite)
{
	return pf_settings_fatal(rewrite->settings);
}
