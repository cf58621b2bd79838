/* Targets as the user writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probe/target.h"

static const struct {
	const char *text, *host;
	unsigned port;
	bool implicit_tls;
	enum mp_service service;
} good[] = {
	{"mail.example.org", "mail.example.org", 25, false, MP_SERVICE_SMTP},
	{"mail.example.org:587", "mail.example.org", 587, false, MP_SERVICE_SUBMISSION},
	{"mail.example.org:465", "mail.example.org", 465, true, MP_SERVICE_SUBMISSIONS},
	{"mail.example.org:2525", "mail.example.org", 2525, false, MP_SERVICE_SMTP},
	{"192.0.2.1:25", "192.0.2.1", 25, false, MP_SERVICE_SMTP},
	{"2001:db8::1", "2001:db8::1", 25, false, MP_SERVICE_SMTP},
	{"[2001:db8::1]", "2001:db8::1", 25, false, MP_SERVICE_SMTP},
	{"[2001:db8::1]:587", "2001:db8::1", 587, false, MP_SERVICE_SUBMISSION},
	{"smtp://mail.example.org", "mail.example.org", 25, false, MP_SERVICE_SMTP},
	{"smtp://mail.example.org:465/", "mail.example.org", 465, false, MP_SERVICE_SMTP},
	{"submission://mail.example.org", "mail.example.org", 587, false, MP_SERVICE_SUBMISSION},
	{"SMTPS://[::1]:10465", "::1", 10465, true, MP_SERVICE_SUBMISSIONS},
};

static const char *const bad[] = {"", ":25", "mail.example.org:", "mail.example.org:0",
	"mail.example.org:65536", "mail.example.org:smtp", "a:b:25", "[2001:db8::1", "[mail]:25",
	"[::1]25", "http://mail.example.org", "mail.example.org/path", "smtp://", "a b",
	"user@host", "mail\r\n.example"};

static void targets(void **state)
{
	struct mp_arena arena = {0};
	struct mp_probe_target t;
	struct mp_err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		assert_int_equal(mp_target_parse(&t, good[i].text, &arena, &err), 0);
		assert_string_equal(t.host, good[i].host);
		assert_int_equal(t.port, good[i].port);
		assert_int_equal(t.implicit_tls, good[i].implicit_tls);
		assert_int_equal(t.service, good[i].service);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (mp_target_parse(&t, bad[i], &arena, &err) == 0) {
			fail_msg("taken for a target: %s", bad[i]);
		}
		assert_int_equal(err.code, MP_ERR_USAGE);
	}
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(targets)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
