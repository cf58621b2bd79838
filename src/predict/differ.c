/* differ - two predictions held against each other. */
#include "predict/differ.h"

#include "base/map.h"
#include "base/vec.h"
#include "predict/judge_internal.h"

enum side { LEFT, RIGHT, SIDES };

/* ---- scenarios --------------------------------------------------------------------------------
 */

/* All outcomes of one scenario that one client plays to one listener. */
struct trial {
	MP_VEC(const struct mp_predicted *) side[SIDES];
};

struct trials {
	struct mp_arena *arena;
	struct mp_map by_key; /* -> struct trial */
};

static void gather(struct trials *t, enum side side, const struct mp_prediction *p)
{
	for (size_t i = 0; i < p->outcome_count; i++) {
		const struct mp_predicted *o = &p->outcomes[i];
		const char *key = mp_arena_printf(t->arena, "%s\n%s\n%s\n%s\n%s", o->listener,
			o->client, o->network, o->scenario, o->with);
		struct trial *trial = mp_map_get_str(&t->by_key, key);

		if (trial == NULL) {
			trial = MP_ARENA_NEW(t->arena, struct trial);
			mp_map_put(&t->by_key, mp_slice_str(key), trial);
		}
		mp_vec_push(&trial->side[side], o);
	}
}

static bool same_outcome(const struct mp_predicted *a, const struct mp_predicted *b)
{
	return a->outcome == b->outcome && a->why == b->why && a->step == b->step &&
		a->discarded == b->discarded && a->control_failed == b->control_failed;
}

bool mp_same_texts(const char *const *a, size_t n, const char *const *b, size_t m)
{
	for (size_t i = 0; i < n && n == m; i++) {
		if (!mp_str_eq(a[i], b[i])) {
			return false;
		}
	}
	return n == m;
}

bool mp_same_said(const struct mp_said *a, const struct mp_said *b)
{
	return a->kind == b->kind && a->code == b->code &&
		mp_same_texts(a->lines, a->line_count, b->lines, b->line_count);
}

bool mp_same_dialogue(const struct mp_predicted *a, const struct mp_predicted *b)
{
	for (size_t i = 0; i < a->dialogue_count && i < b->dialogue_count; i++) {
		if (!mp_same_said(&a->dialogue[i], &b->dialogue[i])) {
			return false;
		}
	}
	return a->dialogue_count == b->dialogue_count;
}

static bool same_condition(const struct mp_predicted *a, const struct mp_predicted *b)
{
	return mp_same_texts(
		a->assumptions, a->assumption_count, b->assumptions, b->assumption_count);
}

/* How far an outcome of one side has its like on the other. */
static int likeness(const struct mp_predicted *a, const struct mp_predicted *b)
{
	return !same_outcome(a, b)        ? MP_DIFFERS_OUTCOME
		: !mp_same_dialogue(a, b) ? MP_DIFFERS_WORDS
		: !same_condition(a, b)   ? MP_DIFFERS_CONDITION
					  : MP_DIFFERS_PLAYED;
}

/* The worst of what the outcomes of one side lack on the other; PLAYED: nothing. */
static int worst(const struct trial *t, enum side mine)
{
	int kind = MP_DIFFERS_PLAYED;
	enum side other = mine == LEFT ? RIGHT : LEFT;

	for (size_t i = 0; i < t->side[mine].n; i++) {
		int best = MP_DIFFERS_OUTCOME;

		for (size_t k = 0; k < t->side[other].n; k++) {
			int like = likeness(t->side[mine].v[i], t->side[other].v[k]);
			best = like > best ? like : best;
		}
		kind = best < kind ? best : kind;
	}
	return kind;
}

static bool has_logged_in(const struct mp_predicted *o)
{
	for (size_t i = 0; i < o->dialogue_count; i++) {
		if (o->dialogue[i].code == 235) {
			return true;
		}
	}
	return false;
}

/* Whether nothing was played: there is no name to do it with, or no login. */
static bool is_idle(const struct mp_predicted *o)
{
	return o->outcome == MP_OUTCOME_NOT_REACHED && mp_why_is_skip(o->why);
}

static bool all_idle(const struct trial *t, enum side side)
{
	for (size_t i = 0; i < t->side[side].n; i++) {
		if (!is_idle(t->side[side].v[i])) {
			return false;
		}
	}
	return true;
}

static bool is_truncated(const struct trial *t, enum side side)
{
	return t->side[side].n > 0 && t->side[side].v[0]->truncated;
}

/* Whether it rests on nothing but what is usual, or what the client can bring about: what others
 * decide may never be so. */
