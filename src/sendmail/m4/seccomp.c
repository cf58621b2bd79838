/*
 * seccomp - the system calls that are left to a process (Linux on x86-64 and aarch64).
 *
 * What m4 needs to run is allowed, the rest is answered: with EPERM where a call of m4's own
 * builtins would come (a new process, a file opened for writing, a file removed), because m4 then
 * says what it could not do, and where; with death where no m4 would (a socket, another process'
 * memory, the kernel's own matters): this is no m4 any more. What is not known here gets ENOSYS, as
 * from an older kernel, so that a newer C library takes another way.
 */
#include "sendmail/m4/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>

#if defined __linux__ && (defined __x86_64__ || (defined __aarch64__ && defined __AARCH64EL__))

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifndef SECCOMP_RET_KILL_PROCESS
#define SECCOMP_RET_KILL_PROCESS 0x80000000U
#endif

/* Numbers of system calls from this bit on are those of another calling convention (x32). */
#define OTHER_CALLS 0x40000000U

/* Bits of open's flags with which a file can be changed or made. */
#define WRITING ((uint32_t)(O_WRONLY | O_RDWR | O_CREAT | O_TRUNC | O_APPEND | TEMPORARY))
#define TEMPORARY 020000000 /* O_TMPFILE without O_DIRECTORY */

#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
/* The lower and the upper half of an argument, on a little-endian machine. */
#define LOW(n) (FIELD(args) + 8U * (n))
#define HIGH(n) (LOW(n) + 4U)

enum { PROGRAM_MAX = 512 };

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short n;
};

static const int allowed[] = {
	SYS_read,
	SYS_readv,
	SYS_pread64,
	SYS_write,
	SYS_writev,
	SYS_close,
	SYS_fstat,
	SYS_newfstatat,
	SYS_lseek,
	SYS_mmap,
	SYS_mprotect,
	SYS_munmap,
	SYS_mremap,
	SYS_madvise,
	SYS_brk,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_restart_syscall,
	SYS_getpid,
	SYS_gettid,
	SYS_getppid,
	SYS_getuid,
	SYS_geteuid,
	SYS_getgid,
	SYS_getegid,
	SYS_exit,
	SYS_exit_group,
	SYS_set_tid_address,
	SYS_set_robust_list,
	SYS_getrandom,
	SYS_futex,
	SYS_clock_gettime,
	SYS_gettimeofday,
	SYS_times,
	SYS_getrusage,
	SYS_uname,
	SYS_sysinfo,
	SYS_readlinkat,
	SYS_getcwd,
	SYS_faccessat,
	SYS_dup,
	SYS_dup3,
	SYS_ppoll,
	SYS_pipe2,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_fadvise64,
#ifdef SYS_faccessat2
	SYS_faccessat2,
#endif
#ifdef SYS_rseq
	SYS_rseq,
#endif
#ifdef SYS_statx
	SYS_statx,
#endif
#ifdef __x86_64__
	SYS_arch_prctl,
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_readlink,
	SYS_dup2,
	SYS_poll,
	SYS_pipe,
	SYS_time,
	SYS_getrlimit,
#endif
};

/* What m4's builtins would do that run commands and make files. */
static const int refused[] = {
	SYS_clone,
	SYS_execve,
	SYS_execveat,
	SYS_unlinkat,
	SYS_renameat,
	SYS_renameat2,
	SYS_mkdirat,
	SYS_mknodat,
	SYS_linkat,
	SYS_symlinkat,
	SYS_fchmod,
	SYS_fchmodat,
	SYS_fchown,
	SYS_fchownat,
	SYS_truncate,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_utimensat,
	SYS_kill,
	SYS_tkill,
	SYS_tgkill,
	SYS_wait4,
	SYS_setrlimit,
	SYS_getdents64,
	SYS_chdir,
	SYS_fchdir,
	SYS_setpgid,
	SYS_setsid,
	SYS_openat,
	SYS_fcntl,
	SYS_ioctl,
	SYS_prlimit64,
#ifdef SYS_clone3
	SYS_clone3,
#endif
#ifdef __x86_64__
	SYS_fork,
	SYS_vfork,
	SYS_open,
	SYS_creat,
	SYS_unlink,
	SYS_rename,
	SYS_mkdir,
	SYS_rmdir,
	SYS_mknod,
	SYS_link,
	SYS_symlink,
	SYS_chmod,
	SYS_chown,
	SYS_lchown,
	SYS_utime,
	SYS_utimes,
	SYS_futimesat,
	SYS_getdents,
#endif
};

/* What no m4 does. */
static const int deadly[] = {
	SYS_socket,
	SYS_socketpair,
	SYS_connect,
	SYS_bind,
	SYS_listen,
	SYS_accept,
	SYS_accept4,
	SYS_sendto,
	SYS_sendmsg,
	SYS_ptrace,
	SYS_process_vm_readv,
	SYS_process_vm_writev,
	SYS_mount,
	SYS_umount2,
	SYS_pivot_root,
	SYS_chroot,
	SYS_unshare,
	SYS_setns,
	SYS_bpf,
	SYS_keyctl,
	SYS_add_key,
	SYS_request_key,
	SYS_init_module,
	SYS_finit_module,
	SYS_delete_module,
	SYS_kexec_load,
	SYS_reboot,
	SYS_swapon,
	SYS_swapoff,
	SYS_perf_event_open,
	SYS_open_by_handle_at,
	SYS_name_to_handle_at,
	SYS_personality,
	SYS_setuid,
	SYS_setgid,
	SYS_setreuid,
	SYS_setregid,
	SYS_setresuid,
	SYS_setresgid,
	SYS_setgroups,
	SYS_capset,
	SYS_sethostname,
	SYS_setdomainname,
	SYS_settimeofday,
	SYS_clock_settime,
	SYS_acct,
	SYS_quotactl,
	SYS_syslog,
	SYS_seccomp,
#ifdef SYS_io_uring_setup
	SYS_io_uring_setup,
#endif
#ifdef SYS_userfaultfd
	SYS_userfaultfd,
#endif
};

