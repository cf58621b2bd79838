/*
 * flags - the flags of a K line (Operations Guide 5.7).
 *
 * Each group of classes has a reader of its own in sendmail, and they differ in what they accept:
 * only the one of tables complains of a letter that it does not know.
 */
#include "base/ascii.h"
#include "base/number.h"
#include "sendmail/map/private.h"

#include <stdlib.h>

void sm_flags_begin(struct sm_flags *r, struct sm_map *map, struct mp_slice args)
{
	*r = (struct sm_flags){map, mp_arena_slicedup(map->maps->arena, args)};
}

static void skip_blanks(struct sm_flags *r)
{
	while (mp_is_space(*r->p)) {
		r->p++;
	}
}

bool sm_flags_next(struct sm_flags *r)
{
	skip_blanks(r);
	if (*r->p != '-') {
		return false;
	}
	r->p++;
	return true;
}

void sm_flags_end(struct sm_flags *r)
{
	while (*r->p != '\0' && !mp_is_space(*r->p)) {
		r->p++;
	}
	r->p += *r->p != '\0';
}

/* The rest of the word behind the letter. */
static const char *word(struct sm_flags *r)
{
	const char *from = r->p;
	size_t n = 0;

	while (from[n] != '\0' && !mp_is_space(from[n])) {
		n++;
	}
	return mp_arena_memdup(r->map->maps->arena, from, n);
}

const char *sm_flags_word(struct sm_flags *r)
{
	r->p += *r->p != '\0';
	return word(r);
}

/* The same, with blanks between the letter and the word. */
static const char *detached(struct sm_flags *r)
{
	r->p += *r->p != '\0';
	skip_blanks(r);
	return word(r);
}

static char single(struct sm_flags *r)
{
	r->p += *r->p != '\0';
	return *r->p;
}

/* -z: a character, \n or \t. */
static char delimiter(struct sm_flags *r)
{
	char c = single(r);

	if (c != '\\') {
		return c;
	}
	c = single(r);
	return c == 'n' ? '\n' : c == 't' ? '\t' : '\\';
}

bool sm_flags_common(struct sm_flags *r, const char *known)
{
	static const struct {
		char letter;
		unsigned flag;
	} switches[] = {{'D', SM_MAP_DEFER}, {'f', SM_MAP_KEEP_CASE}, {'m', SM_MAP_MATCH_ONLY},
		{'N', SM_MAP_WITH_NUL}, {'O', SM_MAP_WITHOUT_NUL}, {'o', SM_MAP_OPTIONAL},
		{'q', SM_MAP_KEEP_QUOTES}, {'t', SM_MAP_NO_DEFER}, {'n', SM_MAP_NEGATE}};

	if (*r->p == '\0' || strchr(known, *r->p) == NULL) {
		return false;
	}
	for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
		if (*r->p == switches[i].letter) {
			r->map->flags |= switches[i].flag;
			return true;
		}
	}
	switch (*r->p) {
	case 'a':
		r->map->append = sm_flags_word(r);
		return true;
	case 'T':
		r->map->temp_append = sm_flags_word(r);
		return true;
	case 'S':
		r->map->blank = single(r);
		return true;
	case 'z':
		r->map->delimiter = delimiter(r);
		return true;
	default:
		return false;
	}
}

/* The file and what stands behind it. */
static bool take_file(struct sm_flags *r)
{
	struct sm_map *map = r->map;

	skip_blanks(r);
	if (*r->p != '\0') {
		map->file = word(r);
		sm_flags_end(r);
		skip_blanks(r);
	}
	if (*r->p != '\0') {
		map->rest = mp_arena_strdup(map->maps->arena, r->p);
	}
	if (map->file == NULL && map->class->needs_file) {
		sm_map_refuse(map, "No file name for %s map %s", map->class->name, map->name);
		return false;
	}
	return true;
}

bool sm_map_parse_table(struct sm_map *map, struct mp_slice args)
{
	struct sm_flags r;

	sm_flags_begin(&r, map, args);
	while (sm_flags_next(&r)) {
		char letter = *r.p;

		if (letter == 'k') {
			map->key_column = detached(&r);
		} else if (letter == 'v') {
			map->value_column = detached(&r);
		} else if (!sm_flags_common(&r, "aDfmNOoqSTtz") && letter != 'A' && letter != 'd') {
			sm_map_refuse(map, "Illegal option %c map %s", letter, map->name);
		}
		sm_flags_end(&r);
	}
	return take_file(&r);
}

