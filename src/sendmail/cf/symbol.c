/* symbol - what a .cf means by a dollar sign. */
#include "sendmail/cf/symbol.h"

#include "base/alloc.h"
#include "base/map.h"
#include "base/vec.h"

struct sm_names {
	struct mp_arena *arena;
	const char **shown; /* by number: "j", "{client_addr}" */
	size_t n, cap;
	struct mp_map by_name; /* number + 1 as pointer */
};

/* By symbol: how it is written. What only the name or digit behind the dollar sign tells apart from
 * another has no character of its own. */
static const char *const texts[SM_SYM_LAST - SM_SYM_MACRO] = {
	[0] = "$",
	[SM_SYM_ZANY - SM_SYM_MACRO] = "$*",
	[SM_SYM_ANY - SM_SYM_MACRO] = "$+",
	[SM_SYM_ONE - SM_SYM_MACRO] = "$-",
	[SM_SYM_CLASS - SM_SYM_MACRO] = "$=",
	[SM_SYM_NOT_CLASS - SM_SYM_MACRO] = "$~",
	[SM_SYM_REPLACE - SM_SYM_MACRO] = "$",
	[SM_SYM_NET - SM_SYM_MACRO] = "$#",
	[SM_SYM_HOST - SM_SYM_MACRO] = "$@",
	[SM_SYM_USER - SM_SYM_MACRO] = "$:",
	[SM_SYM_CALL - SM_SYM_MACRO] = "$>",
	[SM_SYM_IF - SM_SYM_MACRO] = "$?",
	[SM_SYM_ELSE - SM_SYM_MACRO] = "$|",
	[SM_SYM_FI - SM_SYM_MACRO] = "$.",
	[SM_SYM_HOST_BEGIN - SM_SYM_MACRO] = "$[",
	[SM_SYM_HOST_END - SM_SYM_MACRO] = "$]",
	[SM_SYM_MAP_BEGIN - SM_SYM_MACRO] = "$(",
	[SM_SYM_MAP_END - SM_SYM_MACRO] = "$)",
	[SM_SYM_LATE - SM_SYM_MACRO] = "$&",
};

sm_unit sm_symbol_of(char c)
{
	for (sm_unit i = 0; i < SM_SYM_LAST - SM_SYM_MACRO && c != '\0'; i++) {
		if (texts[i][1] == c) {
			return (sm_unit)(SM_SYM_MACRO + i);
		}
	}
	return c >= '0' && c <= '9' ? SM_SYM_REPLACE : 0;
}

const char *sm_symbol_text(sm_unit symbol)
{
	return symbol >= SM_SYM_MACRO && symbol < SM_SYM_LAST ? texts[symbol - SM_SYM_MACRO] : "";
}

struct sm_names *sm_names_new(struct mp_arena *arena)
{
	struct sm_names *names = MP_ARENA_NEW(arena, struct sm_names);

	names->arena = arena;
	/* Number 0 is nobody's. */
	names->shown = mp_arena_room(arena, NULL, 0, &names->cap, sizeof *names->shown, 128);
	names->shown[0] = "";
	names->n = 1;
	return names;
}

void sm_names_release(struct sm_names *names)
{
	mp_map_release(&names->by_name);
}

unsigned sm_names_id(struct sm_names *names, struct mp_slice name)
{
	void *known = mp_map_get(&names->by_name, name);

	if (known != NULL) {
		return (unsigned)(uintptr_t)known;
	}
	if (names->n >= SM_NAMES_MAX) {
		return SM_NAMES_MAX - 1;
	}
	names->shown = mp_arena_room(
		names->arena, names->shown, names->n, &names->cap, sizeof *names->shown, 128);

	char *shown =
		mp_arena_printf(names->arena, name.n == 1 ? "%.*s" : "{%.*s}", MP_SLICE_ARG(name));
	size_t id = names->n++;

	names->shown[id] = shown;
	mp_map_put(&names->by_name, mp_slice(name.n == 1 ? shown : shown + 1, name.n),
		(void *)(uintptr_t)id);
	return (unsigned)id;
}

unsigned sm_names_find(const struct sm_names *names, const char *name)
{
	return (unsigned)(uintptr_t)mp_map_get_str(&names->by_name, name);
}

const char *sm_names_text(const struct sm_names *names, unsigned id)
{
	return id < names->n ? names->shown[id] : "";
}

size_t sm_names_count(const struct sm_names *names)
{
	return names->n;
}
