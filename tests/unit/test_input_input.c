/* CONFIG in all its forms, on files made in a temporary folder. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/slice.h"
#include "folder.h"
#include "input/input.h"
#include "input/path.h"
#include "input/recognise.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[FOLDER_PATH];

static const char *at(const char *name)
{
	return folder_path(top, name);
}

static void put(const char *name, const char *text)
{
	folder_put(top, name, text);
}

static void folder(const char *name)
{
	assert_int_equal(mkdir(at(name), 0755), 0);
}

static int setup(void **state)
{
	(void)state;
	folder_make(top);
	folder("pf");
	put("pf/main.cf", "myhostname = mx.example.org\n");
	put("pf/access", "a OK\n");
	folder("pf/sub");
	put("pf/sub/x", "x y\n");
	put("outside", "secret\n");
	assert_int_equal(symlink("../outside", at("pf/link")), 0);
	assert_int_equal(mkfifo(at("pf/fifo"), 0644), 0);
	folder("root");
	folder("root/etc");
	put("root/etc/aliases", "root: alice\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_remove(top);
	return 0;
}

static struct mp_input *open_input(const char *config, struct mp_input_options options)
{
	struct mp_err err = {MP_ERR_NONE, ""};
	struct mp_input *in = mp_input_open(config, &options, &err);

	if (in == NULL) {
		print_message("%s\n", err.text);
	}
	assert_non_null(in);
	return in;
}

static void refused(const char *config, struct mp_input_options options, const char *words)
{
	struct mp_err err = {MP_ERR_NONE, ""};
	struct mp_input *in = mp_input_open(config, &options, &err);

	assert_null(in);
	if (strstr(err.text, words) == NULL) {
		fail_msg("\"%s\" lacks \"%s\"", err.text, words);
	}
}

static const struct mp_source *read_ok(struct mp_input *in, const char *path)
{
	const struct mp_source *source = NULL;
	struct mp_err err = {MP_ERR_NONE, ""};

	assert_int_equal(mp_input_read(in, path, &source, &err), MP_READ_OK);
	return source;
}

static enum mp_read status(struct mp_input *in, const char *path)
{
	const struct mp_source *source = NULL;

	return mp_input_read(in, path, &source, NULL);
}

static void test_paths(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {{"/a//b/./c/", "/a/b/c"}, {"/a/../..", "/"}, {"a/../../b", "../b"},
		{"../../x/..", "../.."}, {".", ""}, {"", ""}, {"/", "/"}, {"a/b/..", "a"},
		{"..a/..", ""}, {"/..a", "/..a"}, {"a..", "a.."}};
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_string_equal(mp_path_normalise(&arena, cases[i].in), cases[i].want);
	}
	assert_string_equal(mp_path_below("/etc/postfix/x", "/etc/postfix"), "x");
	assert_string_equal(mp_path_below("/etc/postfix", "/etc/postfix"), "");
	assert_null(mp_path_below("/etc/postfixx", "/etc/postfix"));
	assert_string_equal(mp_path_below("/x", "/"), "x");
	assert_null(mp_path_below("../x", ""));
	assert_string_equal(mp_path_below("..x", ""), "..x");
	mp_arena_release(&arena);
}

static void test_names(void **state)
{
	static const struct {
		const char *name;
		int want;
	} cases[] = {{"main.cf", MP_CONFIG_POSTFIX}, {"postfix-main.cf", MP_CONFIG_POSTFIX},
		{"main.cf-old", MP_CONFIG_POSTFIX}, {"sendmail.mc", MP_CONFIG_MC},
		{"sendmail.mc-8.12.x", MP_CONFIG_MC}, {"submit.mc.in", MP_CONFIG_MC},
		{"sendmail.cf", MP_CONFIG_CF}, {"ldap-users.cf", -1}, {"notes.mcx", -1},
		{"access", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(mp_recognise_name(cases[i].name), cases[i].want);
	}
}

static void test_texts(void **state)
{
	static const struct {
		const char *text;
		int want;
	} cases[] = {{"# x\nsmtpd_banner = x\n", MP_CONFIG_POSTFIX},
		{"smtpd_banner=x", MP_CONFIG_POSTFIX},
		{"divert(-1)dnl\nOSTYPE(`linux')\n", MP_CONFIG_MC},
		{"V10/Berkeley\nCwlocalhost\n", MP_CONFIG_CF}, {"R$*\t$: $1\n", MP_CONFIG_CF},
		{"CC = gcc\nall: x\n", -1}, {"", -1}, {"hello\n", -1},
		{"LOCAL_CONFIG\nO A=b\nFEATURE(`x')\n", MP_CONFIG_MC}, {"Voila\n", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(mp_recognise_text(mp_slice_str(cases[i].text)), cases[i].want);
	}
}

static void test_templates(void **state)
{
	static const struct {
		const char *text;
		unsigned line;
	} cases[] = {{"a = b\nmyhostname = {{ host }}\n", 2}, {"x\n\n<% if y -%>\n", 3},
		{"{% for x in y %}\n", 1}, {"relayhost = [a]:{{ port }}\n", 1},
		{"# {{ ansible_managed }}\n", 0}, {"a = ${{$b} == {c}?{d}:{e}}\n", 0},
		{"a = ${x?{{y}}}\n", 0}, {"a = regexp:{{/^[^A-Z]/ Bogus}}\n", 0},
		{"a = b, cidr:{{!192.0.2.0/24 REJECT}}\n", 0}, {"a = inline:{{ b = c }}\n", 0},
		{"a = {{ open\n", 0}, {"a <% b\n", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *mark = NULL;
		unsigned line = 0;
		bool found = mp_recognise_template(mp_slice_str(cases[i].text), &mark, &line);
		assert_int_equal(found, cases[i].line != 0);
		assert_int_equal(found ? line : 0, cases[i].line);
	}
}

static void test_folder(void **state)
{
	const char *folders[] = {"pf", "pf/main.cf", "pf/../pf/."};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct mp_input *in = open_input(at(folders[i]), (struct mp_input_options){0});
		assert_int_equal(mp_input_kind(in), MP_CONFIG_POSTFIX);
		assert_string_equal(mp_input_main(in), "main.cf");
		assert_string_equal(mp_input_directory(in), "/etc/postfix");
		const struct mp_source *main_cf = read_ok(in, "main.cf");
		assert_string_equal(main_cf->name, "main.cf");
		assert_false(main_cf->outside);
		assert_ptr_equal(read_ok(in, "/etc/postfix/main.cf"), main_cf);
		assert_ptr_equal(read_ok(in, at("pf/./main.cf")), main_cf);
		assert_string_equal(read_ok(in, "/etc/postfix/sub/../sub/x")->name, "sub/x");
		assert_int_equal(status(in, "nothing"), MP_READ_OPEN);
		assert_int_equal(status(in, "access/x"), MP_READ_OPEN);
		assert_int_equal(mp_input_exists(in, "sub"), MP_READ_OK);
		assert_int_equal(mp_input_exists(in, "nothing"), MP_READ_OPEN);
		mp_input_set_complete(in, true);
		assert_int_equal(status(in, "nothing"), MP_READ_ABSENT);
		const struct mp_source *const *sources;
		assert_int_equal(mp_input_sources(in, &sources), 2);
		assert_string_equal(mp_input_sha256(in, sources[1]),
			"0f044da0abb8aabed6bbbe0fecae23e80af0c48e98f3755ce25f1f0dfab18283");
		mp_input_free(in);
	}
}

static void test_bad_files(void **state)
{
	const struct mp_source *source = NULL;
	struct mp_err err = {MP_ERR_NONE, ""};

	(void)state;
	int fd = open(at("pf/huge"), O_WRONLY | O_CREAT, 0644);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, MP_LIMIT_FILE + 1), 0);
	close(fd);
	struct mp_input *in = open_input(at("pf"), (struct mp_input_options){0});
	assert_int_equal(mp_input_read(in, "huge", &source, &err), MP_READ_ERROR);
	assert_non_null(
		strstr(err.text, "huge: has 16777217 bytes, more than the limit of 16 MiB"));
	assert_int_equal(mp_input_read(in, "fifo", &source, &err), MP_READ_ERROR);
	assert_non_null(strstr(err.text, "fifo: is not a regular file"));
	assert_int_equal(mp_input_read(in, "sub", &source, &err), MP_READ_ERROR);
	assert_non_null(strstr(err.text, "sub: is a folder"));
	assert_int_equal(mp_input_read(in, "/dev/zero", &source, &err), MP_READ_ERROR);
	mp_input_free(in);
	unlink(at("pf/huge"));
	refused(at("nothing"), (struct mp_input_options){0}, "no such file or folder");
	refused(at("pf/fifo"), (struct mp_input_options){0}, "neither a file nor a folder");
	refused(at("outside"), (struct mp_input_options){0}, "is not a configuration");
	refused(at("root"), (struct mp_input_options){0}, "holds no configuration");
	refused(at("pf"), (struct mp_input_options){.type = "exim"}, "the types are");
	refused(at("pf"), (struct mp_input_options){.type = "cf"}, "holds no configuration");
	refused(at("pf"), (struct mp_input_options){.root = at("outside")}, "is not a folder");
}

static void test_nul(void **state)
{
	const char *const *notes;

	(void)state;
	static const char text[] = "myhostname = mx.example.org\nc\0d = e\n";
	folder("nul");
	int fd = open(at("nul/main.cf"), O_WRONLY | O_CREAT, 0644);
	assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
	struct mp_input *in = open_input(at("nul"), (struct mp_input_options){0});
	assert_int_equal(read_ok(in, "main.cf")->text.n, sizeof text - 1);
	assert_int_equal(mp_input_notes(in, &notes), 1);
	assert_non_null(strstr(notes[0], "main.cf holds NUL bytes (the first in line 2)"));
	mp_input_free(in);
	folder("binary");
	fd = open(at("binary/main.cf"), O_WRONLY | O_CREAT, 0644);
	assert_int_equal(write(fd, "\177ELF\2\1\1\0\0\0", 10), 10);
	close(fd);
	refused(at("binary"), (struct mp_input_options){0}, "is not a text file");
}

static void test_outside(void **state)
{
	(void)state;
	struct mp_input *in = open_input(at("pf"), (struct mp_input_options){0});
	assert_true(read_ok(in, at("outside"))->outside);
	assert_true(read_ok(in, "../outside")->outside);
	assert_true(read_ok(in, "link")->outside);
	mp_input_free(in);
	in = open_input(at("pf"), (struct mp_input_options){.isolated = true});
	assert_int_equal(status(in, at("outside")), MP_READ_OPEN);
	assert_int_equal(status(in, "../outside"), MP_READ_OPEN);
	assert_int_equal(status(in, "link"), MP_READ_OPEN);
	assert_int_equal(status(in, "/etc/passwd"), MP_READ_OPEN);
	assert_int_equal(status(in, "access"), MP_READ_OK);
	mp_input_free(in);
}

static void test_root(void **state)
{
	(void)state;
	struct mp_input *in = open_input(
		at("pf"), (struct mp_input_options){.root = at("root"), .isolated = true});
	const struct mp_source *aliases = read_ok(in, "/etc/aliases");
	assert_true(aliases->outside);
	assert_string_equal(aliases->path, at("root/etc/aliases"));
	assert_int_equal(status(in, "/etc/passwd"), MP_READ_OPEN);
	assert_string_equal(read_ok(in, "/etc/postfix/access")->name, "access");
	mp_input_free(in);
}

static void test_overlay(void **state)
{
	const char *const *notes;

	(void)state;
	put("candidate", "myhostname = other.example.org\n");
	struct mp_overlay overlays[] = {
		{"main.cf", at("candidate")}, {"/etc/aliases", at("outside")}};
	struct mp_input *in = open_input(
		at("pf"), (struct mp_input_options){.overlays = overlays, .overlay_count = 2});
	const struct mp_source *main_cf = read_ok(in, "/etc/postfix/main.cf");
	assert_string_equal(main_cf->name, "main.cf");
	assert_true(mp_slice_ends(main_cf->text, "other.example.org\n"));
	assert_false(main_cf->outside);
	assert_true(mp_slice_eq_str(read_ok(in, "/etc/aliases")->text, "secret\n"));
	assert_int_equal(mp_input_notes(in, &notes), 2);
	mp_input_free(in);
	overlays[0].file = at("nothing");
	refused(at("pf"), (struct mp_input_options){.overlays = overlays, .overlay_count = 1},
		"no such file");
}

static void test_other_names(void **state)
{
	const char *const *notes;

	(void)state;
	folder("dms");
	put("dms/postfix-main.cf", "max_idle = 600s\n");
	struct mp_input *in = open_input(at("dms"), (struct mp_input_options){0});
	assert_string_equal(mp_input_main(in), "main.cf");
	assert_string_equal(read_ok(in, "main.cf")->name, "postfix-main.cf");
	assert_int_equal(mp_input_notes(in, &notes), 1);
	mp_input_free(in);
	put("dms/main.cf.old", "");
	refused(at("dms"), (struct mp_input_options){0}, "main.cf.old, postfix-main.cf");
	in = open_input(at("dms/postfix-main.cf"), (struct mp_input_options){0});
	assert_int_equal(mp_input_kind(in), MP_CONFIG_POSTFIX);
	mp_input_free(in);

	folder("odd");
	put("odd/settings", "smtpd_banner = x\n");
	put("odd/README", "hello\n");
	in = open_input(at("odd"), (struct mp_input_options){0});
	assert_string_equal(read_ok(in, "main.cf")->name, "settings");
	mp_input_free(in);

	folder("master");
	put("master/master.cf", "smtp inet n - y - - smtpd\n");
	in = open_input(at("master"), (struct mp_input_options){0});
	assert_int_equal(status(in, "main.cf"), MP_READ_OPEN);
	read_ok(in, "master.cf");
	mp_input_free(in);
	put("master/main.cf.proto", "smtpd_banner = x\n");
	in = open_input(at("master"), (struct mp_input_options){0});
	assert_string_equal(read_ok(in, "main.cf")->name, "main.cf.proto");
	mp_input_free(in);

	folder("template");
	put("template/main.cf.j2", "a = b\nmyhostname = {{ host }}\n");
	refused(at("template"), (struct mp_input_options){0},
		"main.cf.j2:2: \"{{\" marks a template");
}

static void test_sendmail(void **state)
{
	const char *const *notes;

	(void)state;
	folder("mail");
	put("mail/submit.mc", "FEATURE(`msp')\n");
	put("mail/sendmail.mc", "OSTYPE(`linux')\n");
	put("mail/sendmail.cf", "V10/Berkeley\n");
	put("mail/access", "x y\n");
	struct mp_input *in = open_input(at("mail"), (struct mp_input_options){0});
	assert_int_equal(mp_input_kind(in), MP_CONFIG_MC);
	assert_string_equal(mp_input_main(in), "sendmail.mc");
	assert_string_equal(mp_input_directory(in), "/etc/mail");
	assert_int_equal(mp_input_notes(in, &notes), 1);
	assert_string_equal(read_ok(in, "/etc/mail/access")->name, "access");
	mp_input_free(in);
	in = open_input(at("mail"), (struct mp_input_options){.prefer_cf = true});
	assert_int_equal(mp_input_kind(in), MP_CONFIG_CF);
	assert_string_equal(mp_input_main(in), "sendmail.cf");
	mp_input_free(in);
	unlink(at("mail/sendmail.mc"));
	in = open_input(at("mail"), (struct mp_input_options){0});
	assert_string_equal(mp_input_main(in), "sendmail.cf");
	mp_input_free(in);
	in = open_input(at("mail/submit.mc"), (struct mp_input_options){0});
	assert_string_equal(mp_input_main(in), "submit.mc");
	mp_input_free(in);
}

static const char *beside(const char *config, struct mp_input_options options)
{
	static char name[200];
	struct mp_input *in = open_input(at(config), options);
	const char *found = mp_input_beside(in);

	snprintf(name, sizeof name, "%s + %s", mp_input_main(in), found != NULL ? found : "-");
	mp_input_free(in);
	return name;
}

/* A .cf belongs to the .mc that it was built from, and submit's never to the server's. */
static void test_sendmail_pairs(void **state)
{
	const struct mp_input_options as_is = {0}, cf = {.prefer_cf = true};
	struct mp_overlay overlays[] = {{"sendmail.mc", NULL}, {"sendmail.cf", NULL}};
	struct mp_input_options one = {.overlays = overlays, .overlay_count = 1};
	struct mp_input_options both = {.overlays = overlays, .overlay_count = 2};

	(void)state;
	folder("pair");
	put("pair/submit.mc", "FEATURE(`msp')\n");
	put("pair/submit.cf", "V10/Berkeley\n");
	assert_string_equal(beside("pair", as_is), "submit.mc + submit.cf");
	assert_string_equal(beside("pair", cf), "submit.cf + submit.mc");
	put("pair/sendmail.mc", "OSTYPE(`linux')\n");
	assert_string_equal(beside("pair", as_is), "sendmail.mc + -");
	assert_string_equal(beside("pair", cf), "sendmail.mc + -");
	put("pair/sendmail.cf", "V10/Berkeley\n");
	assert_string_equal(beside("pair", as_is), "sendmail.mc + sendmail.cf");
	assert_string_equal(beside("pair", cf), "sendmail.cf + sendmail.mc");
	assert_string_equal(beside("pair/sendmail.mc", cf), "sendmail.mc + sendmail.cf");
	assert_string_equal(beside("pair/sendmail.cf", as_is), "sendmail.cf + sendmail.mc");
	assert_string_equal(beside("pair/submit.mc", as_is), "submit.mc + submit.cf");
	assert_string_equal(beside("pair/submit.cf", as_is), "submit.cf + submit.mc");
	/* What is about to be installed is newer than what is there. */
	put("pair/new", "OSTYPE(`linux')\n");
	overlays[0].file = overlays[1].file = strdup(at("pair/new"));
	one.type = both.type = "mc";
	assert_string_equal(beside("pair/sendmail.mc", one), "sendmail.mc + -");
	assert_string_equal(beside("pair/sendmail.mc", both), "sendmail.mc + sendmail.cf");
	free((char *)overlays[0].file);
	unlink(at("pair/sendmail.mc"));
	assert_string_equal(beside("pair", as_is), "sendmail.cf + -");
	assert_string_equal(beside("pair/sendmail.cf", as_is), "sendmail.cf + -");
	unlink(at("pair/submit.mc"));
	assert_string_equal(beside("pair/submit.cf", as_is), "submit.cf + -");
	/* A .mc that is called as its host. */
	put("pair/mail.mc", "OSTYPE(`linux')\n");
	assert_string_equal(beside("pair", as_is), "mail.mc + sendmail.cf");
	assert_string_equal(beside("pair/sendmail.cf", as_is), "sendmail.cf + mail.mc");
	put("pair/mail.cf", "V10/Berkeley\n");
	assert_string_equal(beside("pair/mail.mc", as_is), "mail.mc + mail.cf");
	put("pair/other.mc", "OSTYPE(`linux')\n");
	assert_string_equal(beside("pair/other.mc", as_is), "other.mc + -");
	put("pair/mail.submit.mc", "FEATURE(`msp')\n");
	assert_string_equal(beside("pair/mail.submit.mc", as_is), "mail.submit.mc + submit.cf");
	assert_string_equal(beside("pair/submit.cf", as_is), "submit.cf + mail.submit.mc");
	/* A template is no .mc yet. */
	put("pair/mail.mc", "define(`confDOMAIN_NAME', `{{ name }}')\n");
	assert_string_equal(
		beside("pair/mail.cf", (struct mp_input_options){.type = "cf"}), "mail.cf + -");
}

