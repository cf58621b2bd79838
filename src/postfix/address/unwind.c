/*
 * unwind - the resolver's loop: whose domain is it, once all routing was followed (reference 8.3).
 *
 * A local domain is taken off, and if the local part then names another destination
 * (user@other@local, user%other@local, other!user@local, the same in quotes), that one is looked
 * at, until the domain is remote or nothing is left to follow. This is what keeps a host from
 * relaying for anybody who hides the destination in a local part.
 */
#include "postfix/address/rewrite_internal.h"
#include "postfix/config/hostname.h"
#include "postfix/lookup/hole.h"

struct unwinding {
	struct pf_resolving *r;
	struct pf_tok822_chain chain;
	struct pf_tok822_chain saved; /* the last local @domain that was taken off */
	bool remote; /* the domain at the end of the chain is not local */
};

enum progress { AGAIN, DONE, FAILED };

static void strip_ends(struct unwinding *u)
{
	struct pf_tok822 *tail = u->chain.tail;
	if (tail != NULL && tail->type == '.' && pf_tok822_find_last(tail, '@') != NULL &&
		tail->prev->type != '.' && tail->prev->type != '@') {
		pf_tok822_unlink(&u->chain, tail);
	}
	tail = u->chain.tail;
	if (tail != NULL && tail->type == '@' &&
		pf_bool(u->r->rewrite->settings, "resolve_null_domain")) {
		pf_tok822_unlink(&u->chain, tail);
	}
}

/* Whether the domain, in the words from `first` on, has a hole. What looks like one in the
 * client's address is none. */
static bool is_open_domain(const char *domain, const struct pf_tok822 *first)
{
	for (; first != NULL; first = first->next) {
		if (!first->trusted) {
			return false;
		}
	}
	return pf_has_hole(domain);
}

/* Takes a local @domain off; DONE when the domain is remote. */
static enum progress strip_local(struct unwinding *u)
{
	struct pf_resolving *r = u->r;
	struct pf_tok822 *at = pf_tok822_find_last(u->chain.tail, '@');
	if (at == NULL) {
		return AGAIN;
	}
	if (at->next != NULL) {
		const char *domain = pf_tok822_internal(r->arena, at->next);
		if (pf_has_hole(domain) && !is_open_domain(domain, at->next)) {
			u->remote = true;
			return DONE;
		}
		switch (pf_local_domain(r->rewrite->local, r->world, r->arena, domain, &r->hit)) {
		case PF_MATCH_ERROR:
			return FAILED;
		case PF_NO_MATCH:
			u->remote = true;
			return DONE;
		case PF_MATCH:
			break;
		}
	}
	u->saved = pf_tok822_cut(&u->chain, at);
	return AGAIN;
}

static bool has_route(const struct unwinding *u)
{
	struct pf_tok822 *tail = u->chain.tail;
	return pf_tok822_find_last(tail, '@') != NULL ||
		(u->r->rewrite->swap_bangpath && pf_tok822_find_last(tail, '!') != NULL) ||
		(u->r->rewrite->percent_hack && pf_tok822_find_last(tail, '%') != NULL);
}

/* Whether the quoted string is a route in quotes; then `*at` is its operator's offset. */
static bool quoted_route(const struct unwinding *u, size_t *at)
{
	const struct pf_tok822 *head = u->chain.head;
	const char *found;
	if (head == NULL || head != u->chain.tail || head->type != PF_TOK822_QUOTED ||
		!pf_bool(u->r->rewrite->settings, "resolve_dequoted_address")) {
		return false;
	}
	found = strrchr(head->text, '@');
	if (found == NULL && u->r->rewrite->percent_hack) {
		found = strrchr(head->text, '%');
	}
	if (found == NULL && u->r->rewrite->swap_bangpath) {
		found = strrchr(head->text, '!');
	}
	*at = found != NULL ? (size_t)(found - head->text) : 0;
	return found != NULL;
}

