/*
 * conn - a connection to a server.
 *
 * DESCRIPTION
 *	A non-blocking socket, one watch on it, and a queue of bytes to send. After each event the
 *	watch is armed anew for what is wanted: the handshake's wish, writing while something is
 *	queued, reading otherwise. The callback is the last thing that a function here does, because
 *	the owner may free the connection in it.
 */
#include "net/conn.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_SIZE = 16 * 1024, SEND_MAX = 2 * 1024 * 1024 };

enum conn_state { CONNECTING, PLAIN, HANDSHAKE, FILTERED, FAILED };

struct mp_conn {
	enum conn_state state;
	int fd;
	struct mp_loop *loop;
	struct mp_watch *watch;
	struct mp_filter *filter;
	struct mp_buf queue; /* not yet sent, from `sent` on */
	size_t sent;
	bool upgrade; /* the handshake follows when the queue is empty */
	uint64_t deadline;
	mp_conn_fn *fn;
	void *context;
	enum mp_conn_obstacle obstacle;
	char text[128];
};

static enum mp_conn_obstacle obstacle_of(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return MP_CONN_REFUSED;
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EHOSTDOWN:
	case ENONET:
	case EPROTO:
	case ENOPROTOOPT:
		return MP_CONN_UNREACHABLE;
	case ETIMEDOUT:
		return MP_CONN_SILENCE;
	default:
		return MP_CONN_LOCAL;
	}
}

/* Returns the length of the address. */
static socklen_t to_sockaddr(
	const struct mp_ip *ip, unsigned port, struct sockaddr_storage *storage)
{
	memset(storage, 0, sizeof *storage);
	if (ip->family == 6) {
		struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)storage;
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		memcpy(&in6->sin6_addr, ip->b, 16);
		return sizeof *in6;
	}
	struct sockaddr_in *in = (struct sockaddr_in *)storage;
	in->sin_family = AF_INET;
	in->sin_port = htons((uint16_t)port);
	memcpy(&in->sin_addr, ip->b, 4);
	return sizeof *in;
}

static struct mp_ip from_sockaddr(const struct sockaddr_storage *storage)
{
	struct mp_ip ip = {0};

	if (storage->ss_family == AF_INET) {
		ip.family = 4;
		memcpy(ip.b, &((const struct sockaddr_in *)storage)->sin_addr, 4);
	} else if (storage->ss_family == AF_INET6) {
		ip.family = 6;
		memcpy(ip.b, &((const struct sockaddr_in6 *)storage)->sin6_addr, 16);
	}
	return ip;
}

static struct mp_ip socket_address(int fd)
{
	struct sockaddr_storage storage;
	socklen_t n = sizeof storage;

	if (fd < 0 || getsockname(fd, (struct sockaddr *)&storage, &n) != 0) {
		return (struct mp_ip){0};
	}
	return from_sockaddr(&storage);
}

static void tell(
	struct mp_conn *c, enum mp_conn_event event, struct mp_slice bytes, const char *text)
{
	c->fn(c->context, event, bytes, text);
}

static void tell_error(struct mp_conn *c, const char *what, int error)
{
	snprintf(c->text, sizeof c->text, "%s: %s", what, strerror(error));
	c->state = FAILED;
	mp_watch_set(c->watch, 0, 0);
	tell(c, MP_CONN_ERROR, mp_slice("", 0), c->text);
}

static void arm(struct mp_conn *c, int events)
{
	mp_watch_set(c->watch, events, c->deadline);
}

static void drop_queue(struct mp_conn *c)
{
	explicit_bzero(c->queue.p, c->queue.n);
	mp_buf_reset(&c->queue);
	c->sent = 0;
}

/* Bytes that went out, or a filter result. */
static long write_some(struct mp_conn *c)
{
	const char *p = c->queue.p + c->sent;
	size_t n = c->queue.n - c->sent;

	if (c->state == FILTERED) {
		return c->filter->ops->write(c->filter, p, n);
	}
	ssize_t wrote = send(c->fd, p, n, MSG_NOSIGNAL);
	if (wrote >= 0) {
		return wrote;
	}
	return errno == EAGAIN || errno == EINTR ? MP_FILTER_WANT_WRITE : MP_FILTER_ERROR;
}

