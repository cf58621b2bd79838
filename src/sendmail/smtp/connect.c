/*
 * connect - who the client is, and what the rulesets say of it before the greeting (reference 2.1,
 * 2.2, 2.3, 2.10, 3.1).
 */
#include "base/ascii.h"
#include "sendmail/smtp/privacy.h"
#include "sendmail/smtp/session.h"

/* ---- the client's name -----------------------------------------------------------------------
 */

/* What PTR says, where it is not verified. */
static const char *unverified_name(struct sm_session *s)
{
	char text[MP_IP_TEXT];
	struct mp_dns_result ptr =
		mp_ask_dns(s->world, MP_DNS_PTR, mp_ip_format(&s->connect.client, text));

	return ptr.status == MP_FOUND && ptr.known && ptr.values.n > 0 ? ptr.values.v[0]
								       : "{client.name}";
}

/* An answer "tempfail" that follows from DNS facts may mean that there is a name whose address
 * cannot be looked up: sendmail calls that forged. */
static bool forward_fails(struct sm_session *s)
{
	char text[MP_IP_TEXT];
	const char *ip = mp_ip_format(&s->connect.client, text);

	return mp_known_answer(s->world, mp_arena_printf(s->arena, "client.name %s", ip)) == NULL &&
		mp_ask_dns(s->world, MP_DNS_PTR, ip).status == MP_FOUND;
}

static void set_client(struct sm_session *s, const char *name, const char *ptr, const char *resolve,
	const char *shown)
{
	s->client_name = name;
	s->client_shown = shown;
	sm_run_set(&s->run, "client_name", name);
	sm_run_set(&s->run, "client_ptr", ptr);
	sm_run_set(&s->run, "client_resolve", resolve);
	sm_run_set(&s->run, "_", shown);
}

static void identify_client(struct sm_session *s)
{
	const char *answer =
		mp_ask_client_name(s->world, &s->connect.client, s->engine->client_patterns);
	const char *literal;
	char ip[MP_IP_TEXT];

	s->client_addr = sm_cf_ip(s->cf, &s->connect.client, s->arena);
	literal = mp_arena_printf(s->arena, "[%s]", s->client_addr);
	mp_ip_format(&s->connect.client, ip);
	sm_run_set(&s->run, "client_addr", s->client_addr);
	if (mp_str_eq(answer, "tempfail") && forward_fails(s)) {
		answer = "forged";
	}
	if (mp_str_eq(answer, "forged")) {
		const char *ptr = unverified_name(s);

		set_client(s, literal, ptr, "FORGED",
			mp_arena_printf(s->arena, "%s %s (may be forged)", ptr, literal));
	} else if (mp_str_eq(answer, "none") || mp_str_eq(answer, "tempfail")) {
		set_client(s, literal, literal, answer[0] == 'n' ? "FAIL" : "TEMP", literal);
	} else {
		set_client(s, answer, answer, "OK",
			mp_arena_printf(s->arena, "%s %s", answer, literal));
	}
}

/* ---- the daemon ------------------------------------------------------------------------------
 */

static void set_delivery(struct sm_session *s, char mode)
{
	char text[] = {mode, '\0'};

	sm_run_set(&s->run, "deliveryMode", mp_arena_strdup(s->arena, text));
	s->delivery = mode;
	s->run.deferred = mode == 'd';
}

static void identify_daemon(struct sm_session *s)
{
	const struct sm_daemon *d = s->daemon;

	sm_run_set(&s->run, "daemon_name", d->name);
	sm_run_set(&s->run, "daemon_flags", d->shown);
	sm_run_set(&s->run, "daemon_family", d->family);
	sm_run_set(&s->run, "daemon_addr", d->address);
	sm_run_set(&s->run, "daemon_port", mp_arena_printf(s->arena, "%u", d->port));
	set_delivery(s, s->settings->delivery);
	sm_run_set(&s->run, "opMode", "d");
	sm_run_set(&s->run, "client_port", "{client.port}");
	sm_run_set(&s->run, "nbadrcpts", "0");
	/* What other sessions of the client do is not known; this is its first. */
	for (const char *const *count = (const char *const[]){"client_rate", "client_connections",
		     "total_rate", NULL};
		*count != NULL; count++) {
		sm_run_set(&s->run, *count, "1");
	}
}

