/* lab_verify - the booted server against the prediction, from every class of client. */
#include "cli/lab_verify.h"

#include "cli/verify_run.h"

#include <stdlib.h>
#include <string.h>

/* From where the dialogues of one round come. */
struct viewpoint {
	enum mp_lab_side side;
	struct mp_ip source;
};

struct viewpoints {
	MP_VEC(struct viewpoint) v;
};

static void add_viewpoint(
	struct viewpoints *list, enum mp_lab_side side, const struct mp_ip *source)
{
	for (size_t i = 0; i < list->v.n; i++) {
		if (mp_ip_eq(&list->v.v[i].source, source)) {
			return;
		}
	}
	struct viewpoint p = {side, *source};
	mp_vec_push(&list->v, p);
}

/* A configuration that trusts all of one family refuses the other: the server is looked at over
 * each that it has. */
static void add_outsiders(const struct mp_verify_run *run, const struct mp_lab *lab,
	const char *listener, struct viewpoints *out)
{
	struct mp_ip outsider;

	for (int family = 4; family <= 6; family += 2) {
		if (mp_lab_address(lab, family) != NULL &&
			mp_client_outsider(run->loaded->server, run->loaded->facts, listener,
				family, &outsider)) {
			add_viewpoint(out, MP_LAB_CLIENT, &outsider);
		}
	}
}

/* An outsider of each family, one client of each trusted network of each listener, and the server.
 * Only addresses that the clients' side of the lab can have. */
static void choose_viewpoints(
	struct mp_verify_run *run, const struct mp_lab *lab, struct viewpoints *out)
{
	const struct mp_ip *server = mp_lab_address(lab, 4);
	const struct mp_server_view *view = &run->loaded->view;

	if (run->live->options->source.family != 0) {
		add_viewpoint(out, MP_LAB_CLIENT, &run->live->options->source);
		return;
	}
	for (size_t i = 0; i < view->listener_count; i++) {
		const struct mp_client_sample *samples;
		add_outsiders(run, lab, view->listeners[i].name, out);
		size_t n = mp_client_samples(run->loaded->server, run->loaded->facts,
			view->listeners[i].name, &run->arena, &samples);
		for (size_t k = 0; k < n; k++) {
			if (!mp_ip_is_loopback(&samples[k].address)) {
				add_viewpoint(out, MP_LAB_CLIENT, &samples[k].address);
			}
		}
	}
	if (view->listener_count == 0) {
		size_t n;
		const struct mp_ip *clients = mp_lab_clients(lab, &n);
		add_viewpoint(out, MP_LAB_CLIENT, &clients[0]);
	}
	if (server != NULL) {
		add_viewpoint(out, MP_LAB_SERVER, server);
	}
}

static bool known_target(
	const struct mp_probe_target *targets, size_t n, const char *host, unsigned port)
{
	for (size_t i = 0; i < n; i++) {
		if (targets[i].port == port && mp_str_eq(targets[i].host, host)) {
			return true;
		}
	}
	return false;
}

/* Where a client of this family reaches a socket of the server: "0.0.0.0:25" is every address of
 * it. False for one that only the server itself reaches. */
static bool reached_at(
	const struct mp_lab *lab, const struct mp_ip *listens, int family, struct mp_ip *out)
{
	static const struct mp_ip any = {0};
	const struct mp_ip *server = mp_lab_address(lab, family);

	if (listens->family != family || mp_ip_is_loopback(listens)) {
		return false;
	}
	*out = memcmp(listens->b, any.b, sizeof any.b) == 0 && server != NULL ? *server : *listens;
	return true;
}

/* Adds the sockets on which the booted server listens though nothing of it was predicted; `sockets`
 * is one endpoint a line, and is cut up. */
static size_t add_sockets(struct mp_verify_run *run, const struct mp_lab *lab, int family,
	struct mp_probe_target *targets, size_t n, char *sockets, struct mp_err *err)
{
	char *rest = NULL;

