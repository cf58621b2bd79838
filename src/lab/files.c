/* files - small file work inside the lab's root. */
#define _GNU_SOURCE
#include "lab/files.h"

#include "base/alloc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int fail(struct mp_err *err, const char *path)
{
	return mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", path, strerror(errno));
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, p, n);
		if (done < 0) {
			if (errno == EINTR) {
				continue;
			}
			return -1;
		}
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

void lab_file_set(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		/* A kernel that has not got the setting does without. */
		(void)write_all(fd, text, strlen(text));
		close(fd);
	}
}

int lab_dirs(const char *path, mode_t mode, struct mp_err *err)
{
	char *copy = mp_strdup(path);
	int rc = 0;

	for (char *p = copy + 1; rc == 0; p++) {
		if (*p != '/' && *p != '\0') {
			continue;
		}
		char kept = *p;
		*p = '\0';
		if (mkdir(copy, mode) < 0 && errno != EEXIST) {
			rc = fail(err, copy);
		}
		if (kept == '\0') {
			break;
		}
		*p = kept;
	}
	free(copy);
	return rc;
}

int lab_dirs_above(const char *path, struct mp_err *err)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path) {
		return 0;
	}
	char *above = mp_memdup(path, (size_t)(slash - path));
	int rc = lab_dirs(above, 0755, err);
	free(above);
	return rc;
}

int lab_dir_owned(const char *path, uid_t uid, gid_t gid, mode_t mode, struct mp_err *err)
{
	if (lab_dirs(path, 0755, err) < 0) {
		return -1;
	}
	return chown(path, uid, gid) < 0 || chmod(path, mode) < 0 ? fail(err, path) : 0;
}

/* Gives a file the time of its original (0: some time ago), but none of the last seconds: Postfix
 * reads a file again and again until it is sure that nobody is writing to it. */
static void set_time(int fd, time_t modified)
{
	time_t latest = time(NULL) - 10;
	struct timespec t = {.tv_sec = modified == 0 || modified > latest ? latest : modified};
	const struct timespec both[2] = {t, t};

	/* Slower, not wrong, without. */
	(void)futimens(fd, both);
}

int lab_file_put(const char *path, struct mp_slice text, mode_t mode, struct mp_err *err)
{
	if (lab_dirs_above(path, err) < 0) {
		return -1;
	}
	/* Not through a link: what lies there is replaced. */
	if (unlink(path) < 0 && errno != ENOENT) {
		return fail(err, path);
	}
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0) {
		return fail(err, path);
	}
	int rc = write_all(fd, text.p, text.n) < 0 || fchmod(fd, mode) < 0 ? fail(err, path) : 0;
	set_time(fd, 0);
	close(fd);
	return rc;
}

int lab_file_puts(const char *path, const char *text, mode_t mode, struct mp_err *err)
{
	return lab_file_put(path, mp_slice_str(text), mode, err);
}

/* Copies what is left of one descriptor to another. */
static int pour(int from, int to)
{
	char block[65536];

	for (;;) {
		ssize_t n = read(from, block, sizeof block);
		if (n == 0) {
			return 0;
		}
		if (n < 0 || write_all(to, block, (size_t)n) < 0) {
			return -1;
		}
	}
}

static int copy_at(
	int dir, const char *name, const char *to, const struct stat *st, struct mp_err *err)
{
	int from = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (from < 0) {
		return fail(err, name);
	}
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc = fd < 0 || pour(from, fd) < 0 || fchmod(fd, st->st_mode & 07777) < 0 ? fail(err, to)
										     : 0;
	if (fd >= 0) {
		set_time(fd, st->st_mtime);
		close(fd);
	}
	close(from);
	return rc;
}

int lab_file_copy(const char *from, const char *to, struct mp_err *err)
{
	struct stat st;

	if (stat(from, &st) < 0 || !S_ISREG(st.st_mode)) {
		return 0;
	}
	return lab_dirs_above(to, err) < 0 ? -1 : copy_at(AT_FDCWD, from, to, &st, err);
}

static int copy_folder(int from, const char *to, unsigned depth, size_t *left, struct mp_err *err);

static int copy_link(int dir, const char *name, const char *to, struct mp_err *err)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(dir, name, target, sizeof target - 1);

	if (n < 0) {
		return fail(err, name);
	}
	target[n] = '\0';
	return symlink(target, to) < 0 ? fail(err, to) : 0;
}

static int copy_entry(
	int dir, const char *name, const char *to, unsigned depth, size_t *left, struct mp_err *err)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		return fail(err, name);
	}
	if (*left == 0) {
		return mp_err_set(err, MP_ERR_INPUT, "more than %d files in the configuration",
			LAB_COPY_FILES);
	}
	--*left;
	if (S_ISLNK(st.st_mode)) {
		return copy_link(dir, name, to, err);
	}
	if (S_ISREG(st.st_mode)) {
		return copy_at(dir, name, to, &st, err);
	}
	if (!S_ISDIR(st.st_mode)) {
		return 0;
	}
	int sub = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (sub < 0) {
		return fail(err, name);
	}
	return copy_folder(sub, to, depth + 1, left, err);
}

/* Takes the descriptor over. */
static int copy_folder(int from, const char *to, unsigned depth, size_t *left, struct mp_err *err)
{
	DIR *dir = fdopendir(from);
	int rc = 0;

	if (dir == NULL) {
		close(from);
		return fail(err, to);
	}
	if (depth > LAB_COPY_DEPTH) {
		rc = mp_err_set(err, MP_ERR_INPUT, "%s: folders nest too deep", to);
	}
	if (rc == 0) {
		rc = lab_dirs(to, 0755, err);
	}
	for (const struct dirent *e; rc == 0 && (e = readdir(dir)) != NULL;) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
			strcmp(e->d_name, ".git") == 0) {
			continue;
		}
		size_t n = strlen(to) + strlen(e->d_name) + 2;
		char *path = mp_alloc(n);
		snprintf(path, n, "%s/%s", to, e->d_name);
		rc = copy_entry(dirfd(dir), e->d_name, path, depth, left, err);
		free(path);
	}
	closedir(dir);
	return rc;
}

int lab_tree_copy(int from, const char *to, struct mp_err *err)
{
	size_t left = LAB_COPY_FILES;
	int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? fail(err, to) : copy_folder(fd, to, 0, &left, err);
}

char *lab_file_read(const char *path, size_t max, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || (uintmax_t)st.st_size > max) {
		if (fd >= 0) {
			close(fd);
		}
		return NULL;
	}
	size_t cap = st.st_size > 0 ? (size_t)st.st_size : 65536;
	char *text = mp_alloc(cap + 1);
	ssize_t got = 0;
	*n = 0;
	while (*n < cap && (got = read(fd, text + *n, cap - *n)) > 0) {
		*n += (size_t)got;
	}
	close(fd);
	if (got < 0) {
		free(text);
		return NULL;
	}
	text[*n] = '\0';
	return text;
}

bool lab_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

const char *lab_find_program(const char *const places[])
{
	while (*places != NULL && access(*places, X_OK) < 0) {
		places++;
	}
	return *places;
}
