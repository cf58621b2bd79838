/*
 * The sandbox with another program in it than m4: a shell, which does try. Each kernel feature
 * alone must stop what it is there for; the same with both off shows that the attempt is a real
 * one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "m4_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

struct outcome {
	struct sm_sandbox_result result;
	char out[4096];
	char messages[4096];
};

static const struct sm_sandbox_options off = {true, true, 1, 60};
/* For what waits. */
static const struct sm_sandbox_options impatient = {true, true, 1, 2};
static const struct sm_sandbox_options seccomp_alone = {false, true, 1, 60};
static const struct sm_sandbox_options landlock_alone = {true, false, 1, 60};

static struct outcome run(const char *const argv[], struct sm_sandbox_options options)
{
	const char *readable[] = {m4_path("conf"), NULL};
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct sm_sandbox_child child = {.program = argv[0],
		.argv = argv,
		.directory = m4_path("conf"),
		.in = null,
		.readable = readable,
		.options = options};
	struct outcome o = {.out = ""};
	struct mp_err err = {MP_ERR_NONE, ""};
	struct sm_sandbox sandbox;
	struct mp_buf out;
	struct mp_buf messages;

	mp_buf_init(&out, 1024 * 1024);
	mp_buf_init(&messages, 1024 * 1024);
	if (sm_sandbox_begin(&sandbox, &child, &err) != 0) {
		fail_msg("%s", err.text);
	}
	o.result = sm_sandbox_end(&sandbox, &out, &messages);
	snprintf(o.out, sizeof o.out, "%s", out.p);
	snprintf(o.messages, sizeof o.messages, "%s", messages.p);
	mp_buf_release(&out);
	mp_buf_release(&messages);
	close(null);
	return o;
}

/* A command of the shell, with the fixture's folder as $0. */
static struct outcome sh(const char *command, struct sm_sandbox_options options)
{
	char top[512];
	const char *argv[] = {"/bin/sh", "-c", command, top, NULL};

	snprintf(top, sizeof top, "%s", m4_path("."));
	top[strlen(top) - 2] = '\0';
	return run(argv, options);
}

static bool is_there(const char *name)
{
	return access(m4_path(name), F_OK) == 0;
}

static void a_file_is_made(void **state)
{
	static const char command[] = ": > $0/witness/made";

	(void)state;
	sh(command, off);
	assert_true(is_there("witness/made"));
	unlink(m4_path("witness/made"));
	assert_non_null(strstr(sh(command, seccomp_alone).messages, "Operation not permitted"));
	assert_false(is_there("witness/made"));
	assert_non_null(strstr(sh(command, landlock_alone).messages, "Permission denied"));
	assert_false(is_there("witness/made"));
}

/* Without any kernel feature it can be made, but not filled. */
static void nothing_is_written(void **state)
{
	struct outcome o = sh("echo text > $0/witness/made; echo after", off);
	struct stat st;

	(void)state;
	assert_int_equal(o.result.end, SM_SANDBOX_SIGNAL);
	assert_int_equal(o.result.value, SIGXFSZ);
	assert_int_equal(stat(m4_path("witness/made"), &st), 0);
	assert_int_equal(st.st_size, 0);
	unlink(m4_path("witness/made"));
}

static void a_file_is_appended_to(void **state)
{
	static const char command[] = ": >> $0/conf/local.m4 && echo opened";

	(void)state;
	assert_string_equal(sh(command, off).out, "opened\n");
	assert_string_equal(sh(command, seccomp_alone).out, "");
	assert_string_equal(sh(command, landlock_alone).out, "");
}

static void a_process_is_begun(void **state)
{
	static const char command[] = "(echo child) ; echo parent";

	(void)state;
	if (geteuid() == 0) {
		/* The limit on processes does not hold root. */
		assert_non_null(strstr(sh(command, off).out, "child"));
	} else {
		assert_null(strstr(sh(command, off).out, "child"));
	}
	assert_null(strstr(sh(command, seccomp_alone).out, "child"));
}

static void a_program_is_become(void **state)
{
	static const char command[] = "exec /bin/echo other";

	(void)state;
	assert_string_equal(sh(command, off).out, "other\n");
	assert_string_equal(sh(command, seccomp_alone).out, "");
	assert_string_equal(sh(command, landlock_alone).out, "");
	/* Not even itself: it is become once. */
	assert_string_equal(sh("exec /bin/sh -c 'echo other'", seccomp_alone).out, "");
}

static void a_file_outside_is_read(void **state)
{
	static const char command[] = "read line < $0/secret; echo \"$line\"";
	static const char by_link[] = "read line < link.m4; echo \"$line\"";
	static const char inside[] = "read line < local.m4; echo \"$line\"";

	(void)state;
	assert_non_null(strstr(sh(command, off).out, M4_SECRET));
	assert_non_null(strstr(sh(command, seccomp_alone).out, M4_SECRET));
	assert_string_equal(sh(command, landlock_alone).out, "\n");
	assert_string_equal(sh(by_link, landlock_alone).out, "\n");
	assert_non_null(strstr(sh(inside, landlock_alone).out, "LOCAL"));
	assert_non_null(
		strstr(sh(inside, (struct sm_sandbox_options){.cpu_seconds = 1}).out, "LOCAL"));
}

