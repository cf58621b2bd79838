/*
 * sandbox - a child process that can compute, read a few places, and write to its pipes.
 *
 * Limits on CPU time, memory, files and processes hold everywhere. On top of them, where the kernel
 * has them: no_new_privs with a seccomp filter (no new process, no network, nothing opened for
 * writing), and Landlock (only the named places can be read).
 */
#ifndef SM_M4_SANDBOX_H
#define SM_M4_SANDBOX_H

#include <stdbool.h>

/* What is not to be used, for tests of what the rest is worth. */
struct sm_sandbox_options {
	bool no_seccomp;
	bool no_landlock;
};

#endif
