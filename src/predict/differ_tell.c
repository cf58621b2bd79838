/* differ_tell - the differences of two predictions as sentences. */
#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"
#include "predict/differ.h"
#include "predict/judge_internal.h"

#define ALONE "may have mail carried %s only by %s, through %s"

enum { TEXT_MAX = 1000, REPLY_MAX = 100 };

struct teller {
	struct mp_arena *arena;
	const char *left, *right; /* how the sides are called */
	MP_VEC(const char *) told;
};

static void tell(struct teller *t, const char *text)
{
	mp_vec_push(&t->told, text);
}

static void put_list(struct mp_buf *b, const char *between, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mp_buf_printf(b, "%s%s", i > 0 ? between : "", v[i]);
	}
}

static const char *listed(
	struct teller *t, const char *between, const char *const *v, size_t n, const char *none)
{
	struct mp_buf b;

	mp_buf_init(&b, TEXT_MAX);
	put_list(&b, between, v, n);

	const char *text = mp_arena_strdup(t->arena, n > 0 ? b.p : none);

	mp_buf_release(&b);
	return text;
}

/* ---- what is told in one sentence -------------------------------------------------------------
 */

struct group {
	const char *where; /* of scenarios: listener and client */
	const char *contrast; /* what both make of it */
	const char *first; /* of what: a scenario, a client */
	size_t n;
};

static void join_group(
	struct teller *t, struct mp_map *groups, const struct group *found, bool wider)
{
	const char *where = found->where != NULL ? found->where : "";
	const char *key = mp_arena_printf(t->arena, "%d\n%s\n%s", wider, where, found->contrast);
	struct group *g = mp_map_get_str(groups, key);

	if (g == NULL) {
		g = MP_ARENA_NEW(t->arena, struct group);
		*g = *found;
		mp_map_put(groups, mp_slice_str(key), g);
	}
	g->n++;
}

static const char *and_more(struct teller *t, const struct group *g)
{
	return g->n > 1 ? mp_arena_printf(t->arena, " and %zu more", g->n - 1) : "";
}

/* ---- who may have mail carried ----------------------------------------------------------------
 */

static const char *client_of(struct teller *t, const struct mp_opening *o)
{
	const char *who = mp_opening_client(t->arena, o);

	if (o->from.login_count > 0) {
		who = mp_arena_printf(t->arena, "%s who has logged in (%s)", who,
			listed(t, ", ", o->from.logins, o->from.login_count, ""));
	}
	if (o->from.certificate_count > 0) {
		who = mp_arena_printf(t->arena, "%s with a certificate (%s)", who,
			listed(t, ", ", o->from.certificates, o->from.certificate_count, ""));
	}
	return who;
}

static const char *goal_of(struct teller *t, const struct mp_opening *o)
{
	return mp_arena_printf(t->arena, "%s%s%s%s", mp_str_eq(o->to, "anywhere") ? "" : "to ",
		o->to, o->form[0] != '\0' ? " as " : "", o->form);
}

static const char *ways_of(struct teller *t, const struct mp_opening *o)
{
	const char *through = listed(t, ", ", o->listeners, o->listener_count, "nothing");

	return o->assumption_count == 0
		? through
		: mp_arena_printf(t->arena, "%s if %s", through,
			  listed(t, " and ", o->assumptions, o->assumption_count, ""));
}

static const struct mp_opening *one_of(const struct mp_opening_difference *d)
{
	return d->left != NULL ? d->left : d->right;
}

/* What both let the client do, without saying which client. */
static const char *ways_of_both(struct teller *t, const struct mp_opening_difference *d)
{
	const char *goal = goal_of(t, one_of(d));

	if (d->left == NULL) {
		return mp_arena_printf(t->arena, ALONE, goal, t->right, ways_of(t, d->right));
	}
	if (d->right == NULL) {
		return mp_arena_printf(t->arena, ALONE, goal, t->left, ways_of(t, d->left));
	}
	return mp_arena_printf(t->arena,
		"may have mail carried %s by %s through %s, by %s through %s", goal, t->left,
		ways_of(t, d->left), t->right, ways_of(t, d->right));
}