static bool is_decided(const struct mp_said *dialogue, size_t count, const struct mp_ip *client,
	const char *const *assumptions, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (mp_weigh_assumption(dialogue, count, client, assumptions[i]) <
			MP_WEIGHT_VERSION) {
			return false;
		}
	}
	return true;
}

/* Whether an outsider relays, and not only where others have it so. */
static bool relays(const struct trial *t, enum side side)
{
	for (size_t i = 0; i < t->side[side].n; i++) {
		const struct mp_predicted *o = t->side[side].v[i];

		if (o->outcome == MP_OUTCOME_ACCEPTED_RELAY && !o->discarded &&
			mp_str_eq(o->client, "outsider") && !has_logged_in(o) &&
			is_decided(o->dialogue, o->dialogue_count, &o->address, o->assumptions,
				o->assumption_count)) {
			return true;
		}
	}
	return false;
}

static bool has_listener(const struct mp_prediction *p, const char *name)
{
	for (size_t i = 0; i < p->listener_count; i++) {
		if (mp_str_eq(p->listeners[i].name, name)) {
			return true;
		}
	}
	return false;
}

static const struct mp_predicted *const *handed_over(
	struct mp_arena *arena, const struct mp_predicted **v, size_t n)
{
	const struct mp_predicted **out = mp_arena_array(arena, n + 1, sizeof(*out));

	for (size_t i = 0; i < n; i++) {
		out[i] = v[i];
	}
	return out;
}

/* False where nothing differs, or where all of the listener is missing on one side, which is said
 * of the listener. */
static bool compare_trial(struct mp_arena *arena, const struct trial *t,
	const struct mp_prediction *left, const struct mp_prediction *right,
	struct mp_outcome_difference *out)
{
	const struct mp_predicted *any = t->side[t->side[LEFT].n > 0 ? LEFT : RIGHT].v[0];
	bool both = !all_idle(t, LEFT) && !all_idle(t, RIGHT);
	bool none = all_idle(t, LEFT) && all_idle(t, RIGHT);
	int ours = worst(t, LEFT), theirs = worst(t, RIGHT);

	if (!has_listener(left, any->listener) || !has_listener(right, any->listener)) {
		return false;
	}
	*out = (struct mp_outcome_difference){
		.kind = !both ? MP_DIFFERS_PLAYED
			      : (enum mp_difference_kind)(ours < theirs ? ours : theirs),
		.left = handed_over(arena, t->side[LEFT].v, t->side[LEFT].n),
		.left_count = t->side[LEFT].n,
		.right = handed_over(arena, t->side[RIGHT].v, t->side[RIGHT].n),
		.right_count = t->side[RIGHT].n,
		.wider = relays(t, RIGHT) && !relays(t, LEFT) && !is_truncated(t, LEFT),
	};
	return !none && (!both || out->kind != MP_DIFFERS_PLAYED);
}

static bool is_short(const struct mp_predicted *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i]->outcome == MP_OUTCOME_NOT_REACHED) {
			return true;
		}
	}
	return n == 0;
}

/* What a scenario is about: whether mail is taken, or only how the server speaks. */
static bool is_minor(const struct mp_predicted *p)
{
	static const char *const minor[] = {"ehlo", "helo", "vrfy", "etrn", "size"};

	for (size_t i = 0; i < sizeof minor / sizeof *minor; i++) {
		if (mp_str_eq(p->group, minor[i])) {
			return true;
		}
	}
	return false;
}

enum { STEPS = 4, RANKS = STEPS * (MP_DIFFERS_PLAYED + 2) };

/* What the tested step itself shows goes before what ended in front of it. */
static int rank(const struct mp_outcome_difference *d)
{
	int early = is_short(d->left, d->left_count) || is_short(d->right, d->right_count);
	int minor = is_minor(d->left_count > 0 ? d->left[0] : d->right[0]);

	return (d->wider ? 0 : STEPS * (1 + (int)d->kind)) + 2 * minor + early;
}

static void compare_outcomes(const struct mp_prediction *left, const struct mp_prediction *right,
	struct mp_arena *arena, struct mp_differences *out)
{
	struct trials trials = {.arena = arena};
	struct mp_outcome_difference *v, *found;
	int *rank_of; /* -1: no difference */

	gather(&trials, LEFT, left);
	gather(&trials, RIGHT, right);

	size_t n = trials.by_key.n;