static void put(struct program *p, uint16_t code, uint8_t yes, uint8_t no, uint32_t k)
{
	if (p->n < PROGRAM_MAX) {
		p->code[p->n++] = (struct sock_filter){code, yes, no, k};
	}
}

static void load(struct program *p, uint32_t field)
{
	put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, field);
}

static void answer(struct program *p, uint32_t with)
{
	put(p, BPF_RET | BPF_K, 0, 0, with);
}

/* One answer for each call of a list; the number is loaded. */
static void put_list(struct program *p, const int *calls, size_t n, uint32_t with)
{
	for (size_t i = 0; i < n; i++) {
		put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, (uint32_t)calls[i]);
		answer(p, with);
	}
}

/*
 * Conditions: the call's number is loaded before and after. A call that meets its condition is
 * allowed; one that does not goes on to the lists.
 */

/* A call that is allowed when no bit of the mask is set in an argument. */
static void put_without(struct program *p, int call, uint32_t argument, uint32_t mask)
{
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)call);
	load(p, LOW(argument));
	put(p, BPF_JMP | BPF_JSET | BPF_K, 1, 0, mask);
	answer(p, SECCOMP_RET_ALLOW);
	load(p, FIELD(nr));
}

/* A call that is allowed when an argument is NULL. */
static void put_null(struct program *p, int call, uint32_t argument)
{
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 6, (uint32_t)call);
	load(p, LOW(argument));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0);
	load(p, HIGH(argument));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
	answer(p, SECCOMP_RET_ALLOW);
	load(p, FIELD(nr));
}

/* A call that is allowed with one value in the lower half of an argument. */
static void put_with(struct program *p, int call, uint32_t argument, uint32_t value)
{
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 4, (uint32_t)call);
	load(p, LOW(argument));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, value);
	answer(p, SECCOMP_RET_ALLOW);
	load(p, FIELD(nr));
}

/* A comparison of one argument with a pointer, `left` more of which follow: on to the next when
 * equal, otherwise to what follows the answer behind the last. */
static void put_pointer(struct program *p, uint32_t argument, const void *pointer, uint8_t left)
{
	uint64_t value = (uint64_t)(uintptr_t)pointer;

	load(p, LOW(argument));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(4 * left + 3), (uint32_t)value);
	load(p, HIGH(argument));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, (uint8_t)(4 * left + 1), (uint32_t)(value >> 32));
}

/* The one execve that makes this process the program. */
static void put_execve(
	struct program *p, const char *program, char *const *argv, char *const *environment)
{
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 14, SYS_execve);
	put_pointer(p, 0, program, 2);
	put_pointer(p, 1, argv, 1);
	put_pointer(p, 2, environment, 0);
	answer(p, SECCOMP_RET_ALLOW);
	load(p, FIELD(nr));
}

int sm_seccomp(const char *program, char *const *argv, char *const *environment)
{
	const uint32_t eperm = SECCOMP_RET_ERRNO | EPERM;
	struct program p = {.n = 0};

	load(&p, FIELD(arch));
	put(&p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, ARCHITECTURE);
	answer(&p, SECCOMP_RET_KILL_PROCESS);
	load(&p, FIELD(nr));
	put(&p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, OTHER_CALLS);
	answer(&p, SECCOMP_RET_KILL_PROCESS);
	put_list(&p, allowed, sizeof allowed / sizeof *allowed, SECCOMP_RET_ALLOW);
	put_without(&p, SYS_openat, 2, WRITING);
#ifdef __x86_64__
	put_without(&p, SYS_open, 1, WRITING);
#endif
	put_with(&p, SYS_fcntl, 1, F_GETFD);
	put_with(&p, SYS_fcntl, 1, F_SETFD);
	put_with(&p, SYS_fcntl, 1, F_GETFL);
	put_with(&p, SYS_fcntl, 1, F_DUPFD);
	put_with(&p, SYS_fcntl, 1, F_DUPFD_CLOEXEC);
	put_with(&p, SYS_ioctl, 1, TCGETS);
	put_null(&p, SYS_prlimit64, 2);
	put_execve(&p, program, argv, environment);
	put_list(&p, deadly, sizeof deadly / sizeof *deadly, SECCOMP_RET_KILL_PROCESS);
	put_list(&p, refused, sizeof refused / sizeof *refused, eperm);
	answer(&p, SECCOMP_RET_ERRNO | ENOSYS);

	struct sock_fprog filter = {p.n, p.code};
	if (p.n >= PROGRAM_MAX) {
		errno = E2BIG;
		return -1;
	}
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
		return errno == EINVAL ? 1 : -1;
	}
	return 0;
}

#else

int sm_seccomp(const char *program, char *const *argv, char *const *environment)
{
	(void)program;
	(void)argv;
	(void)environment;
	return 1;
}

#endif
