/*
 * outcomes - every scenario played to every listener by every class of client.
 *
 * DESCRIPTION
 *	Scenarios share a session as long as the facts leave little open: what one of them asks of
 *	the world would multiply with what the others ask. Where that gets too much, or where the
 *	server hangs up on so many refused commands, each is played in a session of its own.
 */
#include "predict/outcomes.h"

#include "predict/outcomes_internal.h"
#include "predict/server_names.h"
#include "scenario/select.h"

#include <string.h>

/* So many refused commands, and such without a use of their own, go into one session: less than
 * what most servers bear. Where one bears less, what it cut off is played anew. */
enum { REJECTS = 18, IDLE = 90, NO_BUDGET = 1000000 };

static const char made_up_password[] = "secret";

/* ---- names ------------------------------------------------------------------------------------
 */

/* Whether one domain is the other, or is below it. */
static bool related(const char *a, const char *b)
{
	struct mp_slice x = mp_slice_str(a), y = mp_slice_str(b);

	if (x.n < y.n) {
		struct mp_slice swap = x;
		x = y;
		y = swap;
	}
	struct mp_slice tail = mp_slice_from(x, x.n - y.n);
	return mp_slice_ieq(tail, y) && (x.n == y.n || x.p[x.n - y.n - 1] == '.');
}

static bool is_own(const struct mp_server_view *view, const char *domain)
{
	for (size_t i = 0; i < view->domain_count; i++) {
		if (related(domain, view->domains[i].name)) {
			return true;
		}
	}
	return false;
}

/* A documentation domain (RFC 2606) that is not the server's. */
static const char *foreign_domain(const struct mp_server_view *view, const char *const *domains)
{
	while (domains[1] != NULL && is_own(view, domains[0])) {
		domains++;
	}
	return domains[0];
}

static const char *own_address(
	const struct mp_server_view *view, const struct mp_facts *facts, struct mp_arena *arena)
{
	char text[MP_IP_TEXT];
	struct mp_ip ip;

	for (size_t i = 0; i < view->listener_count; i++) {
		const struct mp_listener *l = &view->listeners[i];
		if (mp_ip_parse(mp_slice_str(l->address), &ip) && !mp_ip_is_loopback(&ip) &&
			!mp_listener_is_wild(l)) {
			return l->address;
		}
	}
	for (size_t i = 0; i < facts->address_count; i++) {
		if (!mp_ip_is_loopback(&facts->addresses[i].ip)) {
			return mp_arena_strdup(arena, mp_ip_format(&facts->addresses[i].ip, text));
		}
	}
	return NULL;
}

struct mp_names mp_predict_names(const struct mp_server_view *view, const struct mp_facts *facts,
	const struct mp_names *given, struct mp_arena *arena)
{
	static const char *const foreign[] = {
		"example.com", "example.net", "foreign.example", NULL};
	static const char *const clients[] = {
		"probe.example.net", "probe.example.org", "probe.example", NULL};
	struct mp_names names = *given;

	if (names.foreign_domain == NULL) {
		names.foreign_user = "mtaproof";
		names.foreign_domain = foreign_domain(view, foreign);
	}
	if (names.helo == NULL) {
		names.helo = foreign_domain(view, clients);
	}
	mp_names_of_server(&names, view, facts, arena);
	if (names.server_name == NULL) {
		names.server_name = facts->hostname;
	}
	if (names.server_address == NULL) {
		names.server_address = own_address(view, facts, arena);
	}
	if (names.user == NULL && facts->sasl_users.n > 0) {
		names.user = facts->sasl_users.v[0];
	} else if (names.user == NULL) {
		names.user = names.local_domain != NULL
			? mp_arena_printf(arena, "user@%s", names.local_domain)
			: "user";
	}
	mp_names_fill(&names, arena);
	return names;
}

