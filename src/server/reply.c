/* reply - simulated replies: those that others word, and how a client compares two. */
#include "server/server.h"

struct mp_sim_reply mp_sim_any(struct mp_arena *arena, const char *digits, const char *note)
{
	static const char all[] = "0123456789";
	char *any = mp_arena_alloc(arena, sizeof all);
	size_t n = 0;

	for (const char *c = all; *c != '\0'; c++) {
		if (strchr(digits, *c) != NULL) {
			any[n++] = *c;
		}
	}
	return (struct mp_sim_reply){.kind = MP_SIM_ANY, .any = any, .note = note};
}

bool mp_sim_reply_equal(const struct mp_sim_reply *a, const struct mp_sim_reply *b)
{
	if (a->kind != b->kind) {
		return false;
	}
	if (a->kind == MP_SIM_ANY) {
		return mp_str_eq(a->any, b->any);
	}
	if (a->kind != MP_SIM_REPLY) {
		return true;
	}
	if (a->code != b->code || a->line_count != b->line_count) {
		return false;
	}
	for (size_t i = 0; i < a->line_count; i++) {
		if (!mp_str_eq(a->lines[i], b->lines[i])) {
			return false;
		}
	}
	return true;
}
