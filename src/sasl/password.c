/*
 * password - reading a password without showing it.
 *
 * DESCRIPTION
 *	Input is read with read(2) into memory that is wiped: stdio would leave a copy in its
 *	buffers. A command is run by sh, with its standard output as the only thing taken.
 */
#include "base/alloc.h"
#include "sasl/sasl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PASSWORD_MAX = 1024 };

void mp_password_free(char *password)
{
	if (password != NULL) {
		explicit_bzero(password, strlen(password));
		free(password);
	}
}

/* The first line of the text as the password; wipes the text. */
static char *first_line(char *text, size_t n, const char *what, struct mp_err *err)
{
	size_t end = 0;
	char *password = NULL;

	while (end < n && text[end] != '\n') {
		end++;
	}
	size_t length = end > 0 && text[end - 1] == '\r' ? end - 1 : end;
	if (length == 0) {
		mp_err_set(err, MP_ERR_INPUT, "%s: no password in its first line", what);
	} else if (end == n && n > PASSWORD_MAX) {
		mp_err_set(err, MP_ERR_INPUT, "%s: a password is longer than %d bytes", what,
			PASSWORD_MAX);
	} else if (memchr(text, '\0', length) != NULL) {
		mp_err_set(err, MP_ERR_INPUT, "%s: the password holds a NUL byte", what);
	} else {
		password = mp_memdup(text, length);
	}
	explicit_bzero(text, n);
	return password;
}

/* Up to size bytes; -1 with errno. */
static ssize_t read_all(int fd, char *out, size_t size)
{
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(fd, out + n, size - n);
		if (got < 0 && errno == EINTR) {
			continue;
		}
		if (got < 0) {
			return -1;
		}
		if (got == 0) {
			break;
		}
		n += (size_t)got;
	}
	return (ssize_t)n;
}

static char *from_file(const char *path, struct mp_err *err)
{
	char text[PASSWORD_MAX + 2];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read_all(fd, text, sizeof text);

	if (n < 0) {
		mp_err_set(err, MP_ERR_INPUT, "password file %s: %s", path, strerror(errno));
	}
	if (fd >= 0) {
		close(fd);
	}
	return n < 0 ? NULL : first_line(text, (size_t)n, path, err);
}

static char *from_command(const char *command, struct mp_err *err)
{
	char text[PASSWORD_MAX + 2];
	int ends[2], status = 0;

	if (pipe(ends) != 0) {
		mp_err_set(err, MP_ERR_SYSTEM, "password command: %s", strerror(errno));
		return NULL;
	}
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	int fork_error = errno;
	close(ends[1]);
	ssize_t n = pid < 0 ? -1 : read_all(ends[0], text, sizeof text);
	close(ends[0]);
	if (pid < 0) {
		mp_err_set(err, MP_ERR_SYSTEM, "password command: %s", strerror(fork_error));
		return NULL;
	}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
	}
	if (n < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		explicit_bzero(text, sizeof text);
		mp_err_set(err, MP_ERR_INPUT, "the password command failed: %s", command);
		return NULL;
	}
	return first_line(text, (size_t)n, "the password command", err);
}

char *mp_password_read(const struct mp_password_source *source, struct mp_err *err)
{
	int given =
		(source->file != NULL) + (source->environment != NULL) + (source->command != NULL);

	if (given != 1) {
		mp_err_set(err, MP_ERR_USAGE,
			"a password comes from one of a file, an environment variable, a command");
		return NULL;
	}
	if (source->file != NULL) {
		return from_file(source->file, err);
	}
	if (source->command != NULL) {
		return from_command(source->command, err);
	}
	const char *value = getenv(source->environment);
	if (value == NULL || value[0] == '\0') {
		mp_err_set(err, MP_ERR_USAGE, "the environment variable %s holds no password",
			source->environment);
		return NULL;
	}
	if (strlen(value) > PASSWORD_MAX) {
		mp_err_set(err, MP_ERR_INPUT, "%s: a password is longer than %d bytes",
			source->environment, PASSWORD_MAX);
		return NULL;
	}
	return mp_strdup(value);
}
