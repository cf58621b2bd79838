/*
 * distinct_list - the list of distinctions while it is made: what a word could tell apart.
 */
#ifndef SM_SMTP_DISTINCT_LIST_H
#define SM_SMTP_DISTINCT_LIST_H

#include "base/vec.h"
#include "sendmail/cf/cf.h"
#include "server/server.h"

/* An entry of the access map about certificates. */
struct sm_certificate_entry {
	const char *name; /* as in the key: "/C=US/CN=name" */
	const char *value;
	struct mp_reason because;
};

struct sm_distinct_list {
	const struct sm_cf *cf;
	struct mp_arena *arena;
	struct mp_distinction *v;
	size_t n, cap;
	struct mp_map seen; /* "aspect pattern example", and the tables that were listed */
	bool helo; /* rules look at what the client calls itself */
	bool helo_here; /* so do those of the ruleset that is being listed */
	MP_VEC(struct sm_certificate_entry) issuers, subjects;
	/* of the table that is being listed */
	const char *map;
	bool access; /* its keys have tags */
};

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

/* ---- distinct_expression.c --------------------------------------------------------------------
 */

/* What a map that has an expression (sm_map_expression) tells apart; where no example can be made,
 * one without. */
void sm_distinct_add_expression(struct sm_distinct_list *l, const struct sm_map *map);

#endif
