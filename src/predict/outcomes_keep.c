/* outcomes_keep - what is kept of a play when its memory goes. */
#include "predict/outcomes_internal.h"
#include "predict/said.h"
#include "result/transcript.h"

const char *mp_keep_text(struct mp_keeper *k, const char *text)
{
	char *kept = mp_map_get_str(&k->texts, text);

	if (kept == NULL) {
		kept = mp_arena_strdup(k->arena, text);
		mp_map_put(&k->texts, mp_slice_str(kept), kept);
	}
	return kept;
}

struct mp_reasons mp_keep_reasons(struct mp_keeper *k, struct mp_reasons because)
{
	struct mp_reason *v = mp_arena_array(k->arena, because.n, sizeof *v);

	for (size_t i = 0; i < because.n; i++) {
		v[i] = (struct mp_reason){because.v[i].loc, mp_keep_text(k, because.v[i].text)};
	}
	return (struct mp_reasons){v, because.n};
}

static struct mp_said keep_said(struct mp_keeper *k, struct mp_said said)
{
	const char **lines = mp_arena_array(k->arena, said.line_count, sizeof *lines);

	for (size_t i = 0; i < said.line_count; i++) {
		lines[i] = mp_keep_text(k, said.lines[i]);
	}
	said.sent = mp_keep_text(k, said.sent);
	said.lines = lines;
	said.any = mp_keep_text(k, said.any);
	said.note = mp_keep_text(k, said.note);
	said.because = mp_keep_reasons(k, said.because);
	return said;
}

/* Of a connection that never came to a greeting. */
static void keep_opening(
	struct mp_keeper *k, const struct mp_plan_played *played, struct mp_predicted *out)
{
	struct mp_sim_reply reply = {
		.kind = played->opening, .because = played->opening_because, .note = played->note};
	struct mp_said *said = MP_ARENA_NEW(k->arena, struct mp_said);

	*said = keep_said(k, mp_said_of("", &reply));
	out->dialogue = said;
	out->dialogue_count = 1;
}

void mp_keep_dialogue(struct mp_keeper *k, const struct mp_plan *plan, size_t check,
	const struct mp_plan_played *played, struct mp_predicted *out)
{
	const struct mp_session_report *report = played->report;
	size_t *list = mp_arena_array(k->arena, report->exchange_count + 1, sizeof *list);
	size_t n = mp_check_exchanges(report, plan, &plan->checks[check], list);

	if (played->opening != MP_SIM_REPLY) {
		keep_opening(k, played, out);
		return;
	}
	struct mp_said *said = mp_arena_array(k->arena, n, sizeof *said);
	for (size_t i = 0; i < n; i++) {
		said[i] = keep_said(
			k, mp_said_of(report->exchanges[list[i]].sent, &played->replies[list[i]]));
	}
	out->dialogue = said;
	out->dialogue_count = n;
}

void mp_keep_assumptions(
	struct mp_keeper *k, const struct mp_world_result *world, struct mp_predicted *out)
{
	size_t best = 0;

	if (world->case_count == 0) {
		return;
	}
	for (size_t i = 1; i < world->case_count; i++) {
		best = world->cases[i].n < world->cases[best].n ? i : best;
	}
	const struct mp_assumptions *when = &world->cases[best];
	const char **list = mp_arena_array(k->arena, when->n, sizeof *list);
	for (size_t i = 0; i < when->n; i++) {
		list[i] = mp_keep_text(k,
			mp_arena_printf(
				k->arena, "%s = %s", when->v[i].question, when->v[i].answer));
	}
	out->assumptions = list;
	out->assumption_count = when->n;
}
