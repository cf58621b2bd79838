/* read_rule - S and R lines: rulesets and their rules. */
#include "base/ascii.h"
#include "sendmail/cf/read.h"

#include <stdlib.h>

/* sendmail's MAXRWSETS / 2, and MAXMATCH. */
enum { NUMBERED = 100, WILDCARDS = 9 };

static struct mp_slice word_of(struct mp_slice s)
{
	size_t n = 0;

	while (n < s.n && (mp_is_alnum(s.p[n]) || s.p[n] == '_')) {
		n++;
	}
	return mp_slice(s.p, n);
}

static int number_of(struct mp_slice s)
{
	int n = 0;

	for (size_t i = 0; i < s.n && mp_is_digit(s.p[i]) && n < NUMBERED; i++) {
		n = n * 10 + (s.p[i] - '0');
	}
	return n;
}

static const char *digits(struct sm_cf *cf, int number)
{
	return mp_arena_printf(cf->arena, "%d", number);
}

static struct sm_ruleset *ruleset_new(struct sm_cf *cf, const char *name, struct mp_loc loc)
{
	struct sm_ruleset *r = MP_ARENA_NEW(cf->arena, struct sm_ruleset);

	r->name = name;
	r->number = -1;
	r->loc = loc;
	mp_vec_push(&cf->rulesets, r);
	return r;
}

/* Enters a ruleset under a name; one that is there keeps its place. */
static void enter(struct sm_cf *cf, const char *name, struct sm_ruleset *r)
{
	mp_map_put(&cf->by_name, mp_slice_str(name), r);
}

static bool bad_number(struct sm_cf *cf, struct mp_slice number, struct mp_loc loc)
{
	if (number_of(number) < NUMBERED) {
		return false;
	}
	sm_cf_refuse(cf, loc, "cf/ruleset-name", "give the ruleset a name instead",
		"bad ruleset %.*s (%d max)", MP_SLICE_ARG(mp_slice_sub(number, 0, 20)), NUMBERED);
	return true;
}

/* "Sname=3": the name of the ruleset of that number. */
static struct sm_ruleset *numbered(
	struct sm_cf *cf, const char *name, struct sm_ruleset *known, int number, struct mp_loc loc)
{
	struct sm_ruleset *r = mp_map_get_str(&cf->by_name, digits(cf, number));

	if (known != NULL && known->number >= 0 && known->number != number) {
		sm_cf_refuse(cf, loc, "cf/ruleset-name", "use another name",
			"%s=%d: ruleset changed value (old %d, new %d)", name, number,
			known->number, number);
		return known;
	}
	if (r == NULL) {
		r = known != NULL ? known : ruleset_new(cf, name, loc);
	}
	r->name = name;
	r->number = number;
	enter(cf, name, r);
	enter(cf, digits(cf, number), r);
	return r;
}

static struct sm_ruleset *ruleset_of(struct sm_cf *cf, struct mp_slice s, struct mp_loc loc)
{
	struct mp_slice word = word_of(s);
	const char *name = mp_arena_slicedup(cf->arena, word);
	struct mp_slice after = mp_slice_trim(mp_slice_from(s, word.n));
	bool is_number = word.n > 0 && mp_is_digit(word.p[0]);
	struct sm_ruleset *r;

	if (word.n == 0 || (!mp_is_alpha(word.p[0]) && !is_number)) {
		sm_cf_refuse(cf, loc, "cf/ruleset-name", "begin the name with a letter",
			"invalid ruleset name: \"%.*s\"", MP_SLICE_ARG(mp_slice_sub(s, 0, 20)));
		return NULL;
	}
	if (is_number) {
		if (bad_number(cf, word, loc)) {
			return NULL;
		}
		name = digits(cf, number_of(word));
	}
	r = mp_map_get_str(&cf->by_name, name);
	if (!is_number && mp_slice_starts(after, "=")) {
		after = mp_slice_trim(mp_slice_from(after, 1));
		if (after.n == 0 || !mp_is_digit(after.p[0])) {
			sm_cf_refuse(cf, loc, "cf/ruleset-name", "write a number after =",
				"bad ruleset definition \"%s\" (number required after `=')", name);
			return NULL;
		}
		return bad_number(cf, after, loc) ? NULL
						  : numbered(cf, name, r, number_of(after), loc);
	}
	if (r == NULL) {
		r = ruleset_new(cf, name, loc);
		r->number = is_number ? number_of(word) : -1;
		enter(cf, name, r);
	}
	return r;
}

