/* target - what the user calls a server. */
#include "probe/target.h"

#include "base/ascii.h"
#include "base/number.h"

static const struct {
	const char *prefix;
	unsigned port;
	bool implicit_tls;
	enum mp_service service;
} schemes[] = {
	{"smtp://", 25, false, MP_SERVICE_SMTP},
	{"submission://", 587, false, MP_SERVICE_SUBMISSION},
	{"submissions://", 465, true, MP_SERVICE_SUBMISSIONS},
	{"smtps://", 465, true, MP_SERVICE_SUBMISSIONS},
};

static bool host_ok(struct mp_slice host)
{
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		if (!mp_is_alnum(c) && c != '.' && c != '-' && c != '_' && c != ':' && c != '%') {
			return false;
		}
	}
	return host.n > 0 && host.n <= 255;
}

/* Splits host and port; the port is empty when there is none. */
static bool split(struct mp_slice s, struct mp_slice *host, struct mp_slice *port)
{
	struct mp_ip ip;

	*port = mp_slice("", 0);
	if (s.n > 0 && s.p[0] == '[') {
		size_t close = mp_slice_chr(s, ']');
		if (close == MP_NOT_FOUND) {
			return false;
		}
		*host = mp_slice_sub(s, 1, close);
		struct mp_slice rest = mp_slice_from(s, close + 1);
		*port = mp_slice_from(rest, 1);
		return mp_ip_parse(*host, &ip) && ip.family != 0 &&
			(rest.n == 0 || (rest.p[0] == ':' && port->n > 0));
	}
	size_t colon = mp_slice_rchr(s, ':');
	*host = s;
	if (colon != MP_NOT_FOUND && !mp_ip_parse(s, &ip)) {
		*host = mp_slice_sub(s, 0, colon);
		*port = mp_slice_from(s, colon + 1);
		return port->n > 0 && mp_slice_chr(*host, ':') == MP_NOT_FOUND;
	}
	return true;
}

int mp_target_parse(struct mp_probe_target *target, const char *text, struct mp_arena *arena,
	struct mp_err *err)
{
	struct mp_slice rest = mp_slice_str(text), host, port;
	unsigned long number = 25;
	size_t scheme = 0, count = sizeof schemes / sizeof schemes[0];

	while (scheme < count && !mp_slice_istarts(rest, schemes[scheme].prefix)) {
		scheme++;
	}
	if (scheme < count) {
		rest = mp_slice_from(rest, strlen(schemes[scheme].prefix));
		if (mp_slice_ends(rest, "/")) {
			rest = mp_slice_sub(rest, 0, rest.n - 1);
		}
		number = schemes[scheme].port;
	}
	if (!split(rest, &host, &port) || !host_ok(host) ||
		(port.n > 0 && !mp_parse_uint(port, 1, 65535, &number))) {
		return mp_err_set(err, MP_ERR_USAGE,
			"\"%s\" is not a target: host, host:port, [v6]:port, smtp://, "
			"submission:// or smtps://",
			text);
	}
	*target = (struct mp_probe_target){.text = mp_arena_strdup(arena, text),
		.host = mp_arena_slicedup(arena, host),
		.port = (unsigned)number,
		.problem = ""};
	if (scheme < count) {
		target->implicit_tls = schemes[scheme].implicit_tls;
		target->service = schemes[scheme].service;
	} else {
		target->service = mp_service_of_port(target->port);
		target->implicit_tls = target->service == MP_SERVICE_SUBMISSIONS;
	}
	return 0;
}
