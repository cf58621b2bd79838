/* plan - what is left of a plan after a session that kept its reject budget. */
#include "smtp/plan.h"

#include "base/alloc.h"
#include "smtp/session.h"

#include <stdlib.h>

/* Of Postfix by default: 10 errors before it slows down, 20 before it hangs up, 100 idle commands;
 * sendmail slows down after 20. */
const struct mp_budget mp_default_budget = {.rejects = 9, .idle = 20};

const struct mp_plan *mp_plan_greeting(bool implicit_tls)
{
	static const struct mp_step steps[] = {
		{.verb = MP_VERB_GREETING, .role = MP_ROLE_SETUP, .line = "", .after = -1}};
	static const struct mp_plan clear = {.steps = steps, .step_count = 1};
	static const struct mp_plan tls = {.implicit_tls = true, .steps = steps, .step_count = 1};

	return implicit_tls ? &tls : &clear;
}

static bool is_left(const struct mp_check *check, const struct mp_step_result *results)
{
	const struct mp_step_result *r = &results[check->step];

	return r->status == MP_STEP_SKIPPED && r->why == MP_SKIP_BUDGET;
}

/* Keeps a step, those of its transaction, and what they need. Steps only ever need earlier ones, so
 * the recursion ends; its depth is that of the set-up (EHLO, STARTTLS, EHLO, AUTH, MAIL, RCPT). */
static void keep_step(const struct mp_plan *plan, int step, bool *keep)
{
	if (step < 0 || keep[step]) {
		return;
	}
	keep[step] = true;
	keep_step(plan, plan->steps[step].after, keep);
	unsigned unit = plan->steps[step].unit;
	for (size_t i = 0; unit != 0 && i < plan->step_count; i++) {
		if (plan->steps[i].unit == unit) {
			keep_step(plan, (int)i, keep);
		}
	}
}

const struct mp_plan *mp_plan_rest(
	const struct mp_plan *plan, const struct mp_step_result *results, struct mp_arena *arena)
{
	bool *keep = mp_alloc(plan->step_count * sizeof *keep);
	int *moved = mp_alloc(plan->step_count * sizeof *moved);
	struct mp_step *steps = mp_arena_array(arena, plan->step_count, sizeof *steps);
	struct mp_check *checks = mp_arena_array(arena, plan->check_count, sizeof *checks);
	struct mp_plan *rest = MP_ARENA_NEW(arena, struct mp_plan);

	*rest = (struct mp_plan){.budget = plan->budget,
		.implicit_tls = plan->implicit_tls,
		.certificate = plan->certificate,
		.steps = steps,
		.checks = checks};
	keep_step(plan, 0, keep);
	for (size_t i = 0; i < plan->check_count; i++) {
		if (is_left(&plan->checks[i], results)) {
			keep_step(plan, plan->checks[i].step, keep);
			keep_step(plan, plan->checks[i].control, keep);
			checks[rest->check_count++] = plan->checks[i];
		}
	}
	for (size_t i = 0; i < plan->step_count; i++) {
		if (keep[i]) {
			moved[i] = (int)rest->step_count;
			struct mp_step *step = &steps[rest->step_count++];
			*step = plan->steps[i];
			step->after = step->after < 0 ? -1 : moved[step->after];
		}
	}
	for (size_t i = 0; i < rest->check_count; i++) {
		checks[i].step = moved[checks[i].step];
		checks[i].control = checks[i].control < 0 ? -1 : moved[checks[i].control];
	}
	free(keep);
	free(moved);
	return rest->check_count > 0 ? rest : NULL;
}

const struct mp_plan *mp_plan_only(const struct mp_plan *plan, size_t check, struct mp_arena *arena)
{
	bool *keep = mp_alloc(plan->step_count * sizeof *keep);
	bool *left_out = mp_arena_array(arena, plan->step_count, sizeof *left_out);
	struct mp_plan *only = MP_ARENA_NEW(arena, struct mp_plan);

	keep_step(plan, 0, keep);
	keep_step(plan, plan->checks[check].step, keep);
	for (size_t i = 0; i < plan->step_count; i++) {
		left_out[i] = !keep[i];
	}
	*only = *plan;
	only->left_out = left_out;
	free(keep);
	return only;
}
