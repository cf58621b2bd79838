/*
 * hostname - what Postfix takes for a host name or a numerical address (valid_hostname(3)).
 */
#ifndef PF_HOSTNAME_H
#define PF_HOSTNAME_H

#include "base/slice.h"

/* Labels of letters, digits, "_" and "-" (not at a label's ends), at most 63 bytes each, no empty
 * label and no final dot, at most 255 bytes, and not digits only. */
bool pf_valid_hostname(struct mp_slice name);
/* The same, where bytes above 127 count as letters (smtputf8_enable). */
bool pf_valid_utf8_hostname(struct mp_slice name);
/* "192.0.2.1" or "2001:db8::1". */
bool pf_valid_hostaddr(struct mp_slice text);

#endif
