/* The lab's authentication server: Dovecot's protocol, with the plan's users. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab/auth.h"

#include <string.h>

static const char *const mechanisms[] = {"PLAIN", "LOGIN", "CRAM-MD5", "ANONYMOUS", "XOAUTH2"};
static const struct mp_lab_user users[] = {
	{"alice", "secret"},
	{"tim@mail.example.org", "tanstaaftanstaaf"},
};
static const struct mp_lab_plan plan = {
	.hostname = "mail.example.org",
	.sasl_mechanisms = mechanisms,
	.sasl_mechanism_count = 5,
	.sasl_users = users,
	.sasl_user_count = 2,
};

struct talk_case {
	const char *name;
	const char *lines; /* what the client says, LF between */
	const char *want; /* all that the server says */
};

static const struct talk_case talks[] = {
	{"handshake needs no answer", "VERSION\t1\t1\nCPID\t42", ""},
	{"plain", "AUTH\t1\tPLAIN\tservice=smtp\tresp=AGFsaWNlAHNlY3JldA==", "OK\t1\tuser=alice\n"},
	{"plain, wrong", "AUTH\t1\tPLAIN\tresp=AGFsaWNlAHdyb25n", "FAIL\t1\tuser=alice\n"},
	{"plain, case folded", "AUTH\t7\tplain\tresp=AEFMSUNFAHNlY3JldA==", "OK\t7\tuser=alice\n"},
	{"plain, own authzid", "AUTH\t1\tPLAIN\tresp=YWxpY2UAYWxpY2UAc2VjcmV0",
		"OK\t1\tuser=alice\n"},
	{"plain, other authzid",
		"AUTH\t1\tPLAIN\tresp=cm9vdABhbGljZQBzZWNyZXQ=", "FAIL\t1\tuser=alice\n"},
	{"plain, not three parts", "AUTH\t1\tPLAIN\tresp=YWxpY2U=", "FAIL\t1\n"},
	{"plain in two steps", "AUTH\t1\tPLAIN\tservice=smtp\nCONT\t1\tAGFsaWNlAHNlY3JldA==",
		"CONT\t1\t\nOK\t1\tuser=alice\n"},
	{"login", "AUTH\t3\tLOGIN\nCONT\t3\tYWxpY2U=\nCONT\t3\tc2VjcmV0",
		"CONT\t3\tVXNlcm5hbWU6\nCONT\t3\tUGFzc3dvcmQ6\nOK\t3\tuser=alice\n"},
	{"login with initial response", "AUTH\t3\tLOGIN\tresp=YWxpY2U=\nCONT\t3\tc2VjcmV0",
		"CONT\t3\tUGFzc3dvcmQ6\nOK\t3\tuser=alice\n"},
	{"realm is the host's name", "AUTH\t1\tPLAIN\tresp=AHRpbQB0YW5zdGFhZnRhbnN0YWFm",
		"OK\t1\tuser=tim\n"},
	{"unknown user", "AUTH\t1\tPLAIN\tresp=AGJvYgBzZWNyZXQ=", "FAIL\t1\tuser=bob\n"},
	{"bad base64", "AUTH\t1\tPLAIN\tresp=!!!!",
		"FAIL\t1\treason=Invalid base64 data in initial response\n"},
	{"bad base64 later", "AUTH\t1\tLOGIN\nCONT\t1\tx",
		"CONT\t1\tVXNlcm5hbWU6\nFAIL\t1\treason=Invalid base64 data in continued "
		"response\n"},
	{"not offered", "AUTH\t1\tGSSAPI\tresp=", "FAIL\t1\n"},
	{"offered, not known here", "AUTH\t1\tXOAUTH2\tresp=YQ==", "FAIL\t1\n"},
	{"anonymous", "AUTH\t1\tANONYMOUS\tresp=", "OK\t1\tuser=anonymous\n"},
	{"no such request", "CONT\t9\tYQ==", ""},
	{"no number", "AUTH\tx\tPLAIN", ""},
	{"number 0 is not used", "CONT\t0\tYQ==", ""},
	{"challenge", "AUTH\t1\tCRAM-MD5\nCONT\t1\tdGltIDAw",
		"CONT\t1\tPDEuMUBtYWlsLmV4YW1wbGUub3JnPg==\nFAIL\t1\tuser=tim\n"},
};

static void test_talks(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof talks / sizeof *talks; i++) {
		struct lab_auth auth = {.plan = &plan};
		struct mp_slice rest = mp_slice_str(talks[i].lines);
		struct mp_buf out;
		mp_buf_init(&out, 65536);
		while (rest.n > 0) {
			size_t end = mp_slice_chr(rest, '\n');
			struct mp_slice line = mp_slice_sub(rest, 0, end);
			lab_auth_line(&auth, line, &out);
			rest = mp_slice_from(rest, line.n + 1);
		}
		if (strcmp(out.p, talks[i].want) != 0) {
			fail_msg("%s: got \"%s\"", talks[i].name, out.p);
		}
		mp_buf_release(&out);
	}
}

static void test_greeting(void **state)
{
	struct lab_auth auth = {.plan = &plan};
	struct mp_buf out;

	(void)state;
	mp_buf_init(&out, 65536);
	lab_auth_greet(&auth, 5, &out);
	assert_non_null(strstr(out.p, "VERSION\t1\t2\n"));
	assert_non_null(strstr(out.p, "MECH\tPLAIN\tplaintext\n"));
	assert_non_null(strstr(out.p, "MECH\tCRAM-MD5\tdictionary\tactive\n"));
	assert_non_null(strstr(out.p, "CUID\t5\n"));
	assert_string_equal(out.p + out.n - 5, "DONE\n");
	mp_buf_release(&out);
}

/* RFC 2195 2: the answer of "tim" to the example's challenge. */
static void test_cram_md5(void **state)
{
	struct lab_auth auth = {.plan = &plan};
	struct mp_buf out;
	static const char challenge[] = "<1896.697170952@postoffice.reston.mci.net>";

	(void)state;
	mp_buf_init(&out, 65536);
	lab_auth_line(&auth, mp_slice_str("AUTH\t1\tCRAM-MD5"), &out);
	memcpy(auth.requests[0].challenge, challenge, sizeof challenge);
	mp_buf_reset(&out);
	lab_auth_line(&auth,
		mp_slice_str("CONT\t1\tdGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw"), &out);
	assert_string_equal(out.p, "OK\t1\tuser=tim\n");
	mp_buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talks),
		cmocka_unit_test(test_greeting),
		cmocka_unit_test(test_cram_md5),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
