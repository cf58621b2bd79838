/*
 * distinct - what a configuration tells clients, senders and recipients apart by.
 *
 * The rules are not understood: all that they could compare with is listed. A word that looks like
 * an address, or like the beginning of one ("198.51.100", "IPv6:2001:db8"), is a network.
 */
#include "sendmail/distinct/distinct.h"

#include "base/limits.h"
#include "sendmail/distinct/distinct_internal.h"

/* Where the words that stand side by side in a rule end. */
static size_t words_end(const struct sm_rule *r, size_t from)
{
	size_t i = from;

	while (i < r->lhs_n && r->lhs[i].symbol == 0 && strpbrk(r->lhs[i].text, "<>@|$") == NULL) {
		i++;
	}
	return i;
}

/* The words as one text, without the dots and colons at the end: one marks a domain that was made
 * whole, or goes before what may follow ("10.$*"). */
static const char *words(
	struct sm_distinct_list *l, const struct sm_rule *r, size_t from, size_t to)
{
	const char *text = sm_tokens_join(r->lhs, from, to, 0, &l->cf->chars, l->arena);
	size_t n = strlen(text);

	while (n > 0 && strchr(".:", text[n - 1]) != NULL) {
		n--;
	}
	return mp_arena_memdup(l->arena, text, n);
}

/* A domain, a host, or an address: of one word alone nothing can be told. */
static void add_host(struct sm_distinct_list *l, const struct sm_rule *r, size_t from, size_t to)
{
	const char *text = words(l, r, from, to);
	struct mp_reason because = {r->loc, text};
	struct mp_cidr net;

	if (to < from + 2 || strstr(text, "..") != NULL ||
		(strpbrk(text, ".:") == NULL && !sm_distinct_network(text, &net, l->arena))) {
		return;
	}
	sm_distinct_add_client(l, text, NULL, because);
	sm_distinct_add_mail(l, MP_ASPECT_SENDER, text, NULL, because);
	sm_distinct_add_mail(l, MP_ASPECT_RECIPIENT, text, NULL, because);
}

/* "user@example.org", "user@$*", "user < @ example.org. >": the words from `from` are the user. */
static void add_mailbox(struct sm_distinct_list *l, const struct sm_rule *r, size_t from, size_t to)
{
	size_t at = to + (to < r->lhs_n && mp_str_eq(r->lhs[to].text, "<"));
	const char *user = words(l, r, from, to), *domain, *key;

	if (at >= r->lhs_n || !mp_str_eq(r->lhs[at].text, "@") || !sm_distinct_is_user(user)) {
		return;
	}
	domain = words(l, r, at + 1, words_end(r, at + 1));
	if (domain[0] != '\0' && (!sm_distinct_is_name(domain) || strstr(domain, "..") != NULL)) {
		return;
	}
	key = mp_arena_printf(l->arena, "%s@%s", user, domain);

	struct mp_reason because = {r->loc, key};

	sm_distinct_add_mail(l, MP_ASPECT_SENDER, key, NULL, because);
	sm_distinct_add_mail(l, MP_ASPECT_RECIPIENT, key, NULL, because);
}

/* One word, which a client may call itself by. */
static void add_word(struct sm_distinct_list *l, const struct sm_rule *r, size_t at)
{
	const char *text = words(l, r, at, at + 1);

	if (sm_distinct_is_name(text)) {
		sm_distinct_add_text(
			l, MP_ASPECT_HELO, text, text, NULL, (struct mp_reason){r->loc, text});
	}
}

/* What is written out on the left side of a rule; helo: its ruleset looks at the HELO name. */
static void add_literals(struct sm_distinct_list *l, const struct sm_rule *r, bool helo)
{
	for (size_t i = 0; i < r->lhs_n; i++) {
		size_t from = i;

		i = words_end(r, i);
		if (i > from) {
			add_host(l, r, from, i);
			add_mailbox(l, r, from, i);
		}
		if (i == from + 1 && helo) {
			add_word(l, r, from);
		}
	}
}

static void add_rule(struct sm_distinct_list *l, const struct sm_rule *r, bool helo)
{
	for (size_t i = 0; i < r->lhs_n; i++) {
		if (r->lhs[i].symbol == SM_SYM_CLASS || r->lhs[i].symbol == SM_SYM_NOT_CLASS) {
			sm_distinct_add_class(l, r, i);
		}
	}
	for (size_t i = 0; i + 1 < r->rhs_n; i++) {
		if (r->rhs[i].symbol == SM_SYM_MAP_BEGIN && r->rhs[i + 1].symbol == 0) {
			sm_distinct_add_map(l, r->rhs[i + 1].text);
		}
	}
	add_literals(l, r, helo);
}

size_t sm_distinctions(
	const struct sm_cf *cf, struct mp_arena *arena, const struct mp_distinction **out)
{
	struct sm_distinct_list l = {.cf = cf,
		.arena = arena,
		.classes = mp_arena_array(arena, cf->classes.n + 1, sizeof *l.classes),
		.helo = (sm_aspects_in_rules(cf) & MP_ASPECT_HELO) != 0};

	for (size_t i = 0; i < cf->rulesets.n; i++) {
		const struct sm_ruleset *r = cf->rulesets.v[i];
		bool helo = l.helo && (sm_distinct_aspects(cf, r) & MP_ASPECT_HELO) != 0;

		for (size_t k = 0; k < r->rules.n; k++) {
			add_rule(&l, &r->rules.v[k], helo);
		}
	}
	mp_map_release(&l.seen);
	*out = l.v;
	return l.n;
}
