/* finding_rules - the findings about main.cf, master.cf and what stands in them. */
#ifndef PF_FINDING_RULES_H
#define PF_FINDING_RULES_H

#include "diag/rule.h"

/* All of them, sorted by id. */
struct mp_rules mp_postfix_rules(void);

#endif
