/* facts - what a TLS connection shows: protocol, cipher, certificates. */
#include "tls/facts.h"

#include "base/ip.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

enum { MAX_CHAIN = 20, MAX_NAMES = 100, MAX_NAME_TEXT = 1024 };

static const char *take_bio(BIO *bio, struct mp_arena *arena)
{
	char *p = NULL;
	long n = BIO_get_mem_data(bio, &p);

	if (n > MAX_NAME_TEXT) {
		n = MAX_NAME_TEXT;
	}
	const char *text = mp_arena_memdup(arena, p, n > 0 ? (size_t)n : 0);
	BIO_free(bio);
	return text;
}

static const char *name_text(const X509_NAME *name, struct mp_arena *arena)
{
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio == NULL) {
		return "";
	}
	X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253);
	return take_bio(bio, arena);
}

static const char *time_text(const ASN1_TIME *time, struct mp_arena *arena)
{
	struct tm tm;

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1) {
		return "";
	}
	return mp_arena_printf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
		tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static const char *fingerprint(const X509 *certificate, struct mp_arena *arena)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	if (X509_digest(certificate, EVP_sha256(), digest, &n) != 1) {
		return "";
	}
	char *text = mp_arena_alloc(arena, n * 3 + 1);
	for (unsigned i = 0; i < n; i++) {
		static const char hex[] = "0123456789ABCDEF";
		text[i * 3] = hex[digest[i] >> 4];
		text[i * 3 + 1] = hex[digest[i] & 15];
		text[i * 3 + 2] = i + 1 < n ? ':' : '\0';
	}
	return text;
}

static const char *key_text(X509 *certificate, struct mp_arena *arena)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);

	if (key == NULL) {
		return "";
	}
	const char *type = OBJ_nid2sn(EVP_PKEY_base_id(key));
	return mp_arena_printf(arena, "%s %d",
		EVP_PKEY_base_id(key) == EVP_PKEY_RSA          ? "RSA"
			: EVP_PKEY_base_id(key) == EVP_PKEY_EC ? "EC"
			: type != NULL                         ? type
							       : "unknown",
		EVP_PKEY_bits(key));
}

/* A DNS name or an address; NULL for other kinds. */
static const char *general_name(const GENERAL_NAME *name, struct mp_arena *arena)
{
	int type;
	void *value = GENERAL_NAME_get0_value(name, &type);

	if (type == GEN_DNS) {
		const ASN1_STRING *s = value;
		int n = ASN1_STRING_length(s);
		return mp_arena_memdup(arena, (const char *)ASN1_STRING_get0_data(s),
			(size_t)(n > MAX_NAME_TEXT ? MAX_NAME_TEXT : n));
	}
	if (type == GEN_IPADD) {
		const ASN1_OCTET_STRING *s = value;
		struct mp_ip ip = {.family = ASN1_STRING_length(s) == 16 ? 6 : 4};
		char text[MP_IP_TEXT];
		if (ASN1_STRING_length(s) != 4 && ASN1_STRING_length(s) != 16) {
			return NULL;
		}
		memcpy(ip.b, ASN1_STRING_get0_data(s), (size_t)ASN1_STRING_length(s));
		return mp_arena_strdup(arena, mp_ip_format(&ip, text));
	}
	return NULL;
}

static void read_names(
	X509 *certificate, struct mp_certificate_facts *facts, struct mp_arena *arena)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	int n = names == NULL ? 0 : sk_GENERAL_NAME_num(names);

	const char **v = mp_arena_array(arena, (size_t)(n < 0 ? 0 : n), sizeof *v);
	for (int i = 0; i < n && facts->name_count < MAX_NAMES; i++) {
		const char *text = general_name(sk_GENERAL_NAME_value(names, i), arena);
		if (text != NULL) {
			v[facts->name_count++] = text;
		}
	}
	facts->names = v;
	GENERAL_NAMES_free(names);
}

static void read_certificate(
	X509 *certificate, struct mp_certificate_facts *facts, struct mp_arena *arena)
{
	*facts = (struct mp_certificate_facts){
		.subject = name_text(X509_get_subject_name(certificate), arena),
		.issuer = name_text(X509_get_issuer_name(certificate), arena),
		.not_before = time_text(X509_get0_notBefore(certificate), arena),
		.not_after = time_text(X509_get0_notAfter(certificate), arena),
		.sha256 = fingerprint(certificate, arena),
		.key = key_text(certificate, arena),
	};
	read_names(certificate, facts, arena);
}

const struct mp_tls_facts *mp_tls_read_facts(const SSL *ssl, struct mp_arena *arena)
{
	STACK_OF(X509) *chain = SSL_get_peer_cert_chain(ssl);
	int n = chain == NULL ? 0 : sk_X509_num(chain);

	if (!SSL_is_init_finished(ssl) && n <= 0) {
		return NULL;
	}
	struct mp_tls_facts *facts = MP_ARENA_NEW(arena, struct mp_tls_facts);
	const char *cipher = SSL_get_cipher_name(ssl);
	long result = SSL_get_verify_result(ssl);
	facts->protocol = mp_arena_strdup(arena, SSL_get_version(ssl));
	facts->cipher = mp_arena_strdup(arena, cipher != NULL ? cipher : "");
	/* Without a certificate OpenSSL reports X509_V_OK: there was nothing to find wrong. */
	facts->verified = n > 0 && result == X509_V_OK;
	facts->problem = facts->verified ? ""
		: n <= 0                 ? "the server showed no certificate"
			 : mp_arena_strdup(arena, X509_verify_cert_error_string(result));
	if (n > MAX_CHAIN) {
		n = MAX_CHAIN;
	}
	struct mp_certificate_facts *v = mp_arena_array(arena, (size_t)(n > 0 ? n : 0), sizeof *v);
	for (int i = 0; i < n; i++) {
		read_certificate(sk_X509_value(chain, i), &v[facts->chain_count++], arena);
	}
	facts->chain = v;
	return facts;
}