/* Flags of a class that asks elsewhere: what is not known is left to it. */
bool sm_map_parse_outside(struct sm_map *map, struct mp_slice args)
{
	struct sm_flags r;

	sm_flags_begin(&r, map, args);
	while (sm_flags_next(&r)) {
		if (!sm_flags_common(&r, "DfmNOoqtaTSz")) {
			sm_flags_end(&r);
			/* A value that stands apart: "-k (uid=%0)". */
			skip_blanks(&r);
			if (*r.p != '-' && *r.p != '\0') {
				sm_flags_end(&r);
			}
			continue;
		}
		sm_flags_end(&r);
	}
	return true;
}

bool sm_map_parse_dns(struct sm_map *map, struct mp_slice args)
{
	struct sm_flags r;
	static const char *const types[] = {
		"NS", "CNAME", "AFSDB", "SRV", "PTR", "TXT", "MX", "A", "AAAA", "TLSA"};

	sm_flags_begin(&r, map, args);
	while (sm_flags_next(&r)) {
		switch (*r.p) {
		case 'B':
			map->file = detached(&r);
			break;
		case 'Z':
			map->limit = strtol(detached(&r), NULL, 10);
			break;
		case 'R':
			map->type = detached(&r);
			break;
		default:
			sm_flags_common(&r, "aTfmNOoqtz");
			break;
		}
		sm_flags_end(&r);
	}
	if (map->type == NULL) {
		sm_map_refuse(map, "dns map %s: missing -R type", map->name);
		return true;
	}
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (mp_str_ieq(map->type, types[i])) {
			map->type = types[i];
			return true;
		}
	}
	sm_map_refuse(map, "dns map %s: wrong type %s", map->name, map->type);
	map->type = NULL;
	return true;
}

bool sm_map_parse_host(struct sm_map *map, struct mp_slice args)
{
	struct sm_flags r;

	sm_flags_begin(&r, map, args);
	while (sm_flags_next(&r)) {
		if (*r.p == 'd' || *r.p == 'r') {
			detached(&r);
		} else {
			sm_flags_common(&r, "aTmtSD");
		}
		sm_flags_end(&r);
	}
	return true;
}

/* dequote, macro, arith, arpa: they keep the quotes of a key, and only the first flag counts. */
bool sm_map_parse_simple(struct sm_map *map, struct mp_slice args)
{
	struct sm_flags r;

	sm_flags_begin(&r, map, args);
	map->flags |= SM_MAP_KEEP_QUOTES;
	if (sm_flags_next(&r)) {
		if (*r.p == 's') {
			map->blank = single(&r);
		} else {
			sm_flags_common(&r, "aDS");
		}
	}
	return true;
}

bool sm_map_parse_syslog(struct sm_map *map, struct mp_slice args)
{
	static const char *const priorities[] = {
		"EMERG", "ALERT", "CRIT", "ERR", "WARNING", "NOTICE", "INFO", "DEBUG"};
	struct sm_flags r;
	const char *priority = NULL;

	sm_flags_begin(&r, map, args);
	while (sm_flags_next(&r)) {
		if (*r.p == 'L') {
			priority = detached(&r);
			sm_flags_end(&r);
		} else if (sm_flags_common(&r, "DS")) {
			r.p += *r.p != '\0';
		} else {
			sm_map_refuse(map, "Illegal option %c map syslog", *r.p);
			r.p += *r.p != '\0';
		}
	}
	if (priority == NULL || priority[0] == '\0') {
		return true;
	}

	struct mp_slice name = mp_slice_str(priority);

	name = mp_slice_from(name, mp_slice_istarts(name, "LOG_") ? 4 : 0);
	for (size_t i = 0; i < sizeof priorities / sizeof *priorities; i++) {
		if (mp_slice_ieq_str(name, priorities[i])) {
			return true;
		}
	}
	sm_map_refuse(map, "syslog_map_parseargs: Unknown priority %s", name.p);
	return false;
}
