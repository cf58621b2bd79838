/* root - the lab's root: an overlay over this machine's, with the MTA's tree merged in. */
#ifndef MP_LAB_ROOT_H
#define MP_LAB_ROOT_H

#include "base/err.h"

/* Called in a mount namespace and a PID namespace that are new: makes the root and enters it.
 * What is written there lives in memory. mta is a descriptor of the folder with the unpacked MTA,
 * or -1. /dev, /run, /tmp, /home, /var/spool, /var/mail and private (the configuration's folder)
 * are empty and the lab's own. */
int lab_root_enter(int mta, const char *private, struct mp_err *err);

#endif
