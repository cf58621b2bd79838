/*
 * ip - IPv4 and IPv6 addresses and networks as values.
 *
 * An IPv4-mapped IPv6 address is read as the IPv4 address that it is.
 */
#ifndef MP_BASE_IP_H
#define MP_BASE_IP_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct mp_ip {
	uint8_t family; /* 4, 6, or 0 for none */
	uint8_t b[16]; /* network order; the first 4 for IPv4 */
};

/* A network: an address and a prefix length in bits. */
struct mp_cidr {
	struct mp_ip ip;
	unsigned length;
};

enum { MP_IP_TEXT = 46 };

/* Reads a dotted quad (four decimal numbers) or an IPv6 address without brackets (RFC 4291 2.2). */
bool mp_ip_parse(struct mp_slice s, struct mp_ip *out);
/* The usual text form (RFC 5952 for IPv6); returns out. */
const char *mp_ip_format(const struct mp_ip *ip, char out[MP_IP_TEXT]);
/* The same, but with all eight groups of an IPv6 address: "2001:db8:0:0:0:0:0:1"; returns out. */
const char *mp_ip_format_full(const struct mp_ip *ip, char out[MP_IP_TEXT]);
bool mp_ip_eq(const struct mp_ip *a, const struct mp_ip *b);
/* <0, 0, >0: IPv4 before IPv6, then by value. */
int mp_ip_cmp(const struct mp_ip *a, const struct mp_ip *b);
/* The address after (before) this one; false at the end of the family's range. */
bool mp_ip_next(struct mp_ip *ip);
bool mp_ip_prev(struct mp_ip *ip);
/* 32 or 128. */
unsigned mp_ip_bits(const struct mp_ip *ip);
bool mp_ip_is_loopback(const struct mp_ip *ip);

/* Reads "address" or "address/length" (no brackets). Host bits may be set: see mp_cidr_host_bits.
 */
bool mp_cidr_parse(struct mp_slice s, struct mp_cidr *out);
bool mp_cidr_contains(const struct mp_cidr *net, const struct mp_ip *ip);
/* True if bits behind the prefix are set ("192.0.2.1/24"). */
bool mp_cidr_host_bits(const struct mp_cidr *net);
/* Clears the bits behind the prefix. */
void mp_cidr_mask(struct mp_cidr *net);
/* The last address of the network. */
struct mp_ip mp_cidr_last(const struct mp_cidr *net);

#endif
