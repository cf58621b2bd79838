/* marks - m4's lines "#line N "FILE"" taken out of its output. */
#ifndef MP_SENDMAIL_M4_MARKS_H
#define MP_SENDMAIL_M4_MARKS_H

#include "sendmail/m4/reader.h"

/*
 * Whether a text of the configuration's own can make m4 write what looks like a mark: whether it
 * has a
 * "#" that may meet a word (not the one of "# comment", of "###" and the like), or builtins that
 * put letters together. Macros that the library writes right behind a "#" are sm_m4_behind_hash;
 * one that is called can do it, too.
 */
bool sm_m4_may_forge(struct mp_slice text);
extern const char *const sm_m4_behind_hash[];

/* Fills the run's text and marks from what m4 -s wrote, every mark taken out. */
void sm_m4_take_marks(
	struct mp_slice marked, const struct sm_m4_reader *reader, struct sm_m4_run *run);

/* The same with what m4 wrote for the same input without -s, which is the text: what both have is
 * text, even if it looks like a mark; what they do not agree upon has no marks. Borrowed. */
void sm_m4_compare_marks(struct mp_slice marked, struct mp_slice plain,
	const struct sm_m4_reader *reader, struct sm_m4_run *run);

#endif
