/* confine - what a process of the sandbox does to itself before it becomes the program. */
#ifndef MP_SENDMAIL_M4_CONFINE_H
#define MP_SENDMAIL_M4_CONFINE_H

#include "sendmail/m4/sandbox.h"

struct sm_confine_failure {
	char step[128]; /* what could not be done, cut to the size */
	int error;
};

/* In the child: takes on the descriptors, the limits and what the kernel has, and becomes the
 * program. Does not return; what went wrong is written to `report` (struct sm_confine_failure). */
_Noreturn void sm_confine(const struct sm_sandbox_child *child, int out, int messages, int report);

/* Denies this process all files but those below the paths (ended by NULL) for reading, and the
 * program for running; what it has open stays open. 0; 1 when the kernel has no Landlock; -1 and
 * errno. */
int sm_landlock(const char *const *readable, const char *program);

/* Leaves the system calls by which a process computes, reads files and ends. execve is let through
 * with these very pointers, which mean nothing any more when it is done. 0; 1 when the kernel has
 * no filter, or the machine is not one whose calls are known here; -1 and errno. */
int sm_seccomp(const char *program, char *const *argv, char *const *environment);

#endif
