/*
 * surface_join - openings of what was found in the cells of a listener.
 *
 * What differs only in its cell becomes one opening from the networks of these cells; what then
 * differs only in one kind of name becomes one opening with all these names; and what differs only
 * in the listener, one on all of them.
 */
#include "predict/surface_internal.h"

#include "base/buf.h"
#include "base/limits.h"

#include <stdlib.h>

/* Reasons of one opening that are listed: of a thousand lines of a table the first ones. */
enum { REASONS_MOST = 8 };

struct values {
	MP_VEC(uint32_t) list;
};

/* Finds that are alike but for their cell, and for the values of what was joined. */
struct group {
	const struct surface_found *first;
	struct values values[SURFACE_ASPECTS];
	MP_VEC(const struct surface_found *) finds;
	const struct mp_cidr *networks;
	size_t network_count;
	const char *const *patterns; /* of addresses */
	size_t pattern_count;
	bool everywhere; /* from all that can connect */
	bool gone; /* joined to another one */
};

struct joiner {
	struct surface_stage *stage;
	const struct surface_choice *choice;
	const struct mp_space *space;
	size_t *place_of; /* of each cell; NO_CELL: nobody can connect from there */
	const struct surface_finds *finds;
	struct mp_arena *arena;
	struct mp_arena scratch;
	MP_VEC(struct group *) groups;
};

static const enum surface_aspect joined[] = {
	SURFACE_NAME, SURFACE_HELO, SURFACE_SENDER, SURFACE_LOGIN, SURFACE_CERTIFICATE};

enum { JOINED = sizeof joined / sizeof joined[0] };

static bool same_reason(const struct mp_reason *a, const struct mp_reason *b)
{
	return a->loc.source == b->loc.source && a->loc.start == b->loc.start &&
		a->loc.end == b->loc.end && mp_str_eq(a->text, b->text);
}

/* ---- keys -------------------------------------------------------------------------------------
 */

static void put_reason(struct mp_buf *key, const struct mp_reason *r)
{
	mp_buf_printf(key, "%p %u %u ", (const void *)r->loc.source, r->loc.start, r->loc.end);
	mp_buf_puts(key, r->text);
	mp_buf_putc(key, '\n');
}

/* The rule that let it in: the item of a list or table behind it is one of many. */
static void put_rule(struct mp_buf *key, struct mp_reasons because)
{
	if (because.n > 0) {
		put_reason(key, &because.v[0]);
	}
}

static void put_rest(struct mp_buf *key, const struct surface_found *f)
{
	mp_buf_printf(key, "%d %d\n", (int)f->end, f->served);
	for (int i = 0; i < SURFACE_ASPECTS; i++) {
		mp_buf_puts(key, f->listed[i] != NULL ? f->listed[i] : "");
		mp_buf_putc(key, '\n');
	}
	for (size_t i = 0; i < f->assumption_count; i++) {
		mp_buf_puts(key, f->assumptions[i]);
		mp_buf_putc(key, '\n');
	}
	put_rule(key, f->because);
}

static struct mp_slice take_key(struct joiner *j, struct mp_buf *key)
{
	struct mp_slice out = mp_slice(mp_arena_memdup(&j->scratch, key->p, key->n), key->n);

	mp_buf_reset(key);
	return out;
}

/* ---- groups -----------------------------------------------------------------------------------
 */

static void group_finds(struct joiner *j)
{
	struct mp_map groups = {0};
	struct mp_buf key;

	mp_buf_init(&key, MP_LIMIT_VALUE);
	for (size_t i = 0; i < j->finds->list.n; i++) {
		const struct surface_found *f = &j->finds->list.v[i];
		mp_buf_put(&key,
			mp_slice((const char *)&f->what.value[SURFACE_NAME],
				sizeof f->what.value - sizeof f->what.value[0]));
		put_rest(&key, f);
		struct mp_slice k = take_key(j, &key);
		struct group *g = mp_map_get(&groups, k);
		if (g == NULL) {
			g = MP_ARENA_NEW(&j->scratch, struct group);
			g->first = f;
			for (int a = 0; a < SURFACE_ASPECTS; a++) {
				mp_vec_push(&g->values[a].list, f->what.value[a]);
			}
			mp_map_put(&groups, k, g);
			mp_vec_push(&j->groups, g);
		}
		mp_vec_push(&g->finds, f);
	}
	mp_buf_release(&key);
	mp_map_release(&groups);
}

