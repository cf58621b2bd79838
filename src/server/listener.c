/* listener - where a listener is reached. */
#include "server/server.h"

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
