/* transcript - a dialogue as the lines of a telnet session. */
#include "result/transcript.h"

#include "base/vec.h"

#include <string.h>

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
	MP_VEC(int) steps;
};

static void add_line(struct lines *l, int step, const char *line)
{
	mp_vec_push(&l->v, line);
	mp_vec_push(&l->steps, step);
}

/* A line is a string; the NUL bytes of a hostile server are shown as \x00. */
static void add(struct lines *l, int step, const char *side, struct mp_slice text)
{
	const char *line = mp_arena_printf(l->arena, "%s: ", side);
	size_t end;

	while ((end = mp_slice_chr(text, '\0')) != MP_NOT_FOUND) {
		line = mp_arena_printf(l->arena, "%s%s\\x00", line,
			mp_arena_slicedup(l->arena, mp_slice_sub(text, 0, end)));
		text = mp_slice_from(text, end + 1);
	}
	add_line(l, step,
		mp_arena_printf(l->arena, "%s%s", line, mp_arena_slicedup(l->arena, text)));
}

static struct mp_transcript finish(struct lines *l)
{
	const char **out = mp_arena_array(l->arena, l->v.n, sizeof *out);
	int *steps = mp_arena_array(l->arena, l->v.n, sizeof *steps);
	struct mp_transcript t = {out, steps, l->v.n};

	for (size_t i = 0; i < l->v.n; i++) {
		out[i] = l->v.v[i];
		steps[i] = l->steps.v[i];
	}
	mp_vec_release(&l->v);
	mp_vec_release(&l->steps);
	return t;
}

static void add_exchange(struct lines *l, const struct mp_exchange *e)
{
	if (e->sent[0] != '\0') {
		add(l, e->step, "C", mp_slice_str(e->sent));
	}
	for (size_t k = 0; e->answered && k < e->reply.line_count; k++) {
		add(l, e->step, "S", e->reply.lines[k]);
	}
	if (!e->answered && e->rest.n > 0) {
		struct mp_slice rest = e->rest;
		while (rest.n > 0) {
			size_t end = mp_slice_chr(rest, '\n');
			add(l, e->step, "S", mp_slice_trim(mp_slice_sub(rest, 0, end)));
			rest = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(rest, end + 1);
		}
		add_line(l, e->step, "(broken off)");
	} else if (!e->answered) {
		add_line(l, e->step, "(no reply)");
	}
}

/* Why nothing follows, where the session ended before its time. */
static void add_end(struct lines *l, const struct mp_session_report *report,
	const struct mp_exchange *last, const struct mp_check *check)
{
	bool tested = last != NULL && last->step == check->step && last->answered;

	if (report->failure != MP_FAIL_NONE && !tested &&
		(last == NULL || last == &report->exchanges[report->exchange_count - 1])) {
		add_line(l, -1, mp_arena_printf(l->arena, "(%s)", report->failure_text));
	}
}

struct mp_transcript mp_transcript_seen(const struct mp_session_report *report,
	const struct mp_plan *plan, const struct mp_check *check, struct mp_arena *arena)
{
	struct lines l = {.arena = arena};
	size_t *list = mp_arena_array(arena, report->exchange_count + 1, sizeof *list);
	size_t n = mp_check_exchanges(report, plan, check, list);
	const struct mp_exchange *last = NULL;

	for (size_t i = 0; i < n; i++) {
		const struct mp_exchange *e = &report->exchanges[list[i]];
		if (e->tls && (last == NULL || !last->tls)) {
			add_line(&l, e->step, "(TLS begins)");
		}
		add_exchange(&l, e);
		last = e;
	}
	add_end(&l, report, last, check);
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
			add(&l, -1, "C", mp_slice_str(said[i].sent));
		}
		for (size_t k = 0; k < said[i].line_count; k++) {
			add(&l, -1, "S", mp_slice_str(said[i].lines[k]));
		}
		if (said[i].line_count == 0) {
			add(&l, -1, "S", mp_slice_str(instead_of_reply(&said[i], arena)));
		} else if (mp_str_ieq(said[i].sent, "STARTTLS") &&
			strncmp(said[i].lines[0], "220", 3) == 0) {
			add_line(&l, -1, "(TLS begins)");
		}
	}
	return finish(&l);
}
