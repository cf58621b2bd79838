/*
 * token - words and operators: what rules match and make.
 *
 * The scanner is a small machine: each character has a class, and class and state together say
 * whether the character begins a new token, goes on with the old one, or is dropped. Comments,
 * angle brackets and escapes are kept count of beside it. Where a text is not balanced, sendmail
 * says so and goes on as if the missing character stood there; so does this.
 */
#include "sendmail/cf/token.h"

#include "base/ascii.h"
#include "sendmail/cf/macro.h"

#include <string.h>

/* Classes of characters, and states: the state is the class of the token that is being read. */
enum { OPERATOR, ATOM, QUOTE, SPACE, ONE_MORE };

enum { TYPE = 7, DROP = 1 << 3, BREAK = 1 << 4 };

/* What follows: row = state, column = class of the next character. */
static const unsigned char next_state[5][5] = {
	[OPERATOR] = {OPERATOR | BREAK, ATOM | BREAK, QUOTE | BREAK, SPACE | DROP | BREAK,
		ONE_MORE | BREAK},
	[ATOM] = {OPERATOR | BREAK, ATOM, QUOTE | BREAK, SPACE | DROP | BREAK, ONE_MORE | BREAK},
	[QUOTE] = {QUOTE, QUOTE, OPERATOR, QUOTE, QUOTE},
	[SPACE] = {OPERATOR, ATOM, QUOTE, SPACE | DROP, ONE_MORE},
	[ONE_MORE] = {OPERATOR, OPERATOR, OPERATOR, OPERATOR, OPERATOR},
};

/* Operators whatever OperatorChars says; parentheses only where they are no comments. */
static const char always[] = "()<>,;";

/* Makes letters operators; what is a blank or a quote stays one. */
static void make_operators(unsigned char type[256], const char *characters)
{
	for (const char *p = characters; *p != '\0'; p++) {
		if (type[(unsigned char)*p] == ATOM) {
			type[(unsigned char)*p] = OPERATOR;
		}
	}
}

void sm_chars_init(struct sm_chars *chars, const char *operators)
{
	memset(chars->rule, ATOM, sizeof chars->rule);
	for (const char *p = "\t\n\v\f\r "; *p != '\0'; p++) {
		chars->rule[(unsigned char)*p] = SPACE;
	}
	chars->rule['"'] = QUOTE;
	memcpy(chars->type, chars->rule, sizeof chars->type);
	chars->type['('] = chars->type[')'] = SPACE;
	make_operators(chars->rule, operators != NULL ? operators : ".:@[]");
	make_operators(chars->rule, always);
	make_operators(chars->type, operators != NULL ? operators : ".:@[]");
	make_operators(chars->type, always);
}

bool sm_tokens_add(struct sm_tokens *tokens, struct sm_token token, struct mp_arena *arena)
{
	if (tokens->n >= SM_TOKENS_MAX) {
		return false;
	}
	tokens->v = mp_arena_room(arena, tokens->v, tokens->n, &tokens->cap, sizeof *tokens->v, 16);
	tokens->v[tokens->n++] = token;
	return true;
}

size_t sm_tokens_find(const struct sm_tokens *tokens, size_t from, enum sm_symbol symbol)
{
	while (from < tokens->n && tokens->v[from].symbol != symbol) {
		from++;
	}
	return from;
}

/* A text that is being read. */
struct scanner {
	struct sm_text text;
	size_t at; /* of the next unit */
	const unsigned char *types;
	bool comments; /* parentheses enclose comments */
	bool comma; /* a comma ends the address */
	bool loose; /* nothing is missed */
	unsigned state;
	bool escaped; /* the last character was a backslash */
	bool route; /* inside "<@" */
	size_t comment, angle; /* depth */
	enum sm_scan wrong; /* the first thing */
	/* The token that is being read; longer ones are refused, but must be read to be known. */
	sm_unit token[SM_TOKEN_LENGTH + 1];
	size_t length;
	size_t room; /* taken by all tokens so far */
	size_t room_max;
	bool full;
};