	v = mp_arena_array(arena, n, sizeof *v);
	found = mp_arena_array(arena, n, sizeof *found);
	rank_of = mp_arena_array(arena, n, sizeof *rank_of);
	out->outcomes = v;
	for (size_t i = 0; i < n; i++) {
		const struct trial *t = trials.by_key.entries[i].value;

		rank_of[i] = compare_trial(arena, t, left, right, &found[i]) ? rank(&found[i]) : -1;
	}
	/* Ranks are few: a pass for each keeps the order of the scenarios. */
	for (int r = 0; r < RANKS; r++) {
		for (size_t i = 0; i < n; i++) {
			if (rank_of[i] == r) {
				v[out->outcome_count++] = found[i];
				out->wider = out->wider || found[i].wider;
			}
		}
	}
	for (size_t i = 0; i < n; i++) {
		struct trial *t = trials.by_key.entries[i].value;

		mp_vec_release(&t->side[LEFT]);
		mp_vec_release(&t->side[RIGHT]);
	}
	mp_map_release(&trials.by_key);
}

/* ---- listeners --------------------------------------------------------------------------------
 */

static bool same_place(const struct mp_listener_outline *a, const struct mp_listener_outline *b)
{
	return mp_str_eq(a->name, b->name) && mp_str_eq(a->address, b->address) &&
		a->port == b->port;
}

static bool same_listener(const struct mp_listener_outline *a, const struct mp_listener_outline *b)
{
	return mp_str_eq(a->tls, b->tls) && a->auth_required == b->auth_required &&
		a->certain == b->certain &&
		mp_same_texts(
			a->auth_clear, a->auth_clear_count, b->auth_clear, b->auth_clear_count) &&
		mp_same_texts(a->auth_tls, a->auth_tls_count, b->auth_tls, b->auth_tls_count);
}

static const struct mp_listener_outline *like(
	const struct mp_prediction *p, const struct mp_listener_outline *l)
{
	for (size_t i = 0; i < p->listener_count; i++) {
		if (same_place(&p->listeners[i], l)) {
			return &p->listeners[i];
		}
	}
	return NULL;
}

static void compare_listeners(const struct mp_prediction *left, const struct mp_prediction *right,
	struct mp_arena *arena, struct mp_differences *out)
{
	struct mp_listener_difference *v =
		mp_arena_array(arena, left->listener_count + right->listener_count, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < left->listener_count; i++) {
		const struct mp_listener_outline *l = &left->listeners[i], *r = like(right, l);

		if (r == NULL || !same_listener(l, r)) {
			v[n++] = (struct mp_listener_difference){l, r};
		}
	}
	for (size_t i = 0; i < right->listener_count; i++) {
		if (like(left, &right->listeners[i]) == NULL) {
			v[n++] = (struct mp_listener_difference){NULL, &right->listeners[i]};
		}
	}
	out->listeners = v;
	out->listener_count = n;
}

/* ---- who may have mail carried ----------------------------------------------------------------
 */

static bool same_networks(const struct mp_opening *a, const struct mp_opening *b)
{
	for (size_t i = 0; i < a->from.address_count && i < b->from.address_count; i++) {
		const struct mp_cidr *x = &a->from.addresses[i], *y = &b->from.addresses[i];

		if (x->length != y->length || !mp_ip_eq(&x->ip, &y->ip)) {
			return false;
		}
	}
	return a->from.address_count == b->from.address_count;
}

/* What a client must be and say besides its address. */
static bool same_demands(const struct mp_opening *a, const struct mp_opening *b)
{
	return mp_same_texts(a->from.address_patterns, a->from.address_pattern_count,
		       b->from.address_patterns, b->from.address_pattern_count) &&
		mp_same_texts(a->from.client_names, a->from.client_name_count, b->from.client_names,
			b->from.client_name_count) &&
		mp_same_texts(a->from.senders, a->from.sender_count, b->from.senders,
			b->from.sender_count) &&
		mp_same_texts(
			a->from.helos, a->from.helo_count, b->from.helos, b->from.helo_count) &&
		mp_same_texts(
			a->from.logins, a->from.login_count, b->from.logins, b->from.login_count) &&
		mp_same_texts(a->from.certificates, a->from.certificate_count, b->from.certificates,
			b->from.certificate_count) &&
		a->from.anyone == b->from.anyone;
}

static bool same_goal(const struct mp_opening *a, const struct mp_opening *b)
{
	return mp_str_eq(a->to, b->to) && mp_str_eq(a->form, b->form) &&
		a->discarded == b->discarded;
}

static bool same_who(const struct mp_opening *a, const struct mp_opening *b)
{
	return same_goal(a, b) && same_networks(a, b) && same_demands(a, b) &&
		a->from.tls == b->from.tls && a->forgeable == b->forgeable;
}