static long read_some(struct mp_conn *c, char *out, size_t size)
{
	if (c->state == FILTERED) {
		return c->filter->ops->read(c->filter, out, size);
	}
	ssize_t got = recv(c->fd, out, size, 0);
	if (got >= 0) {
		return got;
	}
	return errno == EAGAIN || errno == EINTR ? MP_FILTER_WANT_READ : MP_FILTER_ERROR;
}

static void fail_io(struct mp_conn *c, const char *what)
{
	if (c->state == FILTERED) {
		snprintf(c->text, sizeof c->text, "%s: %s", what,
			c->filter->ops->problem(c->filter));
		c->state = FAILED;
		mp_watch_set(c->watch, 0, 0);
		tell(c, MP_CONN_ERROR, mp_slice("", 0), c->text);
	} else {
		tell_error(c, what, errno);
	}
}

static void on_handshake(struct mp_conn *c)
{
	long r = c->filter->ops->handshake(c->filter);

	if (r == MP_FILTER_WANT_READ || r == MP_FILTER_WANT_WRITE) {
		arm(c, r == MP_FILTER_WANT_READ ? MP_LOOP_READ : MP_LOOP_WRITE);
	} else if (r == 1) {
		c->state = FILTERED;
		mp_watch_set(c->watch, 0, c->deadline);
		tell(c, MP_CONN_UPGRADED, mp_slice("", 0), "");
	} else {
		c->state = FAILED;
		mp_watch_set(c->watch, 0, 0);
		tell(c, MP_CONN_UPGRADE_FAILED, mp_slice("", 0),
			c->filter->ops->problem(c->filter));
	}
}

/* Sends as much as goes; false when the owner was told of an error. */
static bool flush(struct mp_conn *c, int *wanted)
{
	while (c->sent < c->queue.n) {
		long n = write_some(c);
		if (n == MP_FILTER_WANT_READ || n == MP_FILTER_WANT_WRITE) {
			*wanted = n == MP_FILTER_WANT_READ ? MP_LOOP_READ : MP_LOOP_WRITE;
			return true;
		}
		if (n < 0) {
			fail_io(c, "cannot send");
			return false;
		}
		c->sent += (size_t)n;
	}
	drop_queue(c);
	return true;
}

static void on_ready(struct mp_conn *c, bool readable)
{
	static const struct mp_slice nothing = {"", 0};
	char bytes[READ_SIZE];
	int wanted = MP_LOOP_READ;

	if (!flush(c, &wanted)) {
		return;
	}
	if (c->upgrade && c->queue.n == 0) {
		c->upgrade = false;
		c->state = HANDSHAKE;
		on_handshake(c);
		return;
	}
	if (!readable || c->upgrade) {
		arm(c, c->upgrade ? wanted : wanted | MP_LOOP_READ);
		return;
	}
	long n = read_some(c, bytes, sizeof bytes);
	if (n == MP_FILTER_WANT_READ || n == MP_FILTER_WANT_WRITE) {
		arm(c, (n == MP_FILTER_WANT_WRITE ? MP_LOOP_WRITE : MP_LOOP_READ) | wanted);
	} else if (n < 0) {
		fail_io(c, "cannot receive");
	} else if (n == 0) {
		c->state = FAILED;
		mp_watch_set(c->watch, 0, 0);
		tell(c, MP_CONN_EOF, nothing, "");
	} else {
		/* TLS may hold more that the descriptor does not show: come back at once. */
		arm(c, wanted | MP_LOOP_READ | (c->state == FILTERED ? MP_LOOP_WRITE : 0));
		tell(c, MP_CONN_BYTES, mp_slice(bytes, (size_t)n), "");
	}
}

static void on_connecting(struct mp_conn *c)
{
	int error = 0;
	socklen_t n = sizeof error;

	if (getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0) {
		error = errno;
	}
	if (error != 0) {
		c->obstacle = obstacle_of(error);
		tell_error(c, "cannot connect", error);
		return;
	}
	c->state = PLAIN;
	arm(c, MP_LOOP_READ);
	tell(c, MP_CONN_CONNECTED, mp_slice("", 0), "");
}

