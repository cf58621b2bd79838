/* facts - from OpenSSL's objects to plain data, for tls.c only. */
#ifndef MP_TLS_FACTS_H
#define MP_TLS_FACTS_H

#include "base/arena.h"
#include "smtp/tlsfacts.h"

#include <openssl/ssl.h>

const struct mp_tls_facts *mp_tls_read_facts(const SSL *ssl, struct mp_arena *arena);

#endif
