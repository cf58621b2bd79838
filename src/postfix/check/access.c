/*
 * access - what a value of an access table does (access(5), reference 7.3).
 */
#include "base/ascii.h"
#include "base/limits.h"
#include "postfix/check/check_internal.h"

/* A value taken apart, and for whom it is carried out. */
struct action {
	struct pf_eval *e;
	const char *value;
	struct mp_slice word;
	const char *words; /* behind the first, without the blanks between */
	struct mp_loc entry;
	struct pf_context cx; /* the object's own name and class */
};

static bool word_is(const struct action *a, const char *word)
{
	return mp_slice_ieq_str(a->word, word);
}

/* Actions for a message need one: there is none before MAIL, at ETRN, and for a proxy (7.3). */
static bool has_message(const struct pf_eval *e)
{
	return pf_str(e->checks->settings, "smtpd_proxy_filter")[0] == '\0' &&
		e->where != PF_AT_ETRN && e->s->said.sender != NULL;
}

static enum pf_status refuse_with(struct action *a, long code, const char *fallback)
{
	struct pf_eval *e = a->e;
	const char *words;
	const char *dsn = pf_split_words(e, fallback, a->words, &words);

	return pf_reject(e, PF_FAULT_POLICY, code, pf_dsn_fit(e->arena, dsn, a->cx.class),
		"<%s>: %s rejected: %s", pf_context_name(e, &a->cx), a->cx.class,
		words[0] != '\0' ? words : "Access denied");
}

static enum pf_status defer_if(struct action *a, bool permit)
{
	struct pf_eval *e = a->e;
	long code = pf_int(e->checks->settings, "access_map_defer_code");
	const char *words;
	const char *dsn = pf_split_words(e, "4.7.1", a->words, &words);

	dsn = pf_dsn_fit(e->arena, dsn, a->cx.class);
	words = words[0] != '\0' ? words : "Service unavailable";
	if (permit) {
		return pf_defer_if_permit(e, false, code, dsn, "<%s>: %s rejected: %s",
			pf_context_name(e, &a->cx), a->cx.class, words);
	}
	pf_defer_if_reject(e, code, dsn, "<%s>: %s rejected: %s", pf_context_name(e, &a->cx),
		a->cx.class, words);
	return PF_S_DUNNO;
}

static bool is_number(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* "554 words": three digits from 400 to 599, and something behind them. */
static bool is_code(const struct action *a)
{
	struct mp_slice w = a->word;

	return w.n == 3 && a->words[0] != '\0' && (w.p[0] == '4' || w.p[0] == '5') &&
		mp_is_digit(w.p[1]) && mp_is_digit(w.p[2]);
}

/* Any other text is a list of restrictions, without tables. */
static enum pf_status run_restrictions(struct action *a)
{
	struct pf_eval *e = a->e;

	if (strchr(a->value, ':') != NULL) {
		return pf_reject_server_error(
			e, "a table's value cannot name another table: use a restriction class");
	}
	if (e->s->check.depth > MP_LIMIT_RESTRICTION_DEPTH) {
		return pf_reject_server_error(e, "the tables recurse without an end");
	}
	struct pf_tokens tokens = pf_tokens_parse_action(e, a->value, a->entry);
	return tokens.n == 0 ? PF_S_OK : pf_eval_list(e, &tokens, &a->cx);
}

/* Words that only note something for a message, or for the log. */
static bool is_neutral(const struct action *a)
{
	static const char *const words[] = {
		"DUNNO", "INFO", "WARN", "FILTER", "HOLD", "REDIRECT", "BCC", "PREPEND"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (word_is(a, words[i])) {
			return true;
		}
	}
	return false;
}

static enum pf_status run_action(struct action *a)
{
	struct pf_eval *e = a->e;
	const struct pf_settings *settings = e->checks->settings;

	if (is_neutral(a)) {
		return PF_S_DUNNO;
	}
	if (word_is(a, "REJECT")) {
		return refuse_with(a, pf_int(settings, "access_map_reject_code"), "5.7.1");
	}
	if (word_is(a, "DEFER")) {
		return refuse_with(a, pf_int(settings, "access_map_defer_code"), "4.7.1");
	}
	if (word_is(a, "HANGUP")) {
		return pf_hangup(e);
	}
	if (word_is(a, "DISCARD")) {
		if (!has_message(e)) {
			return PF_S_DUNNO;
		}
		e->s->discard = true;
		e->s->discarded_by = pf_eval_reasons(e);
		return PF_S_OK;
	}
	if (word_is(a, "DEFER_IF_PERMIT") || word_is(a, "DEFER_IF_REJECT")) {
		return defer_if(a, word_is(a, "DEFER_IF_PERMIT"));
	}
	/* A number alone permits: it was the time stamp of an authentication scheme. */
	if (is_number(a->value)) {
		return PF_S_OK;
	}
	if (is_code(a)) {
		long code = (a->word.p[0] - '0') * 100 + (a->word.p[1] - '0') * 10 +
			(a->word.p[2] - '0');
		return refuse_with(a, code, a->word.p[0] == '4' ? "4.7.1" : "5.7.1");
	}
	if (word_is(a, "OK") || word_is(a, "RELAY")) {
		return PF_S_OK;
	}
	return run_restrictions(a);
}

enum pf_status pf_access_action(struct pf_eval *e, const char *value, struct mp_loc entry,
	const struct pf_context *cx, const char *name, const char *class)
{
	size_t word = strcspn(value, " \t");
	struct action a = {.e = e,
		.value = value,
		.word = {value, word},
		.words = value + word,
		.entry = entry,
		.cx = {.name = name, .class = class, .shorthand = cx->shorthand}};

	while (mp_is_space(*a.words)) {
		a.words++;
	}
	return run_action(&a);
}

/* What an open question said instead of a value. */
static enum pf_status run_outside(struct pf_eval *e, const char *value)
{
	if (mp_str_eq(value, "permit")) {
		return PF_S_OK;
	}
	return mp_str_eq(value, "reject") ? pf_reject_any(e, "45") : PF_S_DUNNO;
}

enum pf_status pf_access_result(struct pf_eval *e, const struct mp_table_result *result,
	const struct pf_context *cx, const char *name, const char *class)
{
	switch (result->status) {
	case MP_TABLE_NONE:
		return PF_S_DUNNO;
	case MP_TABLE_ERROR:
		pf_eval_because(e, result->loc, "the lookup fails");
		return pf_access_action(
			e, "451 4.3.5 Server configuration error", result->loc, cx, name, class);
	case MP_TABLE_FOUND:
		break;
	}
	pf_eval_because(e, result->loc, result->value);
	if (result->outside) {
		return run_outside(e, result->value);
	}
	return pf_access_action(e, result->value, result->loc, cx, name, class);
}
