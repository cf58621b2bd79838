/* cert - a key and a self-signed certificate for the lab, made at run time. */
#include "lab/cert.h"

#include "base/alloc.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>

enum { DAY = 24 * 60 * 60, YEARS = 10 * 365 };

static int add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *ext = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

	if (ext == NULL) {
		return 0;
	}
	int ok = X509_add_ext(cert, ext, -1);
	X509_EXTENSION_free(ext);
	return ok;
}

static int fill(X509 *cert, EVP_PKEY *key, const char *name)
{
	char alternative[300];
	X509_NAME *subject = X509_get_subject_name(cert);

	snprintf(alternative, sizeof alternative, "DNS:%.255s", name);
	return X509_set_version(cert, 2) && ASN1_INTEGER_set(X509_get_serialNumber(cert), 1) &&
		X509_gmtime_adj(X509_getm_notBefore(cert), -DAY) != NULL &&
		X509_gmtime_adj(X509_getm_notAfter(cert), (long)DAY * YEARS) != NULL &&
		X509_NAME_add_entry_by_txt(
			subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0) &&
		X509_set_issuer_name(cert, subject) && X509_set_pubkey(cert, key) &&
		add_extension(cert, NID_basic_constraints, "critical,CA:TRUE") &&
		add_extension(cert, NID_subject_alt_name, alternative) &&
		X509_sign(cert, key, EVP_sha256());
}

static char *as_pem(X509 *cert, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL, *p = NULL;

	if (bio != NULL && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) &&
		PEM_write_bio_X509(bio, cert)) {
		long n = BIO_get_mem_data(bio, &p);
		text = mp_memdup(p, n > 0 ? (size_t)n : 0);
	}
	BIO_free(bio);
	return text;
}

char *lab_cert_make(const char *name, struct mp_err *err)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();
	char *text = NULL;

	if (key != NULL && cert != NULL && fill(cert, key, name)) {
		text = as_pem(cert, key);
	}
	if (text == NULL) {
		mp_err_set(err, MP_ERR_SYSTEM, "cannot make a certificate");
	}
	X509_free(cert);
	EVP_PKEY_free(key);
	return text;
}
