/*
 * Hostile .mc files: each with seccomp and Landlock on and off. Nothing may happen (no file, no
 * process, no secret in what comes back, no long time), and what was tried must be named.
 *
 * In the texts, @ is the folder of the fixture.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/limits.h"
#include "m4_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The clock limits what waits; what computes may take long on a busy machine. */
enum { CPU_SECONDS = 1, WAIT_SECONDS = 2, BUSY_SECONDS = 60 };

/* How the run may end. */
#define DONE (1U << SM_M4_DONE)
#define CPU (1U << SM_M4_CPU)
#define WAIT (1U << SM_M4_WAIT)
#define MEMORY (1U << SM_M4_MEMORY)
#define OUTPUT (1U << SM_M4_OUTPUT)

struct hostile {
	const char *what;
	const char *mc;
	unsigned ends;
	enum sm_m4_attempt_kind kind;
	const char *macro;
	const char *argument; /* "" is not looked at */
	unsigned line; /* 0 is not looked at */
};

/* A line of 100 letters, for files that write much. */
#define LETTERS                                                                                    \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aa"                                                                                       \
	"aaaaaaaaaa\n"

static const struct hostile files[] = {
	{"syscmd", "\nsyscmd(`touch @/witness/x')\n", DONE, SM_M4_TRIED_COMMAND, "syscmd",
		"touch @/witness/x", 2},
	{"esyscmd", "esyscmd(`touch @/witness/x; cat @/secret')\n", DONE, SM_M4_TRIED_COMMAND,
		"esyscmd", "touch @/witness/x; cat @/secret", 1},
	{"builtin", "builtin(`syscmd',`touch @/witness/x')\n", DONE, SM_M4_TRIED_COMMAND, "builtin",
		"syscmd", 1},
	{"builtin of another", "builtin(`len',`x')\n", DONE, SM_M4_TRIED_BUILTIN, "builtin", "len",
		1},
	{"indir", "indir(`esyscmd',`touch @/witness/x')\n", DONE, SM_M4_TRIED_COMMAND, "indir",
		"esyscmd", 1},
	{"defn of a removed builtin", "define(`x',defn(`syscmd'))x(`touch @/witness/x')\n", DONE,
		SM_M4_TRIED_DEFINITION, "defn", "syscmd", 1},
	{"pushdef of a removed builtin",
		"pushdef(`x',defn(`esyscmd'))x(`cat @/secret')popdef(`syscmd')syscmd(`touch "
		"@/witness/x')\n",
		DONE, SM_M4_TRIED_DEFINITION, "defn", "esyscmd", 1},
	{"an alias of include", "define(`x',defn(`include'))x(`@/secret')\n", DONE,
		SM_M4_TRIED_DEFINITION, "defn", "include", 1},
	{"defn among others", "define(`x',defn(`len',`include'))x(`@/secret')\n", DONE,
		SM_M4_TRIED_DEFINITION, "defn", "include", 1},
	{"defn of defn", "define(`d',defn(`defn'))define(`x',d(`include'))x(`@/secret')\n", DONE,
		SM_M4_TRIED_DEFINITION, "defn", "defn", 1},
	{"/etc/shadow", "include(`/etc/shadow')\n", DONE, SM_M4_TRIED_READ, "include",
		"/etc/shadow", 1},
	{"an absolute path", "include(`@/secret')\n", DONE, SM_M4_TRIED_READ, "include", "@/secret",
		1},
	{"dots", "include(`../secret')\n", DONE, SM_M4_TRIED_READ, "include", "../secret", 1},
	{"dots inside", "include(`@/conf/../secret')\n", DONE, SM_M4_TRIED_READ, "include",
		"@/conf/../secret", 1},
	{"dots below the library", "include(_CF_DIR_`../secret')\n", DONE, SM_M4_TRIED_READ,
		"include", "@/cf/../secret", 1},
	{"dots made by a macro", "define(`y',`../../secret')include(`/usr/share/sendmail-cf/y')\n",
		DONE, SM_M4_TRIED_READ, "include", "@/cf/../../secret", 1},
	{"a folder that begins alike", "include(`@/conf.m4/../secret')include(`@/confx')\n", DONE,
		SM_M4_TRIED_READ, "include", "@/confx", 1},
	{"a link", "\ninclude(`link.m4')\n", DONE, SM_M4_TRIED_READ, "include", "link.m4", 2},
	{"a link to /etc/shadow", "include(`shadow.m4')\n", DONE, SM_M4_TRIED_READ, "include",
		"shadow.m4", 1},
	{"a link to a folder", "include(`up/secret')\n", DONE, SM_M4_TRIED_READ, "include",
		"up/secret", 1},
	{"a link by its absolute path", "include(`@/conf/link.m4')\n", DONE, SM_M4_TRIED_READ,
		"include", "@/conf/link.m4", 1},
	{"sinclude", "sinclude(`@/secret')\n", DONE, SM_M4_TRIED_READ, "include", "@/secret", 1},
	{"sinclude of a link", "sinclude(`link.m4')\n", DONE, SM_M4_TRIED_READ, "include",
		"link.m4", 1},
	{"popdef of include",
		"popdef(`include')\ninclude(`@/secret')\nundefine(`sinclude')\nsinclude(`@/"
		"secret')\n"
		"define(`include',defn(`sinclude'))include(`@/secret')\n",
		DONE, SM_M4_TRIED_DEFINITION, "defn", "sinclude", 5},
	{"pushdef of include", "pushdef(`include',`a ')popdef(`include')include(`@/secret')\n",
		DONE, SM_M4_TRIED_READ, "include", "@/secret", 1},
	{"a path put together", "define(`p',`@/sec')include(p`ret')\n", DONE, SM_M4_TRIED_READ,
		"include", "@/secret", 1},
	{"a newline in a path", "include(`x\nm4debug:stdin:1: input read from y')\n", DONE,
		SM_M4_TRIED_READ, "include", "", 1},
	{"other quotes", "changequote([,])include([@/secret])syscmd([touch @/witness/x])\n", DONE,
		SM_M4_TRIED_READ, "include", "@/secret", 1},
	{"quotes that break out",
		"define(`x',`a]@/secret')changequote([,])include(defn([x]))changequote({,})"
		"include({@/secret})\n",
		DONE, SM_M4_TRIED_READ, "include", "@/secret", 1},
	{"what the guard calls, redefined",
		"define(`ifelse',`include(`@/secret')')define(`index',`0')define(`ifdef',`1')"
		"define(`define',`')include(`@/secret')\n",
		DONE, SM_M4_TRIED_READ, "include", "@/secret", 1},
	{"the guard's names, taken",
		"changecom(`M')define(`g',include(x)\n)changecom`'define(`n',substr(defn(`g'),0,13)"
		")"
		"define(`go',n`include(`$1')')go(`@/secret')\n",
		DONE, SM_M4_TRIED_READ, "include", "@/secret", 2},
	{"the guard's names, and a folder with a newline in its name",
		"changecom(`M')define(`g',include(x)\n)changecom`'define(`n',substr(defn(`g'),0,13)"
		")"
		"define(`go',n`include(`$1')')go(`local.m4\n/../../secret')\n",
		DONE, SM_M4_TRIED_READ, "include", "", 0},
	{"a folder with a newline in its name", "include(`local.m4\n/../../secret')\n", DONE,
		SM_M4_TRIED_READ, "include", "local.m4\n/../../secret", 1},
	{"the guard's names, shown", "changecom(`M')define(`g',include(x)\n)changecom`'defn(`g')\n",
		DONE, SM_M4_TRIED_DEFINITION, "", "", 0},
	{"undivert of a file", "undivert(`@/secret')\n", DONE, SM_M4_TRIED_READ, "undivert",
		"@/secret", 1},
	{"undivert of a link", "undivert(1,`link.m4')\n", DONE, SM_M4_TRIED_READ, "undivert",
		"link.m4", 1},
	{"debugfile", "debugfile(`@/witness/x')debugmode(`t')\n", DONE, SM_M4_TRIED_WRITE,
		"debugfile", "@/witness/x", 1},
	{"no trace any more", "traceoff include(`@/secret')\n", DONE, SM_M4_TRIED_READ, "include",
		"@/secret", 1},
	{"traceoff", "traceoff`'syscmd(`x')\n", DONE, SM_M4_TRIED_TRACE, "traceoff", "", 1},
	{"dumpdef", "dumpdef(`include')\n", DONE, SM_M4_TRIED_TRACE, "dumpdef", "include", 1},
	{"maketemp", "maketemp(`@/witness/XXXXXX')\n", DONE, SM_M4_TRIED_WRITE, "maketemp",
		"@/witness/XXXXXX", 1},
	{"mkstemp", "mkstemp(`@/witness/XXXXXX')\n", DONE, SM_M4_TRIED_WRITE, "mkstemp",
		"@/witness/XXXXXX", 1},
	{"changeword", "changeword(`[a-z]')\n", DONE, SM_M4_TRIED_TRACE, "changeword", "[a-z]", 1},
	{"an extension", "patsubst(`a',`a',`b')\n", DONE, SM_M4_TRIED_EXTENSION, "patsubst", "a",
		1},
	{"no end", "define(`x',`x')x\n", CPU, SM_M4_TRIED_ENDLESS, "", "", 0},
	{"no end, with memory", "define(`x',`x(`$1$1')')x(`aaaaaaaa')\n", MEMORY,
		SM_M4_TRIED_MEMORY, "", "", 0},
	{"no end, with text", "define(`x',`x`'x')x\n", MEMORY | CPU, SM_M4_TRIED_MEMORY, "", "", 0},
	{"no end, inside of arguments", "define(`x',`x(x(1))')x(1)\n", MEMORY, SM_M4_TRIED_MEMORY,
		"", "", 1},
	{"output", "define(`x',`" LETTERS "x')x\n", OUTPUT, SM_M4_TRIED_OUTPUT, "", "", 0},
	{"messages", "define(`x',`errprint(`" LETTERS "')x')x\n", OUTPUT, SM_M4_TRIED_OUTPUT, "",
		"", 0},
	{"diversions", "divert(1)define(`x',`" LETTERS "x')x\n", OUTPUT, SM_M4_TRIED_OUTPUT, "", "",
		0},
	{"a fork bomb", "syscmd(`:(){ :|:& };:')esyscmd(`:(){ :|:& };:')\n", DONE,
		SM_M4_TRIED_COMMAND, "esyscmd", ":(){ :|:& };:", 1},
	{"m4exit", "m4exit(`0')\nFEATURE(`good')\n", DONE, SM_M4_TRIED_EXIT, "m4exit", "0", 1},
	{"m4exit without arguments", "m4exit\nFEATURE(`good')\n", DONE, SM_M4_TRIED_EXIT, "m4exit",
		"", 1},
	{"m4wrap", "m4wrap(`syscmd(`touch @/witness/x')include(`@/secret')define(`x',`x')')\n",
		DONE, SM_M4_TRIED_COMMAND, "syscmd", "touch @/witness/x", 0},
	{"m4wrap to read", "m4wrap(`include(`link.m4')')\n", DONE, SM_M4_TRIED_READ, "include",
		"link.m4", 0},
	{"m4wrap without end", "define(`x',`m4wrap(`x ')')x\n", CPU | MEMORY, SM_M4_TRIED_ENDLESS,
		"", "", 0},
	{"a FIFO", "include(`fifo.m4')\n", WAIT, SM_M4_TRIED_ENDLESS, "", "", 0},
	{"/dev/zero", "include(`/dev/zero')\n", DONE, SM_M4_TRIED_READ, "include", "/dev/zero", 1},
	{"a link to /dev/zero", "include(`zero.m4')\n", DONE | CPU | MEMORY | OUTPUT,
		SM_M4_TRIED_READ, "include", "zero.m4", 1},
	{"/dev/stdin", "include(`/dev/stdin')\n", DONE, SM_M4_TRIED_READ, "include", "/dev/stdin",
		1},
	{"a link to /dev/stdin", "include(`stdin.m4')\n", DONE, SM_M4_TRIED_READ, "include",
		"stdin.m4", 1},
	{"/proc", "include(`/proc/self/environ')include(`/proc/self/fd/3')\n", DONE,
		SM_M4_TRIED_READ, "include", "/proc/self/fd/3", 1},
	{"without end in itself", "include(`self.m4')\n", DONE, SM_M4_TRIED_ENDLESS, "include",
		"self.m4", 1},
};

