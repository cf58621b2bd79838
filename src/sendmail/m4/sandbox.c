/*
 * sandbox - begins the child, collects what it writes, and sees it end.
 *
 * The child is a session and a process group of its own; when it has ended, or is to, the whole
 * group is killed.
 */
#define _GNU_SOURCE
#include "sendmail/m4/sandbox.h"

#include "base/clock.h"
#include "base/limits.h"
#include "sendmail/m4/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

enum {
	READ_SIZE = 64 * 1024,
	TICK_MS = 5, /* how long messages may wait */
	PIPE_SIZE = 256 * 1024 /* for the messages of such a time, and for a whole .cf */
};

static void close_pair(int fds[2])
{
	for (size_t i = 0; i < 2; i++) {
		if (fds[i] >= 0) {
			close(fds[i]);
		}
	}
}

/* A pipe whose ends stay out of programs that are begun. */
static int make_pipe(int fds[2])
{
	if (pipe(fds) != 0) {
		return -1;
	}
#ifdef F_SETPIPE_SZ
	fcntl(fds[0], F_SETPIPE_SZ, PIPE_SIZE);
#endif
	return fcntl(fds[0], F_SETFD, FD_CLOEXEC) == 0 && fcntl(fds[1], F_SETFD, FD_CLOEXEC) == 0
		? 0
		: -1;
}

/* What the child could not do before it became the program; 0 when it has become it. */
static int read_report(int report, struct mp_err *err)
{
	struct sm_confine_failure failure;
	ssize_t n;

	do {
		n = read(report, &failure, sizeof failure);
	} while (n < 0 && errno == EINTR);
	if (n <= 0) {
		return 0;
	}
	failure.step[sizeof failure.step - 1] = '\0';
	return mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", failure.step, strerror(failure.error));
}

int sm_sandbox_begin(
	struct sm_sandbox *sandbox, const struct sm_sandbox_child *child, struct mp_err *err)
{
	int out[2] = {-1, -1};
	int messages[2] = {-1, -1};
	int report[2] = {-1, -1};
	pid_t pid = -1;

	if (make_pipe(out) == 0 && make_pipe(messages) == 0 && make_pipe(report) == 0) {
		pid = fork();
	}
	if (pid == 0) {
		sm_confine(child, out[1], messages[1], report[1]);
	}
	if (pid < 0) {
		mp_err_set(err, MP_ERR_SYSTEM, "a process for m4: %s", strerror(errno));
		close_pair(out);
		close_pair(messages);
		close_pair(report);
		return -1;
	}
	close(out[1]);
	close(messages[1]);
	close(report[1]);
	*sandbox = (struct sm_sandbox){(int)pid, out[0], messages[0],
		child->options.wait_seconds != 0 ? child->options.wait_seconds : MP_LIMIT_M4_WAIT};
	int done = read_report(report[0], err);
	close(report[0]);
	if (done != 0) {
		sm_sandbox_kill(sandbox);
	}
	return done;
}

/* Reads what a pipe holds now; false at its end. */
static bool drain(int fd, struct mp_buf *into)
{
	char bytes[READ_SIZE];

	while (!into->overflow) {
		ssize_t n = read(fd, bytes, sizeof bytes);
		if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
			return true;
		}
		if (n <= 0) {
			return false;
		}
		mp_buf_put(into, mp_slice(bytes, (size_t)n));
	}
	return true;
}

/*
 * Reads both pipes to their ends. SM_SANDBOX_EXIT when they have ended, otherwise why not.
 *
 * Messages come in hundreds of small writes, so nobody is woken for them: they wait in their pipe,
 * which is large, until there is output or the next tick.
 */
static enum sm_sandbox_end collect(
	const struct sm_sandbox *sandbox, struct mp_buf *out, struct mp_buf *messages)
{
	struct pollfd p = {sandbox->out, POLLIN, 0};
	bool open_messages = true;
	long long deadline = (long long)mp_clock_ms() + sandbox->wait_seconds * 1000LL;

	fcntl(sandbox->out, F_SETFL, O_NONBLOCK);
	fcntl(sandbox->messages, F_SETFL, O_NONBLOCK);
	while (p.fd >= 0 || open_messages) {
		if ((long long)mp_clock_ms() >= deadline) {
			return SM_SANDBOX_WAIT;
		}
		struct pollfd last = {sandbox->messages, POLLIN, 0};
		int ready = p.fd >= 0 ? poll(&p, 1, TICK_MS) : poll(&last, 1, TICK_MS);
		if (ready > 0 && p.fd >= 0 && !drain(p.fd, out)) {
			p.fd = -1;
		}
		if (open_messages) {
			open_messages = drain(sandbox->messages, messages);
		}
		if (out->overflow || messages->overflow) {
			return SM_SANDBOX_OUTPUT;
		}
	}
	return SM_SANDBOX_EXIT;
}

/* Whether the child has ended; it stays to be buried, and with it the number of its group. (Where
 * SIGCHLD is ignored nothing is left to be buried.) */
static bool has_ended(pid_t pid)
{
	siginfo_t info = {0};

	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) != 0) {
		return errno == ECHILD;
	}
	return info.si_pid == pid;
}

/* Waits for a child that has closed its pipes, at most some seconds; false when it still runs. */
static bool wait_end(pid_t pid, unsigned seconds)
{
	long long deadline = (long long)mp_clock_ms() + seconds * 1000LL;
	int handle = -1;

#ifdef SYS_pidfd_open
	handle = (int)syscall(SYS_pidfd_open, pid, 0);
#endif
	while (!has_ended(pid)) {
		long long left = deadline - (long long)mp_clock_ms();
		if (left <= 0) {
			break;
		}
		struct pollfd p = {handle, POLLIN, 0};
		poll(&p, 1, handle >= 0 ? (int)left : 1);
	}
	if (handle >= 0) {
		close(handle);
	}
	return has_ended(pid);
}

/* Kills all that the child began, buries it, and closes its pipes: its status. */
static int finish(struct sm_sandbox *sandbox)
{
	int status = 0;

	kill(-sandbox->pid, SIGKILL);
	kill(sandbox->pid, SIGKILL);
	while (waitpid(sandbox->pid, &status, 0) < 0 && errno == EINTR) {
	}
	close(sandbox->out);
	close(sandbox->messages);
	return status;
}

void sm_sandbox_kill(struct sm_sandbox *sandbox)
{
	finish(sandbox);
}

static struct sm_sandbox_result result_of(enum sm_sandbox_end end, int status)
{
	if (end != SM_SANDBOX_EXIT) {
		return (struct sm_sandbox_result){end, 0};
	}
	if (WIFEXITED(status)) {
		return (struct sm_sandbox_result){SM_SANDBOX_EXIT, WEXITSTATUS(status)};
	}
	switch (WTERMSIG(status)) {
	case SIGXCPU:
		return (struct sm_sandbox_result){SM_SANDBOX_CPU, 0};
	case SIGSYS:
		return (struct sm_sandbox_result){SM_SANDBOX_DENIED, 0};
	default:
		return (struct sm_sandbox_result){SM_SANDBOX_SIGNAL, WTERMSIG(status)};
	}
}

struct sm_sandbox_result sm_sandbox_end(
	struct sm_sandbox *sandbox, struct mp_buf *out, struct mp_buf *messages)
{
	enum sm_sandbox_end end = collect(sandbox, out, messages);

	if (end == SM_SANDBOX_EXIT && !wait_end(sandbox->pid, sandbox->wait_seconds)) {
		end = SM_SANDBOX_WAIT;
	}
	return result_of(end, finish(sandbox));
}
