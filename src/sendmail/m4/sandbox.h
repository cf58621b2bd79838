/*
 * sandbox - a child process that can compute, read a few places, and write to its pipes.
 *
 * Limits on CPU time, memory, files and processes hold everywhere. On top of them, where the kernel
 * has them: no_new_privs with a seccomp filter (no new process, no network, nothing opened for
 * writing), and Landlock (only the named places can be read).
 */
#ifndef MP_SENDMAIL_M4_SANDBOX_H
#define MP_SENDMAIL_M4_SANDBOX_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

/* What is not to be used, for tests of what the rest is worth; limits for tests. */
struct sm_sandbox_options {
	bool no_seccomp;
	bool no_landlock;
	unsigned cpu_seconds; /* 0: MP_LIMIT_M4_SECONDS */
	unsigned wait_seconds; /* 0: MP_LIMIT_M4_WAIT */
};

enum {
	SM_SANDBOX_FIRST = 3, /* the number of the first further descriptor */
	SM_SANDBOX_FILES = 48 /* how many there can be */
};

/* What is run. All borrowed. */
struct sm_sandbox_child {
	const char *program; /* an absolute path */
	const char *const *argv;
	const char *directory; /* its working folder; NULL: "/" */
	int in; /* its standard input */
	const int *files; /* further descriptors: SM_SANDBOX_FIRST and so on in the child */
	size_t file_count;
	const char *const *readable; /* folders and files that it may read, ended by NULL */
	struct sm_sandbox_options options;
};

enum sm_sandbox_end {
	SM_SANDBOX_EXIT, /* value: exit status */
	SM_SANDBOX_SIGNAL, /* value: the signal */
	SM_SANDBOX_CPU,
	SM_SANDBOX_WAIT,
	SM_SANDBOX_OUTPUT, /* more than a buffer's maximum */
	SM_SANDBOX_DENIED /* a system call that the filter answers by death */
};

struct sm_sandbox_result {
	enum sm_sandbox_end end;
	int value;
};

/* A child at work. */
struct sm_sandbox {
	int pid; /* and its process group */
	int out, messages; /* the pipes that it writes to */
	unsigned wait_seconds;
};

/* Begins the child, which runs while its caller does other things, until it has filled its pipes.
 * -1 and err (MP_ERR_SYSTEM) when it could not be begun. */
int sm_sandbox_begin(
	struct sm_sandbox *sandbox, const struct sm_sandbox_child *child, struct mp_err *err);

/* Sees the child to its end: what it writes goes to out and messages, up to their maxima. All
 * processes that it began are gone on return. */
struct sm_sandbox_result sm_sandbox_end(
	struct sm_sandbox *sandbox, struct mp_buf *out, struct mp_buf *messages);

/* Ends the child, and all that it began. */
void sm_sandbox_kill(struct sm_sandbox *sandbox);

#endif