/* The user of the facts, or one who is assumed to exist. */
static void choose_login(struct mp_outcomes *o, const char *user)
{
	const struct mp_facts *facts = o->facts;

	o->login = (struct mp_login){user, made_up_password, ""};
	o->login_assumed = !facts->have_sasl_users;
	for (size_t i = 0; i < facts->sasl_users.n; i++) {
		if (mp_str_eq(facts->sasl_users.v[i], user)) {
			o->login.password = facts->sasl_passwords.v[i];
		}
	}
	o->session.login = &o->login;
}

/* ---- one class of client at one listener ------------------------------------------------------
 */

struct playing {
	struct mp_outcomes *o;
	const struct mp_viewpoint *from;
	struct mp_choices choices;
	struct mp_arena scratch; /* of plans */
	struct mp_arena worlds; /* of a play; freed after it, for each adds memory of its own */
	struct mp_outcome_list found;
};

static struct mp_plans make_plans(struct playing *p, const struct mp_scenario *const *scenarios,
	size_t n, const struct mp_budget *budget)
{
	struct mp_plan_request request = {.all = p->o->options->scenarios,
		.scenarios = scenarios,
		.scenario_count = n,
		.names = &p->from->names,
		.implicit_tls = p->from->listener->tls == MP_TLS_IMPLICIT,
		.without_controls = true,
		.budget = budget};

	return mp_plans_make(&request, &p->scratch);
}

static void play_alone(struct playing *p, size_t origin)
{
	struct mp_plans plans = make_plans(p, &p->choices.played[origin], 1, NULL);

	for (size_t i = 0; i < plans.n; i++) {
		struct mp_exploration worlds =
			mp_outcomes_play(p->o, p->from, plans.v[i], false, &p->worlds);
		for (size_t c = 0; c < plans.v[i]->check_count; c++) {
			size_t before = p->found.list.n;
			mp_outcomes_read(p->o, p->from, plans.v[i], c, &worlds, &p->found);
			for (size_t k = before; k < p->found.list.n; k++) {
				p->found.list.v[k].origin = origin;
			}
		}
	}
	p->o->keeper.of = NULL;
	mp_arena_release(&p->worlds);
	mp_arena_reset(&p->scratch);
}

static void play_plan(struct playing *p, const struct mp_plan *plan, bool *again)
{
	bool shared = plan->check_count > 1;
	struct mp_exploration worlds = mp_outcomes_play(p->o, p->from, plan, shared, &p->worlds);

	for (size_t c = 0; c < plan->check_count; c++) {
		if (shared && (worlds.truncated || mp_outcomes_cut_off(c, &worlds))) {
			again[plan->checks[c].origin] = true;
		} else {
			mp_outcomes_read(p->o, p->from, plan, c, &worlds, &p->found);
		}
	}
	p->o->keeper.of = NULL;
	mp_arena_release(&p->worlds);
}

/* A scenario whose names are not known. */
static void leave_out(struct playing *p, const struct mp_unplanned *u)
{
	const struct mp_scenario *s = p->choices.played[u->origin];
	struct mp_outcome_of one = {.origin = u->origin};

	if (u->missing == NULL) {
		return; /* it is about a connection of the other kind */
	}
	one.predicted = (struct mp_predicted){.listener = p->from->listener->name,
		.client = mp_client_class_name(p->from->client),
		.scenario = s->id,
		.address = p->from->address,
		.network = p->from->network,
		.alike = p->from->alike,
		.alike_count = p->from->alike_count,
		.with = mp_keep_text(&p->o->keeper, s->with),
		.outcome = MP_OUTCOME_NOT_REACHED,
		.why = MP_WHY_NO_NAME,
		.step = s->tests,
		.note = mp_arena_printf(p->o->keeper.arena, "{%s} is not known", u->missing)};
	mp_vec_push(&p->found.list, one);
}

static bool refused_here(
	const struct mp_outcome_list *found, const struct playing *p, size_t origin)
{
	bool any = false;

	for (size_t i = 0; i < found->list.n; i++) {
		const struct mp_predicted *f = &found->list.v[i].predicted;
		if (found->list.v[i].origin != origin) {
			continue;
		}
		if (f->outcome != MP_OUTCOME_REFUSED || f->truncated) {
			return false;
		}
		any = true;
	}
	(void)p;
	return any;
}

