/* regex - class regex: the key against an expression, and what its groups matched. */
#include "base/ascii.h"
#include "base/buf.h"
#include "sendmail/map/private.h"
#include "table/engine.h"

#include <regex.h>
#include <stdlib.h>

enum {
	GROUPS = 32, /* MAX_MATCH: with the whole match */
	RESULT = 255 /* what the groups may come to (retbuf) */
};

struct regex {
	void *compiled;
	const char *expression;
	unsigned groups; /* with the whole match */
	bool parts; /* -s: the result is what groups matched */
	unsigned fields[GROUPS];
	size_t field_count;
	const char *delimiter; /* -d */
};

/* The numbers of a list; NULL, or what is wrong with it, in the arena. */
static const char *parse_fields(
	const char *text, struct regex *r, unsigned *fields, size_t *n, struct mp_arena *arena)
{
	struct mp_slice rest = mp_slice_str(text);

	for (*n = 0;;) {
		size_t comma = mp_slice_chr(rest, ',');
		int value = (int)strtol(
			mp_arena_slicedup(arena, mp_slice_sub(rest, 0, comma)), NULL, 10);

		if (*n >= GROUPS) {
			return mp_arena_printf(arena, "too many fields, %d max", GROUPS);
		}
		if (value < 0 || (unsigned)value >= r->groups) {
			return mp_arena_printf(arena,
				"field (%d) out of range, only %u substrings in pattern", value,
				r->groups);
		}
		fields[(*n)++] = (unsigned)value;
		if (comma == MP_NOT_FOUND) {
			return NULL;
		}
		rest = mp_slice_from(rest, comma + 1);
	}
}

/* Which groups -s wants. */
static bool choose_fields(struct sm_map *map, struct regex *r, const char *fields)
{
	const char *wrong;

	if (r->groups >= GROUPS) {
		sm_map_refuse(map, "too many substrings, %d max", GROUPS);
		return false;
	}
	r->parts = true;
	if (fields[0] == '\0') {
		for (unsigned i = 0; i < r->groups; i++) {
			r->fields[r->field_count++] = i;
		}
		return true;
	}
	wrong = parse_fields(fields, r, r->fields, &r->field_count, map->maps->arena);
	if (wrong != NULL) {
		sm_map_refuse(map, "%s", wrong);
	}
	return wrong == NULL;
}

static bool compile(struct sm_map *map, struct regex *r, const char *pattern, unsigned flags)
{
	char why[MP_PATTERN_WHY];

	r->compiled = mp_regexp_engine()->compile(pattern, flags, &r->groups, why);
	if (r->compiled == NULL) {
		sm_map_refuse(map, "pattern-compile-error: %s", why);
		return false;
	}
	r->groups++;
	r->expression = pattern;
	map->data = r;
	return true;
}

bool sm_map_parse_regex(struct sm_map *map, struct mp_slice args)
{
	struct regex *r = MP_ARENA_NEW(map->maps->arena, struct regex);
	static const char otherwise[] = {(char)SM_MAP_ELSE, '\0'};
	const char *fields = NULL;
	struct sm_flags f;

	map->flags &= ~(unsigned)SM_MAP_NEGATE;
	r->delimiter = otherwise;
	unsigned flags = REG_ICASE | REG_EXTENDED;
	sm_flags_begin(&f, map, args);
	while (sm_flags_next(&f)) {
		switch (*f.p) {
		case 'b':
			flags &= ~(unsigned)REG_EXTENDED;
			break;
		case 's':
			fields = sm_flags_word(&f);
			break;
		case 'd':
			r->delimiter = sm_flags_word(&f);
			break;
		case 'f':
			flags &= ~(unsigned)REG_ICASE;
			break;
		default:
			sm_flags_common(&f, "namqSD");
			break;
		}
		sm_flags_end(&f);
	}
	return compile(map, r, f.p, flags) && (fields == NULL || choose_fields(map, r, fields));
}

void sm_regex_release(struct sm_map *map)
{
	const struct regex *r = map->data;

	mp_regexp_engine()->free(r->compiled);
}

const char *sm_map_expression(const struct sm_map *map)
{
	const struct regex *r = map->data;

	return mp_str_eq(sm_map_class(map), "regex") && r != NULL ? r->expression : NULL;
}

bool sm_map_matches(const struct sm_map *map, const char *text)
{
	const struct regex *r = map->data;

	return mp_regexp_engine()->match(r->compiled, text, NULL, 0) == MP_MATCH_YES;
}

/* Whether a result could be taken for an address: what is not balanced is dropped. */
struct balance {
	int angles, comments, blanks;
	bool quoted, escaped;
};

static void count(struct balance *b, char c)
{
	if (b->escaped) {
		b->escaped = false;
		return;
	}
	if (b->quoted && c != '"' && c != '\\') {
		return;
	}
	b->escaped = c == '\\';
	b->comments += c == '(' ? 1 : c == ')' ? -1 : 0;
	b->angles += c == '<' ? 1 : c == '>' ? -1 : 0;
	b->blanks += c == ' ';
	b->quoted = b->quoted != (c == '"');
}

static struct sm_map_result joined(struct sm_map *map, const struct sm_map_call *call,
	const char *key, const struct mp_group *groups, const unsigned *fields, size_t n)
{
	const struct regex *r = map->data;
	char text[RESULT + 1];
	size_t length = 0;
	struct balance b = {0};

	for (size_t i = 0; i < n; i++) {
		const struct mp_group *g = &groups[fields[i]];

		for (const char *d = r->delimiter; i > 0 && *d != '\0'; d++) {
			if (length < RESULT) {
				text[length++] = *d;
			}
		}
		for (long at = g->start; at >= 0 && at < g->end && length < RESULT; at++) {
			text[length++] = key[at];
			count(&b, key[at]);
		}
	}
	if (b.angles != 0 || b.comments != 0 || b.quoted || b.escaped || b.blanks != 0) {
		return sm_map_none();
	}
	return sm_map_hit(map, call, key, mp_slice(text, length), mp_loc(NULL, 0, 0));
}

struct sm_map_result sm_regex_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	struct regex *r = map->data;
	struct mp_group groups[GROUPS];
	unsigned count = r->groups < GROUPS ? r->groups : GROUPS;
	enum mp_match match = mp_regexp_engine()->match(r->compiled, key, groups, count);
	bool negated = (map->flags & SM_MAP_NEGATE) != 0;
	unsigned given[GROUPS];
	size_t n;

	/* The C library could not tell. */
	if (match == MP_MATCH_FAILED) {
		return sm_map_ask_outside(map, call, key);
	}
	if ((match == MP_MATCH_NO) != negated) {
		return sm_map_none();
	}
	if (negated || !r->parts) {
		return sm_map_hit(map, call, key, mp_slice("", 0), mp_loc(NULL, 0, 0));
	}
	if (call->argc == 0) {
		return joined(map, call, key, groups, r->fields, r->field_count);
	}
	if (parse_fields(call->args[0], r, given, &n, call->arena) != NULL) {
		return sm_map_none();
	}
	return joined(map, call, key, groups, given, n);
}
