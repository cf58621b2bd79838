/* Scenarios: what is read and refused, how names are bound, and which plans come out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "scenario/planner.h"
#include "scenario/select.h"

#include <stdlib.h>

static const struct mp_names names = {
	.helo = "probe.example.net",
	.sender = "a@probe.example.net",
	.foreign_user = "x",
	.foreign_domain = "foreign.example",
	.local_user = "postmaster",
	.local_domain = "example.org",
	.user = "alice@example.org",
};

/* A plan as text: "unit/after role line", "*" for an expected reject, "=" for what is sent with
 * nothing behind it; then the checks. */
static char *show(const struct mp_plans *plans)
{
	static const char roles[] = "sctC";
	struct mp_buf out;

	mp_buf_init(&out, 1 << 16);
	for (size_t p = 0; p < plans->n; p++) {
		const struct mp_plan *plan = plans->v[p];
		mp_buf_printf(&out, "plan%s\n", plan->implicit_tls ? " tls" : "");
		for (size_t i = 0; i < plan->step_count; i++) {
			const struct mp_step *s = &plan->steps[i];
			mp_buf_printf(&out, "%zu %u/%d %c%s%s %s\n", i, s->unit, s->after,
				roles[s->role], s->expect_reject ? "*" : "", s->alone ? "=" : "",
				s->verb == MP_VERB_GREETING ? "-" : s->line);
		}
		for (size_t i = 0; i < plan->check_count; i++) {
			const struct mp_check *c = &plan->checks[i];
			mp_buf_printf(&out, "%s %d %d %s\n", c->scenario, c->step, c->control,
				c->keyword != NULL       ? c->keyword
					: c->any_refusal ? "any"
							 : "-");
		}
	}
	for (size_t i = 0; i < plans->unplanned_count; i++) {
		const struct mp_unplanned *u = &plans->unplanned[i];
		mp_buf_printf(&out, "unplanned %zu %s\n", u->origin,
			u->missing != NULL ? u->missing : u->why);
	}
	char *text = mp_buf_detach(&out);
	mp_buf_release(&out);
	return text;
}

struct selection_case {
	const char *name;
	enum mp_client_class client;
	enum mp_service service;
	bool credentials;
	const char *want;
};

