/* sasl_mech - what SASL mechanisms are like, and which the security options let pass (10.3). */
#include "postfix/config/split.h"
#include "postfix/smtpd/smtpd.h"

struct mechanism {
	const char *name;
	unsigned cyrus; /* the properties that its plug-in has */
	unsigned dovecot; /* the options that would forbid it, or that it meets */
};

/* A mechanism of Cyrus SASL has properties, all of which that are asked for must be there. What a
 * Dovecot server says of a mechanism is what is wrong with it (plaintext, active, dictionary,
 * anonymous) or good about it (forward-secrecy, mutual-auth); here the wrong ones are left out, so
 * that both read alike. */
enum {
	P = PF_SASL_NOPLAINTEXT,
	A = PF_SASL_NOACTIVE,
	D = PF_SASL_NODICTIONARY,
	F = PF_SASL_FORWARD_SECRECY,
	N = PF_SASL_NOANONYMOUS,
	M = PF_SASL_MUTUAL_AUTH
};

static const struct mechanism mechanisms[] = {
	{"PLAIN", N, A | D | N},
	{"LOGIN", N, A | D | N},
	{"ANONYMOUS", P, P | A | D},
	{"CRAM-MD5", P | N, P | N},
	{"DIGEST-MD5", P | N | M, P | N | M},
	{"NTLM", P | N, P | N},
	{"EXTERNAL", P | D | N, P | A | D | N},
	{"OTP", P | F | N, P | N | F},
	{"SRP", P | A | D | F | N | M, P | A | D | F | N | M},
	{"GSSAPI", P | A | N | M, P | A | D | N | M},
	{"GSS-SPNEGO", P | A | N | M, P | A | D | N | M},
	{"GS2-KRB5", P | A | N | M, P | A | D | N | M},
	{"SCRAM-SHA-1", P | A | N | M, P | A | D | N | M},
	{"SCRAM-SHA-224", P | A | N | M, P | A | D | N | M},
	{"SCRAM-SHA-256", P | A | N | M, P | A | D | N | M},
	{"SCRAM-SHA-384", P | A | N | M, P | A | D | N | M},
	{"SCRAM-SHA-512", P | A | N | M, P | A | D | N | M},
};

static unsigned properties(const char *name, bool dovecot)
{
	for (size_t i = 0; i < sizeof mechanisms / sizeof mechanisms[0]; i++) {
		if (mp_str_ieq(name, mechanisms[i].name)) {
			return dovecot ? mechanisms[i].dovecot : mechanisms[i].cyrus;
		}
	}
	return dovecot ? P | A | D | N : P | N;
}

bool pf_sasl_options(const char *words, bool dovecot, unsigned *options)
{
	static const struct {
		const char *word;
		unsigned bit;
	} table[] = {
		{"noplaintext", PF_SASL_NOPLAINTEXT},
		{"noactive", PF_SASL_NOACTIVE},
		{"nodictionary", PF_SASL_NODICTIONARY},
		{"forward_secrecy", PF_SASL_FORWARD_SECRECY},
		{"noanonymous", PF_SASL_NOANONYMOUS},
		{"mutual_auth", PF_SASL_MUTUAL_AUTH},
	};
	struct mp_slice word;

	(void)dovecot;
	*options = 0;
	while (pf_next_word(&words, &word)) {
		size_t i = 0;
		while (i < sizeof table / sizeof table[0] &&
			!mp_slice_ieq_str(word, table[i].word)) {
			i++;
		}
		if (i == sizeof table / sizeof table[0]) {
			return false;
		}
		*options |= table[i].bit;
	}
	return true;
}

bool pf_sasl_allowed(const char *mechanism, unsigned options, bool dovecot)
{
	return (options & ~properties(mechanism, dovecot)) == 0;
}

bool pf_sasl_is_plaintext(const char *mechanism)
{
	return mp_str_ieq(mechanism, "PLAIN") || mp_str_ieq(mechanism, "LOGIN");
}