/* The cell where it was found, or NO_CELL. */
static size_t cell_of(const struct joiner *j, const struct surface_found *f)
{
	return j->choice->places[f->what.value[SURFACE_ADDRESS]].cell;
}

/* Whether something that was found in a cell lets the group's cases through there, too. */
static bool cell_covers(const struct joiner *j, size_t cell, const struct group *g)
{
	for (size_t i = 0; i < j->finds->list.n; i++) {
		const struct surface_found *f = &j->finds->list.v[i];
		if (cell_of(j, f) == cell && surface_is_wider(j->choice, f, g->first)) {
			return true;
		}
	}
	return false;
}

static bool has_cell(const struct joiner *j, const struct group *g, size_t cell)
{
	for (size_t i = 0; i < g->finds.n; i++) {
		if (cell_of(j, g->finds.v[i]) == cell) {
			return true;
		}
	}
	return false;
}

struct ranges {
	MP_VEC(struct mp_range) list;
};

static void add_cell(struct ranges *ranges, const struct mp_cell *cell)
{
	for (size_t i = 0; i < cell->range_count; i++) {
		mp_vec_push(&ranges->list, cell->ranges[i]);
	}
}

/* A family counts where something can connect from it, and only as a whole. */
static bool is_everywhere(const struct joiner *j, const bool *in)
{
	for (unsigned family = 4; family <= 6; family += 2) {
		bool any = false, all = true;
		for (size_t i = 0; i < j->space->n; i++) {
			if (j->space->cells[i].family == family) {
				any = any || j->place_of[i] != SURFACE_NO_CELL;
				all = all && j->place_of[i] != SURFACE_NO_CELL && in[i];
			}
		}
		if (any && !all) {
			return false;
		}
	}
	return true;
}

/* The networks of a group: of the cells where it was found, or with those in which something wider
 * holds, whichever is told in fewer words. */
static void find_networks(struct joiner *j, struct group *g)
{
	struct ranges own = {0}, wide = {0};
	bool *in = mp_arena_array(&j->scratch, j->space->n, sizeof *in);
	const struct mp_cidr *wider;

	for (size_t i = 0; i < j->space->n; i++) {
		bool here = has_cell(j, g, i);
		in[i] = here ||
			(j->place_of[i] != SURFACE_NO_CELL && g->first->open[j->place_of[i]]);
		if (here) {
			add_cell(&own, &j->space->cells[i]);
		}
		if (in[i]) {
			add_cell(&wide, &j->space->cells[i]);
		}
	}
	g->everywhere = own.list.n > 0 && is_everywhere(j, in);
	g->network_count = mp_ranges_to_networks(own.list.v, own.list.n, &j->scratch, &g->networks);
	size_t n = mp_ranges_to_networks(wide.list.v, wide.list.n, &j->scratch, &wider);
	if (own.list.n > 0 && n < g->network_count) {
		g->networks = wider;
		g->network_count = n;
	}
	mp_vec_release(&own.list);
	mp_vec_release(&wide.list);
}

/* The patterns of addresses by which it was found; those whose example lies where the same holds
 * anyway say nothing. */
