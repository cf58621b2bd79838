/* privacy - PrivacyOptions (reference 1.11). */
#ifndef SM_SMTP_PRIVACY_H
#define SM_SMTP_PRIVACY_H

#include "sendmail/cf/cf.h"

enum sm_privacy {
	SM_PRIV_NEEDMAILHELO = 1 << 0,
	SM_PRIV_NEEDEXPNHELO = 1 << 1,
	SM_PRIV_NEEDVRFYHELO = 1 << 2,
	SM_PRIV_NOEXPN = 1 << 3,
	SM_PRIV_NOVRFY = 1 << 4,
	SM_PRIV_NOVERB = 1 << 5,
	SM_PRIV_NOETRN = 1 << 6,
	SM_PRIV_NORECEIPTS = 1 << 7
};

/* The flags of all lines together (enum sm_privacy). An unknown word is a refusal. */
unsigned sm_privacy_read(struct sm_cf *cf);
/* The line that sets a flag; NULL when none does. */
const struct sm_option *sm_privacy_line(const struct sm_cf *cf, enum sm_privacy flag);

#endif
