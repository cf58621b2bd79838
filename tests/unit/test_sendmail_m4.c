/* The library's places, a run of m4 and what it tells; harmless files only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "m4_fixture.h"
#include "sendmail/m4/marks.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct sm_sandbox_options usual;

static void finds_the_library(void **state)
{
	struct mp_arena arena = {0};
	struct mp_err err = {MP_ERR_NONE, ""};
	const struct sm_library *l =
		sm_library_find(&(struct sm_library_search){.cf_dir = m4_path("cf")}, &arena, &err);

	(void)state;
	assert_non_null(l);
	assert_string_equal(l->directory, mp_arena_printf(&arena, "%s/", m4_path("cf")));
	assert_string_equal(l->cf_m4, m4_path("cf/m4/cf.m4"));
	assert_string_equal(l->version, "8.17.1.9");
	/* A source tree: beside the configuration's folder. */
	l = sm_library_find(&(struct sm_library_search){.folder = m4_path("conf")}, &arena, &err);
	assert_non_null(l);
	assert_string_equal(l->cf_m4, m4_path("cf/m4/cf.m4"));
	/* Above it, as cf/cf is. */
	l = sm_library_find(
		&(struct sm_library_search){.folder = m4_path("cf/feature")}, &arena, &err);
	assert_non_null(l);
	assert_string_equal(l->cf_m4, m4_path("cf/m4/cf.m4"));
	mp_arena_release(&arena);
}

static void finds_it_below_a_root(void **state)
{
	static const char *const places[] = {"/usr/share/sendmail/cf", "/usr/share/sendmail-cf",
		"/usr/lib/sendmail-cf", "/usr/local/share/sendmail/cf"};
	struct mp_arena arena = {0};
	struct mp_err err = {MP_ERR_NONE, ""};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char command[1024];
		const char *root = m4_path("root");
		snprintf(command, sizeof command, "rm -rf %s && mkdir -p %s%s && cp -r %s/. %s%s",
			root, root, places[i], m4_path("cf"), root, places[i]);
		assert_int_equal(system(command), 0);
		const struct sm_library *l =
			sm_library_find(&(struct sm_library_search){.root = root}, &arena, &err);
		assert_non_null(l);
		assert_string_equal(
			l->directory, mp_arena_printf(&arena, "%s%s/", root, places[i]));
	}
	mp_arena_release(&arena);
}

static void says_what_to_install(void **state)
{
	struct mp_arena arena = {0};
	struct mp_err err = {MP_ERR_NONE, ""};
	char path[4096];

	(void)state;
	assert_null(sm_library_find(
		&(struct sm_library_search){.cf_dir = m4_path("conf")}, &arena, &err));
	assert_int_equal(err.code, MP_ERR_INPUT);
	assert_non_null(strstr(err.text, "--cf-dir"));
	assert_null(sm_library_find(
		&(struct sm_library_search){.root = m4_path("witness")}, &arena, &err));
	assert_int_equal(err.code, MP_ERR_INPUT);
	assert_non_null(strstr(err.text, "sendmail-cf"));
	/* And without m4. */
	snprintf(path, sizeof path, "%s", getenv("PATH"));
	assert_int_equal(setenv("PATH", m4_path("witness"), 1), 0);
	struct sm_m4_job job = {.prelude = ""};
	struct sm_m4_run run;
	int done = sm_m4_run(&job, &arena, &run, &err);
	assert_int_equal(setenv("PATH", path, 1), 0);
	assert_int_equal(done, -1);
	assert_int_equal(err.code, MP_ERR_INPUT);
	assert_non_null(strstr(err.text, "install"));
	mp_arena_release(&arena);
}

static void says_that_it_is_another_m4(void **state)
{
	struct mp_arena arena = {0};
	struct mp_err err = {MP_ERR_NONE, ""};
	struct sm_m4_job job = {.prelude = "", .sandbox = {.no_landlock = true}};
	struct sm_m4_run run;
	char path[4096];

	(void)state;
	assert_int_equal(mkdir(m4_path("bin"), 0755), 0);
	m4_put("bin/m4", "#!/bin/sh\necho \"m4: unknown option -- G\" >&2\nexit 1\n");
	assert_int_equal(chmod(m4_path("bin/m4"), 0755), 0);
	snprintf(path, sizeof path, "%s", getenv("PATH"));
	assert_int_equal(setenv("PATH", m4_path("bin"), 1), 0);
	int done = sm_m4_run(&job, &arena, &run, &err);
	assert_int_equal(setenv("PATH", path, 1), 0);
	assert_int_equal(done, -1);
	assert_int_equal(err.code, MP_ERR_INPUT);
	assert_non_null(strstr(err.text, "GNU m4"));
	assert_non_null(strstr(err.text, "unknown option -- G"));
	mp_arena_release(&arena);
}

