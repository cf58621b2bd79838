/* server - which name server is asked. */
#include "dns/server.h"

#include "base/number.h"

#include <stdio.h>

enum { DNS_PORT = 53 };

static int wrong(const char *text, struct mp_err *err)
{
	return mp_err_set(err, MP_ERR_USAGE,
		"--dns takes live, or live@ADDRESS[:PORT] with the address of a name server, not "
		"'%s'",
		text);
}

/* Splits ADDR, ADDR:PORT, V6, [V6], [V6]:PORT. */
static bool split(struct mp_slice text, struct mp_slice *address, struct mp_slice *port)
{
	*port = mp_slice("", 0);
	if (mp_slice_starts(text, "[")) {
		size_t close = mp_slice_chr(text, ']');
		if (close == MP_NOT_FOUND) {
			return false;
		}
		*address = mp_slice_sub(text, 1, close);
		text = mp_slice_from(text, close + 1);
		*port = mp_slice_from(text, 1);
		return text.n == 0 || (text.n > 1 && text.p[0] == ':');
	}
	size_t colon = mp_slice_chr(text, ':');
	*address = text;
	if (colon != MP_NOT_FOUND && colon == mp_slice_rchr(text, ':')) {
		*address = mp_slice_sub(text, 0, colon);
		*port = mp_slice_from(text, colon + 1);
		return port->n > 0;
	}
	return true;
}

int mp_dns_server_parse(const char *text, struct mp_dns_server *out, struct mp_err *err)
{
	struct mp_slice s = mp_slice_str(text), address, port;
	unsigned long number = DNS_PORT;

	*out = (struct mp_dns_server){0};
	if (mp_slice_eq_str(s, "live")) {
		return 0;
	}
	if (!mp_slice_starts(s, "live@") ||
		!split(mp_slice_from(s, strlen("live@")), &address, &port) ||
		!mp_ip_parse(address, &out->ip) ||
		(port.n > 0 && !mp_parse_uint(port, 1, 65535, &number))) {
		return wrong(text, err);
	}
	out->port = (unsigned)number;
	return 0;
}

const char *mp_dns_server_format(const struct mp_dns_server *server, char out[MP_DNS_SERVER_TEXT])
{
	char ip[MP_IP_TEXT];

	out[0] = '\0';
	if (server->ip.family != 0) {
		snprintf(out, MP_DNS_SERVER_TEXT, server->ip.family == 6 ? "[%s]:%u" : "%s:%u",
			mp_ip_format(&server->ip, ip), server->port);
	}
	return out;
}
