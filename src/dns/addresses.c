/*
 * addresses - host names to addresses.
 *
 * DESCRIPTION
 *	One c-ares channel with all queries in flight at once, driven by poll(2) until all have
 *	answered or the deadline has passed.
 */
#include "dns/addresses.h"

#include "base/clock.h"

#include <ares.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { TRIES = 2, IN_FLIGHT = 64 };

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

/* Waits for the channel's sockets once; false when it has none: all is answered. */
static bool wait_once(ares_channel channel, uint64_t deadline)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd fds[ARES_GETSOCK_MAXNUM];
	nfds_t n = 0;
	/* ares.h's own macros shift a signed 1 into the sign. */
	unsigned bits = (unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	struct timeval tv, most = {.tv_sec = 1};

	for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		bool reads = (bits >> i & 1) != 0;
		bool writes = (bits >> (i + ARES_GETSOCK_MAXNUM) & 1) != 0;
		if (reads || writes) {
			fds[n++] = (struct pollfd){.fd = sockets[i],
				.events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))};
		}
	}
	if (n == 0) {
		return false;
	}
	struct timeval *left = ares_timeout(channel, &most, &tv);
	uint64_t now = mp_clock_ms();
	long wait = left->tv_sec * 1000 + left->tv_usec / 1000 + 1;
	if (now + (uint64_t)wait > deadline) {
		wait = deadline > now ? (long)(deadline - now) : 0;
	}
	if (poll(fds, n, (int)wait) <= 0) {
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		return true;
	}
	for (nfds_t i = 0; i < n; i++) {
		if (fds[i].revents != 0) {
			bool out = (fds[i].revents & POLLOUT) != 0;
			bool in = (fds[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
			ares_process_fd(channel, in ? fds[i].fd : ARES_SOCKET_BAD,
				out ? fds[i].fd : ARES_SOCKET_BAD);
		}
	}
	return true;
}

static bool is_address(struct mp_dns_addresses *q)
{
	if (!mp_ip_parse(mp_slice_str(q->name), &q->v[0])) {
		return false;
	}
	q->n = 1;
	return true;
}

static void resolve_all(
	ares_channel channel, struct mp_dns_addresses *queries, size_t n, uint64_t deadline)
{
	struct ares_addrinfo_hints hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = ARES_AI_ADDRCONFIG};

	for (size_t start = 0; start < n; start += IN_FLIGHT) {
		for (size_t i = start; i < n && i < start + IN_FLIGHT; i++) {
			if (!is_address(&queries[i])) {
				ares_getaddrinfo(channel, queries[i].name, NULL, &hints, on_result,
					&queries[i]);
			}
		}
		while (mp_clock_ms() < deadline && wait_once(channel, deadline)) {
		}
		ares_cancel(channel);
	}
}

int mp_dns_resolve(
	struct mp_dns_addresses *queries, size_t n, unsigned timeout_ms, struct mp_err *err)
{
	uint64_t deadline = mp_clock_ms() + timeout_ms;
	struct ares_options options = {.tries = TRIES};
	ares_channel channel;
	bool needed = false;

	for (size_t i = 0; i < n; i++) {
		queries[i].n = 0;
		queries[i].problem = "";
		needed = !is_address(&queries[i]) || needed;
	}
	if (!needed) {
		return 0;
	}
	int status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS) {
		status = ares_init_options(&channel, &options, ARES_OPT_TRIES);
	}
	if (status != ARES_SUCCESS) {
		return mp_err_set(
			err, MP_ERR_SYSTEM, "names cannot be resolved: %s", ares_strerror(status));
	}
	resolve_all(channel, queries, n, deadline);
	ares_destroy(channel);
	ares_library_cleanup();
	return 0;
}
