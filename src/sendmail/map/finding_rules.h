/* finding_rules - the findings about maps and their files. */
#ifndef SM_MAP_FINDING_RULES_H
#define SM_MAP_FINDING_RULES_H

#include "diag/rule.h"

/* All of them, sorted by id. */
struct mp_rules mp_sendmail_map_rules(void);

#endif
