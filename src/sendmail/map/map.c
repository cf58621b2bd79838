/*
 * map - declaring maps, finding them, and what all lookups have in common.
 */
#include "sendmail/map/map.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/limits.h"
#include "sendmail/map/private.h"

struct sm_maps *sm_maps_new(
	struct mp_arena *arena, struct mp_input *input, struct mp_findings *findings)
{
	struct sm_maps *maps = MP_ARENA_NEW(arena, struct sm_maps);

	maps->arena = arena;
	maps->input = input;
	maps->findings = findings;
	maps->options.blank = ' ';
	/* The one that is always there: what $[ name $] asks. */
	sm_maps_declare(maps, mp_slice_str("host host -a."), mp_loc(NULL, 0, 0));
	return maps;
}

void sm_maps_free(struct sm_maps *maps)
{
	for (size_t i = 0; i < maps->list.n; i++) {
		struct sm_map *map = maps->list.v[i];

		if (map->class->release != NULL) {
			map->class->release(map);
		}
		mp_vec_release(&map->entries);
		mp_vec_release(&map->parts);
		mp_map_release(&map->index);
	}
	mp_vec_release(&maps->list);
	mp_map_release(&maps->by_name);
}

static size_t skip(struct mp_slice s, size_t i)
{
	while (i < s.n && mp_is_space(s.p[i])) {
		i++;
	}
	return i;
}

static size_t word_end(struct mp_slice s, size_t i)
{
	while (i < s.n && !mp_is_space(s.p[i])) {
		i++;
	}
	return i;
}

/* A delimiter as it is written: "\t" and "\n" are one character. */
static char delimiter(const char *value)
{
	if (value[0] != '\\') {
		return value[0];
	}
	return (char)(value[1] == 'n' ? '\n' : value[1] == 't' ? '\t' : '\\');
}

/* The flags that most classes have. */
static bool common_flag(struct sm_map *map, char flag, const char *value)
{
	switch (flag) {
	case 'o':
		map->flags |= SM_MAP_OPTIONAL;
		return true;
	case 'f':
		map->flags |= SM_MAP_CASE;
		return true;
	case 'm':
		map->flags |= SM_MAP_MATCH_ONLY;
		return true;
	case 'q':
		map->flags |= SM_MAP_KEEP_QUOTES;
		return true;
	case 'D':
		map->flags |= SM_MAP_DEFER;
		return true;
	case 'A':
		map->flags |= SM_MAP_APPEND_VALUES;
		return true;
	case 'a':
		map->append = value;
		return true;
	case 'T':
		map->append_temporary = value;
		return true;
	case 'S':
		map->blank = value[0];
		map->blank_set = true;
		return true;
	case 'z':
		map->delimiter = delimiter(value);
		return true;
	case 'N':
	case 'O':
	case 't':
		/* How keys end in the file, and maps that are to be asked in deferred mode. */
		return true;
	default:
		return false;
	}
}

/* Reads "-a.FOUND -o ..."; returns the place behind the flags. */
static size_t read_flags(struct sm_map *map, struct mp_slice s, size_t i, const char **wrong)
{
	struct mp_arena *arena = map->maps->arena;

	for (i = skip(s, i); i + 1 < s.n && s.p[i] == '-'; i = skip(s, i)) {
		char flag = s.p[i + 1];
		size_t from = i + 2;

		/* The columns may stand apart from their flag. */
		if (flag == 'k' || flag == 'v') {
			from = skip(s, from);
		}
		i = word_end(s, from);

		const char *value = mp_arena_slicedup(arena, mp_slice_sub(s, from, i));

		if (flag == 'k') {
			map->key_column = value;
		} else if (flag == 'v') {
			map->value_column = value;
		} else if ((map->class->flag == NULL || !map->class->flag(map, flag, value)) &&
			!common_flag(map, flag, value)) {
			*wrong =
				mp_arena_printf(arena, "Illegal option %c map %s", flag, map->name);
		}
	}
	return i;
}

/* The file name, or what the class makes of the rest of the line. */
static const char *read_arguments(struct sm_map *map, struct mp_slice s, size_t i)
{
	struct mp_arena *arena = map->maps->arena;
	size_t end = word_end(s, i);

	if (map->class->arguments != NULL) {
		return map->class->arguments(map, mp_slice_from(s, i));
	}
	if (end > i) {
		map->file = mp_arena_slicedup(arena, mp_slice_sub(s, i, end));
		map->rest = mp_arena_slicedup(arena, mp_slice_trim(mp_slice_from(s, end)));
	}
	if (map->file == NULL && !map->class->file_optional) {
		return mp_arena_printf(
			arena, "No file name for %s map %s", map->class_name, map->name);
	}
	return NULL;
}

static void enter(struct sm_maps *maps, struct sm_map *map)
{
	mp_vec_push(&maps->list, map);
	mp_map_put(&maps->by_name,
		mp_slice_str(mp_arena_lower(maps->arena, mp_slice_str(map->name))), map);
}