static void open_quotes(struct unwinding *u, size_t at)
{
	struct mp_arena *arena = u->r->arena;
	char *text = mp_arena_strdup(arena, u->chain.head->text);
	const char *external = text;
	if (text[at] == '%') {
		text[at] = '@';
	}
	if (text[at] == '@') {
		external = pf_address_quote(arena, text);
	}
	u->chain = pf_tok822_scan(arena, external, u->chain.head->trusted);
}

static bool is_empty_string(const struct pf_tok822_chain *chain)
{
	return chain->head != NULL && chain->head == chain->tail &&
		chain->head->type == PF_TOK822_QUOTED && chain->head->text[0] == '\0';
}

static enum progress unwind_once(struct unwinding *u)
{
	struct pf_resolving *r = u->r;
	size_t at = 0;
	strip_ends(u);
	enum progress progress = strip_local(u);
	if (progress != AGAIN) {
		return progress;
	}
	if (has_route(u)) {
		pf_rewrite_chain(r->rewrite, r->arena, &u->chain);
		return AGAIN;
	}
	if (quoted_route(u, &at)) {
		open_quotes(u, at);
		pf_rewrite_chain(r->rewrite, r->arena, &u->chain);
		return AGAIN;
	}
	if (u->chain.head == NULL || is_empty_string(&u->chain)) {
		u->chain = pf_tok822_scan(
			r->arena, pf_str(r->rewrite->settings, "empty_address_recipient"), true);
		return AGAIN;
	}
	if (u->saved.head == NULL) {
		pf_tok822_append(&u->chain, r->arena, '@', "");
		pf_tok822_join(&u->chain,
			pf_tok822_scan(r->arena, pf_str(r->rewrite->settings, "myhostname"), true));
		return AGAIN;
	}
	return DONE;
}

/* The domain must be a literal or a host name. */
static void check_domain(struct unwinding *u)
{
	struct pf_resolving *r = u->r;
	const struct pf_settings *s = r->rewrite->settings;
	const struct pf_tok822 *at = pf_tok822_find_last(u->chain.tail, '@');
	if (r->domain[0] == '[') {
		r->out.error = pf_literal_address(r->arena, r->domain) == NULL;
	} else if (pf_bool(s, "resolve_numeric_domain") &&
		pf_valid_hostaddr(mp_slice_str(r->domain))) {
		const char *literal = mp_arena_printf(r->arena, "[%s]", r->domain);
		size_t before = (size_t)(r->domain - r->recipient);
		char *all = mp_arena_printf(r->arena, "%.*s%s", (int)before, r->recipient, literal);
		r->recipient = all;
		r->domain = all + before;
		if (pf_local_domain(r->rewrite->local, r->world, r->arena, r->domain, &r->hit) !=
			PF_NO_MATCH) {
			u->remote = false;
		}
	} else if (at != NULL && is_open_domain(r->domain, at->next)) {
		return; /* the host's own name, whatever it is */
	} else {
		struct mp_slice name = mp_slice_str(r->domain);
		r->out.error = pf_bool(s, "smtputf8_enable") ? !pf_valid_utf8_hostname(name)
							     : !pf_valid_hostname(name);
	}
}

void pf_unwind(struct pf_resolving *r, const char *internal, bool trusted)
{
	struct unwinding u = {.r = r};
	enum progress progress = AGAIN;
	/* Each round takes an operator away or is one of a few that add words once. */
	size_t rounds = strlen(internal) + 100;
	u.chain = pf_tok822_scan(r->arena, pf_address_quote(r->arena, internal), trusted);
	while (progress == AGAIN && rounds-- > 0) {
		progress = unwind_once(&u);
	}
	r->recipient = r->domain = "";
	if (progress != DONE) {
		r->out.fail = true;
		return;
	}
	if (!u.remote) {
		pf_tok822_join(&u.chain, u.saved);
	}
	r->recipient = pf_tok822_internal(r->arena, u.chain.head);
	const char *at = strrchr(r->recipient, '@');
	if (at == NULL) {
		r->out.error = true;
		return;
	}
	r->domain = at + 1;
	check_domain(&u);
	r->local = !u.remote;
}
