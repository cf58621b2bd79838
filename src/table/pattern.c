/*
 * pattern - tables of regular expressions (regexp_table(5), pcre_table(5)).
 *
 * The rules of both are the same: "/expression/flags value", "!/expression/flags value", and
 * "if /expression/flags" ... "endif". The first rule that matches gives the value, in which $1 or
 * ${1} stands for what the first group matched.
 */
#include "table/pattern.h"

#include "base/ascii.h"
#include "table/rules.h"
#include "table/sample.h"
#include "table/template.h"

/* One expression of a rule. */
struct pattern {
	void *compiled;
	const char *expression;
	bool negated;
	unsigned groups;
};

struct rule {
	enum mp_rule_op op;
	struct pattern first, second; /* second.compiled NULL: none */
	struct mp_template value;
	const char *pattern_text, *value_text; /* of MATCH: as written */
	struct mp_loc loc;
	size_t end; /* IF: index of its ENDIF, or past the table */
};

struct patterns {
	const struct mp_pattern_engine *engine;
	MP_VEC(struct rule) rules;
};

/* An expression as it stands in a rule. */
struct written {
	const char *expression;
	size_t from, to; /* its place in the line */
	bool negated;
	unsigned flags;
};

/* Reads the letters behind an expression. */
static bool read_flags(struct mp_rules *rules, const struct mp_pattern_engine *engine, size_t *at,
	struct written *w)
{
	struct mp_slice line = rules->line;

	w->flags = engine->default_flags;
	for (; *at < line.n && !mp_is_space(line.p[*at]); ++*at) {
		if (engine->has_second && line.p[*at] == '!') {
			break;
		}
		switch (engine->flag(line.p[*at], &w->flags)) {
		case MP_FLAG_SET:
			break;
		case MP_FLAG_OBSOLETE:
			mp_table_problem(rules->table, MP_NOTE, "table/obsolete-flag",
				mp_rules_loc(rules, *at, *at + 1),
				"this flag has no effect any more");
			break;
		case MP_FLAG_UNKNOWN:
			mp_rules_skip(rules, *at, *at + 1, "there is no such flag");
			return false;
		}
	}
	return true;
}

/* Reads "[!]/expression/flags" at *at and moves behind it. */
static bool read_written(struct mp_rules *rules, const struct mp_pattern_engine *engine, size_t *at,
	struct written *w)
{
	struct mp_slice line = rules->line;

	*w = (struct written){0};
	while (*at < line.n && (line.p[*at] == '!' || mp_is_space(line.p[*at]))) {
		w->negated ^= line.p[*at] == '!';
		++*at;
	}
	if (*at == line.n) {
		mp_rules_skip(rules, 0, line.n, "there is no expression");
		return false;
	}
	char delimiter = line.p[(*at)++];
	w->from = *at;
	while (*at < line.n && line.p[*at] != delimiter) {
		*at += line.p[*at] == '\\' && *at + 1 < line.n ? 2 : 1;
	}
	if (*at >= line.n) {
		mp_rules_skip(rules, w->from - 1, line.n, "the expression is not closed");
		return false;
	}
	w->to = (*at)++;
	w->expression =
		mp_arena_slicedup(rules->table->tables->arena, mp_slice_sub(line, w->from, w->to));
	return read_flags(rules, engine, at, w);
}

static bool compile(struct mp_rules *rules, const struct mp_pattern_engine *engine,
	const struct written *w, struct pattern *out)
{
	char why[MP_PATTERN_WHY] = "";

	out->negated = w->negated;
	out->expression = w->expression;
	out->compiled = engine->compile(w->expression, w->flags, &out->groups, why);
	if (out->compiled == NULL) {
		mp_table_problem(rules->table, MP_WARNING, "table/bad-rule",
			mp_rules_loc(rules, w->from, w->to), "%s: Postfix skips the rule", why);
	}
	return out->compiled != NULL;
}

/* What is behind an if or endif means nothing. */
static void check_rest(struct mp_rules *rules, size_t at)
{
	struct mp_slice rest = mp_slice_trim(mp_slice_from(rules->line, at));

	if (rest.n > 0) {
		mp_table_problem(rules->table, MP_WARNING, "table/extra-text",
			mp_rules_loc(rules, at, rules->line.n),
			"Postfix ignores this text (a rule inside of if and endif must not be "
			"indented)");
	}
}

static bool read_if(struct mp_rules *rules, const struct mp_pattern_engine *engine, size_t at,
	struct rule *rule)
{
	struct written w;

	if (!read_written(rules, engine, &at, &w)) {
		return false;
	}
	check_rest(rules, at);
	return compile(rules, engine, &w, &rule->first);
}

/* The value, its groups checked against the expression. */
static bool read_value(
	struct mp_rules *rules, size_t at, const struct written *w, struct rule *rule)
{
	struct mp_slice line = rules->line;
	const char *why = NULL;

