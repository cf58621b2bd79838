/* Mechanisms word for word, and where passwords come from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sasl/sasl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct mp_login login = {.user = "alice", .password = "s3cret", .authorize_as = ""};

static void plain(void **state)
{
	const struct mp_auth_mechanism *m = mp_sasl_find("plain");
	char out[64];
	size_t n = 0;

	(void)state;
	assert_non_null(m);
	assert_true(m->reveals_password && m->client_first);
	void *exchange = m->start(&login, "mail.example.org");
	assert_int_equal(m->respond(exchange, mp_slice("", 0), out, sizeof out, &n), 0);
	assert_int_equal(n, 13);
	assert_memory_equal(out, "\0alice\0s3cret", 13);
	assert_int_equal(m->respond(exchange, mp_slice("", 0), out, sizeof out, &n), -1);
	m->end(exchange);

	exchange = m->start(&login, "");
	assert_int_equal(m->respond(exchange, mp_slice("", 0), out, 12, &n), -1);
	m->end(exchange);
}

static void two_questions(void **state)
{
	const struct mp_auth_mechanism *m = mp_sasl_find("LOGIN");
	char out[64];
	size_t n = 0;

	(void)state;
	assert_non_null(m);
	assert_true(m->reveals_password && !m->client_first);
	void *exchange = m->start(&login, "");
	assert_int_equal(m->respond(exchange, mp_slice("User", 4), out, sizeof out, &n), 0);
	assert_int_equal(n, 5);
	assert_memory_equal(out, "alice", 5);
	assert_int_equal(m->respond(exchange, mp_slice("?", 1), out, sizeof out, &n), 0);
	assert_memory_equal(out, "s3cret", 6);
	assert_int_equal(m->respond(exchange, mp_slice("?", 1), out, sizeof out, &n), -1);
	m->end(exchange);
	assert_null(mp_sasl_find("XYZ"));
}

static char *read_file(const char *text, size_t size, struct mp_err *err)
{
	char path[] = "/tmp/mtaproof-test-XXXXXX";
	int fd = mkstemp(path);
	struct mp_password_source source = {.file = path};

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), (ssize_t)size);
	close(fd);
	char *password = mp_password_read(&source, err);
	unlink(path);
	return password;
}

static void from_file(void **state)
{
	struct mp_err err = {0};
	char *p = read_file("pa ss\r\nmore\n", 12, &err);

	(void)state;
	assert_string_equal(p, "pa ss");
	mp_password_free(p);
	p = read_file("pass", 4, &err);
	assert_string_equal(p, "pass");
	mp_password_free(p);
	assert_null(read_file("\n", 1, &err));
	assert_int_equal(err.code, MP_ERR_INPUT);
	assert_null(read_file("", 0, &err));
	assert_null(read_file("a\0b\n", 4, &err));
	char *big = malloc(5000);
	memset(big, 'x', 5000);
	assert_null(read_file(big, 5000, &err));
	assert_null(strstr(err.text, "xxxx"));
	free(big);
	const struct mp_password_source absent = {.file = "/nonexistent/password"};
	assert_null(mp_password_read(&absent, &err));
	assert_int_equal(err.code, MP_ERR_INPUT);
}

static void from_elsewhere(void **state)
{
	struct mp_err err = {0};
	const struct mp_password_source environment = {.environment = "MTAPROOF_TEST_PASSWORD"};
	const struct mp_password_source command = {
		.command = "printf 'from command\\n'; echo more"};
	const struct mp_password_source fails = {.command = "echo secret; exit 3"};
	const struct mp_password_source none = {0};
	const struct mp_password_source two = {.command = "true", .environment = "X"};

	(void)state;
	unsetenv("MTAPROOF_TEST_PASSWORD");
	assert_null(mp_password_read(&environment, &err));
	assert_int_equal(err.code, MP_ERR_USAGE);
	setenv("MTAPROOF_TEST_PASSWORD", "from environment", 1);
	char *p = mp_password_read(&environment, &err);
	assert_string_equal(p, "from environment");
	mp_password_free(p);
	p = mp_password_read(&command, &err);
	assert_string_equal(p, "from command");
	mp_password_free(p);
	assert_null(mp_password_read(&fails, &err));
	assert_int_equal(err.code, MP_ERR_INPUT);
	assert_null(mp_password_read(&none, &err));
	assert_null(mp_password_read(&two, &err));
	mp_password_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(plain), cmocka_unit_test(two_questions),
		cmocka_unit_test(from_file), cmocka_unit_test(from_elsewhere)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
