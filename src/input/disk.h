/*
 * disk - reads regular files and lists folders, and never hangs on anything else.
 *
 * A FIFO, a device or a socket in the place of a file is an error, and so is what is larger than
 * MP_LIMIT_FILE.
 */
#ifndef MP_INPUT_DISK_H
#define MP_INPUT_DISK_H

#include "base/vec.h"
#include "input/input.h"

/* Reads the whole file into the arena, with a NUL behind it. MP_READ_ABSENT, or MP_READ_ERROR and
 * err (which does not name the file). */
enum mp_read mp_disk_read(
	struct mp_arena *arena, const char *path, struct mp_slice *text, struct mp_err *err);

enum mp_disk_type { MP_DISK_ABSENT, MP_DISK_FILE, MP_DISK_FOLDER, MP_DISK_OTHER };

/* What stands at path, links followed; what cannot be reached counts as MP_DISK_OTHER. */
enum mp_disk_type mp_disk_type(const char *path);

struct mp_disk_names {
	MP_VEC(const char *) v;
};

/* Pushes the names in a folder, in order, without "." and "..". -1 and err (which does not name the
 * folder) when it cannot be read or holds more than MP_LIMIT_FOLDER names. */
int mp_disk_list(
	struct mp_arena *arena, const char *path, struct mp_disk_names *names, struct mp_err *err);
void mp_disk_names_sort(struct mp_disk_names *names);

#endif
