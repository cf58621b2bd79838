/* outcomes_keep - what is kept of a play when its memory goes. */
#include "predict/judge_internal.h"
#include "predict/outcomes_internal.h"
#include "predict/said.h"
#include "result/transcript.h"

#include <stdio.h>

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
	if (k->of != played) {
		k->of = played;
		k->exchanges =
			mp_arena_array(k->arena, report->exchange_count, sizeof *k->exchanges);
	}
	struct mp_said *said = mp_arena_array(k->arena, n, sizeof *said);
	for (size_t i = 0; i < n; i++) {
		struct mp_said *kept = &k->exchanges[list[i]];
		if (kept->sent == NULL) {
			*kept = keep_said(k,
				mp_said_of(report->exchanges[list[i]].sent,
					&played->replies[list[i]]));
		}
		said[i] = *kept;
	}
	out->dialogue = said;
	out->dialogue_count = n;
}

static const char *keep_assumption(struct mp_keeper *k, const struct mp_assumption *a)
{
	char text[512];

	/* Long ones are made in the arena; most are known already. */
	int n = snprintf(text, sizeof text, "%s = %s", a->question, a->answer);
	if (n < 0 || (size_t)n >= sizeof text) {
		return mp_keep_text(
			k, mp_arena_printf(k->arena, "%s = %s", a->question, a->answer));
	}
	return mp_keep_text(k, text);
}

/* What a case is worth: that of its least likely assumption. */
static enum mp_weight weigh(
	struct mp_keeper *k, const struct mp_assumptions *when, const struct mp_predicted *of)
{
	enum mp_weight worst = MP_WEIGHT_CERTAIN;

	for (size_t i = 0; i < when->n; i++) {
		enum mp_weight w = mp_weigh_assumption(of->dialogue, of->dialogue_count,
			&of->address, keep_assumption(k, &when->v[i]));
		worst = w < worst ? w : worst;
	}
	return worst;
}

void mp_keep_assumptions(
	struct mp_keeper *k, const struct mp_world_result *world, struct mp_predicted *out)
{
	const struct mp_assumptions *best = NULL;
	enum mp_weight weight = MP_WEIGHT_OTHERS;

	for (size_t i = 0; i < world->case_count; i++) {
		const struct mp_assumptions *when = &world->cases[i];
		enum mp_weight w = weigh(k, when, out);
		if (best == NULL || w > weight || (w == weight && when->n < best->n)) {
			best = when;
			weight = w;
		}
	}
	if (best == NULL) {
		return;
	}
	const char **list = mp_arena_array(k->arena, best->n, sizeof *list);
	for (size_t i = 0; i < best->n; i++) {
		list[i] = keep_assumption(k, &best->v[i]);
	}
	out->assumptions = list;
	out->assumption_count = best->n;
}
