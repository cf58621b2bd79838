/* test_predict_outcomes - what scenarios come to, for whom, and on what that rests. */
#include "unit/postfix_sim.h"

#include "base/buf.h"
#include "predict/outcomes.h"
#include "sasl/sasl.h"
#include "world/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One scenario for each kind of outcome. */
static const char scenarios[] =
	"{\"scenarios\": ["
	"{\"id\": \"own\", \"title\": \"t\", \"why\": \"w\", \"group\": \"local\", \"client\": "
	"\"any\","
	" \"impact\": \"quiet\", \"tests\": \"RCPT\", \"dialogue\": [\"EHLO {helo}\","
	" \"MAIL FROM:<{sender}>\", \"RCPT TO:<alice@{local.domain}>\"]},"
	"{\"id\": \"relay\", \"title\": \"t\", \"why\": \"w\", \"group\": \"relay\", \"client\": "
	"\"any\","
	" \"impact\": \"intrusive\", \"rejects\": true, \"control\": \"own\", \"tests\": \"RCPT\","
	" \"dialogue\": [\"EHLO {helo}\", \"MAIL FROM:<{sender}>\","
	" \"RCPT TO:<{foreign.user}@{foreign.domain}>\"]},"
	"{\"id\": \"vrfy\", \"title\": \"t\", \"why\": \"w\", \"group\": \"vrfy\", \"client\": "
	"\"outsider\","
	" \"impact\": \"quiet\", \"tests\": \"EHLO\", \"keyword\": \"VRFY\", \"dialogue\": [\"EHLO "
	"{helo}\"]},"
	"{\"id\": \"tls\", \"title\": \"t\", \"why\": \"w\", \"group\": \"tls\", \"client\": "
	"\"outsider\","
	" \"impact\": \"quiet\", \"tests\": \"MAIL\","
	" \"dialogue\": [\"EHLO {helo}\", \"STARTTLS\", \"EHLO {helo}\", \"MAIL FROM:<>\"]},"
	"{\"id\": \"login\", \"title\": \"t\", \"why\": \"w\", \"group\": \"login\", \"client\": "
	"\"outsider\","
	" \"needs\": [\"credentials\"], \"impact\": \"quiet\", \"tests\": \"RCPT\","
	" \"dialogue\": [\"EHLO {helo}\", \"AUTH {login}\", \"MAIL FROM:<>\","
	" \"RCPT TO:<{foreign.user}@{foreign.domain}>\"]},"
	"{\"id\": \"hosted\", \"title\": \"t\", \"why\": \"w\", \"group\": \"local\", \"client\": "
	"\"trusted\","
	" \"impact\": \"quiet\", \"tests\": \"RCPT\", \"dialogue\": [\"EHLO {helo}\", \"MAIL "
	"FROM:<>\","
	" \"RCPT TO:<a@{hosted.domain}>\"]}"
	"]}";

/* "own outsider accepted-local at RCPT (reason) [discarded] if a = b; main.cf:7: text", a line for
 * each outcome. */
static void print(struct mp_buf *out, const struct mp_predicted *p)
{
	mp_buf_printf(out, "%s %s %s %s", p->listener, p->client, p->scenario,
		mp_outcome_name(p->outcome));
	if (p->why != MP_WHY_NONE) {
		mp_buf_printf(out, " (%s)", mp_why_name(p->why));
	}
	mp_buf_puts(out, p->discarded ? " discarded" : "");
	mp_buf_puts(out, p->control_failed ? " control-failed" : "");
	for (size_t i = 0; i < p->assumption_count; i++) {
		mp_buf_printf(out, "%s%s", i == 0 ? " if " : " and ", p->assumptions[i]);
	}
	mp_buf_puts(out, "\n");
}

static char *predicted(const struct sim_case *c, const char *listener, enum mp_client_class client)
{
	struct sim *sim = sim_start(c);
	struct mp_arena arena = {0};
	struct mp_scenarios list = {0};
	struct mp_session_options session = {0};
	struct mp_prediction prediction = {0};
	struct mp_err err = {0};
	struct mp_buf out;

	assert_int_equal(mp_scenarios_read(&list, "test", mp_slice_str(scenarios), &err), 0);
	session.mechanisms = mp_sasl_mechanisms(&session.mechanism_count);
	struct mp_predict_options options = {
		.scenarios = &list, .session = &session, .listener = listener, .client = client};
	struct mp_server_view view = mp_server_survey(sim_server(sim), sim_facts(sim), &arena);
	mp_outcomes_predict(sim_server(sim), &view, sim_facts(sim), &options, &arena, &prediction);
	mp_buf_init(&out, 1 << 20);
	for (size_t i = 0; i < prediction.outcome_count; i++) {
		print(&out, &prediction.outcomes[i]);
	}
	mp_scenarios_release(&list);
	mp_arena_release(&arena);
	sim_stop(sim);
	char *text = mp_buf_detach(&out);
	mp_buf_release(&out);
	return text;
}

static void expect(const struct sim_case *c, const char *listener, enum mp_client_class client,
	const char *want)
{
	char *got = predicted(c, listener, client);

	assert_string_equal(got, want);
	free(got);
}

static struct sim_case base = {.main_cf = SIM_LIST("reject_unauth_destination")};