void sm_read_ruleset(struct sm_cf *cf, const struct sm_line *line, struct sm_ruleset **current)
{
	struct sm_text text = {line->text.p + 1, line->text.n - 1};
	struct sm_text full = sm_cf_expand(cf, text, line->loc);

	sm_cf_chars(cf);
	*current = ruleset_of(cf,
		mp_slice_trim(mp_slice_str(sm_text_bytes(full, cf->names, cf->arena))), line->loc);
}

static size_t find_tab(struct sm_text t, size_t from)
{
	while (from < t.n && t.p[from] != '\t') {
		from++;
	}
	return from;
}

/* The end of a physical line is a blank within a rule. */
static struct sm_text one_line(struct sm_cf *cf, struct sm_text text)
{
	sm_unit *units = mp_arena_array(cf->arena, text.n + 1, sizeof *units);

	for (size_t i = 0; i < text.n; i++) {
		units[i] = text.p[i] == '\n' ? ' ' : text.p[i];
	}
	return (struct sm_text){units, text.n};
}

/* One side of a rule as tokens. */
static struct sm_tokens side(struct sm_cf *cf, struct sm_text t, size_t from, size_t to,
	struct mp_loc loc, const char *which)
{
	struct sm_text text = {t.p + from, to - from};
	struct sm_tokens tokens = {0};
	struct sm_text full = one_line(cf, sm_cf_expand(cf, text, loc));
	/* A tab that came out of a macro ends the side, too. */
	size_t end = find_tab(full, 0);

	full.n = end;
	sm_tokens_scan(&tokens, full, &cf->chars, SM_SCAN_RULES | SM_SCAN_LOOSE, NULL, cf->arena);
	if (tokens.n == 0) {
		sm_cf_refuse(cf, loc, "cf/rule", "write both sides of the rule, and not too long",
			"R line: null %s", which);
	}
	return tokens;
}

static void inappropriate(struct sm_cf *cf, uint16_t symbol, const char *side, struct mp_loc loc)
{
	sm_cf_refuse(cf, loc, "cf/rule", "see the Operations Guide, 5.1",
		"Inappropriate use of %s on %s", sm_symbol_text(symbol), side);
}

/* Returns the number of wildcards of a left side. */
static size_t check_left(struct sm_cf *cf, const struct sm_tokens *t, struct mp_loc loc)
{
	size_t wildcards = 0;

	for (size_t i = 0; i < t->n; i++) {
		switch (t->v[i].symbol) {
		case SM_SYM_ZANY:
		case SM_SYM_ANY:
		case SM_SYM_ONE:
		case SM_SYM_CLASS:
		case SM_SYM_NOT_CLASS:
			wildcards++;
			break;
		case SM_SYM_REPLACE:
			sm_cf_refuse(cf, loc, "cf/rule", "see the Operations Guide, 5.1",
				"Inappropriate use of %s on LHS", "$1-$9");
			break;
		case SM_SYM_USER:
		case SM_SYM_CALL:
		case SM_SYM_FI:
		case SM_SYM_HOST_BEGIN:
		case SM_SYM_HOST_END:
		case SM_SYM_MAP_BEGIN:
		case SM_SYM_MAP_END:
			inappropriate(cf, t->v[i].symbol, "LHS", loc);
			break;
		default:
			break;
		}
	}
	return wildcards;
}

/* Whether a symbol closes the lookup that another began. */
static bool closes(uint16_t opened, uint16_t symbol)
{
	return (opened == SM_SYM_HOST_BEGIN && symbol == SM_SYM_HOST_END) ||
		(opened == SM_SYM_MAP_BEGIN && symbol == SM_SYM_MAP_END);
}

static void check_right(
	struct sm_cf *cf, const struct sm_tokens *t, size_t wildcards, struct mp_loc loc)
{
	uint16_t opened = 0;