static int make(void **state)
{
	/* Processes whose parents are gone become ours, so that none can hide. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	m4_fixture_make(state);
	assert_int_equal(mkdir(m4_path("conf/local.m4\n"), 0755), 0);
	m4_put("conf/self.m4", "include(`self.m4')\n");
	return 0;
}

/* A text with the folder's path in place of @. */
static const char *here(struct mp_arena *arena, const char *text)
{
	const char *at = strchr(text, '@');
	const char *top = m4_path(".");

	return at == NULL ? text
			  : mp_arena_printf(arena, "%.*s%.*s%s", (int)(at - text), text,
				    (int)strlen(top) - 2, top, here(arena, at + 1));
}

/* The first "root:..." of /etc/shadow would be. */
static void nothing_happened(const struct sm_m4_run *run)
{
	assert_false(m4_has(run, M4_SECRET));
	assert_false(m4_has(run, "root:"));
	assert_int_equal(m4_count("witness"), 0);
	assert_int_equal(m4_count("conf"), 10);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static const struct sm_m4_attempt *named(
	struct mp_arena *arena, const struct sm_m4_run *run, const struct hostile *h)
{
	const char *argument = here(arena, h->argument);

	for (size_t i = 0; i < run->attempt_count; i++) {
		const struct sm_m4_attempt *a = &run->attempts[i];
		if (a->kind == h->kind && strcmp(a->macro, h->macro) == 0 &&
			(argument[0] == '\0' || strcmp(a->argument, argument) == 0)) {
			return a;
		}
	}
	return NULL;
}

static void play(const struct hostile *h, struct sm_sandbox_options options)
{
	struct mp_arena arena = {0};
	uint64_t begin = mp_clock_ms();
	options.wait_seconds = h->ends == WAIT ? WAIT_SECONDS : BUSY_SECONDS;
	struct sm_m4_run run = m4_run(&arena, here(&arena, h->mc), options);
	uint64_t took = mp_clock_ms() - begin;
	const struct sm_m4_attempt *a = named(&arena, &run, h);
	/* What ends by one limit or another is named by the one that it met. */
	bool by_end = h->macro[0] == '\0' && run.end != SM_M4_DONE && run.attempt_count > 0;

	if (((1U << run.end) & h->ends) == 0 || (a == NULL && !by_end) ||
		(h->line != 0 && a != NULL && a->line != h->line)) {
		for (size_t i = 0; i < run.attempt_count; i++) {
			const struct sm_m4_attempt *t = &run.attempts[i];
			print_error("# %d %s(%s) %s:%u\n", t->kind, t->macro, t->argument, t->file,
				t->line);
		}
		fail_msg("%s (seccomp %s, Landlock %s): end %d, not named as it should be", h->what,
			options.no_seccomp ? "off" : "on", options.no_landlock ? "off" : "on",
			run.end);
	}
	nothing_happened(&run);
	assert_true(took < 1000 * BUSY_SECONDS);
	mp_arena_release(&arena);
}

static void play_all(bool no_seccomp, bool no_landlock)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		play(&files[i],
			(struct sm_sandbox_options){no_seccomp, no_landlock, CPU_SECONDS, 0});
	}
}

