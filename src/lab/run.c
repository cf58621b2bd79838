/* run - commands beside the lab's server, and where the server listens. */
#define _GNU_SOURCE
#include "lab/lab.h"

#include "lab/files.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/number.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROC_NET_MAX = 4 * 1024 * 1024, INODES_MAX = 65536, STATE_LISTEN = 0x0a };

/* ---- listeners --------------------------------------------------------------------------- */

/* The sockets of process 1 itself ("socket:[123]" each on a line), which are not the server's. */
static void own_sockets(pid_t pid, struct mp_buf *out)
{
	char path[64], target[64];

	snprintf(path, sizeof path, "/proc/%ld/fd", (long)pid);
	DIR *dir = opendir(path);
	if (dir == NULL) {
		return;
	}
	for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
		ssize_t n = readlinkat(dirfd(dir), e->d_name, target, sizeof target - 1);
		if (n > 0) {
			target[n] = '\0';
			mp_buf_printf(out, "%s\n", target);
		}
	}
	closedir(dir);
}

static struct mp_slice next_word(struct mp_slice *rest)
{
	*rest = mp_slice_trim(*rest);
	size_t n = mp_slice_chr(*rest, ' ');
	struct mp_slice word = n == MP_NOT_FOUND ? *rest : mp_slice_sub(*rest, 0, n);

	*rest = mp_slice_from(*rest, word.n);
	return word;
}

/* "0100007F:0019" as /proc/net/tcp prints it: words in the byte order of the machine. */
static bool read_endpoint(struct mp_slice text, struct mp_ip *ip, unsigned *port)
{
	size_t colon = mp_slice_chr(text, ':');
	unsigned words[4];
	char part[9] = "";

	if ((colon != 8 && colon != 32) || text.n != colon + 5) {
		return false;
	}
	memset(ip, 0, sizeof *ip);
	ip->family = colon == 8 ? 4 : 6;
	for (size_t i = 0; i < colon / 8; i++) {
		memcpy(part, text.p + i * 8, 8);
		words[i] = (unsigned)strtoul(part, NULL, 16);
		memcpy(ip->b + i * 4, &words[i], 4);
	}
	memcpy(part, text.p + colon + 1, 4);
	part[4] = '\0';
	*port = (unsigned)strtoul(part, NULL, 16);
	return true;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct texts {
	char **v;
	size_t n, cap;
};

static void read_table(struct texts *out, const char *text, const char *own)
{
	struct mp_slice rest = mp_slice_str(text);

	while (rest.n > 0) {
		size_t end = mp_slice_chr(rest, '\n');
		struct mp_slice line = mp_slice_sub(rest, 0, end == MP_NOT_FOUND ? rest.n : end);
		struct mp_slice words[10];
		char inode[64], endpoint[MP_IP_TEXT + 16], address[MP_IP_TEXT];
		struct mp_ip ip;
		unsigned port = 0;

		rest = mp_slice_from(rest, line.n + 1);
		for (size_t i = 0; i < 10; i++) {
			words[i] = next_word(&line);
		}
		snprintf(inode, sizeof inode, "socket:[%.*s]\n", MP_SLICE_ARG(words[9]));
		if (!mp_slice_ieq_str(words[3], "0A") || strstr(own, inode) != NULL ||
			!read_endpoint(words[1], &ip, &port)) {
			continue;
		}
		mp_ip_format(&ip, address);
		snprintf(endpoint, sizeof endpoint, ip.family == 6 ? "[%s]:%u" : "%s:%u", address,
			port);
		mp_vec_push(out, mp_strdup(endpoint));
	}
}

char *mp_lab_listeners(const struct mp_lab *lab)
{
	static const char *const tables[] = {"tcp", "tcp6"};
	struct texts found = {0};
	struct mp_buf own, out;
	char path[64];

	mp_buf_init(&own, INODES_MAX);
	mp_buf_init(&out, INODES_MAX);
	own_sockets(mp_lab_pid(lab), &own);
	for (size_t i = 0; i < 2; i++) {
		size_t n = 0;
		snprintf(path, sizeof path, "/proc/%ld/net/%s", (long)mp_lab_pid(lab), tables[i]);
		char *text = lab_file_read(path, PROC_NET_MAX, &n);
		if (text != NULL) {
			read_table(&found, text, own.p);
			free(text);
		}
	}
	if (found.n > 0) {
		qsort(found.v, found.n, sizeof *found.v, by_text);
	}
	for (size_t i = 0; i < found.n; i++) {
		mp_buf_printf(&out, "%s\n", found.v[i]);
		free(found.v[i]);
	}
	mp_vec_release(&found);
	mp_buf_release(&own);
	char *text = mp_buf_detach(&out);
	mp_buf_release(&out);
	return text;
}

/* ---- commands ---------------------------------------------------------------------------- */

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
