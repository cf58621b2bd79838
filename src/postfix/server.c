/*
 * server - the simulated Postfix (server/server.h).
 *
 * Processes are made when the first session needs them and are kept: one per service and
 * environment.
 */
#include "postfix/server.h"

#include "base/number.h"
#include "postfix/config/environment.h"
#include "postfix/distinct/distinct.h"
#include "postfix/listen.h"
#include "postfix/screen/postscreen.h"
#include "postfix/smtpd/smtpd.h"
#include "postfix/smtpd/talk.h"
#include "postfix/smtpd/upstream.h"
#include "postfix/view.h"

/* A master with its environment. */
struct master {
	struct pf_environment environment;
	struct pf_settings *settings;
	struct pf_listening *listening; /* v is NULL: not known yet, or it depends on the world */
};

struct process {
	const struct master *master;
	const struct pf_service *service;
	struct pf_smtpd *smtpd;
	struct pf_screen *screen;
	const struct mp_distinction *distinctions; /* of a listener; NULL: not asked for yet */
	size_t distinction_count;
};

struct pf_server {
	struct mp_server base; /* first */
	struct pf_engine engine;
	MP_VEC(struct master *) masters;
	MP_VEC(struct process *) processes;
};

/* What stands behind the interface's opaque session. */
struct session {
	struct pf_talk *talk; /* an smtpd */
	struct pf_dummy *dummy; /* or postscreen's own SMTP engine */
	const char *note; /* or nothing that can be followed */
	bool screened; /* postscreen has looked at the client */
};

/* The caches are filled through a server that is const to its users: a session does not change what
 * the next one sees. */
static struct pf_server *own(const struct mp_server *server)
{
	union {
		const struct mp_server *in;
		struct pf_server *out;
	} u = {server};

	return u.out;
}

static const struct master *get_master(struct pf_server *server, struct mp_world *world)
{
	struct pf_environment e = pf_environment_find(&server->engine, world);

	for (size_t i = 0; i < server->masters.n; i++) {
		if (pf_environment_equal(&server->masters.v[i]->environment, &e)) {
			return server->masters.v[i];
		}
	}
	struct mp_arena *arena = server->engine.arena;
	struct master *m = MP_ARENA_NEW(arena, struct master);
	m->environment = pf_environment_keep(arena, &e);
	m->settings =
		pf_settings_new(arena, server->engine.config, NULL, PF_MASTER, &m->environment);
	m->listening = MP_ARENA_NEW(arena, struct pf_listening);
	mp_vec_push(&server->masters, m);
	return m;
}

/* Where the master listens. Each session begins with it: kept, unless the world has a say. */
static struct pf_listening get_listening(struct pf_server *server, const struct master *master,
	struct mp_world *world, struct mp_arena *arena)
{
	struct pf_config *config = server->engine.config;

	if (master->listening->v != NULL) {
		return *master->listening;
	}
	struct pf_listening found = pf_listeners(config, master->settings, world, arena);
	if (!found.asked) {
		*master->listening =
			pf_listeners(config, master->settings, world, server->engine.arena);
	}
	return found;
}

static struct process *get_process(
	struct pf_server *server, const struct master *master, const struct pf_service *service)
{
	for (size_t i = 0; i < server->processes.n; i++) {
		struct process *p = server->processes.v[i];
		if (p->master == master && p->service == service) {
			return p;
		}
	}
	struct process *p = MP_ARENA_NEW(server->engine.arena, struct process);
	p->master = master;
	p->service = service;
	mp_vec_push(&server->processes, p);
	return p;
}

static struct pf_smtpd *get_smtpd(
	struct pf_server *server, const struct master *master, const struct pf_service *service)
{
	struct process *p = get_process(server, master, service);

	if (p->smtpd == NULL) {
		p->smtpd = pf_smtpd_new(&server->engine, service, &master->environment);
	}
	return p->smtpd;
}

static struct pf_screen *get_screen(
	struct pf_server *server, const struct master *master, const struct pf_service *service)
{
	struct process *p = get_process(server, master, service);

	if (p->screen == NULL) {
		p->screen = pf_screen_new(&server->engine, service, &master->environment);
	}
	return p->screen;
}

/* ---- listeners --------------------------------------------------------------------------------
 */

static struct pf_service *passed_to(struct pf_server *server, const struct pf_screen *screen)
{
	return pf_config_find_service(
		server->engine.config, pf_screen_smtpd_service(screen), PF_PASS);
}

/* What the smtpd behind a listener makes of it. */
static void describe(struct pf_server *server, const struct master *master,
	const struct pf_listener *l, struct mp_listener *out)
{
	const struct pf_service *service = l->service;

	*out = l->as;
	out->tls = MP_TLS_NONE;
	if (l->postscreen) {
		service = passed_to(server, get_screen(server, master, service));
	}
	if (service != NULL && (l->smtpd || l->postscreen)) {
		const struct pf_smtpd *smtpd = get_smtpd(server, master, service);
		out->tls = pf_listener_tls(smtpd->settings);
		if (smtpd->fatal == NULL) {
			pf_listener_limits(smtpd->settings, out);
		}
	}
}