static const struct selection_case quick[] = {
	{"outsider at 25", MP_CLIENT_OUTSIDER, MP_SERVICE_SMTP, false,
		"plan\n"
		"0 0/-1 s -\n"
		"1 0/0 s EHLO probe.example.net\n"
		"2 1/1 c MAIL FROM:<a@probe.example.net>\n"
		"3 1/2 t RCPT TO:<postmaster@example.org>\n"
		"4 1/2 C RSET\n"
		"5 2/1 s MAIL FROM:<a@probe.example.net>\n"
		"6 2/5 t* RCPT TO:<x@foreign.example>\n"
		"7 2/5 C RSET\n"
		"8 0/1 s STARTTLS\n"
		"9 0/8 s EHLO probe.example.net\n"
		"tls/starttls-offered 1 -1 STARTTLS\n"
		"auth/offered-clear 1 -1 AUTH\n"
		"auth/offered-tls 9 -1 AUTH\n"
		"local/recipient 3 -1 -\n"
		"relay/plain 6 3 -\n"},
	{"outsider at 587", MP_CLIENT_OUTSIDER, MP_SERVICE_SUBMISSION, true,
		"plan\n"
		"0 0/-1 s -\n"
		"1 0/0 s EHLO probe.example.net\n"
		"2 0/1 s STARTTLS\n"
		"3 0/2 s EHLO probe.example.net\n"
		"4 1/3 s= MAIL FROM:<a@probe.example.net>\n"
		"5 1/4 t* RCPT TO:<x@foreign.example>\n"
		"6 1/4 C RSET\n"
		"7 0/3 s AUTH\n"
		"8 2/7 s MAIL FROM:<alice@example.org>\n"
		"9 2/8 t RCPT TO:<x@foreign.example>\n"
		"tls/starttls-offered 1 -1 STARTTLS\n"
		"auth/offered-clear 1 -1 AUTH\n"
		"auth/offered-tls 3 -1 AUTH\n"
		"submission/foreign-before-auth 5 -1 any\n"
		"login/foreign 9 -1 -\n"},
	{"outsider at 465", MP_CLIENT_OUTSIDER, MP_SERVICE_SUBMISSIONS, true,
		"plan tls\n"
		"0 0/-1 s -\n"
		"1 0/0 s EHLO probe.example.net\n"
		"2 1/1 s= MAIL FROM:<a@probe.example.net>\n"
		"3 1/2 t* RCPT TO:<x@foreign.example>\n"
		"4 1/2 C RSET\n"
		"5 0/1 s AUTH\n"
		"6 2/5 s MAIL FROM:<alice@example.org>\n"
		"7 2/6 t RCPT TO:<x@foreign.example>\n"
		"auth/offered-tls 1 -1 AUTH\n"
		"submission/foreign-before-auth 3 -1 any\n"
		"login/foreign 7 -1 -\n"},
	{"trusted at 25", MP_CLIENT_TRUSTED, MP_SERVICE_SMTP, false,
		"plan\n"
		"0 0/-1 s -\n"
		"1 0/0 s EHLO probe.example.net\n"
		"2 1/1 c MAIL FROM:<a@probe.example.net>\n"
		"3 1/2 t RCPT TO:<postmaster@example.org>\n"
		"4 1/2 C RSET\n"
		"5 2/1 s MAIL FROM:<a@probe.example.net>\n"
		"6 2/5 t RCPT TO:<x@foreign.example>\n"
		"7 2/5 C RSET\n"
		"8 0/1 s STARTTLS\n"
		"9 0/8 s EHLO probe.example.net\n"
		"tls/starttls-offered 1 -1 STARTTLS\n"
		"auth/offered-clear 1 -1 AUTH\n"
		"auth/offered-tls 9 -1 AUTH\n"
		"local/recipient 3 -1 -\n"
		"trusted/foreign 6 3 -\n"},
};

static void plan_quick(struct mp_scenarios *all, const struct selection_case *c,
	struct mp_arena *arena, char **text)
{
	const struct mp_scenario **list = mp_arena_array(arena, all->list.n, sizeof *list);
	size_t n = 0;
	struct mp_selection selection = {.suite = "quick",
		.client = c->client,
		.service = c->service,
		.credentials = c->credentials};

	for (size_t i = 0; i < all->list.n; i++) {
		if (mp_select(all->list.v[i], &selection) == MP_SELECTED) {
			list[n++] = all->list.v[i];
		}
	}
	struct mp_plan_request request = {.all = all,
		.scenarios = list,
		.scenario_count = n,
		.names = &names,
		.implicit_tls = c->service == MP_SERVICE_SUBMISSIONS,
		.max_rejects = 4};
	struct mp_plans plans = mp_plans_make(&request, arena);
	*text = show(&plans);
}

static void quick_plans(void **state)
{
	struct mp_scenarios all = {0};
	struct mp_err err = {0};

	(void)state;
	assert_int_equal(mp_scenarios_builtin(&all, &err), 0);
	for (size_t i = 0; i < sizeof quick / sizeof quick[0]; i++) {
		struct mp_arena arena = {0};
		char *got;
		plan_quick(&all, &quick[i], &arena, &got);
		if (strcmp(got, quick[i].want) != 0) {
			fail_msg("%s:\n%s", quick[i].name, got);
		}
		free(got);
		mp_arena_release(&arena);
	}
	mp_scenarios_release(&all);
}

/* On port 587 with TLS from the first byte nothing is said in clear. */
static void clear_under_implicit_tls(void **state)
{
	struct mp_scenarios all = {0};
	struct mp_arena arena = {0};
	struct mp_err err = {0};

	(void)state;
	assert_int_equal(mp_scenarios_builtin(&all, &err), 0);
	const struct mp_scenario *list[] = {mp_scenario_find(&all, "auth/offered-clear"),
		mp_scenario_find(&all, "auth/offered-tls")};
	struct mp_plan_request request = {.all = &all,
		.scenarios = list,
		.scenario_count = 2,
		.names = &names,
		.implicit_tls = true};
	struct mp_plans plans = mp_plans_make(&request, &arena);
	assert_int_equal(plans.unplanned_count, 1);
	assert_int_equal(plans.unplanned[0].origin, 0);
	assert_null(plans.unplanned[0].missing);
	assert_int_equal(plans.n, 1);
	assert_string_equal(plans.v[0]->checks[0].scenario, "auth/offered-tls");
	mp_arena_release(&arena);
	mp_scenarios_release(&all);
}