static const struct sm_m4_record *find(
	const struct sm_m4_run *run, enum sm_m4_record_kind kind, const char *text)
{
	for (size_t i = 0; i < run->record_count; i++) {
		const struct sm_m4_record *r = &run->records[i];
		if (r->kind == kind &&
			(text == NULL || mp_slice_find(r->text, text) != MP_NOT_FOUND)) {
			return r;
		}
	}
	return NULL;
}

static void runs_and_tells(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run = m4_run(&arena,
		"PRELUDE\nFEATURE(`good', `a, b')dnl\ninclude(`local.m4')LOCAL\n"
		"include(`sub/more.m4')MORE\nFEATURE(`bad')\n",
		usual);

	(void)state;
	assert_int_equal(run.end, SM_M4_DONE);
	assert_int_equal(run.status, 0);
	assert_int_equal(run.attempt_count, 0);
	assert_true(m4_has(&run, "prelude-text\n"));
	assert_true(m4_has(&run, "local-text\n"));
	assert_true(m4_has(&run, "more-text\n"));
	assert_true(m4_has(&run, "good(a, b)\n"));
	assert_true(m4_has(&run, "the .cf\n"));
	assert_false(m4_has(&run, "#line"));
	const struct sm_m4_record *r = find(&run, SM_M4_CALL, NULL);
	assert_non_null(r);
	assert_string_equal(r->macro, "FEATURE");
	assert_string_equal(r->file, "stdin");
	assert_int_equal(r->line, 2);
	assert_int_equal(r->level, 1);
	assert_int_equal(r->arg_count, 2);
	assert_true(mp_slice_eq_str(r->args[1], "a, b"));
	r = find(&run, SM_M4_READS, "local.m4");
	assert_non_null(r);
	assert_int_equal(r->line, 3);
	r = find(&run, SM_M4_SAID, "*** ERROR: bad");
	assert_non_null(r);
	assert_true(mp_slice_eq_str(r->text, "*** ERROR: bad\n"));
	assert_string_equal(r->file, m4_path("cf/feature/bad.m4"));
	assert_int_equal(r->line, 1);
	mp_arena_release(&arena);
}

static void any_cf_m4_is_the_library(void **state)
{
	static const char *const spelled[] = {"/usr/share/sendmail-cf/m4/cf.m4", "../m4/cf.m4",
		"/usr/local/src/sendmail-8.15.2/cf/m4/cf.m4", "@datadir@/sendmail/cf/m4/cf.m4",
		"cf.m4"};
	const struct sm_library_search search = {.cf_dir = m4_path("cf")};
	struct mp_arena arena = {0};
	struct mp_err err = {MP_ERR_NONE, ""};

	(void)state;
	for (size_t i = 0; i < sizeof spelled / sizeof *spelled; i++) {
		const char *mc = mp_arena_printf(
			&arena, "# before\ninclude(`%s')dnl\n# FEATURE(`good',`on')\n", spelled[i]);
		struct sm_m4_run run;
		struct sm_m4_job job = {.library = sm_library_find(&search, &arena, &err),
			.prelude = "",
			.mc = mp_slice_str(mc),
			.directory = m4_path("conf"),
			.loads_library = true};
		assert_int_equal(sm_m4_run(&job, &arena, &run, &err), 0);
		assert_int_equal(run.status, 0);
		assert_int_equal(run.attempt_count, 0);
		assert_string_equal(run.library_asked, spelled[i]);
		assert_int_equal(run.library_line, 2);
		assert_non_null(find(&run, SM_M4_READS, m4_path("cf/m4/cf.m4")));
		assert_true(m4_has(&run, "good(on)\n"));
	}
	/* Not every file whose name ends so. */
	struct sm_m4_run run = m4_run(&arena, "include(`mycf.m4')\n", usual);
	assert_null(run.library_asked);
	assert_non_null(find(&run, SM_M4_COMPLAINT, "cannot open `mycf.m4'"));
	assert_int_equal(run.status, 1);
	mp_arena_release(&arena);
}

