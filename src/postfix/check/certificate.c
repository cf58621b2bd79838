/*
 * certificate - what Postfix makes of the client's own certificate (TLS_README, "Server-side
 * certificate verification").
 */
#include "postfix/check/check_internal.h"

/* The authorities in smtpd_tls_CAfile; false where it is not known whether, or which, they are. */
static bool read_authorities(struct pf_session *s, struct mp_slice *out)
{
	const char *path = pf_str(s->smtpd->settings, "smtpd_tls_CAfile");
	const struct mp_source *source;

	*out = mp_slice("", 0);
	if (*path == '\0') {
		return true;
	}
	switch (mp_input_read(s->smtpd->engine->input, path, &source, NULL)) {
	case MP_READ_OK:
		*out = source->text;
		return true;
	case MP_READ_ABSENT:
		return true;
	case MP_READ_OPEN:
	case MP_READ_ERROR:
		break;
	}
	return false;
}

bool pf_certificate_verified(struct pf_session *s)
{
	const struct mp_client_certificate *certificate = s->said.certificate;
	const struct pf_settings *settings = s->smtpd->settings;
	struct mp_slice authorities;

	if (certificate->ops == NULL) {
		return certificate->verified;
	}
	bool known = read_authorities(s, &authorities);
	if (known && certificate->ops->vouched(certificate, authorities)) {
		return true;
	}
	/* A folder of authorities is looked up by OpenSSL's own hashes. */
	if (known && *pf_str(settings, "smtpd_tls_CApath") == '\0') {
		return false;
	}
	const char *question =
		mp_arena_printf(s->arena, "tls.verified %s", certificate->fingerprint);
	return mp_ask_found(s->world, question) == MP_FOUND;
}

const char *pf_fingerprint(struct pf_session *s, bool of_key)
{
	const struct mp_client_certificate *certificate = s->said.certificate;

	if (certificate->ops == NULL) {
		bool known = certificate->fingerprint != NULL && *certificate->fingerprint != '\0';
		return known && !of_key ? certificate->fingerprint : NULL;
	}
	return certificate->ops->fingerprint(certificate,
		pf_str(s->smtpd->settings, "smtpd_tls_fingerprint_digest"), of_key, s->arena);
}
