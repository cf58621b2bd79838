/* lab - boots the real MTA with a candidate configuration, in private namespaces. */
#define _GNU_SOURCE
#include "lab/lab.h"

#include "lab/box.h"
#include "lab/files.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { DEADLINE_MS = 20000, LOG_MAX = 64 * 1024 * 1024 };

struct mp_lab {
	pid_t init;
	int log, lifeline, report;
	int home_ns, server_ns, client_ns;
	bool started;
	char *logfile, *version;
	struct mp_cidr *addresses;
	size_t address_count;
	struct mp_ip *clients;
	size_t client_count;
	MP_VEC(struct mp_lab_supplied) supplied;
	MP_VEC(char *) users;
	struct mp_buf pending; /* report bytes that are no whole line yet */
};

static int fail(struct mp_err *err, const char *what)
{
	return mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", what, strerror(errno));
}

/* A child that is process 1 of namespaces of its own (clone(2) without a new stack is fork(2)). */
static pid_t fork_into_namespaces(void)
{
	unsigned long flags =
		CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWIPC | SIGCHLD;

	return (pid_t)syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);
}

static int open_ns(pid_t pid, const char *name, struct mp_err *err)
{
	char path[128];

	snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? fail(err, path) : fd;
}

static void add_supplied(struct mp_lab *lab, const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] != ' ') {
		return;
	}
	enum mp_lab_supplied_kind kind = (enum mp_lab_supplied_kind)(text[0] - '0');
	for (size_t i = 0; i < lab->supplied.n; i++) {
		if (lab->supplied.v[i].kind == kind &&
			mp_str_eq(lab->supplied.v[i].what, text + 2)) {
			return;
		}
	}
	mp_vec_push(&lab->supplied, ((struct mp_lab_supplied){kind, mp_strdup(text + 2)}));
}

/* A process 1 that has given up meanwhile has no descriptors: why it did is told by a later line.
 */
static void open_client_ns(struct mp_lab *lab, const char *number)
{
	char name[64];
	struct mp_err ignored;

	snprintf(name, sizeof name, "fd/%.20s", number);
	lab->client_ns = open_ns(lab->init, name, &ignored);
}

static int booted(const struct mp_lab *lab, struct mp_err *err)
{
	return lab->client_ns >= 0
		? 1
		: mp_err_set(err, MP_ERR_LIVE, "the lab ended before it was ready");
}

/* One line of process 1's report. 1 when the boot is over, -1 with err when it failed. */
static int take_report(struct mp_lab *lab, const char *line, struct mp_err *err)
{
	const char *text = line + 2;

	switch (line[0]) {
	case LAB_REPORT_CLIENT_NS:
		open_client_ns(lab, text);
		return 0;
	case LAB_REPORT_SUPPLIED:
		add_supplied(lab, text);
		return 0;
	case LAB_REPORT_USER:
		mp_vec_push(&lab->users, mp_strdup(text));
		return 0;
	case LAB_REPORT_LOGFILE:
		free(lab->logfile);
		lab->logfile = mp_strdup(text);
		return 0;
	case LAB_REPORT_VERSION:
		free(lab->version);
		lab->version = mp_strdup(text);
		return 0;
	case LAB_REPORT_STARTED:
		lab->started = true;
		return booted(lab, err);
	case LAB_REPORT_STOPPED:
		return booted(lab, err);
	default:
		return mp_err_set(err, MP_ERR_LIVE, "lab: %s", text);
	}
}

static int take_lines(struct mp_lab *lab, struct mp_err *err)
{
	size_t end;
	int rc = 0;

	while (rc == 0 && (end = mp_slice_chr(mp_buf_slice(&lab->pending), '\n')) != MP_NOT_FOUND) {
		lab->pending.p[end] = '\0';
		rc = end < 2 ? 0 : take_report(lab, lab->pending.p, err);
		mp_buf_drop(&lab->pending, end + 1);
	}
	return rc;
}

/* Follows the report until the server runs, or does not. A server that takes too long is one that
 * does not start. */
