/* maps - the maps of one configuration: declared, opened, asked. */
#include "base/ascii.h"
#include "sendmail/map/private.h"

static struct sm_map *enter(struct sm_maps *maps, const char *name)
{
	struct mp_slice key = mp_slice_str(mp_arena_lower(maps->arena, mp_slice_str(name)));
	struct sm_map *map = mp_map_get(&maps->by_name, key);

	if (map == NULL) {
		map = MP_ARENA_NEW(maps->arena, struct sm_map);
		map->maps = maps;
		map->name = name;
		mp_map_put(&maps->by_name, key, map);
	}
	return map;
}

struct sm_maps *sm_maps_new(
	struct mp_arena *arena, struct mp_input *input, struct mp_findings *findings)
{
	struct sm_maps *maps = MP_ARENA_NEW(arena, struct sm_maps);

	maps->arena = arena;
	maps->input = input;
	maps->findings = findings;
	maps->options.blank = ' ';
	maps->options.domain = "";
	return maps;
}

static void release(struct sm_map *map)
{
	if (map->data != NULL && map->class != NULL && map->class->release != NULL) {
		map->class->release(map);
	}
	map->data = NULL;
}

void sm_maps_free(struct sm_maps *maps)
{
	if (maps == NULL) {
		return;
	}
	for (size_t i = 0; i < maps->by_name.n; i++) {
		release(maps->by_name.entries[i].value);
	}
	mp_map_release(&maps->by_name);
}

void sm_map_refuse(struct sm_map *map, const char *fmt, ...)
{
	struct sm_maps *maps = map->maps;
	va_list ap;

	if (maps->refusal != NULL) {
		return;
	}
	va_start(ap, fmt);
	maps->refusal = mp_arena_vprintf(maps->arena, fmt, ap);
	va_end(ap);
}

void sm_map_problem(struct sm_map *map, enum mp_severity severity, const char *rule,
	struct mp_loc loc, const char *fix, const char *fmt, ...)
{
	va_list ap;

	if (map->problems++ >= SM_MAP_PROBLEMS) {
		return;
	}
	va_start(ap, fmt);
	mp_finding_add(map->maps->findings, severity, rule, loc, fix, "%s",
		mp_arena_vprintf(map->maps->findings->arena, fmt, ap));
	va_end(ap);
}

static void skip_blanks(struct mp_slice text, size_t *at)
{
	while (*at < text.n && mp_is_space(text.p[*at])) {
		(*at)++;
	}
}

/* The word at *at, which begins with a letter or digit and goes on with them and `more`; what
 * follows it is skipped: one character, and blanks. */
static struct mp_slice take_name(struct mp_slice text, size_t *at, const char *more)
{
	size_t from = *at;

	if (from >= text.n || !mp_is_alnum(text.p[from])) {
		return mp_slice("", 0);
	}
	while (*at < text.n &&
		(mp_is_alnum(text.p[*at]) ||
			(text.p[*at] != '\0' && strchr(more, text.p[*at]) != NULL))) {
		(*at)++;
	}

	struct mp_slice name = mp_slice_sub(text, from, *at);

	*at += *at < text.n;
	skip_blanks(text, at);
	return name;
}

/* The class that a line names; NULL and a refusal when there is none. */
static const struct sm_map_class *named_class(
	struct sm_maps *maps, const char *name, struct mp_slice class)
{
	const struct sm_map_class *found = sm_map_class_find(class);

	if (class.n == 0) {
		maps->refusal = mp_arena_printf(
			maps->arena, "readcf: config K line, map %s: no map class", name);
	} else if (found == NULL) {
		maps->refusal = mp_arena_printf(maps->arena,
			"readcf: map %s: class %.*s not available", name, MP_SLICE_ARG(class));
	}
	return found;
}

const char *sm_maps_declare(
	struct sm_maps *maps, struct mp_slice text, char blank, struct mp_loc loc)
{
	size_t at = 0;

	maps->refusal = NULL;
	text = mp_slice_sub(text, 0, mp_slice_chr(text, '\0'));
	skip_blanks(text, &at);

	const char *name = mp_arena_slicedup(maps->arena, take_name(text, &at, "_."));

	if (name[0] == '\0') {
		return "readcf: config K line: no map name";
	}

	const struct sm_map_class *class = named_class(maps, name, take_name(text, &at, ""));

	if (class == NULL) {
		return maps->refusal;
	}

	struct sm_map *map = enter(maps, name);

	release(map);
	map->class = class;
	map->loc = loc;
	map->blank = class->parse == sm_map_parse_table ? blank : map->blank;
	if (class->parse(map, mp_slice_from(text, at))) {
		map->flags |= SM_MAP_VALID;
	} else {
		/* What an earlier line of the same name has left does not fit this class. */
		map->flags &= ~(unsigned)SM_MAP_VALID;
	}
	return maps->refusal;
}