/* Sentences with one end are one: "any client in 192.0.2.10 and 1 more". */
static void tell_openings(struct teller *t, const struct mp_differences *d)
{
	struct mp_map groups = {0};

	for (size_t i = 0; i < d->opening_count; i++) {
		const struct mp_opening_difference *o = &d->openings[i];
		struct group found = {
			.contrast = ways_of_both(t, o), .first = client_of(t, one_of(o))};

		join_group(t, &groups, &found, o->wider);
	}
	for (size_t i = 0; i < groups.n; i++) {
		const struct group *g = groups.entries[i].value;

		tell(t,
			mp_arena_printf(
				t->arena, "%s%s %s", g->first, and_more(t, g), g->contrast));
	}
	mp_map_release(&groups);
}

/* ---- listeners --------------------------------------------------------------------------------
 */

static const char *place_of(struct teller *t, const struct mp_listener_outline *l)
{
	return mp_arena_printf(t->arena, strchr(l->address, ':') != NULL ? "[%s]:%u" : "%s:%u",
		l->address, l->port);
}

static void put_part(struct mp_buf *b, const char *text)
{
	mp_buf_printf(b, "%s%s", b->n > 0 ? ", " : "", text);
}

static void put_auth(
	struct teller *t, struct mp_buf *b, const char *const *v, size_t n, const char *when)
{
	put_part(b,
		mp_arena_printf(t->arena, "%sAUTH%s%s %s", n > 0 ? "" : "no ", n > 0 ? " " : "",
			listed(t, " ", v, n, ""), when));
}

/* What a listener is, as far as the other one is not. */
static const char *outline_of(struct teller *t, const struct mp_listener_outline *l,
	const struct mp_listener_outline *other)
{
	struct mp_buf b;

	mp_buf_init(&b, TEXT_MAX);
	if (!mp_str_eq(l->tls, other->tls)) {
		put_part(&b, mp_arena_printf(t->arena, "TLS %s", l->tls));
	}
	if (!mp_same_texts(l->auth_clear, l->auth_clear_count, other->auth_clear,
		    other->auth_clear_count)) {
		put_auth(t, &b, l->auth_clear, l->auth_clear_count, "in clear");
	}
	if (!mp_same_texts(
		    l->auth_tls, l->auth_tls_count, other->auth_tls, other->auth_tls_count)) {
		put_auth(t, &b, l->auth_tls, l->auth_tls_count, "under TLS");
	}
	if (l->auth_required != other->auth_required) {
		put_part(&b, l->auth_required ? "no mail without login" : "mail without login");
	}
	if (l->certain != other->certain) {
		put_part(&b, l->certain ? "nothing left open" : "something left open");
	}

	const char *text = mp_arena_strdup(t->arena, b.p);

	mp_buf_release(&b);
	return text;
}

static void tell_alone(struct teller *t, const struct mp_listener_outline *l, const char *side)
{
	tell(t,
		mp_arena_printf(t->arena, "only by %s something listens at %s (%s)", side,
			place_of(t, l), l->name));
}

static void tell_listener(struct teller *t, const struct mp_listener_difference *d)
{
	const struct mp_listener_outline *l = d->left, *r = d->right;

	if (l == NULL) {
		tell_alone(t, r, t->right);
	} else if (r == NULL) {
		tell_alone(t, l, t->left);
	} else {
		tell(t,
			mp_arena_printf(t->arena, "%s (%s): %s has %s; %s has %s", l->name,
				place_of(t, l), t->left, outline_of(t, l, r), t->right,
				outline_of(t, r, l)));
	}
}

/* ---- scenarios --------------------------------------------------------------------------------
 */

static const char *word_of(enum mp_outcome outcome)
{
	switch (outcome) {
	case MP_OUTCOME_REFUSED:
		return "refuses it";
	case MP_OUTCOME_ACCEPTED:
		return "accepts it";
	case MP_OUTCOME_ACCEPTED_LOCAL:
		return "takes it for its own users";
	case MP_OUTCOME_ACCEPTED_RELAY:
		return "takes it for relay";
	case MP_OUTCOME_OFFERED:
		return "offers it";
	case MP_OUTCOME_NOT_OFFERED:
		return "does not offer it";
	case MP_OUTCOME_DEPENDS:
		return "leaves it to others";
	case MP_OUTCOME_NOT_REACHED:
		return "does not let it come that far";
	case MP_OUTCOME_NO_SERVICE:
		return "answers nothing at all";
	}
	MP_BUG("outcome out of range");
}