static size_t listeners(const struct mp_server *base, struct mp_world *world,
	struct mp_arena *arena, const struct mp_listener **out)
{
	struct pf_server *server = own(base);
	const struct master *master = get_master(server, world);
	struct pf_listening found = get_listening(server, master, world, arena);
	struct mp_listener *v = mp_arena_array(arena, found.n + 1, sizeof *v);
	size_t n = found.fatal != NULL ? 0 : found.n;

	for (size_t i = 0; i < n; i++) {
		describe(server, master, &found.v[i], &v[i]);
	}
	*out = v;
	return n;
}

/* The listener that the client reaches: by endpoint, by name or port, or the first service; of
 * several with one name the one of the client's address family. NULL when nothing listens there. */
static const struct pf_listener *find_listener(
	const struct pf_listening *found, const struct mp_connect *connect)
{
	unsigned long port = 0;
	struct mp_ip ip;
	const char *name = connect->listener;

	if (name == NULL && found->n > 0) {
		name = found->v[0].as.name;
	}
	for (size_t i = 0; name != NULL && i < found->n; i++) {
		/* A name such as "127.0.0.1:2525" may be a service's name, too. */
		const struct mp_listener *l = &found->v[i].as;
		if (mp_str_eq(l->name, name) && mp_listener_same_family(l, &connect->client)) {
			return &found->v[i];
		}
	}
	bool endpoint = name != NULL && mp_endpoint_split(name, &ip, &port);
	if (name != NULL && !endpoint) {
		(void)mp_parse_uint(mp_slice_str(name), 1, 65535, &port);
	}
	/* The system gives a connection to the socket of that very address before one for all. */
	for (size_t i = 0; endpoint && i < found->n; i++) {
		const struct mp_listener *l = &found->v[i].as;
		if (!mp_listener_is_wild(l) && mp_listener_serves(l, &ip, port)) {
			return &found->v[i];
		}
	}
	for (size_t i = 0; port != 0 && i < found->n; i++) {
		const struct mp_listener *l = &found->v[i].as;
		if (endpoint ? mp_listener_serves(l, &ip, port)
			     : l->port == port && mp_listener_same_family(l, &connect->client)) {
			return &found->v[i];
		}
	}
	return NULL;
}

/* ---- sessions ---------------------------------------------------------------------------------
 */

static struct mp_reasons fatal_reason(struct mp_arena *arena, const struct pf_fatal *fatal)
{
	struct mp_reason *reason = MP_ARENA_NEW(arena, struct mp_reason);

	*reason = (struct mp_reason){fatal->loc, mp_arena_printf(arena, "fatal: %s", fatal->text)};
	return (struct mp_reasons){reason, 1};
}

static struct mp_sim_reply no_greeting(
	enum mp_sim_kind kind, struct mp_arena *arena, const struct pf_fatal *fatal)
{
	struct mp_sim_reply reply = {.kind = kind, .closes = true, .note = ""};

	if (fatal != NULL) {
		reply.because = fatal_reason(arena, fatal);
	}
	return reply;
}

static struct session *open_smtpd(struct pf_server *server, const struct master *master,
	const struct pf_service *service, struct mp_world *world, struct mp_arena *arena,
	const struct mp_connect *connect, struct mp_sim_reply *greeting)
{
	struct pf_smtpd *smtpd = get_smtpd(server, master, service);

	if (smtpd->fatal != NULL) {
		*greeting = no_greeting(MP_SIM_TIMEOUT, arena, smtpd->fatal);
		return NULL;
	}
	if (service->option_fatal != NULL && service->option_fatal_late) {
		struct pf_fatal late = {service->option_fatal, service->option_fatal_at, ""};
		*greeting = no_greeting(MP_SIM_CLOSED, arena, &late);
		greeting->closes = true;
		return NULL;
	}
	struct pf_talk *talk = pf_talk_open(smtpd, world, arena, connect, greeting);
	if (talk == NULL) {
		return NULL;
	}
	struct session *s = MP_ARENA_NEW(arena, struct session);
	s->talk = talk;
	return s;
}

/* A client that no postscreen hands over: a proxy may be expected before the server. */
static struct session *open_directly(struct pf_server *server, const struct master *master,
	const struct pf_service *service, struct mp_world *world, struct mp_arena *arena,
	const struct mp_connect *connect, struct mp_sim_reply *greeting)
{
	const struct pf_smtpd *smtpd = get_smtpd(server, master, service);

	if (smtpd->fatal == NULL && service->option_fatal == NULL &&
		pf_upstream_smtpd(smtpd->settings, connect->tls, arena, greeting)) {
		return NULL;
	}
	return open_smtpd(server, master, service, world, arena, connect, greeting);
}

