/*
 * check_findings - what is wrong with restriction lists, said before a client runs into it.
 *
 * smtpd starts with such lists; it only logs a warning when it gets there, and the client gets a
 * 451, or the rest of the list is silently without effect.
 */
#include "postfix/check/check_internal.h"

static void say(struct pf_checks *checks, enum mp_severity severity, const char *rule,
	const struct pf_token *token, const char *fix, const char *message)
{
	mp_finding_add(checks->engine->findings, severity, rule, token->loc, fix, "%s: %s",
		token->s, message);
}

static bool needs_table(const struct pf_token *token)
{
	return token->keyword->arg == PF_ARG_TABLE || token->keyword->arg == PF_ARG_POLICY;
}

/* How many tokens the keyword takes besides itself; complains where they are missing. */
static size_t check_argument(struct pf_checks *checks, const struct pf_tokens *list, size_t i)
{
	const struct pf_token *token = &list->v[i];
	const struct pf_token *arg = i + 1 < list->n ? &list->v[i + 1] : NULL;

	if (token->keyword->arg == PF_ARG_NONE) {
		return 0;
	}
	if (arg == NULL && token->keyword->arg == PF_ARG_DOMAIN) {
		say(checks, MP_WARNING, "restriction/no-argument", token,
			"Name the DNS list behind it.",
			"no domain stands behind it, so it has no effect");
	} else if (needs_table(token) && (arg == NULL || strchr(arg->s, ':') == NULL)) {
		say(checks, MP_ERROR, "restriction/no-argument", token,
			token->keyword->arg == PF_ARG_TABLE ? "Write type:table behind it."
							    : "Write transport:server behind it.",
			"its argument is missing; whoever gets here is answered 451 4.3.5 Server "
			"configuration error");
	}
	return 1;
}

/* A list ends at these, whatever comes. */
static bool is_final(const struct pf_token *token)
{
	return mp_str_ieq(token->s, "permit") || mp_str_ieq(token->s, "reject") ||
		mp_str_ieq(token->s, "defer");
}

static void check_word(struct pf_checks *checks, const struct pf_token *token)
{
	bool known = token->keyword != NULL && checks->version >= token->keyword->since;

	if (!known && pf_class_find(checks, token->s) == NULL) {
		say(checks, MP_ERROR, "restriction/unknown", token,
			"Correct the name, or define it in smtpd_restriction_classes.",
			"no restriction of Postfix and no class has this name; whoever gets here "
			"is "
			"answered 451 4.3.5 Server configuration error");
	} else if (known && token->keyword->removed != 0 &&
		checks->version >= token->keyword->removed) {
		say(checks, MP_WARNING, "restriction/removed", token, "Take it out.",
			"Postfix 3.9 and later no longer have it; whoever gets here is answered "
			"451 4.3.5 Server configuration error there");
	}
}

static void check_list(struct pf_checks *checks, const struct pf_tokens *list, bool takes_tables)
{
	bool warns = false;

	for (size_t i = 0; i < list->n; i++) {
		const struct pf_token *token = &list->v[i];
		if (mp_str_ieq(token->s, "warn_if_reject")) {
			warns = true;
			continue;
		}
		if (strchr(token->s, ':') != NULL) {
			if (!takes_tables) {
				say(checks, MP_ERROR, "restriction/bare-table", token,
					"Put check_sender_access or its like before it.",
					"a table alone says nothing in this list; whoever gets "
					"here "
					"is answered 451 4.3.5 Server configuration error");
			}
			continue;
		}
		check_word(checks, token);
		if (is_final(token) && !warns && i + 1 < list->n) {
			say(checks, MP_WARNING, "restriction/unreachable", &list->v[i + 1],
				"Move it before, or take it out.",
				mp_arena_printf(checks->arena,
					"never looked at, because %s before it ends the list",
					token->s));
			return;
		}
		if (token->keyword != NULL) {
			i += check_argument(checks, list, i);
		}
		warns = false;
	}
}

/* "554": the code of a refusal. */
static bool is_refusal_code(struct mp_slice word)
{
	return word.n == 3 && (word.p[0] == '4' || word.p[0] == '5') &&
		strspn(word.p, "0123456789") >= 3;
}

/* Numbers of another form are left alone: programs that let clients in for a while write times. */
static bool check_entry(void *context, const struct mp_table_entry *entry)
{
	struct pf_checks *checks = context;

	if (is_refusal_code(mp_slice_str(entry->value))) {
		mp_finding_add(checks->engine->findings, MP_WARNING, "access/digits-only",
			entry->loc, "Write a text behind the code, or REJECT.",
			"a reply code without a text permits: Postfix takes a value of nothing but "
			"digits for OK");
	}
	return true;
}

static void check_tables(struct pf_checks *checks, const struct pf_tokens *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->v[i].table != NULL) {
			(void)mp_table_entries(list->v[i].table, check_entry, checks);
		}
	}
}

/* What an administrator writes behind a key that is to be shut out. */
static bool says_no(const char *value)
{
	static const char *const words[] = {"REJECT", "DEFER", "DISCARD", "DUNNO", "NO"};
	struct mp_slice first = mp_slice(value, strcspn(value, " \t"));

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (mp_slice_ieq_str(first, words[i])) {
			return true;
		}
	}
	return is_refusal_code(first);
}

static bool check_member(void *context, const struct mp_table_entry *entry)
{
	struct pf_checks *checks = context;

	if (says_no(entry->value)) {
		mp_finding_add(checks->engine->findings, MP_WARNING, "list/value-ignored",
			entry->loc, "Remove the entry, or put the key behind a \"!\" in the list.",
			"the key is in the list, whatever stands behind it: a list of networks or "
			"domains does not look at values");
	}
	return true;
}

static void check_members(struct pf_checks *checks, const struct pf_list *list)
{
	struct pf_list_item item;

	for (size_t i = 0; pf_list_item(list, i, &item); i++) {
		if (item.kind == PF_ITEM_TABLE && item.table != NULL && !item.negated) {
			(void)mp_table_entries(item.table, check_member, checks);
		}
	}
}

void pf_checks_find_problems(struct pf_checks *checks)
{
	check_list(checks, &checks->client, true);
	check_list(checks, &checks->helo, true);
	check_list(checks, &checks->sender, true);
	check_list(checks, &checks->relay, true);
	check_list(checks, &checks->recipient, true);
	check_list(checks, &checks->etrn, true);
	check_list(checks, &checks->data, false);
	check_list(checks, &checks->eod, false);
	for (size_t i = 0; i < checks->class_count; i++) {
		check_list(checks, &checks->classes[i].tokens, true);
		check_tables(checks, &checks->classes[i].tokens);
	}
	const struct pf_tokens *const tables[] = {&checks->client, &checks->helo, &checks->sender,
		&checks->relay, &checks->recipient, &checks->etrn, &checks->data, &checks->eod};
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		check_tables(checks, tables[i]);
	}
	check_members(checks, checks->mynetworks);
	check_members(checks, checks->relay_domains);
}