static void with_both(void **state)
{
	(void)state;
	play_all(false, false);
}

static void without_seccomp(void **state)
{
	(void)state;
	play_all(true, false);
}

static void without_landlock(void **state)
{
	(void)state;
	play_all(false, true);
}

static void without_both(void **state)
{
	(void)state;
	play_all(true, true);
}

/* A file that reads outside by a way that the guard does not know is thrown away as a whole. */
static void thrown_away(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run = m4_run(&arena, "kept\ninclude(`link.m4')errprint(`said')\n",
		(struct sm_sandbox_options){.no_landlock = true});

	(void)state;
	assert_int_equal(run.text.n, 0);
	assert_int_equal(run.record_count, 0);
	assert_int_equal(run.attempt_count, 1);
	mp_arena_release(&arena);
}

/* As many as it likes are tried; the list has an end, and how the run ended is in it. */
static void many_attempts(void **state)
{
	struct mp_arena arena = {0};
	struct sm_m4_run run =
		m4_run(&arena, "define(`x',`syscmd(`$1')x(`$1'incr(len(`$1')))')x(1)\n",
			(struct sm_sandbox_options){.cpu_seconds = 1});

	(void)state;
	assert_int_not_equal(run.end, SM_M4_DONE);
	assert_int_equal(run.attempt_count, MP_LIMIT_M4_ATTEMPTS);
	assert_true(run.attempts[run.attempt_count - 1].kind >= SM_M4_TRIED_ENDLESS);
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(with_both),
		cmocka_unit_test(without_seccomp), cmocka_unit_test(without_landlock),
		cmocka_unit_test(without_both), cmocka_unit_test(thrown_away),
		cmocka_unit_test(many_attempts)};

	return cmocka_run_group_tests(tests, make, m4_fixture_remove);
}
