/*
 * lookup - records of the DNS, as a mail server would find them, by way of c-ares.
 *
 * Many lookups at once. The system's hosts file and search list play no part. An answer is either
 * what the DNS says, or open: what was not learnt is never made up.
 */
#ifndef MP_DNS_LOOKUP_H
#define MP_DNS_LOOKUP_H

#include "base/arena.h"
#include "base/err.h"
#include "dns/message.h"
#include "dns/server.h"

enum mp_dns_answer {
	MP_DNS_OPEN, /* nothing was learnt: `problem` says why */
	MP_DNS_HAS, /* there are records */
	MP_DNS_HAS_NONE, /* there is no such name, or it has no such record */
	MP_DNS_FAILS /* the DNS fails: a server failure, or no answer in time while it answers
			others */
};

struct mp_dns_lookup {
	/* given */
	const char *name; /* in lower case, without a trailing dot */
	enum mp_dns_rr type;
	/* found */
	enum mp_dns_answer answer;
	const char *canonical; /* the name that its CNAMEs lead to; itself where there are none */
	const char *const *values; /* of HAS: as struct mp_dns_record has them, sorted */
	size_t n;
	const char *problem; /* of OPEN and FAILS: a constant; "" */
};

/* Whether a name can be asked for: labels of 1 to 63 letters, digits, '-' and '_', 253 bytes in
 * all, and no address. */
bool mp_dns_name_ok(const char *name);

/* Asks for all; blocks for at most timeout_ms. Everything found is in the arena. -1 only when the
 * resolver itself cannot be used (MP_ERR_SYSTEM). */
int mp_dns_look_up(const struct mp_dns_server *server, struct mp_dns_lookup *lookups, size_t n,
	unsigned timeout_ms, struct mp_arena *arena, struct mp_err *err);

#endif
