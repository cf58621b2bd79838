/* root - the lab's root: an overlay over this machine's, with the MTA's tree merged in. */
#define _GNU_SOURCE
#include "lab/root.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "lab/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Hidden by the lab's own memory while the root is made; the machine's folder is not touched. */
#define SCRATCH "/tmp"
#define ROOT SCRATCH "/root"

/* The kernel takes mount options up to a page. */
enum { OPTIONS_MAX = 4000 };

struct maker {
	int mta;
	unsigned overlays;
};

static int fail(struct mp_err *err, const char *what)
{
	return mp_err_set(err, MP_ERR_SYSTEM, "%s: %s", what, strerror(errno));
}

/* True when the MTA's tree has this folder. */
static bool mta_has(const struct maker *m, const char *path)
{
	struct stat st;

	return m->mta >= 0 && fstatat(m->mta, path, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISDIR(st.st_mode);
}

/* Lays an overlay on ROOT/path: the MTA's folder path, the MTA's folder alias (where a package
 * still has /lib and the machine has it in /usr/lib), this machine's folder path. */
static int overlay(struct maker *m, const char *path, const char *alias, struct mp_err *err)
{
	char dir[64], target[4096];
	struct mp_buf o;
	int rc = 0;

	mp_buf_init(&o, OPTIONS_MAX);
	mp_buf_puts(&o, "lowerdir=");
	if (mta_has(m, path)) {
		mp_buf_printf(&o, "/proc/self/fd/%d/%s:", m->mta, path);
	}
	if (alias != NULL && mta_has(m, alias)) {
		mp_buf_printf(&o, "/proc/self/fd/%d/%s:", m->mta, alias);
	}
	mp_buf_puts(&o, "/");
	for (const char *p = path; *p != '\0'; p++) {
		if (strchr("\\:,", *p) != NULL) {
			mp_buf_putc(&o, '\\');
		}
		mp_buf_putc(&o, *p);
	}
	m->overlays++;
	static const char *const kinds[] = {"upper", "work"};
	for (int i = 0; rc == 0 && i < 2; i++) {
		snprintf(dir, sizeof dir, SCRATCH "/%s%u", kinds[i], m->overlays);
		mp_buf_printf(&o, ",%sdir=%s", kinds[i], dir);
		rc = mkdir(dir, 0755) < 0 ? fail(err, dir) : 0;
	}
	int n = snprintf(target, sizeof target, ROOT "/%s", path);
	if (rc == 0 && (o.overflow || n < 0 || (size_t)n >= sizeof target)) {
		rc = mp_err_set(err, MP_ERR_SYSTEM, "/%s: path too long", path);
	}
	if (rc == 0 && mount("overlay", target, "overlay", 0, o.p) < 0) {
		rc = fail(err, "overlay");
		mp_err_wrap(err, "/%s", path);
	}
	mp_buf_release(&o);
	return rc;
}

/* The folders of the MTA's tree that are folders here get the MTA's merged in; where the machine
 * has a link instead (lib -> usr/lib), the link's target gets them. */
static int merge_mta(struct maker *m, struct mp_err *err)
{
	static const char *const tops[] = {"bin", "sbin", "lib", "lib64"};
	struct stat st;

	if (m->mta < 0) {
		return 0;
	}
	if (mta_has(m, "usr") && overlay(m, "usr", NULL, err) < 0) {
		return -1;
	}
	if (mta_has(m, "etc") && overlay(m, "etc", NULL, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < sizeof tops / sizeof *tops; i++) {
		char own[16], merged[16];
		snprintf(own, sizeof own, "/%s", tops[i]);
		snprintf(merged, sizeof merged, "usr/%s", tops[i]);
		if (!mta_has(m, tops[i]) || lstat(own, &st) < 0) {
			continue;
		}
		int rc = S_ISLNK(st.st_mode) ? overlay(m, merged, tops[i], err)
					     : overlay(m, tops[i], NULL, err);
		if (rc < 0) {
			return -1;
		}
	}
	return 0;
}

/* Mounts of this machine that the lab replaces or has no use for. */
static bool is_foreign(const char *dir, const char *type)
{
	static const char *const dirs[] = {"/proc", "/sys", "/dev", "/run", "/tmp", "/home",
		"/var/spool", "/var/mail", "/boot", "/var/lib/docker", "/snap", "/mnt", "/media"};
	static const char *const types[] = {"proc", "sysfs", "tmpfs", "devtmpfs", "devpts",
		"mqueue", "cgroup", "cgroup2", "autofs", "fuse.portal", "nsfs", "securityfs",
		"debugfs"};

	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		size_t n = strlen(dirs[i]);
		if (strncmp(dir, dirs[i], n) == 0 && (dir[n] == '/' || dir[n] == '\0')) {
			return true;
		}
	}
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(type, types[i]) == 0) {
			return true;
		}
	}
	return strcmp(dir, "/") == 0 || strcmp(dir, "/usr") == 0 || strcmp(dir, "/etc") == 0;
}

