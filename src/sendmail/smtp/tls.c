/*
 * tls - STARTTLS, and what a handshake brings (reference 1.10, 2.9, 3.5).
 */
#include "base/buf.h"
#include "sendmail/smtp/session.h"
#include "server/pem.h"

static bool all_usable(struct sm_session *s, const char *const *files, size_t n, bool content)
{
	for (size_t i = 0; i < n; i++) {
		if (files[i][0] == '\0') {
			return false;
		}
	}
	return mp_pem_usable(s->world, s->engine->input, files, n, content, s->arena);
}

static bool pair_usable(struct sm_session *s, const struct sm_key_pairs *p, size_t i)
{
	const char *files[] = {p->certificate[i], p->key[i]};

	return files[0] != NULL && files[1] != NULL && all_usable(s, files, 2, true);
}

/* Where nothing is required (TLSSrvOptions=C), what is named of authorities must do all the same.
 */
static enum sm_tls optional_state(
	struct sm_session *s, const struct sm_key_pairs *p, const char *authorities)
{
	if (authorities[0] != '\0' && !all_usable(s, &authorities, 1, true)) {
		return SM_TLS_NONE;
	}
	if (pair_usable(s, p, 0) || pair_usable(s, p, 1)) {
		return SM_TLS_WORKS;
	}
	return sm_option_value(s->cf, "CipherList", s->arena)[0] != '\0' ? SM_TLS_OPEN
									 : SM_TLS_BREAKS;
}

enum sm_tls sm_tls_state(struct sm_session *s)
{
	struct sm_key_pairs p = sm_key_pairs(s->cf, s->arena);
	const char *authorities = sm_option_value(s->cf, "CACertFile", s->arena);
	const char *files[] = {authorities, p.certificate[0], p.key[0]};

	if ((s->settings->tls_options & SM_TLS_NO_CERTIFICATE) != 0) {
		return optional_state(s, &p, authorities);
	}
	/* The folder of authorities must only be named, second files only be there. */
	return sm_option_value(s->cf, "CACertPath", s->arena)[0] != '\0' &&
			all_usable(s, files, 3, true) &&
			(p.certificate[1] == NULL || all_usable(s, &p.certificate[1], 1, false)) &&
			(p.key[1] == NULL || all_usable(s, &p.key[1], 1, false))
		? SM_TLS_WORKS
		: SM_TLS_NONE;
}

/* "CN=name, O=org" as sendmail writes it: "/CN=name/O=org", odd characters as +XX. */
static const char *dn(struct sm_session *s, const char *name)
{
	struct mp_buf b;
	const char *out;

	mp_buf_init(&b, 4096);
	for (const char *p = name; *p != '\0';) {
		size_t n = strcspn(p, ",");
		struct mp_slice part = mp_slice_trim(mp_slice(p, n));

		mp_buf_putc(&b, '/');
		if (mp_slice_chr(part, '=') == MP_NOT_FOUND) {
			mp_buf_puts(&b, "CN=");
		}
		for (size_t i = 0; i < part.n; i++) {
			char c = part.p[i];

			if (c <= ' ' || c > '~' || strchr("<>()\"+", c) != NULL) {
				mp_buf_printf(&b, "+%02X", (unsigned)(unsigned char)c);
			} else {
				mp_buf_putc(&b, c);
			}
		}
		p += n + (p[n] != '\0');
	}
	out = mp_arena_memdup(s->arena, b.p, b.n);
	mp_buf_release(&b);
	return out;
}

/* Whether the server takes the client's certificate for good. */
static bool verified(struct sm_session *s, const struct mp_client_certificate *c)
{
	const char *path = sm_option_value(s->cf, "CACertFile", s->arena);
	const struct mp_source *source;

	if (c->ops == NULL) {
		return c->verified;
	}
	return path[0] != '\0' &&
		mp_input_read(s->engine->input, path, &source, NULL) == MP_READ_OK &&
		c->ops->vouched(c, source->text);
}

static void define_certificate(struct sm_session *s)
{
	const struct mp_client_certificate *c = s->connect.certificate;

	s->cert_subject = "";
	if ((s->features & SM_VERIFY_CLIENT) == 0) {
		s->verify = "NOT";
	} else if (c == NULL) {
		s->verify = "NO";
	} else {
		s->verify = verified(s, c) ? "OK" : "FAIL";
		s->cert_subject = dn(s, c->subject);
		sm_run_set(&s->run, "cert_subject", s->cert_subject);
		sm_run_set(&s->run, "cert_issuer", dn(s, c->issuer));
		sm_run_set(&s->run, "cn_subject",
			strstr(s->cert_subject, "/CN=") != NULL
				? mp_arena_memdup(s->arena, strstr(s->cert_subject, "/CN=") + 4,
					  strcspn(strstr(s->cert_subject, "/CN=") + 4, "/"))
				: "");
	}
	sm_run_set(&s->run, "verify", s->verify);
	sm_run_set(&s->run, "cipher_bits", "256");
	sm_run_set(&s->run, "tls_version", "TLSv1.3");
	sm_run_set(&s->run, "cipher", "TLS_AES_256_GCM_SHA384");
	sm_run_set(&s->run, "alg_bits", "256");
}

void sm_tls_begin(struct sm_session *s)
{
	struct sm_checked c;

	s->tls = true;
	s->consulted |= MP_ASPECT_TLS | MP_ASPECT_CERTIFICATE;
	define_certificate(s);
	c = sm_check(s, "tls_client", s->verify, "STARTTLS");
	if (c.kind == SM_CHECK_ERROR) {
		s->nullserver = sm_error_text(s, c.text);
		s->nullserver_because = c.because;
	}
	s->helos = 0;
	sm_auth_begin(s);
}

/* The handshake that STARTTLS announced. */
static void begin(struct sm_session *s)
{
	switch (sm_tls_state(s)) {
	case SM_TLS_NONE:
	case SM_TLS_BREAKS:
		sm_close(s);
		break;
	case SM_TLS_OPEN:
		sm_lose(s, SM_TLS_OPEN_NOTE);
		break;
	case SM_TLS_WORKS:
		sm_tls_begin(s);
		break;
	}
}

void sm_command_starttls(struct sm_session *s, const char *command, const char *argument)
{
	(void)command;
	if (*argument != '\0') {
		sm_message(s, sm_no_reasons(), "501 5.5.2 Syntax error (no parameters allowed)");
	} else if ((s->features & SM_OFFER_TLS) == 0) {
		sm_message(s,
			sm_daemon_has(s->daemon, 'S') ? sm_because_daemon(s) : s->features_because,
			"503 5.5.0 TLS not available");
	} else if (s->tls || sm_tls_state(s) == SM_TLS_NONE) {
		sm_message(s, sm_because_option(s, "ServerCertFile"),
			"454 4.3.3 TLS not available after start");
	} else if (s->got_mail) {
		sm_message(s, sm_no_reasons(),
			"503 5.5.0 TLS not permitted during a mail transaction");
	} else if (s->tempfail) {
		sm_usrerr(s, sm_no_reasons(), "454 4.7.0 Please try again later");
	} else {
		sm_message(
			s, sm_because_option(s, "ServerCertFile"), "220 2.0.0 Ready to start TLS");
		if (s->input.n > 0) {
			sm_lose(s, "what was pipelined behind STARTTLS is taken for a handshake");
		} else {
			begin(s);
		}
	}
}