static void without_a_library(void **state)
{
	struct mp_arena arena = {0};
	struct mp_err err = {MP_ERR_NONE, ""};
	struct sm_m4_run run;
	struct sm_m4_job job = {.prelude = "define(`FEATURE',`')dnl\n",
		.mc = mp_slice_str("include(`/usr/share/sendmail-cf/m4/cf.m4')FEATURE(`a')x\n"
				   "include(`local.m4')\n"),
		.loads_library = true,
		.traced = (const char *const[]){"FEATURE", NULL}};

	(void)state;
	assert_int_equal(sm_m4_run(&job, &arena, &run, &err), 0);
	assert_string_equal(run.library_asked, "/usr/share/sendmail-cf/m4/cf.m4");
	assert_non_null(find(&run, SM_M4_CALL, NULL));
	assert_true(m4_has(&run, "x\n"));
	/* And without a folder nothing can be included. */
	assert_non_null(m4_attempt(&run, SM_M4_TRIED_READ, "include"));
	mp_arena_release(&arena);
}

static void given_texts(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run =
		m4_run(&arena, "include(`/etc/mail/given.m4')GIVEN\nFEATURE(`far',`1')\n", usual);
	const struct sm_m4_record *r = find(&run, SM_M4_READS, "/etc/mail/given.m4");

	(void)state;
	assert_int_equal(run.attempt_count, 0);
	assert_true(m4_has(&run, "given-text\n"));
	assert_non_null(r);
	assert_int_equal(r->line, 1);
	r = find(&run, SM_M4_CALL, NULL);
	assert_non_null(r);
	assert_string_equal(r->file, "/etc/mail/given.m4");
	assert_int_equal(r->line, 2);
	/* The library's own name for its files, where it lies elsewhere. */
	assert_true(m4_has(&run, "good(1)\n"));
	mp_arena_release(&arena);
}

static void words_stay_words(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run = m4_run(&arena,
		"a include b sinclude c syscmd d esyscmd e builtin f indir g format h maketemp i "
		"errprint j defn k patsubst l regexp m mkstemp n changeword o unix p\n"
		"changequote([,])include syscmd changequote`'\n",
		usual);

	(void)state;
	assert_true(m4_has(&run,
		"a include b sinclude c syscmd d esyscmd e builtin f indir g format h maketemp i "
		"errprint j defn k patsubst l regexp m mkstemp n changeword o unix p\n"));
	assert_true(m4_has(&run, "include syscmd"));
	assert_int_equal(run.attempt_count, 0);
	mp_arena_release(&arena);
}

static void other_quotes(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run = m4_run(&arena,
		"define(`LOCAL',`')dnl\n"
		"changequote([,])include([sub/more.m4])\nLOCAL([good],[x, [y]])\n"
		"changequote(<<<,>>>)LOCAL(<<<good>>>,<<<z, 'a>>>)errprint(<<<said>>>)\n"
		"define(<<<x>>>,<<<1>>>)defn(<<<x>>>,<<<x>>>)\n"
		"changequote`'LOCAL(`good',`q')\n",
		usual);
	unsigned calls = 0;

	(void)state;
	assert_int_equal(run.attempt_count, 0);
	assert_non_null(find(&run, SM_M4_READS, "sub/more.m4"));
	for (size_t i = 0; i < run.record_count; i++) {
		static const char *const second[] = {"x, [y]", "z, 'a", "q"};
		const struct sm_m4_record *r = &run.records[i];
		if (r->kind == SM_M4_CALL && strcmp(r->macro, "LOCAL") == 0) {
			assert_int_equal(r->arg_count, 2);
			assert_true(mp_slice_eq_str(r->args[1], second[calls % 3]));
			calls++;
		}
	}
	assert_int_equal(calls, 3);
	assert_non_null(find(&run, SM_M4_SAID, "said"));
	mp_arena_release(&arena);
}

static void complaints_have_places(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run =
		m4_run(&arena, "\nFEATURE(`nosuch')\ninclude(`none.m4',`x')\ndefine(`x", usual);
	const struct sm_m4_record *r = find(&run, SM_M4_COMPLAINT, "feature/nosuch.m4");

	(void)state;
	assert_int_equal(run.end, SM_M4_DONE);
	assert_int_equal(run.status, 1);
	assert_non_null(r);
	assert_string_equal(r->file, "stdin");
	assert_int_equal(r->line, 2);
	r = find(&run, SM_M4_COMPLAINT, "excess arguments to builtin `include' ignored");
	assert_non_null(r);
	assert_int_equal(r->line, 3);
	assert_null(find(&run, SM_M4_COMPLAINT, "define' ignored"));
	r = find(&run, SM_M4_COMPLAINT, "end of file in string");
	assert_non_null(r);
	assert_int_equal(r->line, 4);
	assert_int_equal(run.attempt_count, 0);
	mp_arena_release(&arena);
}