bool sm_map_open(struct sm_map *map)
{
	if ((map->flags & SM_MAP_VALID) == 0) {
		return false;
	}
	if (map->opened) {
		return true;
	}
	if (map->class->open == NULL || map->class->open(map)) {
		map->opened = true;
		return true;
	}
	if ((map->flags & SM_MAP_OPTIONAL) != 0) {
		map->flags &= ~(unsigned)SM_MAP_VALID;
		return false;
	}
	map->opened = map->bogus = true;
	return true;
}

/* A class that Debian's sendmail does not have: the daemon may refuse to start. */
static void check_build(struct sm_map *map)
{
	if (map->class->build != NULL) {
		sm_map_problem(map, MP_WARNING, "map/class-build", map->loc,
			"see what sendmail -bt -d0.1 says of what it is built with",
			"only a sendmail that is built with %s has the class %s: others refuse to "
			"start",
			map->class->build, map->class->name);
	}
}

/* The maps that are there without a K line, unless a K line has declared them (inithostmaps). */
static void declare_usual(struct sm_maps *maps)
{
	const struct {
		const char *name, *text;
	} usual[] = {{"host", maps->options.level >= 2 ? "host host -a. -D" : "host host"},
		{"aliases.files", "aliases.files null"}, {"aliases", "aliases switch aliases"}};

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		if (sm_maps_find(maps, usual[i].name) == NULL) {
			sm_maps_declare(maps, mp_slice_str(usual[i].text), 0, mp_loc(NULL, 0, 0));
		}
	}
}

void sm_maps_open(struct sm_maps *maps, const struct sm_map_options *options)
{
	maps->options = *options;
	if (maps->options.domain == NULL) {
		maps->options.domain = "";
	}
	declare_usual(maps);
	for (size_t i = 0; i < maps->by_name.n; i++) {
		struct sm_map *map = maps->by_name.entries[i].value;

		check_build(map);
		sm_map_open(map);
	}
}

size_t sm_maps_count(const struct sm_maps *maps)
{
	return maps->by_name.n;
}

struct sm_map *sm_maps_at(const struct sm_maps *maps, size_t i)
{
	return maps->by_name.entries[i].value;
}

struct sm_map *sm_maps_find(const struct sm_maps *maps, const char *name)
{
	char lower[SM_MAP_LINE]; /* as long as a line can be */
	size_t n = strlen(name);

	if (n > sizeof lower) {
		return NULL;
	}
	for (size_t i = 0; i < n; i++) {
		lower[i] = mp_to_lower(name[i]);
	}
	return mp_map_get(&maps->by_name, mp_slice(lower, n));
}

char sm_map_blank(const struct sm_map *map)
{
	return map->blank != 0 ? map->blank : map->maps->options.blank;
}

const char *sm_map_name(const struct sm_map *map)
{
	return map->name;
}

const char *sm_map_class(const struct sm_map *map)
{
	return map->class->name;
}

struct mp_loc sm_map_loc(const struct sm_map *map)
{
	return map->loc;
}

char *sm_without_quotes(const char *text, struct mp_arena *arena)
{
	char *out = mp_arena_alloc(arena, strlen(text) + 1), *to = out;

	for (const char *p = text; *p != '\0'; p++) {
		if (*p == '"') {
			continue;
		}
		if (*p == '\\' && *++p == '\0') {
			break;
		}
		*to++ = *p;
	}
	return out;
}

struct sm_map_result sm_map_ask(struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	return map->bogus ? sm_table_absent(map) : map->class->lookup(map, call, key);
}

struct sm_map_result sm_map_lookup(struct sm_map *map, const struct sm_map_call *call)
{
	const char *key = call->key;

	map->maps->asked = 0;
	if (!sm_map_open(map)) {
		return sm_map_none();
	}
	if (call->deferred && (map->flags & SM_MAP_DEFER) != 0) {
		return (struct sm_map_result){.status = SM_MAP_TEMPFAIL, .temporary = true};
	}
	if ((map->flags & SM_MAP_KEEP_QUOTES) == 0) {
		key = sm_without_quotes(key, call->arena);
	}

	struct sm_map_result result = sm_map_ask(map, call, key);

	if (result.status == SM_MAP_TEMPFAIL) {
		result.temporary = (map->flags & SM_MAP_NO_DEFER) == 0;
		if (map->temp_append != NULL) {
			result.status = SM_MAP_FOUND;
			result.value = mp_arena_printf(call->arena, "%s%s", key, map->temp_append);
		} else if (!result.temporary) {
			result.status = SM_MAP_NONE;
		}
	}
	return result;
}

struct sm_map_result sm_map_lookup_plain(struct sm_map *map, const struct sm_map_call *call)
{
	map->maps->asked = 0;
	return sm_map_open(map) ? sm_map_ask(map, call, call->key) : sm_map_none();
}

bool sm_map_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context)
{
	if (map->maps->nested == 0) {
		map->maps->asked = 0;
	}
	if (!sm_map_open(map) || map->bogus) {
		return true;
	}
	return map->class->entries != NULL && map->class->entries(map, fn, context);
}