void sm_connect_identify(struct sm_session *s)
{
	const char *version = mp_known_version(s->world);

	sm_run_set(&s->run, "v", version != NULL ? version : "{mta.version}");
	for (const char *const *date = (const char *const[]){"a", "b", "d", "t", "T", NULL};
		*date != NULL; date++) {
		sm_run_set(&s->run, *date, "{date}");
	}
	identify_daemon(s);
	identify_client(s);
	s->consulted |= MP_ASPECT_ADDRESS | MP_ASPECT_NAME;
}

/* ---- checks ----------------------------------------------------------------------------------
 */

static void refuse_all(struct sm_session *s, const char *text, struct mp_reasons because)
{
	s->nullserver = text;
	s->nullserver_because = because;
}

static unsigned default_features(const struct sm_session *s)
{
	const struct sm_settings *o = s->settings;
	unsigned f = SM_OFFER_PIPELINING | SM_OFFER_AUTH | SM_OFFER_TLS | SM_VERIFY_CLIENT;

	f |= (o->privacy & SM_PRIV_NOETRN) != 0 || sm_daemon_has(s->daemon, 'E') ? 0
										 : SM_OFFER_ETRN;
	if ((o->privacy & SM_PRIV_NOEXPN) == 0) {
		f |= SM_OFFER_EXPN;
		f |= (o->privacy & SM_PRIV_NOVERB) != 0 ? 0 : SM_OFFER_VERB;
	}
	f |= (o->privacy & SM_PRIV_NORECEIPTS) != 0 || !o->mime_errors ? 0 : SM_OFFER_DSN;
	f |= sm_daemon_has(s->daemon, 'a') ? SM_REQUIRE_AUTH : 0;
	f |= (o->auth_options & SM_AUTH_NOPLAINTEXT) != 0 ? SM_REQUIRE_SECURITY : 0;
	f |= o->utf8 ? SM_OFFER_UTF8 : 0;
	f &= sm_daemon_has(s->daemon, 'A') ? ~(unsigned)SM_OFFER_AUTH : ~0u;
	f &= sm_daemon_has(s->daemon, 'S') ? ~(unsigned)SM_OFFER_TLS : ~0u;
	f &= (o->tls_options & SM_TLS_NO_VERIFICATION) != 0 ? ~(unsigned)SM_VERIFY_CLIENT : ~0u;
	return f;
}

/* Whether a word switches a feature on by its first letter: servers that know of variants, which
 * came with the refusal of early talkers, take no other letters behind it. */
static bool switches_on(struct sm_session *s, const char *word, char letter)
{
	return word[0] == mp_to_lower(letter) && (word[1] == '\0' || !sm_refuses_early_talkers(s));
}

/* Letters that srv_features answers with: lower case switches on, upper case off. */
static unsigned apply_features(struct sm_session *s, unsigned features, const struct sm_tokens *w)
{
	static const struct {
		char letter;
		unsigned flag;
	} table[] = {
		{'A', SM_OFFER_AUTH},
		{'B', SM_OFFER_VERB},
		{'C', SM_REQUIRE_SECURITY},
		{'D', SM_OFFER_DSN},
		{'E', SM_OFFER_ETRN},
		{'I', SM_OFFER_UTF8},
		{'L', SM_REQUIRE_AUTH},
		{'P', SM_OFFER_PIPELINING},
		{'R', SM_VERIFY_CLIENT},
		{'S', SM_OFFER_TLS},
		{'V', SM_VERIFY_CLIENT},
		{'X', SM_OFFER_EXPN},
	};

	for (size_t i = 1; i < w->n; i++) {
		for (size_t k = 0; k < sizeof table / sizeof *table; k++) {
			if (w->v[i].text[0] == table[k].letter) {
				features &= ~table[k].flag;
			} else if (switches_on(s, w->v[i].text, table[k].letter)) {
				features |= table[k].flag;
			}
		}
	}
	return features;
}

