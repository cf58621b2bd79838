/*
 * message - what a DNS server has answered, read without trust (RFC 1035 4.1).
 *
 * Only the records that mail servers ask for are kept, each value spelled as in a facts file.
 */
#ifndef MP_DNS_MESSAGE_H
#define MP_DNS_MESSAGE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Types of records, by their number (RFC 1035 3.2.2, RFC 3596 2.1). */
enum mp_dns_rr {
	MP_DNS_RR_A = 1,
	MP_DNS_RR_NS = 2,
	MP_DNS_RR_CNAME = 5,
	MP_DNS_RR_PTR = 12,
	MP_DNS_RR_MX = 15,
	MP_DNS_RR_TXT = 16,
	MP_DNS_RR_AAAA = 28
};

/* Response codes (RFC 1035 4.1.1). */
enum mp_dns_rcode { MP_DNS_NOERROR = 0, MP_DNS_SERVFAIL = 2, MP_DNS_NXDOMAIN = 3 };

struct mp_dns_record {
	const char *owner; /* in lower case, without a trailing dot */
	enum mp_dns_rr type;
	/* An address; a host name (of a CNAME like owner, else in the case that the server wrote);
	 * "10 mail.example.com" of an MX, its name "." for the root; of a TXT its strings as one,
	 * with a blank for each byte that is not printable ASCII. */
	const char *value;
};

struct mp_dns_message {
	unsigned rcode;
	const struct mp_dns_record *records; /* of the answer section, of the types above */
	size_t n;
};

/* Reads an answer; everything is copied to the arena. NULL, or what is wrong with it (a constant):
 * cut short, more than MP_LIMIT_DNS_RECORDS records, a text of more than MP_LIMIT_DNS_TEXT bytes.
 */
const char *mp_dns_message_read(
	struct mp_slice bytes, struct mp_arena *arena, struct mp_dns_message *out);

/* Where the name's CNAMEs lead within the message: the name itself where it has none; NULL where
 * they lead in a circle. */
const char *mp_dns_message_canonical(const struct mp_dns_message *m, const char *name);

#endif