static int follow(struct mp_lab *lab, unsigned deadline_ms, struct mp_err *err)
{
	uint64_t end = mp_clock_ms() + (deadline_ms > 0 ? deadline_ms : DEADLINE_MS);
	char space[4096];

	for (;;) {
		uint64_t now = mp_clock_ms();
		struct pollfd p = {.fd = lab->report, .events = POLLIN};
		int ready = now >= end ? 0 : poll(&p, 1, (int)(end - now));
		if (ready < 0 && errno == EINTR) {
			continue;
		}
		if (ready == 0 && lab->client_ns >= 0) {
			return 0;
		}
		ssize_t n = ready <= 0 ? 0 : read(lab->report, space, sizeof space);
		if (n <= 0) {
			return mp_err_set(err, MP_ERR_LIVE, "the lab ended before it was ready");
		}
		mp_buf_put(&lab->pending, mp_slice(space, (size_t)n));
		int rc = take_lines(lab, err);
		if (rc != 0) {
			return rc < 0 ? -1 : 0;
		}
	}
}

static struct mp_lab *new_lab(const struct mp_lab_plan *plan)
{
	struct mp_lab *lab = mp_alloc(sizeof *lab);

	lab->init = -1;
	lab->log = lab->lifeline = lab->report = -1;
	lab->home_ns = lab->server_ns = lab->client_ns = -1;
	lab->address_count = plan->address_count;
	lab->addresses = mp_alloc(plan->address_count * sizeof *lab->addresses);
	for (size_t i = 0; i < plan->address_count; i++) {
		lab->addresses[i] = plan->addresses[i];
	}
	lab->client_count = plan->client_count;
	lab->clients = mp_alloc(plan->client_count * sizeof *lab->clients);
	for (size_t i = 0; i < plan->client_count; i++) {
		lab->clients[i] = plan->clients[i];
	}
	mp_buf_init(&lab->pending, 1024 * 1024);
	return lab;
}

static int start_init(struct mp_lab *lab, const struct mp_lab_plan *plan, struct mp_err *err)
{
	int line[2], report[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, line) < 0) {
		return fail(err, "socketpair");
	}
	if (pipe2(report, O_CLOEXEC) < 0) {
		close(line[0]);
		close(line[1]);
		return fail(err, "pipe");
	}
	lab->lifeline = line[0];
	lab->report = report[0];
	lab->init = fork_into_namespaces();
	if (lab->init == 0) {
		close(line[0]);
		close(report[0]);
		lab_init(plan, report[1], lab->log, line[1]);
	}
	int saved = errno;
	close(line[1]);
	close(report[1]);
	if (lab->init < 0) {
		return mp_err_set(err, MP_ERR_LIVE,
			"the lab needs private namespaces, and this machine does not let us have "
			"them: %s%s",
			strerror(saved),
			geteuid() != 0 ? " (it needs root)"
				       : " (in a container, CAP_SYS_ADMIN is missing)");
	}
	return 0;
}

bool mp_lab_installed(enum mp_lab_mta mta)
{
	return lab_find_program(lab_mta_of(mta)->programs) != NULL;
}

int mp_lab_boot(const struct mp_lab_plan *plan, struct mp_lab **out, struct mp_err *err)
{
	*out = NULL;
	if (geteuid() != 0) {
		return mp_err_set(err, MP_ERR_LIVE,
			"the lab needs root: it makes namespaces, and the MTA changes between "
			"users");
	}
	struct mp_lab *lab = new_lab(plan);
	int rc = -1;
	lab->log = memfd_create("mtaproof-lab-log", MFD_CLOEXEC);
	if (lab->log < 0) {
		fail(err, "memfd");
	} else {
		/* Process 1 appends, this process reads with pread(). */
		fcntl(lab->log, F_SETFL, O_APPEND);
		lab->home_ns = open_ns(getpid(), "ns/net", err);
		if (lab->home_ns >= 0 && start_init(lab, plan, err) == 0 &&
			follow(lab, plan->deadline_ms, err) == 0) {
			lab->server_ns = open_ns(lab->init, "ns/net", err);
			rc = lab->server_ns < 0 ? -1 : 0;
		}
	}
	if (rc < 0) {
		mp_lab_free(lab);
		return -1;
	}
	*out = lab;
	return 0;
}

