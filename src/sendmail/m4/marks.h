/* marks - m4's lines "#line N "FILE"" taken out of its output. */
#ifndef MP_SENDMAIL_M4_MARKS_H
#define MP_SENDMAIL_M4_MARKS_H

#include "sendmail/m4/reader.h"

/* Fills the run's text and marks from two outputs for the same input: `marked` by m4 -s, `plain`
 * without, which is the text. What both have is text, even if it looks like such a line; what they
 * do not agree upon has no marks. The slices are borrowed. */
void sm_m4_set_marks(struct mp_slice marked, struct mp_slice plain,
	const struct sm_m4_reader *reader, struct sm_m4_run *run);

#endif
