/* sm_fixture - a sendmail.cf from a text, for unit tests. */
#include "sm_fixture.h"

#include "base/buf.h"
#include "base/limits.h"
#include "world/world_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static const char *first_answer(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)question;
	(void)n;
	return answers[0];
}

void sm_fixture_begin(struct sm_fixture *f)
{
	static struct mp_cidr address = {.ip = {.family = 4, .b = {192, 0, 2, 10}}, .length = 24};

	*f = (struct sm_fixture){0};
	folder_make(f->folder);
	f->facts = mp_facts_new();
	f->facts->hostname = "mail.example.org";
	f->facts->have_addresses = true;
	f->facts->addresses = &address;
	f->facts->address_count = 1;
}

void sm_fixture_file(struct sm_fixture *f, const char *name, const char *text)
{
	folder_put(f->folder, name, text);
}

void sm_fixture_open(struct sm_fixture *f, const char *cf)
{
	static const struct mp_input_options options = {.type = "cf", .isolated = true};
	struct mp_err err = {0};
	const struct mp_source *source;

	if (f->folder[0] == '\0') {
		sm_fixture_begin(f);
	}
	sm_fixture_file(f, "sendmail.cf", cf);
	f->input = mp_input_open(f->folder, &options, &err);
	if (f->input == NULL) {
		fail_msg("%s", err.text);
	}
	mp_input_set_complete(f->input, true);
	assert_int_equal(
		mp_input_read(f->input, mp_input_main(f->input), &source, &err), MP_READ_OK);
	mp_findings_init(&f->findings, &f->arena);
	f->cf = sm_cf_read(&f->arena, f->input, source, f->facts, &f->findings);
	f->world = mp_world_new_interactive(f->facts, first_answer, NULL);
	sm_run_init(&f->run, f->cf, f->world, &f->arena);
}

void sm_fixture_close(struct sm_fixture *f)
{
	sm_run_release(&f->run);
	mp_world_free(f->world);
	sm_cf_free(f->cf);
	mp_input_free(f->input);
	mp_findings_release(&f->findings);
	mp_facts_free(f->facts);
	mp_arena_release(&f->arena);
	folder_remove(f->folder);
}

const char *sm_fixture_run(
	struct sm_fixture *f, const char *ruleset, const char *input, enum sm_status *status)
{
	struct sm_tokens w = {0};
	struct mp_buf b;
	char *text;
	enum sm_status s;

	sm_tokens_scan_bytes(
		&w, mp_slice_str(input), &f->cf->chars, SM_SCAN_RULES, NULL, &f->arena);
	s = sm_run_named(&f->run, ruleset, &w);
	if (status != NULL) {
		*status = s;
	}
	mp_buf_init(&b, MP_LIMIT_VALUE);
	for (size_t i = 0; i < w.n; i++) {
		mp_buf_printf(&b, "%s%s", i > 0 ? " " : "",
			sm_token_show(&w.v[i], f->cf->names, &f->arena));
	}
	text = mp_arena_memdup(&f->arena, b.p, b.n);
	mp_buf_release(&b);
	return text;
}

bool sm_fixture_asked(const struct sm_fixture *f)
{
	return f->world->choices.n > 0;
}

bool sm_fixture_finding(const struct sm_fixture *f, const char *rule, unsigned line)
{
	for (size_t i = 0; i < f->findings.list.n; i++) {
		const struct mp_finding *finding = &f->findings.list.v[i];

		if (mp_str_eq(finding->rule, rule) &&
			(line == 0 || mp_loc_position(finding->loc).line == line)) {
			return true;
		}
	}
	return false;
}
