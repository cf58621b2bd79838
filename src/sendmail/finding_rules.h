/* finding_rules - the findings about a sendmail configuration, of all its rooms. */
#ifndef SM_FINDING_RULES_H
#define SM_FINDING_RULES_H

#include "diag/rule.h"

enum { MP_SENDMAIL_RULES = 4 };

/* The tables of the rooms: about the .mc, the .cf, its maps, and its options. */
void mp_sendmail_rules(struct mp_rules tables[MP_SENDMAIL_RULES]);

#endif