/* The teaser of postscreen goes before the first line of what smtpd says. */
static void prefix_teaser(
	struct mp_arena *arena, const struct pf_screen *screen, struct mp_sim_reply *greeting)
{
	const char *teaser = pf_screen_teaser(screen);

	if (*teaser == '\0' || greeting->kind != MP_SIM_REPLY) {
		return;
	}
	const char **lines = mp_arena_array(arena, greeting->line_count + 1, sizeof *lines);
	lines[0] = mp_arena_printf(arena, "220-%s", teaser);
	for (size_t i = 0; i < greeting->line_count; i++) {
		lines[i + 1] = greeting->lines[i];
	}
	greeting->lines = lines;
	greeting->line_count++;
	greeting->code = 220;
}

static struct session *open_screen(struct pf_server *server, const struct master *master,
	const struct pf_service *service, struct mp_world *world, struct mp_arena *arena,
	const struct mp_connect *connect, struct mp_sim_reply *greeting)
{
	struct pf_screen *screen = get_screen(server, master, service);
	const struct pf_fatal *fatal = pf_screen_fatal(screen);
	struct session *s = NULL;

	if (fatal != NULL) {
		*greeting = no_greeting(MP_SIM_TIMEOUT, arena, fatal);
		return NULL;
	}
	if (connect->tls) {
		*greeting = mp_sim_closed();
		return NULL;
	}
	struct pf_screened screened = pf_screen_client(screen, world, arena, &connect->client);
	if (screened.dummy != NULL) {
		s = MP_ARENA_NEW(arena, struct session);
		s->dummy = screened.dummy;
		s->screened = true;
		*greeting = screened.greeting;
		return s;
	}
	if (!screened.pass) {
		*greeting = screened.greeting;
		return NULL;
	}
	const struct pf_service *next = passed_to(server, screen);
	if (next == NULL || !mp_str_eq(next->command, "smtpd")) {
		*greeting = no_greeting(MP_SIM_TIMEOUT, arena, NULL);
		return NULL;
	}
	s = open_smtpd(server, master, next, world, arena, connect, greeting);
	if (s != NULL) {
		s->screened = true;
	}
	if (screened.teased) {
		prefix_teaser(arena, screen, greeting);
	}
	return s;
}

/* A service that is asked for by name and listens on loopback only is not there for other addresses
 * (the host's own outer ones included: who talks from these talks to these). One that is named by
 * its address was reached, whoever the client is said to be. */
static bool out_of_reach(const struct pf_listener *l, const struct mp_connect *connect)
{
	struct mp_ip ip;
	unsigned long port;

	return connect->listener != NULL && !mp_endpoint_split(connect->listener, &ip, &port) &&
		mp_ip_parse(mp_slice_str(l->as.address), &ip) && mp_ip_is_loopback(&ip) &&
		!mp_ip_is_loopback(&connect->client);
}

static struct mp_sim_session *open_session(const struct mp_server *base, struct mp_world *world,
	struct mp_arena *arena, const struct mp_connect *connect, struct mp_sim_reply *greeting)
{
	struct pf_server *server = own(base);
	const struct master *master = get_master(server, world);
	struct pf_listening found = get_listening(server, master, world, arena);
	const struct pf_listener *l = found.fatal == NULL ? find_listener(&found, connect) : NULL;
	struct session *s;

	if (l == NULL) {
		*greeting = no_greeting(MP_SIM_REFUSED, arena, found.fatal);
		return NULL;
	}
	if (out_of_reach(l, connect)) {
		*greeting = no_greeting(MP_SIM_REFUSED, arena, NULL);
		greeting->because = l->as.because;
		return NULL;
	}
	if (l->shared) {
		s = MP_ARENA_NEW(arena, struct session);
		s->note = "two services listen at this very address: the system picks one";
		*greeting = (struct mp_sim_reply){.kind = MP_SIM_UNKNOWN, .note = s->note};
	} else if (l->smtpd) {
		s = open_directly(server, master, l->service, world, arena, connect, greeting);
	} else if (l->postscreen) {
		s = open_screen(server, master, l->service, world, arena, connect, greeting);
	} else {
		s = MP_ARENA_NEW(arena, struct session);
		s->note = mp_arena_printf(
			arena, "the program %s is not simulated", l->service->command);
		*greeting = (struct mp_sim_reply){.kind = MP_SIM_UNKNOWN, .note = s->note};
	}
	return (struct mp_sim_session *)s;
}

static void say(struct mp_sim_session *opaque, const struct mp_slice *lines, size_t n,
	struct mp_sim_reply *replies)
{
	struct session *s = (struct session *)opaque;

