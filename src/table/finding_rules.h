/* finding_rules - the findings about lookup tables. */
#ifndef MP_TABLE_FINDING_RULES_H
#define MP_TABLE_FINDING_RULES_H

#include "diag/rule.h"

/* All of them, sorted by id. */
struct mp_rules mp_table_rules(void);

#endif