static void find_patterns(struct joiner *j, struct group *g)
{
	MP_VEC(const char *) list = {0};

	for (size_t i = 0; i < g->finds.n; i++) {
		const struct surface_found *f = g->finds.v[i];
		if (f->listed[SURFACE_ADDRESS] != NULL && i == 0) {
			mp_vec_push(&list, f->listed[SURFACE_ADDRESS]);
		}
		if (cell_of(j, f) != SURFACE_NO_CELL) {
			continue;
		}
		const struct surface_place *a = &j->choice->places[f->what.value[SURFACE_ADDRESS]];
		const struct mp_cell *cell = mp_space_find(j->space, &a->examples[0]);
		if (g->everywhere ||
			(cell != NULL && cell_covers(j, (size_t)(cell - j->space->cells), g))) {
			continue;
		}
		for (size_t k = 0; k < a->pattern_count; k++) {
			mp_vec_push(&list, a->patterns[k]);
		}
	}
	const char **kept = mp_arena_array(&j->scratch, list.n, sizeof *kept);
	if (list.n > 0) {
		memcpy(kept, list.v, list.n * sizeof *kept);
	}
	g->patterns = kept;
	g->pattern_count = list.n;
	mp_vec_release(&list);
	g->gone = g->network_count == 0 && g->pattern_count == 0;
}

/* ---- joining names ----------------------------------------------------------------------------
 */

static void put_places(struct mp_buf *key, const struct group *g)
{
	mp_buf_printf(key, "%d ", g->everywhere);
	for (size_t i = 0; i < g->network_count && !g->everywhere; i++) {
		mp_buf_put(
			key, mp_slice((const char *)&g->networks[i].ip, sizeof g->networks[i].ip));
		mp_buf_printf(key, "/%u ", g->networks[i].length);
	}
	for (size_t i = 0; i < g->pattern_count; i++) {
		mp_buf_puts(key, g->patterns[i]);
		mp_buf_putc(key, '\n');
	}
}

/* What kind of value it is, where which one does not matter. */
static void put_kind(struct mp_buf *key, const struct surface_values *values, uint32_t index)
{
	const struct surface_value *v = &values->v[index];

	mp_buf_printf(key, "%d%d%d%d\n", v->pattern_count > 0, v->any, v->unverified, v->tls);
}

static void put_values(struct mp_buf *key, const struct values *values)
{
	for (size_t i = 0; i < values->list.n; i++) {
		mp_buf_printf(key, "%u ", values->list.v[i]);
	}
	mp_buf_putc(key, '\n');
}

static void absorb_finds(struct group *into, const struct group *from)
{
	for (size_t i = 0; i < from->finds.n; i++) {
		mp_vec_push(&into->finds, from->finds.v[i]);
	}
}

static void absorb(struct group *into, struct group *from, enum surface_aspect aspect)
{
	for (size_t i = 0; i < from->values[aspect].list.n; i++) {
		mp_vec_push(&into->values[aspect].list, from->values[aspect].list.v[i]);
	}
	absorb_finds(into, from);
	from->gone = true;
}

/* What is open to all leaves nothing to say of what is open to some of them for another reason. */
static void drop_included(struct joiner *j)
{
	for (size_t i = 0; i < j->groups.n; i++) {
		struct group *wide = j->groups.v[i];
		for (size_t k = 0; k < j->groups.n && wide->everywhere && !wide->gone; k++) {
			struct group *g = j->groups.v[k];
			if (k == i || g->gone ||
				!surface_is_wider(j->choice, wide->first, g->first)) {
				continue;
			}
			g->gone = true;
			if (surface_is_wider(j->choice, g->first, wide->first)) {
				absorb_finds(wide, g);
			}
		}
	}
}

static void join_values(struct joiner *j, enum surface_aspect aspect)
{
	struct mp_map groups = {0};
	struct mp_buf key;

	mp_buf_init(&key, MP_LIMIT_VALUE);
	for (size_t i = 0; i < j->groups.n; i++) {
		struct group *g = j->groups.v[i];
		if (g->gone) {
			continue;
		}
		for (int a = SURFACE_NAME; a < SURFACE_ASPECTS; a++) {
			if (a == (int)aspect) {
				put_kind(&key, &j->choice->of[a], g->values[a].list.v[0]);
			} else {
				put_values(&key, &g->values[a]);
			}
		}
		put_places(&key, g);
		put_rest(&key, g->first);
		struct mp_slice k = take_key(j, &key);
		struct group *same = mp_map_get(&groups, k);
		if (same != NULL) {
			absorb(same, g, aspect);
		} else {
			mp_map_put(&groups, k, g);
		}
	}
	mp_buf_release(&key);
	mp_map_release(&groups);
}

