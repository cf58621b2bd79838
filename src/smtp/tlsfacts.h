/* tlsfacts - what was seen of a server's TLS: plain data, made by tls/, shown by others. */
#ifndef MP_SMTP_TLSFACTS_H
#define MP_SMTP_TLSFACTS_H

#include <stdbool.h>
#include <stddef.h>

struct mp_certificate_facts {
	const char *subject, *issuer; /* RFC 2253 form */
	const char *not_before, *not_after; /* "2026-01-31T12:00:00Z" */
	const char *sha256; /* fingerprint, hexadecimal pairs with colons */
	const char *const *names; /* DNS names and addresses of subjectAltName */
	size_t name_count;
	const char *key; /* "RSA 2048" */
};

struct mp_tls_facts {
	const char *protocol; /* "TLSv1.3" */
	const char *cipher; /* "TLS_AES_256_GCM_SHA384" */
	bool verified; /* chain and name, against the trusted authorities */
	const char *problem; /* why not verified; "" */
	const struct mp_certificate_facts *chain; /* the server's own first; at most 20 */
	size_t chain_count;
};

#endif
