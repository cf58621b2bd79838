/*
 * tls - client TLS for STARTTLS (RFC 3207) and implicit TLS (RFC 8314), by way of OpenSSL.
 *
 * What a server shows is recorded, never judged here: an expired or self-signed certificate, an old
 * protocol or a weak cipher does not stop the session, because they are what one wants to see.
 */
#ifndef MP_TLS_TLS_H
#define MP_TLS_TLS_H

#include "base/arena.h"
#include "base/err.h"
#include "net/conn.h"
#include "smtp/tlsfacts.h"
#include "tls/identity.h"

struct mp_tls_context;
struct mp_tls;

/* Settings for any number of connections. ca_file: authorities to trust (PEM), or NULL for the
 * system's. NULL and err (MP_ERR_INPUT: the file cannot be used). */
struct mp_tls_context *mp_tls_context_new(const char *ca_file, struct mp_err *err);
void mp_tls_context_free(struct mp_tls_context *context);

/* The client end on a connected descriptor, which stays the caller's. host is the name or address
 * that the certificate should be for; a name is also sent as SNI. identity is shown when the server
 * asks for a certificate; NULL: none is. */
struct mp_tls *mp_tls_new(struct mp_tls_context *context, int fd, const char *host,
	const struct mp_tls_identity *identity);
void mp_tls_free(struct mp_tls *tls);
/* For mp_conn_upgrade(). */
struct mp_filter *mp_tls_filter(struct mp_tls *tls);
/* What was seen, in the arena; after a failed handshake as far as it came, NULL when the server
 * showed nothing. */
const struct mp_tls_facts *mp_tls_facts_take(const struct mp_tls *tls, struct mp_arena *arena);

#endif