/* The code of the reply that ended it; 0 where that says nothing of the outcome: a keyword, or AUTH
 * that was answered and then given up. */
static unsigned telling_code(const struct mp_predicted *p)
{
	unsigned code = p->dialogue_count > 0 ? p->dialogue[p->dialogue_count - 1].code : 0;
	bool refusal = p->outcome == MP_OUTCOME_REFUSED || p->outcome == MP_OUTCOME_NOT_REACHED;

	if (p->outcome == MP_OUTCOME_OFFERED || p->outcome == MP_OUTCOME_NOT_OFFERED) {
		return 0;
	}
	return refusal == (code >= 400) ? code : 0;
}

/* "refuses it (550)". */
static const char *result_of(struct teller *t, const struct mp_predicted *p)
{
	unsigned code = telling_code(p);
	const char *text = mp_arena_printf(
		t->arena, "%s%s", word_of(p->outcome), p->discarded ? " and throws it away" : "");

	return code != 0 ? mp_arena_printf(t->arena, "%s (%u)", text, code) : text;
}

/* What one side makes of it: "refuses it (550) or takes it for relay (250)". */
static const char *made_of(struct teller *t, const struct mp_predicted *const *v, size_t n)
{
	const char **results = mp_arena_array(t->arena, n, sizeof(*results));
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const char *result = result_of(t, v[i]);
		size_t k = 0;

		while (k < count && !mp_str_eq(results[k], result)) {
			k++;
		}
		if (k == count) {
			results[count++] = result;
		}
	}
	return listed(t, " or ", results, count, "");
}

/* The first outcome that the other side has in no such words; NULL: none. */
static const struct mp_predicted *odd_one(const struct mp_predicted *const *v, size_t n,
	const struct mp_predicted *const *others, size_t m)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < m &&
			(others[k]->outcome != v[i]->outcome ||
				!mp_same_dialogue(v[i], others[k]))) {
			k++;
		}
		if (k == m) {
			return v[i];
		}
	}
	return NULL;
}

/* The outcome that it is to be held against: the first that comes to the same in other words. */
static const struct mp_predicted *against(
	const struct mp_predicted *p, const struct mp_predicted *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i]->outcome == p->outcome && !mp_same_dialogue(v[i], p)) {
			return v[i];
		}
	}
	return v[0];
}

/* What was said at a place of a dialogue, of a reply its line `k`. */
static const char *words_at(struct teller *t, const struct mp_predicted *p, size_t i, size_t k)
{
	if (i >= p->dialogue_count) {
		return "says nothing more";
	}

	const struct mp_said *said = &p->dialogue[i];

	switch (said->kind) {
	case MP_SAID_REPLY: {
		struct mp_slice s = mp_slice_str(k < said->line_count ? said->lines[k] : "");
		return mp_arena_printf(t->arena, "says \"%.*s%s\"",
			MP_SLICE_ARG(mp_slice_sub(s, 0, REPLY_MAX)), s.n > REPLY_MAX ? "..." : "");
	}
	case MP_SAID_ANY:
		return "leaves the words to others";
	case MP_SAID_UNKNOWN:
		return "cannot be followed";
	case MP_SAID_CLOSED:
		return "has closed the connection";
	case MP_SAID_REFUSED:
		return "refuses the connection";
	case MP_SAID_TIMEOUT:
		return "never greets";
	}
	MP_BUG("kind of what was said out of range");
}

/* Where the dialogues part; NULL where they do not. */
static const char *parting(struct teller *t, const struct mp_outcome_difference *d)
{
	const struct mp_predicted *a = odd_one(d->left, d->left_count, d->right, d->right_count);
	const struct mp_predicted *b = a != NULL
		? against(a, d->right, d->right_count)
		: odd_one(d->right, d->right_count, d->left, d->left_count);
	size_t i = 0, k = 0;

	if (b == NULL) {
		return NULL;
	}
	a = a != NULL ? a : against(b, d->left, d->left_count);
	while (i < a->dialogue_count && i < b->dialogue_count &&
		mp_same_said(&a->dialogue[i], &b->dialogue[i])) {
		i++;
	}
	if (i < a->dialogue_count && i < b->dialogue_count) {
		const struct mp_said *x = &a->dialogue[i], *y = &b->dialogue[i];

		while (k < x->line_count && k < y->line_count &&
			mp_str_eq(x->lines[k], y->lines[k])) {
			k++;
		}
	}
	return mp_arena_printf(t->arena, "%s %s, %s %s", t->left, words_at(t, a, i, k), t->right,
		words_at(t, b, i, k));
}

