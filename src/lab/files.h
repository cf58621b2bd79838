/* files - small file work inside the lab's root. Paths are the server's own. */
#ifndef MP_LAB_FILES_H
#define MP_LAB_FILES_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Writes to a file that exists (a kernel setting); one that does not exist is no error. */
void lab_file_set(const char *path, const char *text);
/* Makes or replaces a file, and the folders above it. */
int lab_file_put(const char *path, struct mp_slice text, mode_t mode, struct mp_err *err);
int lab_file_puts(const char *path, const char *text, mode_t mode, struct mp_err *err);
/* Makes a folder and those above it; one that exists is left as it is. */
int lab_dirs(const char *path, mode_t mode, struct mp_err *err);
/* Makes the folders above a path. */
int lab_dirs_above(const char *path, struct mp_err *err);
/* Makes a folder with this owner and mode, whether it exists or not. */
int lab_dir_owned(const char *path, uid_t uid, gid_t gid, mode_t mode, struct mp_err *err);
/* Copies a file when it exists and is a plain file; one that does not exist is no error. */
int lab_file_copy(const char *from, const char *to, struct mp_err *err);
/* Copies the folder behind the descriptor: plain files, folders and symbolic links, owned by root.
 * At most LAB_COPY_FILES of them, LAB_COPY_DEPTH deep. */
int lab_tree_copy(int from, const char *to, struct mp_err *err);
/* The text of a file, NUL behind it, owned by the caller: free(). NULL when it cannot be read or
 * is longer than max. */
char *lab_file_read(const char *path, size_t max, size_t *n);
bool lab_exists(const char *path);
/* The first of these paths, NULL behind the last, that is a program; NULL where none is. */
const char *lab_find_program(const char *const places[]);

enum { LAB_COPY_FILES = 20000, LAB_COPY_DEPTH = 16 };

#endif