	struct mp_arena *arena = rules->table->tables->arena;
	rule->pattern_text = mp_arena_slicedup(arena, mp_slice_sub(line, 0, at));
	while (at < line.n && mp_is_space(line.p[at])) {
		at++;
	}
	rule->value_text = mp_arena_slicedup(arena, mp_slice_from(line, at));
	if (at == line.n) {
		mp_table_problem(rules->table, MP_WARNING, "table/empty-value",
			mp_rules_loc(rules, 0, line.n),
			"the rule has no value; an empty one is an error when it matches");
	}
	if (!mp_template_parse(arena, mp_slice_from(line, at), &rule->value, &why)) {
		mp_rules_skip(rules, at, line.n, why);
		return false;
	}
	if (rule->value.groups > 0 && w->negated) {
		mp_rules_skip(rules, at, line.n,
			"what a group matched is used, but a negated expression matches nothing");
		return false;
	}
	return true;
}

static bool read_match(
	struct mp_rules *rules, const struct mp_pattern_engine *engine, struct rule *rule)
{
	struct written first;
	struct written second;
	size_t at = 0;

	if (!read_written(rules, engine, &at, &first)) {
		return false;
	}
	bool has_second = engine->has_second && at < rules->line.n && rules->line.p[at] == '!';
	if (has_second && !read_written(rules, engine, &at, &second)) {
		return false;
	}
	if (!read_value(rules, at, &first, rule) || !compile(rules, engine, &first, &rule->first)) {
		return false;
	}
	if (rule->value.groups > rule->first.groups) {
		mp_rules_skip(rules, at, rules->line.n,
			"the value uses a group that the expression lacks");
		return false;
	}
	return !has_second || compile(rules, engine, &second, &rule->second);
}

static bool read_rule(
	struct mp_rules *rules, const struct mp_pattern_engine *engine, struct rule *rule)
{
	struct mp_slice line = rules->line;
	size_t at;

	rule->loc = mp_rules_loc(rules, 0, line.n);
	if (!mp_is_alnum(line.p[0])) {
		return read_match(rules, engine, rule);
	}
	rule->op = mp_rules_op(line, &at);
	switch (rule->op) {
	case MP_RULE_IF:
		return read_if(rules, engine, at, rule);
	case MP_RULE_ENDIF:
		return true;
	case MP_RULE_MATCH:
		break;
	}
	mp_rules_skip(rules, 0, line.n, "this is no rule");
	return false;
}

static void free_rule(const struct mp_pattern_engine *engine, struct rule *rule)
{
	if (rule->first.compiled != NULL) {
		engine->free(rule->first.compiled);
	}
	if (rule->second.compiled != NULL) {
		engine->free(rule->second.compiled);
	}
}

static void release_patterns(struct mp_table *table)
{
	struct patterns *patterns = table->data;

	for (size_t i = 0; i < patterns->rules.n; i++) {
		free_rule(patterns->engine, &patterns->rules.v[i]);
	}
	mp_vec_release(&patterns->rules);
}

/* Matches one expression, negation applied; groups may be NULL. */
static enum mp_match match(const struct mp_pattern_engine *engine, const struct pattern *pattern,
	const char *text, struct mp_group *groups, unsigned count)
{
	enum mp_match m = engine->match(pattern->compiled, text, groups, count);

	if (m == MP_MATCH_FAILED || !pattern->negated) {
		return m;
	}
	return m == MP_MATCH_YES ? MP_MATCH_NO : MP_MATCH_YES;
}

/* Whether a rule applies, and with which groups. */
static enum mp_match apply(const struct mp_pattern_engine *engine, const struct rule *rule,
	const char *text, struct mp_group *groups)
{
	unsigned count = rule->value.groups > 0 ? rule->value.groups + 1 : 0;
	enum mp_match m = match(engine, &rule->first, text, groups, count);

	if (m == MP_MATCH_YES && rule->second.compiled != NULL) {
		m = match(engine, &rule->second, text, NULL, 0);
	}
	return m;
}

/* The rule that the text finds, or that took too long (FAILED); NULL when there is none. */
static const struct rule *find_rule(const struct patterns *patterns, const char *text,
	struct mp_group groups[MP_TEMPLATE_GROUPS + 1], enum mp_match *how)
{
	for (size_t i = 0; i < patterns->rules.n; i++) {
		const struct rule *rule = &patterns->rules.v[i];
		if (rule->op == MP_RULE_ENDIF) {
			continue;
		}
		*how = apply(patterns->engine, rule, text, groups);
		if (*how == MP_MATCH_FAILED) {
			return rule;
		}
		if (rule->op == MP_RULE_IF) {
			i = *how == MP_MATCH_YES ? i : rule->end;
		} else if (*how == MP_MATCH_YES) {
			return rule;
		}
	}
	return NULL;
}

static struct mp_table_result lookup_patterns(
	struct mp_table *table, const struct mp_lookup *lookup)
{
	struct mp_group groups[MP_TEMPLATE_GROUPS + 1];
	enum mp_match how = MP_MATCH_NO;
	const struct rule *rule = find_rule(table->data, lookup->key, groups, &how);

