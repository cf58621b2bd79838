/*
 * tok822 - addresses as lists of RFC 822 tokens, the form in which Postfix rewrites and resolves.
 *
 * A list is doubly linked and lives in an arena; tokens are moved between lists, never copied.
 * Scanning accepts any text: what is unbalanced ends at the end of the text. White space between
 * tokens is not kept (it is put back where two words would otherwise run together).
 */
#ifndef PF_ADDRESS_TOK822_H
#define PF_ADDRESS_TOK822_H

#include "base/arena.h"
#include "base/buf.h"

enum pf_tok822_type {
	/* Below 256: an operator, its own character: one of ( ) < > @ , ; : . [ ] % ! | */
	PF_TOK822_ATOM = 256,
	PF_TOK822_QUOTED, /* text without quotes and backslashes */
	PF_TOK822_LITERAL, /* [...], text without brackets */
	PF_TOK822_COMMENT /* (...), text as it is written, parentheses included */
};

struct pf_tok822 {
	int type;
	const char *text; /* words only; "" for operators */
	bool trusted; /* stems from the configuration, so that {host.name} in it is a hole */
	struct pf_tok822 *prev, *next;
};

struct pf_tok822_chain {
	struct pf_tok822 *head, *tail; /* NULL, NULL: empty */
};

/* Splits a text in external (quoted) form into tokens. trusted marks all of them. */
struct pf_tok822_chain pf_tok822_scan(struct mp_arena *arena, const char *text, bool trusted);

/* The first token of a type at or after `from`, the last at or before `from`; NULL for none. */
struct pf_tok822 *pf_tok822_find(struct pf_tok822 *from, int type);
struct pf_tok822 *pf_tok822_find_last(struct pf_tok822 *from, int type);

/* Appends, prepends one token made anew. */
struct pf_tok822 *pf_tok822_append(
	struct pf_tok822_chain *list, struct mp_arena *arena, int type, const char *text);
/* Moves a whole list to the end of another. */
void pf_tok822_join(struct pf_tok822_chain *list, struct pf_tok822_chain more);
/* Cuts before `at`: the list keeps what stands left of it; `at` and the rest are returned. */
struct pf_tok822_chain pf_tok822_cut(struct pf_tok822_chain *list, struct pf_tok822 *at);
/* Takes one token out. */
void pf_tok822_unlink(struct pf_tok822_chain *list, struct pf_tok822 *token);

/* The text of the tokens from `first` to the end of its list: internal form (no quotes, no
 * backslashes) or external form (RFC 822 syntax). */
const char *pf_tok822_internal(struct mp_arena *arena, const struct pf_tok822 *first);
const char *pf_tok822_external(struct mp_arena *arena, const struct pf_tok822 *first);
/* The internal form of an address out of pf_tok822_parse(), where no blank is put between words:
 * they can only adjoin in an address with a > that has no <. */
const char *pf_tok822_parsed(struct mp_arena *arena, const struct pf_tok822 *first);

/* What an RFC 822 address list holds. */
struct pf_tok822_list {
	size_t addresses; /* how many addresses */
	size_t others; /* tokens that are neither in an address nor angle brackets */
	struct pf_tok822_chain address; /* the rightmost address */
};

/* Parses an address list: phrases, groups, <routes>, comments; a comma that is missing between two
 * addresses is supplied. Never fails: what is not understood counts in `others`. */
struct pf_tok822_list pf_tok822_parse(struct mp_arena *arena, const char *text);

#endif
