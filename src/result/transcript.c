/* transcript - a dialogue as the lines of a telnet session. */
#include "result/transcript.h"

#include "base/vec.h"

/* Whether the step leads to the tested one: it, what it needs, and what is of its transaction
 * before it. */
static bool belongs(const struct mp_plan *plan, const struct mp_check *check, int step)
{
	if (step < 0 || step > check->step) {
		return false;
	}
	const struct mp_step *tested = &plan->steps[check->step];
	if (tested->unit != 0 && plan->steps[step].unit == tested->unit) {
		return true;
	}
	for (int at = check->step; at >= 0; at = plan->steps[at].after) {
		if (at == step) {
			return true;
		}
	}
	return false;
}

size_t mp_check_exchanges(const struct mp_session_report *report, const struct mp_plan *plan,
	const struct mp_check *check, size_t *out)
{
	size_t n = 0;

	for (size_t i = 0; i < report->exchange_count; i++) {
		int step = report->exchanges[i].step;
		if (step == 0 || belongs(plan, check, step)) {
			out[n++] = i;
		}
	}
	return n;
}

struct lines {
	struct mp_arena *arena;
	MP_VEC(const char *) v;
};

static void add(struct lines *l, const char *side, struct mp_slice text)
{
	const char *line = mp_arena_printf(l->arena, "%s: %.*s", side, (int)text.n, text.p);

	mp_vec_push(&l->v, line);
}

static struct mp_transcript finish(struct lines *l)
{
	const char **out = mp_arena_array(l->arena, l->v.n, sizeof *out);
	struct mp_transcript t = {out, l->v.n};

	for (size_t i = 0; i < l->v.n; i++) {
		out[i] = l->v.v[i];
	}
	mp_vec_release(&l->v);
	return t;
}

struct mp_transcript mp_transcript_seen(const struct mp_session_report *report,
	const struct mp_plan *plan, const struct mp_check *check, struct mp_arena *arena)
{
	struct lines l = {.arena = arena};
	size_t *list = mp_arena_array(arena, report->exchange_count + 1, sizeof *list);
	size_t n = mp_check_exchanges(report, plan, check, list);

	for (size_t i = 0; i < n; i++) {
		const struct mp_exchange *e = &report->exchanges[list[i]];
		if (e->sent[0] != '\0') {
			add(&l, "C", mp_slice_str(e->sent));
		}
		if (!e->answered) {
			add(&l, "S", mp_slice_str("(no reply)"));
			continue;
		}
		for (size_t k = 0; k < e->reply.line_count; k++) {
			add(&l, "S", e->reply.lines[k]);
		}
	}
	return finish(&l);
}

static const char *instead_of_reply(const struct mp_said *said, struct mp_arena *arena)
{
	switch (said->kind) {
	case MP_SAID_REPLY:
		break;
	case MP_SAID_ANY:
		return mp_arena_printf(arena,
			"(a reply beginning with one of %s, worded by an outside party)",
			said->any);
	case MP_SAID_UNKNOWN:
		return mp_arena_printf(arena, "(unknown: %s)", said->note);
	case MP_SAID_CLOSED:
		return "(connection closed)";
	case MP_SAID_REFUSED:
		return "(connection refused: nothing listens)";
	case MP_SAID_TIMEOUT:
		return "(connected, but no greeting ever comes)";
	}
	return "(no reply)";
}

struct mp_transcript mp_transcript_said(
	const struct mp_said *said, size_t n, struct mp_arena *arena)
{
	struct lines l = {.arena = arena};

	for (size_t i = 0; i < n; i++) {
		if (said[i].sent[0] != '\0') {
			add(&l, "C", mp_slice_str(said[i].sent));
		}
		for (size_t k = 0; k < said[i].line_count; k++) {
			add(&l, "S", mp_slice_str(said[i].lines[k]));
		}
		if (said[i].line_count == 0) {
			add(&l, "S", mp_slice_str(instead_of_reply(&said[i], arena)));
		}
	}
	return finish(&l);
}
