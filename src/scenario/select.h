/*
 * select - which scenarios of a suite a client plays to a listener, and why it leaves out others.
 */
#ifndef MP_SCENARIO_SELECT_H
#define MP_SCENARIO_SELECT_H

#include "scenario/names.h"
#include "scenario/scenario.h"

/* What a run may still cost one server, over all its listeners. */
struct mp_ration {
	bool limited;
	unsigned rejects; /* left, where limited */
	bool delivered; /* it has been chosen for the one message */
};

/* The rations of all servers of a run. Empty with {0}. */
struct mp_rations {
	struct mp_ration_entry *first;
};

/* Who plays what, where. */
struct mp_selection {
	const char *suite; /* NULL: full */
	enum mp_client_class client;
	enum mp_service service;
	bool intrusive; /* those are wanted, too */
	bool deliver; /* a message may be delivered */
	bool credentials; /* there are some */
	bool certificate; /* there is one */
	const struct mp_names *names; /* for the each.* names; NULL: there are none of these */
	struct mp_ration *ration; /* of the server; NULL: none to keep */
};

enum mp_selected {
	MP_SELECTED, /* play it */
	MP_SELECTED_NOT, /* not of this suite or service: nothing to say about it */
	MP_SELECTED_OTHER_CLIENT, /* skipped: not-reachable-from-here */
	MP_SELECTED_INTRUSIVE, /* skipped: intrusive */
	MP_SELECTED_DELIVERS, /* skipped: unsafe */
	MP_SELECTED_NO_CREDENTIALS, /* skipped: no-credentials */
	MP_SELECTED_NO_CERTIFICATE, /* skipped: no-certificate */
	MP_SELECTED_NO_NAME, /* skipped: there is none to play it with */
	MP_SELECTED_TOO_MANY, /* skipped: names above MP_LIMIT_EACH */
	MP_SELECTED_RATION /* skipped: the server has had its share of the suite's rejects */
};

enum mp_selected mp_select(
	const struct mp_scenario *scenario, const struct mp_selection *selection);

/* A server's ration of a suite (NULL: full) at the beginning of a run. */
struct mp_ration mp_ration_of(const struct mp_scenarios *all, const char *suite);
/* The ration of a server, by whatever name its targets share (without case); made, in the arena,
 * when it is first asked for. */
struct mp_ration *mp_rations_find(struct mp_rations *rations, const char *server,
	const struct mp_scenarios *all, const char *suite, struct mp_arena *arena);

/* A scenario that the selection has something to say about: of one that is played once for each of
 * many names, one play, bound to its name (`with`). */
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

/* Sorts the scenarios into those to be played, those left out for a reason, and the rest, and takes
 * from the server's ration. In the arena. */
struct mp_choices mp_select_all(const struct mp_scenarios *all,
	const struct mp_selection *selection, struct mp_arena *arena);

#endif
