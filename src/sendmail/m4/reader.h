/* reader - takes m4's standard error apart (trace.h), and finds in it what the .mc tried. */
#ifndef MP_SENDMAIL_M4_READER_H
#define MP_SENDMAIL_M4_READER_H

#include "sendmail/m4/guard.h"
#include "sendmail/m4/m4.h"

/* A file that m4 read by a path that is not its name: what is given, the prelude. */
struct sm_m4_alias {
	const char *path; /* as m4 tells it */
	const char *name; /* what the records call it */
};

/* A file that sinclude asked for: nothing is said when it cannot be opened. */
struct sm_m4_asked {
	const char *path, *file;
	unsigned line;
};

/* What the messages tell beside the records. */
struct sm_m4_told {
	const struct sm_m4_asked *asked;
	size_t asked_count;
	bool behind_hash; /* a macro of sm_m4_behind_hash was called (marks.h) */
};

struct sm_m4_reader {
	const struct sm_guard *guard;
	struct mp_arena *arena;
	const char *const *traced; /* the calls that the job asked for, ended by NULL; NULL: none */
	const struct sm_m4_alias *aliases; /* ended by one whose path is NULL */
};

/* Fills the run's records and attempts, and library_asked, from the messages, which are borrowed,
 * and `told`, in the arena. */
void sm_m4_read_messages(const struct sm_m4_reader *reader, struct mp_slice messages,
	struct sm_m4_run *run, struct sm_m4_told *told);

/* What a file that m4 names is called in the records. */
const char *sm_m4_name(const struct sm_m4_reader *reader, struct mp_slice file);

/* Appends an attempt, if it is not there yet and there are not MP_LIMIT_M4_ATTEMPTS already; its
 * texts are kept as they are. */
void sm_m4_add_attempt(struct mp_arena *arena, struct sm_m4_run *run, struct sm_m4_attempt attempt);

#endif
