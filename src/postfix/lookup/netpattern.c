/* netpattern - an item of a client list as an address or a network. */
#include "postfix/lookup/netpattern.h"

#include "base/ascii.h"
#include "base/number.h"

static bool made_of(const char *text, const char *set)
{
	return text[strspn(text, set)] == '\0';
}

static struct pf_net_pattern bad(
	struct mp_arena *arena, unsigned family, const char *why, const char *text)
{
	return (struct pf_net_pattern){
		.kind = PF_NET_BAD,
		.family = family,
		.error = mp_arena_printf(arena, "%s \"%.100s\"", why, text),
	};
}

/* Reads the address of the given family. "::ffff:127.0.0.0", as in Debian's stock mynetworks, is an
 * IPv6 pattern here, although no client has such an address: clients are shown as IPv4. */
static bool address(struct mp_slice text, unsigned family, struct mp_ip *out)
{
	if (!mp_ip_parse(text, out)) {
		return false;
	}
	if (family == 6 && out->family == 4 && mp_slice_chr(text, ':') != MP_NOT_FOUND) {
		struct mp_ip mapped = {.family = 6, .b = {[10] = 0xff, [11] = 0xff}};
		memcpy(mapped.b + 12, out->b, 4);
		*out = mapped;
	}
	return out->family == family;
}

static struct pf_net_pattern network(
	struct mp_arena *arena, unsigned family, struct mp_slice host, struct mp_slice mask)
{
	struct pf_net_pattern p = {.kind = PF_NET_NETWORK, .family = family};
	const char *text = mp_arena_printf(
		arena, "%s/%s", mp_arena_slicedup(arena, host), mp_arena_slicedup(arena, mask));
	unsigned long length;
	bool digits = mask.n > 0;

	for (size_t i = 0; i < mask.n; i++) {
		digits = digits && mp_is_digit(mask.p[i]);
	}
	if (!digits) {
		return bad(arena, family, "bad mask value in", text);
	}
	if (!mp_parse_uint(mask, 0, family == 4 ? 32 : 128, &length)) {
		return bad(arena, family, "bad mask length in", text);
	}
	if (!address(host, family, &p.net.ip)) {
		return bad(arena, family, "bad network value in", text);
	}
	p.net.length = (unsigned)length;
	if (!mp_cidr_host_bits(&p.net)) {
		return p;
	}
	char meant[MP_IP_TEXT];
	mp_cidr_mask(&p.net);
	mp_ip_format(&p.net.ip, meant);
	p.kind = PF_NET_BAD;
	p.advice = mp_arena_printf(arena, family == 4 ? "%s/%u" : "[%s]/%u", meant, p.net.length);
	p.error = mp_arena_printf(arena,
		"non-null host address bits in \"%s\", perhaps you should use \"%s/%u\" instead",
		text, meant, p.net.length);
	return p;
}

/* What stands in brackets and behind them, or the whole text. */
static struct pf_net_pattern parse(struct mp_arena *arena, const char *text, unsigned family)
{
	struct mp_slice host = mp_slice_str(text);
	struct mp_slice behind = {"", 0};
	struct pf_net_pattern p = {.kind = PF_NET_ADDRESS, .family = family};

	if (text[0] == '[') {
		size_t close = mp_slice_chr(host, ']');
		if (close == MP_NOT_FOUND) {
			return bad(arena, family, "missing ']' character after", text);
		}
		behind = mp_slice_from(host, close + 1);
		host = mp_slice_sub(host, 1, close);
		if (behind.n > 0 && behind.p[0] != '/') {
			return bad(arena, family, "garbage after",
				mp_arena_printf(arena, "[%s]", mp_arena_slicedup(arena, host)));
		}
	}
	if (behind.n > 0) {
		return network(arena, family, host, mp_slice_from(behind, 1));
	}
	size_t slash = mp_slice_chr(host, '/');
	if (slash != MP_NOT_FOUND) {
		return network(arena, family, mp_slice_sub(host, 0, slash),
			mp_slice_from(host, slash + 1));
	}
	if (!address(host, family, &p.net.ip)) {
		return bad(arena, family, "bad address pattern:", mp_arena_slicedup(arena, host));
	}
	p.net.length = family == 4 ? 32 : 128;
	return p;
}

struct pf_net_pattern pf_net_pattern(struct mp_arena *arena, const char *text)
{
	struct pf_net_pattern none = {.kind = PF_NET_NONE};
	struct mp_slice plain = mp_slice_str(text);
	unsigned family = strchr(text, ':') != NULL ? 6 : 4;

	if (plain.n > 2 && text[0] == '[' && text[plain.n - 1] == ']') {
		plain = mp_slice_sub(plain, 1, plain.n - 1);
	}
	/* An IPv4 address is compared as text, with or without brackets, and nothing else. */
	if (family == 4 && strchr(text, '/') == NULL) {
		struct pf_net_pattern p = {.kind = PF_NET_ADDRESS, .family = 4};
		p.net.length = 32;
		return address(plain, 4, &p.net.ip) ? p : none;
	}
	if (!made_of(text, "0123456789.abcdefABCDEF:[]/")) {
		return none;
	}
	return parse(arena, text, family);
}
