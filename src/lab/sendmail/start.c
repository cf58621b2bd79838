/* start - finds and starts sendmail. */
#include "lab/files.h"
#include "lab/listen.h"
#include "lab/sendmail/sendmail.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LOOK_SOON_MS = 20, LOOK_LATER_MS = 200, SOON_MS = 1000, LOOK_FOR_MS = 90 * 1000 };

/* The program itself, not a front of another server by its name. */
static const char *const programs[] = {"/usr/libexec/sendmail/sendmail", "/usr/lib/sm.bin/sendmail",
	"/usr/sbin/sendmail.sendmail", "/usr/libexec/sendmail.sendmail", NULL};

static void open_box(struct lab_box *box)
{
	static const char *const makemap[] = {"/usr/libexec/sendmail/makemap",
		"/usr/lib/sm.bin/makemap", "/usr/sbin/makemap", NULL};
	struct lab_sendmail *s = mp_alloc(sizeof *s);
	size_t n = strlen(box->config_path) + sizeof "-C/sendmail.cf";

	s->makemap = lab_find_program(makemap);
	s->cf = mp_alloc(n);
	snprintf(s->cf, n, "-C%s/sendmail.cf", box->config_path);
	box->own = s;
}

/* What it prints while it starts, also to the log. */
static void said(void *ctx, const char *line)
{
	lab_box_log(ctx, line);
}

static void heard(struct lab_box *box, const char *line)
{
	if (strstr(line, "problem creating SMTP socket") != NULL) {
		lab_sendmail(box)->socket_failed = true;
	}
}

/* Knocks at a socket: a connection that is made at once and given up. */
static void knock(const struct lab_socket *at)
{
	struct sockaddr_storage a = {0};
	socklen_t size;
	int fd = socket(at->ip.family == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (at->ip.family == 4) {
		struct sockaddr_in *in = (struct sockaddr_in *)&a;
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)at->port);
		memcpy(&in->sin_addr, at->ip.b, 4);
		size = sizeof *in;
	} else {
		struct sockaddr_in6 *in = (struct sockaddr_in6 *)&a;
		in->sin6_family = AF_INET6;
		in->sin6_port = htons((uint16_t)at->port);
		memcpy(&in->sin6_addr, at->ip.b, 16);
		size = sizeof *in;
	}
	if (fd >= 0) {
		/* Whether it was heard is seen by what waits. */
		(void)!connect(fd, (struct sockaddr *)&a, size);
		close(fd);
	}
}

/* Sockets are made one after the other, and the first connection is accepted when all are there:
 * what knocked is taken in. */
static bool answers(bool *knocked)
{
	struct lab_sockets sockets = {0};
	unsigned waiting = 0;

	lab_listening(getpid(), &sockets);
	for (size_t i = 0; i < sockets.v.n; i++) {
		waiting += sockets.v.v[i].waiting;
	}
	bool taken = *knocked && sockets.v.n > 0 && waiting == 0;
	if (!*knocked && sockets.v.n > 0) {
		knock(&sockets.v.v[0]);
		*knocked = true;
	}
	mp_vec_release(&sockets.v);
	return taken;
}

/* It runs in the foreground, so that its end is seen. */
static bool start(struct lab_box *box)
{
	const char *const argv[] = {box->program, lab_sendmail(box)->cf, "-bD", NULL};
	pid_t pid = lab_loop_start(&box->loop, argv, said, box);
	bool knocked = false;

	for (int ms = 0, wait; pid > 0 && ms < LOOK_FOR_MS; ms += wait) {
		wait = ms < SOON_MS ? LOOK_SOON_MS : LOOK_LATER_MS;
		if (lab_loop_wait_ms(&box->loop, pid, wait)) {
			return false;
		}
		/* It tries again for most of a minute, and gives up: nobody else in the lab lets go
		 * of the socket. */
		if (lab_sendmail(box)->socket_failed && !box->plan->starts_late) {
			break;
		}
		if (answers(&knocked)) {
			return true;
		}
	}
	if (pid > 0) {
		kill(pid, SIGKILL);
		(void)lab_loop_wait(&box->loop, pid);
	}
	return false;
}

const struct lab_mta lab_mta_sendmail = {
	.name = "sendmail",
	.config_path = "/etc/mail",
	.programs = programs,
	.open = open_box,
	.furnish = lab_sendmail_furnish,
	.supply = lab_sendmail_supply,
	.heard = heard,
	.start = start,
};
