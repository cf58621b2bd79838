/*
 * planner - from scenarios to session plans.
 *
 * Scenarios that can share a connection do: their set-up (EHLO, STARTTLS, AUTH) is said once, a
 * dialogue that is the beginning of another rides on it, transactions are separated by RSET, and
 * the control of a group goes before its tests. Connections are cut where the expected rejects
 * would exceed the budget. The same plans are played to the live server and to the simulated one.
 */
#ifndef MP_SCENARIO_PLANNER_H
#define MP_SCENARIO_PLANNER_H

#include "scenario/names.h"
#include "scenario/scenario.h"
#include "smtp/plan.h"

struct mp_plan_request {
	const struct mp_scenarios *all; /* controls are looked up here */
	const struct mp_scenario *const *scenarios; /* to be planned, in this order */
	size_t scenario_count;
	const struct mp_names *names;
	bool implicit_tls; /* the listener begins with TLS: STARTTLS lines are left out */
	bool without_controls; /* the controls' own scenarios say enough */
	unsigned max_rejects; /* expected ones per connection; 0: 9 */
	/* What one connection may cost the server, here and in the plans; NULL: the default here,
	 * and the session's own. */
	const struct mp_budget *budget;
};

/* A scenario that cannot be played. */
struct mp_unplanned {
	size_t origin; /* index into the request's scenarios */
	const char *missing; /* the name that is not known ("local.domain"), or NULL: */
	const char *why; /* it needs a connection without TLS, or one with */
};

struct mp_plans {
	const struct mp_plan *const *v;
	size_t n;
	const struct mp_unplanned *unplanned;
	size_t unplanned_count;
};

/* What one connection to a server with these limits (0: not known) may cost: less than the default
 * where the server bears less. error_limit: so many rejects are too many; idle_limit: so many idle
 * commands are free. */
struct mp_budget mp_budget_for(unsigned error_limit, unsigned idle_limit);

/* Makes the plans, in the arena; mp_check.origin is the index into the request's scenarios. Names
 * are bound; a line with a CR, LF or NUL in it is not planned ("missing" names the word). */
struct mp_plans mp_plans_make(const struct mp_plan_request *request, struct mp_arena *arena);

#endif
