/* channel - a c-ares channel with its timeouts, driven by poll(2). */
#include "dns/channel.h"

#include "base/clock.h"

#include <poll.h>
#include <string.h>

enum { TRIES = 2 };

static int set_server(ares_channel ares, const struct mp_dns_server *server)
{
	struct ares_addr_port_node node = {
		.udp_port = (int)server->port, .tcp_port = (int)server->port};

	node.family = server->ip.family == 6 ? AF_INET6 : AF_INET;
	if (server->ip.family == 6) {
		memcpy(&node.addr.addr6, server->ip.b, 16);
	} else {
		memcpy(&node.addr.addr4, server->ip.b, 4);
	}
	return ares_set_servers_ports(ares, &node);
}

int mp_dns_channel_open(struct mp_dns_channel *channel, const struct mp_dns_channel_options *wanted,
	struct mp_err *err)
{
	struct ares_options options = {.flags = wanted->frank ? ARES_FLAG_NOCHECKRESP : 0,
		.tries = TRIES,
		.timeout = (int)wanted->try_ms};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TRIES | (wanted->try_ms > 0 ? ARES_OPT_TIMEOUTMS : 0);
	const struct mp_dns_server *server = wanted->server;

	int status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS) {
		status = ares_init_options(&channel->ares, &options, mask);
	}
	if (status == ARES_SUCCESS && server != NULL && server->ip.family != 0) {
		status = set_server(channel->ares, server);
		if (status != ARES_SUCCESS) {
			mp_dns_channel_close(channel);
		}
	}
	if (status != ARES_SUCCESS) {
		return mp_err_set(
			err, MP_ERR_SYSTEM, "names cannot be resolved: %s", ares_strerror(status));
	}
	return 0;
}

void mp_dns_channel_close(struct mp_dns_channel *channel)
{
	ares_destroy(channel->ares);
	ares_library_cleanup();
}

static nfds_t collect(ares_channel ares, struct pollfd fds[ARES_GETSOCK_MAXNUM])
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	nfds_t n = 0;
	/* ares.h's own macros shift a signed 1 into the sign. */
	unsigned bits = (unsigned)ares_getsock(ares, sockets, ARES_GETSOCK_MAXNUM);

	for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		bool reads = (bits >> i & 1) != 0;
		bool writes = (bits >> (i + ARES_GETSOCK_MAXNUM) & 1) != 0;
		if (reads || writes) {
			fds[n++] = (struct pollfd){.fd = sockets[i],
				.events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))};
		}
	}
	return n;
}

bool mp_dns_channel_wait(struct mp_dns_channel *channel, uint64_t deadline)
{
	struct pollfd fds[ARES_GETSOCK_MAXNUM];
	struct timeval tv, most = {.tv_sec = 1};
	nfds_t n = collect(channel->ares, fds);

	if (n == 0) {
		return false;
	}
	struct timeval *left = ares_timeout(channel->ares, &most, &tv);
	uint64_t now = mp_clock_ms();
	long wait = left->tv_sec * 1000 + left->tv_usec / 1000 + 1;
	if (now + (uint64_t)wait > deadline) {
		wait = deadline > now ? (long)(deadline - now) : 0;
	}
	if (poll(fds, n, (int)wait) <= 0) {
		ares_process_fd(channel->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		return true;
	}
	for (nfds_t i = 0; i < n; i++) {
		if (fds[i].revents != 0) {
			bool out = (fds[i].revents & POLLOUT) != 0;
			bool in = (fds[i].revents & (POLLIN | POLLERR | POLLHUP)) != 0;
			ares_process_fd(channel->ares, in ? fds[i].fd : ARES_SOCKET_BAD,
				out ? fds[i].fd : ARES_SOCKET_BAD);
		}
	}
	return true;
}
