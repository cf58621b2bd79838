/* finding_rules - the findings about a sendmail configuration, of all its rooms. */
#include "sendmail/finding_rules.h"

#include "sendmail/cf/finding_rules.h"
#include "sendmail/map/finding_rules.h"
#include "sendmail/mc/finding_rules.h"
#include "sendmail/smtp/finding_rules.h"

void mp_sendmail_rules(struct mp_rules tables[MP_SENDMAIL_RULES])
{
	tables[0] = mp_sendmail_mc_rules();
	tables[1] = mp_sendmail_cf_rules();
	tables[2] = mp_sendmail_map_rules();
	tables[3] = mp_sendmail_smtp_rules();
}
