/* sequence - maps that ask others one after the other: sequence, switch. */
#include "base/ascii.h"
#include "sendmail/map/private.h"

struct sequence {
	struct sm_map *members[SM_MAP_STACK];
	size_t n;
	/* Of a switch: a service switch that is not at hand, and could name other members. */
	const char *unread;
};

static struct sequence *members(struct sm_map *map)
{
	if (map->data == NULL) {
		map->data = MP_ARENA_NEW(map->maps->arena, struct sequence);
	}
	return map->data;
}

static bool is_name(char c)
{
	return mp_is_alnum(c) || c == '_' || c == '.';
}

bool sm_map_parse_sequence(struct sm_map *map, struct mp_slice args)
{
	struct sequence *s = members(map);
	size_t at = 0;

	s->n = 0;
	while (at < args.n) {
		size_t from, to;

		while (at < args.n && mp_is_space(args.p[at])) {
			at++;
		}
		from = at;
		while (at < args.n && is_name(args.p[at])) {
			at++;
		}
		to = at;
		/* One character ends the name, whatever it is; then to the next letter or digit. */
		at += at < args.n;
		while (at < args.n && !mp_is_alnum(args.p[at])) {
			at++;
		}
		if (to == from) {
			continue;
		}

		const char *name =
			mp_arena_slicedup(map->maps->arena, mp_slice_sub(args, from, to));
		struct sm_map *member = sm_maps_find(map->maps, name);

		if (member == NULL) {
			sm_map_refuse(
				map, "Sequence map %s: unknown member map %s", map->name, name);
		} else if (s->n >= SM_MAP_STACK) {
			sm_map_refuse(map, "Sequence map %s: too many member maps (%d max)",
				map->name, SM_MAP_STACK);
		} else {
			s->members[s->n++] = member;
		}
	}
	return true;
}

/* Sequences of sequences grow beyond all bounds: what is deeper or more than this is not followed,
 * and what it would answer is a question. */
static bool goes_too_far(const struct sm_maps *maps)
{
	return maps->nested >= SM_MAP_NESTED || maps->asked >= SM_MAP_ASKED;
}

/* Whether there is a service switch that could name other members than those that are built in. */
static bool may_differ(const struct sequence *s, const struct sm_map_call *call)
{
	static const char *const answers[] = {"none", "found"};

	return s->unread != NULL &&
		mp_str_eq(mp_ask(call->world,
				  mp_arena_printf(call->arena, "file.exists %s", s->unread),
				  answers, 2),
			"found");
}

struct sm_map_result sm_sequence_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key)
{
	const struct sequence *s = map->data;
	bool failed = false;

	if (goes_too_far(map->maps) || (s != NULL && may_differ(s, call))) {
		return sm_map_ask_outside(map, call, key);
	}

	for (size_t i = 0; s != NULL && i < s->n; i++) {
		struct sm_map *member = s->members[i];

		/* A sequence may be made its own member by declaring it twice. */
		if (member == NULL || member->asking || !sm_map_open(member)) {
			continue;
		}
		member->asking = true;
		map->maps->nested++;
		map->maps->asked++;

		struct sm_map_result result = sm_map_ask(member, call, key);

		map->maps->nested--;
		member->asking = false;
		if (result.status == SM_MAP_FOUND) {
			return result;
		}
		failed = failed || result.status == SM_MAP_TEMPFAIL;
	}
	return failed ? sm_map_tempfail() : sm_map_none();
}

bool sm_sequence_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context)
{
	const struct sequence *s = map->data;
	bool all = true;

	if (goes_too_far(map->maps) || (s != NULL && s->unread != NULL)) {
		return false;
	}

	for (size_t i = 0; s != NULL && i < s->n; i++) {
		struct sm_map *member = s->members[i];

		if (member != NULL && !member->asking) {
			member->asking = true;
			map->maps->nested++;
			map->maps->asked++;
			all = sm_map_entries(member, fn, context) && all;
			map->maps->nested--;
			member->asking = false;
		}
	}
	return all;
}

/* The maps that stand for a service: the line of the service switch, else what is built in. */
static struct mp_slice services(struct sm_map *map, struct mp_slice *rest, const char **unread)
{
	static const struct {
		const char *service, *maps;
	} usual[] = {{"aliases", "files"}, {"hosts", "dns files"}};
	const char *path = map->maps->options.service_switch;
	const struct mp_source *source = NULL;
	struct mp_err err = {MP_ERR_NONE, ""};

	*rest = mp_slice("", 0);
	path = path != NULL ? path : "/etc/mail/service.switch";

	enum mp_read read = mp_input_read(map->maps->input, path, &source, &err);

	*unread = read == MP_READ_OPEN || read == MP_READ_ERROR ? path : NULL;
	if (read == MP_READ_OK) {
		struct mp_slice text = source->text, found = *rest;

		while (text.n > 0) {
			size_t end = mp_slice_chr(text, '\n');
			struct mp_slice line = mp_slice_sub(text, 0, end);
			size_t blank;

			text = mp_slice_from(text, end == MP_NOT_FOUND ? text.n : end + 1);
			line = mp_slice_sub(line, 0, mp_slice_chr(line, '#'));
			blank = 0;
			while (blank < line.n && line.p[blank] != ' ' && line.p[blank] != '\t') {
				blank++;
			}
			if (mp_slice_ieq_str(mp_slice_sub(line, 0, blank), map->file) &&
				mp_slice_trim(mp_slice_from(line, blank)).n > 0) {
				found = mp_slice_trim(mp_slice_from(line, blank));
			}
		}
		if (found.n > 0) {
			return found;
		}
	}
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		if (mp_str_eq(map->file, usual[i].service)) {
			return mp_slice_str(usual[i].maps);
		}
	}
	return *rest;
}

bool sm_switch_open(struct sm_map *map)
{
	struct sequence *s = members(map);
	struct mp_slice rest, names = services(map, &rest, &s->unread);
	size_t at = 0;

	s->n = 0;
	while (at < names.n && s->n < SM_MAP_STACK) {
		size_t from = at;

		while (at < names.n && !mp_is_space(names.p[at])) {
			at++;
		}

		const char *name = mp_arena_printf(
			map->maps->arena, "%s.%.*s", map->name, (int)(at - from), names.p + from);

		while (at < names.n && mp_is_space(names.p[at])) {
			at++;
		}
		s->members[s->n] = sm_maps_find(map->maps, name);
		if (s->members[s->n] == NULL) {
			sm_map_problem(map, MP_WARNING, "map/switch-member", map->loc,
				"declare it with a K line of its own",
				"the map %s, which the service switch asks for, is not declared",
				name);
		}
		s->n++;
	}
	return s->n > 0 || s->unread != NULL;
}
