/*
 * outcomes_outline - what a listener is: what it offers, and whether a login is needed.
 */
#include "predict/outcomes_internal.h"
#include "smtp/capability.h"

/* More worlds than these are not needed to say that it depends. */
enum { OUTLINE_PLAYS = 64 };

enum { EHLO_CLEAR, EHLO_TLS, LOCAL_CLEAR, FOREIGN_CLEAR, LOCAL_TLS, FOREIGN_TLS, LOOKS };

#define HELLO "EHLO {helo}"
#define UNDER_TLS HELLO, "STARTTLS", HELLO
#define TO_LOCAL "MAIL FROM:<{sender}>", "RCPT TO:<{local.user}@{local.domain}>"
#define TO_FOREIGN "MAIL FROM:<{sender}>", "RCPT TO:<{foreign.user}@{foreign.domain}>"

static const char *const hello[] = {HELLO};
static const char *const hello_tls[] = {UNDER_TLS};
static const char *const local[] = {HELLO, TO_LOCAL};
static const char *const foreign[] = {HELLO, TO_FOREIGN};
static const char *const local_tls[] = {UNDER_TLS, TO_LOCAL};
static const char *const foreign_tls[] = {UNDER_TLS, TO_FOREIGN};

#define LOOK(verb, lines)                                                                          \
	{                                                                                          \
		.id = "outline", .tests = (verb), .tested = sizeof(lines) / sizeof(lines)[0] - 1,  \
		.dialogue = (lines), .line_count = sizeof(lines) / sizeof(lines)[0]                \
	}

static const struct mp_scenario looks[LOOKS] = {
	[EHLO_CLEAR] = LOOK(MP_VERB_EHLO, hello),
	[EHLO_TLS] = LOOK(MP_VERB_EHLO, hello_tls),
	[LOCAL_CLEAR] = LOOK(MP_VERB_RCPT, local),
	[FOREIGN_CLEAR] = LOOK(MP_VERB_RCPT, foreign),
	[LOCAL_TLS] = LOOK(MP_VERB_RCPT, local_tls),
	[FOREIGN_TLS] = LOOK(MP_VERB_RCPT, foreign_tls),
};

/* What one world shows. */
struct look {
	struct mp_capabilities clear, tls;
	bool known; /* everything that was said could be followed */
	bool taken; /* some recipient, or one that could not be tried is not known to be refused,
		     * or the refusal says nothing of a login */
	const char *server;
};

struct outlining {
	struct mp_outcomes *o;
	const struct mp_viewpoint *from;
	struct mp_arena scratch;
	const struct mp_plan *plan;
	int steps[LOOKS]; /* tested step of each look; -1: not played */
};

static void plan_looks(struct outlining *x)
{
	const struct mp_scenario *list[LOOKS];
	const struct mp_scenarios none = {0};
	struct mp_plan_request request = {.all = &none,
		.scenarios = list,
		.scenario_count = LOOKS,
		.names = &x->from->names,
		.implicit_tls = x->from->listener->tls == MP_TLS_IMPLICIT};

	for (size_t i = 0; i < LOOKS; i++) {
		list[i] = &looks[i];
		x->steps[i] = -1;
	}
	struct mp_plans plans = mp_plans_make(&request, &x->scratch);
	x->plan = plans.n > 0 ? plans.v[0] : NULL;
	for (size_t i = 0; x->plan != NULL && i < x->plan->check_count; i++) {
		x->steps[x->plan->checks[i].origin] = x->plan->checks[i].step;
	}
}

static struct mp_capabilities capabilities(
	struct outlining *x, const struct mp_plan_played *played, int look)
{
	int step = x->steps[look];

	if (step < 0 || !played->report->results[step].success) {
		return (struct mp_capabilities){0};
	}
	int at = played->report->results[step].exchange;
	return mp_capabilities_parse(&played->report->exchanges[at].reply, &x->scratch);
}

/* Whether the tested step was refused for an address (class x.1.x of RFC 3463: a sender's domain
 * that does not exist, a user who is not known): that is no want of a login. */
static bool for_an_address(struct outlining *x, const struct mp_plan_played *played, int step)
{
	const struct mp_session_report *report = played->report;

	for (int i = step; i >= 0; i = x->plan->steps[i].after) {
		const struct mp_step_result *r = &report->results[i];
		if (r->status == MP_STEP_PLAYED && !r->success && r->exchange >= 0) {
			return report->exchanges[r->exchange].reply.enhanced.subject == 1;
		}
	}
	return false;
}

static struct look look_at(struct outlining *x, const struct mp_plan_played *played)
{
	bool implicit = x->from->listener->tls == MP_TLS_IMPLICIT;
	struct look seen = {.known = !played->unknown, .server = NULL};

