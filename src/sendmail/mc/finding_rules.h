/* finding_rules - the findings about a sendmail.mc. */
#ifndef MP_SENDMAIL_MC_FINDING_RULES_H
#define MP_SENDMAIL_MC_FINDING_RULES_H

#include "diag/rule.h"

/* All of them, sorted by id. */
struct mp_rules mp_sendmail_mc_rules(void);

#endif