	if (s->talk != NULL) {
		pf_talk_say(s->talk, lines, n, replies);
	} else if (s->dummy != NULL) {
		pf_dummy_say(s->dummy, lines, n, replies);
	} else {
		for (size_t i = 0; i < n; i++) {
			replies[i] = (struct mp_sim_reply){.kind = MP_SIM_UNKNOWN, .note = s->note};
		}
	}
}

static const struct pf_listener *listener_named(
	struct pf_server *server, struct mp_world *world, struct mp_arena *arena, const char *name)
{
	const struct master *master = get_master(server, world);
	struct pf_listening found = get_listening(server, master, world, arena);
	struct mp_connect connect = {.listener = name};

	return find_listener(&found, &connect);
}

/* The smtpd behind a listener, whether or not it would start; NULL where there is none. */
static struct pf_smtpd *smtpd_behind(
	struct pf_server *server, struct mp_world *world, struct mp_arena *arena, const char *name)
{
	const struct master *master = get_master(server, world);
	const struct pf_listener *l = listener_named(server, world, arena, name);
	const struct pf_service *service = NULL;

	if (l != NULL && l->smtpd) {
		service = l->service;
	} else if (l != NULL && l->postscreen) {
		service = passed_to(server, get_screen(server, master, l->service));
	}
	return service != NULL ? get_smtpd(server, master, service) : NULL;
}

static size_t networks(const struct mp_server *base, struct mp_world *world, struct mp_arena *arena,
	const char *listener, const struct mp_network **out)
{
	struct pf_smtpd *smtpd = smtpd_behind(own(base), world, arena, listener);

	return smtpd != NULL ? pf_view_networks(smtpd, arena, out) : 0;
}

static size_t domains(const struct mp_server *base, struct mp_world *world, struct mp_arena *arena,
	const char *listener, const struct mp_domain **out)
{
	struct pf_smtpd *smtpd = smtpd_behind(own(base), world, arena, listener);

	return smtpd != NULL ? pf_view_domains(smtpd, arena, out) : 0;
}

static size_t distinctions(const struct mp_server *base, struct mp_world *world,
	struct mp_arena *arena, const char *listener, const struct mp_distinction **out)
{
	struct pf_server *server = own(base);
	const struct master *master = get_master(server, world);
	struct pf_smtpd *smtpd = smtpd_behind(server, world, arena, listener);
	const struct pf_listener *l = listener_named(server, world, arena, listener);

	*out = NULL;
	if (smtpd == NULL) {
		return 0;
	}
	struct process *p = get_process(server, master, l->service);
	if (p->distinctions == NULL) {
		p->distinction_count =
			pf_distinctions(smtpd, l->postscreen ? p->screen : NULL, &p->distinctions);
	}
	*out = p->distinctions;
	return p->distinction_count;
}

static unsigned consulted(const struct mp_sim_session *opaque)
{
	const struct session *s = (const struct session *)opaque;
	/* postscreen looks at the address, and at nothing else but TLS. */
	unsigned screen = s->screened ? MP_ASPECT_ADDRESS : 0;

	if (s->talk != NULL) {
		return screen | pf_talk_consulted(s->talk);
	}
	return s->dummy != NULL ? screen | MP_ASPECT_TLS : MP_ASPECT_ALL;
}

static size_t turns(const struct mp_sim_session *opaque, const struct mp_turn **out)
{
	const struct session *s = (const struct session *)opaque;

	return s->talk != NULL ? pf_talk_turns(s->talk, out) : 0;
}

static const struct mp_server_ops ops = {.mta = "postfix",
	.listeners = listeners,
	.open = open_session,
	.say = say,
	.networks = networks,
	.domains = domains,
	.distinctions = distinctions,
	.consulted = consulted,
	.turns = turns};

struct mp_server *pf_server_new(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts, struct mp_err *err)
{
	struct pf_config *config = pf_config_load(arena, input, findings, err);

	if (config == NULL) {
		return NULL;
	}
	struct pf_server *server = mp_alloc(sizeof *server);
	struct mp_table_options options = {
		.version = facts->version != NULL ? pf_version_parse(facts->version) : 0,
		.default_db_type = "hash",
	};
	server->base.ops = &ops;
	server->engine = (struct pf_engine){
		.arena = arena,
		.input = input,
		.findings = findings,
		.config = config,
		.tables = mp_tables_new(arena, input, findings, &options),
		.facts = facts,
	};
	return &server->base;
}

void pf_server_free(struct mp_server *base)
{
	if (base == NULL) {
		return;
	}
	struct pf_server *server = own(base);
	mp_tables_free(server->engine.tables);
	pf_config_release(server->engine.config);
	mp_vec_release(&server->masters);
	mp_vec_release(&server->processes);
	free(server);
}
