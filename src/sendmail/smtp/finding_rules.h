/* finding_rules - the findings about the options of a sendmail.cf that decide the dialogue. */
#ifndef SM_SMTP_FINDING_RULES_H
#define SM_SMTP_FINDING_RULES_H

#include "diag/rule.h"

/* All of them, sorted by id. */
struct mp_rules mp_sendmail_smtp_rules(void);

#endif
