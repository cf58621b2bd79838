/*
 * disk - reads regular files and lists folders, and never hangs on anything else.
 *
 * The type is asked before a file is opened, because opening alone may wait (a FIFO) or act (a
 * tape), and again afterwards on what was opened, in case it was replaced between the two.
 */
#include "input/disk.h"

#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_absence(int error)
{
	/* A name longer than the system allows cannot be there. */
	return error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG;
}

enum mp_disk_type mp_disk_type(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		return is_absence(errno) ? MP_DISK_ABSENT : MP_DISK_OTHER;
	}
	if (S_ISREG(st.st_mode)) {
		return MP_DISK_FILE;
	}
	return S_ISDIR(st.st_mode) ? MP_DISK_FOLDER : MP_DISK_OTHER;
}

static enum mp_read refuse(struct mp_err *err, const char *why)
{
	mp_err_set(err, MP_ERR_INPUT, "%s", why);
	return MP_READ_ERROR;
}

/* Whether what stat() says is something to read. */
static enum mp_read check_type(const struct stat *st, struct mp_err *err)
{
	if (S_ISDIR(st->st_mode)) {
		return refuse(err, "is a folder, not a file");
	}
	if (!S_ISREG(st->st_mode)) {
		return refuse(err, "is not a regular file");
	}
	if (st->st_size > MP_LIMIT_FILE) {
		mp_err_set(err, MP_ERR_INPUT,
			"has %lld bytes, more than the limit of %d MiB for one file",
			(long long)st->st_size, MP_LIMIT_FILE / (1024 * 1024));
		return MP_READ_ERROR;
	}
	return MP_READ_OK;
}

/* Reads what is there into the arena, even if the file has another size by now. */
static enum mp_read read_all(
	struct mp_arena *arena, int fd, size_t size, struct mp_slice *text, struct mp_err *err)
{
	char *bytes = mp_arena_alloc(arena, size + 1);
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(fd, bytes + n, size - n);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return refuse(err, strerror(errno));
		}
		if (got == 0) {
			break;
		}
		n += (size_t)got;
	}
	bytes[n] = '\0';
	*text = mp_slice(bytes, n);
	return MP_READ_OK;
}

enum mp_read mp_disk_read(
	struct mp_arena *arena, const char *path, struct mp_slice *text, struct mp_err *err)
{
	struct stat st;

	if (stat(path, &st) != 0) {
		return is_absence(errno) ? MP_READ_ABSENT : refuse(err, strerror(errno));
	}
	if (check_type(&st, err) != MP_READ_OK) {
		return MP_READ_ERROR;
	}
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0) {
		return is_absence(errno) ? MP_READ_ABSENT : refuse(err, strerror(errno));
	}
	enum mp_read result = MP_READ_ERROR;
	if (fstat(fd, &st) != 0) {
		refuse(err, strerror(errno));
	} else if (check_type(&st, err) == MP_READ_OK) {
		result = read_all(arena, fd, (size_t)st.st_size, text, err);
	}
	close(fd);
	return result;
}

static int order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void mp_disk_names_sort(struct mp_disk_names *names)
{
	if (names->v.n > 0) {
		qsort(names->v.v, names->v.n, sizeof names->v.v[0], order);
	}
}

int mp_disk_list(
	struct mp_arena *arena, const char *path, struct mp_disk_names *names, struct mp_err *err)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int result = 0;

	if (dir == NULL) {
		return mp_err_set(err, MP_ERR_INPUT, "%s", strerror(errno));
	}
	errno = 0;
	while (result == 0 && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
			continue;
		}
		if (names->v.n >= MP_LIMIT_FOLDER) {
			result = mp_err_set(
				err, MP_ERR_INPUT, "holds more than %d names", MP_LIMIT_FOLDER);
			break;
		}
		mp_vec_push(&names->v, mp_arena_strdup(arena, entry->d_name));
		errno = 0;
	}
	if (result == 0 && errno != 0) {
		result = mp_err_set(err, MP_ERR_INPUT, "%s", strerror(errno));
	}
	closedir(dir);
	mp_disk_names_sort(names);
	return result;
}