	if (rule == NULL) {
		return mp_table_none();
	}
	if (how == MP_MATCH_FAILED) {
		mp_table_problem(table, MP_WARNING, "table/match-limit", rule->loc,
			"matching this expression takes too long");
		return mp_table_error();
	}
	return (struct mp_table_result){.status = MP_TABLE_FOUND,
		.value = mp_template_expand(lookup->arena, &rule->value, lookup->key, groups),
		.loc = rule->loc};
}

static bool entries_patterns(struct mp_table *table, const struct mp_visit *visit)
{
	const struct patterns *patterns = table->data;

	for (size_t i = 0; i < patterns->rules.n && !*visit->ended; i++) {
		const struct rule *rule = &patterns->rules.v[i];
		if (rule->op == MP_RULE_MATCH) {
			mp_table_visit(visit,
				&(struct mp_table_entry){.kind = MP_ENTRY_PATTERN,
					.text = rule->pattern_text,
					.value = rule->value_text,
					.loc = rule->loc,
					.table = table,
					.rule = i});
		}
	}
	return true;
}

bool mp_table_finds(const struct mp_table_entry *entry, const char *text)
{
	const struct patterns *patterns = entry->table->data;
	struct mp_group groups[MP_TEMPLATE_GROUPS + 1];
	const struct rule *rule = &patterns->rules.v[entry->rule];
	enum mp_match how = apply(patterns->engine, rule, text, groups);

	/* Most texts fail here, before any other rule was looked at. */
	return how == MP_MATCH_YES && find_rule(patterns, text, groups, &how) == rule &&
		how == MP_MATCH_YES;
}

/* A text that the expression matches; of a negated one, which nearly anything else does, "". */
static const char *sample(const struct pattern *pattern, unsigned try, struct mp_arena *arena)
{
	return pattern->negated ? "" : mp_sample_expression(pattern->expression, try, arena);
}

/* The innermost if that the rule stands in; NULL for none. */
static const struct rule *enclosing_if(const struct patterns *patterns, size_t rule)
{
	for (size_t i = rule; i-- > 0;) {
		if (patterns->rules.v[i].op == MP_RULE_IF && patterns->rules.v[i].end > rule) {
			return &patterns->rules.v[i];
		}
	}
	return NULL;
}

/* One text behind the other; where the first ends as the second begins, that stands once. */
static const char *join(struct mp_arena *arena, const char *first, const char *second)
{
	size_t n = strlen(first), most = strlen(second) < n ? strlen(second) : n;

	while (most > 0 && memcmp(first + n - most, second, most) != 0) {
		most--;
	}
	return mp_arena_printf(arena, "%s%s", first, second + most);
}

/* Inside of an if, a text for both is made of a text for each. */
const char *mp_table_sample(
	const struct mp_table_entry *entry, unsigned try, struct mp_arena *arena)
{
	const struct patterns *patterns = entry->table->data;
	const struct rule *around = enclosing_if(patterns, entry->rule);
	const struct pattern *pattern = &patterns->rules.v[entry->rule].first;

	if (around == NULL) {
		return sample(pattern, try, arena);
	}
	const char *inner = sample(pattern, try / 4, arena);
	const char *outer = sample(&around->first, try / 4, arena);
	if (inner == NULL || outer == NULL) {
		return NULL;
	}
	switch (try % 4) {
	case 0:
		return inner;
	case 1:
		return join(arena, inner, outer);
	case 2:
		return join(arena, outer, inner);
	default:
		return outer;
	}
}

static const struct mp_table_ops pattern_ops = {
	lookup_patterns, NULL, release_patterns, entries_patterns};

void mp_open_patterns(
	struct mp_table *table, const char *name, const struct mp_pattern_engine *engine)
{
	struct mp_rules rules;

	if (!mp_rules_open(&rules, table, name)) {
		return;
	}
	struct patterns *patterns = MP_ARENA_NEW(table->tables->arena, struct patterns);
	patterns->engine = engine;
	table->data = patterns;
	table->ops = &pattern_ops;
	while (mp_rules_next(&rules, patterns->rules.n)) {
		struct rule rule = {0};
		if (!read_rule(&rules, engine, &rule)) {
			free_rule(engine, &rule);
			continue;
		}
		if (rule.op == MP_RULE_ENDIF) {
			size_t opened = mp_rules_close_if(&rules);
			if (opened == MP_NOT_FOUND) {
				continue;
			}
			check_rest(&rules, 5);
			patterns->rules.v[opened].end = patterns->rules.n;
		} else if (rule.op == MP_RULE_IF) {
			mp_rules_open_if(&rules, patterns->rules.n, rule.loc);
			rule.end = MP_NOT_FOUND - 1;
		}
		mp_vec_push(&patterns->rules, rule);
	}
	mp_rules_close(&rules);
}
