/*
 * hostname - what Postfix takes for a host name or a numerical address (valid_hostname(3)).
 */
#ifndef PF_CONFIG_HOSTNAME_H
#define PF_CONFIG_HOSTNAME_H

#include "base/slice.h"

/* Labels of letters, digits, "_" and "-" (not at a label's ends), at most 63 bytes each, no empty
 * label and no final dot, at most 255 bytes, and not digits only. */
bool pf_valid_hostname(struct mp_slice name);
/* The same, where bytes above 127 count as letters (smtputf8_enable). */
bool pf_valid_utf8_hostname(struct mp_slice name);
/* "192.0.2.1" or "2001:db8::1". IPv6 is read as loosely as Postfix does ("1:2:3" passes): this says
 * what Postfix takes for an address, not whether it is one. */
bool pf_valid_hostaddr(struct mp_slice text);
/* What stands in a literal: "192.0.2.1", "IPv6:2001:db8::1"; bare is the address in it. */
bool pf_valid_mailhost_addr(struct mp_slice text, struct mp_slice *bare);
/* What Postfix asks the DNS about at all: a host name, perhaps with "*" as its first label, or the
 * root; nothing that looks like an address. */
bool pf_valid_dns_name(struct mp_slice name);

#endif
