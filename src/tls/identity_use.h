/* identity_use - shows an identity in a connection: between the files of this folder. */
#ifndef MP_TLS_IDENTITY_USE_H
#define MP_TLS_IDENTITY_USE_H

#include "tls/identity.h"

#include <openssl/ssl.h>

/* Has the client end show the identity when it is asked for one; false when OpenSSL refuses. */
bool mp_tls_identity_use(const struct mp_tls_identity *identity, SSL *ssl);

#endif
