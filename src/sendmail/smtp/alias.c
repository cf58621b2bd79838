/*
 * alias - the names in the alias files.
 *
 * "AliasFile=/etc/mail/aliases, nis:mail.aliases": the text of a file is taken for what newaliases
 * made of it; other classes than those of files are not at hand.
 */
#include "sendmail/smtp/alias.h"

#include "base/ascii.h"
#include "sendmail/smtp/session.h"
#include "sendmail/smtp/settings.h"

/* Whether rules leave a name as it is: a word without anything that is special in addresses. */
static bool is_plain(struct mp_slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		if (!mp_is_alnum(name.p[i]) && strchr("._-+=", name.p[i]) == NULL) {
			return false;
		}
	}
	return true;
}

static void add_name(struct sm_cf *cf, struct sm_aliases *aliases, struct mp_slice name)
{
	const char *folded;

	if (!is_plain(name)) {
		aliases->addresses.v = mp_arena_room(cf->arena, aliases->addresses.v,
			aliases->addresses.n, &aliases->addresses.cap, sizeof(const char *), 4);
		aliases->addresses.v[aliases->addresses.n++] = mp_arena_slicedup(cf->arena, name);
		return;
	}
	folded = mp_arena_lower(cf->arena, name);
	mp_map_put(&aliases->names, mp_slice_str(folded), (void *)folded);
}

/* Whether a value begins in the line, or in one that continues it. */
static bool has_value(const struct mp_source *source, uint32_t i, struct mp_slice value)
{
	while (mp_slice_trim(value).n == 0) {
		if (++i >= source->line_count) {
			return false;
		}
		value = mp_loc_line(mp_loc(source, source->lines[i], source->lines[i]));
		if (value.n == 0 || !mp_is_space(value.p[0])) {
			return false;
		}
	}
	return true;
}

static void read_source(
	struct sm_cf *cf, struct sm_aliases *aliases, const struct mp_source *source)
{
	for (uint32_t i = 0; i < source->line_count; i++) {
		struct mp_loc at = mp_loc(source, source->lines[i], source->lines[i]);
		struct mp_slice line = mp_loc_line(at);
		size_t colon = mp_slice_chr(line, ':');
		struct mp_slice name;

		if (line.n == 0 || line.p[0] == '#' || mp_is_space(line.p[0]) ||
			colon == MP_NOT_FOUND ||
			!has_value(source, i, mp_slice_from(line, colon + 1))) {
			continue;
		}
		/* The value begins at the first colon, the name ends at one outside of quotes. */
		name = mp_slice_trim(mp_slice_sub(line, 0, sm_address_end(line, ':')));
		if (name.n > 0) {
			add_name(cf, aliases, name);
		}
	}
}

/* One item of AliasFile: a file, perhaps with a class and flags before it. */
static void read_item(
	struct sm_cf *cf, struct sm_aliases *aliases, struct mp_input *input, struct mp_slice item)
{
	static const char *const files[] = {"hash", "btree", "dbm", "cdb", "text", "implicit"};
	size_t colon = mp_slice_chr(item, ':');
	bool of_file = colon == MP_NOT_FOUND || item.p[0] == '/', optional = false;
	const char *path;
	const struct mp_source *source;

	for (size_t i = 0; i < sizeof files / sizeof *files && !of_file; i++) {
		of_file = mp_slice_ieq_str(mp_slice_sub(item, 0, colon), files[i]);
	}
	if (!of_file) {
		aliases->open = true;
		return;
	}
	if (colon != MP_NOT_FOUND && item.p[0] != '/') {
		item = mp_slice_trim(mp_slice_from(item, colon + 1));
	}
	while (item.n > 0 && item.p[0] == '-') {
		size_t n = mp_slice_chr(item, ' ');

		optional = optional || mp_slice_starts(item, "-o");
		item = mp_slice_trim(mp_slice_from(item, n == MP_NOT_FOUND ? item.n : n));
	}
	path = mp_arena_slicedup(cf->arena, item);
	switch (mp_input_read(input, path, &source, NULL)) {
	case MP_READ_OK:
		read_source(cf, aliases, source);
		break;
	case MP_READ_ABSENT:
		if (mp_input_exists(input, mp_arena_printf(cf->arena, "%s.db", path)) !=
			MP_READ_ABSENT) {
			aliases->open = true;
		} else {
			aliases->missing = aliases->missing || !optional;
		}
		break;
	case MP_READ_OPEN:
	case MP_READ_ERROR:
		aliases->open = true;
		break;
	}
}

struct sm_aliases *sm_aliases_read(struct sm_cf *cf, struct mp_input *input)
{
	struct sm_aliases *aliases = MP_ARENA_NEW(cf->arena, struct sm_aliases);
	struct mp_slice value = mp_slice_str(sm_option_value(cf, "AliasFile", cf->arena));

	for (size_t i = 0; i < value.n;) {
		size_t end = i;

		while (end < value.n && value.p[end] != ',') {
			end++;
		}

		struct mp_slice item = mp_slice_trim(mp_slice_sub(value, i, end));

		i = end + 1;
		if (item.n > 0) {
			read_item(cf, aliases, input, item);
		}
	}
	return aliases;
}

void sm_aliases_release(struct sm_aliases *aliases)
{
	mp_map_release(&aliases->names);
}

bool sm_aliases_has(const struct sm_aliases *aliases, const char *name, struct mp_arena *arena)
{
	return mp_map_get_str(&aliases->names, mp_arena_lower(arena, mp_slice_str(name))) != NULL;
}

enum mp_found sm_aliases_ask(
	const struct sm_aliases *aliases, struct mp_world *world, const char *name)
{
	struct mp_arena *arena = mp_world_arena(world);
	const char *question = mp_arena_printf(
		arena, "alias.exists %s", mp_arena_lower(arena, mp_slice_str(name)));

	if (aliases->open || mp_known_answer(world, question) != NULL) {
		return mp_ask_found(world, question);
	}
	return aliases->missing ? MP_TEMPFAIL : MP_NONE;
}