/* Says of what is refused whether its control is, too. */
static void compare_controls(struct playing *p)
{
	for (size_t i = 0; i < p->found.list.n; i++) {
		struct mp_outcome_of *f = &p->found.list.v[i];
		const struct mp_scenario *s = p->choices.played[f->origin];
		for (size_t k = 0; s->control != NULL && k < p->choices.played_count; k++) {
			if (mp_str_eq(p->choices.played[k]->id, s->control)) {
				f->predicted.control_failed = refused_here(&p->found, p, k);
			}
		}
	}
}

/* Adds what was found in the order of the scenarios. */
static void collect(struct playing *p, struct mp_outcome_list *all)
{
	for (size_t origin = 0; origin < p->choices.played_count; origin++) {
		for (size_t i = 0; i < p->found.list.n; i++) {
			struct mp_outcome_of *f = &p->found.list.v[i];
			if (f->origin == origin) {
				f->predicted.group = p->choices.played[origin]->group;
				mp_vec_push(&all->list, *f);
			}
		}
	}
}

static void play_client(
	struct mp_outcomes *o, const struct mp_viewpoint *from, struct mp_outcome_list *all)
{
	static const struct mp_budget budget = {.rejects = REJECTS, .idle = IDLE};
	struct playing p = {.o = o, .from = from};
	struct mp_arena choices = {0};
	struct mp_selection selection = {.suite = o->options->suite,
		.client = from->client,
		.service = mp_service_of_port(from->listener->port),
		.intrusive = true,
		.credentials = true,
		.names = &from->names};

	p.choices = mp_select_all(o->options->scenarios, &selection, &choices);
	bool *again = mp_arena_array(&choices, p.choices.played_count, sizeof *again);
	struct mp_plans plans = make_plans(&p, p.choices.played, p.choices.played_count, &budget);
	for (size_t i = 0; i < plans.unplanned_count; i++) {
		leave_out(&p, &plans.unplanned[i]);
	}
	for (size_t i = 0; i < plans.n; i++) {
		play_plan(&p, plans.v[i], again);
	}
	mp_arena_reset(&p.scratch);
	for (size_t i = 0; i < p.choices.played_count; i++) {
		if (again[i]) {
			play_alone(&p, i);
		}
	}
	compare_controls(&p);
	collect(&p, all);
	mp_vec_release(&p.found.list);
	mp_arena_release(&p.scratch);
	mp_arena_release(&choices);
}

/* ---- all of them ------------------------------------------------------------------------------
 */

/* From where the host itself speaks to a listener: the address that it listens on, one of its own,
 * or loopback. */
static struct mp_ip host_address(const struct mp_outcomes *o, const struct mp_listener *l)
{
	int family = strchr(l->address, ':') != NULL ? 6 : 4;
	struct mp_ip ip;

	if (mp_ip_parse(mp_slice_str(l->address), &ip) && !mp_listener_is_wild(l)) {
		return ip;
	}
	for (size_t i = 0; i < o->facts->address_count; i++) {
		const struct mp_ip *own = &o->facts->addresses[i].ip;
		if (own->family == family && !mp_ip_is_loopback(own)) {
			return *own;
		}
	}
	mp_ip_parse(mp_slice_str(family == 4 ? "127.0.0.1" : "::1"), &ip);
	return ip;
}

static bool wanted(const struct mp_predict_options *options, const struct mp_listener *l,
	enum mp_client_class client)
{
	return (options->listener == NULL || mp_str_eq(options->listener, l->name)) &&
		(options->client == MP_CLIENT_ANY || options->client == client);
}