/* Sixteen refusals with a control: nine a connection at most, the control in each. */
static void budget_cuts(void **state)
{
	struct mp_scenarios all = {0};
	struct mp_arena arena = {0};
	struct mp_buf json;
	struct mp_err err = {0};

	(void)state;
	mp_buf_init(&json, 1 << 16);
	mp_buf_puts(&json, "{\"scenarios\": [");
	mp_buf_puts(&json,
		"{\"id\": \"own\", \"title\": \"t\", \"why\": \"w\", \"group\": \"g\", \"tests\": "
		"\"RCPT\","
		"\"dialogue\": [\"EHLO {helo}\", \"MAIL FROM:<>\", \"RCPT "
		"TO:<{local.user}@{local.domain}>\"]}");
	for (int i = 0; i < 16; i++) {
		mp_buf_printf(&json,
			", {\"id\": \"r%d\", \"title\": \"t\", \"why\": \"w\", \"group\": \"g\", "
			"\"tests\": \"RCPT\","
			"\"rejects\": true, \"control\": \"own\", \"dialogue\": [\"EHLO {helo}\", "
			"\"MAIL FROM:<>\", \"RCPT TO:<%d@{foreign.domain}>\"]}",
			i, i);
	}
	mp_buf_puts(&json, "]}");
	assert_int_equal(mp_scenarios_read(&all, "x", mp_buf_slice(&json), &err), 0);
	struct mp_plan_request request = {.all = &all,
		.scenarios = all.list.v,
		.scenario_count = all.list.n,
		.names = &names};
	struct mp_plans plans = mp_plans_make(&request, &arena);
	assert_int_equal(plans.n, 2);
	for (size_t p = 0; p < plans.n; p++) {
		unsigned rejects = 0;
		for (size_t i = 0; i < plans.v[p]->step_count; i++) {
			rejects += plans.v[p]->steps[i].expect_reject;
		}
		assert_int_equal(rejects, p == 0 ? 9 : 7);
		for (size_t i = 0; i < plans.v[p]->check_count; i++) {
			const struct mp_check *c = &plans.v[p]->checks[i];
			assert_true(strcmp(c->scenario, "own") == 0 || c->control == 3);
		}
	}
	mp_buf_release(&json);
	mp_arena_release(&arena);
	mp_scenarios_release(&all);
}

#define FRAME(members)                                                                             \
	"{\"scenarios\": [{\"id\": \"a\", \"title\": \"t\", \"why\": \"w\", \"group\": "           \
	"\"g\", " members "}]}"

static const struct {
	const char *json, *want;
} refused[] = {
	{"[]", "expected an object with an array"},
	{FRAME("\"tests\": \"EHLO\""), "one of them is missing"},
	{FRAME("\"tests\": \"EHLO\", \"dialogue\": [\"NOOP\"]"), "no line of the dialogue"},
	{FRAME("\"tests\": \"XYZ\", \"dialogue\": [\"NOOP\"]"), "not a command"},
	{FRAME("\"tests\": \"NOOP\", \"dialogue\": [\"NOOP\\r\\nQUIT\"]"), "cannot be sent"},
	{FRAME("\"tests\": \"NOOP\", \"dialogue\": [\"NOOP {home}\"]"), "a name in braces"},
	{FRAME("\"tests\": \"NOOP\", \"dialogue\": [\"NOOP\"], \"keyword\": \"AUTH\""),
		"only the reply to EHLO"},
	{FRAME("\"tests\": \"NOOP\", \"dialogue\": [\"NOOP\"], \"client\": \"me\""), "\"client\""},
	{FRAME("\"tests\": \"NOOP\", \"dialogue\": [\"NOOP\"], \"imapct\": \"quiet\""),
		"\"imapct\": unknown member"},
	{FRAME("\"tests\": \"NOOP\", \"dialogue\": [\"NOOP\"], \"alarm\": {\"outcome\": "
	       "\"accepted\"}"),
		"outcome, and message or rule"},
	{FRAME("\"tests\": \"NOOP\", \"dialogue\": [\"NOOP\"], \"alarm\": {\"outcome\": "
	       "[\"accepted\", \"lost\"], \"rule\": \"x/y\"}"),
		"alarm.outcome"},
};

