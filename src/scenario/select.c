/* select - which scenarios of a suite a client plays to a listener, and why it leaves out others.
 */
#include "scenario/select.h"

#include "base/vec.h"

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
	if ((scenario->needs & MP_NEED_DELIVER) != 0 && !selection->deliver) {
		return MP_SELECTED_DELIVERS;
	}
	if ((scenario->needs & MP_NEED_CREDENTIALS) != 0 && !selection->credentials) {
		return MP_SELECTED_NO_CREDENTIALS;
	}
	if ((scenario->needs & MP_NEED_CERTIFICATE) != 0 && !selection->certificate) {
		return MP_SELECTED_NO_CERTIFICATE;
	}
	return MP_SELECTED;
}

struct mp_ration mp_ration_of(const struct mp_scenarios *all, const char *suite)
{
	const struct mp_suite *found = suite != NULL ? mp_suite_find(all, suite) : NULL;
	struct mp_ration ration = {0};

	if (found != NULL && found->rejects > 0) {
		ration.limited = true;
		ration.rejects = found->rejects;
	}
	return ration;
}

struct mp_ration_entry {
	const char *server;
	struct mp_ration ration;
	struct mp_ration_entry *next;
};

struct mp_ration *mp_rations_find(struct mp_rations *rations, const char *server,
	const struct mp_scenarios *all, const char *suite, struct mp_arena *arena)
{
	for (struct mp_ration_entry *e = rations->first; e != NULL; e = e->next) {
		if (mp_str_ieq(e->server, server)) {
			return &e->ration;
		}
	}
	struct mp_ration_entry *e = MP_ARENA_NEW(arena, struct mp_ration_entry);
	*e = (struct mp_ration_entry){
		mp_arena_strdup(arena, server), mp_ration_of(all, suite), rations->first};
	rations->first = e;
	return &e->ration;
}

/* How many refusals the scenario expects. */
static unsigned cost_of(const struct mp_scenario *s)
{
	unsigned cost = 0;

	for (size_t i = 0; i <= s->tested; i++) {
		cost += mp_scenario_expects_refusal(s, i);
	}
	return cost;
}

struct chooser {
	const struct mp_selection *selection;
	struct mp_ration *ration; /* NULL: none to keep */
	struct mp_arena *arena;
	MP_VEC(struct mp_choice_of) choices;
};

static void add(struct chooser *c, const struct mp_scenario *s, enum mp_selected selected)
{
	struct mp_choice_of choice = {s, selected};

	mp_vec_push(&c->choices, choice);
}

/* Plays it, where the server's ration still bears it. One message is enough for a server. */
static void add_play(struct chooser *c, const struct mp_scenario *s)
{
	bool delivers = (s->needs & MP_NEED_DELIVER) != 0;
	unsigned cost = cost_of(s);

	if (c->ration == NULL) {
		add(c, s, MP_SELECTED);
		return;
	}
	if ((c->ration->limited && cost > c->ration->rejects) ||
		(delivers && c->ration->delivered)) {
		add(c, s, MP_SELECTED_RATION);
		return;
	}
	c->ration->rejects -= c->ration->limited ? cost : 0;
	c->ration->delivered = c->ration->delivered || delivers;
	add(c, s, MP_SELECTED);
}

/* The scenario with one of its names. */
static const struct mp_scenario *with_name(
	struct chooser *c, const struct mp_scenario *s, const char *name)
{
	struct mp_scenario *play = MP_ARENA_NEW(c->arena, struct mp_scenario);
	const char **lines = mp_arena_array(c->arena, s->line_count, sizeof *lines);

	for (size_t i = 0; i < s->line_count; i++) {
		lines[i] = mp_names_put(s->dialogue[i], s->each, name, c->arena);
	}
	*play = *s;
	play->with = name;
	play->dialogue = lines;
	return play;
}

static void add_each(struct chooser *c, const struct mp_scenario *s)
{
	static const struct mp_names nothing;
	const struct mp_names *names = c->selection->names;
	const struct mp_name_list *list = mp_names_each(names != NULL ? names : &nothing, s->each);

	if (list->n == 0) {
		add(c, s, MP_SELECTED_NO_NAME);
	}
	for (size_t i = 0; i < list->n; i++) {
		add_play(c, with_name(c, s, list->v[i]));
	}
	if (list->left_out > 0) {
		struct mp_scenario *rest = MP_ARENA_NEW(c->arena, struct mp_scenario);
		*rest = *s;
		rest->with = mp_arena_printf(c->arena, "%zu more names", list->left_out);
		add(c, rest, MP_SELECTED_TOO_MANY);
	}
}

struct mp_choices mp_select_all(const struct mp_scenarios *all,
	const struct mp_selection *selection, struct mp_arena *arena)
{
	struct chooser c = {.selection = selection, .ration = selection->ration, .arena = arena};

	for (size_t i = 0; i < all->list.n; i++) {
		const struct mp_scenario *s = all->list.v[i];
		enum mp_selected selected = mp_select(s, selection);
		if (selected == MP_SELECTED && s->each != NULL) {
			add_each(&c, s);
		} else if (selected == MP_SELECTED) {
			add_play(&c, s);
		} else if (selected != MP_SELECTED_NOT) {
			add(&c, s, selected);
		}
	}
	struct mp_choice_of *v = mp_arena_array(arena, c.choices.n, sizeof *v);
	const struct mp_scenario **played = mp_arena_array(arena, c.choices.n, sizeof *played);
	struct mp_choices out = {.v = v, .n = c.choices.n, .played = played};
	for (size_t i = 0; i < out.n; i++) {
		v[i] = c.choices.v[i];
		if (v[i].selected == MP_SELECTED) {
			played[out.played_count++] = v[i].scenario;
		}
	}
	mp_vec_release(&c.choices);
	return out;
}
