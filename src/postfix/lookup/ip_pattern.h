/*
 * ip_pattern - "127.0.0.[2..4;8]": which answers of a DNS list count (postconf(5)
 * reject_rbl_client).
 */
#ifndef PF_LOOKUP_IP_PATTERN_H
#define PF_LOOKUP_IP_PATTERN_H

#include "base/ip.h"

/* Four fields parted by dots, each a number from 0 to 255 or a set in brackets; brackets around
 * the whole are taken off. */
bool pf_ip_pattern_valid(const char *pattern);
/* Whether a valid pattern matches; IPv6 never does. */
bool pf_ip_pattern_match(const char *pattern, const struct mp_ip *ip);

#endif
