/*
 * token - words and operators: what rules match and make.
 *
 * The tokenizer is sendmail's prescan (reference 4.5): operator characters stand alone, blanks
 * separate, quoted strings and escapes stay as they are, comments may be dropped.
 */
#ifndef SM_CF_TOKEN_H
#define SM_CF_TOKEN_H

#include "base/arena.h"
#include "diag/source.h"
#include "sendmail/cf/symbol.h"

#include <stdbool.h>

/* Limits of sendmail's own: MAXATOM, MAXNAME, and the room for all tokens of one text, in which
 * each takes one byte more than it has; the sides of a rule have more of it. */
enum {
	SM_TOKENS_MAX = 1000,
	SM_TOKEN_LENGTH = 256,
	SM_TOKENS_ROOM = 1251,
	SM_TOKENS_RULE_ROOM = 3043
};

struct sm_token {
	const char *text; /* of a word or operator; "" for a symbol */
	uint16_t symbol; /* enum sm_symbol, 0 for text */
	uint16_t arg; /* of $=x $~x $&x the name, of $1 the digit 1..9 */
	/* What put it here: a rule, an entry of a table; NULL: it was said by the client. */
	const struct mp_loc *from;
};

struct sm_tokens {
	struct sm_token *v;
	size_t n, cap;
};

/* The words and symbols among the tokens: a bit for each, without case, which others may share. */
uint64_t sm_tokens_words(const struct sm_token *v, size_t n);

/* Which characters are what; made once for a configuration (OperatorChars). */
struct sm_chars {
	unsigned char type[256]; /* comments in parentheses are dropped */
	unsigned char rule[256]; /* parentheses are operators */
};

/* operators: the value of OperatorChars; NULL for the built-in ".:@[]". */
void sm_chars_init(struct sm_chars *chars, const char *operators);

enum sm_scan_flags {
	SM_SCAN_RULES = 1 << 0, /* parentheses are operators, not comments */
	SM_SCAN_COMMA = 1 << 1, /* a comma outside of <> and comments ends the address */
	SM_SCAN_LOOSE = 1 << 2 /* quotes and brackets need no partner (the sides of a rule) */
};

/* What is wrong with a text. */
enum sm_scan {
	SM_SCAN_OK,
	SM_SCAN_QUOTE, /* Unbalanced '"' */
	SM_SCAN_PAREN, /* Unbalanced '(' */
	SM_SCAN_UNPAREN, /* Unbalanced ')' */
	SM_SCAN_ANGLE, /* Unbalanced '<' */
	SM_SCAN_UNANGLE, /* Unbalanced '>' */
	SM_SCAN_MANY, /* more than SM_TOKENS_MAX tokens */
	SM_SCAN_LONG, /* a token longer than SM_TOKEN_LENGTH */
	SM_SCAN_ADDRESS /* more text than SM_TOKENS_ROOM */
};

/* Appends the tokens of a text to `out` (in the arena). Returns the first thing that is wrong; up
 * to SM_SCAN_UNANGLE it was mended as sendmail does and the tokens are there, after the others
 * `out` is as it was. *end, where not NULL, is where the address ended (SM_SCAN_COMMA). */
enum sm_scan sm_tokens_scan(struct sm_tokens *out, struct sm_text text,
	const struct sm_chars *chars, unsigned flags, size_t *end, struct mp_arena *arena);
/* The same for plain bytes. */
enum sm_scan sm_tokens_scan_bytes(struct sm_tokens *out, struct mp_slice bytes,
	const struct sm_chars *chars, unsigned flags, size_t *end, struct mp_arena *arena);
/* How sendmail words it, without the code: "Unbalanced '<'". */
const char *sm_scan_text(enum sm_scan scan);
/* The enhanced status code that goes with it (5.0.0 where sendmail gives none). */
const char *sm_scan_enhanced(enum sm_scan scan);

/* Appends one token. False when there are SM_TOKENS_MAX. */
bool sm_tokens_add(struct sm_tokens *tokens, struct sm_token token, struct mp_arena *arena);
static inline struct sm_token sm_token_text(const char *text)
{
	return (struct sm_token){.text = text};
}
static inline struct sm_token sm_token_symbol(enum sm_symbol symbol)
{
	return (struct sm_token){.text = "", .symbol = (uint16_t)symbol};
}

/* Where a symbol stands first, from `from` on; a number not below n where it does not. */
size_t sm_tokens_find(const struct sm_tokens *tokens, size_t from, enum sm_symbol symbol);

/* The tokens v[from..to-1] as one text, in the arena; between two words stands `blank`, or nothing
 * when it is 0 (reference 4.5: join). Symbols are left out but for the separator "$|". */
char *sm_tokens_join(const struct sm_token *v, size_t from, size_t to, char blank,
	const struct sm_chars *chars, struct mp_arena *arena);
/* Joins tokens one after the other, as sm_tokens_join() does. */
struct sm_joiner {
	const struct sm_chars *chars;
	char blank;
	bool word; /* the last token was one */
	size_t n;
	char text[1024];
};

static inline struct sm_joiner sm_joiner(const struct sm_chars *chars, char blank)
{
	return (struct sm_joiner){.chars = chars, .blank = blank, .text = ""};
}
/* False when the text would be longer than there is room for; it is as it was, then. */
bool sm_joiner_add(struct sm_joiner *j, const struct sm_token *token);

/* The same as a text that keeps the symbols. */
struct sm_text sm_tokens_text(const struct sm_token *v, size_t from, size_t to, char blank,
	const struct sm_chars *chars, struct mp_arena *arena);
/* The token as it is written, for people: "$=w", "$&{client_addr}", "@". */
const char *sm_token_show(
	const struct sm_token *token, const struct sm_names *names, struct mp_arena *arena);

#endif