const char *sm_maps_declare(struct sm_maps *maps, struct mp_slice text, struct mp_loc loc)
{
	struct mp_arena *arena = maps->arena;
	size_t name = skip(text, 0), i = name, class;
	const char *wrong = NULL, *missing;
	struct sm_map *map;

	while (i < text.n && (mp_is_alnum(text.p[i]) || text.p[i] == '_' || text.p[i] == '.')) {
		i++;
	}
	if (i == name || !mp_is_alnum(text.p[name])) {
		return "readcf: config K line: no map name";
	}
	map = MP_ARENA_NEW(arena, struct sm_map);
	map->maps = maps;
	map->loc = loc;
	map->name = mp_arena_slicedup(arena, mp_slice_sub(text, name, i));
	class = i = skip(text, i + (i < text.n));
	while (i < text.n && mp_is_alnum(text.p[i])) {
		i++;
	}
	if (i == class) {
		return mp_arena_printf(
			arena, "readcf: config K line, map %s: no map class", map->name);
	}
	map->class = sm_map_class_find(mp_slice_sub(text, class, i));
	if (map->class == NULL) {
		return mp_arena_printf(arena, "readcf: map %s: class %.*s not available", map->name,
			MP_SLICE_ARG(mp_slice_sub(text, class, i)));
	}
	map->class_name = mp_arena_lower(arena, mp_slice_sub(text, class, i));
	i = read_flags(map, text, i + (i < text.n), &wrong);
	missing = read_arguments(map, text, i);
	enter(maps, map);
	map->invalid = wrong != NULL || missing != NULL;
	return wrong != NULL ? wrong : missing;
}

void sm_maps_open(struct sm_maps *maps, const struct sm_map_options *options)
{
	maps->options = *options;
	for (size_t i = 0; i < maps->list.n; i++) {
		struct sm_map *map = maps->list.v[i];

		if (!map->blank_set) {
			map->blank = options->blank;
		}
		if (map->class->open != NULL && !map->invalid) {
			map->class->open(map);
		}
	}
}

struct sm_map *sm_maps_find(const struct sm_maps *maps, const char *name)
{
	char folded[256];
	size_t n = strlen(name);

	if (n >= sizeof folded) {
		return NULL;
	}
	for (size_t i = 0; i <= n; i++) {
		folded[i] = mp_to_lower(name[i]);
	}
	return mp_map_get_str(&maps->by_name, folded);
}

char sm_map_blank(const struct sm_map *map)
{
	return map->blank;
}

const char *sm_map_name(const struct sm_map *map)
{
	return map->name;
}

const char *sm_map_class(const struct sm_map *map)
{
	return map->class_name;
}

struct mp_loc sm_map_loc(const struct sm_map *map)
{
	return map->loc;
}

struct sm_map_result sm_map_found(const struct sm_map *map, const struct sm_map_call *call,
	const char *value, bool plain, struct mp_loc loc)
{
	struct mp_buf b;
	char *text;

	mp_buf_init(&b, MP_LIMIT_VALUE);
	if (map->flags & SM_MAP_MATCH_ONLY) {
		value = call->key;
		plain = true;
	}
	for (const char *p = value; *p != '\0'; p++) {
		if (plain || *p != '%' || p[1] == '\0') {
			mp_buf_putc(&b, *p);
		} else if (p[1] == '%') {
			mp_buf_putc(&b, *p++);
		} else if (!mp_is_digit(p[1])) {
			mp_buf_putc(&b, '%');
		} else {
			size_t n = (size_t)(*++p - '0');

			mp_buf_puts(&b,
				n == 0                    ? call->key
					: n <= call->argc ? call->args[n - 1]
							  : "");
		}
	}
	mp_buf_puts(&b, map->append != NULL ? map->append : "");
	text = mp_arena_memdup(call->arena, b.p, b.n);
	mp_buf_release(&b);
	return (struct sm_map_result){SM_MAP_FOUND, text, loc};
}

/* Without its quotes; a backslash protects what follows it, and goes. */
static const char *unquoted(const char *key, struct mp_arena *arena)
{
	char *out = mp_arena_alloc(arena, strlen(key) + 1);
	size_t n = 0;

	for (const char *p = key; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0') {
			out[n++] = *++p;
		} else if (*p != '"' && *p != '\\') {
			out[n++] = *p;
		}
	}
	return out;
}

struct sm_map_result sm_map_look(struct sm_map *map, const struct sm_map_call *call)
{
	struct sm_map_result result;

	if (map->looking || map->invalid) {
		return sm_map_none();
	}
	map->looking = true;
	result = map->class->lookup(map, call);
	map->looking = false;
	return result;
}

struct sm_map_result sm_map_lookup(struct sm_map *map, const struct sm_map_call *call)
{
	struct sm_map_call own = *call;
	struct sm_map_result result;

	if (call->deferred && (map->flags & SM_MAP_DEFER)) {
		return sm_map_tempfail();
	}
	if ((map->flags & SM_MAP_KEEP_QUOTES) == 0) {
		own.key = unquoted(call->key, call->arena);
	}
	result = sm_map_look(map, &own);
	if (result.status == SM_MAP_TEMPFAIL && map->append_temporary != NULL) {
		result.status = SM_MAP_FOUND;
		result.value = mp_arena_printf(call->arena, "%s%s", own.key, map->append_temporary);
	}
	return result;
}

bool sm_map_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context)
{
	return map->class->entries != NULL && map->class->entries(map, fn, context);
}
