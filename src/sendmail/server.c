/*
 * server - the simulated sendmail (server/server.h).
 */
#include "sendmail/server.h"

#include "base/number.h"
#include "sendmail/distinct/distinct.h"
#include "sendmail/smtp/session.h"

struct sm_server {
	struct mp_server base; /* first */
	struct sm_engine engine;
	struct mp_listener *listeners; /* one for each daemon */
};

static const struct sm_server *own(const struct mp_server *server)
{
	return (const struct sm_server *)server;
}

/* ---- listeners --------------------------------------------------------------------------------
 */

/* sendmail closes after that many commands that it does not know. */
enum { ERROR_LIMIT = 25 };

static struct mp_reasons daemon_reason(struct mp_arena *arena, const struct sm_daemon *d)
{
	struct mp_reason *r = MP_ARENA_NEW(arena, struct mp_reason);

	if (d->loc.source == NULL) {
		return (struct mp_reasons){0};
	}
	*r = (struct mp_reason){d->loc, mp_arena_printf(arena, "daemon %s", d->name)};
	return (struct mp_reasons){r, 1};
}

static struct mp_listener describe(const struct sm_engine *engine, const struct sm_daemon *d)
{
	const struct sm_cf *cf = engine->cf;
	bool named = sm_option_value(cf, "ServerCertFile", engine->arena)[0] != '\0' ||
		(engine->settings.tls_options & SM_TLS_NO_CERTIFICATE) != 0;

	return (struct mp_listener){
		.name = d->name,
		.address = d->address,
		.port = d->port,
		.tls = sm_daemon_has(d, 's')              ? MP_TLS_IMPLICIT
			: sm_daemon_has(d, 'S') || !named ? MP_TLS_NONE
							  : MP_TLS_STARTTLS,
		.error_limit = ERROR_LIMIT,
		.idle_limit =
			engine->settings.noop_max > 0 ? (unsigned)engine->settings.noop_max : 0,
		.because = daemon_reason(engine->arena, d),
	};
}

static size_t listeners(const struct mp_server *base, struct mp_world *world,
	struct mp_arena *arena, const struct mp_listener **out)
{
	const struct sm_server *server = own(base);

	(void)world, (void)arena;
	*out = server->listeners;
	return server->engine.cf->refusals.n > 0 ? 0 : server->engine.daemons.n;
}

/* The daemon of that name, of several the one of the client's family. */
static const struct sm_daemon *find_named(
	const struct sm_server *server, const char *name, const struct mp_ip *client)
{
	const struct sm_daemon *any = NULL;

	for (size_t i = 0; i < server->engine.daemons.n; i++) {
		const struct sm_daemon *d = &server->engine.daemons.v[i];

		if (!mp_str_eq(d->name, name)) {
			continue;
		}
		if (mp_listener_same_family(&server->listeners[i], client)) {
			return d;
		}
		any = any != NULL ? any : d;
	}
	return any;
}

/* The daemon behind an address and port; one for that very address goes before one for all. */
static const struct sm_daemon *find_reached(
	const struct sm_server *server, const struct mp_ip *ip, unsigned long port)
{
	for (int wild = 0; wild < 2; wild++) {
		for (size_t i = 0; i < server->engine.daemons.n; i++) {
			const struct mp_listener *l = &server->listeners[i];

			if (mp_listener_is_wild(l) == (wild == 1) &&
				mp_listener_serves(l, ip, port)) {
				return &server->engine.daemons.v[i];
			}
		}
	}
	return NULL;
}

static const struct sm_daemon *find_port(
	const struct sm_server *server, unsigned long port, const struct mp_ip *client)
{
	for (size_t i = 0; i < server->engine.daemons.n; i++) {
		const struct mp_listener *l = &server->listeners[i];

		if (l->port == port && mp_listener_same_family(l, client)) {
			return &server->engine.daemons.v[i];
		}
	}
	return NULL;
}

static const struct sm_daemon *find_daemon(
	const struct sm_server *server, const struct mp_connect *connect)
{
	const char *name = connect->listener;
	const struct sm_daemon *d;
	struct mp_ip ip;
	unsigned long port = 0;

	if (server->engine.daemons.n == 0) {
		return NULL;
	}
	if (name == NULL) {
		name = server->engine.daemons.v[0].name;
	}
	d = find_named(server, name, &connect->client);
	if (d != NULL) {
		return d;
	}
	if (mp_endpoint_split(name, &ip, &port)) {
		return find_reached(server, &ip, port);
	}
	return mp_parse_uint(mp_slice_str(name), 1, 65535, &port)
		? find_port(server, port, &connect->client)
		: NULL;
}

/* A daemon that is asked for by name and listens on loopback only is not there for others. */
static bool out_of_reach(const struct sm_daemon *d, const struct mp_connect *connect)
{
	struct mp_ip ip;
	unsigned long port;

	return connect->listener != NULL && !mp_endpoint_split(connect->listener, &ip, &port) &&
		mp_ip_parse(mp_slice_str(d->address), &ip) && mp_ip_is_loopback(&ip) &&
		!mp_ip_is_loopback(&connect->client);
}

/* ---- sessions ---------------------------------------------------------------------------------
 */

static struct mp_reasons refusal_reasons(const struct sm_cf *cf, struct mp_arena *arena)
{
	struct mp_reason *v = mp_arena_array(arena, cf->refusals.n + 1, sizeof *v);

	for (size_t i = 0; i < cf->refusals.n; i++) {
		v[i] = (struct mp_reason){cf->refusals.v[i].loc, cf->refusals.v[i].text};
	}
	return (struct mp_reasons){v, cf->refusals.n};
}