/* No character to be stored. */
enum { NOTHING = 0xffff };

static void complain(struct scanner *s, enum sm_scan wrong)
{
	if (s->wrong == SM_SCAN_OK) {
		s->wrong = wrong;
	}
}

static void store(struct scanner *s, sm_unit c)
{
	if (s->length < SM_TOKEN_LENGTH) {
		s->token[s->length] = c;
	}
	s->length++;
	s->full = s->full || ++s->room > s->room_max;
}

static unsigned class_of(const struct scanner *s, sm_unit c)
{
	switch (c) {
	case SM_SYM_CLASS:
	case SM_SYM_NOT_CLASS:
	case SM_SYM_REPLACE:
	case SM_SYM_LATE:
	case SM_SYM_IF:
		return ONE_MORE;
	default:
		return c < 0x100 ? s->types[c] : OPERATOR;
	}
}

/* At the end of the text: the character that is missing, or NOTHING when nothing is. */
static sm_unit missing(struct scanner *s)
{
	if (s->loose) {
		return NOTHING;
	}
	if (s->state == QUOTE) {
		complain(s, SM_SCAN_QUOTE);
		return '"';
	}
	if (s->comment > 0) {
		complain(s, SM_SCAN_PAREN);
		return ')';
	}
	if (s->angle > 0) {
		complain(s, SM_SCAN_ANGLE);
		return '>';
	}
	return NOTHING;
}

/* Keeps count of brackets and comments. Returns the character, or NOTHING when it is dropped. */
static sm_unit bracket(struct scanner *s, sm_unit c)
{
	if (c == '(' && s->comments) {
		s->comment++;
		return NOTHING;
	}
	if (c == ')' && s->comments) {
		if (s->comment == 0) {
			complain(s, SM_SCAN_UNPAREN);
			return NOTHING;
		}
		s->comment--;
		return c;
	}
	if (s->comment > 0) {
		return NOTHING;
	}
	if (c == '<') {
		size_t i = s->at;

		s->angle++;
		while (i < s->text.n && s->text.p[i] < 0x80 && mp_is_space((char)s->text.p[i])) {
			i++;
		}
		s->route = s->route || (i < s->text.n && s->text.p[i] == '@');
	} else if (c == '>') {
		s->route = false;
		if (s->angle == 0 && !s->loose) {
			complain(s, SM_SCAN_UNANGLE);
			return NOTHING;
		}
		s->angle -= s->angle > 0;
	}
	return c;
}

/* What reading one character came to. */
enum step { GO_ON, TOKEN_ENDS, TEXT_ENDS };

/* Takes the next character: *c is what is to be stored before the one after it. */
static enum step take(struct scanner *s, sm_unit *c)
{
	/* To sendmail a NUL byte is the end. */
	bool ends = s->at >= s->text.n || s->text.p[s->at] == 0;

	*c = ends ? missing(s) : s->text.p[s->at++];
	if (ends && *c == NOTHING) {
		return TEXT_ENDS;
	}
	if (!ends && s->comma && *c == ',' && s->comment == 0 && s->state != QUOTE) {
		if (s->angle == 0) {
			s->at--;
			return TEXT_ENDS;
		}
		if (!s->route) {
			complain(s, SM_SCAN_ANGLE);
			*c = '>';
			s->at--;
		}
	}
	if (s->escaped) {
		s->escaped = false;
		if (s->comment > 0) {
			*c = NOTHING;
			return GO_ON;
		}
		if (*c != '!' || s->state == QUOTE) {
			store(s, '\\');
			return GO_ON;
		}
	}
	if (*c == '\\') {
		s->escaped = true;
	} else if (s->state != QUOTE) {
		*c = bracket(s, *c);
		if (*c == NOTHING) {
			return GO_ON;
		}
	}

