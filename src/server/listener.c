/* listener - where a listener is reached. */
#include "server/server.h"

#include "base/number.h"

bool mp_listener_serves(
	const struct mp_listener *l, const struct mp_ip *address, unsigned long port)
{
	struct mp_ip own;

	if (l->port != port) {
		return false;
	}
	if (mp_str_eq(l->address, "0.0.0.0")) {
		return address->family == 4;
	}
	if (mp_str_eq(l->address, "::")) {
		return address->family == 6;
	}
	return mp_ip_parse(mp_slice_str(l->address), &own) && mp_ip_eq(&own, address);
}

bool mp_endpoint_split(const char *text, struct mp_ip *ip, unsigned long *port)
{
	struct mp_slice s = mp_slice_str(text);
	size_t colon = mp_slice_rchr(s, ':');

	if (colon == MP_NOT_FOUND) {
		return false;
	}

	struct mp_slice host = mp_slice_sub(s, 0, colon);

	if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']') {
		host = mp_slice_sub(host, 1, host.n - 1);
	}
	return mp_ip_parse(host, ip) && mp_parse_uint(mp_slice_from(s, colon + 1), 1, 65535, port);
}

bool mp_listener_is_wild(const struct mp_listener *l)
{
	return mp_str_eq(l->address, "0.0.0.0") || mp_str_eq(l->address, "::");
}

bool mp_listener_same_family(const struct mp_listener *l, const struct mp_ip *client)
{
	return client->family == 0 || (strchr(l->address, ':') != NULL) == (client->family == 6);
}
