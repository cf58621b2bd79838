/*
 * limit - rates that anvil(8) counts.
 *
 * What other sessions of the client did is not known; what this dialogue does is, and a limit that
 * it exceeds by itself is exceeded.
 */
#include "postfix/smtpd/smtpd.h"

bool pf_limit_hit(struct pf_talk *t, const char *parameter, long count)
{
	long limit = pf_int(t->s.smtpd->settings, parameter);

	return limit > 0 && count > limit && !t->no_limits &&
		pf_check_client_list(&t->s, "smtpd_client_event_limit_exceptions") != PF_MATCH;
}
