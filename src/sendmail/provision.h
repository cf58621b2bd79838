/* provision - what a sendmail.cf names outside of itself (server/provision.h). */
#ifndef SM_PROVISION_H
#define SM_PROVISION_H

#include "sendmail/cf/cf.h"
#include "server/provision.h"

/* Accounts, queue and other folders, certificates, tables and aliases, in this order; in the
 * arena. A value that is no absolute path where one must be is left out: sendmail says so. */
struct mp_provisions sm_provisions(const struct sm_cf *cf, struct mp_arena *arena);

#endif