/* What errprint says does not pass for what m4 tells. */
static void forged_trace(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run = m4_run(&arena,
		"errprint(`m4trace:stdin:9: -1- FEATURE(`forged')\n')"
		"errprint(`m4:stdin:9: cannot open `x': forged\n',`second')"
		"errprint(`no newline')FEATURE(`good')\n",
		usual);

	(void)state;
	assert_null(find(&run, SM_M4_COMPLAINT, NULL));
	for (size_t i = 0; i < run.record_count; i++) {
		if (run.records[i].kind == SM_M4_CALL) {
			assert_int_equal(run.records[i].line, 3);
			assert_true(mp_slice_eq_str(run.records[i].args[0], "good"));
		}
	}
	assert_non_null(find(&run, SM_M4_SAID, "forged\n second"));
	const struct sm_m4_record *r = find(&run, SM_M4_SAID, "no newline");
	assert_non_null(r);
	assert_true(mp_slice_eq_str(r->text, "no newline"));
	mp_arena_release(&arena);
}

/* What m4 itself writes for a file, with the library before it unless the file loads it. */
static char *by_m4(struct mp_arena *arena, const char *library, const char *mc)
{
	char *text = mp_arena_alloc(arena, MP_LIMIT_M4_OUTPUT);
	FILE *p = popen(mp_arena_printf(arena,
				"cd %s && exec m4 -D_NO_MAKEINFO_ -D_CF_DIR_=%s/ -Usyscmd "
				"-Umaketemp %s/m4/cf.m4 %s 2>/dev/null",
				m4_path("conf"), library, library, mc),
		"r");

	assert_non_null(p);
	size_t n = fread(text, 1, MP_LIMIT_M4_OUTPUT - 1, p);
	pclose(p);
	text[n] = '\0';
	return text;
}

static const char *origin(const struct sm_m4_run *run, const char *text, unsigned *line)
{
	size_t at = mp_slice_find(run->text, text);
	const struct sm_m4_mark *m = NULL;

	assert_int_not_equal(at, MP_NOT_FOUND);
	for (size_t i = 0; i < run->mark_count && run->marks[i].at <= at; i++) {
		m = &run->marks[i];
	}
	if (m == NULL) {
		fail_msg("nothing stands before: %s", text);
		return "";
	}
	*line = m->line;
	for (size_t i = m->at; i < at; i++) {
		*line += run->text.p[i] == '\n' ? 1 : 0;
	}
	return m->file;
}

static void marks_tell_where_from(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run = m4_run(&arena,
		"first\ninclude(`/etc/mail/given.m4')dnl\ndnl\nfourth\ndivert(1)dnl\nsixth\n"
		"divert(0)dnl\nFEATURE(`good')dnl\nninth\n",
		usual);
	unsigned line = 0;

	(void)state;
	assert_string_equal(origin(&run, "first", &line), "stdin");
	assert_int_equal(line, 1);
	assert_string_equal(origin(&run, "fourth", &line), "stdin");
	assert_int_equal(line, 4);
	assert_string_equal(origin(&run, "sixth", &line), "stdin");
	assert_int_equal(line, 6);
	assert_string_equal(origin(&run, "ninth", &line), "stdin");
	assert_int_equal(line, 9);
	assert_string_equal(origin(&run, "good(3)", &line), m4_path("cf/feature/good.m4"));
	assert_int_equal(line, 1);
	mp_arena_release(&arena);
}

