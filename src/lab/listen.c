/* listen - where the lab's server listens, as the kernel tells it. */
#include "lab/listen.h"

#include "lab/files.h"
#include "lab/lab.h"

#include "base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PROC_NET_MAX = 4 * 1024 * 1024, INODES_MAX = 65536 };

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

static void read_table(struct lab_sockets *out, const char *text, const char *own)
{
	struct mp_slice rest = mp_slice_str(text);

	while (rest.n > 0) {
		size_t end = mp_slice_chr(rest, '\n');
		struct mp_slice line = mp_slice_sub(rest, 0, end == MP_NOT_FOUND ? rest.n : end);
		struct mp_slice words[10];
		char inode[64];
		struct lab_socket socket = {0};

		rest = mp_slice_from(rest, line.n + 1);
		for (size_t i = 0; i < 10; i++) {
			words[i] = next_word(&line);
		}
		snprintf(inode, sizeof inode, "socket:[%.*s]\n", MP_SLICE_ARG(words[9]));
		if (!mp_slice_ieq_str(words[3], "0A") || strstr(own, inode) != NULL ||
			!read_endpoint(words[1], &socket.ip, &socket.port)) {
			continue;
		}
		/* "tx_queue:rx_queue": of a listening socket the latter counts connections. */
		size_t colon = mp_slice_chr(words[4], ':');
		if (colon != MP_NOT_FOUND) {
			socket.waiting = (unsigned)strtoul(words[4].p + colon + 1, NULL, 16);
		}
		mp_vec_push(&out->v, socket);
	}
}

void lab_listening(pid_t pid, struct lab_sockets *out)
{
	static const char *const tables[] = {"tcp", "tcp6"};
	struct mp_buf own;
	char path[64];

	mp_buf_init(&own, INODES_MAX);
	own_sockets(pid, &own);
	for (size_t i = 0; i < 2; i++) {
		size_t n = 0;
		snprintf(path, sizeof path, "/proc/%ld/net/%s", (long)pid, tables[i]);
		char *text = lab_file_read(path, PROC_NET_MAX, &n);
		if (text != NULL) {
			read_table(out, text, own.p);
			free(text);
		}
	}
	mp_buf_release(&own);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *mp_lab_listeners(const struct mp_lab *lab)
{
	struct lab_sockets found = {0};
	struct mp_buf out;

	lab_listening(mp_lab_pid(lab), &found);
	char **texts = mp_alloc((found.v.n + 1) * sizeof *texts);
	for (size_t i = 0; i < found.v.n; i++) {
		char address[MP_IP_TEXT], endpoint[MP_IP_TEXT + 16];
		const struct lab_socket *s = &found.v.v[i];
		mp_ip_format(&s->ip, address);
		snprintf(endpoint, sizeof endpoint, s->ip.family == 6 ? "[%s]:%u" : "%s:%u",
			address, s->port);
		texts[i] = mp_strdup(endpoint);
	}
	qsort(texts, found.v.n, sizeof *texts, by_text);
	mp_buf_init(&out, INODES_MAX);
	for (size_t i = 0; i < found.v.n; i++) {
		mp_buf_printf(&out, "%s\n", texts[i]);
		free(texts[i]);
	}
	free(texts);
	mp_vec_release(&found.v);
	char *text = mp_buf_detach(&out);
	mp_buf_release(&out);
	return text;
}