static void on_event(void *context, int what)
{
	struct mp_conn *c = context;

	if (c->state == FAILED) {
		/* The socket could not even be made: told now, from the loop. */
		tell(c, MP_CONN_ERROR, mp_slice("", 0), c->text);
	} else if ((what & MP_LOOP_TIMEOUT) != 0) {
		mp_watch_set(c->watch, 0, 0);
		tell(c, MP_CONN_TIMEOUT, mp_slice("", 0), "");
	} else if (c->state == CONNECTING) {
		on_connecting(c);
	} else if (c->state == HANDSHAKE) {
		on_handshake(c);
	} else {
		on_ready(c, (what & MP_LOOP_READ) != 0 || c->state == FILTERED);
	}
}

/* Makes the socket and begins to connect; the name of the call that failed, or NULL. */
static const char *start(
	struct mp_conn *c, const struct mp_endpoint *to, const struct mp_ip *source)
{
	struct sockaddr_storage storage;
	int one = 1;

	c->fd = socket(to->ip.family == 6 ? AF_INET6 : AF_INET,
		SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (c->fd < 0) {
		return "cannot make a socket";
	}
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (source != NULL && source->family != 0) {
		socklen_t n = to_sockaddr(source, 0, &storage);
		if (bind(c->fd, (struct sockaddr *)&storage, n) != 0) {
			return "cannot use the source address";
		}
	}
	socklen_t n = to_sockaddr(&to->ip, to->port, &storage);
	if (connect(c->fd, (struct sockaddr *)&storage, n) != 0 && errno != EINPROGRESS) {
		return "cannot connect";
	}
	return NULL;
}

struct mp_conn *mp_conn_open(struct mp_loop *loop, const struct mp_endpoint *to,
	const struct mp_ip *source, uint64_t deadline, mp_conn_fn *fn, void *context)
{
	struct mp_conn *c = mp_alloc(sizeof *c);

	*c = (struct mp_conn){
		.loop = loop, .fd = -1, .fn = fn, .context = context, .deadline = deadline};
	mp_buf_init(&c->queue, SEND_MAX);
	const char *failed = start(c, to, source);
	if (failed != NULL) {
		c->obstacle = obstacle_of(errno);
		snprintf(c->text, sizeof c->text, "%s: %s", failed, strerror(errno));
		c->state = FAILED;
		c->watch = mp_watch_new(loop, -1, on_event, c);
		mp_watch_set(c->watch, 0, 1); /* long past: at once, but from the loop */
		return c;
	}
	c->watch = mp_watch_new(loop, c->fd, on_event, c);
	arm(c, MP_LOOP_WRITE);
	return c;
}

void mp_conn_free(struct mp_conn *c)
{
	if (c == NULL) {
		return;
	}
	mp_watch_free(c->watch);
	drop_queue(c);
	mp_buf_release(&c->queue);
	if (c->fd >= 0) {
		close(c->fd);
	}
	free(c);
}

int mp_conn_fd(const struct mp_conn *c)
{
	return c->fd;
}

void mp_conn_send(struct mp_conn *c, struct mp_slice bytes, uint64_t deadline)
{
	if (c->state == FAILED) {
		return;
	}
	c->deadline = deadline;
	mp_buf_put(&c->queue, bytes);
	/* Writing happens from the loop, so that no callback comes out of this call. */
	arm(c, MP_LOOP_READ | (c->queue.n > 0 || c->state == FILTERED ? MP_LOOP_WRITE : 0));
}

void mp_conn_upgrade(struct mp_conn *c, struct mp_filter *filter, uint64_t deadline)
{
	if (c->state == FAILED) {
		return;
	}
	c->deadline = deadline;
	c->filter = filter;
	c->upgrade = true;
	arm(c, MP_LOOP_WRITE);
}

struct mp_ip mp_conn_source(const struct mp_conn *c)
{
	return socket_address(c->state == CONNECTING ? -1 : c->fd);
}

enum mp_conn_obstacle mp_conn_obstacle(const struct mp_conn *c)
{
	return c->obstacle;
}

struct mp_ip mp_net_source_for(const struct mp_endpoint *to)
{
	struct sockaddr_storage storage;
	struct mp_ip ip = {0};
	int fd = socket(to->ip.family == 6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t n = to_sockaddr(&to->ip, to->port, &storage);

	if (fd >= 0 && connect(fd, (struct sockaddr *)&storage, n) == 0) {
		ip = socket_address(fd);
	}
	if (fd >= 0) {
		close(fd);
	}
	return ip;
}
