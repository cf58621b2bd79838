/* path - file names as text: no file is touched here. */
#ifndef MP_INPUT_PATH_H
#define MP_INPUT_PATH_H

#include "base/arena.h"

#include <stdbool.h>

/* Without empty and "." parts, with ".." taken off where a part stands before it; a relative path
 * keeps leading ".."s, and one that names nothing is "". */
const char *mp_path_normalise(struct mp_arena *arena, const char *path);
/* "dir/name", normalised; dir may be "", an absolute name stands for itself. */
const char *mp_path_join(struct mp_arena *arena, const char *dir, const char *name);
/* The path from the working folder made absolute and normalised; NULL when there is no such folder.
 */
const char *mp_path_absolute(struct mp_arena *arena, const char *path);
/* What follows dir in a normalised path: "" when they are equal, NULL when path is not below. Every
 * relative path that does not begin with ".." is below "". */
const char *mp_path_below(const char *path, const char *dir);
/* The part before the last slash: "" for a name alone, "/" for a file in the root. */
const char *mp_path_folder(struct mp_arena *arena, const char *path);
/* The part behind the last slash, inside path. */
const char *mp_path_base(const char *path);

#endif