	unsigned next = next_state[s->state][class_of(s, *c)];

	s->state = next & TYPE;
	if (next & DROP) {
		*c = NOTHING;
	}
	return next & BREAK ? TOKEN_ENDS : GO_ON;
}

/* Makes a token of what was stored. */
static struct sm_token made(const struct scanner *s, struct mp_arena *arena)
{
	sm_unit first = s->token[0];

	if (first >= SM_SYM_MACRO && first < SM_SYM_LAST) {
		struct sm_token t = sm_token_symbol(first);
		sm_unit arg = s->length > 1 ? s->token[1] : 0;

		t.arg = arg >= SM_NAME ? (uint16_t)(arg - SM_NAME) : arg;
		return t;
	}

	char *text = mp_arena_alloc(arena, s->length + 1);

	for (size_t i = 0; i < s->length; i++) {
		text[i] = (char)(s->token[i] < 0x100 ? s->token[i] : '?');
	}
	return sm_token_text(text);
}

enum sm_scan sm_tokens_scan(struct sm_tokens *out, struct sm_text text,
	const struct sm_chars *chars, unsigned flags, size_t *end, struct mp_arena *arena)
{
	struct scanner s = {
		.text = text,
		.types = flags & SM_SCAN_RULES ? chars->rule : chars->type,
		.comments = (flags & SM_SCAN_RULES) == 0,
		.comma = (flags & SM_SCAN_COMMA) != 0,
		.loose = (flags & SM_SCAN_LOOSE) != 0,
		.state = ATOM,
		.room_max = flags & SM_SCAN_LOOSE ? SM_TOKENS_RULE_ROOM : SM_TOKENS_ROOM,
	};
	size_t before = out->n;
	sm_unit c = NOTHING;
	enum step step = GO_ON;

	while (step != TEXT_ENDS) {
		s.length = 0;
		do {
			if (c != NOTHING && !s.escaped) {
				store(&s, c);
			}
			step = take(&s, &c);
		} while (step == GO_ON);
		if (s.full || s.room >= s.room_max) {
			out->n = before;
			return SM_SCAN_ADDRESS;
		}
		if (s.length > SM_TOKEN_LENGTH) {
			out->n = before;
			return SM_SCAN_LONG;
		}
		s.room += s.length > 0;
		if (s.length > 0 && !sm_tokens_add(out, made(&s, arena), arena)) {
			out->n = before;
			return SM_SCAN_MANY;
		}
	}
	if (end != NULL) {
		*end = s.at;
	}
	return s.wrong;
}

enum sm_scan sm_tokens_scan_bytes(struct sm_tokens *out, struct mp_slice bytes,
	const struct sm_chars *chars, unsigned flags, size_t *end, struct mp_arena *arena)
{
	return sm_tokens_scan(out, sm_text_of(bytes, arena), chars, flags, end, arena);
}

const char *sm_scan_text(enum sm_scan scan)
{
	switch (scan) {
	case SM_SCAN_QUOTE:
		return "Unbalanced '\"'";
	case SM_SCAN_PAREN:
		return "Unbalanced '('";
	case SM_SCAN_UNPAREN:
		return "Unbalanced ')'";
	case SM_SCAN_ANGLE:
		return "Unbalanced '<'";
	case SM_SCAN_UNANGLE:
		return "Unbalanced '>'";
	case SM_SCAN_MANY:
		return "prescan: too many tokens";
	case SM_SCAN_LONG:
		return "prescan: token too long";
	case SM_SCAN_ADDRESS:
		return "Address too long";
	case SM_SCAN_OK:
		break;
	}
	return "";
}

const char *sm_scan_enhanced(enum sm_scan scan)
{
	return scan == SM_SCAN_ADDRESS                         ? "5.1.1"
		: scan == SM_SCAN_MANY || scan == SM_SCAN_LONG ? "5.1.0"
							       : "5.0.0";
}