/* No m4 opens sockets: the process dies. */
static void a_socket_is_opened(void **state)
{
	static const char *const argv[] = {
		"/bin/bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/9; echo after", NULL};

	(void)state;
	if (access(argv[0], X_OK) != 0) {
		skip();
	}
	assert_int_equal(run(argv, off).result.end, SM_SANDBOX_EXIT);
	struct outcome o = run(argv, seccomp_alone);
	assert_int_equal(o.result.end, SM_SANDBOX_DENIED);
	assert_string_equal(o.out, "");
}

static void another_process_is_signalled(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof command, "kill -0 %d && echo reached", (int)getpid());
	assert_string_equal(sh(command, off).out, "reached\n");
	assert_string_equal(sh(command, seccomp_alone).out, "");
}

static void limits(void **state)
{
	uint64_t begin = mp_clock_ms();

	(void)state;
	assert_int_equal(sh("while :; do :; done", off).result.end, SM_SANDBOX_CPU);
	assert_int_equal(sh("trap '' XCPU; while :; do :; done", off).result.value, SIGKILL);
	assert_int_equal(
		sh("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done", off).result.end,
		SM_SANDBOX_OUTPUT);
	assert_int_equal(sh("while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa >&2; done", off)
				 .result.end,
		SM_SANDBOX_OUTPUT);
	assert_int_equal(sh("read x < fifo.m4", impatient).result.end, SM_SANDBOX_WAIT);
	/* What closes its pipes is not forgotten. */
	assert_int_equal(
		sh("exec >&- 2>&-; read x < fifo.m4", impatient).result.end, SM_SANDBOX_WAIT);
	assert_true(mp_clock_ms() - begin < 120000);
}

/* No descriptor, variable or terminal of ours is in it; its children end with it. */
static void nothing_is_inherited(void **state)
{
	int open_one = open(m4_path("secret"), O_RDONLY);
	struct outcome o;

	(void)state;
	assert_true(open_one >= 0);
	assert_int_equal(setenv("M4_SECRET", M4_SECRET, 1), 0);
	/* Without a subshell, which an ordinary user cannot have there. */
	o = sh("for i in 3 4 5 6 7 8 9; do command : 2>&- <&$i && echo open $i; done; "
	       "echo \"[$M4_SECRET$HOME]\" $LC_ALL; ulimit -c; ulimit -f",
		off);
	assert_string_equal(o.out, "[] C\n0\n0\n");
	close(open_one);
	if (geteuid() == 0) {
		uint64_t begin = mp_clock_ms();
		o = sh("sleep 60 >&- 2>&- & echo $!", off);
		assert_int_equal(o.result.end, SM_SANDBOX_EXIT);
		assert_true(mp_clock_ms() - begin < 30000);
		pid_t pid = (pid_t)strtol(o.out, NULL, 10);
		assert_true(pid > 0);
		/* Its entry may stay until whoever adopted it has looked. */
		for (int i = 0; i < 1000 && kill(pid, 0) == 0; i++) {
			char path[64];
			char text[256] = "";
			snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
			FILE *f = fopen(path, "r");
			if (f != NULL) {
				assert_true(fread(text, 1, sizeof text - 1, f) > 0);
				fclose(f);
			}
			if (strstr(text, ") Z ") != NULL) {
				break;
			}
			usleep(1000);
			assert_int_not_equal(i, 999);
		}
	}
}

static void what_cannot_be_begun(void **state)
{
	static const char *const argv[] = {"/nonexistent/m4", NULL};
	struct sm_sandbox_child child = {.program = argv[0], .argv = argv, .in = 0};
	struct sm_sandbox sandbox;
	struct mp_err err = {MP_ERR_NONE, ""};

	(void)state;
	assert_int_equal(sm_sandbox_begin(&sandbox, &child, &err), -1);
	assert_int_equal(err.code, MP_ERR_SYSTEM);
	assert_non_null(strstr(err.text, "/nonexistent/m4"));
	child.directory = "/nonexistent";
	assert_int_equal(sm_sandbox_begin(&sandbox, &child, &err), -1);
	assert_non_null(strstr(err.text, "/nonexistent: No such file"));
	child.directory = NULL;
	child.program = "/bin/sh";
	child.argv = (const char *const[]){"sh", "-c", "while :; do :; done", NULL};
	assert_int_equal(sm_sandbox_begin(&sandbox, &child, &err), 0);
	assert_int_equal(kill(sandbox.pid, 0), 0);
	sm_sandbox_kill(&sandbox);
	assert_int_equal(kill(sandbox.pid, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(a_file_is_made),
		cmocka_unit_test(nothing_is_written), cmocka_unit_test(a_file_is_appended_to),
		cmocka_unit_test(a_process_is_begun), cmocka_unit_test(a_program_is_become),
		cmocka_unit_test(a_file_outside_is_read), cmocka_unit_test(a_socket_is_opened),
		cmocka_unit_test(another_process_is_signalled), cmocka_unit_test(limits),
		cmocka_unit_test(nothing_is_inherited), cmocka_unit_test(what_cannot_be_begun)};

	return cmocka_run_group_tests(tests, m4_fixture_make, m4_fixture_remove);
}