	for (char *s = strtok_r(sockets, "\n", &rest); s != NULL; s = strtok_r(NULL, "\n", &rest)) {
		struct mp_probe_target *t = &targets[n];
		struct mp_ip listens, at;
		char text[MP_IP_TEXT];

		if (mp_target_parse(t, s, &run->arena, err) < 0 ||
			!mp_ip_parse(mp_slice_str(t->host), &listens) ||
			!reached_at(lab, &listens, family, &at)) {
			continue;
		}
		t->host = mp_arena_strdup(&run->arena, mp_ip_format(&at, text));
		if (!known_target(targets, n, t->host, t->port)) {
			t->text = mp_arena_printf(
				&run->arena, family == 6 ? "[%s]:%u" : "%s:%u", t->host, t->port);
			n++;
		}
	}
	return n;
}

/* Where the booted server listens, as targets that a client of this family reaches: what the
 * prediction says, and what the lab sees, so that a listener that was not predicted is found. */
static size_t choose_targets(struct mp_verify_run *run, const struct mp_lab *lab, int family,
	struct mp_probe_target **targets, struct mp_err *err)
{
	const struct mp_ip *server = mp_lab_address(lab, family);
	char text[MP_IP_TEXT];
	struct mp_probe_target *predicted;
	size_t n = 0;

	*targets = NULL;
	if (server == NULL) {
		return 0;
	}
	size_t count = mp_verify_run_listeners(
		run, mp_arena_strdup(&run->arena, mp_ip_format(server, text)), &predicted, err);
	char *sockets = mp_lab_listeners(lab);
	/* No endpoint is shorter than a character. */
	*targets = mp_arena_array(&run->arena, count + strlen(sockets), sizeof **targets);
	for (size_t i = 0; i < count; i++) {
		struct mp_ip ip;
		if (mp_ip_parse(mp_slice_str(predicted[i].host), &ip) && ip.family == family &&
			!mp_ip_is_loopback(&ip)) {
			(*targets)[n++] = predicted[i];
		}
	}
	n = add_sockets(run, lab, family, *targets, n, sockets, err);
	free(sockets);
	return n;
}

static int play_from(struct mp_verify_run *run, struct mp_lab *lab, const struct viewpoint *from,
	struct mp_err *err)
{
	struct mp_probe_target *targets;
	size_t n = choose_targets(run, lab, from->source.family, &targets, err);

	if (n == 0) {
		return 0;
	}
	if (mp_lab_enter(lab, from->side, err) < 0) {
		return -1;
	}
	run->live->probe.source = from->source;
	int rc = mp_verify_run_play(run, targets, n, err);
	mp_lab_leave(lab);
	return rc;
}

/* The lab's first user logs in where the caller named none. */
static void lend_login(struct mp_live *live, const struct mp_facts *facts)
{
	if (live->probe.session.login == NULL && facts->sasl_users.n > 0) {
		live->login =
			(struct mp_login){facts->sasl_users.v[0], facts->sasl_passwords.v[0], ""};
		live->probe.session.login = &live->login;
	}
	/* The wire of a lab has nobody else on it, and no way to a reference. */
	live->reference = NULL;
	live->probe.session.allow_plaintext_auth = true;
}

static int play_all(struct mp_verify_run *run, struct mp_lab *lab, struct mp_err *err)
{
	struct viewpoints points = {0};
	int rc = 0;

	choose_viewpoints(run, lab, &points);
	for (size_t i = 0; i < points.v.n && rc == 0; i++) {
		rc = play_from(run, lab, &points.v.v[i], err);
	}
	mp_vec_release(&points.v);
	return rc;
}

int mp_lab_verify(struct mp_lab *lab, const char *config, const struct mp_load_options *load,
	const struct mp_live_options *options, struct mp_facts *facts, struct mp_err *err)
{
	struct mp_loaded loaded = {0};
	struct mp_live live = {0};
	struct mp_verify_run run;

	int rc = mp_load_with(&loaded, config, load, facts, err);
	if (rc == 0) {
		rc = mp_live_begin(&live, options, err);
	}
	if (rc == 0) {
		lend_login(&live, loaded.facts);
		mp_verify_run_begin(&run, &loaded, &live);
		run.options.one_server = true;
		run.options.intrusive = true; /* nobody else's server */
		if (run.options.names.user == NULL) {
			run.options.names.user = live.login.user;
		}
		rc = play_all(&run, lab, err);
		if (rc == 0) {
			rc = mp_verify_run_report(&run, err);
		}
		mp_verify_run_end(&run);
	}
	mp_live_end(&live);
	mp_loaded_release(&loaded);
	return rc;
}
