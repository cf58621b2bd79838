/*
 * git - the files of a folder as git has them in a version.
 *
 * git itself is asked, with an argument vector and never through a shell, to look up and print
 * objects: no filter, hook, pager, replacement or network transfer takes part.
 */
#ifndef MP_INPUT_GIT_H
#define MP_INPUT_GIT_H

#include "base/map.h"
#include "input/disk.h"

struct mp_git_entry {
	const char *name; /* inside the folder, with slashes */
	const char *oid;
	unsigned mode; /* octal as in git: 0100644, 0100755, 0120000 (link), 040000, 0160000 */
	long long size; /* of a blob */
};

struct mp_git {
	struct mp_arena *arena;
	struct mp_map entries; /* name -> struct mp_git_entry */
};

/* Looks REV:PATH up in the repository of the working folder. When PATH is a file, its folder is
 * listed and *file is its name there; otherwise *file is NULL. -1 and err: MP_ERR_INPUT when there
 * is no git, repository, version or path. */
int mp_git_open(struct mp_git *git, struct mp_arena *arena, const char *rev, const char *path,
	const char **file, struct mp_err *err);
void mp_git_release(struct mp_git *git);

/* The entry of a name, symbolic links inside the folder followed; NULL when there is none, or it
 * leads out of the folder. */
const struct mp_git_entry *mp_git_find(struct mp_git *git, const char *name);
bool mp_git_is_folder(const struct mp_git_entry *entry);
/* As mp_disk_read(). */
enum mp_read mp_git_read(
	struct mp_git *git, const char *name, struct mp_slice *text, struct mp_err *err);
/* Names directly in the folder. */
void mp_git_list(struct mp_git *git, struct mp_disk_names *names);

#endif
