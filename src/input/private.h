/* private - the inside of struct mp_input, for the files of this folder only. */
#ifndef MP_INPUT_PRIVATE_H
#define MP_INPUT_PRIVATE_H

#include "base/map.h"
#include "base/vec.h"
#include "input/git.h"
#include "input/input.h"

/* What reading a file gave, kept so that reading again gives the same. */
struct mp_input_entry {
	enum mp_read status; /* MP_READ_OPEN for what is not there, see absence() */
	bool beyond; /* of MP_READ_OPEN: not a part of CONFIG */
	const struct mp_source *source;
	const char *error; /* of MP_READ_ERROR */
};

struct mp_input {
	struct mp_arena arena;
	enum mp_config_kind kind;
	const char *main; /* as mp_input_main() gives it */
	const char *main_file; /* the file that is read for it */
	const char *beside; /* as mp_input_beside() gives it */
	const char *folder; /* of CONFIG: absolute, as the user reached it; "" in git */
	const char *real_folder; /* the same with links resolved */
	const char *directory; /* where CONFIG lives on the server */
	const char *root; /* absolute, or NULL */
	const char *label; /* "HEAD~1:postfix" in git */
	bool isolated;
	bool in_git;
	bool at_home; /* CONFIG is what the server itself uses */
	int complete; /* as set, or -1 */
	struct mp_git git;
	MP_VEC(struct mp_overlay) overlays; /* names normalised */
	MP_VEC(const char *) notes;
	MP_VEC(const struct mp_source *) sources;
	struct mp_map by_path; /* the configuration's word -> struct mp_input_entry */
	struct mp_map by_place; /* where it was read -> struct mp_input_entry */
};

/* Where a file that the configuration names is. */
struct mp_place {
	enum { MP_PLACE_NOWHERE, MP_PLACE_DISK, MP_PLACE_GIT } where;
	const char *path; /* on disk, or inside the folder in git */
	const char *shown; /* for the user */
	bool outside;
	bool beyond; /* NOWHERE: not a part of CONFIG */
};

/* Finds a file as design 3 says; the path is absolute or relative to CONFIG. */
struct mp_place mp_input_find(struct mp_input *in, const char *path);
/* The name inside CONFIG that a path of the configuration means, or NULL. */
const char *mp_input_inside(struct mp_input *in, const char *path);
/* Recognises what is in CONFIG and sets kind, main and main_file. given: the file's name when
 * CONFIG is a file, else NULL. -1 and err. */
int mp_input_recognise(struct mp_input *in, const struct mp_input_options *options,
	const char *given, struct mp_err *err);
void mp_input_note(struct mp_input *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
