/* look_around - what is tried beside the targets. */
#include "cli/look_around.h"

/* The least is said: the greeting is read. */
static void greet_only(struct mp_probe_target *t, struct mp_arena *arena)
{
	const struct mp_plan **plan = MP_ARENA_NEW(arena, const struct mp_plan *);

	*plan = mp_plan_greeting(t->implicit_tls);
	t->plans = plan;
	t->plan_count = 1;
}

size_t mp_with_reference(const struct mp_live *live, const struct mp_probe_target *targets,
	size_t n, struct mp_arena *arena, struct mp_probe_target **out)
{
	struct mp_probe_target *all = mp_arena_array(arena, n + 1, sizeof *all);

	if (n > 0) {
		memcpy(all, targets, n * sizeof *all);
	}
	*out = all;
	if (live->reference == NULL) {
		return n;
	}
	all[n] = *live->reference;
	greet_only(&all[n], arena);
	return n + 1;
}

struct others {
	MP_VEC(struct mp_probe_target) v;
};

static bool known(const struct others *others, const struct mp_probe_target *host, unsigned port)
{
	for (size_t i = 0; i < others->v.n; i++) {
		if (others->v.v[i].port == port && mp_str_ieq(others->v.v[i].host, host->host)) {
			return true;
		}
	}
	return false;
}

static void add_others(struct others *others, const struct mp_probe_target *host,
	const struct mp_other_port *ports, size_t n, struct mp_arena *arena)
{
	for (size_t i = 0; i < n; i++) {
		if (known(others, host, ports[i].port)) {
			continue;
		}
		struct mp_probe_target t = *host;
		t.port = ports[i].port;
		t.implicit_tls = ports[i].implicit_tls;
		t.text = mp_arena_printf(
			arena, strchr(t.host, ':') != NULL ? "[%s]:%u" : "%s:%u", t.host, t.port);
		greet_only(&t, arena);
		mp_vec_push(&others->v, t);
	}
}

static int try_others(const struct mp_live *live, const struct others *others,
	struct mp_arena *arena, struct mp_observations *seen, struct mp_err *err)
{
	if (others->v.n == 0) {
		*seen = (struct mp_observations){.arena = arena};
		return 0;
	}
	return mp_probe_run(&live->probe, others->v.v, others->v.n, arena, seen, err);
}

int mp_look_around(const struct mp_live *live, const struct mp_probe_target *targets, size_t n,
	const struct mp_target_seen *seen, mp_other_ports_fn *ports, void *context,
	struct mp_arena *arena, struct mp_reached *out, struct mp_err *err)
{
	struct others others = {0};
	struct mp_observations more;
	const struct mp_target_seen **all = mp_arena_array(arena, n, sizeof *all);

	for (size_t i = 0; i < n; i++) {
		all[i] = &seen[i];
	}
	*out = (struct mp_reached){.seen = all, .n = n};
	if (live->reference != NULL) {
		out->reference = &seen[n];
	}
	for (size_t i = 0; i < n; i++) {
		struct mp_other_port list[MP_OTHER_PORTS];
		if (mp_reach_needs_more(out, &seen[i])) {
			add_others(&others, &targets[i], list, ports(context, i, list), arena);
		}
	}
	int rc = try_others(live, &others, arena, &more, err);
	if (rc == 0 && more.target_count > 0) {
		const struct mp_target_seen **wider =
			mp_arena_array(arena, n + more.target_count, sizeof *wider);
		memcpy(wider, all, n * sizeof *wider);
		for (size_t i = 0; i < more.target_count; i++) {
			wider[n + i] = &more.targets[i];
		}
		out->seen = wider;
		out->n = n + more.target_count;
	}
	mp_vec_release(&others.v);
	return rc;
}
