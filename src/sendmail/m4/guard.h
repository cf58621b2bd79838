/*
 * guard - m4 text that is read before everything else and takes the teeth out of m4.
 *
 * Macros that run commands, write files or change what m4 tells become inert ones whose calls are
 * traced under a name that cannot be guessed; include and sinclude let only the library and the
 * configuration's folder through; defn hands none of these out; errprint marks where its text
 * begins and ends. What the guard would miss is seen from what m4 tells about the files that it
 * opens, which nothing in m4's language can switch off once the guard stands.
 */
#ifndef MP_SENDMAIL_M4_GUARD_H
#define MP_SENDMAIL_M4_GUARD_H

#include "base/buf.h"
#include "sendmail/m4/m4.h"

enum { SM_GUARD_NONCE = 14 };

struct sm_guard {
	/* What all its names begin with: 72 bits that the .mc cannot know. */
	char nonce[SM_GUARD_NONCE];
};

/* Makes up the nonce. */
void sm_guard_init(struct sm_guard *guard);

/* Writes the guard's text for a job. The given texts lie at the paths of given_at (as many). */
void sm_guard_write(const struct sm_guard *guard, const struct sm_m4_job *job,
	const char *const *given_at, struct mp_buf *out);

/* The macro that the guard names by this number in the trace of NONCEtried; NULL: none. */
const char *sm_guard_inert(unsigned number);

/* The names that must be traced (option -t), ended by NULL, in the arena. */
const char *const *sm_guard_traced(const struct sm_guard *guard, struct mp_arena *arena);

#endif