	seen.tls = capabilities(x, played, EHLO_TLS);
	if (!implicit) {
		seen.clear = capabilities(x, played, EHLO_CLEAR);
	} else {
		seen.tls = capabilities(x, played, EHLO_CLEAR);
	}
	const struct mp_capabilities *first = implicit ? &seen.tls : &seen.clear;
	if (first->server.n > 0) {
		seen.server = mp_arena_slicedup(&x->scratch, first->server);
	}
	for (size_t i = 0; i < played->report->exchange_count; i++) {
		seen.known = seen.known && played->replies[i].kind != MP_SIM_ANY;
	}
	for (int i = LOCAL_CLEAR; i < LOOKS; i++) {
		int step = x->steps[i];
		seen.taken = seen.taken || (step >= 0 && played->report->results[step].success);
	}
	seen.taken = seen.taken || for_an_address(x, played, x->steps[LOCAL_CLEAR]) ||
		for_an_address(x, played, x->steps[LOCAL_TLS]);
	/* Without a domain of its own that can be named, nobody knows whether it takes mail for
	 * one. */
	seen.taken = seen.taken || x->steps[LOCAL_CLEAR] < 0 || !seen.known;
	return seen;
}

static size_t mechanisms(
	struct mp_keeper *k, const struct mp_capabilities *caps, const char *const **out)
{
	const struct mp_capability *auth = mp_capability_find(caps, "AUTH");
	struct mp_slice rest = auth != NULL ? auth->parameters : mp_slice("", 0);
	const char **v = mp_arena_array(k->arena, rest.n + 1, sizeof *v);
	size_t n = 0;

	for (;;) {
		struct mp_slice word = mp_capability_word(&rest);
		if (word.n == 0) {
			break;
		}
		v[n++] = mp_keep_text(k, mp_arena_slicedup(k->arena, word));
	}
	*out = v;
	return n;
}

static bool same_words(const char *const *a, size_t an, const char *const *b, size_t bn)
{
	for (size_t i = 0; i < an && an == bn; i++) {
		if (!mp_str_eq(a[i], b[i])) {
			return false;
		}
	}
	return an == bn;
}

/* Adds what a further world shows. */
static void compare_world(
	struct mp_keeper *k, const struct look *seen, struct mp_listener_outline *out)
{
	const char *const *clear, *const *tls;
	size_t clear_count = mechanisms(k, &seen->clear, &clear);
	size_t tls_count = mechanisms(k, &seen->tls, &tls);

	out->certain = out->certain && seen->known &&
		same_words(out->auth_clear, out->auth_clear_count, clear, clear_count) &&
		same_words(out->auth_tls, out->auth_tls_count, tls, tls_count);
	out->auth_required = out->auth_required && !seen->taken;
}

static void read_worlds(struct outlining *x, const struct mp_exploration *worlds,
	struct mp_listener_outline *out, const char **server_name)
{
	struct mp_keeper *k = &x->o->keeper;
	struct look first = look_at(x, worlds->v[0].value);

	out->auth_clear_count = mechanisms(k, &first.clear, &out->auth_clear);
	out->auth_tls_count = mechanisms(k, &first.tls, &out->auth_tls);
	out->auth_required = out->auth_clear_count + out->auth_tls_count > 0 && !worlds->truncated;
	if (first.server != NULL && strchr(first.server, '{') == NULL) {
		*server_name = mp_keep_text(k, first.server);
	}
	for (size_t i = 0; i < worlds->n; i++) {
		struct look seen = look_at(x, worlds->v[i].value);
		compare_world(k, &seen, out);
	}
	out->certain = out->certain && !worlds->truncated;
}

/* Every play is looked at. */
static bool same_play(const void *a, const void *b)
{
	return a == b;
}

struct mp_listener_outline mp_outline_of(
	struct mp_outcomes *o, const struct mp_viewpoint *from, const char **server_name)
{
	static const char *const tls[] = {[MP_TLS_NONE] = "none",
		[MP_TLS_STARTTLS] = "starttls",
		[MP_TLS_IMPLICIT] = "implicit"};
	static const struct mp_explore_ops ops = {
		.play = mp_plan_play_world, .equal = same_play, .most_plays = OUTLINE_PLAYS};
	struct outlining x = {.o = o, .from = from};
	const struct mp_listener *l = from->listener;
	struct mp_listener_outline out = {.name = l->name,
		.address = l->address,
		.port = l->port,
		.tls = tls[l->tls],
		.certain = o->view->certain,
		.because = l->because};

	*server_name = NULL;
	plan_looks(&x);
	if (x.plan != NULL) {
		struct mp_plan_playing playing = {.server = o->server,
			.plan = x.plan,
			.options = &o->session,
			.connect = {.listener = l->name, .client = from->address}};
		struct mp_exploration worlds = mp_explore(o->facts, &ops, &playing, &x.scratch);
		read_worlds(&x, &worlds, &out, server_name);
	}
	mp_arena_release(&x.scratch);
	return out;
}