/* ---- openings ---------------------------------------------------------------------------------
 */

/* The patterns of all values of an aspect, each once. */
static size_t list_patterns(struct joiner *j, const struct group *g, enum surface_aspect aspect,
	const char *const **out)
{
	size_t n = 0;

	for (size_t i = 0; i < g->values[aspect].list.n; i++) {
		n += j->choice->of[aspect].v[g->values[aspect].list.v[i]].pattern_count;
	}
	struct mp_map seen = {0};
	const char *listed = g->first->listed[aspect];
	const char **list = mp_arena_array(j->arena, n + 1, sizeof *list);
	n = 0;
	if (listed != NULL) {
		list[n++] = listed;
	}
	for (size_t i = 0; i < g->values[aspect].list.n; i++) {
		const struct surface_value *v =
			&j->choice->of[aspect].v[g->values[aspect].list.v[i]];
		for (size_t k = 0; k < v->pattern_count && !(v->any && listed != NULL); k++) {
			if (mp_map_get_str(&seen, v->patterns[k]) == NULL) {
				mp_map_put(&seen, mp_slice_str(v->patterns[k]), j);
				list[n++] = v->patterns[k];
			}
		}
	}
	mp_map_release(&seen);
	*out = list;
	return n;
}

static bool known_reason(const struct mp_reason *v, size_t n, const struct mp_reason *r)
{
	for (size_t i = 0; i < n; i++) {
		if (same_reason(&v[i], r)) {
			return true;
		}
	}
	return false;
}

/* Whether two reasons stand in the same place of a file: defaults do not. */
static bool same_place(const struct mp_reason *a, const struct mp_reason *b)
{
	return a->loc.source != NULL && mp_loc_same(a->loc, b->loc);
}

/* The item of the configuration that decided for the example of a value, in one of its patterns, is
 * for another pattern the one where that is written. */
static struct mp_reason reason_of_pattern(
	const struct surface_value *v, size_t pattern, const struct mp_reason *of_example)
{
	struct mp_reason r = *of_example;

	if (v->written != NULL && same_place(&r, &v->written[0])) {
		r.loc = v->written[pattern].loc;
		if (mp_str_eq(r.text, v->written[0].text)) {
			r.text = v->written[pattern].text;
		}
	}
	return r;
}

struct reasons {
	struct mp_reason *v;
	size_t n, most;
};

static void add_reason(struct reasons *all, struct mp_reason r)
{
	if (all->n < all->most && !known_reason(all->v, all->n, &r)) {
		all->v[all->n++] = r;
	}
}

/* The reasons of a find for every pattern that its values stand for. */
static void add_reasons_of_patterns(
	struct joiner *j, const struct surface_found *f, struct reasons *all)
{
	for (int a = 0; a < SURFACE_ASPECTS; a++) {
		if (a == SURFACE_RECIPIENT || a == SURFACE_ADDRESS) {
			continue;
		}
		const struct surface_value *v = &j->choice->of[a].v[f->what.value[a]];
		for (size_t i = 1; i < v->pattern_count * f->because.n; i++) {
			size_t k = i / v->pattern_count;
			add_reason(
				all, reason_of_pattern(v, i % v->pattern_count, &f->because.v[k]));
		}
	}
}

static bool in_networks(const struct group *g, const struct mp_cidr *net)
{
	for (size_t i = 0; i < g->network_count; i++) {
		if (mp_cidr_contains(&g->networks[i], &net->ip)) {
			return true;
		}
	}
	return false;
}