static void find_features(struct sm_session *s)
{
	s->features = default_features(s);
	if (s->nullserver != NULL) {
		return;
	}

	const char *before = s->run.complaint;
	struct sm_checked c = sm_check(s, "srv_features", s->client_shown, "");
	const struct sm_tokens *w = &c.result;

	/* A map that srv_features is the first to open, and that is not there, is complained of to
	 * the client, before the greeting; what the rules then say of features does not count. */
	if (before == NULL && s->run.complaint != NULL) {
		sm_message(s, sm_no_reasons(), "%s", s->run.complaint);
		return;
	}
	if (w->n < 2 || w->v[0].symbol != SM_SYM_NET) {
		return;
	}
	s->features_because = sm_because_tokens(s, w);
	if (mp_slice_istarts(mp_slice_str(w->v[1].text), "temp")) {
		refuse_all(s, "450 4.3.0 Please try again later.", s->features_because);
		/* Nothing is left of the features: under TLS no certificate is asked for, and early
		 * talkers are borne. */
		s->features &= ~(unsigned)SM_VERIFY_CLIENT;
		s->features |= SM_ALLOW_EARLY;
		return;
	}
	s->features = apply_features(s, s->features, w);
	for (size_t i = 1; i < w->n; i++) {
		if (switches_on(s, w->v[i].text, 'F') && sm_has_early_feature(s)) {
			s->features |= SM_ALLOW_EARLY;
		}
	}
}

void sm_connect_check(struct sm_session *s)
{
	struct sm_checked c = sm_check(s, "check_relay", s->client_name, s->client_addr);

	if (c.kind == SM_CHECK_ERROR) {
		refuse_all(s, sm_error_text(s, c.text), c.because);
	} else if (c.kind == SM_CHECK_DISCARD) {
		s->discard_all = s->discarding = true;
	}
	/* The daemon's own mode is not in force before, so that D=d spares nobody check_relay. */
	if (s->daemon->delivery != '\0') {
		set_delivery(s, s->daemon->delivery);
	}
	find_features(s);
}

/* ---- the greeting ----------------------------------------------------------------------------
 */

/* The lines of the greeting's text; blanks at the beginning of the second and later ones vanish. */
static struct mp_strings greeting_lines(struct sm_session *s, const char *code, const char *text)
{
	const char **v = mp_arena_array(s->arena, strlen(text) + 1, sizeof *v);
	size_t n = 0;

	for (const char *p = text; p != NULL;) {
		const char *end = strchr(p, '\n');
		struct mp_slice line = mp_slice(p, end != NULL ? (size_t)(end - p) : strlen(p));

		if (n == 0) {
			size_t word = mp_slice_chr(line, ' ');

			word = word == MP_NOT_FOUND ? line.n : word;
			v[n++] = mp_arena_printf(s->arena, "%s%c%.*s ESMTP%.*s", code,
				end != NULL ? '-' : ' ', (int)word, line.p, (int)(line.n - word),
				line.p + word);
		} else {
			line = line.n > 0 && mp_is_space(line.p[0]) ? mp_slice_from(line, 1) : line;
			v[n++] = mp_arena_printf(s->arena, "%s%c%.*s", code,
				end != NULL ? '-' : ' ', (int)line.n, line.p);
		}
		p = end != NULL ? end + 1 : NULL;
	}
	return (struct mp_strings){v, n};
}

bool sm_connect_refused(const struct sm_session *s)
{
	return s->nullserver != NULL && strncmp(s->nullserver, "421 ", 4) == 0;
}

void sm_connect_greet(struct sm_session *s)
{
	struct sm_text text = sm_expand(s->settings->greeting, &s->run.macros, s->arena);

	if (sm_connect_refused(s)) {
		sm_message(s, s->nullserver_because, "%s", s->nullserver);
		sm_close(s);
		return;
	}
	sm_say_lines(s, sm_because_option(s, "SmtpGreetingMessage"),
		greeting_lines(s, "220", sm_text_bytes(text, s->cf->names, s->arena)));
}
