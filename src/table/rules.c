/* rules - the lines of the tables that are lists of rules. */
#include "table/rules.h"

#include "base/ascii.h"
#include "table/braces.h"

/* Rules in braces are all checked before the first is used. */
static const char *check_braces(struct mp_slice name, struct mp_slice *list)
{
	const char *why = NULL;
	struct mp_slice item;

	if (!mp_braces_strip(name, list, &why)) {
		return why;
	}
	struct mp_slice rest = *list;
	while (mp_braces_next(&rest, &item)) {
		if (!mp_braces_strip(item, &item, &why)) {
			return why;
		}
	}
	return NULL;
}

bool mp_rules_open(struct mp_rules *rules, struct mp_table *table, const char *name)
{
	unsigned version = table->tables->options.version;

	*rules = (struct mp_rules){.table = table};
	if (name[0] == '{' && (version == 0 || version >= 30700)) {
		const char *why = check_braces(mp_slice_str(name), &rules->list);
		if (why != NULL) {
			mp_table_break(table, "table/bad-syntax", table->named_at,
				"%s: %s, so every lookup in it fails", table->name, why);
		}
		return why == NULL;
	}
	const struct mp_source *source = mp_table_read(table, mp_table_path(table, name), false);
	if (source == NULL) {
		return false;
	}
	rules->from_file = true;
	mp_lines_init(&rules->lines, source);
	return true;
}

static bool next_line(struct mp_rules *rules)
{
	while (mp_lines_next(&rules->lines)) {
		if (!rules->lines.indented) {
			struct mp_slice text = rules->lines.text;
			struct mp_slice trimmed = mp_slice_trim(text);
			rules->line =
				mp_slice_sub(text, 0, (size_t)(trimmed.p + trimmed.n - text.p));
			return true;
		}
		mp_table_problem(rules->table, MP_WARNING, "table/indented-line",
			mp_lines_loc(&rules->lines, 0, rules->lines.text.n),
			"the rule begins with white space, but there is no line that it could "
			"continue: Postfix skips it");
	}
	return false;
}

bool mp_rules_next(struct mp_rules *rules, size_t kept)
{
	struct mp_slice item;
	const char *why;

	if (kept >= MP_LIMIT_TABLE_RULES) {
		mp_table_problem(rules->table, MP_ERROR, "table/too-large",
			mp_rules_loc(rules, 0, 0),
			"%s has more than %d rules: the rest is not read", rules->table->name,
			MP_LIMIT_TABLE_RULES);
		return false;
	}
	if (rules->from_file) {
		return next_line(rules);
	}
	do {
		if (!mp_braces_next(&rules->list, &item)) {
			return false;
		}
	} while (!mp_braces_strip(item, &rules->line, &why) || rules->line.n == 0);
	return true;
}

void mp_rules_close(struct mp_rules *rules)
{
	for (size_t i = 0; i < rules->open_ifs.n; i++) {
		mp_table_problem(rules->table, MP_WARNING, "table/bad-rule",
			rules->open_ifs.v[i].loc, "this if has no endif");
	}
	mp_vec_release(&rules->open_ifs);
	if (rules->from_file) {
		mp_lines_release(&rules->lines);
	}
}

struct mp_loc mp_rules_loc(const struct mp_rules *rules, size_t from, size_t to)
{
	return rules->from_file ? mp_lines_loc(&rules->lines, from, to) : rules->table->named_at;
}

void mp_rules_skip(const struct mp_rules *rules, size_t from, size_t to, const char *why)
{
	mp_table_problem(rules->table, MP_WARNING, "table/bad-rule", mp_rules_loc(rules, from, to),
		"%s: Postfix skips the rule", why);
}

/* Whether the line begins with the word, and the word ends there. */
static bool is_word(struct mp_slice line, const char *word)
{
	size_t n = strlen(word);

	return mp_slice_istarts(line, word) && (line.n == n || !mp_is_alnum(line.p[n]));
}

enum mp_rule_op mp_rules_op(struct mp_slice line, size_t *at)
{
	enum mp_rule_op op = MP_RULE_MATCH;

	*at = 0;
	if (is_word(line, "if")) {
		op = MP_RULE_IF;
		*at = 2;
	} else if (is_word(line, "endif")) {
		op = MP_RULE_ENDIF;
		*at = 5;
	}
	while (*at < line.n && mp_is_space(line.p[*at])) {
		++*at;
	}
	return op;
}

void mp_rules_open_if(struct mp_rules *rules, size_t rule, struct mp_loc loc)
{
	struct mp_rules_if opened = {rule, loc};

	mp_vec_push(&rules->open_ifs, opened);
}

size_t mp_rules_close_if(struct mp_rules *rules)
{
	if (rules->open_ifs.n == 0) {
		mp_rules_skip(rules, 0, rules->line.n, "there is no if before this endif");
		return MP_NOT_FOUND;
	}
	return rules->open_ifs.v[--rules->open_ifs.n].rule;
}
