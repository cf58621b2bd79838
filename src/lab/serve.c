/* serve - what process 1 answers: log lines, DNS queries, authentication requests. */
#define _GNU_SOURCE
#include "lab/auth.h"
#include "lab/box.h"
#include "lab/dns.h"
#include "lab/files.h"

#include "base/ascii.h"
#include "base/number.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { LOG_LINE = 65536, BACKLOG = 64 };

static int fail(struct mp_err *err, const char *what)
{
	return mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", what, strerror(errno));
}

static bool set_path(struct sockaddr_un *a, const char *path)
{
	memset(a, 0, sizeof *a);
	a->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof a->sun_path) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(a->sun_path, path, strlen(path) + 1);
	return true;
}

/* A socket that everybody may use, at the path. */
static int unix_socket(const char *path, int type, struct mp_err *err)
{
	struct sockaddr_un a;

	if (lab_dirs_above(path, err) < 0) {
		return -1;
	}
	(void)unlink(path);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || !set_path(&a, path) || bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
		chmod(path, 0666) < 0) {
		fail(err, path);
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	return fd;
}

/* "<22>Nov 24 04:00:00 postfix/smtpd[35]: text": priority and date are left out. */
static struct mp_slice message_of(struct mp_slice line)
{
	size_t end = mp_slice_starts(line, "<") ? mp_slice_chr(line, '>') : MP_NOT_FOUND;

	if (end != MP_NOT_FOUND && end < 6) {
		line = mp_slice_from(line, end + 1);
	}
	if (line.n > 16 && line.p[3] == ' ' && line.p[6] == ' ' && line.p[9] == ':' &&
		line.p[12] == ':' && line.p[15] == ' ') {
		line = mp_slice_from(line, 16);
	}
	while (line.n > 0 && (line.p[line.n - 1] == '\n' || line.p[line.n - 1] == '\0')) {
		line.n--;
	}
	return line;
}

static void log_ready(struct lab_loop *loop, int fd, void *ctx)
{
	struct lab_box *box = ctx;
	char *space = mp_alloc(LOG_LINE + 1);
	ssize_t n;

	(void)loop;
	while ((n = recv(fd, space, LOG_LINE, MSG_DONTWAIT)) >= 0) {
		struct mp_slice m = message_of(mp_slice(space, (size_t)n));
		for (size_t i = 0; i < m.n; i++) {
			if (m.p[i] == '\0' || m.p[i] == '\n') {
				space[(size_t)(m.p - space) + i] = ' ';
			}
		}
		space[(size_t)(m.p - space) + m.n] = '\0';
		lab_box_log(box, m.p);
	}
	free(space);
}

int lab_serve_log(struct lab_box *box, const char *path, struct mp_err *err)
{
	int fd = unix_socket(path, SOCK_DGRAM, err);

	if (fd < 0) {
		return -1;
	}
	lab_loop_watch(&box->loop, fd, log_ready, box);
	return 0;
}

static void dns_ready(struct lab_loop *loop, int fd, void *ctx)
{
	const struct mp_lab_plan *plan = ctx;
	uint8_t query[LAB_DNS_MESSAGE], out[LAB_DNS_MESSAGE];
	struct sockaddr_storage peer;
	socklen_t size = sizeof peer;

	(void)loop;
	ssize_t n =
		recvfrom(fd, query, sizeof query, MSG_DONTWAIT, (struct sockaddr *)&peer, &size);
	if (n <= 0) {
		return;
	}
	size_t length = lab_dns_answer(plan->dns, plan->dns_count, query, (size_t)n, out);
	if (length > 0) {
		/* A client that has gone meanwhile asks no more. */
		(void)sendto(fd, out, length, MSG_DONTWAIT, (struct sockaddr *)&peer, size);
	}
}

int lab_serve_dns(struct lab_box *box, struct mp_err *err)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(53)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	inet_pton(AF_INET, LAB_RESOLVER, &a.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0) {
		fail(err, "name server");
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	/* The plan is not written to: the watch's context is a plain pointer. */
	lab_loop_watch(&box->loop, fd, dns_ready, (void *)(uintptr_t)box->plan);
	return 0;
}

struct auth_peer {
	struct lab_auth auth;
	struct mp_buf in;
};

static void auth_close(struct lab_loop *loop, int fd, struct auth_peer *peer)
{
	lab_loop_forget(loop, fd);
	close(fd);
	mp_buf_release(&peer->in);
	free(peer);
}

static void auth_say(int fd, struct mp_buf *out)
{
	if (out->n > 0 && send(fd, out->p, out->n, MSG_NOSIGNAL) < 0) {
		/* The peer has gone; the next read says so. */
		mp_buf_reset(out);
	}
	mp_buf_release(out);
}

static void auth_ready(struct lab_loop *loop, int fd, void *ctx)
{
	struct auth_peer *peer = ctx;
	char space[4096];
	struct mp_buf out;
	size_t end;

	ssize_t n = recv(fd, space, sizeof space, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (n <= 0 || peer->in.n + (size_t)n > LAB_AUTH_LINE) {
		auth_close(loop, fd, peer);
		return;
	}
	mp_buf_put(&peer->in, mp_slice(space, (size_t)n));
	mp_buf_init(&out, LAB_AUTH_LINE);
	while ((end = mp_slice_chr(mp_buf_slice(&peer->in), '\n')) != MP_NOT_FOUND) {
		lab_auth_line(&peer->auth, mp_slice(peer->in.p, end), &out);
		mp_buf_drop(&peer->in, end + 1);
	}
	auth_say(fd, &out);
}

static void auth_accept(struct lab_loop *loop, int fd, void *ctx)
{
	struct mp_buf out;
	int peer_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	if (peer_fd < 0) {
		return;
	}
	struct auth_peer *peer = mp_alloc(sizeof *peer);
	peer->auth.plan = ctx;
	mp_buf_init(&peer->in, LAB_AUTH_LINE);
	mp_buf_init(&out, LAB_AUTH_LINE);
	lab_auth_greet(&peer->auth, (unsigned)peer_fd, &out);
	auth_say(peer_fd, &out);
	lab_loop_watch(loop, peer_fd, auth_ready, peer);
}

/* "inet:host:port"; the host is this one, whatever its name. */
static int inet_socket(const char *endpoint, struct mp_err *err)
{
	struct mp_slice all = mp_slice_str(endpoint);
	size_t colon = mp_slice_rchr(all, ':');
	unsigned long port = 0;
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
	int one = 1;

	if (!mp_parse_uint(mp_slice_from(all, colon + 1), 1, 65535, &port)) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: no port number", endpoint);
	}
	a.sin_port = htons((uint16_t)port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) < 0 ||
		bind(fd, (struct sockaddr *)&a, sizeof a) < 0) {
		fail(err, endpoint);
		if (fd >= 0) {
			close(fd);
		}
		return -1;
	}
	return fd;
}

int lab_serve_auth(struct lab_box *box, const char *endpoint, struct mp_err *err)
{
	bool inet = mp_slice_starts(mp_slice_str(endpoint), "inet:");
	int fd = inet ? inet_socket(endpoint, err) : unix_socket(endpoint, SOCK_STREAM, err);

	if (fd < 0) {
		return -1;
	}
	if (listen(fd, BACKLOG) < 0) {
		close(fd);
		return fail(err, endpoint);
	}
	lab_loop_watch(&box->loop, fd, auth_accept, (void *)(uintptr_t)box->plan);
	return 0;
}
