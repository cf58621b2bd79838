/* pf_fixture - a Postfix configuration from texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pf_fixture.h"

#include <string.h>

void pf_fixture_folder(struct pf_fixture *f)
{
	memset(f, 0, sizeof *f);
	folder_make(f->folder);
}

void pf_fixture_file(struct pf_fixture *f, const char *name, const char *text)
{
	folder_put(f->folder, name, text);
}

void pf_fixture_open(struct pf_fixture *f, const char *main_cf, const char *master_cf)
{
	struct mp_err err = {0};
	struct mp_input_options options = {.type = "postfix", .isolated = true};

	if (f->folder[0] == '\0') {
		pf_fixture_folder(f);
	}
	pf_fixture_file(f, "main.cf", main_cf);
	if (master_cf != NULL) {
		pf_fixture_file(f, "master.cf", master_cf);
	}
	f->input = mp_input_open(f->folder, &options, &err);
	if (f->input == NULL) {
		fail_msg("%s", err.text);
	}
	mp_input_set_complete(f->input, true);
	mp_findings_init(&f->findings, &f->arena);
	f->config = pf_config_load(&f->arena, f->input, &f->findings, &err);
	if (f->config == NULL) {
		fail_msg("%s", err.text);
	}
	f->environment = (struct pf_environment){
		.version = 30711, .hostname = "mail.example.org", .debian = true};
}

void pf_fixture_close(struct pf_fixture *f)
{
	if (f->config != NULL) {
		pf_config_release(f->config);
	}
	mp_findings_release(&f->findings);
	mp_input_free(f->input);
	mp_arena_release(&f->arena);
	folder_remove(f->folder);
	f->folder[0] = '\0';
}

struct pf_settings *pf_fixture_settings(
	struct pf_fixture *f, const char *service, enum pf_program program)
{
	const struct pf_service *found = NULL;

	for (size_t i = 0; service != NULL && i < f->config->master.services.n; i++) {
		if (strcmp(f->config->master.services.v[i]->name, service) == 0) {
			found = f->config->master.services.v[i];
			break;
		}
	}
	return pf_settings_new(&f->arena, f->config, found, program, &f->environment);
}

bool pf_fixture_finding(const struct pf_fixture *f, const char *rule, unsigned line)
{
	for (size_t i = 0; i < f->findings.list.n; i++) {
		const struct mp_finding *finding = &f->findings.list.v[i];
		if (strcmp(finding->rule, rule) == 0 &&
			(line == 0 || mp_loc_position(finding->loc).line == line)) {
			return true;
		}
	}
	return false;
}
