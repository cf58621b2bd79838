/*
 * certificate - the certificate that a live client shows, and what a simulated server sees of it.
 */
#ifndef MP_CLI_CERTIFICATE_H
#define MP_CLI_CERTIFICATE_H

#include "server/server.h"
#include "tls/identity.h"

struct mp_certificate_at_hand {
	struct mp_client_certificate certificate; /* first: what ops are given is this */
	struct mp_tls_identity *identity;
	struct mp_arena arena;
};

/* Reads a certificate with its key (NULL: from the same file). Release it even after an error.
 * MP_ERR_INPUT. */
int mp_certificate_read(struct mp_certificate_at_hand *own, const char *file, const char *key_file,
	struct mp_err *err);
void mp_certificate_release(struct mp_certificate_at_hand *own);
/* What the server sees; NULL when there is none. */
const struct mp_client_certificate *mp_certificate_shown(const struct mp_certificate_at_hand *own);

#endif
