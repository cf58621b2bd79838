/* finding_rules - the findings about the lines of a sendmail.cf. */
#ifndef SM_CF_FINDING_RULES_H
#define SM_CF_FINDING_RULES_H

#include "diag/rule.h"

/* All of them, sorted by id. */
struct mp_rules mp_sendmail_cf_rules(void);

#endif
