/*
 * distinct_walk - which tables the restriction lists look at, and for what.
 *
 * The lists are gone through as check_eval.c does it: a class in the context of the list that names
 * it, and the value of an access table, where it is a list of restrictions, in that of the table's.
 */
#include "base/ascii.h"
#include "base/limits.h"
#include "postfix/check/check_keyword.h"
#include "postfix/distinct/distinct_internal.h"

/* A list that was gone through in a context, so that classes may name each other. */
struct visited {
	const void *what;
	const char *shorthand;
};

struct walk {
	struct pf_distinct *d;
	const char *shorthand; /* of the list */
	MP_VEC(struct visited) visited;
	struct mp_map values; /* of tables, gone through in the context */
	unsigned depth;
};

static void walk_list(struct walk *w, const struct pf_tokens *tokens);

static bool is_visited(struct walk *w, const void *what)
{
	for (size_t i = 0; i < w->visited.n; i++) {
		if (w->visited.v[i].what == what && w->visited.v[i].shorthand == w->shorthand) {
			return true;
		}
	}
	mp_vec_push(&w->visited, ((struct visited){what, w->shorthand}));
	return false;
}

static void note_keyword(struct pf_distinct *d, const struct pf_keyword *keyword, struct mp_loc loc)
{
	for (size_t i = 0; i < d->keywords.n; i++) {
		if (d->keywords.v[i].keyword == keyword) {
			return;
		}
	}
	mp_vec_push(&d->keywords, ((struct pf_used){keyword, loc}));
}

/* The aspect that a keyword looks up in its table; 0 for none. */
static unsigned looked_up(const struct pf_keyword *keyword)
{
	if (keyword->run == pf_run_client_access) {
		return MP_ASPECT_ADDRESS;
	}
	if (keyword->run == pf_run_sasl_access) {
		return MP_ASPECT_LOGIN;
	}
	if (keyword->run == pf_run_ccert_access) {
		return MP_ASPECT_CERTIFICATE;
	}
	switch (keyword->object) {
	case PF_OF_HELO:
		return MP_ASPECT_HELO;
	case PF_OF_SENDER:
		return MP_ASPECT_SENDER;
	case PF_OF_RECIPIENT:
		return MP_ASPECT_RECIPIENT;
	default:
		return 0;
	}
}

static bool count_rule(void *context, const struct mp_table_entry *entry)
{
	size_t *rules = context;

	*rules += entry->kind == MP_ENTRY_PATTERN ? 1 : 0;
	return true;
}

static void note_look(struct pf_distinct *d, struct pf_look look)
{
	for (size_t i = 0; i < d->looks.n; i++) {
		const struct pf_look *other = &d->looks.v[i];
		if (other->aspect == look.aspect && other->server == look.server &&
			other->token->table == look.token->table) {
			return;
		}
	}
	mp_table_entries(look.token->table, count_rule, &look.rules);
	mp_vec_push(&d->looks, look);
}

/* Values that are no list: most are, so that no list need be made of them. */
static bool is_plain_action(const char *value)
{
	static const char *const words[] = {"OK", "RELAY", "REJECT", "DUNNO", "DEFER", "DISCARD",
		"HOLD", "FILTER", "REDIRECT", "PREPEND", "BCC", "INFO", "WARN", "HANGUP",
		"DEFER_IF_PERMIT", "DEFER_IF_REJECT"};
	struct mp_slice word = {value, strcspn(value, " \t")};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (mp_slice_ieq_str(word, words[i])) {
			return true;
		}
	}
	return word.n == 0 || mp_is_digit(word.p[0]);
}

static bool walk_value(void *context, const struct mp_table_entry *entry)
{
	struct walk *w = context;

	if (is_plain_action(entry->value) || strchr(entry->value, ':') != NULL ||
		mp_map_put(&w->values, mp_slice_str(entry->value), w) != NULL) {
		return true;
	}
	struct pf_eval eval = w->d->eval;
	eval.arena = w->d->arena;
	struct pf_tokens tokens = pf_tokens_parse_action(&eval, entry->value, entry->loc);
	walk_list(w, &tokens);
	return true;
}

/* An access table: what it looks at, and what its values are. */
static void walk_table(
	struct walk *w, const struct pf_keyword *keyword, const struct pf_token *table)
{
	unsigned aspect = looked_up(keyword);

	if (table->table == NULL || (table->table_unknown && aspect != MP_ASPECT_CERTIFICATE)) {
		return;
	}
	/* Name servers are looked for by the domain, and a literal is none. */
	bool server = keyword->run == pf_run_server_access;
	if (aspect != 0 && !(server && keyword->variant == PF_SERVER_NS)) {
		note_look(w->d,
			(struct pf_look){
				.aspect = aspect, .token = table, .server = server, .rules = 0});
	}
	if (!is_visited(w, table->table)) {
		mp_table_entries(table->table, walk_value, w);
	}
}

/* The token at *i and its argument, as run_token() of check_eval.c takes them. */
static void walk_token(struct walk *w, const struct pf_tokens *tokens, size_t *i)
{
	const struct pf_token *token = &tokens->v[*i], *arg = NULL;
	const struct pf_keyword *keyword = token->keyword;

	if (strchr(token->s, ':') != NULL) {
		keyword = w->shorthand != NULL ? pf_keyword_find(mp_slice_str(w->shorthand)) : NULL;
		arg = token;
	} else if (keyword != NULL && keyword->arg != PF_ARG_NONE && *i + 1 < tokens->n) {
		arg = &tokens->v[++*i];
	}
	if (keyword == NULL) {
		const struct pf_tokens *class = pf_class_find(w->d->checks, token->s);
		if (class != NULL && !is_visited(w, class)) {
			walk_list(w, class);
		}
		return;
	}
	note_keyword(w->d, keyword, token->loc);
	if (keyword->arg == PF_ARG_TABLE && arg != NULL) {
		walk_table(w, keyword, arg);
	}
}

static void walk_list(struct walk *w, const struct pf_tokens *tokens)
{
	if (w->depth > MP_LIMIT_RESTRICTION_DEPTH) {
		return;
	}
	w->depth++;
	for (size_t i = 0; i < tokens->n; i++) {
		walk_token(w, tokens, &i);
	}
	w->depth--;
}

void pf_distinct_walk(struct pf_distinct *d)
{
	const struct pf_checks *c = d->checks;
	const struct {
		const struct pf_tokens *list;
		const char *shorthand;
	} lists[] = {{&c->client, "check_client_access"}, {&c->helo, "check_helo_access"},
		{&c->sender, "check_sender_access"}, {&c->relay, "check_recipient_access"},
		{&c->recipient, "check_recipient_access"}, {&c->etrn, "check_etrn_access"},
		{&c->data, NULL}, {&c->eod, NULL}};
	struct walk w = {.d = d};

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		w.shorthand = lists[i].shorthand;
		mp_map_release(&w.values);
		walk_list(&w, lists[i].list);
	}
	mp_map_release(&w.values);
	mp_vec_release(&w.visited);
}

bool pf_distinct_uses(const struct pf_distinct *d, pf_keyword_fn *run)
{
	for (size_t i = 0; i < d->keywords.n; i++) {
		if (d->keywords.v[i].keyword->run == run) {
			return true;
		}
	}
	return false;
}