/* Where the networks are written that are alike to the one that decided for the example. */
static void add_reasons_of_networks(
	struct joiner *j, const struct group *g, const struct mp_reason *r, struct reasons *all)
{
	const struct surface_subject *s = j->stage->subject;
	const char *like = NULL;

	for (size_t i = 0; i < s->distinction_count && like == NULL; i++) {
		const struct mp_distinction *d = &s->distinctions[i];
		if (d->aspect == MP_ASPECT_ADDRESS && same_place(&d->because, r)) {
			like = d->like;
		}
	}
	for (size_t i = 0; i < s->distinction_count && like != NULL; i++) {
		const struct mp_distinction *d = &s->distinctions[i];
		if (d->aspect == MP_ASPECT_ADDRESS && d->like != NULL && mp_str_eq(d->like, like) &&
			d->net.ip.family != 0 && in_networks(g, &d->net) &&
			!same_place(&d->because, r)) {
			add_reason(all, d->because);
		}
	}
}

/* The reasons of the first find, then what others have instead. */
static struct mp_reasons join_reasons(struct joiner *j, const struct group *g)
{
	struct reasons all = {.most = g->first->because.n + REASONS_MOST};

	all.v = mp_arena_array(j->arena, all.most, sizeof *all.v);
	for (size_t i = 0; i < g->finds.n; i++) {
		struct mp_reasons because = g->finds.v[i]->because;
		for (size_t k = 0; k < because.n; k++) {
			add_reason(&all, because.v[k]);
		}
	}
	for (size_t i = 0; i < g->finds.n; i++) {
		add_reasons_of_patterns(j, g->finds.v[i], &all);
	}
	for (size_t i = 0, n = all.n; i < n && !g->everywhere; i++) {
		add_reasons_of_networks(j, g, &all.v[i], &all);
	}
	return (struct mp_reasons){all.v, all.n};
}

/* The reasons of an opening to one of the patterns of a recipient. */
static struct mp_reasons reasons_to(
	struct joiner *j, const struct surface_value *to, size_t pattern, struct mp_reasons because)
{
	struct mp_reason *v = mp_arena_array(j->arena, because.n, sizeof *v);

	for (size_t i = 0; i < because.n; i++) {
		v[i] = reason_of_pattern(to, pattern, &because.v[i]);
	}
	return (struct mp_reasons){v, because.n};
}

static bool is_forgeable(const struct joiner *j, const struct group *g)
{
	const uint32_t *value = g->first->what.value;

	return value[SURFACE_HELO] != 0 || value[SURFACE_SENDER] != 0 ||
		g->first->listed[SURFACE_HELO] != NULL ||
		g->first->listed[SURFACE_SENDER] != NULL ||
		j->choice->of[SURFACE_NAME].v[value[SURFACE_NAME]].unverified ||
		j->choice->of[SURFACE_CERTIFICATE].v[value[SURFACE_CERTIFICATE]].unverified;
}

static void set_from(struct joiner *j, const struct group *g, struct mp_opening *o)
{
	const uint32_t *value = g->first->what.value;

	if (!g->everywhere || g->pattern_count > 0) {
		struct mp_cidr *nets = mp_arena_array(j->arena, g->network_count, sizeof *nets);
		for (size_t i = 0; i < g->network_count; i++) {
			nets[i] = g->networks[i];
		}
		o->from.addresses = nets;
		o->from.address_count = g->everywhere ? 0 : g->network_count;
	}
	const char **patterns = mp_arena_array(j->arena, g->pattern_count, sizeof *patterns);
	for (size_t i = 0; i < g->pattern_count; i++) {
		patterns[i] = g->patterns[i];
	}
	o->from.address_patterns = patterns;
	o->from.address_pattern_count = g->pattern_count;
	o->from.client_name_count = list_patterns(j, g, SURFACE_NAME, &o->from.client_names);
	o->from.sender_count = list_patterns(j, g, SURFACE_SENDER, &o->from.senders);
	o->from.helo_count = list_patterns(j, g, SURFACE_HELO, &o->from.helos);
	o->from.login_count = list_patterns(j, g, SURFACE_LOGIN, &o->from.logins);
	o->from.certificate_count = list_patterns(j, g, SURFACE_CERTIFICATE, &o->from.certificates);
	o->from.tls =
		value[SURFACE_TLS] != 0 || j->choice->of[SURFACE_LOGIN].v[value[SURFACE_LOGIN]].tls;
	o->from.anyone = o->from.address_count == 0 && g->pattern_count == 0 &&
		o->from.client_name_count == 0 && o->from.sender_count == 0 &&
		o->from.helo_count == 0 && o->from.login_count == 0 &&
		o->from.certificate_count == 0;
}

