/* starttls - STARTTLS, and what a handshake brings (reference 10.2; RFC 3207). */
#include "postfix/smtpd/smtpd.h"
#include "server/pem.h"

static bool usable(struct pf_session *s, const char *const *files, size_t n)
{
	return mp_pem_usable(s->world, s->smtpd->engine->input, files, n, true, s->arena);
}

/* A certificate, with its key where that stands in a file of its own. */
static bool pair_usable(struct pf_session *s, const char *certificate, const char *key)
{
	const char *files[] = {certificate, key};

	return usable(s, files, *key == '\0' ? 1 : 2);
}

static bool chain_usable(struct pf_session *s)
{
	struct pf_text *files;
	size_t n =
		pf_split(s->arena, pf_value(s->smtpd->settings, "smtpd_tls_chain_files"), &files);

	for (size_t i = 0; i < n; i++) {
		if (!usable(s, &files[i].s, 1)) {
			return false;
		}
	}
	return n > 0;
}

bool pf_tls_available(struct pf_session *s)
{
	const struct pf_settings *settings = s->smtpd->settings;
	static const char *const pairs[][2] = {
		{"smtpd_tls_cert_file", "smtpd_tls_key_file"},
		{"smtpd_tls_dcert_file", "smtpd_tls_dkey_file"},
		{"smtpd_tls_eccert_file", "smtpd_tls_eckey_file"},
	};
	bool any = false;

	if (*pf_str(settings, "smtpd_tls_chain_files") != '\0') {
		return chain_usable(s);
	}
	if (mp_str_eq(pf_str(settings, "smtpd_tls_cert_file"), "none")) {
		return !pf_bool(settings, "smtpd_tls_ask_ccert") &&
			!pf_bool(settings, "smtpd_tls_req_ccert");
	}
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		const char *certificate = pf_str(settings, pairs[i][0]);
		if (*certificate == '\0') {
			continue;
		}
		if (!pair_usable(s, certificate, pf_str(settings, pairs[i][1]))) {
			return false;
		}
		any = true;
	}
	return any;
}

bool pf_tls_begin(struct pf_talk *t)
{
	const struct pf_settings *settings = t->s.smtpd->settings;

	t->s.said.tls = true;
	t->s.said.sasl_user = NULL;
	t->s.said.sasl_method = NULL;
	if (!pf_bool(settings, "smtpd_tls_req_ccert") ||
		!(t->loop->tls_enforce || t->loop->wrapper)) {
		return true;
	}
	pf_consult(&t->s, MP_ASPECT_CERTIFICATE);
	const char *what = t->s.said.certificate == NULL ? "No client certificate presented"
		: !pf_certificate_verified(&t->s)        ? "Client certificate not trusted"
							 : NULL;
	if (what == NULL) {
		return true;
	}
	pf_say(t, pf_because(t, "smtpd_tls_req_ccert", (char *)NULL), "421 4.7.1 %s Error: %s",
		pf_str(settings, "myhostname"), what);
	return false;
}

static bool refused(struct pf_talk *t, struct mp_reasons because, const char *text)
{
	pf_say(t, because, "%s", text);
	return true;
}

bool pf_cmd_starttls(struct pf_talk *t, struct pf_words args)
{
	const struct pf_loop *loop = t->loop;

	if (args.n != 1) {
		return refused(t, pf_no_reasons(), "501 5.5.4 Syntax: STARTTLS");
	}
	if (pf_has_tls(&t->s)) {
		return refused(t, pf_no_reasons(), "554 5.5.1 Error: TLS already active");
	}
	if (!loop->tls_use || (t->discard & PF_EHLO_STARTTLS) != 0) {
		return refused(t,
			pf_because(t,
				loop->tls_use ? "smtpd_discard_ehlo_keywords"
					      : "smtpd_tls_security_level",
				(char *)NULL),
			"502 5.5.1 Error: command not implemented");
	}
	if (!pf_tls_available(&t->s)) {
		return refused(t, pf_because(t, "smtpd_tls_cert_file", (char *)NULL),
			"454 4.7.0 TLS not available due to local problem");
	}
	if (pf_limit_hit(t, "smtpd_client_new_tls_session_rate_limit", ++t->handshakes)) {
		pf_say(t, pf_because(t, "smtpd_client_new_tls_session_rate_limit", (char *)NULL),
			"454 4.7.0 Error: too many new TLS sessions from %s",
			t->s.said.client_text);
		return true;
	}
	pf_say(t, pf_because(t, loop->tls_parameter, (char *)NULL), "220 2.0.0 Ready to start TLS");
	if (t->input.n > 0) {
		pf_talk_lose(t, "what was pipelined behind STARTTLS is thrown away");
		return false;
	}
	pf_talk_reset_helo(t);
	pf_talk_reset_mail(t);
	if (pf_tls_begin(t) && !pf_sasl_activate(t)) {
		pf_talk_close(t);
	}
	return false;
}
