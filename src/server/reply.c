/* reply - simulated replies compared as a client sees them. */
#include "server/server.h"

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
