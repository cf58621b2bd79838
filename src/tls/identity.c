/* identity - a client's own certificate with its key, by way of OpenSSL. */
#include "tls/identity.h"

#include "base/alloc.h"
#include "tls/identity_use.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

struct mp_tls_identity {
	X509 *certificate;
	EVP_PKEY *key;
	STACK_OF(X509) * chain;
};

/* Nobody is asked for a passphrase: that would need a terminal, or an argument that others see. */
static int no_passphrase(char *out, int size, int writing, void *asked)
{
	(void)out, (void)size, (void)writing;
	*(bool *)asked = true;
	return -1;
}

static int read_chain(struct mp_tls_identity *identity, const char *file, struct mp_err *err)
{
	bool asked = false;
	BIO *bio = BIO_new_file(file, "r");
	if (bio == NULL) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: cannot be opened", file);
	}
	identity->certificate = PEM_read_bio_X509(bio, NULL, no_passphrase, &asked);
	identity->chain = sk_X509_new_null();
	for (X509 *next; identity->certificate != NULL &&
		(next = PEM_read_bio_X509(bio, NULL, no_passphrase, &asked)) != NULL;) {
		sk_X509_push(identity->chain, next);
	}
	BIO_free(bio);
	return identity->certificate != NULL
		? 0
		: mp_err_set(err, MP_ERR_INPUT, "%s: there is no certificate in it (PEM)", file);
}

static int read_key(struct mp_tls_identity *identity, const char *file, struct mp_err *err)
{
	bool asked = false;
	BIO *bio = BIO_new_file(file, "r");
	if (bio == NULL) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: cannot be opened", file);
	}
	identity->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, &asked);
	BIO_free(bio);
	if (asked) {
		return mp_err_set(err, MP_ERR_INPUT,
			"%s: the private key has a passphrase; it is needed without one", file);
	}
	if (identity->key == NULL) {
		return mp_err_set(
			err, MP_ERR_INPUT, "%s: there is no private key in it (PEM)", file);
	}
	return X509_check_private_key(identity->certificate, identity->key) == 1
		? 0
		: mp_err_set(err, MP_ERR_INPUT,
			  "%s: this private key does not belong to the certificate", file);
}

struct mp_tls_identity *mp_tls_identity_read(
	const char *file, const char *key_file, struct mp_err *err)
{
	struct mp_tls_identity *identity = mp_alloc(sizeof *identity);

	int bad = read_chain(identity, file, err);
	bad = bad != 0 ? bad : read_key(identity, key_file != NULL ? key_file : file, err);
	ERR_clear_error();
	if (bad != 0) {
		mp_tls_identity_free(identity);
		return NULL;
	}
	return identity;
}

void mp_tls_identity_free(struct mp_tls_identity *identity)
{
	if (identity != NULL) {
		X509_free(identity->certificate);
		EVP_PKEY_free(identity->key);
		sk_X509_pop_free(identity->chain, X509_free);
		free(identity);
	}
}

bool mp_tls_identity_use(const struct mp_tls_identity *identity, SSL *ssl)
{
	return SSL_use_cert_and_key(
		       ssl, identity->certificate, identity->key, identity->chain, 1) == 1;
}

const char *mp_tls_identity_name(
	const struct mp_tls_identity *identity, bool of_issuer, struct mp_arena *arena)
{
	const X509_NAME *name = of_issuer ? X509_get_issuer_name(identity->certificate)
					  : X509_get_subject_name(identity->certificate);
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
	unsigned char *text = NULL;

	if (at < 0) {
		return "";
	}
	int n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	const char *copy = n < 0 ? "" : mp_arena_memdup(arena, (const char *)text, (size_t)n);
	OPENSSL_free(text);
	return copy;
}

static const char *pairs(const unsigned char *digest, unsigned n, struct mp_arena *arena)
{
	static const char hex[] = "0123456789ABCDEF";
	char *text = mp_arena_alloc(arena, (size_t)n * 3 + 1);

	for (unsigned i = 0; i < n; i++) {
		text[i * 3] = hex[digest[i] >> 4];
		text[i * 3 + 1] = hex[digest[i] & 15];
		text[i * 3 + 2] = i + 1 < n ? ':' : '\0';
	}
	return text;
}

const char *mp_tls_identity_fingerprint(const struct mp_tls_identity *identity, const char *digest,
	bool of_key, struct mp_arena *arena)
{
	const EVP_MD *md = EVP_get_digestbyname(digest);
	unsigned char out[EVP_MAX_MD_SIZE];
	unsigned char *key = NULL;
	unsigned n = 0;
	int done = 0;

	if (md == NULL) {
		return NULL;
	}
	if (of_key) {
		int size = i2d_PUBKEY(X509_get0_pubkey(identity->certificate), &key);
		done = size > 0 ? EVP_Digest(key, (size_t)size, out, &n, md, NULL) : 0;
		OPENSSL_free(key);
	} else {
		done = X509_digest(identity->certificate, md, out, &n);
	}
	ERR_clear_error();
	return done == 1 && n > 0 ? pairs(out, n, arena) : NULL;
}

static X509_STORE *read_authorities(struct mp_slice pem)
{
	X509_STORE *store = X509_STORE_new();
	BIO *bio = pem.n > 0 && pem.n < INT_MAX ? BIO_new_mem_buf(pem.p, (int)pem.n) : NULL;
	bool asked = false;

	for (X509 *one; bio != NULL && store != NULL &&
		(one = PEM_read_bio_X509_AUX(bio, NULL, no_passphrase, &asked)) != NULL;) {
		X509_STORE_add_cert(store, one);
		X509_free(one);
	}
	BIO_free(bio);
	return store;
}

bool mp_tls_identity_vouched(const struct mp_tls_identity *identity, struct mp_slice authorities)
{
	X509_STORE *store = read_authorities(authorities);
	X509_STORE_CTX *check = X509_STORE_CTX_new();

	bool good = store != NULL && check != NULL &&
		X509_STORE_CTX_init(check, store, identity->certificate, identity->chain) == 1 &&
		X509_STORE_CTX_set_default(check, "ssl_client") == 1 &&
		X509_verify_cert(check) == 1;
	X509_STORE_CTX_free(check);
	X509_STORE_free(store);
	ERR_clear_error();
	return good;
}