static void refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct mp_scenarios all = {0};
		struct mp_err err = {0};
		assert_int_equal(
			mp_scenarios_read(&all, "x.json", mp_slice_str(refused[i].json), &err), -1);
		assert_int_equal(err.code, MP_ERR_INPUT);
		if (strstr(err.text, refused[i].want) == NULL) {
			fail_msg("%s: %s", refused[i].json, err.text);
		}
		mp_scenarios_release(&all);
	}
}

static void names_bound(void **state)
{
	struct mp_arena arena = {0};
	const char *missing = NULL;
	struct mp_names some = {.helo = "h"};
	struct mp_err err = {0};

	(void)state;
	assert_string_equal(
		mp_names_bind(&names, "RCPT TO:<{foreign.user}%{foreign.domain}@{local.domain}>",
			&arena, &missing),
		"RCPT TO:<x%foreign.example@example.org>");
	assert_string_equal(
		mp_names_bind(&names, "AUTH {login}", &arena, &missing), "AUTH {login}");
	struct mp_names user = names;
	user.user = "alice";
	user.local_domain = "example.org";
	assert_string_equal(mp_names_bind(&user, "MAIL FROM:<{user}>", &arena, &missing),
		"MAIL FROM:<alice@example.org>");
	user.user = "alice@example.com";
	assert_string_equal(mp_names_bind(&user, "MAIL FROM:<{user}>", &arena, &missing),
		"MAIL FROM:<alice@example.com>");
	assert_string_equal(mp_names_bind(&some, "EHLO {helo}", &arena, &missing), "EHLO h");
	assert_null(mp_names_bind(&some, "RCPT TO:<a@{local.domain}>", &arena, &missing));
	assert_string_equal(missing, "local.domain");

	assert_int_equal(mp_names_set(&some, "foreign", "\"a b\"@x.example", &arena, &err), 0);
	assert_string_equal(some.foreign_user, "\"a b\"");
	assert_int_equal(mp_names_set(&some, "local", "example.org", &arena, &err), 0);
	assert_string_equal(some.local_domain, "example.org");
	assert_int_equal(mp_names_set(&some, "sender", "<>", &arena, &err), 0);
	assert_string_equal(some.sender, "");
	assert_int_equal(mp_names_set(&some, "sender", "a>\r\nRCPT TO:<b", &arena, &err), -1);
	assert_int_equal(err.code, MP_ERR_USAGE);
	assert_int_equal(mp_names_set(&some, "foreign", "nobody", &arena, &err), -1);
	assert_int_equal(mp_names_set(&some, "helo", "a b", &arena, &err), -1);
	mp_arena_release(&arena);
}

static void services(void **state)
{
	(void)state;
	assert_int_equal(mp_service_of_port(25), MP_SERVICE_SMTP);
	assert_int_equal(mp_service_of_port(587), MP_SERVICE_SUBMISSION);
	assert_int_equal(mp_service_of_port(465), MP_SERVICE_SUBMISSIONS);
	assert_int_equal(mp_service_of_port(2525), MP_SERVICE_SMTP);
	assert_true(mp_client_plays(MP_CLIENT_SERVER, MP_CLIENT_TRUSTED));
	assert_false(mp_client_plays(MP_CLIENT_TRUSTED, MP_CLIENT_OUTSIDER));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(quick_plans),
		cmocka_unit_test(budget_cuts), cmocka_unit_test(clear_under_implicit_tls),
		cmocka_unit_test(refusals), cmocka_unit_test(names_bound),
		cmocka_unit_test(services)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