/* The next field of a line of mounts(5), on the heap. */
static char *field(struct mp_slice *line)
{
	size_t blank = mp_slice_chr(*line, ' ');
	struct mp_slice f = mp_slice_sub(*line, 0, blank);

	*line = mp_slice_from(*line, f.n + 1);
	return mp_memdup(f.p, f.n);
}

/* An overlay shows what lies on its own file system only: each file system that is mounted below
 * the root gets one of its own. One that cannot have it is left out. */
static void add_mounts(struct maker *m)
{
	size_t n = 0;
	char *text = lab_file_read("/proc/self/mounts", 1 << 20, &n);
	struct mp_slice rest = mp_slice(text, text != NULL ? n : 0);

	while (rest.n > 0) {
		size_t end = mp_slice_chr(rest, '\n');
		struct mp_slice line = mp_slice_sub(rest, 0, end);
		rest = mp_slice_from(rest, line.n + 1);
		(void)field(&line);
		char *dir = field(&line), *type = field(&line);
		struct stat st;
		struct mp_err ignored;
		if (dir[0] == '/' && !is_foreign(dir, type) && strchr(dir, '\\') == NULL &&
			stat(dir, &st) == 0 && S_ISDIR(st.st_mode)) {
			(void)overlay(m, dir + 1, NULL, &ignored);
		}
		free(dir);
		free(type);
	}
	free(text);
}

static int mount_memory(const char *path, mode_t mode, struct mp_err *err)
{
	char target[4096], options[32];

	snprintf(target, sizeof target, ROOT "%s", path);
	snprintf(options, sizeof options, "mode=%o", (unsigned)mode);
	if (lab_dirs(target, 0755, err) < 0) {
		return -1;
	}
	if (mount("lab", target, "tmpfs", MS_NOSUID, options) < 0) {
		return fail(err, target);
	}
	return 0;
}

static int make_dev(struct mp_err *err)
{
	static const char *const nodes[] = {"null", "zero", "full", "random", "urandom", "tty"};
	static const char *const links[][2] = {{"/proc/self/fd", "fd"},
		{"/proc/self/fd/0", "stdin"}, {"/proc/self/fd/1", "stdout"},
		{"/proc/self/fd/2", "stderr"}};
	char from[64], to[64];

	for (size_t i = 0; i < sizeof nodes / sizeof *nodes; i++) {
		snprintf(from, sizeof from, "/dev/%s", nodes[i]);
		snprintf(to, sizeof to, ROOT "/dev/%s", nodes[i]);
		if (lab_file_puts(to, "", 0666, err) < 0) {
			return -1;
		}
		if (mount(from, to, NULL, MS_BIND, NULL) < 0 && strcmp(nodes[i], "tty") != 0) {
			return fail(err, to);
		}
	}
	for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
		snprintf(to, sizeof to, ROOT "/dev/%s", links[i][1]);
		if (symlink(links[i][0], to) < 0) {
			return fail(err, to);
		}
	}
	return lab_dir_owned(ROOT "/dev/shm", 0, 0, 01777, err);
}

static int mount_own(const char *private, struct mp_err *err)
{
	static const struct {
		const char *path;
		mode_t mode;
	} own[] = {{"/dev", 0755}, {"/run", 0755}, {"/tmp", 01777}, {"/home", 0755},
		{"/var/spool", 0755}, {"/var/mail", 01777}};

	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		if (mount_memory(own[i].path, own[i].mode, err) < 0) {
			return -1;
		}
	}
	if (mount_memory(private, 0755, err) < 0 || lab_dirs(ROOT "/proc", 0755, err) < 0 ||
		lab_dir_owned(ROOT "/run/lock", 0, 0, 01777, err) < 0) {
		return -1;
	}
	if (mount("proc", ROOT "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) {
		return fail(err, "/proc");
	}
	return make_dev(err);
}

static int enter(struct mp_err *err)
{
	if (chdir(ROOT) < 0) {
		return fail(err, ROOT);
	}
	/* The old root is stacked on the new one and then let go (pivot_root(2), NOTES). */
	if (syscall(SYS_pivot_root, ".", ".") == 0) {
		if (umount2(".", MNT_DETACH) < 0) {
			return fail(err, "umount");
		}
	} else if (mount(".", "/", NULL, MS_MOVE, NULL) < 0 || chroot(".") < 0) {
		return fail(err, "pivot_root");
	}
	return chdir("/") < 0 ? fail(err, "/") : 0;
}

int lab_root_enter(int mta, const char *private, struct mp_err *err)
{
	struct maker m = {.mta = mta};

	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
		return fail(err, "private mounts");
	}
	if (mount("lab", SCRATCH, "tmpfs", MS_NOSUID, "mode=755") < 0) {
		return fail(err, SCRATCH);
	}
	if (mkdir(ROOT, 0755) < 0) {
		return fail(err, ROOT);
	}
	if (overlay(&m, "", NULL, err) < 0 || merge_mta(&m, err) < 0) {
		return -1;
	}
	add_mounts(&m);
	return mount_own(private, err) < 0 ? -1 : enter(err);
}
