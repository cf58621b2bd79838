/* m4_fixture - a folder with a configuration, a small cf library, and what a hostile .mc is after.
 */
#define _GNU_SOURCE
#include "m4_fixture.h"

#include "folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[FOLDER_PATH];

const char *m4_path(const char *name)
{
	return folder_path(top, name);
}

void m4_put(const char *name, const char *text)
{
	folder_put(top, name, text);
}

unsigned m4_count(const char *name)
{
	DIR *d = opendir(m4_path(name));
	unsigned n = 0;

	assert_non_null(d);
	while (readdir(d) != NULL) {
		n++;
	}
	closedir(d);
	return n - 2;
}

int m4_fixture_make(void **state)
{
	static const char *const folders[] = {
		"conf", "conf/sub", "cf", "cf/m4", "cf/feature", "witness"};

	(void)state;
	folder_make(top);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		assert_int_equal(mkdir(m4_path(folders[i]), 0755), 0);
	}
	m4_put("secret", "divert(0)" M4_SECRET "\n");
	m4_put("conf/local.m4", "define(`LOCAL',`local-text')dnl\n");
	m4_put("conf/sub/more.m4", "define(`MORE',`more-text')dnl\n");
	assert_int_equal(symlink("../secret", m4_path("conf/link.m4")), 0);
	assert_int_equal(symlink("/etc/shadow", m4_path("conf/shadow.m4")), 0);
	assert_int_equal(symlink("/dev/zero", m4_path("conf/zero.m4")), 0);
	assert_int_equal(symlink("/dev/stdin", m4_path("conf/stdin.m4")), 0);
	assert_int_equal(symlink("..", m4_path("conf/up")), 0);
	assert_int_equal(mkfifo(m4_path("conf/fifo.m4"), 0600), 0);
	/* As the real one: comments end, features are files, the .cf is written at the end. */
	m4_put("cf/m4/cf.m4",
		"divert(-1)\nchangecom()\n"
		"define(`FEATURE',`define(`_ARG_',`$2')include(_CF_DIR_`feature/$1.m4')')\n"
		"define(`NAMES',defn(`OLD')`one')\n"
		"m4wrap(`divert(0)dnl\nundivert(1)dnl\nthe .cf\n')\n"
		"divert(0)dnl\n");
	m4_put("cf/m4/version.m4", "divert(-1)\n#\ndivert(0)\n# version\nDZ8.17.1.9`'x\n");
	m4_put("cf/feature/good.m4", "divert(1)good(_ARG_)\ndivert(0)dnl\n");
	m4_put("cf/feature/bad.m4", "errprint(`*** ERROR: bad\n')dnl\n");
	m4_put("cf/feature/far.m4", "include(`/usr/share/sendmail-cf/feature/good.m4')dnl\n");
	return 0;
}

int m4_fixture_remove(void **state)
{
	(void)state;
	folder_remove(top);
	return 0;
}

struct sm_m4_run m4_run(struct mp_arena *arena, const char *mc, struct sm_sandbox_options options)
{
	static const char *const traced[] = {"FEATURE", "LOCAL", NULL};
	const struct sm_library_search search = {.cf_dir = m4_path("cf")};
	const struct sm_m4_given given[] = {
		{"/etc/mail/given.m4",
			mp_slice_str("define(`GIVEN',`given-text')dnl\nFEATURE(`good',`3')\n")},
		{NULL, {NULL, 0}}};
	struct mp_err err = {MP_ERR_NONE, ""};
	struct sm_m4_run run;
	struct sm_m4_job job = {.library = sm_library_find(&search, arena, &err),
		.prelude = "divert(-1)\ndefine(`PRELUDE',`prelude-text')\ndivert(0)dnl\n",
		.mc = mp_slice_str(mc),
		.directory = m4_path("conf"),
		.given = given,
		.traced = traced,
		.sandbox = options};

	assert_non_null(job.library);
	if (sm_m4_run(&job, arena, &run, &err) != 0) {
		fail_msg("m4 could not be run: %s", err.text);
	}
	return run;
}

const struct sm_m4_attempt *m4_attempt(
	const struct sm_m4_run *run, enum sm_m4_attempt_kind kind, const char *macro)
{
	for (size_t i = 0; i < run->attempt_count; i++) {
		if (run->attempts[i].kind == kind && mp_str_eq(run->attempts[i].macro, macro)) {
			return &run->attempts[i];
		}
	}
	return NULL;
}

bool m4_has(const struct sm_m4_run *run, const char *text)
{
	if (mp_slice_find(run->text, text) != MP_NOT_FOUND) {
		return true;
	}
	for (size_t i = 0; i < run->record_count; i++) {
		const struct sm_m4_record *r = &run->records[i];
		if (mp_slice_find(r->text, text) != MP_NOT_FOUND) {
			return true;
		}
		for (size_t k = 0; k < r->arg_count; k++) {
			if (mp_slice_find(r->args[k], text) != MP_NOT_FOUND) {
				return true;
			}
		}
	}
	return false;
}
