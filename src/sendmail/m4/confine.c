/*
 * confine - descriptors, limits, and the kernel's own confinement, in the child.
 *
 * After fork() only async-signal-safe functions are called, and nothing is allocated.
 */
#include "sendmail/m4/confine.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

enum {
	/* Files that m4 has open at once: its own, and one for each include around it. */
	OPEN_FILES = 64,
	/* Where descriptors are set aside while they are put in order. */
	ASIDE = 200,
	/* Closed one by one where the kernel cannot do it at once. */
	DESCRIPTORS = 1024,
	STACK = 8 * 1024 * 1024
};

static _Noreturn void fail(int report, const char *step)
{
	struct sm_confine_failure failure = {.error = errno};

	memcpy(failure.step, step, strnlen(step, sizeof failure.step - 1));
	if (write(report, &failure, sizeof failure) < 0) {
		_exit(126);
	}
	_exit(125);
}

static void close_from(int first)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)first, ~0U, 0U) == 0) {
		return;
	}
#endif
	for (int fd = first; fd < DESCRIPTORS; fd++) {
		close(fd);
	}
}

/* Gives the program its descriptors and no others. The report comes behind them, and is closed when
 * the program is become: its new number. */
static int place(const struct sm_sandbox_child *child, int out, int messages, int report)
{
	const int first[SM_SANDBOX_FIRST] = {child->in, out, messages};
	const int targets = SM_SANDBOX_FIRST + (int)child->file_count;
	int aside[SM_SANDBOX_FIRST + SM_SANDBOX_FILES];

	/* None may be overwritten before it has been moved. */
	for (int i = 0; i < targets; i++) {
		int fd = i < SM_SANDBOX_FIRST ? first[i] : child->files[i - SM_SANDBOX_FIRST];
		aside[i] = fcntl(fd, F_DUPFD, ASIDE);
		if (aside[i] < 0) {
			fail(report, "descriptors");
		}
	}
	report = fcntl(report, F_DUPFD, ASIDE);
	for (int i = 0; i < targets; i++) {
		if (dup2(aside[i], i) < 0) {
			fail(report, "descriptors");
		}
	}
	if (dup2(report, targets) < 0 || fcntl(targets, F_SETFD, FD_CLOEXEC) != 0) {
		fail(report, "descriptors");
	}
	close_from(targets + 1);
	return targets;
}

/* Sets a limit, or leaves it where it is lower already. */
static int limit(int what, rlim_t soft, rlim_t hard)
{
	struct rlimit now;

	if (getrlimit(what, &now) != 0) {
		return -1;
	}
	now.rlim_max = now.rlim_max < hard ? now.rlim_max : hard;
	now.rlim_cur = now.rlim_max < soft ? now.rlim_max : soft;
	return setrlimit(what, &now);
}

static void set_limits(const struct sm_sandbox_child *child, int report)
{
	unsigned seconds =
		child->options.cpu_seconds != 0 ? child->options.cpu_seconds : MP_LIMIT_M4_SECONDS;
	rlim_t files = OPEN_FILES + child->file_count;

	if (limit(RLIMIT_CPU, seconds, seconds + 1) != 0 || limit(RLIMIT_FSIZE, 0, 0) != 0 ||
		limit(RLIMIT_CORE, 0, 0) != 0 || limit(RLIMIT_NOFILE, files, files) != 0 ||
		limit(RLIMIT_STACK, STACK, STACK) != 0 ||
		limit(RLIMIT_AS, MP_LIMIT_M4_MEMORY, MP_LIMIT_M4_MEMORY) != 0) {
		fail(report, "limits");
	}
#ifdef RLIMIT_NPROC
	if (limit(RLIMIT_NPROC, 0, 0) != 0) {
		fail(report, "limits");
	}
#endif
}

/* As a program expects to find them. */
static void reset_signals(void)
{
	static const int signals[] = {SIGPIPE, SIGXCPU, SIGXFSZ, SIGCHLD, SIGINT, SIGQUIT, SIGTERM,
		SIGHUP, SIGALRM, SIGUSR1, SIGUSR2, SIGSYS};
	struct sigaction standard = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		sigaction(signals[i], &standard, NULL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

_Noreturn void sm_confine(const struct sm_sandbox_child *child, int out, int messages, int report)
{
	/* Temporary files have no place: nothing can be created in /proc. */
	char locale[] = "LC_ALL=C";
	char temporary[] = "TMPDIR=/proc";
	char path[] = "PATH=/proc";
	char *environment[] = {locale, temporary, path, NULL};
	/* execve() takes the vector without const for historical reasons. */
	char *const *argv = (char *const *)(uintptr_t)child->argv;

	setsid();
	report = place(child, out, messages, report);
	umask(077);
	reset_signals();
	if (chdir(child->directory != NULL ? child->directory : "/") != 0) {
		fail(report, child->directory != NULL ? child->directory : "/");
	}
#ifdef __linux__
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
		fail(report, "no_new_privs");
	}
#endif
	if (!child->options.no_landlock && sm_landlock(child->readable, child->program) < 0) {
		fail(report, "Landlock");
	}
	set_limits(child, report);
	if (!child->options.no_seccomp && sm_seccomp(child->program, argv, environment) < 0) {
		fail(report, "seccomp");
	}
	execve(child->program, argv, environment);
	fail(report, child->program);
}
