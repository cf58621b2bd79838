/*
 * rules - the lines of the tables that are lists of rules: cidr, regexp, pcre.
 *
 * Rules come from a file, or, from Postfix 3.7 on, from braces in the name:
 * "pcre:{{/^x/ REJECT}, {/^y/ OK}}".
 */
#ifndef MP_TABLE_RULES_H
#define MP_TABLE_RULES_H

#include "table/lines.h"
#include "table/private.h"

enum mp_rule_op { MP_RULE_MATCH, MP_RULE_IF, MP_RULE_ENDIF };

struct mp_rules_if {
	size_t rule; /* index */
	struct mp_loc loc;
};

struct mp_rules {
	struct mp_table *table;
	struct mp_slice line; /* the current rule, without white space at its end */
	bool from_file;
	struct mp_lines lines; /* of a file */
	struct mp_slice list; /* in braces: what is left */
	MP_VEC(struct mp_rules_if) open_ifs;
};

/* Begins to read the rules of a table. False: it was made a broken or an outside one. */
bool mp_rules_open(struct mp_rules *rules, struct mp_table *table, const char *name);
/* Goes to the next rule; kept is the number of rules so far. False at the end. */
bool mp_rules_next(struct mp_rules *rules, size_t kept);
/* Says which ifs were not ended, and frees what reading took. */
void mp_rules_close(struct mp_rules *rules);
/* The place of bytes from..to-1 of the current rule. */
struct mp_loc mp_rules_loc(const struct mp_rules *rules, size_t from, size_t to);
/* What a rule is; *at is moved behind the word "if" or "endif" (any case) and blanks. */
enum mp_rule_op mp_rules_op(struct mp_slice line, size_t *at);
/* A finding about bytes from..to-1 of the current rule, which Postfix skips. */
void mp_rules_skip(const struct mp_rules *rules, size_t from, size_t to, const char *why);
/* Nesting: an if whose rule has this index begins; the rule that an endif ends, or MP_NOT_FOUND and
 * a finding. */
void mp_rules_open_if(struct mp_rules *rules, size_t rule, struct mp_loc loc);
size_t mp_rules_close_if(struct mp_rules *rules);

#endif
