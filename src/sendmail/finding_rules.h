/* finding_rules - the findings about a sendmail configuration, of all its rooms. */
#ifndef SM_FINDING_RULES_H
#define SM_FINDING_RULES_H

#include "diag/rule.h"

enum { MP_SENDMAIL_RULES = 5 };

/* The tables of the rooms: about the .mc, the .cf, its maps, its options, and the pair of .mc and
 * .cf. */
void mp_sendmail_rules(struct mp_rules tables[MP_SENDMAIL_RULES]);

#endif