/* What both come to, or, where that is the same at different steps, where they part. */
static const char *results(struct teller *t, const struct mp_outcome_difference *d)
{
	const char *left = made_of(t, d->left, d->left_count);
	const char *right = made_of(t, d->right, d->right_count);
	const char *part = mp_str_eq(left, right) ? parting(t, d) : NULL;

	return part != NULL
		? part
		: mp_arena_printf(t->arena, "%s %s, %s %s", t->left, left, t->right, right);
}

static const char *conditions(struct teller *t, const struct mp_predicted *const *v, size_t n)
{
	struct mp_buf b;

	mp_buf_init(&b, TEXT_MAX);
	for (size_t i = 0; i < n; i++) {
		mp_buf_puts(&b, i > 0 ? ", or " : "");
		put_list(&b, " and ", v[i]->assumptions, v[i]->assumption_count);
		mp_buf_puts(&b, v[i]->assumption_count == 0 ? "nothing" : "");
	}

	const char *text = mp_arena_strdup(t->arena, b.p);

	mp_buf_release(&b);
	return text;
}

static bool is_played(const struct mp_predicted *const *v, size_t n)
{
	return n > 0 && !(v[0]->outcome == MP_OUTCOME_NOT_REACHED && mp_why_is_skip(v[0]->why));
}

/* What both make of it, without saying of what. */
static const char *contrast(struct teller *t, const struct mp_outcome_difference *d)
{
	const char *side, *part;

	switch (d->kind) {
	case MP_DIFFERS_OUTCOME:
		return results(t, d);
	case MP_DIFFERS_WORDS:
		part = parting(t, d);
		return part != NULL ? part : results(t, d);
	case MP_DIFFERS_CONDITION:
		return mp_arena_printf(t->arena, "by %s it rests on %s, by %s on %s", t->left,
			conditions(t, d->left, d->left_count), t->right,
			conditions(t, d->right, d->right_count));
	case MP_DIFFERS_PLAYED:
		side = is_played(d->left, d->left_count) ? t->left : t->right;
		return mp_arena_printf(
			t->arena, "only by %s is there such a client, name or login", side);
	}
	MP_BUG("kind of difference out of range");
}

static const char *where_of(struct teller *t, const struct mp_predicted *p)
{
	return mp_arena_printf(t->arena, "%s, %s%s%s", p->listener, p->client,
		p->network[0] != '\0' ? " of " : "", p->network);
}

static const char *named(struct teller *t, const struct mp_predicted *p)
{
	return p->with[0] != '\0' ? mp_arena_printf(t->arena, "%s with %s", p->scenario, p->with)
				  : p->scenario;
}

static void tell_outcomes(struct teller *t, const struct mp_differences *d)
{
	struct mp_map groups = {0};

	for (size_t i = 0; i < d->outcome_count; i++) {
		const struct mp_outcome_difference *o = &d->outcomes[i];
		const struct mp_predicted *p = o->left_count > 0 ? o->left[0] : o->right[0];
		struct group found = {where_of(t, p), contrast(t, o), named(t, p), 0};

		join_group(t, &groups, &found, o->wider);
	}
	for (size_t i = 0; i < groups.n; i++) {
		const struct group *g = groups.entries[i].value;

		tell(t,
			mp_arena_printf(t->arena, "%s: %s%s: %s", g->where, g->first,
				and_more(t, g), g->contrast));
	}
	mp_map_release(&groups);
}

size_t mp_differences_tell(const struct mp_differences *d, const char *left, const char *right,
	struct mp_arena *arena, const char *const **out)
{
	struct teller t = {.arena = arena, .left = left, .right = right};

	tell_openings(&t, d);
	for (size_t i = 0; i < d->listener_count; i++) {
		tell_listener(&t, &d->listeners[i]);
	}
	tell_outcomes(&t, d);

	size_t n = t.told.n;
	const char **v = mp_arena_array(arena, n + 1, sizeof(*v));

	for (size_t i = 0; i < n; i++) {
		v[i] = t.told.v[i];
	}
	*out = v;
	mp_vec_release(&t.told);
	return n;
}
