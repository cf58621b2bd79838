/* sm_fixture - a sendmail.cf from a text, for unit tests: files in a folder of their own. */
#ifndef SM_FIXTURE_H
#define SM_FIXTURE_H

#include "folder.h"
#include "sendmail/rule/run.h"

struct sm_fixture {
	char folder[FOLDER_PATH];
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_facts *facts; /* mail.example.org, 192.0.2.10; may be added to before opening */
	struct mp_input *input;
	struct sm_cf *cf;
	struct mp_world *world; /* gives the first answer to each open question */
	struct sm_run run;
};

/* Makes the folder and the facts. */
void sm_fixture_begin(struct sm_fixture *f);
/* Adds a file; name is relative to the folder. */
void sm_fixture_file(struct sm_fixture *f, const char *name, const char *text);
/* Reads sendmail.cf from the text, and makes a run; begins by itself where that was not done. */
void sm_fixture_open(struct sm_fixture *f, const char *cf);
void sm_fixture_close(struct sm_fixture *f);

/* The workspace that a ruleset makes of an input (taken apart as -bt does), tokens separated by
 * single blanks; *status may be NULL. In the fixture's arena. */
const char *sm_fixture_run(
	struct sm_fixture *f, const char *ruleset, const char *input, enum sm_status *status);
/* Whether a question was asked that no fact answers. */
bool sm_fixture_asked(const struct sm_fixture *f);
/* Whether a finding of that rule is there, at that line (0: any). */
bool sm_fixture_finding(const struct sm_fixture *f, const char *rule, unsigned line);

#endif