/* Lines that look like marks are text when m4 did not make them: the .cf is what m4 writes. */
static void forged_marks(void **state)
{
	static const char *const forged[] = {"a\n#line 5\nb\n", "a\n`#'line 5 \"x\"\nb\n",
		"define(`x',`#li')x`'ne 7\nb\n", "define(`x',`line 7\n')a $#x`b\n'\n",
		"translit(`%mjof 7',`%mjof',`#line')\nb\n", "a#line 5\n\tb\n",
		"substr(`x#line 5',1)\n", "define(`dnl',`')dnl #line 9\nb\n",
		"changequote([,])[#]line 3\nchangequote`'b\n", "define(`h',`$1$2')h(#,line 3)\nb\n",
		"include(`hash.m4')line 4\nb\n", "divert(1)#divert(0)undivert(1)line 4\nb\n",
		"define(`smtp',`line 4\n')FEATURE(`hash')b\n", "a\n#line 1 \"stdin\"\n#line 2\nb\n",
		"#line 1 \"stdin\"\n"};
	struct mp_arena arena = {0};

	(void)state;
	m4_put("conf/hash.m4", "`#'dnl\n");
	m4_put("cf/feature/hash.m4", "R$*\t$#smtp $@ x\n");
	for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
		struct sm_m4_run run = m4_run(&arena, forged[i], usual);
		m4_put("conf/forged.mc", forged[i]);
		const char *library = m4_path("cf");
		char *plain = by_m4(&arena, library, m4_path("conf/forged.mc"));
		assert_non_null(strstr(plain, "#line "));
		assert_true(mp_slice_eq_str(run.text, plain));
	}
	mp_arena_release(&arena);
}

/* Plain configurations need m4 only once. */
static void harmless_hashes(void **state)
{
	(void)state;
	assert_false(
		sm_m4_may_forge(mp_slice_str("# a\n#\n### b\n#- c\ndnl #FEATURE\nx dnl #y\n")));
	assert_true(sm_m4_may_forge(mp_slice_str("`dnl' dnl #FEATURE\n")));
	assert_true(sm_m4_may_forge(mp_slice_str("xdnl #y\n")));
	assert_true(sm_m4_may_forge(mp_slice_str("#FEATURE\n")));
	assert_true(sm_m4_may_forge(mp_slice_str("#")));
	assert_true(sm_m4_may_forge(mp_slice_str("R$* $#error\n")));
	assert_true(sm_m4_may_forge(mp_slice("#\0", 2)));
}

/* The files that come with the real library, to the byte. */
static void as_plain_m4(void **state)
{
	const char *mta = getenv("MTA");
	struct mp_arena arena = {0};
	struct mp_err err = {MP_ERR_NONE, ""};
	glob_t found = {0};
	unsigned compared = 0;

	(void)state;
	const char *library = mp_arena_printf(
		&arena, "%s/sendmail/usr/share/sendmail/cf", mta != NULL ? mta : "");
	if (glob(mp_arena_printf(&arena, "%s/cf/*.mc", library), 0, NULL, &found) != 0) {
		skip();
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		char *text = mp_arena_alloc(&arena, 1024 * 1024);
		FILE *f = fopen(found.gl_pathv[i], "r");
		assert_non_null(f);
		size_t n = fread(text, 1, 1024 * 1024, f);
		fclose(f);
		struct sm_m4_run run;
		struct sm_m4_job job = {
			.library = sm_library_find(
				&(struct sm_library_search){.cf_dir = library}, &arena, &err),
			.prelude = "",
			.mc = mp_slice(text, n),
			.directory = m4_path("conf")};
		assert_non_null(job.library);
		assert_int_equal(sm_m4_run(&job, &arena, &run, &err), 0);
		const char *plain = by_m4(&arena, library, found.gl_pathv[i]);
		if (!mp_slice_eq_str(run.text, plain)) {
			fail_msg("%s: not what m4 writes", found.gl_pathv[i]);
		}
		assert_true(run.mark_count > 10);
		compared++;
		mp_arena_reset(&arena);
		library = mp_arena_printf(&arena, "%s/sendmail/usr/share/sendmail/cf", mta);
	}
	globfree(&found);
	assert_true(compared > 20);
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds_the_library),
		cmocka_unit_test(finds_it_below_a_root), cmocka_unit_test(says_what_to_install),
		cmocka_unit_test(says_that_it_is_another_m4), cmocka_unit_test(runs_and_tells),
		cmocka_unit_test(any_cf_m4_is_the_library), cmocka_unit_test(without_a_library),
		cmocka_unit_test(given_texts), cmocka_unit_test(words_stay_words),
		cmocka_unit_test(other_quotes), cmocka_unit_test(complaints_have_places),
		cmocka_unit_test(forged_trace), cmocka_unit_test(marks_tell_where_from),
		cmocka_unit_test(forged_marks), cmocka_unit_test(harmless_hashes),
		cmocka_unit_test(as_plain_m4)};

	return cmocka_run_group_tests(tests, m4_fixture_make, m4_fixture_remove);
}