bool mp_lab_started(const struct mp_lab *lab)
{
	return lab->started;
}

const struct mp_lab_supplied *mp_lab_supplied(const struct mp_lab *lab, size_t *n)
{
	*n = lab->supplied.n;
	return lab->supplied.v;
}

const char *const *mp_lab_users(const struct mp_lab *lab, size_t *n)
{
	*n = lab->users.n;
	return (const char *const *)lab->users.v;
}

/* A log file of the server's own choice, seen through process 1's root. */
static void append_logfile(const struct mp_lab *lab, struct mp_buf *text)
{
	char path[4200];
	size_t n = 0;

	snprintf(path, sizeof path, "/proc/%ld/root%.4000s", (long)lab->init, lab->logfile);
	char *more = lab_file_read(path, LOG_MAX, &n);
	if (more != NULL) {
		mp_buf_put(text, mp_slice(more, n));
		free(more);
	}
}

char *mp_lab_log(const struct mp_lab *lab)
{
	struct stat st;
	struct mp_buf text;

	mp_buf_init(&text, 2 * (size_t)LOG_MAX);
	if (fstat(lab->log, &st) == 0 && st.st_size > 0) {
		char *space = mp_alloc((size_t)st.st_size);
		ssize_t n = pread(lab->log, space, (size_t)st.st_size, 0);
		mp_buf_put(&text, mp_slice(space, n > 0 ? (size_t)n : 0));
		free(space);
	}
	if (lab->logfile != NULL) {
		append_logfile(lab, &text);
	}
	char *log = mp_buf_detach(&text);
	mp_buf_release(&text);
	return log;
}

const struct mp_ip *mp_lab_address(const struct mp_lab *lab, int family)
{
	for (size_t i = 0; i < lab->address_count; i++) {
		const struct mp_ip *ip = &lab->addresses[i].ip;
		if (ip->family == family && !mp_ip_is_loopback(ip)) {
			return ip;
		}
	}
	return NULL;
}

const char *mp_lab_version(const struct mp_lab *lab)
{
	return lab->version;
}

const struct mp_ip *mp_lab_clients(const struct mp_lab *lab, size_t *n)
{
	*n = lab->client_count;
	return lab->clients;
}

int mp_lab_client_ns(const struct mp_lab *lab)
{
	return lab->client_ns;
}

int mp_lab_log_fd(const struct mp_lab *lab)
{
	return lab->log;
}

pid_t mp_lab_pid(const struct mp_lab *lab)
{
	return lab->init;
}

int mp_lab_enter(const struct mp_lab *lab, enum mp_lab_side side, struct mp_err *err)
{
	int fd = side == MP_LAB_CLIENT ? lab->client_ns : lab->server_ns;

	return setns(fd, CLONE_NEWNET) < 0 ? fail(err, "setns") : 0;
}

void mp_lab_leave(const struct mp_lab *lab)
{
	if (setns(lab->home_ns, CLONE_NEWNET) < 0) {
		MP_BUG("cannot return to the network namespace that we came from");
	}
}

void mp_lab_free(struct mp_lab *lab)
{
	if (lab == NULL) {
		return;
	}
	int fds[] = {
		lab->log, lab->lifeline, lab->report, lab->home_ns, lab->server_ns, lab->client_ns};

	if (lab->init > 0) {
		/* The end of process 1 is the end of every process of its namespace. */
		kill(lab->init, SIGKILL);
		while (waitpid(lab->init, NULL, 0) < 0 && errno == EINTR) {
		}
	}
	for (size_t i = 0; i < sizeof fds / sizeof *fds; i++) {
		if (fds[i] >= 0) {
			close(fds[i]);
		}
	}
	for (size_t i = 0; i < lab->supplied.n; i++) {
		free(lab->supplied.v[i].what);
	}
	for (size_t i = 0; i < lab->users.n; i++) {
		free(lab->users.v[i]);
	}
	mp_vec_release(&lab->supplied);
	mp_vec_release(&lab->users);
	mp_buf_release(&lab->pending);
	free(lab->addresses);
	free(lab->clients);
	free(lab->logfile);
	free(lab->version);
	free(lab);
}