static void test_classes(void **state)
{
	(void)state;
	expect(&base, NULL, MP_CLIENT_OUTSIDER,
		"smtp outsider own accepted-local\n"
		"smtp outsider relay refused\n"
		"smtp outsider vrfy offered\n"
		"smtp outsider tls not-reached (not-offered)\n"
		"smtp outsider login not-reached (no-mechanism)\n");
	/* A trusted client's relaying is refused: the list does not permit its network. */
	expect(&base, NULL, MP_CLIENT_TRUSTED,
		"smtp trusted own accepted-local\n"
		"smtp trusted relay refused\n"
		"smtp trusted hosted not-reached (no-name)\n");
}

static void test_relay(void **state)
{
	struct sim_case c = {.main_cf = SIM_BASE "smtpd_relay_restrictions = permit_mynetworks, "
						 "reject_unauth_destination\n"};

	(void)state;
	expect(&c, NULL, MP_CLIENT_TRUSTED,
		"smtp trusted own accepted-local\n"
		"smtp trusted relay accepted-relay\n"
		"smtp trusted hosted not-reached (no-name)\n");
	expect(&c, NULL, MP_CLIENT_SERVER,
		"smtp server own accepted-local\n"
		"smtp server relay refused\n"
		"smtp server hosted not-reached (no-name)\n");
}

/* Refused for another reason than its destination: the control says so. */
static void test_control(void **state)
{
	struct sim_case c = {.main_cf = SIM_LIST("reject")};

	(void)state;
	expect(&c, NULL, MP_CLIENT_TRUSTED,
		"smtp trusted own refused\n"
		"smtp trusted relay refused control-failed\n"
		"smtp trusted hosted not-reached (no-name)\n");
}

static void test_discarded(void **state)
{
	struct sim_case c = {.main_cf = SIM_BASE
		"smtpd_relay_restrictions = check_recipient_access inline:{{example.com=DISCARD}}, "
		"reject_unauth_destination\n"};

	(void)state;
	char *got = predicted(&c, NULL, MP_CLIENT_OUTSIDER);
	assert_non_null(strstr(got, "smtp outsider relay accepted-relay discarded\n"));
	free(got);
}

/* An outside party decides: nothing is called refused that is not refused in every world. */
static void test_depends(void **state)
{
	struct sim_case c = {.main_cf = SIM_BASE
		"smtpd_relay_restrictions = check_policy_service inet:127.0.0.1:10023, "
		"reject_unauth_destination\n"};

	(void)state;
	char *got = predicted(&c, NULL, MP_CLIENT_OUTSIDER);
	assert_non_null(strstr(got, "smtp outsider relay accepted-relay if "));
	assert_non_null(strstr(got, "smtp outsider relay refused if "));
	free(got);
}

/* The user is assumed to exist where the facts hold none, and that stands there. */
static void test_login(void **state)
{
	static const struct sim_file master[] = {
		{"master.cf", "smtp inet n - n - - smtpd\n"}, {NULL, NULL}};
	struct sim_case c = {.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\nsmtpd_relay_restrictions = "
		"permit_sasl_authenticated, reject_unauth_destination\n",
		.files = master,
		.facts = "{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\", "
			 "\"config_complete\": true, \"dns_complete\": true, \"local_users\": "
			 "[\"alice\"], \"distribution\": \"debian\", \"addresses\": "
			 "[\"192.0.2.10/24\"], \"sasl\": {\"mechanisms\": [\"PLAIN\"]}}"};

	(void)state;
	char *got = predicted(&c, NULL, MP_CLIENT_OUTSIDER);
	const char *line = strstr(got, "smtp outsider login ");
	assert_non_null(line);
	assert_string_equal(
		line, "smtp outsider login accepted-relay if sasl.login user@local.test = found\n");
	free(got);
	/* With users in the facts, theirs is the login. */
	c.facts = NULL;
	got = predicted(&c, NULL, MP_CLIENT_OUTSIDER);
	line = strstr(got, "smtp outsider login ");
	assert_non_null(line);
	assert_string_equal(line, "smtp outsider login accepted-relay\n");
	free(got);
}

/* A server that hangs up after few refused commands: each scenario has its answer all the same. */
static void test_error_limit(void **state)
{
	struct sim_case c = {.main_cf = SIM_LIST("reject") "smtpd_hard_error_limit = 1\n"};

	(void)state;
	expect(&c, NULL, MP_CLIENT_TRUSTED,
		"smtp trusted own refused\n"
		"smtp trusted relay refused control-failed\n"
		"smtp trusted hosted not-reached (no-name)\n");
}

/* One that does not start. */
static void test_no_service(void **state)
{
	struct sim_case c = {.main_cf = SIM_BASE "smtpd_relay_restrictions = permit\n"
						 "smtpd_recipient_restrictions = permit\n"};

	(void)state;
	char *got = predicted(&c, NULL, MP_CLIENT_OUTSIDER);
	assert_non_null(strstr(got, "smtp outsider relay no-service"));
	assert_null(strstr(got, "accepted"));
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_relay),
		cmocka_unit_test(test_control),
		cmocka_unit_test(test_discarded),
		cmocka_unit_test(test_depends),
		cmocka_unit_test(test_login),
		cmocka_unit_test(test_error_limit),
		cmocka_unit_test(test_no_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
