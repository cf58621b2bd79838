/* pf_fixture - a Postfix configuration from texts, for unit tests: files in a folder of their own.
 */
#ifndef PF_FIXTURE_H
#define PF_FIXTURE_H

#include "folder.h"
#include "postfix/config/settings.h"

struct pf_fixture {
	char folder[FOLDER_PATH];
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_input *input;
	struct pf_config *config;
	struct pf_environment environment; /* 3.7.11, mail.example.org, Debian, addresses unknown */
};

/* master_cf NULL: no such file. Fails the test when the configuration cannot be loaded. */
void pf_fixture_open(struct pf_fixture *f, const char *main_cf, const char *master_cf);
/* Adds a file before or after opening; name is relative to the folder. */
void pf_fixture_file(struct pf_fixture *f, const char *name, const char *text);
/* Makes the folder; pf_fixture_open() does it by itself where it was not called before. */
void pf_fixture_folder(struct pf_fixture *f);
void pf_fixture_close(struct pf_fixture *f);

/* The settings of the first service whose name is given (NULL: main.cf alone). */
struct pf_settings *pf_fixture_settings(
	struct pf_fixture *f, const char *service, enum pf_program program);
/* Whether a finding of that rule is there, at that line of its file (0: any). */
bool pf_fixture_finding(const struct pf_fixture *f, const char *rule, unsigned line);

#endif
