/*
 * channel - a c-ares channel with its timeouts, driven by poll(2).
 *
 * For the files of dns/ only: nobody else sees c-ares.
 */
#ifndef MP_DNS_CHANNEL_H
#define MP_DNS_CHANNEL_H

#include "base/err.h"
#include "dns/server.h"

#include <ares.h>
#include <stdbool.h>
#include <stdint.h>

enum { MP_DNS_IN_FLIGHT = 64 }; /* queries at once */

struct mp_dns_channel {
	ares_channel ares;
};

struct mp_dns_channel_options {
	const struct mp_dns_server *server; /* NULL: the system's */
	unsigned try_ms; /* how long a server may take before it is asked again; 0: c-ares' own */
	bool frank; /* a server's failure or refusal is an answer: no other server is asked */
};

/* MP_ERR_SYSTEM. */
int mp_dns_channel_open(struct mp_dns_channel *channel,
	const struct mp_dns_channel_options *options, struct mp_err *err);
/* Ends every query (ARES_EDESTRUCTION) and frees all. */
void mp_dns_channel_close(struct mp_dns_channel *channel);
/* Waits once for the channel's sockets, or until the deadline on the clock of base/clock.h; false
 * when it has none: all is answered. */
bool mp_dns_channel_wait(struct mp_dns_channel *channel, uint64_t deadline);

#endif
