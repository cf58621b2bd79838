/* ip - IPv4 and IPv6 addresses and networks as values. */
#include "base/ip.h"

#include "base/number.h"

#include <arpa/inet.h>
#include <stdio.h>

static const uint8_t mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool mp_ip_parse(struct mp_slice s, struct mp_ip *out)
{
	char text[MP_IP_TEXT];
	struct mp_ip ip = {0};

	if (s.n == 0 || s.n >= sizeof text || memchr(s.p, '\0', s.n) != NULL) {
		return false;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET, text, ip.b) == 1) {
		ip.family = 4;
	} else if (inet_pton(AF_INET6, text, ip.b) == 1) {
		ip.family = 6;
		if (memcmp(ip.b, mapped_prefix, sizeof mapped_prefix) == 0) {
			struct mp_ip v4 = {.family = 4};
			memcpy(v4.b, ip.b + 12, 4);
			ip = v4;
		}
	} else {
		return false;
	}
	*out = ip;
	return true;
}

const char *mp_ip_format(const struct mp_ip *ip, char out[MP_IP_TEXT])
{
	out[0] = '\0';
	if (ip->family != 0) {
		inet_ntop(ip->family == 4 ? AF_INET : AF_INET6, ip->b, out, MP_IP_TEXT);
	}
	return out;
}

const char *mp_ip_format_full(const struct mp_ip *ip, char out[MP_IP_TEXT])
{
	char *p = out;

	if (ip->family != 6) {
		return mp_ip_format(ip, out);
	}
	for (size_t i = 0; i < 16; i += 2) {
		p += snprintf(p, (size_t)(out + MP_IP_TEXT - p), i == 0 ? "%x" : ":%x",
			(unsigned)(ip->b[i] << 8 | ip->b[i + 1]));
	}
	return out;
}

bool mp_ip_eq(const struct mp_ip *a, const struct mp_ip *b)
{
	return mp_ip_cmp(a, b) == 0;
}

int mp_ip_cmp(const struct mp_ip *a, const struct mp_ip *b)
{
	if (a->family != b->family) {
		return a->family < b->family ? -1 : 1;
	}
	return memcmp(a->b, b->b, sizeof a->b);
}

unsigned mp_ip_bits(const struct mp_ip *ip)
{
	return ip->family == 4 ? 32 : 128;
}

bool mp_ip_next(struct mp_ip *ip)
{
	for (unsigned i = mp_ip_bits(ip) / 8; i > 0; i--) {
		if (++ip->b[i - 1] != 0) {
			return true;
		}
	}
	return false;
}

bool mp_ip_prev(struct mp_ip *ip)
{
	for (unsigned i = mp_ip_bits(ip) / 8; i > 0; i--) {
		if (ip->b[i - 1]-- != 0) {
			return true;
		}
	}
	return false;
}

bool mp_ip_is_loopback(const struct mp_ip *ip)
{
	static const uint8_t one[16] = {[15] = 1};

	return ip->family == 4 ? ip->b[0] == 127
			       : ip->family == 6 && memcmp(ip->b, one, sizeof one) == 0;
}

bool mp_cidr_parse(struct mp_slice s, struct mp_cidr *out)
{
	size_t slash = mp_slice_chr(s, '/');
	struct mp_cidr net;
	unsigned long length;

	if (!mp_ip_parse(mp_slice_sub(s, 0, slash), &net.ip)) {
		return false;
	}
	net.length = mp_ip_bits(&net.ip);
	if (slash != MP_NOT_FOUND) {
		if (!mp_parse_uint(mp_slice_from(s, slash + 1), 0, net.length, &length)) {
			return false;
		}
		net.length = (unsigned)length;
	}
	*out = net;
	return true;
}

/* The mask of byte i of a network: which of its bits belong to the prefix. */
static uint8_t mask_byte(unsigned length, unsigned i)
{
	if (length >= (i + 1) * 8) {
		return 0xff;
	}
	return length <= i * 8 ? 0 : (uint8_t)(0xff << (8 - (length - i * 8)));
}

bool mp_cidr_contains(const struct mp_cidr *net, const struct mp_ip *ip)
{
	if (net->ip.family != ip->family) {
		return false;
	}
	for (unsigned i = 0; i < mp_ip_bits(ip) / 8; i++) {
		if (((net->ip.b[i] ^ ip->b[i]) & mask_byte(net->length, i)) != 0) {
			return false;
		}
	}
	return true;
}

bool mp_cidr_host_bits(const struct mp_cidr *net)
{
	for (unsigned i = 0; i < mp_ip_bits(&net->ip) / 8; i++) {
		if ((net->ip.b[i] & ~mask_byte(net->length, i) & 0xff) != 0) {
			return true;
		}
	}
	return false;
}

void mp_cidr_mask(struct mp_cidr *net)
{
	for (unsigned i = 0; i < mp_ip_bits(&net->ip) / 8; i++) {
		net->ip.b[i] &= mask_byte(net->length, i);
	}
}

struct mp_ip mp_cidr_last(const struct mp_cidr *net)
{
	struct mp_ip ip = net->ip;

	for (unsigned i = 0; i < mp_ip_bits(&ip) / 8; i++) {
		ip.b[i] |= (uint8_t)~mask_byte(net->length, i);
	}
	return ip;
}
