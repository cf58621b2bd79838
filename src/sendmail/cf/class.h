/*
 * class - sets of words: $=w, $=R, $={TrustAuthMech}.
 *
 * A class may be open: a file that it is read from lies on a server that is not at hand, or its
 * words come from a program or a directory service. Whether it holds a word is then a question.
 */
#ifndef SM_CF_CLASS_H
#define SM_CF_CLASS_H

#include "base/map.h"
#include "base/vec.h"
#include "diag/finding.h"
#include "input/input.h"
#include "world/world.h"

struct sm_class_word {
	const char *word; /* as written */
	struct mp_loc loc;
};

/* Where further words come from that are not at hand. */
struct sm_class_source {
	const char *what; /* "file:/etc/mail/relay-domains" */
	const char *path; /* of a file; NULL: no file */
	bool optional; /* without the file the server starts all the same */
	struct mp_loc loc;
};

struct sm_class {
	MP_VEC(struct sm_class_word) words; /* in order of appearance, each once */
	struct mp_map index; /* folded word -> number in words, plus 1 */
	MP_VEC(struct sm_class_source) open;
	size_t longest; /* bytes of its longest word */
};

/* Adds a word (kept in the arena); one that is there already stays where it is. */
void sm_class_add(
	struct sm_class *c, struct mp_slice word, struct mp_loc loc, struct mp_arena *arena);
/* Takes the next word off the front of a text, split at blanks; false behind the last. */
bool sm_class_next_word(struct mp_slice *text, struct mp_slice *word);
/* Adds the words of a text. */
void sm_class_add_words(
	struct sm_class *c, struct mp_slice words, struct mp_loc loc, struct mp_arena *arena);
/* The word, compared without case, or NULL; does not look at open sources. */
const struct sm_class_word *sm_class_find(const struct sm_class *c, const char *word);
void sm_class_release(struct sm_class *c);

/* What reading a class file came to. */
enum sm_class_read {
	SM_CLASS_READ,
	SM_CLASS_ABSENT, /* there is no such file */
	SM_CLASS_OPEN, /* it is a question; an open source was added */
	SM_CLASS_FAILED /* it cannot be read: err says why */
};

/* Reads the words of a file: of each line that does not begin with "#" what scanf's `format` takes
 * ("%s": the first word), split at blanks. A format that is not understood makes the class open. */
enum sm_class_read sm_class_read(struct sm_class *c, struct mp_input *input, const char *path,
	const char *format, bool optional, struct mp_loc loc, struct mp_arena *arena,
	struct mp_err *err);

#endif