static void play_from(struct mp_outcomes *o, struct mp_viewpoint *from,
	const struct mp_client_sample *sample, struct mp_outcome_list *all)
{
	char text[MP_IP_TEXT];

	if (!wanted(o->options, from->listener, sample->client)) {
		return;
	}
	from->client = sample->client;
	from->address = sample->address;
	from->network = sample->client == MP_CLIENT_TRUSTED
		? mp_keep_text(&o->keeper, sample->because.text)
		: "";
	from->alike = sample->alike;
	from->alike_count = sample->alike_count;
	from->names.client_address = mp_keep_text(&o->keeper, mp_ip_format(&sample->address, text));
	play_client(o, from, all);
}

/* One client of each kind that the listener tells apart. */
static size_t tell_clients_apart(
	struct mp_outcomes *o, const char *listener, struct mp_client_sample **out)
{
	struct mp_arena *arena = o->keeper.arena;
	const struct mp_client_sample *each;
	size_t n = mp_client_samples(o->server, o->facts, listener, arena, &each);
	struct mp_client_sample *v = mp_arena_array(arena, n, sizeof *v);

	for (size_t i = 0; i < n; i++) {
		v[i] = each[i];
	}
	*out = v;
	return mp_client_join_alike(o->server, o->facts, listener, v, n, arena);
}

static struct mp_listener_outline play_listener(struct mp_outcomes *o, const struct mp_names *names,
	const struct mp_listener *l, struct mp_outcome_list *all)
{
	struct mp_client_sample *samples;
	size_t n = tell_clients_apart(o, l->name, &samples);
	struct mp_viewpoint from = {.listener = l, .names = *names, .network = ""};
	struct mp_client_sample host = {.client = MP_CLIENT_SERVER, .address = host_address(o, l)};
	const char *server_name;

	from.client = n > 0 ? samples[0].client : MP_CLIENT_SERVER;
	from.address = n > 0 ? samples[0].address : host.address;
	struct mp_listener_outline outline = mp_outline_of(o, &from, &server_name);
	if (from.names.server_name == NULL) {
		from.names.server_name = server_name;
	}
	mp_names_each_of(&from.names, o->server, o->facts, l->name, o->keeper.arena);
	for (size_t i = 0; i < n; i++) {
		play_from(o, &from, &samples[i], all);
	}
	play_from(o, &from, &host, all);
	return outline;
}

static const struct mp_listener_outline *outlined(
	const struct mp_listener_outline *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (mp_str_eq(v[i].name, name)) {
			return &v[i];
		}
	}
	return NULL;
}

void mp_outcomes_predict(const struct mp_server *server, const struct mp_server_view *view,
	const struct mp_facts *facts, const struct mp_predict_options *options,
	struct mp_arena *arena, struct mp_prediction *out)
{
	struct mp_outcomes o = {.server = server,
		.view = view,
		.facts = facts,
		.options = options,
		.session = *options->session,
		.keeper = {.arena = arena}};
	struct mp_names names = mp_predict_names(view, facts, &options->names, arena);
	struct mp_listener_outline *outlines =
		mp_arena_array(arena, view->listener_count, sizeof *outlines);
	struct mp_outcome_list all = {0};

	/* Nothing is sent anywhere: only the server's own limits count. */
	o.session.max_rejects = o.session.max_idle = NO_BUDGET;
	o.session.pipelining = false;
	o.session.allow_plaintext_auth = true;
	choose_login(&o, names.user);
	for (size_t i = 0; i < view->listener_count; i++) {
		const struct mp_listener *l = &view->listeners[i];
		const struct mp_listener_outline *same = outlined(outlines, i, l->name);
		if (same == NULL) {
			outlines[i] = play_listener(&o, &names, l, &all);
			continue;
		}
		/* One service at several addresses. */
		outlines[i] = *same;
		outlines[i].address = l->address;
	}
	struct mp_predicted *outcomes = mp_arena_array(arena, all.list.n, sizeof *outcomes);
	for (size_t i = 0; i < all.list.n; i++) {
		outcomes[i] = all.list.v[i].predicted;
	}
	out->listeners = outlines;
	out->listener_count = view->listener_count;
	out->outcomes = outcomes;
	out->outcome_count = all.list.n;
	mp_vec_release(&all.list);
	mp_map_release(&o.keeper.texts);
}
