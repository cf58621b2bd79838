/* hole - names that the configuration leaves open. */
#include "postfix/lookup/hole.h"

#include "postfix/config/hostname.h"

/* The first hole of a text: where it is, braces included; n is 0 when there is none. */
static struct mp_slice find_hole(const char *text)
{
	static const char *const questions[] = {"{host.name}", "{host.domain}", "{file.text "};
	for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
		const char *start = strstr(text, questions[i]);
		const char *end = start != NULL ? strchr(start, '}') : NULL;
		if (end != NULL) {
			return mp_slice(start, (size_t)(end - start) + 1);
		}
	}
	return mp_slice(text, 0);
}

bool pf_has_hole(const char *text)
{
	return find_hole(text).n > 0;
}

/* Whether the hole of `open` can be filled so that it becomes `name`; then the world decides. */
static bool fills(
	struct mp_world *world, struct mp_arena *arena, const char *open, const char *name)
{
	struct mp_slice hole = find_hole(open), whole = mp_slice_str(name);
	const char *after = hole.p + hole.n;
	size_t before = (size_t)(hole.p - open), behind = strlen(after);
	if (hole.n == 0 || pf_has_hole(name) || whole.n <= before + behind ||
		!mp_slice_ieq(mp_slice(open, before), mp_slice_sub(whole, 0, before)) ||
		!mp_slice_ieq_str(mp_slice_from(whole, whole.n - behind), after)) {
		return false;
	}
	struct mp_slice value = mp_slice_sub(whole, before, whole.n - behind);
	bool host = mp_slice_eq_str(hole, "{host.name}");
	/* Postfix qualifies a host name without a dot. */
	if (!pf_valid_utf8_hostname(value) || (host && mp_slice_chr(value, '.') == MP_NOT_FOUND)) {
		return false;
	}
	return mp_ask_is(world, mp_arena_memdup(arena, hole.p + 1, hole.n - 2),
		mp_arena_slicedup(arena, value));
}

bool pf_same_name(struct mp_world *world, struct mp_arena *arena, const char *a, const char *b)
{
	return mp_str_ieq(a, b) || fills(world, arena, a, b) || fills(world, arena, b, a);
}
