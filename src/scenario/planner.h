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
	unsigned max_rejects; /* expected ones per connection; 0: 9 */
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

/* Makes the plans, in the arena; mp_check.origin is the index into the request's scenarios. Names
 * are bound; a line with a CR, LF or NUL in it is not planned ("missing" names the word). */
struct mp_plans mp_plans_make(const struct mp_plan_request *request, struct mp_arena *arena);

/* The scenarios of a suite that a client of this class plays at this service. Intrusive ones are
 * left out unless wanted. Returned in the arena, in the order of `all`. */
struct mp_selection {
	const char *suite; /* NULL: full */
	enum mp_client_class client;
	enum mp_service service;
	bool intrusive;
	bool credentials; /* there are some */
};

enum mp_selected {
	MP_SELECTED, /* play it */
	MP_SELECTED_NOT, /* not of this suite or service: nothing to say about it */
	MP_SELECTED_OTHER_CLIENT, /* skipped: not-reachable-from-here */
	MP_SELECTED_INTRUSIVE, /* skipped: intrusive */
	MP_SELECTED_NO_CREDENTIALS /* skipped: no-credentials */
};

enum mp_selected mp_select(
	const struct mp_scenario *scenario, const struct mp_selection *selection);

#endif
