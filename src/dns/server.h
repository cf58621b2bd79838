/*
 * server - which name server is asked: the value of --dns.
 */
#ifndef MP_DNS_SERVER_H
#define MP_DNS_SERVER_H

#include "base/err.h"
#include "base/ip.h"

#include <stdbool.h>

struct mp_dns_server {
	struct mp_ip ip; /* family 0: the system's own */
	unsigned port;
};

enum { MP_DNS_SERVER_TEXT = MP_IP_TEXT + 9 };

/* Reads "live" (the system's servers), "live@ADDR", "live@ADDR:PORT", "live@[V6]:PORT".
 * MP_ERR_USAGE. */
int mp_dns_server_parse(const char *text, struct mp_dns_server *out, struct mp_err *err);
/* "192.0.2.53:53", "[2001:db8::53]:53", or "" for the system's; returns out. */
const char *mp_dns_server_format(const struct mp_dns_server *server, char out[MP_DNS_SERVER_TEXT]);

#endif
