/*
 * git - the files of a folder as git has them in a version.
 *
 * The folder is listed once (git ls-tree); a file is read by its object's name (git cat-file), so
 * that nothing in a file name is ever taken for syntax.
 */
#include "input/git.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/number.h"
#include "input/path.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MODE_TYPE = 0170000, MODE_FOLDER = 0040000, MODE_LINK = 0120000, MODE_FILE = 0100000 };

enum { ARGUMENTS = 24, LINK_DEPTH = 16 };

/* In the child: runs git with its output in out, its messages in errors, nothing to read. */
static _Noreturn void exec_git(const char *const *argv, int out, int errors)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(errors, 2) < 0 ||
		setenv("GIT_NO_LAZY_FETCH", "1", 1) != 0 ||
		setenv("GIT_TERMINAL_PROMPT", "0", 1) != 0 ||
		setenv("GIT_OPTIONAL_LOCKS", "0", 1) != 0 || setenv("LC_ALL", "C", 1) != 0) {
		_exit(126);
	}
	/* execvp() takes the vector without const for historical reasons and does not change it. */
	execvp("git", (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Reads a pipe once; false at its end. */
static bool drain(int fd, struct mp_buf *into)
{
	char bytes[16 * 1024];
	ssize_t n = read(fd, bytes, sizeof bytes);

	if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
		return true;
	}
	if (n <= 0) {
		return false;
	}
	mp_buf_put(into, mp_slice(bytes, (size_t)n));
	return true;
}

/* Collects both pipes until they end, the time is up or the output is too large. */
static int collect(const int fds[2], struct mp_buf *out, struct mp_buf *errors, struct mp_err *err)
{
	struct pollfd p[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
	long long deadline = (long long)mp_clock_ms() + MP_LIMIT_GIT_SECONDS * 1000LL;

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		long long left = deadline - (long long)mp_clock_ms();
		if (left <= 0) {
			return mp_err_set(err, MP_ERR_SYSTEM, "git did not answer in %d seconds",
				MP_LIMIT_GIT_SECONDS);
		}
		if (poll(p, 2, (int)left) < 0 && errno != EINTR) {
			return mp_err_set(err, MP_ERR_SYSTEM, "poll: %s", strerror(errno));
		}
		if (p[0].fd >= 0 && p[0].revents != 0 && !drain(p[0].fd, out)) {
			p[0].fd = -1;
		}
		if (p[1].fd >= 0 && p[1].revents != 0 && !drain(p[1].fd, errors)) {
			p[1].fd = -1;
		}
		if (out->overflow) {
			return mp_err_set(err, MP_ERR_INPUT, "git's answer is larger than %d MiB",
				(int)(out->max / (1024 * 1024)));
		}
	}
	return 0;
}

/* The child's exit status; -1 and err when it did not end by itself. */
static int reap(pid_t pid, struct mp_err *err)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR) {
			return mp_err_set(err, MP_ERR_SYSTEM, "waitpid: %s", strerror(errno));
		}
	}
	if (!WIFEXITED(status)) {
		return mp_err_set(err, MP_ERR_SYSTEM, "git was ended by a signal");
	}
	if (WEXITSTATUS(status) == 127) {
		return mp_err_set(err, MP_ERR_SYSTEM, "git is not installed");
	}
	return WEXITSTATUS(status);
}

/* Runs git with these arguments (ended by NULL). Returns its exit status, its output in out, its
 * messages in errors; -1 and err when it could not be run to its end. */
static int run_git(
	const char *const *arguments, struct mp_buf *out, struct mp_buf *errors, struct mp_err *err)
{
	const char *argv[ARGUMENTS] = {"git", "--no-pager", "--no-replace-objects",
		"--literal-pathspecs", "-c", "protocol.allow=never", "-c", "core.fsmonitor=false",
		"-c", "core.hooksPath=/dev/null"};
	size_t n = 10;
	int to[2];
	int messages[2];

	while (*arguments != NULL && n < ARGUMENTS - 1) {
		argv[n++] = *arguments++;
	}
	argv[n] = NULL;
	if (pipe(to) != 0) {
		return mp_err_set(err, MP_ERR_SYSTEM, "pipe: %s", strerror(errno));
	}
	if (pipe(messages) != 0) {
		close(to[0]);
		close(to[1]);
		return mp_err_set(err, MP_ERR_SYSTEM, "pipe: %s", strerror(errno));
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(to[0]);
		close(messages[0]);
		exec_git(argv, to[1], messages[1]);
	}
	close(to[1]);
	close(messages[1]);
	int result = -1;
	if (pid < 0) {
		mp_err_set(err, MP_ERR_SYSTEM, "fork: %s", strerror(errno));
	} else {
		int fds[2] = {to[0], messages[0]};
		result = collect(fds, out, errors, err);
		if (result != 0) {
			kill(pid, SIGKILL);
		}
		int status = reap(pid, result == 0 ? err : NULL);
		result = result == 0 ? status : result;
	}
	close(to[0]);
	close(messages[0]);
	return result;
}

