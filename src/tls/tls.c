/*
 * tls - client TLS, by way of OpenSSL on a non-blocking descriptor.
 *
 * DESCRIPTION
 *	The handshake accepts whatever the server has (security level 0, TLS 1.0 on), so that the
 *	session can go on and be observed; the verification result is kept. Reads and writes go
 *	through the filter interface of net/conn.h.
 */
#include "tls/tls.h"

#include "base/alloc.h"
#include "tls/facts.h"
#include "tls/identity_use.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

struct mp_tls_context {
	SSL_CTX *ctx;
};

struct mp_tls {
	struct mp_filter filter; /* first: a filter is its tls */
	SSL *ssl;
	char problem[256];
};

struct mp_tls_context *mp_tls_context_new(const char *ca_file, struct mp_err *err)
{
	struct mp_tls_context *context = mp_alloc(sizeof *context);

	context->ctx = SSL_CTX_new(TLS_client_method());
	if (context->ctx == NULL) {
		MP_BUG("OpenSSL has no client method");
	}
	SSL_CTX_set_min_proto_version(context->ctx, TLS1_VERSION);
	SSL_CTX_set_security_level(context->ctx, 0);
	SSL_CTX_set_options(context->ctx, SSL_OP_LEGACY_SERVER_CONNECT);
#ifdef SSL_OP_IGNORE_UNEXPECTED_EOF
	/* Mail servers close without TLS' farewell; that is an end, not an attack, to us. */
	SSL_CTX_set_options(context->ctx, SSL_OP_IGNORE_UNEXPECTED_EOF);
#endif
	SSL_CTX_set_mode(
		context->ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	/* The certificate is checked all the same: SSL_get_verify_result(). */
	SSL_CTX_set_verify(context->ctx, SSL_VERIFY_NONE, NULL);
	ERR_clear_error();
	if (ca_file == NULL) {
		SSL_CTX_set_default_verify_paths(context->ctx);
	} else if (SSL_CTX_load_verify_locations(context->ctx, ca_file, NULL) != 1) {
		mp_err_set(err, MP_ERR_INPUT,
			"%s: no certificates of authorities can be read from it", ca_file);
		mp_tls_context_free(context);
		return NULL;
	}
	ERR_clear_error();
	return context;
}

void mp_tls_context_free(struct mp_tls_context *context)
{
	if (context != NULL) {
		SSL_CTX_free(context->ctx);
		free(context);
	}
}

/* The newest reason of OpenSSL's, or that of the system. */
static void keep_problem(struct mp_tls *tls, int ssl_error)
{
	unsigned long e = ERR_peek_last_error();
	const char *reason = e != 0 ? ERR_reason_error_string(e) : NULL;

	if (reason != NULL) {
		snprintf(tls->problem, sizeof tls->problem, "%s", reason);
	} else if (ssl_error == SSL_ERROR_SYSCALL && errno != 0) {
		snprintf(tls->problem, sizeof tls->problem, "%s", strerror(errno));
	} else {
		snprintf(tls->problem, sizeof tls->problem,
			"the server closed the connection in the middle");
	}
	ERR_clear_error();
}

static long result_of(struct mp_tls *tls, int r)
{
	int error = SSL_get_error(tls->ssl, r);

	switch (error) {
	case SSL_ERROR_WANT_READ:
		return MP_FILTER_WANT_READ;
	case SSL_ERROR_WANT_WRITE:
		return MP_FILTER_WANT_WRITE;
	case SSL_ERROR_ZERO_RETURN:
		return MP_FILTER_EOF;
	default:
		keep_problem(tls, error);
		return MP_FILTER_ERROR;
	}
}

static long tls_handshake(struct mp_filter *f)
{
	struct mp_tls *tls = (struct mp_tls *)f;

	ERR_clear_error();
	errno = 0;
	int r = SSL_connect(tls->ssl);
	if (r == 1) {
		return 1;
	}
	long result = result_of(tls, r);
	if (result == MP_FILTER_EOF) {
		snprintf(tls->problem, sizeof tls->problem,
			"the server closed the connection in the middle");
		return MP_FILTER_ERROR;
	}
	return result;
}

static long tls_read(struct mp_filter *f, char *out, size_t size)
{
	struct mp_tls *tls = (struct mp_tls *)f;

	ERR_clear_error();
	errno = 0;
	int r = SSL_read(tls->ssl, out, (int)size);
	return r > 0 ? r : result_of(tls, r);
}

static long tls_write(struct mp_filter *f, const char *p, size_t n)
{
	struct mp_tls *tls = (struct mp_tls *)f;

	ERR_clear_error();
	errno = 0;
	int r = SSL_write(tls->ssl, p, (int)n);
	return r > 0 ? r : result_of(tls, r);
}

static const char *tls_problem(const struct mp_filter *f)
{
	return ((const struct mp_tls *)f)->problem;
}

static const struct mp_filter_ops tls_ops = {
	.handshake = tls_handshake,
	.read = tls_read,
	.write = tls_write,
	.problem = tls_problem,
};

struct mp_tls *mp_tls_new(struct mp_tls_context *context, int fd, const char *host,
	const struct mp_tls_identity *identity)
{
	struct mp_tls *tls = mp_alloc(sizeof *tls);
	struct mp_ip ip;

	tls->filter.ops = &tls_ops;
	tls->ssl = SSL_new(context->ctx);
	if (tls->ssl == NULL || SSL_set_fd(tls->ssl, fd) != 1) {
		MP_BUG("OpenSSL cannot make a connection");
	}
	if (identity != NULL && !mp_tls_identity_use(identity, tls->ssl)) {
		MP_BUG("a certificate that was checked cannot be used");
	}
	if (mp_ip_parse(mp_slice_str(host), &ip)) {
		X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls->ssl), host);
	} else {
		SSL_set_tlsext_host_name(tls->ssl, host);
		SSL_set1_host(tls->ssl, host);
	}
	return tls;
}

void mp_tls_free(struct mp_tls *tls)
{
	if (tls != NULL) {
		SSL_free(tls->ssl);
		free(tls);
	}
}

struct mp_filter *mp_tls_filter(struct mp_tls *tls)
{
	return &tls->filter;
}

const struct mp_tls_facts *mp_tls_facts_take(const struct mp_tls *tls, struct mp_arena *arena)
{
	return mp_tls_read_facts(tls->ssl, arena);
}
