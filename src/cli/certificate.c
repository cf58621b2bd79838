/* certificate - the certificate that a live client shows, and what a simulated server sees of it.
 */
#include "cli/certificate.h"

static const struct mp_tls_identity *identity_of(const struct mp_client_certificate *certificate)
{
	return ((const struct mp_certificate_at_hand *)certificate)->identity;
}

static const char *fingerprint(const struct mp_client_certificate *certificate, const char *digest,
	bool of_key, struct mp_arena *arena)
{
	return mp_tls_identity_fingerprint(identity_of(certificate), digest, of_key, arena);
}

static bool vouched(const struct mp_client_certificate *certificate, struct mp_slice authorities)
{
	return mp_tls_identity_vouched(identity_of(certificate), authorities);
}

int mp_certificate_read(struct mp_certificate_at_hand *own, const char *file, const char *key_file,
	struct mp_err *err)
{
	static const struct mp_certificate_ops ops = {fingerprint, vouched};

	own->identity = mp_tls_identity_read(file, key_file, err);
	if (own->identity == NULL) {
		return -1;
	}
	own->certificate = (struct mp_client_certificate){
		.subject = mp_tls_identity_name(own->identity, false, &own->arena),
		.issuer = mp_tls_identity_name(own->identity, true, &own->arena),
		.fingerprint =
			mp_tls_identity_fingerprint(own->identity, "sha256", false, &own->arena),
		.ops = &ops};
	return 0;
}

void mp_certificate_release(struct mp_certificate_at_hand *own)
{
	mp_tls_identity_free(own->identity);
	own->identity = NULL;
	mp_arena_release(&own->arena);
}

const struct mp_client_certificate *mp_certificate_shown(const struct mp_certificate_at_hand *own)
{
	return own->identity != NULL ? &own->certificate : NULL;
}