/* The first line of a text. */
static const char *first_line(struct mp_arena *arena, const struct mp_buf *b)
{
	struct mp_slice s = mp_buf_slice(b);

	return mp_arena_slicedup(arena, mp_slice_trim(mp_slice_sub(s, 0, mp_slice_chr(s, '\n'))));
}

/* Runs git for one line of output. */
static const char *ask_git(struct mp_arena *arena, const char *const *arguments, struct mp_err *err)
{
	struct mp_buf out;
	struct mp_buf errors;
	const char *answer = NULL;

	mp_buf_init(&out, 64 * 1024);
	mp_buf_init(&errors, 64 * 1024);
	int status = run_git(arguments, &out, &errors, err);
	if (status == 0) {
		answer = first_line(arena, &out);
	} else if (status > 0) {
		mp_err_set(err, MP_ERR_INPUT, "git: %s", first_line(arena, &errors));
	}
	mp_buf_release(&out);
	mp_buf_release(&errors);
	return answer;
}

/* The object that a name like "HEAD~1:postfix" stands for, and what it is ("tree", "blob"). */
static const char *find_object(
	struct mp_arena *arena, const char *name, const char **type, struct mp_err *err)
{
	const char *const parse[] = {"rev-parse", "--verify", "--end-of-options", name, NULL};
	const char *oid = ask_git(arena, parse, err);

	if (oid == NULL) {
		return NULL;
	}
	const char *const kind[] = {"cat-file", "-t", oid, NULL};
	*type = ask_git(arena, kind, err);
	return *type != NULL ? oid : NULL;
}

/* One record of ls-tree -l: "MODE TYPE OID SIZE\tNAME". */
static int add_entry(struct mp_git *git, struct mp_slice record, struct mp_err *err)
{
	char mode[16];
	char type[16];
	char oid[80];
	char size[24];
	size_t tab = mp_slice_chr(record, '\t');
	char *head = mp_arena_slicedup(git->arena, mp_slice_sub(record, 0, tab));
	unsigned long bytes = 0;

	if (tab == MP_NOT_FOUND ||
		sscanf(head, "%15s %15s %79s %23s", mode, type, oid, size) != 4) {
		return mp_err_set(err, MP_ERR_SYSTEM, "git ls-tree printed an unknown format");
	}
	if (git->entries.n >= MP_LIMIT_FOLDER) {
		return mp_err_set(err, MP_ERR_INPUT, "holds more than %d names", MP_LIMIT_FOLDER);
	}
	struct mp_git_entry *e = MP_ARENA_NEW(git->arena, struct mp_git_entry);
	e->name = mp_arena_slicedup(git->arena, mp_slice_from(record, tab + 1));
	e->oid = mp_arena_strdup(git->arena, oid);
	e->mode = (unsigned)strtoul(mode, NULL, 8);
	mp_parse_uint(mp_slice_str(size), 0, (unsigned long)-1 / 2, &bytes);
	e->size = (long long)bytes;
	mp_map_put(&git->entries, mp_slice_str(e->name), e);
	return 0;
}

static int list_tree(struct mp_git *git, const char *oid, struct mp_err *err)
{
	const char *const arguments[] = {
		"ls-tree", "-r", "-t", "-l", "-z", "--full-tree", oid, NULL};
	struct mp_buf out;
	struct mp_buf errors;

	mp_buf_init(&out, MP_LIMIT_GIT_LIST);
	mp_buf_init(&errors, 64 * 1024);
	int result = run_git(arguments, &out, &errors, err);
	if (result > 0) {
		result = mp_err_set(err, MP_ERR_INPUT, "git: %s", first_line(git->arena, &errors));
	}
	struct mp_slice rest = mp_buf_slice(&out);
	while (result == 0 && rest.n > 0) {
		size_t end = mp_slice_chr(rest, '\0');
		result = add_entry(git, mp_slice_sub(rest, 0, end), err);
		rest = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(rest, end + 1);
	}
	mp_buf_release(&out);
	mp_buf_release(&errors);
	return result;
}

