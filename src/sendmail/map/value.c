/* value - what a hit gives (map_rewrite). */
#include "base/ascii.h"
#include "base/buf.h"
#include "sendmail/map/private.h"

/* The value with %0 (the key), %1, ... filled in. What has no argument vanishes; %% is a percent
 * sign, a percent sign before anything else stays. */
static void fill_in(
	struct mp_buf *b, const struct sm_map_call *call, const char *key, struct mp_slice value)
{
	for (size_t i = 0; i < value.n && value.p[i] != '\0'; i++) {
		char c = value.p[i];
		char next = i + 1 < value.n ? value.p[i + 1] : '\0';

		if (c != '%' || next == '\0') {
			mp_buf_putc(b, c);
			continue;
		}
		i++;
		if (!mp_is_digit(next)) {
			if (next != '%') {
				mp_buf_putc(b, '%');
			}
			mp_buf_putc(b, next);
		} else if (next == '0') {
			mp_buf_puts(b, key);
		} else if ((size_t)(next - '0') <= call->argc) {
			mp_buf_puts(b, call->args[next - '1']);
		}
	}
}

struct sm_map_result sm_map_hit(struct sm_map *map, const struct sm_map_call *call, const char *key,
	struct mp_slice value, struct mp_loc loc)
{
	struct mp_buf b;

	mp_buf_init(&b, MP_LIMIT_VALUE);
	if ((map->flags & SM_MAP_MATCH_ONLY) != 0) {
		mp_buf_puts(&b, key);
	} else {
		fill_in(&b, call, key, value);
	}
	mp_buf_puts(&b, map->append != NULL ? map->append : "");

	struct sm_map_result result = {.status = SM_MAP_FOUND,
		.value = mp_arena_slicedup(call->arena, mp_buf_slice(&b)),
		.loc = loc};

	mp_buf_release(&b);
	return result;
}

struct sm_map_result sm_map_plain_hit(
	struct sm_map *map, const struct sm_map_call *call, const char *text)
{
	return (struct sm_map_result){.status = SM_MAP_FOUND,
		.value = mp_arena_printf(
			call->arena, "%s%s", text, map->append != NULL ? map->append : "")};
}