/* Whether two such tokens side by side would run into one another. */
static bool is_word(const struct sm_token *t, const struct sm_chars *chars)
{
	return t->symbol == 0 && chars->type[(unsigned char)t->text[0]] == ATOM;
}

char *sm_tokens_join(const struct sm_token *v, size_t from, size_t to, char blank,
	const struct sm_chars *chars, struct mp_arena *arena)
{
	size_t n = 0;
	bool word = false;

	for (size_t i = from; i < to; i++) {
		n += strlen(v[i].text) + 2;
	}

	char *text = mp_arena_alloc(arena, n + 1), *p = text;

	for (size_t i = from; i < to; i++) {
		const char *add = v[i].symbol == SM_SYM_ELSE ? "$|" : v[i].text;
		bool next = is_word(&v[i], chars);
		size_t len = strlen(add);

		if (word && next && blank != 0) {
			*p++ = blank;
		}
		memcpy(p, add, len);
		p += len;
		word = next;
	}
	*p = '\0';
	return text;
}

bool sm_joiner_add(struct sm_joiner *j, const struct sm_token *token)
{
	/* A symbol is no part of a word: with its two characters the phrase is in no class. */
	const char *add = token->symbol != 0 ? sm_symbol_text(token->symbol) : token->text;
	bool word = is_word(token, j->chars), apart = j->word && word && j->blank != 0;
	size_t n = strlen(add);

	if (j->n + apart + n >= sizeof j->text) {
		return false;
	}
	if (apart) {
		j->text[j->n++] = j->blank;
	}
	memcpy(j->text + j->n, add, n + 1);
	j->n += n;
	j->word = word;
	return true;
}

struct sm_text sm_tokens_text(const struct sm_token *v, size_t from, size_t to, char blank,
	const struct sm_chars *chars, struct mp_arena *arena)
{
	size_t n = 0;
	bool word = false;

	for (size_t i = from; i < to; i++) {
		n += strlen(v[i].text) + 3;
	}

	sm_unit *units = mp_arena_array(arena, n + 1, sizeof *units);

	n = 0;
	for (size_t i = from; i < to; i++) {
		bool next = is_word(&v[i], chars);

		if (word && next && blank != 0) {
			units[n++] = (unsigned char)blank;
		}
		for (const char *p = v[i].text; *p != '\0'; p++) {
			units[n++] = (unsigned char)*p;
		}
		if (v[i].symbol != 0) {
			units[n++] = v[i].symbol;
		}
		if (v[i].symbol == SM_SYM_REPLACE) {
			units[n++] = v[i].arg;
		} else if (v[i].arg != 0) {
			units[n++] = (sm_unit)(SM_NAME + v[i].arg);
		}
		word = next;
	}
	return (struct sm_text){units, n};
}

const char *sm_token_show(
	const struct sm_token *token, const struct sm_names *names, struct mp_arena *arena)
{
	switch (token->symbol) {
	case 0:
		return token->text;
	case SM_SYM_CLASS:
	case SM_SYM_NOT_CLASS:
	case SM_SYM_LATE:
	case SM_SYM_IF:
		return mp_arena_printf(arena, "%s%s", sm_symbol_text(token->symbol),
			sm_names_text(names, token->arg));
	case SM_SYM_REPLACE:
		return mp_arena_printf(arena, "$%c", token->arg);
	default:
		return sm_symbol_text(token->symbol);
	}
}

uint64_t sm_tokens_words(const struct sm_token *v, size_t n)
{
	uint64_t words = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char first = (unsigned char)mp_to_lower(v[i].text[0]);
		unsigned char second =
			first != 0 ? (unsigned char)mp_to_lower(v[i].text[1]) : (unsigned char)0;

		words |= (uint64_t)1 << ((v[i].symbol + v[i].arg + first * 31U + second * 7U) % 64);
	}
	return words;
}
