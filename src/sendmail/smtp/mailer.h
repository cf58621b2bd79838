/*
 * mailer - the mailers of a configuration, as far as a reply depends on them (Operations Guide
 * 5.4).
 */
#ifndef SM_SMTP_MAILER_H
#define SM_SMTP_MAILER_H

#include "sendmail/cf/cf.h"

struct sm_delivery {
	const char *name;
	const char *flags; /* F=; letters */
	const char *recipient_rules; /* R=: the envelope's ruleset; NULL: none */
	bool local; /* delivers on this host: local, prog, file, procmail and the like */
	struct mp_loc loc; /* source NULL: a mailer that sendmail has by itself */
};

struct sm_deliveries {
	struct sm_delivery *v;
	size_t n;
};

/* Takes the M lines apart; those that sendmail has by itself (prog, *file*, *include*) are there,
 * too. In the configuration's arena. */
struct sm_deliveries sm_deliveries_read(struct sm_cf *cf);
/* Takes the next field ("F=mDFMuX", "User=mail:mail") off the front of a mailer's definition: only
 * the first letter of its name counts, and a backslash keeps a comma in its value. False behind the
 * last one. */
bool sm_mailer_field(struct mp_slice *definition, char *letter, struct mp_slice *value);
/* By name, without case; NULL when there is none. */
const struct sm_delivery *sm_delivery_find(const struct sm_deliveries *all, const char *name);
bool sm_delivery_has(const struct sm_delivery *mailer, char flag);

#endif
