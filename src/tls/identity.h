/*
 * identity - a client's own certificate with its key, and what a server makes of it.
 */
#ifndef MP_TLS_IDENTITY_H
#define MP_TLS_IDENTITY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>

struct mp_tls_identity;

/* Reads a certificate, with the chain behind it, and its private key (key_file NULL: from the same
 * file); both PEM, the key without a passphrase: none is ever asked for. NULL and err
 * (MP_ERR_INPUT) when they cannot be read, or do not belong together. Owned by the caller. */
struct mp_tls_identity *mp_tls_identity_read(
	const char *file, const char *key_file, struct mp_err *err);
void mp_tls_identity_free(struct mp_tls_identity *identity);

/* The common name of the certificate's subject or issuer, in the arena; "" when it has none. */
const char *mp_tls_identity_name(
	const struct mp_tls_identity *identity, bool of_issuer, struct mp_arena *arena);
/* The fingerprint of the certificate, or of its public key (RFC 7469 2.4: of the
 * SubjectPublicKeyInfo), under a digest that OpenSSL knows by this name, in the arena: hexadecimal
 * pairs with colons. NULL when there is no such digest. */
const char *mp_tls_identity_fingerprint(const struct mp_tls_identity *identity, const char *digest,
	bool of_key, struct mp_arena *arena);
/* Whether these authorities (PEM) vouch for the certificate, as a client's (RFC 5280 4.2.1.12), at
 * this time. */
bool mp_tls_identity_vouched(const struct mp_tls_identity *identity, struct mp_slice authorities);

#endif
