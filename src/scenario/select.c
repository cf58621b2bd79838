/* select - which scenarios of a suite a client plays to a listener. */
#include "scenario/select.h"

enum mp_selected mp_select(const struct mp_scenario *scenario, const struct mp_selection *selection)
{
	bool implicit = selection->service == MP_SERVICE_SUBMISSIONS;

	if (!mp_scenario_in_suite(scenario, selection->suite != NULL ? selection->suite : "full") ||
		(scenario->services & selection->service) == 0 ||
		(implicit && (scenario->needs & MP_NEED_CLEAR) != 0)) {
		return MP_SELECTED_NOT;
	}
	if (!mp_client_plays(selection->client, scenario->client)) {
		return MP_SELECTED_OTHER_CLIENT;
	}
	if (scenario->impact == MP_IMPACT_INTRUSIVE && !selection->intrusive) {
		return MP_SELECTED_INTRUSIVE;
	}
	if ((scenario->needs & MP_NEED_CREDENTIALS) != 0 && !selection->credentials) {
		return MP_SELECTED_NO_CREDENTIALS;
	}
	return MP_SELECTED;
}

struct mp_choices mp_select_all(const struct mp_scenarios *all,
	const struct mp_selection *selection, struct mp_arena *arena)
{
	struct mp_choice_of *v = mp_arena_array(arena, all->list.n, sizeof *v);
	const struct mp_scenario **played = mp_arena_array(arena, all->list.n, sizeof *played);
	struct mp_choices out = {.v = v, .played = played};

	for (size_t i = 0; i < all->list.n; i++) {
		const struct mp_scenario *s = all->list.v[i];
		enum mp_selected selected = mp_select(s, selection);
		if (selected == MP_SELECTED_NOT) {
			continue;
		}
		v[out.n++] = (struct mp_choice_of){s, selected};
		if (selected == MP_SELECTED) {
			played[out.played_count++] = s;
		}
	}
	return out;
}
