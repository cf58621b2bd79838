/*
 * distinct_internal - what the files that find distinctions share; nobody else includes it.
 *
 * distinct.c goes through the rules; classes (distinct_class.c), tables (distinct_table.c) and
 * expressions (distinct_expression.c) that they name are turned into values, which distinct_list.c
 * keeps.
 */
#ifndef SM_DISTINCT_DISTINCT_INTERNAL_H
#define SM_DISTINCT_DISTINCT_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "sendmail/distinct/distinct.h"

/* What a class was listed for already: whole names, ends of names. */
struct sm_distinct_class {
	bool whole, ends;
};

/* The list of distinctions while it is made. */
struct sm_distinct_list {
	const struct sm_cf *cf;
	struct mp_arena *arena;
	struct mp_distinction *v;
	size_t n, cap;
	struct mp_map seen; /* "aspect pattern example", and the tables that were listed */
	struct sm_distinct_class *classes; /* by number */
	bool helo; /* rules look at what the client calls itself */
};

/* ---- distinct_list.c --------------------------------------------------------------------------
 */

/* The network that a word is: an address, the beginning of one ("198.51.100", "IPv6:2001:db8"),
 * either in brackets. False for any other word. */
bool sm_distinct_network(const char *word, struct mp_cidr *net, struct mp_arena *arena);
/* Whether a word may be the name of a host or a domain, or the end of one. */
bool sm_distinct_is_name(const char *word);
/* Whether a word may be the part of an address before the "@", as people write it. */
bool sm_distinct_is_user(const char *word);

/* Each pattern is listed once for each aspect and example, up to MP_LIMIT_DISTINCTIONS. Texts are
 * kept; like may be NULL. */
void sm_distinct_add(struct sm_distinct_list *l, struct mp_distinction d);
/* A pattern, and what falls under it. */
void sm_distinct_add_text(struct sm_distinct_list *l, enum mp_aspect aspect, const char *pattern,
	const char *example, const char *like, struct mp_reason because);
/* A client's address, name, or HELO name where rules look at it: "198.51.100", ".example.net". */
void sm_distinct_add_client(
	struct sm_distinct_list *l, const char *key, const char *like, struct mp_reason because);
/* A sender or a recipient: "user@example.org", "user@", "@example.org", "example.org". */
void sm_distinct_add_mail(struct sm_distinct_list *l, enum mp_aspect aspect, const char *key,
	const char *like, struct mp_reason because);
/* An address of a domain; of a key "user@" one of that user. In the list's arena. */
const char *sm_distinct_mailbox(struct sm_distinct_list *l, const char *key);

/* ---- distinct_class.c, distinct_table.c, distinct_expression.c ---------------------------------
 */

/* The class at place i of a rule's left side. */
void sm_distinct_add_class(struct sm_distinct_list *l, const struct sm_rule *r, size_t i);
/* The keys of a table, and what it tells apart as an expression; a name that no table has is
 * nothing.
 */
void sm_distinct_add_map(struct sm_distinct_list *l, const char *name);
/* What the entries of a tag of the access map are looked up by: c client, s sender, r recipient, i
 * and t the issuer and the subject ("to whom") of a certificate. rest is the key without its tag.
 */
const char *sm_distinct_roles(const char *key, const char **rest);
/* What a map that has an expression (sm_map_expression) tells apart; where no example can be made,
 * one without. */
void sm_distinct_add_expression(struct sm_distinct_list *l, const struct sm_map *map);

/* ---- distinct_aspects.c -----------------------------------------------------------------------
 */

/* The aspects whose macros the rules of one ruleset look at. */
unsigned sm_distinct_aspects(const struct sm_cf *cf, const struct sm_ruleset *ruleset);

#endif
