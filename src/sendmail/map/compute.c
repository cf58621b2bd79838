/* compute - classes that look nothing up: dequote, macro, arith, regex. */
#include "base/ascii.h"
#include "base/buf.h"
#include "base/limits.h"
#include "sendmail/map/private.h"

#include <stdlib.h>

static const struct mp_loc nowhere = {NULL, 0, 0};

/* ---- dequote ---- */

static bool dequote_flag(struct sm_map *map, char flag, const char *value)
{
	if (flag == 's') {
		map->delimiter = value[0];
	}
	return flag == 's';
}

static const char *dequote_arguments(struct sm_map *map, struct mp_slice rest)
{
	(void)rest;
	/* It is for quotes that it is there. */
	map->flags |= SM_MAP_KEEP_QUOTES;
	return NULL;
}

/* What taking quotes off comes across. */
struct dequoting {
	int angles, comments, quotes, blanks;
	bool quoted, escaped, broken;
};

/* Takes one character: whether it stays. */
static bool dequote_take(struct dequoting *d, char c)
{
	if (d->escaped) {
		d->escaped = false;
		return true;
	}
	d->escaped = c == '\\';
	d->blanks += c == ' ';
	d->comments += c == '(';
	if (c == ')') {
		d->broken = d->broken || d->comments <= 0;
		d->comments--;
	}
	if (d->comments > 0) {
		return true;
	}
	if (c == '"') {
		d->quoted = !d->quoted;
		d->quotes++;
		return false;
	}
	d->angles += c == '<';
	if (c == '>') {
		d->broken = d->broken || d->angles <= 0;
		d->angles--;
	}
	return true;
}

/* Without its quotes, when it had some, and holds no blank and nothing that is open. */
static struct sm_map_result lookup_dequote(struct sm_map *map, const struct sm_map_call *call)
{
	struct dequoting d = {0};
	char *out = mp_arena_alloc(call->arena, strlen(call->key) + 1), *q = out;

	for (const char *p = call->key; *p != '\0'; p++) {
		char c = (char)(*p == ' ' && map->delimiter != 0 && !d.escaped ? map->delimiter
									       : *p);

		if (dequote_take(&d, c)) {
			*q++ = c;
		}
	}
	if (d.broken || d.angles != 0 || d.comments != 0 || d.escaped || d.quoted ||
		d.quotes == 0 || d.blanks != 0) {
		return sm_map_none();
	}
	return sm_map_found(map, call, out, true, nowhere);
}

const struct sm_map_class sm_class_dequote = {
	.name = "dequote",
	.flag = dequote_flag,
	.arguments = dequote_arguments,
	.lookup = lookup_dequote,
	.file_optional = true,
};

/* ---- macro ---- */

static struct sm_map_result lookup_macro(struct sm_map *map, const struct sm_map_call *call)
{
	struct mp_slice name = mp_slice_str(call->key);

	(void)map;
	if (mp_slice_starts(name, "{") && mp_slice_ends(name, "}")) {
		name = mp_slice_sub(name, 1, name.n - 1);
	}
	call->set_macro(call->context, mp_arena_slicedup(call->arena, name),
		call->argc > 0 ? call->args[0] : NULL);
	return (struct sm_map_result){SM_MAP_FOUND, "", nowhere};
}

const struct sm_map_class sm_class_macro = {
	.name = "macro",
	.lookup = lookup_macro,
	.file_optional = true,
};

/* ---- arith ---- */

/* a op b as text; NULL: no such operation, or none with these numbers. */
static const char *arithmetic(char op, long a, long b, struct mp_arena *arena)
{
	unsigned long x = (unsigned long)a, y = (unsigned long)b;

	switch (op) {
	case '+':
		return mp_arena_printf(arena, "%ld", (long)(x + y));
	case '-':
		return mp_arena_printf(arena, "%ld", (long)(x - y));
	case '*':
		return mp_arena_printf(arena, "%ld", (long)(x * y));
	case '|':
		return mp_arena_printf(arena, "%ld", (long)(x | y));
	case '&':
		return mp_arena_printf(arena, "%ld", (long)(x & y));
	case '/':
		return b == 0 ? NULL : mp_arena_printf(arena, "%ld", b == -1 ? (long)-x : a / b);
	case '%':
		return b == 0 ? NULL : mp_arena_printf(arena, "%ld", b == -1 ? 0L : a % b);
	case 'l':
		return a < b ? "TRUE" : "FALSE";
	case '=':
		return a == b ? "TRUE" : "FALSE";
	case 'r':
		return "{random}";
	default:
		return NULL;
	}
}

