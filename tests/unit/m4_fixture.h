/* m4_fixture - a folder with a configuration, a small cf library, and what a hostile .mc is after.
 */
#ifndef M4_FIXTURE_H
#define M4_FIXTURE_H

#include "sendmail/m4/m4.h"

#include <stdbool.h>

/* Beside each other in a new folder below P_tmpdir: conf (the configuration's folder), cf (the
 * library), witness (where nothing may appear), secret (a file with M4_SECRET). */
#define M4_SECRET "the-secret-text"

/* Makes it all, and removes it: the set-up and the end of a group of tests. */
int m4_fixture_make(void **state);
int m4_fixture_remove(void **state);
/* The path of a name in the folder; the last 64 stay valid. */
const char *m4_path(const char *name);
/* Writes a file there. */
void m4_put(const char *name, const char *text);
/* Names in a folder of it. */
unsigned m4_count(const char *name);

/* Runs m4 on a text with the library, in the folder; fails the test when it cannot be run. */
struct sm_m4_run m4_run(struct mp_arena *arena, const char *mc, struct sm_sandbox_options options);
/* The attempt of this kind, or NULL. */
const struct sm_m4_attempt *m4_attempt(
	const struct sm_m4_run *run, enum sm_m4_attempt_kind kind, const char *macro);
/* Whether standard output, or anything that was said, has this text. */
bool m4_has(const struct sm_m4_run *run, const char *text);

#endif
