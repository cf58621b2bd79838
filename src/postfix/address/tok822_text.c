/*
 * tok822_text - tokens back to text, in internal or external form.
 *
 * Scanning drops the white space between tokens; here a blank is put between two words that no
 * operator separates, behind a comma and before a <, except in an address that the parser found.
 */
#include "postfix/address/tok822.h"

static bool is_word(const struct pf_tok822 *token)
{
	return token->type >= PF_TOK822_ATOM;
}

static bool blank_follows(const struct pf_tok822 *token)
{
	const struct pf_tok822 *next = token->next;
	if (next == NULL) {
		return false;
	}
	return token->type == ',' || next->type == '<' || (is_word(token) && is_word(next));
}

/* Appends the text with a backslash before each of the special bytes. */
static void put_escaped(struct mp_buf *out, const char *text, const char *special)
{
	for (; *text != '\0'; text++) {
		if (strchr(special, *text) != NULL) {
			mp_buf_putc(out, '\\');
		}
		mp_buf_putc(out, *text);
	}
}

static void put_token(struct mp_buf *out, const struct pf_tok822 *token, bool external)
{
	switch (token->type) {
	case PF_TOK822_ATOM:
		mp_buf_puts(out, token->text);
		break;
	case PF_TOK822_QUOTED:
		if (external) {
			mp_buf_putc(out, '"');
			put_escaped(out, token->text, "\"\\\r\n");
			mp_buf_putc(out, '"');
		} else {
			mp_buf_puts(out, token->text);
		}
		break;
	case PF_TOK822_COMMENT:
		put_escaped(out, token->text, external ? "\r\n" : "");
		break;
	case PF_TOK822_LITERAL:
		mp_buf_putc(out, '[');
		put_escaped(out, token->text, external ? "\"\\\r\n" : "");
		mp_buf_putc(out, ']');
		break;
	default: /* an operator */
		mp_buf_putc(out, (char)token->type);
	}
}

static const char *text_of(
	struct mp_arena *arena, const struct pf_tok822 *first, bool external, bool blanks)
{
	struct mp_buf out;
	mp_buf_init(&out, (size_t)-1);
	for (const struct pf_tok822 *t = first; t != NULL; t = t->next) {
		put_token(&out, t, external);
		if (blanks && blank_follows(t)) {
			mp_buf_putc(&out, ' ');
		}
	}
	const char *text = mp_arena_memdup(arena, out.p, out.n);
	mp_buf_release(&out);
	return text;
}

const char *pf_tok822_internal(struct mp_arena *arena, const struct pf_tok822 *first)
{
	return text_of(arena, first, false, true);
}

const char *pf_tok822_external(struct mp_arena *arena, const struct pf_tok822 *first)
{
	return text_of(arena, first, true, true);
}

const char *pf_tok822_parsed(struct mp_arena *arena, const struct pf_tok822 *first)
{
	return text_of(arena, first, false, false);
}
