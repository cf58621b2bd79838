/* smtpd - the process of one service: settings, tables and restrictions, and a session with it. */
#include "postfix/smtpd/smtpd.h"

#include "postfix/lookup/tables.h"
#include "postfix/smtpd/talk.h"
#include "postfix/smtpd/upstream.h"

/* The names as the arena's own, so that nothing of a process needs to be freed. */
static void keep_names(struct pf_smtpd *smtpd)
{
	struct pf_names *names = &smtpd->client_names;
	const char **v = mp_arena_array(smtpd->engine->arena, names->v.n + 1, sizeof *v);

	for (size_t i = 0; i < names->v.n; i++) {
		v[i] = names->v.v[i];
	}
	free(names->v.v);
	names->v.v = v;
	names->v.cap = names->v.n;
}

static void report_fatal(struct pf_smtpd *smtpd)
{
	pf_settings_report_fatal(smtpd->settings,
		mp_arena_printf(
			smtpd->engine->arena, "the smtpd of service \"%s\"", smtpd->service->name));
}

struct pf_smtpd *pf_smtpd_new(struct pf_engine *engine, const struct pf_service *service,
	const struct pf_environment *environment)
{
	struct pf_smtpd *smtpd = MP_ARENA_NEW(engine->arena, struct pf_smtpd);

	smtpd->engine = engine;
	smtpd->service = service;
	smtpd->settings =
		pf_settings_new(engine->arena, engine->config, service, PF_SMTPD, environment);
	smtpd->fatal = pf_settings_fatal(smtpd->settings);
	if (smtpd->fatal != NULL) {
		report_fatal(smtpd);
		return smtpd;
	}
	pf_upstream_report(
		engine->findings, smtpd->settings, "smtpd_upstream_proxy_protocol", service);
	pf_tables_prepare(engine, smtpd->settings);
	smtpd->rewrite = pf_rewrite_new(
		engine, pf_str(smtpd->settings, "rewrite_service_name"), environment);
	smtpd->validation = pf_validation_new(engine, smtpd->settings);
	smtpd->checks = pf_checks_new(smtpd);
	smtpd->loop = pf_loop_new(smtpd);
	pf_checks_client_names(smtpd->checks, &smtpd->client_names);
	keep_names(smtpd);
	smtpd->fatal = pf_settings_fatal(smtpd->settings);
	report_fatal(smtpd);
	return smtpd;
}

/* ---- a session --------------------------------------------------------------------------------
 */

/* The next reply that is waiting, or CLOSED, or UNKNOWN. */
static struct mp_sim_reply take_reply(struct pf_talk *t)
{
	if (t->first != NULL) {
		struct mp_sim_reply reply = t->first->reply;
		t->first = t->first->next;
		if (t->first == NULL) {
			t->last = &t->first;
		}
		return reply;
	}
	if (t->ended) {
		return mp_sim_closed();
	}
	return (struct mp_sim_reply){.kind = MP_SIM_UNKNOWN,
		.note = t->lost != NULL ? t->lost : "the server waits for more"};
}

static struct pf_talk *talk_new(struct pf_smtpd *smtpd, struct mp_world *world,
	struct mp_arena *arena, const struct mp_connect *connect)
{
	struct pf_talk *t = MP_ARENA_NEW(arena, struct pf_talk);
	char text[MP_IP_TEXT];

	t->s.smtpd = smtpd;
	t->s.world = world;
	t->s.arena = arena;
	t->s.said.client = connect->client;
	t->s.said.client_text = mp_arena_strdup(arena, mp_ip_format(&connect->client, text));
	t->s.said.certificate = connect->certificate;
	t->s.first_recipient = "";
	t->loop = smtpd->loop;
	t->client_tls = connect->tls;
	t->last = &t->first;
	return t;
}

/* TLS before the greeting; false (and the greeting filled) when there will be none. */
static bool begin_wrapper(struct pf_talk *t, struct mp_sim_reply *greeting)
{
	bool available = !t->loop->wrapper || pf_tls_available(&t->s);

	if (t->loop->wrapper) {
		pf_consult(&t->s, MP_ASPECT_TLS);
	}

	if (t->loop->wrapper && available && !t->client_tls) {
		*greeting = (struct mp_sim_reply){.kind = MP_SIM_TIMEOUT,
			.because = pf_because(t, "smtpd_tls_wrappermode", (char *)NULL),
			.note = "the server waits for the client to begin TLS"};
		return false;
	}
	if (!available || (!t->loop->wrapper && t->client_tls)) {
		*greeting = mp_sim_closed();
		greeting->because = pf_because(t,
			available ? "smtpd_tls_wrappermode" : "smtpd_tls_cert_file", (char *)NULL);
		return false;
	}
	return true;
}

struct pf_talk *pf_talk_open(struct pf_smtpd *smtpd, struct mp_world *world, struct mp_arena *arena,
	const struct mp_connect *connect, struct mp_sim_reply *greeting)
{
	struct pf_talk *t = talk_new(smtpd, world, arena, connect);

	if (!begin_wrapper(t, greeting)) {
		return NULL;
	}
	t->xclient = pf_check_client_list(&t->s, "smtpd_authorized_xclient_hosts") == PF_MATCH;
	t->xforward = pf_check_client_list(&t->s, "smtpd_authorized_xforward_hosts") == PF_MATCH;
	if (t->loop->wrapper && !pf_tls_begin(t)) {
		/* The greeting follows the 421 that says which certificate is missing. */
		t->ended = false;
		pf_talk_greet(t);
		t->ended = true;
	} else {
		pf_talk_greet(t);
	}
	*greeting = take_reply(t);
	return t;
}

size_t pf_talk_turns(const struct pf_talk *t, const struct mp_turn **out)
{
	*out = t->s.turns;
	return t->s.turn_count;
}

unsigned pf_talk_consulted(const struct pf_talk *t)
{
	return t->s.consulted;
}

void pf_talk_say(
	struct pf_talk *t, const struct mp_slice *lines, size_t n, struct mp_sim_reply *replies)
{
	size_t taken = 0;
	struct mp_buf bytes;

	/* What came unasked answers the lines that were to be sent. */
	while (taken < n && t->first != NULL) {
		replies[taken++] = take_reply(t);
	}
	mp_buf_init(&bytes, SIZE_MAX);
	for (size_t i = taken; i < n; i++) {
		mp_buf_put(&bytes, lines[i]);
		mp_buf_puts(&bytes, "\r\n");
	}
	pf_talk_feed(t, mp_slice(mp_arena_memdup(t->s.arena, bytes.p, bytes.n), bytes.n));
	mp_buf_release(&bytes);
	while (taken < n) {
		replies[taken++] = take_reply(t);
	}
	if (t->ended && t->first == NULL && n > 0) {
		replies[n - 1].closes = true;
	}
}
