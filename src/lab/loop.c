/* loop - what process 1 of the lab waits for: descriptors, and the end of its children. */
#define _GNU_SOURCE
#include "lab/loop.h"

#include "base/buf.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

int lab_loop_init(struct lab_loop *loop, struct mp_err *err)
{
	sigset_t set;

	memset(loop, 0, sizeof *loop);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, "sigprocmask: %s", strerror(errno));
	}
	loop->child_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return loop->child_fd < 0 ? mp_err_set(err, MP_ERR_SYSTEM, "signalfd: %s", strerror(errno))
				  : 0;
}

void lab_loop_release(struct lab_loop *loop)
{
	mp_vec_release(&loop->watches);
	close(loop->child_fd);
}

void lab_loop_watch(struct lab_loop *loop, int fd, lab_ready_fn ready, void *ctx)
{
	mp_vec_push(&loop->watches, ((struct lab_watch){fd, ready, ctx}));
}

void lab_loop_forget(struct lab_loop *loop, int fd)
{
	for (size_t i = 0; i < loop->watches.n; i++) {
		if (loop->watches.v[i].fd == fd) {
			loop->watches.v[i] = loop->watches.v[--loop->watches.n];
			return;
		}
	}
}

/* Collects the children that have ended; true when the awaited one is among them. */
static bool reap(struct lab_loop *loop, pid_t child, int *status)
{
	struct signalfd_siginfo info;
	bool found = false;
	int st = 0;
	pid_t pid;

	while (read(loop->child_fd, &info, sizeof info) > 0) {
	}
	while ((pid = waitpid(-1, &st, WNOHANG)) > 0) {
		if (pid == child) {
			*status = st;
			found = true;
		}
	}
	return found;
}

/* One round: waits for something, at most so long (below 0: for ever), and handles it. */
static void turn(struct lab_loop *loop, int ms)
{
	size_t n = loop->watches.n;
	struct pollfd *fds = mp_alloc((n + 1) * sizeof *fds);
	struct lab_watch *watches = mp_alloc(n * sizeof *watches + 1);

	for (size_t i = 0; i < n; i++) {
		watches[i] = loop->watches.v[i];
		fds[i] = (struct pollfd){.fd = watches[i].fd, .events = POLLIN};
	}
	fds[n] = (struct pollfd){.fd = loop->child_fd, .events = POLLIN};
	if (poll(fds, n + 1, ms) > 0) {
		for (size_t i = 0; i < n; i++) {
			if (fds[i].revents != 0) {
				watches[i].ready(loop, watches[i].fd, watches[i].ctx);
			}
		}
	}
	free(watches);
	free(fds);
}

int lab_loop_wait(struct lab_loop *loop, pid_t child)
{
	int status = 0;

	while (!reap(loop, child, &status)) {
		turn(loop, -1);
	}
	return status;
}

bool lab_loop_wait_ms(struct lab_loop *loop, pid_t child, int ms)
{
	uint64_t end = mp_clock_ms() + (uint64_t)ms;
	int status = 0;

	for (;;) {
		uint64_t now = mp_clock_ms();
		if (reap(loop, child, &status)) {
			return true;
		}
		if (now >= end) {
			return false;
		}
		turn(loop, (int)(end - now));
	}
}

static _Noreturn void become(const char *const argv[], int in, int out, int error)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(in >= 0 ? in : null, 0);
	dup2(out >= 0 ? out : null, 1);
	dup2(error >= 0 ? error : null, 2);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

static char *take(int fd)
{
	off_t end = lseek(fd, 0, SEEK_END);
	size_t n = end < 0 ? 0 : end > LAB_OUTPUT_MAX ? LAB_OUTPUT_MAX : (size_t)end;
	char *text = mp_alloc(n + 1);
	ssize_t got = pread(fd, text, n, 0);

	text[got < 0 ? 0 : got] = '\0';
	return text;
}

int lab_loop_feed(struct lab_loop *loop, const char *const argv[], const char *input, char **out)
{
	int in = -1, to = out != NULL ? memfd_create("output", MFD_CLOEXEC) : -1;

	if (input != NULL) {
		in = memfd_create("input", MFD_CLOEXEC);
		if (in >= 0 &&
			(write(in, input, strlen(input)) < 0 || lseek(in, 0, SEEK_SET) < 0)) {
			close(in);
			in = -1;
		}
	}
	pid_t pid = fork();
	if (pid == 0) {
		become(argv, in, to, -1);
	}
	int status = pid < 0 ? 127 << 8 : lab_loop_wait(loop, pid);
	if (out != NULL) {
		*out = to < 0 ? mp_strdup("") : take(to);
	}
	if (to >= 0) {
		close(to);
	}
	if (in >= 0) {
		close(in);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int lab_loop_run(struct lab_loop *loop, const char *const argv[], char **out)
{
	return lab_loop_feed(loop, argv, NULL, out);
}

/* What a started program prints. */
struct voice {
	void (*said)(void *ctx, const char *line);
	void *ctx;
	struct mp_buf text; /* that is no whole line yet */
};

static void voice_ready(struct lab_loop *loop, int fd, void *ctx)
{
	struct voice *v = ctx;
	char space[4096];
	size_t end;

	ssize_t n = read(fd, space, sizeof space);
	if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
		return;
	}
	if (n > 0) {
		mp_buf_put(&v->text, mp_slice(space, (size_t)n));
	} else if (v->text.n > 0) {
		mp_buf_putc(&v->text, '\n');
	}
	while ((end = mp_slice_chr(mp_buf_slice(&v->text), '\n')) != MP_NOT_FOUND) {
		v->text.p[end] = '\0';
		v->said(v->ctx, v->text.p);
		mp_buf_drop(&v->text, end + 1);
	}
	if (n <= 0) {
		lab_loop_forget(loop, fd);
		close(fd);
		mp_buf_release(&v->text);
		free(v);
	}
}

pid_t lab_loop_start(struct lab_loop *loop, const char *const argv[],
	void (*said)(void *ctx, const char *line), void *ctx)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC) < 0) {
		return -1;
	}
	pid_t pid = fork();
	if (pid == 0) {
		become(argv, -1, pipes[1], pipes[1]);
	}
	close(pipes[1]);
	if (pid < 0) {
		close(pipes[0]);
		return -1;
	}
	struct voice *v = mp_alloc(sizeof *v);
	*v = (struct voice){.said = said, .ctx = ctx};
	mp_buf_init(&v->text, LAB_OUTPUT_MAX);
	fcntl(pipes[0], F_SETFL, O_NONBLOCK);
	lab_loop_watch(loop, pipes[0], voice_ready, v);
	return pid;
}
