/*
 * tok822_parse - find the addresses in a token list (RFC 822 6.1, read with tolerance).
 *
 * The list is read from right to left, because the end of an address says what it is: behind a >
 * stands the phrase of a <route>, behind a ; the body of a group. `right` is the token at which
 * the address being collected ends; what stands between the current token and it belongs to it.
 */
#include "postfix/address/tok822.h"

/* What the token to the left may be. */
enum {
	WORD_OK = 1, /* a word continues the address; else it begins another, left of it */
	IN_GROUP = 2 /* a ; was seen, so a : ends the group's body */
};

struct parse {
	struct pf_tok822_chain list;
	struct pf_tok822 *current; /* NULL: left of the first token */
	struct pf_tok822 *right; /* NULL: right of the last token */
	unsigned state;
	struct pf_tok822_list out;
};

/* What stands between the current token and `right` is an address; false when nothing does. */
static bool take_address(struct parse *p)
{
	struct pf_tok822 *first = p->current != NULL ? p->current->next : p->list.head;
	if (first == p->right || (p->current != NULL && p->current == p->right)) {
		return false;
	}
	struct pf_tok822_chain address = pf_tok822_cut(&p->list, first);
	if (p->right != NULL) {
		struct pf_tok822_chain rest = pf_tok822_cut(&address, p->right);
		pf_tok822_join(&p->list, rest);
	}
	if (p->out.addresses++ == 0) {
		p->out.address = address;
	}
	return true;
}

/* A comment is no part of the address that it stands in: it moves to the right of it. */
static void move_comment(struct parse *p)
{
	struct pf_tok822 *comment = p->current;
	p->current = comment->prev;
	pf_tok822_unlink(&p->list, comment);
	if (p->right == NULL) {
		pf_tok822_join(&p->list, (struct pf_tok822_chain){comment, comment});
	} else {
		struct pf_tok822_chain rest = pf_tok822_cut(&p->list, p->right);
		pf_tok822_join(&p->list, (struct pf_tok822_chain){comment, comment});
		pf_tok822_join(&p->list, rest);
	}
	p->right = comment;
}

/* Goes left to a token of one of these types, or past the first; it does not belong to what stands
 * left of it. */
static void skip_phrase(struct parse *p, const char *until)
{
	while (p->current != NULL &&
		(p->current->type >= PF_TOK822_ATOM || strchr(until, p->current->type) == NULL)) {
		p->current = p->current->prev;
	}
	p->right = p->current != NULL ? p->current : p->list.head;
}

static void end_of_route(struct parse *p)
{
	p->out.others += take_address(p); /* the comma that is missing behind the > */
	p->right = p->current;
	p->current = p->current->prev;
	while (p->current != NULL && p->current->type != '<') {
		if (p->current->type == PF_TOK822_COMMENT) {
			move_comment(p);
		} else {
			p->current = p->current->prev;
		}
	}
	take_address(p);
	if (p->current != NULL) {
		p->current = p->current->prev;
	}
	skip_phrase(p, ">;,:");
	p->state |= WORD_OK;
}

static void start_of_group(struct parse *p)
{
	take_address(p);
	p->current = p->current->prev;
	skip_phrase(p, ",");
	p->state = WORD_OK;
}

/* Looks at the current token and goes left. */
static void step(struct parse *p)
{
	int type = p->current->type;
	if (type == PF_TOK822_COMMENT) {
		move_comment(p);
		return;
	}
	if (type == '>') {
		end_of_route(p);
		return;
	}
	if (type == ':' && (p->state & IN_GROUP) != 0) {
		start_of_group(p);
		return;
	}
	if (type == ';') {
		take_address(p);
		p->right = p->current;
		p->state = IN_GROUP | WORD_OK;
	} else if (type == ',') {
		take_address(p);
		p->right = p->current;
		p->state |= WORD_OK;
	} else if (type >= PF_TOK822_ATOM) {
		if ((p->state & WORD_OK) == 0) {
			take_address(p);
		}
		p->state &= ~(unsigned)WORD_OK;
	} else {
		p->state |= WORD_OK;
	}
	p->current = p->current->prev;
}

struct pf_tok822_list pf_tok822_parse(struct mp_arena *arena, const char *text)
{
	struct parse p = {.list = pf_tok822_scan(arena, text, false), .state = WORD_OK};
	p.current = p.list.tail;
	while (p.current != NULL) {
		step(&p);
	}
	take_address(&p);
	for (const struct pf_tok822 *t = p.list.head; t != NULL; t = t->next) {
		p.out.others += t->type != '<' && t->type != '>';
	}
	return p.out;
}
