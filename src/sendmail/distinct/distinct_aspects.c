/* distinct_aspects - what of a session rules look at while they run, by the macros that they name.
 */
#include "sendmail/distinct/distinct_internal.h"

static unsigned aspect_of(const char *macro)
{
	static const struct {
		const char *name;
		unsigned aspects;
	} table[] = {
		{"s", MP_ASPECT_HELO},
		{"{auth_type}", MP_ASPECT_LOGIN},
		{"{auth_authen}", MP_ASPECT_LOGIN},
		{"{auth_author}", MP_ASPECT_LOGIN},
		{"{auth_ssf}", MP_ASPECT_LOGIN},
		{"{verify}", MP_ASPECT_TLS | MP_ASPECT_CERTIFICATE},
		{"{cert_subject}", MP_ASPECT_CERTIFICATE},
		{"{cert_issuer}", MP_ASPECT_CERTIFICATE},
		{"{cn_subject}", MP_ASPECT_CERTIFICATE},
		{"{cn_issuer}", MP_ASPECT_CERTIFICATE},
		{"{cert_md5}", MP_ASPECT_CERTIFICATE},
		{"{cert_fp}", MP_ASPECT_CERTIFICATE},
		{"{cipher_bits}", MP_ASPECT_TLS},
		{"{tls_version}", MP_ASPECT_TLS},
		{"{cipher}", MP_ASPECT_TLS},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (mp_str_eq(macro, table[i].name)) {
			return table[i].aspects;
		}
	}
	return 0;
}

unsigned sm_distinct_aspects(const struct sm_cf *cf, const struct sm_ruleset *ruleset)
{
	unsigned found = 0;

	for (size_t k = 0; k < ruleset->rules.n; k++) {
		const struct sm_rule *r = &ruleset->rules.v[k];

		for (size_t t = 0; t < r->lhs_n + r->rhs_n; t++) {
			const struct sm_token *token =
				t < r->lhs_n ? &r->lhs[t] : &r->rhs[t - r->lhs_n];

			if (token->symbol == SM_SYM_LATE) {
				found |= aspect_of(sm_names_text(cf->names, token->arg));
			}
		}
	}
	return found;
}

unsigned sm_aspects_in_rules(const struct sm_cf *cf)
{
	unsigned found = 0;

	for (size_t i = 0; i < cf->rulesets.n; i++) {
		found |= sm_distinct_aspects(cf, cf->rulesets.v[i]);
	}
	return found;
}