static struct sm_map_result lookup_arith(struct sm_map *map, const struct sm_map_call *call)
{
	const char *value;

	(void)map;
	if (call->argc < 2) {
		return sm_map_none();
	}
	value = arithmetic(call->key[0], strtol(call->args[0], NULL, 0),
		strtol(call->args[1], NULL, 0), call->arena);
	return value == NULL ? sm_map_none() : (struct sm_map_result){SM_MAP_FOUND, value, nowhere};
}

const struct sm_map_class sm_class_arith = {
	.name = "arith",
	.lookup = lookup_arith,
	.file_optional = true,
};

/* ---- regex ---- */

static bool regex_flag(struct sm_map *map, char flag, const char *value)
{
	switch (flag) {
	case 'n':
		map->flags |= SM_MAP_NOT;
		return true;
	case 'b':
		map->flags |= SM_MAP_BASIC;
		return true;
	case 's':
		map->substrings = value;
		return true;
	case 'd':
		map->delimiter = value[0] != '\\' ? value[0]
			: value[1] == 'n'         ? '\n'
			: value[1] == 't'         ? '\t'
						  : '\\';
		return true;
	default:
		return false;
	}
}

static const char *regex_arguments(struct sm_map *map, struct mp_slice rest)
{
	struct mp_arena *arena = map->maps->arena;
	int flags = (map->flags & SM_MAP_BASIC ? 0 : REG_EXTENDED) |
		(map->flags & SM_MAP_CASE ? 0 : REG_ICASE);
	char why[200];
	int code;

	map->pattern = mp_arena_slicedup(arena, rest);
	map->regex = mp_arena_alloc(arena, sizeof *map->regex);
	code = regcomp(map->regex, map->pattern, flags);
	if (code == 0) {
		return NULL;
	}
	regerror(code, map->regex, why, sizeof why);
	map->regex = NULL;
	return mp_arena_printf(arena, "pattern-compile-error: %s", why);
}

static void regex_release(struct sm_map *map)
{
	if (map->regex != NULL) {
		regfree(map->regex);
	}
}

enum { SUBSTRINGS = 20 };

static void put_substring(struct mp_buf *b, const char *key, regmatch_t m)
{
	if (m.rm_so >= 0) {
		mp_buf_put(b, mp_slice(key + m.rm_so, (size_t)(m.rm_eo - m.rm_so)));
	}
}

/* The parts that -s asks for ("1,3"; nothing: all), with -d between them. */
static const char *substrings(
	const struct sm_map *map, const struct sm_map_call *call, const regmatch_t *m, size_t n)
{
	struct mp_buf b;
	char *text;
	bool first = true;
	char between = (char)(map->delimiter != 0 ? map->delimiter : '$');

	mp_buf_init(&b, MP_LIMIT_VALUE);
	for (const char *p = map->substrings;; p++) {
		size_t i = strtoul(p, (char **)&p, 10);

		if (map->substrings[0] == '\0') {
			break;
		}
		if (!first) {
			mp_buf_putc(&b, between);
		}
		first = false;
		if (i < n) {
			put_substring(&b, call->key, m[i]);
		}
		if (*p != ',') {
			break;
		}
	}
	for (size_t i = 1; map->substrings[0] == '\0' && i < n; i++) {
		if (i > 1) {
			mp_buf_putc(&b, between);
		}
		put_substring(&b, call->key, m[i]);
	}
	text = mp_arena_memdup(call->arena, b.p, b.n);
	mp_buf_release(&b);
	return text;
}

static struct sm_map_result lookup_regex(struct sm_map *map, const struct sm_map_call *call)
{
	regmatch_t m[SUBSTRINGS];
	bool matched;

	if (map->regex == NULL) {
		return sm_map_none();
	}
	matched = regexec(map->regex, call->key, SUBSTRINGS, m, 0) == 0;
	if (matched == ((map->flags & SM_MAP_NOT) != 0)) {
		return sm_map_none();
	}
	if (!matched || map->substrings == NULL) {
		return sm_map_found(map, call, "", true, nowhere);
	}
	return sm_map_found(map, call,
		substrings(map, call, m,
			map->regex->re_nsub + 1 < SUBSTRINGS ? map->regex->re_nsub + 1
							     : SUBSTRINGS),
		true, nowhere);
}

const struct sm_map_class sm_class_regex = {
	.name = "regex",
	.flag = regex_flag,
	.arguments = regex_arguments,
	.lookup = lookup_regex,
	.release = regex_release,
	.file_optional = true,
};