static void add_opening(struct joiner *j, const struct group *g, struct surface_openings *openings)
{
	const struct surface_found *f = g->first;
	const struct surface_value *to =
		&j->choice->of[SURFACE_RECIPIENT].v[f->what.value[SURFACE_RECIPIENT]];
	const char **listener = mp_arena_array(j->arena, 1, sizeof *listener);
	struct mp_opening o = {.to = "anywhere",
		.form = to->form,
		.forgeable = is_forgeable(j, g),
		.discarded = f->end == SURFACE_DISCARDED,
		.intended = f->served && to->pattern_count > 0,
		.listeners = listener,
		.listener_count = 1,
		.assumptions = f->assumptions,
		.assumption_count = f->assumption_count,
		.because = join_reasons(j, g),
		.example = *surface_client(j->stage, &f->what)};

	o.dialogue_count = surface_show(j->stage, f, j->arena, &o.dialogue);
	if (f->listed[SURFACE_RECIPIENT] != NULL && to->pattern_count == 0) {
		o.to = f->listed[SURFACE_RECIPIENT];
		o.intended = f->served;
	}
	listener[0] = j->stage->subject->listener;
	set_from(j, g, &o);
	struct mp_reasons because = o.because;
	for (size_t i = 0; i < to->pattern_count; i++) {
		o.to = to->patterns[i];
		o.because = reasons_to(j, to, i, because);
		mp_vec_push(&openings->list, o);
	}
	if (to->pattern_count == 0) {
		mp_vec_push(&openings->list, o);
	}
}

/* Which place each cell is. */
static size_t *find_places(struct joiner *j)
{
	size_t *place_of = mp_arena_array(&j->scratch, j->space->n, sizeof *place_of);

	for (size_t i = 0; i < j->space->n; i++) {
		place_of[i] = SURFACE_NO_CELL;
	}
	for (size_t i = 0; i < j->choice->place_count; i++) {
		if (j->choice->places[i].cell != SURFACE_NO_CELL) {
			place_of[j->choice->places[i].cell] = i;
		}
	}
	return place_of;
}

void surface_join(struct surface_stage *stage, const struct surface_finds *finds,
	struct surface_openings *openings)
{
	struct joiner j = {.stage = stage,
		.choice = stage->choice,
		.space = stage->subject->space,
		.finds = finds,
		.arena = openings->arena};

	j.place_of = find_places(&j);
	group_finds(&j);
	for (size_t i = 0; i < j.groups.n; i++) {
		find_networks(&j, j.groups.v[i]);
		find_patterns(&j, j.groups.v[i]);
	}
	drop_included(&j);
	for (size_t i = 0; i < JOINED; i++) {
		join_values(&j, joined[i]);
	}
	for (size_t i = 0; i < j.groups.n; i++) {
		struct group *g = j.groups.v[i];
		if (!g->gone) {
			add_opening(&j, g, openings);
		}
		for (int a = 0; a < SURFACE_ASPECTS; a++) {
			mp_vec_release(&g->values[a].list);
		}
		mp_vec_release(&g->finds);
	}
	mp_vec_release(&j.groups);
	mp_arena_release(&j.scratch);
}