	for (size_t i = 0; i < t->n; i++) {
		const struct sm_token *token = &t->v[i];

		switch (token->symbol) {
		case SM_SYM_REPLACE:
			if (token->arg <= '0' || (size_t)(token->arg - '0') > wildcards) {
				sm_cf_refuse(cf, loc, "cf/rule",
					"count the wildcards of the left side",
					"replacement $%c out of bounds", token->arg);
			}
			break;
		case SM_SYM_ZANY:
		case SM_SYM_ANY:
		case SM_SYM_ONE:
		case SM_SYM_CLASS:
		case SM_SYM_NOT_CLASS:
			inappropriate(cf, token->symbol, "RHS", loc);
			break;
		case SM_SYM_HOST_BEGIN:
		case SM_SYM_MAP_BEGIN:
			if (opened != 0) {
				sm_cf_refuse(cf, loc, "cf/rule", "use two rules",
					"cannot nest map lookups");
			}
			opened = token->symbol;
			break;
		case SM_SYM_HOST_END:
		case SM_SYM_MAP_END:
			if (closes(opened, token->symbol)) {
				opened = 0;
			}
			break;
		default:
			break;
		}
	}
	if (opened != 0) {
		sm_cf_refuse(cf, loc, "cf/rule", "close the lookup with $) or $]",
			"missing map closing token");
	}
}

/* What stands for itself on the left side. */
static uint64_t words_of_left(const struct sm_tokens *lhs)
{
	uint64_t words = 0;

	for (size_t i = 0; i < lhs->n; i++) {
		switch (lhs->v[i].symbol) {
		case SM_SYM_ZANY:
		case SM_SYM_ANY:
		case SM_SYM_ONE:
		case SM_SYM_CLASS:
		case SM_SYM_NOT_CLASS:
		case SM_SYM_HOST:
		case SM_SYM_LATE:
			break;
		default:
			words |= sm_tokens_words(&lhs->v[i], 1);
		}
	}
	return words;
}

void sm_read_rule(struct sm_cf *cf, const struct sm_line *line, struct sm_ruleset *current)
{
	struct sm_text t = line->text;
	size_t tab = find_tab(t, 1), right = tab;
	struct mp_slice shown = mp_slice_trim(mp_loc_text(line->loc));

	if (current == NULL) {
		sm_cf_refuse(cf, line->loc, "cf/rule-without-ruleset",
			"put it behind an S line (in a .mc: behind LOCAL_RULESETS)",
			"missing valid ruleset for \"%.*s\"",
			MP_SLICE_ARG(mp_slice_sub(shown, 0, 80)));
		return;
	}
	if (tab == t.n) {
		sm_cf_refuse(cf, line->loc, "cf/rule-without-tab",
			"separate the two sides of the rule by a tab, not by blanks",
			"invalid rewrite line \"%.*s\" (tab expected)",
			MP_SLICE_ARG(mp_slice_sub(shown, 0, 80)));
		return;
	}
	sm_cf_chars(cf);
	while (right < t.n && t.p[right] == '\t') {
		right++;
	}

	struct sm_tokens lhs = side(cf, t, 1, tab, line->loc, "LHS");
	struct sm_tokens rhs = side(cf, t, right, find_tab(t, right), line->loc, "RHS");
	size_t wildcards = check_left(cf, &lhs, line->loc);

	if (wildcards > WILDCARDS) {
		sm_cf_refuse(cf, line->loc, "cf/rule", "use at most nine wildcards",
			"R line: too many wildcards");
		lhs.n = 0;
	}
	check_right(cf, &rhs, wildcards, line->loc);

	struct sm_rule rule = {
		.lhs = lhs.v,
		.lhs_n = lhs.n,
		.words = words_of_left(&lhs),
		.rhs = rhs.v,
		.rhs_n = rhs.n,
		.number = (unsigned)current->rules.n + 1,
		.loc = line->loc,
	};
	struct mp_loc *from = MP_ARENA_NEW(cf->arena, struct mp_loc);

	*from = line->loc;
	for (size_t i = 0; i < rhs.n; i++) {
		rhs.v[i].from = from;
	}
	mp_vec_push(&current->rules, rule);
}
