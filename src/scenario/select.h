/*
 * select - which scenarios of a suite a client plays to a listener, and why it leaves out others.
 */
#ifndef MP_SCENARIO_SELECT_H
#define MP_SCENARIO_SELECT_H

#include "scenario/scenario.h"

/* Who plays what where. */
struct mp_selection {
	const char *suite; /* NULL: full */
	enum mp_client_class client;
	enum mp_service service;
	bool intrusive; /* intrusive ones, too */
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

/* A scenario that the selection has something to say about. */
struct mp_choice_of {
	const struct mp_scenario *scenario;
	enum mp_selected selected; /* never SELECTED_NOT */
};

struct mp_choices {
	const struct mp_choice_of *v; /* in the order of `all` */
	size_t n;
	/* Those to be played, in the same order: what a plan request takes. */
	const struct mp_scenario *const *played;
	size_t played_count;
};

/* Sorts the scenarios into those to be played, those left out for a reason, and the rest. In the
 * arena. */
struct mp_choices mp_select_all(const struct mp_scenarios *all,
	const struct mp_selection *selection, struct mp_arena *arena);

#endif
