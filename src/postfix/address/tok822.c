/*
 * tok822 - scan a text into RFC 822 tokens, and move tokens between lists.
 *
 * The lexical rules are those of RFC 822 3.3 with three more operators, % ! |, which mail routing
 * gives a meaning. A backslash takes the next byte into the word, whatever it is.
 */
#include "postfix/address/tok822.h"

#include "base/ascii.h"

/* RFC 822 specials and the routing operators. */
static const char operators[] = "|%!()<>@,;:\\\".[]";

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_operator(char c)
{
	return c != '\0' && strchr(operators, c) != NULL;
}

static void push(struct pf_tok822_chain *list, struct pf_tok822 *token)
{
	token->prev = list->tail;
	token->next = NULL;
	if (list->tail != NULL) {
		list->tail->next = token;
	} else {
		list->head = token;
	}
	list->tail = token;
}

static struct pf_tok822 *new_token(struct mp_arena *arena, int type, const char *text)
{
	struct pf_tok822 *token = MP_ARENA_NEW(arena, struct pf_tok822);
	token->type = type;
	token->text = text;
	return token;
}

/* Takes the next byte of a word; false at the byte that ends it or at the end of the text. `end` is
 * the closing delimiter, or NUL for an atom. White space inside is a blank. */
static bool take_byte(const char **pos, char end, char *out)
{
	const char *s = *pos;
	if (*s == '\\') {
		s++;
	} else if (end != '\0' ? *s == end : is_blank(*s) || is_operator(*s)) {
		return false;
	}
	*out = is_blank(*s) ? ' ' : *s;
	*pos = *s != '\0' ? s + 1 : s;
	return *s != '\0';
}

/* Collects a word; its end is not taken. */
static const char *scan_word(struct mp_arena *arena, const char **pos, char end)
{
	/* What ends an atom, or stands for something else: operators, blanks, the backslash. */
	static const char odd[] = "|%!()<>@,;:\\\".[] \t\r\n";
	const char *s = *pos;
	size_t n = end == '\0' ? strcspn(s, odd) : 0;
	char c;

	if (n > 0 && s[n] != '\\') {
		*pos = s + n; /* as nearly always: a word without anything odd in it */
		return mp_arena_memdup(arena, s, n);
	}
	n = 0;
	while (take_byte(&s, end, &c)) {
		n++;
	}
	char *word = mp_arena_alloc(arena, n + 1);
	for (size_t i = 0; i < n; i++) {
		(void)take_byte(pos, end, &word[i]);
	}
	*pos = s;
	return word;
}

/* A comment is kept as it is written: from behind its ( to behind its ), or the end. */
static const char *scan_comment(struct mp_arena *arena, const char **pos)
{
	const char *start = *pos - 1, *s = *pos;
	for (size_t level = 1; *s != '\0' && level > 0; s++) {
		if (*s == '(') {
			level++;
		} else if (*s == ')') {
			level--;
		} else if (*s == '\\' && s[1] != '\0') {
			s++;
		}
	}
	*pos = s;
	return mp_arena_memdup(arena, start, (size_t)(s - start));
}

/* A word that only a backslash made possible cannot be written as an atom. */
static int atom_type(const char *word)
{
	for (const char *s = word; *s != '\0'; s++) {
		if (mp_is_ascii(*s) && (!mp_is_print(*s) || *s == ' ' || is_operator(*s))) {
			return PF_TOK822_QUOTED;
		}
	}
	return PF_TOK822_ATOM;
}

static struct pf_tok822 *scan_token(struct mp_arena *arena, const char **pos)
{
	const char *s = *pos;
	struct pf_tok822 *token = new_token(arena, (unsigned char)*s, "");
	if (*s == '(') {
		*pos = s + 1;
		token->type = PF_TOK822_COMMENT;
		token->text = scan_comment(arena, pos);
	} else if (*s == '"' || *s == '[') {
		*pos = s + 1;
		token->type = *s == '"' ? PF_TOK822_QUOTED : PF_TOK822_LITERAL;
		token->text = scan_word(arena, pos, *s == '"' ? '"' : ']');
		*pos += **pos != '\0';
	} else if (*s != '\\' && is_operator(*s)) {
		*pos = s + 1;
	} else {
		token->text = scan_word(arena, pos, '\0');
		token->type = atom_type(token->text);
	}
	return token;
}

struct pf_tok822_chain pf_tok822_scan(struct mp_arena *arena, const char *text, bool trusted)
{
	struct pf_tok822_chain list = {0};
	while (*text != '\0') {
		if (is_blank(*text)) {
			text++;
			continue;
		}
		struct pf_tok822 *token = scan_token(arena, &text);
		token->trusted = trusted;
		push(&list, token);
	}
	return list;
}

struct pf_tok822 *pf_tok822_find(struct pf_tok822 *from, int type)
{
	while (from != NULL && from->type != type) {
		from = from->next;
	}
	return from;
}

struct pf_tok822 *pf_tok822_find_last(struct pf_tok822 *from, int type)
{
	while (from != NULL && from->type != type) {
		from = from->prev;
	}
	return from;
}

struct pf_tok822 *pf_tok822_append(
	struct pf_tok822_chain *list, struct mp_arena *arena, int type, const char *text)
{
	struct pf_tok822 *token = new_token(arena, type, text);
	push(list, token);
	return token;
}

void pf_tok822_join(struct pf_tok822_chain *list, struct pf_tok822_chain more)
{
	if (more.head == NULL) {
		return;
	}
	if (list->tail == NULL) {
		*list = more;
		return;
	}
	list->tail->next = more.head;
	more.head->prev = list->tail;
	list->tail = more.tail;
}

struct pf_tok822_chain pf_tok822_cut(struct pf_tok822_chain *list, struct pf_tok822 *at)
{
	struct pf_tok822_chain rest = {at, list->tail};
	list->tail = at->prev;
	if (at->prev != NULL) {
		at->prev->next = NULL;
	} else {
		list->head = NULL;
	}
	at->prev = NULL;
	return rest;
}

void pf_tok822_unlink(struct pf_tok822_chain *list, struct pf_tok822 *token)
{
	if (token->prev != NULL) {
		token->prev->next = token->next;
	} else {
		list->head = token->next;
	}
	if (token->next != NULL) {
		token->next->prev = token->prev;
	} else {
		list->tail = token->prev;
	}
	token->prev = token->next = NULL;
}
