/*
 * conn - a connection to a server: connect, send, receive, an upgrade to TLS, close.
 *
 * Nothing here blocks. The owner is told of what happened through one callback and answers by
 * calling the functions below; it may free the connection from within the callback. One deadline
 * stands at any time. What is sent is wiped from memory when it has gone out.
 */
#ifndef MP_NET_CONN_H
#define MP_NET_CONN_H

#include "base/ip.h"
#include "base/slice.h"
#include "net/loop.h"

#include <stddef.h>

struct mp_conn;

enum mp_conn_event {
	MP_CONN_CONNECTED,
	MP_CONN_BYTES, /* bytes */
	MP_CONN_UPGRADED, /* the filter is ready */
	MP_CONN_UPGRADE_FAILED, /* text */
	MP_CONN_TIMEOUT, /* the deadline has passed */
	MP_CONN_EOF,
	MP_CONN_ERROR /* text: connecting, reading or writing failed */
};

/* How a connection could not be made. */
enum mp_conn_obstacle {
	MP_CONN_NONE, /* it stands, or the deadline passed first */
	MP_CONN_REFUSED, /* by a reset, or by "port unreachable" (RFC 1122 4.2.3.9) */
	MP_CONN_UNREACHABLE, /* a router, or a packet filter, says that there is no way */
	MP_CONN_SILENCE, /* the system gave up waiting */
	MP_CONN_LOCAL /* this machine: no socket, no such source address, its own packet filter */
};

typedef void mp_conn_fn(
	void *context, enum mp_conn_event event, struct mp_slice bytes, const char *text);

/* What stands between the connection and the wire (TLS). Results of its functions: a count of
 * bytes, or one of these. */
enum mp_filter_result {
	MP_FILTER_EOF = 0, /* reading: an orderly end */
	MP_FILTER_ERROR = -1, /* problem() says what */
	MP_FILTER_WANT_READ = -2,
	MP_FILTER_WANT_WRITE = -3
};

struct mp_filter {
	const struct mp_filter_ops *ops;
};

struct mp_filter_ops {
	/* 1 when the handshake is done. */
	long (*handshake)(struct mp_filter *f);
	long (*read)(struct mp_filter *f, char *out, size_t size);
	long (*write)(struct mp_filter *f, const char *p, size_t n);
	const char *(*problem)(const struct mp_filter *f);
};

struct mp_endpoint {
	struct mp_ip ip;
	unsigned port;
};

/* Begins to connect. source: our own address (family 0: any). Failures at once are reported through
 * the callback, too, from the loop. */
struct mp_conn *mp_conn_open(struct mp_loop *loop, const struct mp_endpoint *to,
	const struct mp_ip *source, uint64_t deadline, mp_conn_fn *fn, void *context);
/* Closes and frees. An upgraded connection is closed without TLS' farewell. */
void mp_conn_free(struct mp_conn *conn);
int mp_conn_fd(const struct mp_conn *conn);
/* Queues bytes (copied) and reads on until the deadline. */
void mp_conn_send(struct mp_conn *conn, struct mp_slice bytes, uint64_t deadline);
/* Sends what is queued, then lets the filter make its handshake. The filter is borrowed and must
 * outlive the connection. */
void mp_conn_upgrade(struct mp_conn *conn, struct mp_filter *filter, uint64_t deadline);
/* Our own address in this connection; family 0 before it stands. */
struct mp_ip mp_conn_source(const struct mp_conn *conn);

/* Of a connection of which MP_CONN_ERROR was told before it stood. */
enum mp_conn_obstacle mp_conn_obstacle(const struct mp_conn *conn);

/* The address that this machine would use to reach another one: no packet is sent. family 0 when
 * there is no route. */
struct mp_ip mp_net_source_for(const struct mp_endpoint *to);

#endif
