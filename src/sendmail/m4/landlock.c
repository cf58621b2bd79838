/*
 * landlock - files that a process may read, held by the kernel (Linux 5.13 and later).
 *
 * The numbers are the kernel's (linux/landlock.h), written out: that file is often older than the
 * kernel that the program runs on. What a kernel does not know is left out.
 */
#define _GNU_SOURCE
#include "sendmail/m4/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif

#ifdef __linux__

/* The same on every machine. */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum {
	CREATE_VERSION = 1,
	RULE_PATH_BENEATH = 1,
	FS_EXECUTE = 1 << 0,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_FIRST = (1 << 13) - 1, /* what version 1 knows */
	FS_REFER = 1 << 13, /* 2 */
	FS_TRUNCATE = 1 << 14, /* 3 */
	FS_IOCTL_DEV = 1 << 15, /* 5 */
	NET_TCP = 3, /* 4: bind and connect */
	SCOPES = 3 /* 6: abstract sockets and signals */
};

struct ruleset {
	uint64_t fs, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

/* Where the loader finds libraries and what it knows of them. */
static const char *const loader[] = {"/lib", "/lib32", "/lib64", "/libx32", "/usr/lib",
	"/usr/lib32", "/usr/lib64", "/usr/libx32", "/usr/local/lib", "/usr/local/lib64",
	"/nix/store", "/gnu/store", "/etc/ld.so.cache", "/etc/ld.so.preload",
	"/etc/ld-musl-x86_64.path", "/etc/ld-musl-aarch64.path", NULL};

/* Lets what stands at and below a path be used; one that is not there needs no rule. */
static int allow(int rules, const char *path, uint64_t what)
{
	struct path_beneath rule = {.allowed = what};
	struct stat st;

	rule.parent = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent < 0) {
		return 0;
	}
	int done = fstat(rule.parent, &st);
	if (done == 0 && !S_ISDIR(st.st_mode)) {
		rule.allowed &= ~(uint64_t)FS_READ_DIR;
	}
	if (done == 0) {
		done = (int)syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0);
	}
	close(rule.parent);
	return done;
}

int sm_landlock(const char *const *readable, const char *program)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, (unsigned)CREATE_VERSION);
	if (version < 1) {
		return 1;
	}
	struct ruleset set = {.fs = FS_FIRST};
	set.fs |= version >= 2 ? FS_REFER : 0;
	set.fs |= version >= 3 ? FS_TRUNCATE : 0;
	set.fs |= version >= 5 ? FS_IOCTL_DEV : 0;
	set.net = version >= 4 ? NET_TCP : 0;
	set.scoped = version >= 6 ? SCOPES : 0;
	size_t size = version >= 6 ? sizeof set : version >= 4 ? 2 * sizeof set.fs : sizeof set.fs;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0U);
	if (rules < 0) {
		return -1;
	}
	int done = allow(rules, program, FS_EXECUTE | FS_READ_FILE);
	for (const char *const *p = loader; done == 0 && *p != NULL; p++) {
		done = allow(rules, *p, FS_EXECUTE | FS_READ_FILE);
	}
	for (const char *const *p = readable; done == 0 && p != NULL && *p != NULL; p++) {
		done = allow(rules, *p, FS_READ_FILE | FS_READ_DIR);
	}
	if (done == 0) {
		done = (int)syscall(SYS_landlock_restrict_self, rules, 0U);
	}
	int error = errno;
	close(rules);
	errno = error;
	return done;
}

#else

int sm_landlock(const char *const *readable, const char *program)
{
	(void)readable;
	(void)program;
	return 1;
}

#endif
