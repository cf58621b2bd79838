/* compute - classes that work on the key alone: dequote, macro, arith, arpa, null, syslog. */
#include "sendmail/map/private.h"

#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

struct sm_map_result sm_null_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	(void)map;
	(void)call;
	(void)key;
	return sm_map_none();
}

struct sm_map_result sm_syslog_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	(void)map;
	(void)call;
	(void)key;
	return (struct sm_map_result){.status = SM_MAP_FOUND, .value = ""};
}

/* What dequote counts while it reads. */
struct balance {
	int angles, comments, quotes, blanks;
	bool quoted, escaped;
};

/* Takes one character; false when the key is beyond help. *keep: it stays. */
static bool dequote_one(struct balance *b, char c, bool *keep)
{
	*keep = true;
	if (c == '\\') {
		b->escaped = true;
	} else if (c == '(') {
		b->comments++;
	} else if (c == ')' && b->comments-- <= 0) {
		return false;
	} else if (c == ' ' || c == '\t') {
		b->blanks++;
	}
	if (b->comments > 0) {
		return true;
	}
	if (c == '"') {
		b->quoted = !b->quoted;
		b->quotes++;
		*keep = false;
	} else if (c == '<') {
		b->angles++;
	} else if (c == '>' && b->angles-- <= 0) {
		return false;
	}
	return true;
}

struct sm_map_result sm_dequote_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	char *out = mp_arena_strdup(call->arena, key), *to = out;
	struct balance b = {0};

	for (const char *p = key; *p != '\0'; p++) {
		char c = *p == ' ' && map->blank != 0 && !b.escaped ? map->blank : *p;
		bool keep = true;

		if (b.escaped) {
			b.escaped = false;
		} else if (!dequote_one(&b, c, &keep)) {
			return sm_map_none();
		}
		if (keep) {
			*to++ = c;
		}
	}
	*to = '\0';
	if (b.angles != 0 || b.comments != 0 || b.escaped || b.quoted || b.quotes == 0 ||
		b.blanks != 0) {
		return sm_map_none();
	}
	return sm_map_plain_hit(map, call, out);
}

/* The name of a macro as it stands in a key: one character, or up to 25 in braces; NULL: none. */
static const char *macro_name(const char *key, struct mp_arena *arena)
{
	struct mp_slice s = mp_slice_str(key);

	if (s.n == 0) {
		return NULL;
	}
	if (s.p[0] != '{') {
		return mp_arena_memdup(arena, s.p, 1);
	}
	s = mp_slice_from(s, 1);

	size_t end = mp_slice_chr(s, '}');

	if (end == 0 || end == MP_NOT_FOUND) {
		return NULL;
	}
	return mp_arena_slicedup(arena, mp_slice_sub(s, 0, end));
}

struct sm_map_result sm_macro_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	const char *name = macro_name(key, call->arena);

	(void)map;
	if (name == NULL) {
		return sm_map_none();
	}
	if (call->set_macro != NULL) {
		call->set_macro(call->context, name, call->argc > 0 ? call->args[0] : NULL);
	}
	return (struct sm_map_result){.status = SM_MAP_FOUND, .value = ""};
}

/* Sums and products that overflow wrap around, as in the real one on every usual machine. */
static long wrapped(char operator, long a, long b)
{
	unsigned long x = (unsigned long)a, y = (unsigned long)b;

	return (long)(operator== '+' ? x + y : operator== '-' ? x - y : x * y);
}

/* The result of an operator that gives a number; false: there is none. */
static bool calculate(char operator, long a, long b, long *out)
{
	switch (operator) {
	case '|':
		*out = a | b;
		return true;
	case '&':
		*out = a & b;
		return true;
	case '+':
	case '-':
	case '*':
		*out = wrapped(operator, a, b);
		return true;
	case '%':
	case '/':
		/* The quotient of the smallest number and -1 ends the real one. */
		if (b == 0 || (a == LONG_MIN && b == -1)) {
			return false;
		}
		*out = operator== '/' ? a / b : a % b;
		return true;
	default:
		return false;
	}
}

struct sm_map_result sm_arith_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	char text[16];
	long r;

	(void)map;
	if (call->argc < 2) {
		return sm_map_none();
	}

	long a = strtol(call->args[0], NULL, 0);
	long b = strtol(call->args[1], NULL, 0);

	if (key[0] == 'l' || key[0] == '=') {
		bool is = key[0] == 'l' ? a < b : a == b;

		return (struct sm_map_result){
			.status = SM_MAP_FOUND, .value = is ? "TRUE" : "FALSE"};
	}
	if (key[0] == 'r') {
		if (wrapped('+', wrapped('-', b, a), 1) <= 0) {
			return sm_map_none();
		}
		if (a != b) {
			return (struct sm_map_result){
				.status = SM_MAP_FOUND, .value = "{random}", .outside = true};
		}
		r = a;
	} else if (!calculate(key[0], a, b, &r)) {
		return sm_map_none();
	}
	snprintf(text, sizeof text, "%ld", r);
	return (struct sm_map_result){
		.status = SM_MAP_FOUND, .value = mp_arena_strdup(call->arena, text)};
}

struct sm_map_result sm_arpa_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	bool six = mp_slice_istarts(mp_slice_str(key), "IPv6:");
	unsigned char b[16];
	char out[16 * 4 + 1];

	if (inet_pton(six ? AF_INET6 : AF_INET, six ? key + 5 : key, b) != 1) {
		return sm_map_none();
	}
	if (six) {
		for (size_t i = 0; i < 16; i++) {
			snprintf(out + 4 * i, 5, i < 15 ? "%x.%x." : "%x.%x", b[15 - i] & 15U,
				(unsigned)b[15 - i] >> 4);
		}
	} else {
		snprintf(out, sizeof out, "%u.%u.%u.%u", b[3], b[2], b[1], b[0]);
	}
	return sm_map_hit(map, call, key, mp_slice_str(out), mp_loc(NULL, 0, 0));
}
