/* endpoint - the first field of an inet service in master.cf. */
#include "postfix/config/endpoint.h"

#include "base/ascii.h"
#include "base/ip.h"
#include "base/number.h"
#include "postfix/config/hostname.h"

int pf_port_number(const char *port)
{
	static const struct {
		const char *name;
		int number;
	} known[] = {
		{"smtp", 25},
		{"submission", 587},
		{"smtps", 465},
		{"submissions", 465},
		{"lmtp", 24},
		{"mail", 25},
		{"ssmtp", 465},
		{"urd", 465},
		{"qmqp", 628},
		{"http", 80},
		{"https", 443},
		{"pop3", 110},
		{"imap2", 143},
	};
	unsigned long number;

	if (mp_parse_uint(mp_slice_str(port), 0, 65535, &number)) {
		return (int)number;
	}
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(known[i].name, port) == 0) {
			return known[i].number;
		}
	}
	return -1;
}

/* "[host]:port": sets host and the rest behind the bracket. */
static const char *split_bracketed(
	struct mp_arena *arena, struct mp_slice text, const char **host, struct mp_slice *port)
{
	size_t close = mp_slice_chr(text, ']');

	if (close == MP_NOT_FOUND) {
		return "missing \"]\"";
	}
	struct mp_slice name = mp_slice_sub(text, 1, close);
	bool ipv6 = mp_slice_istarts(name, "IPv6:");
	if (ipv6) {
		name = mp_slice_from(name, 5);
	}
	struct mp_slice rest = mp_slice_from(text, close + 1);
	if (rest.n > 0 && rest.p[0] != ':') {
		return "garbage after \"]\"";
	}
	struct mp_ip ip;
	if (ipv6 && (!mp_ip_parse(name, &ip) || ip.family != 6)) {
		return "malformed IPv6 address";
	}
	*host = mp_arena_slicedup(arena, name);
	*port = rest.n > 0 ? mp_slice_from(rest, 1) : rest;
	return NULL;
}

static const char *check(const struct pf_endpoint *e, bool has_host, struct mp_slice port)
{
	struct mp_slice host = mp_slice_str(e->host);

	if (port.n == 0) {
		return "missing service information";
	}
	if (has_host && !pf_valid_utf8_hostname(host) && !pf_valid_hostaddr(host)) {
		return "valid hostname or network address required";
	}
	for (size_t i = 0; mp_is_digit(port.p[0]) && i < port.n; i++) {
		if (!mp_is_digit(port.p[i])) {
			return "garbage after numerical service";
		}
	}
	return NULL;
}

struct pf_endpoint pf_endpoint_parse(struct mp_arena *arena, const char *field)
{
	struct pf_endpoint e = {.host = "", .port = "", .number = -1};
	struct mp_slice text = mp_slice_str(field);
	struct mp_slice port = text;
	bool has_host = false;

	if (text.n > 0 && text.p[0] == '[') {
		has_host = true;
		e.error = split_bracketed(arena, text, &e.host, &port);
	} else {
		size_t colon = mp_slice_rchr(text, ':');
		if (colon != MP_NOT_FOUND) {
			has_host = colon > 0;
			e.host = mp_arena_slicedup(arena, mp_slice_sub(text, 0, colon));
			port = mp_slice_from(text, colon + 1);
		}
	}
	if (e.error == NULL) {
		e.error = check(&e, has_host, port);
	}
	if (e.error == NULL) {
		e.port = mp_arena_slicedup(arena, port);
		e.number = pf_port_number(e.port);
	}
	return e;
}

const char *pf_endpoint_canonical(struct mp_arena *arena, const char *field)
{
	struct pf_endpoint e = pf_endpoint_parse(arena, field);
	struct mp_ip ip;
	char text[MP_IP_TEXT];

	if (e.error != NULL || e.number < 0) {
		return field;
	}
	if (e.host[0] == '\0') {
		return mp_arena_printf(arena, "%d", e.number);
	}
	const char *host =
		mp_ip_parse(mp_slice_str(e.host), &ip) ? mp_ip_format(&ip, text) : e.host;
	return mp_arena_printf(arena, "[%s]:%d", host, e.number);
}