static bool same_opening(const struct mp_opening *a, const struct mp_opening *b)
{
	return mp_same_texts(a->listeners, a->listener_count, b->listeners, b->listener_count) &&
		mp_same_texts(
			a->assumptions, a->assumption_count, b->assumptions, b->assumption_count);
}

/* Whether some opening with the same demands (but for the address) takes clients of this network.
 */
static bool takes_network(
	const struct mp_surface *s, const struct mp_opening *o, const struct mp_cidr *net)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct mp_opening *p = &s->v[i];

		if (p->discarded || (!mp_str_eq(p->to, "anywhere") && !mp_str_eq(p->to, o->to)) ||
			!same_demands(p, o) || (p->from.tls && !o->from.tls) ||
			p->assumption_count > o->assumption_count) {
			continue;
		}
		for (size_t k = 0; k < p->from.address_count; k++) {
			const struct mp_cidr *have = &p->from.addresses[k];

			if (have->ip.family == net->ip.family && have->length <= net->length &&
				mp_cidr_contains(have, &net->ip)) {
				return true;
			}
		}
	}
	return false;
}

/* Whether clients with the same demands relay there, through whatever listener. */
static bool takes_all(const struct mp_surface *s, const struct mp_opening *o)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct mp_opening *p = &s->v[i];
		bool goal = mp_str_eq(p->to, "anywhere") || same_goal(p, o);
		bool who = p->from.anyone || (same_networks(p, o) && same_demands(p, o));

		if (!p->discarded && goal && who && (!p->from.tls || o->from.tls) &&
			p->assumption_count <= o->assumption_count) {
			return true;
		}
	}
	return false;
}

/* Whether it lets clients relay whom the other side, of which all is known, lets relay nowhere. Who
 * has a login, and the host itself by loopback, is no outsider. */
static bool is_wider(const struct mp_opening *o, const struct mp_surface *others)
{
	if (!is_decided(o->dialogue, o->dialogue_count, &o->example, o->assumptions,
		    o->assumption_count)) {
		return false;
	}
	if (!others->complete || o->from.login_count > 0 || o->discarded || takes_all(others, o)) {
		return false;
	}
	for (size_t i = 0; i < o->from.address_count; i++) {
		const struct mp_cidr *net = &o->from.addresses[i];

		if (!mp_ip_is_loopback(&net->ip) && !takes_network(others, o, net)) {
			return true;
		}
	}
	return o->from.address_count == 0;
}

/* The opening for the same clients; there may be several, by different ways: the same one first. */
static const struct mp_opening *same_in(const struct mp_surface *s, const struct mp_opening *o)
{
	const struct mp_opening *found = NULL;

	for (size_t i = 0; i < s->n; i++) {
		if (same_who(&s->v[i], o)) {
			if (same_opening(&s->v[i], o)) {
				return &s->v[i];
			}
			found = found != NULL ? found : &s->v[i];
		}
	}
	return found;
}

static void compare_openings(const struct mp_surface *left, const struct mp_surface *right,
	struct mp_arena *arena, struct mp_differences *out)
{
	struct mp_opening_difference *v = mp_arena_array(arena, left->n + right->n, sizeof *v);
	size_t n = 0;

	for (int wider = 1; wider >= 0; wider--) {
		for (size_t i = 0; i < right->n; i++) {
			const struct mp_opening *r = &right->v[i], *l = same_in(left, r);

			if ((l == NULL || !same_opening(l, r)) && is_wider(r, left) == wider) {
				v[n++] = (struct mp_opening_difference){l, r, wider == 1};
			}
		}
		out->wider = out->wider || (wider == 1 && n > 0);
	}
	for (size_t i = 0; i < left->n; i++) {
		if (same_in(right, &left->v[i]) == NULL) {
			v[n++] = (struct mp_opening_difference){&left->v[i], NULL, false};
		}
	}
	out->openings = v;
	out->opening_count = n;
}

/* ---- all of it --------------------------------------------------------------------------------
 */

static bool is_incomplete(const struct mp_prediction *p)
{
	for (size_t i = 0; i < p->outcome_count; i++) {
		if (p->outcomes[i].truncated) {
			return true;
		}
	}
	return !p->surface.complete;
}

struct mp_differences mp_predictions_differ(
	const struct mp_prediction *left, const struct mp_prediction *right, struct mp_arena *arena)
{
	struct mp_differences out = {.incomplete = is_incomplete(left) || is_incomplete(right)};

	compare_openings(&left->surface, &right->surface, arena, &out);
	compare_listeners(left, right, arena, &out);
	compare_outcomes(left, right, arena, &out);
	return out;
}
