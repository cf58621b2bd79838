/*
 * check_names - what depends on the client alone: networks of the command loop, the names that
 * could matter, and the context for header rewriting.
 */
#include "base/ascii.h"
#include "base/map.h"
#include "postfix/check/check_keyword.h"

enum pf_match pf_check_client_list(struct pf_session *s, const char *parameter)
{
	const struct pf_checks *checks = s->smtpd->checks;

	for (size_t i = 0; i < PF_NETWORK_LISTS; i++) {
		if (mp_str_eq(checks->networks[i].parameter, parameter)) {
			return pf_client_in_list(s, checks->networks[i].list, NULL);
		}
	}
	MP_BUG("not a client list of smtpd");
}

/* ---- names ---- */

/* Names are collected once each; a table gives one name for each of its values, since names that
 * lead to the same value cannot be told apart by it. */
struct collector {
	struct pf_names *out;
	struct mp_map names, values;
	struct mp_arena *arena;
};

static void add_name(struct collector *c, const char *name)
{
	bool address = name[strspn(name, "0123456789.")] == '\0' || strchr(name, ':') != NULL;

	if (!address && mp_map_put(&c->names, mp_slice_str(name), c) == NULL) {
		mp_vec_push(&c->out->v, name);
	}
}

static void add_table(struct collector *c, const struct pf_token *token)
{
	struct mp_strings keys;

	if (token->table == NULL || token->table_unknown || !mp_table_keys(token->table, &keys)) {
		return;
	}
	mp_map_release(&c->values);
	for (size_t i = 0; i < keys.n; i++) {
		struct mp_table_result result =
			mp_table_lookup(token->table, NULL, keys.v[i], MP_ROLE_ACTION, c->arena);
		const char *value = result.status == MP_TABLE_FOUND ? result.value : "";
		if (mp_map_put(&c->values, mp_slice_str(value), c) == NULL) {
			add_name(c, keys.v[i]);
		}
	}
}

static bool looks_at_client(const struct pf_token *token)
{
	return token->keyword != NULL && token->keyword->arg == PF_ARG_TABLE &&
		(token->keyword->object == PF_OF_CLIENT ||
			token->keyword->object == PF_OF_REVERSE_CLIENT);
}

static void add_tokens(struct collector *c, const struct pf_tokens *tokens, bool bare)
{
	for (size_t i = 0; i < tokens->n; i++) {
		if (bare || (i > 0 && looks_at_client(&tokens->v[i - 1]))) {
			add_table(c, &tokens->v[i]);
		}
	}
}

void pf_checks_client_names(struct pf_checks *checks, struct pf_names *out)
{
	const struct pf_tokens *lists[] = {&checks->helo, &checks->sender, &checks->relay,
		&checks->recipient, &checks->etrn, &checks->data, &checks->eod};
	struct collector c = {.out = out, .arena = checks->arena};
	struct pf_names of_lists = {{0}};

	for (size_t i = 0; i < PF_NETWORK_LISTS; i++) {
		pf_list_names(checks->networks[i].list, &of_lists);
	}
	for (size_t i = 0; i < of_lists.v.n; i++) {
		add_name(&c, of_lists.v.v[i]);
	}
	mp_vec_release(&of_lists.v);
	add_tokens(&c, &checks->client, true);
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		add_tokens(&c, lists[i], false);
	}
	for (size_t i = 0; i < checks->class_count; i++) {
		add_tokens(&c, &checks->classes[i].tokens, true);
	}
	mp_map_release(&c.names);
	mp_map_release(&c.values);
}

/* ---- local_header_rewrite_clients ---- */

static enum pf_status check_address_map(struct pf_eval *e, const struct pf_token *table)
{
	struct mp_table_result result = {.status = MP_TABLE_ERROR};

	if (table->table != NULL && !table->table_unknown) {
		result = mp_table_lookup(
			table->table, e->world, pf_client_address(e->s), MP_ROLE_EXISTS, e->arena);
	}
	switch (result.status) {
	case MP_TABLE_NONE:
		return PF_S_DUNNO;
	case MP_TABLE_FOUND:
		return PF_S_OK;
	case MP_TABLE_ERROR:
		return PF_S_REFUSE;
	}
	return PF_S_DUNNO;
}

static bool is_client_permit(const struct pf_keyword *keyword)
{
	return keyword != NULL &&
		(keyword->run == pf_run_mynetworks || keyword->run == pf_run_inet_interfaces ||
			keyword->run == pf_run_sasl_authenticated ||
			keyword->run == pf_run_clientcerts);
}

/* Whether the token could fail: only then does anything of the list show. */
static bool can_fail(const struct pf_token *token)
{
	return strchr(token->s, ':') != NULL ||
		(token->keyword != NULL && token->keyword->run != pf_run_inet_interfaces &&
			token->keyword->run != pf_run_sasl_authenticated);
}

static size_t last_that_can_fail(const struct pf_tokens *tokens)
{
	size_t n = tokens->n;

	while (n > 0 && !can_fail(&tokens->v[n - 1])) {
		n--;
	}
	return n;
}

struct pf_verdict pf_check_rewrite(struct pf_session *s)
{
	const struct pf_tokens *tokens = &s->smtpd->checks->rewrite_clients;
	struct pf_eval e = {.checks = s->smtpd->checks,
		.s = s,
		.world = s->world,
		.arena = s->arena,
		.where = PF_AT_MAIL};
	const struct pf_context cx = {.class = PF_NAME_CLIENT};
	struct pf_verdict verdict = {.kind = PF_ACCEPT, .reply = "", .any = "", .note = ""};
	enum pf_status status = PF_S_DUNNO;
	size_t n = last_that_can_fail(tokens), i;

	for (i = 0; i < n && status == PF_S_DUNNO; i++) {
		const struct pf_token *token = &tokens->v[i];
		if (strchr(token->s, ':') != NULL) {
			status = check_address_map(&e, token);
		} else if (is_client_permit(token->keyword)) {
			status = token->keyword->run(&e, token->keyword, NULL, &cx);
		}
	}
	if (status != PF_S_REFUSE) {
		return verdict;
	}
	struct mp_reason *reason = MP_ARENA_NEW(s->arena, struct mp_reason);
	*reason = (struct mp_reason){tokens->v[i - 1].loc, tokens->v[i - 1].s};
	verdict.kind = PF_REFUSE;
	verdict.reply = "451 4.3.0 Temporary lookup error";
	verdict.because = (struct mp_reasons){reason, 1};
	return verdict;
}