/* FreeBSD has a model and the submission program's file beside the host's own. */
static void test_sendmail_freebsd(void **state)
{
	(void)state;
	folder("bsd");
	put("bsd/freebsd.mc", "OSTYPE(`freebsd6')\n");
	put("bsd/freebsd.submit.mc", "FEATURE(`msp')\n");
	struct mp_input *in = open_input(at("bsd"), (struct mp_input_options){0});
	assert_string_equal(mp_input_main(in), "freebsd.mc");
	mp_input_free(in);
	put("bsd/mail.example.org.mc", "OSTYPE(`freebsd6')\n");
	put("bsd/mail.example.org.submit.mc", "FEATURE(`msp')\n");
	in = open_input(at("bsd"), (struct mp_input_options){0});
	assert_string_equal(mp_input_main(in), "mail.example.org.mc");
	mp_input_free(in);
	put("bsd/other.mc", "OSTYPE(`freebsd6')\n");
	refused(at("bsd"), (struct mp_input_options){0}, "several candidates");
}

static void shell(const char *command)
{
	char line[1200];

	snprintf(line, sizeof line,
		"cd '%s' && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 && { %s; } "
		">/dev/null 2>&1",
		top, command);
	assert_int_equal(system(line), 0);
}

static void test_git(void **state)
{
	char here[4096];

	(void)state;
	shell("mkdir -p repo/postfix/maps && cd repo && git init -q && git config user.name t && "
	      "git config user.email t@example.org && printf 'smtpd_banner = old\\n' "
	      ">postfix/main.cf && "
	      "printf 'k v\\n' >postfix/maps/access && ln -s maps/access postfix/link && "
	      "ln -s ../../outside postfix/away && git add . && git commit -q -m one && "
	      "printf 'smtpd_banner = new\\n' >postfix/main.cf && git commit -q -a -m two");
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(chdir(at("repo/postfix")), 0);
	const char *configs[] = {
		"HEAD~1:postfix", "HEAD~1:postfix/main.cf", "HEAD~1:./", "HEAD~1:./main.cf"};
	for (size_t i = 0; i < 4; i++) {
		struct mp_input *in = open_input(configs[i], (struct mp_input_options){0});
		assert_true(mp_slice_eq_str(read_ok(in, "main.cf")->text, "smtpd_banner = old\n"));
		assert_true(
			mp_slice_eq_str(read_ok(in, "/etc/postfix/maps/access")->text, "k v\n"));
		assert_true(mp_slice_eq_str(read_ok(in, "link")->text, "k v\n"));
		assert_int_equal(status(in, "away"), MP_READ_OPEN);
		assert_int_equal(status(in, "master.cf"), MP_READ_OPEN);
		assert_int_equal(status(in, "maps"), MP_READ_ERROR);
		assert_int_equal(status(in, "/etc/passwd"), MP_READ_OPEN);
		long long seconds;
		assert_false(mp_input_mtime(in, "main.cf", &seconds));
		mp_input_free(in);
	}
	refused("HEAD:nothing", (struct mp_input_options){0}, "git: ");
	refused("nosuch:postfix", (struct mp_input_options){0}, "git: ");
	refused("--output=x:postfix", (struct mp_input_options){0}, "names no version");
	assert_int_equal(chdir(top), 0);
	refused("HEAD:postfix", (struct mp_input_options){0}, "git: ");
	assert_int_equal(chdir(here), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_templates),
		cmocka_unit_test(test_folder),
		cmocka_unit_test(test_bad_files),
		cmocka_unit_test(test_nul),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_overlay),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_sendmail),
		cmocka_unit_test(test_sendmail_pairs),
		cmocka_unit_test(test_sendmail_freebsd),
		cmocka_unit_test(test_git),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