int mp_git_open(struct mp_git *git, struct mp_arena *arena, const char *rev, const char *path,
	const char **file, struct mp_err *err)
{
	const char *type;

	*git = (struct mp_git){.arena = arena};
	*file = NULL;
	if (rev[0] == '\0' || rev[0] == '-') {
		return mp_err_set(err, MP_ERR_INPUT, "\"%s\" names no version in git", rev);
	}
	const char *clean = mp_path_normalise(arena, path);
	/* "./x" is git's way to say x in the working folder instead of x in the top folder. */
	bool here = path[0] == '.' && (path[1] == '/' || path[1] == '\0');
	const char *prefix = here ? "./" : "";
	const char *oid = find_object(
		arena, mp_arena_printf(arena, "%s:%s%s", rev, prefix, clean), &type, err);
	if (oid != NULL && strcmp(type, "blob") == 0) {
		*file = mp_path_base(clean);
		const char *folder = mp_path_folder(arena, clean);
		oid = find_object(
			arena, mp_arena_printf(arena, "%s:%s%s", rev, prefix, folder), &type, err);
	}
	return oid != NULL ? list_tree(git, oid, err) : -1;
}

void mp_git_release(struct mp_git *git)
{
	mp_map_release(&git->entries);
}

bool mp_git_is_folder(const struct mp_git_entry *entry)
{
	return (entry->mode & MODE_TYPE) == MODE_FOLDER;
}

/* Reads an object of at most MP_LIMIT_FILE bytes. */
static enum mp_read read_blob(
	struct mp_git *git, const struct mp_git_entry *e, struct mp_slice *text, struct mp_err *err)
{
	const char *const arguments[] = {"cat-file", "blob", e->oid, NULL};
	struct mp_buf out;
	struct mp_buf errors;

	if (e->size > MP_LIMIT_FILE) {
		mp_err_set(err, MP_ERR_INPUT,
			"has %lld bytes, more than the limit of %d MiB for one file", e->size,
			MP_LIMIT_FILE / (1024 * 1024));
		return MP_READ_ERROR;
	}
	mp_buf_init(&out, MP_LIMIT_FILE);
	mp_buf_init(&errors, 64 * 1024);
	int status = run_git(arguments, &out, &errors, err);
	if (status > 0) {
		mp_err_set(err, MP_ERR_INPUT, "git: %s", first_line(git->arena, &errors));
	} else if (status == 0) {
		*text = mp_slice(mp_arena_memdup(git->arena, out.p, out.n), out.n);
	}
	mp_buf_release(&out);
	mp_buf_release(&errors);
	return status == 0 ? MP_READ_OK : MP_READ_ERROR;
}

const struct mp_git_entry *mp_git_find(struct mp_git *git, const char *name)
{
	for (unsigned depth = 0; depth < LINK_DEPTH; depth++) {
		const struct mp_git_entry *e = mp_map_get_str(&git->entries, name);
		struct mp_slice target;
		if (e == NULL || (e->mode & MODE_TYPE) != MODE_LINK) {
			return e;
		}
		if (read_blob(git, e, &target, NULL) != MP_READ_OK) {
			return NULL;
		}
		name = mp_path_join(git->arena, mp_path_folder(git->arena, name), target.p);
		if (mp_path_below(name, "") == NULL) {
			return NULL;
		}
	}
	return NULL;
}

enum mp_read mp_git_read(
	struct mp_git *git, const char *name, struct mp_slice *text, struct mp_err *err)
{
	const struct mp_git_entry *e = mp_git_find(git, name);

	if (e == NULL) {
		return MP_READ_ABSENT;
	}
	if ((e->mode & MODE_TYPE) != MODE_FILE) {
		mp_err_set(err, MP_ERR_INPUT,
			mp_git_is_folder(e) ? "is a folder, not a file" : "is a submodule");
		return MP_READ_ERROR;
	}
	return read_blob(git, e, text, err);
}

void mp_git_list(struct mp_git *git, struct mp_disk_names *names)
{
	for (size_t i = 0; i < git->entries.n; i++) {
		const struct mp_git_entry *e = git->entries.entries[i].value;
		if (strchr(e->name, '/') == NULL) {
			mp_vec_push(&names->v, e->name);
		}
	}
	mp_disk_names_sort(names);
}
