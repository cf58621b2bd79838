/*
 * addresses - host names to addresses.
 *
 * DESCRIPTION
 *	One c-ares channel with all queries in flight at once, driven by poll(2) until all have
 *	answered or the deadline has passed.
 */
#include "dns/addresses.h"

#include "base/clock.h"
#include "dns/channel.h"

#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static void take(struct mp_dns_addresses *q, const struct ares_addrinfo *result)
{
	for (const struct ares_addrinfo_node *node = result->nodes;
		node != NULL && q->n < MP_DNS_MAX_ADDRESSES; node = node->ai_next) {
		struct mp_ip *ip = &q->v[q->n];
		if (node->ai_family == AF_INET) {
			struct sockaddr_in in;
			memcpy(&in, node->ai_addr, sizeof in);
			ip->family = 4;
			memcpy(ip->b, &in.sin_addr, 4);
			q->n++;
		} else if (node->ai_family == AF_INET6) {
			struct sockaddr_in6 in6;
			memcpy(&in6, node->ai_addr, sizeof in6);
			ip->family = 6;
			memcpy(ip->b, &in6.sin6_addr, 16);
			q->n++;
		}
	}
}

static void on_result(void *context, int status, int timeouts, struct ares_addrinfo *result)
{
	struct mp_dns_addresses *q = context;

	(void)timeouts;
	if (status == ARES_SUCCESS && result != NULL) {
		take(q, result);
	}
	q->problem = q->n > 0 ? ""
		: status == ARES_SUCCESS || status == ARES_ENODATA || status == ARES_ENOTFOUND
		? "no such host, or it has no address"
		: status == ARES_ECANCELLED || status == ARES_EDESTRUCTION
		? "the name servers did not answer in time"
		: ares_strerror(status);
	if (result != NULL) {
		ares_freeaddrinfo(result);
	}
}

static bool is_address(struct mp_dns_addresses *q)
{
	if (!mp_ip_parse(mp_slice_str(q->name), &q->v[0])) {
		return false;
	}
	q->n = 1;
	return true;
}

static void resolve_all(struct mp_dns_channel *channel, struct mp_dns_addresses *queries, size_t n,
	uint64_t deadline)
{
	struct ares_addrinfo_hints hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = ARES_AI_ADDRCONFIG};

	for (size_t start = 0; start < n; start += MP_DNS_IN_FLIGHT) {
		for (size_t i = start; i < n && i < start + MP_DNS_IN_FLIGHT; i++) {
			if (!is_address(&queries[i])) {
				ares_getaddrinfo(channel->ares, queries[i].name, NULL, &hints,
					on_result, &queries[i]);
			}
		}
		while (mp_clock_ms() < deadline && mp_dns_channel_wait(channel, deadline)) {
		}
		ares_cancel(channel->ares);
	}
}

int mp_dns_resolve(
	struct mp_dns_addresses *queries, size_t n, unsigned timeout_ms, struct mp_err *err)
{
	uint64_t deadline = mp_clock_ms() + timeout_ms;
	static const struct mp_dns_channel_options options = {0};
	struct mp_dns_channel channel;
	bool needed = false;

	for (size_t i = 0; i < n; i++) {
		queries[i].n = 0;
		queries[i].problem = "";
		needed = !is_address(&queries[i]) || needed;
	}
	if (!needed) {
		return 0;
	}
	if (mp_dns_channel_open(&channel, &options, err) < 0) {
		return -1;
	}
	resolve_all(&channel, queries, n, deadline);
	mp_dns_channel_close(&channel);
	return 0;
}