static void refuse(struct mp_sim_reply *greeting, struct mp_reasons because)
{
	*greeting = (struct mp_sim_reply){
		.kind = MP_SIM_REFUSED, .closes = true, .note = "", .because = because};
}

static struct mp_sim_session *open_session(const struct mp_server *base, struct mp_world *world,
	struct mp_arena *arena, const struct mp_connect *connect, struct mp_sim_reply *greeting)
{
	const struct sm_server *server = own(base);
	const struct sm_cf *cf = server->engine.cf;
	const struct sm_daemon *d = find_daemon(server, connect);

	if (cf->refusals.n > 0) {
		refuse(greeting, refusal_reasons(cf, arena));
		return NULL;
	}
	if (d == NULL || out_of_reach(d, connect)) {
		refuse(greeting, d != NULL ? daemon_reason(arena, d) : (struct mp_reasons){0});
		return NULL;
	}
	return (struct mp_sim_session *)sm_session_open(
		&server->engine, d, world, arena, connect, greeting);
}

static void say(struct mp_sim_session *opaque, const struct mp_slice *lines, size_t n,
	struct mp_sim_reply *replies)
{
	sm_session_say((struct sm_session *)opaque, lines, n, replies);
}

static unsigned consulted(const struct mp_sim_session *opaque)
{
	return ((const struct sm_session *)opaque)->consulted;
}

static size_t turns(const struct mp_sim_session *opaque, const struct mp_turn **out)
{
	const struct sm_session *s = (const struct sm_session *)opaque;

	*out = s->turns;
	return s->turn_count;
}

/* ---- what is told apart -----------------------------------------------------------------------
 */

static size_t networks(const struct mp_server *base, struct mp_world *world, struct mp_arena *arena,
	const char *listener, const struct mp_network **out)
{
	(void)world, (void)listener;
	return sm_networks(own(base)->engine.cf, arena, out);
}

static size_t domains(const struct mp_server *base, struct mp_world *world, struct mp_arena *arena,
	const char *listener, const struct mp_domain **out)
{
	const struct sm_cf *cf = own(base)->engine.cf;
	const struct sm_class *local = sm_cf_class(cf, "w"), *relay = sm_cf_class(cf, "R");
	size_t n = 0;
	struct mp_domain *v;

	(void)world, (void)listener;
	v = mp_arena_array(arena,
		(local != NULL ? local->words.n : 0) + (relay != NULL ? relay->words.n : 0) + 1,
		sizeof *v);
	for (size_t i = 0; local != NULL && i < local->words.n; i++) {
		const char *word = local->words.v[i].word;

		if (word[0] != '[' && strchr(word, '.') != NULL) {
			v[n++] = (struct mp_domain){word, MP_DOMAIN_LOCAL};
		}
	}
	for (size_t i = 0; relay != NULL && i < relay->words.n; i++) {
		const char *word = relay->words.v[i].word;

		if (strspn(word, "0123456789.") != strlen(word) && strchr(word, '.') != NULL &&
			word[0] != '[' && (local == NULL || sm_class_find(local, word) == NULL)) {
			v[n++] = (struct mp_domain){word, MP_DOMAIN_RELAY};
		}
	}
	*out = v;
	return n;
}

static size_t distinctions(const struct mp_server *base, struct mp_world *world,
	struct mp_arena *arena, const char *listener, const struct mp_distinction **out)
{
	(void)world, (void)listener;
	return sm_distinctions(own(base)->engine.cf, arena, out);
}

static const struct mp_server_ops ops = {
	.mta = "sendmail",
	.listeners = listeners,
	.open = open_session,
	.say = say,
	.networks = networks,
	.domains = domains,
	.distinctions = distinctions,
	.consulted = consulted,
	.turns = turns,
};

/* Distributions that are facts are Linux, but for these. */
static enum sm_dual find_dual(const struct mp_facts *facts)
{
	static const char *const others[] = {"freebsd", "openbsd", "netbsd", "solaris"};

	if (facts->distribution == NULL) {
		return SM_DUAL_OPEN;
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		if (mp_str_ieq(facts->distribution, others[i])) {
			return SM_DUAL_NO;
		}
	}
	return SM_DUAL_YES;
}

struct mp_server *sm_server_new(struct mp_arena *arena, struct sm_cf *cf, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts, struct mp_err *err)
{
	struct sm_server *server = MP_ARENA_NEW(arena, struct sm_server);
	struct sm_engine *e = &server->engine;

	(void)err;
	server->base.ops = &ops;
	e->arena = arena;
	e->cf = cf;
	e->input = input;
	e->findings = findings;
	e->facts = facts;
	e->daemons = sm_daemons_read(cf, find_dual(facts));
	e->mailers = sm_deliveries_read(cf);
	e->settings = sm_settings_read(cf);
	e->aliases = sm_aliases_read(cf, input);
	e->aspects = sm_aspects_in_rules(cf);
	e->headers = sm_header_checks_read(cf);
	e->client_patterns = sm_client_names(cf, arena);
	server->listeners = mp_arena_array(arena, e->daemons.n + 1, sizeof *server->listeners);
	for (size_t i = 0; i < e->daemons.n; i++) {
		server->listeners[i] = describe(e, &e->daemons.v[i]);
	}
	return &server->base;
}

void sm_server_free(struct mp_server *server)
{
	if (server != NULL) {
		sm_aliases_release(own(server)->engine.aliases);
	}
}

bool sm_server_starts_late(const struct mp_server *server)
{
	return own(server)->engine.daemons.delayed;
}

struct sm_cf *sm_server_cf(const struct mp_server *server)
{
	return own(server)->engine.cf;
}
