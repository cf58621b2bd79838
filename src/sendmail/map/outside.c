/*
 * outside - maps whose data we cannot see.
 *
 * What a directory, a program or a file that is not here would answer is a question to the world:
 * table.lookup CLASS:NAME KEY. The value matters to sendmail's rules, which compare it word for
 * word. Where it is open, it is the hole "{table.value}", which equals no word; of the access map
 * the words that decide are answers of their own.
 */
#include "base/ascii.h"
#include "sendmail/map/private.h"

static const char *const value_hole = "{table.value}";

struct outside {
	const char *file; /* its existence is a question, or NULL */
};

/* Told from other data by its address. */
static const struct outside no_file;

void sm_map_make_outside(struct sm_map *map, const char *file)
{
	struct outside *o = MP_ARENA_NEW(map->maps->arena, struct outside);

	o->file = file;
	map->data = o;
	map->outside = true;
}

bool sm_map_is_outside(const struct sm_map *map)
{
	return map->outside;
}

/* Classes whose data is a file, or of this program: once it is open, it answers. */
static bool may_fail(const struct sm_map *map)
{
	static const char *const sure[] = {
		"hash", "btree", "dbm", "cdb", "text", "implicit", "stab"};

	for (size_t i = 0; i < sizeof sure / sizeof *sure; i++) {
		if (mp_str_eq(map->class->name, sure[i])) {
			return false;
		}
	}
	return true;
}

/* What the key of an access map asks for: of an address, a network, a name. */
static bool is_access_decision(const char *key)
{
	static const char *const tags[] = {"connect", "from", "to"};
	struct mp_slice s = mp_slice_str(key);
	size_t colon = mp_slice_chr(s, ':');

	if (colon == MP_NOT_FOUND || mp_slice_istarts(s, "ipv6:")) {
		return true;
	}
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		if (mp_slice_ieq_str(mp_slice_sub(s, 0, colon), tags[i])) {
			return true;
		}
	}
	return false;
}

static const char *ask(
	struct sm_map *map, const struct sm_map_call *call, const char *question, const char *key)
{
	static const char *const access[] = {
		"none", "RELAY", "OK", "REJECT", "DISCARD", "other", "tempfail"};
	static const char *const value[] = {"none", "other", "tempfail"};
	bool fails = may_fail(map);

	if (mp_str_ieq(map->name, "access") && is_access_decision(key)) {
		return mp_ask(call->world, question, access, fails ? 7 : 6);
	}
	return mp_ask(call->world, question, value, fails ? 3 : 2);
}

struct sm_map_result sm_map_ask_outside(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	static const char *const there[] = {"found", "none"};
	const struct outside *o = map->outside ? map->data : &no_file;
	bool fold = (map->flags & SM_MAP_KEEP_CASE) == 0;
	const char *asked = fold ? mp_arena_lower(call->arena, mp_slice_str(key)) : key;
	const char *answer;
	struct sm_map_result result;

	if (o->file != NULL) {
		answer = mp_ask(call->world,
			mp_arena_printf(call->arena, "file.exists %s", o->file), there, 2);
		if (!mp_str_eq(answer, "found")) {
			return (map->flags & SM_MAP_OPTIONAL) != 0 ? sm_map_none()
								   : sm_table_absent(map);
		}
	}
	answer = ask(map, call,
		mp_arena_printf(call->arena, "table.lookup %s:%s %s", map->class->name,
			map->file != NULL ? map->file : map->name, asked),
		asked);
	if (mp_str_eq(answer, "none")) {
		return sm_map_none();
	}
	if (mp_str_eq(answer, "tempfail")) {
		return sm_map_tempfail();
	}
	if (!mp_str_eq(answer, "other") && !mp_str_eq(answer, "found")) {
		return sm_map_hit(map, call, key, mp_slice_str(answer), mp_loc(NULL, 0, 0));
	}
	result = sm_map_hit(map, call, key, mp_slice_str(value_hole), mp_loc(NULL, 0, 0));
	result.outside = (map->flags & SM_MAP_MATCH_ONLY) == 0;
	return result;
}

bool sm_user_open(struct sm_map *map)
{
	static const char *const columns[] = {
		"name", "passwd", "uid", "gid", "gecos", "dir", "shell"};

	if (map->value_column == NULL) {
		return true;
	}
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (mp_str_ieq(map->value_column, columns[i])) {
			return true;
		}
	}
	sm_map_problem(map, MP_ERROR, "map/column", map->loc,
		"write name, passwd, uid, gid, gecos, dir or shell behind -v",
		"-v says %s, which is no column of the users: every lookup in the map %s is a "
		"temporary failure",
		map->value_column, map->name);
	return false;
}

struct sm_map_result sm_user_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	const char *column = map->value_column != NULL ? map->value_column : "name";
	/* A name that is none is looked for in lower case, in which accounts are. */
	const char *name = mp_arena_lower(call->arena, mp_slice_str(key));
	const char *value = name;
	struct sm_map_result result;

	/* No account has such a name. */
	if (key[0] == '\0' || key[strcspn(key, "@<>:/ \t")] != '\0') {
		return sm_map_none();
	}
	switch (mp_ask_user(call->world, name)) {
	case MP_NONE:
		return sm_map_none();
	case MP_TEMPFAIL:
		return sm_map_tempfail();
	case MP_FOUND:
		break;
	}
	if (mp_str_ieq(column, "passwd")) {
		value = "x";
	} else if (!mp_str_ieq(column, "name")) {
		value = mp_arena_printf(call->arena, "{user.%s}",
			mp_arena_lower(call->arena, mp_slice_str(column)));
	}
	result = sm_map_hit(map, call, key, mp_slice_str(value), mp_loc(NULL, 0, 0));
	result.outside = value[0] == '{';
	return result;
}
