/* run - commands beside the lab's server. */
#define _GNU_SOURCE
#include "lab/lab.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void set_address(const char *name, const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];

	setenv(name, ip != NULL ? mp_ip_format(ip, text) : "", 1);
}

static const struct mp_ip *first_client(const struct mp_lab *lab, int family)
{
	size_t n = 0;
	const struct mp_ip *clients = mp_lab_clients(lab, &n);

	for (size_t i = 0; i < n; i++) {
		if (clients[i].family == family) {
			return &clients[i];
		}
	}
	return NULL;
}

static void set_path(const char *name, pid_t pid, const char *rest, int fd)
{
	char path[64];

	if (rest != NULL) {
		snprintf(path, sizeof path, "/proc/%ld/%s", (long)pid, rest);
	} else {
		snprintf(path, sizeof path, "/proc/%ld/fd/%d", (long)pid, fd);
	}
	setenv(name, path, 1);
}

static void set_environment(const struct mp_lab *lab, pid_t owner)
{
	char *listeners = mp_lab_listeners(lab);

	for (char *p = listeners; *p != '\0'; p++) {
		if (*p == '\n') {
			*p = p[1] == '\0' ? '\0' : ' ';
		}
	}
	setenv("MTAPROOF_LISTENERS", listeners, 1);
	free(listeners);
	set_address("MTAPROOF_SERVER", mp_lab_address(lab, 4));
	set_address("MTAPROOF_SERVER6", mp_lab_address(lab, 6));
	set_address("MTAPROOF_CLIENT", first_client(lab, 4));
	set_address("MTAPROOF_CLIENT6", first_client(lab, 6));
	setenv("MTAPROOF_STARTED", mp_lab_started(lab) ? "yes" : "no", 1);
	set_path("MTAPROOF_SERVER_NS", mp_lab_pid(lab), "ns/net", -1);
	set_path("MTAPROOF_CLIENT_NS", owner, NULL, mp_lab_client_ns(lab));
	set_path("MTAPROOF_LOG", owner, NULL, mp_lab_log_fd(lab));
}

int mp_lab_run(const struct mp_lab *lab, enum mp_lab_side side, char *const argv[], int *status,
	struct mp_err *err)
{
	pid_t owner = getpid(), pid = fork();
	int st = 0;

	if (pid < 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, "fork: %s", strerror(errno));
	}
	if (pid == 0) {
		struct mp_err why = {0};
		set_environment(lab, owner);
		if (mp_lab_enter(lab, side, &why) == 0) {
			execvp(argv[0], argv);
			mp_err_set(&why, MP_ERR_USAGE, "%s: %s", argv[0], strerror(errno));
		}
		dprintf(2, "mtaproof: %s\n", why.text);
		_exit(127);
	}
	while (waitpid(pid, &st, 0) < 0) {
		if (errno != EINTR) {
			return mp_err_set(err, MP_ERR_SYSTEM, "wait: %s", strerror(errno));
		}
	}
	*status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
	return 0;
}
