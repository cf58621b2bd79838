/* Which scenarios are played, with which names, and what that may cost a server; the built-in ones.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "base/vec.h"
#include "scenario/message.h"
#include "scenario/planner.h"
#include "scenario/select.h"

#include <stdlib.h>
#include <string.h>

#define RELAY(id, sender, rest)                                                                    \
	"{\"id\": \"" id "\", \"title\": \"t\", \"why\": \"w\", \"group\": \"g\", \"tests\": "     \
	"\"RCPT\", \"rejects\": true" rest                                                         \
	", \"dialogue\": [\"EHLO {helo}\", \"MAIL FROM:<" sender                                   \
	">\", \"RCPT TO:<{foreign.user}@{foreign.domain}>\"]}"
#define OWN                                                                                        \
	"{\"id\": \"own\", \"title\": \"t\", \"why\": \"w\", \"group\": \"g\", \"tests\": "        \
	"\"RCPT\", \"dialogue\": [\"EHLO {helo}\", \"MAIL FROM:<{sender}>\", \"RCPT "              \
	"TO:<{local.user}@{local.domain}>\"]}"
#define DELIVERS(rest)                                                                             \
	"{\"scenarios\": [{\"id\": \"d\", \"title\": \"t\", \"why\": \"w\", \"group\": \"g\", "    \
	"\"needs\": [\"deliver\"], \"tests\": \"content\", \"dialogue\": [\"EHLO {helo}\", "       \
	"\"MAIL FROM:<>\", " rest "]}]}"

static const char *const senders[] = {"a@a.example", "b@b.example", "c@c.example"};

static const struct mp_names names = {
	.helo = "probe.example.net",
	.sender = "me@probe.example.net",
	.foreign_user = "x",
	.foreign_domain = "foreign.example",
	.local_user = "postmaster",
	.local_domain = "example.org",
	.each_sender = {senders, 3, 2},
};

struct scene {
	struct mp_scenarios all;
	struct mp_arena arena;
	struct mp_err err;
};

static void read_text(struct scene *s, const char *json)
{
	if (mp_scenarios_read(&s->all, "x.json", mp_slice_str(json), &s->err) != 0) {
		fail_msg("%s", s->err.text);
	}
}

static void release(struct scene *s)
{
	mp_scenarios_release(&s->all);
	mp_arena_release(&s->arena);
}

static void each_name(void **state)
{
	struct scene s = {0};
	struct mp_selection selection = {
		.client = MP_CLIENT_OUTSIDER, .service = MP_SERVICE_SMTP, .names = &names};

	(void)state;
	read_text(&s,
		"{\"scenarios\": [" RELAY("one", "{sender}", "") "," RELAY(
			"many", "{each.sender}", "") "]}");
	struct mp_choices c = mp_select_all(&s.all, &selection, &s.arena);
	assert_int_equal(c.n, 5);
	assert_int_equal(c.played_count, 4);
	assert_string_equal(c.played[0]->with, "");
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(c.played[i + 1]->id, "many");
		assert_string_equal(c.played[i + 1]->with, senders[i]);
		assert_string_equal(c.played[i + 1]->dialogue[1],
			mp_arena_printf(&s.arena, "MAIL FROM:<%s>", senders[i]));
	}
	assert_int_equal(c.v[4].selected, MP_SELECTED_TOO_MANY);
	assert_string_equal(c.v[4].scenario->with, "2 more names");

	selection.names = NULL;
	c = mp_select_all(&s.all, &selection, &s.arena);
	assert_int_equal(c.n, 2);
	assert_int_equal(c.v[1].selected, MP_SELECTED_NO_NAME);

	/* Nothing is said with a name that was not put in. */
	struct mp_plan_request request = {.all = &s.all,
		.scenarios = s.all.list.v,
		.scenario_count = s.all.list.n,
		.names = &names};
	struct mp_plans plans = mp_plans_make(&request, &s.arena);
	assert_int_equal(plans.unplanned_count, 1);
	assert_string_equal(plans.unplanned[0].missing, "each.sender");
	release(&s);
}

static void rations(void **state)
{
	struct scene s = {0};
	struct mp_rations all = {0};
	struct mp_selection selection = {.suite = "few",
		.client = MP_CLIENT_OUTSIDER,
		.service = MP_SERVICE_SMTP,
		.names = &names};

	(void)state;
	read_text(&s,
		"{\"suites\": [{\"name\": \"few\", \"title\": \"t\", \"rejects\": 2}], "
		"\"scenarios\": "
		"[" RELAY("one", "{sender}", ", \"suites\": [\"few\"]") "," RELAY(
			"many", "{each.sender}", ", \"suites\": [\"few\"]") "]}");
	selection.ration = mp_rations_find(&all, "a.example", &s.all, "few", &s.arena);
	struct mp_choices c = mp_select_all(&s.all, &selection, &s.arena);
	assert_int_equal(c.played_count, 2);
	assert_int_equal(c.v[2].selected, MP_SELECTED_RATION);
	/* The same server by another listener has had its share; another one has not. */
	selection.ration = mp_rations_find(&all, "A.example", &s.all, "few", &s.arena);
	assert_int_equal(mp_select_all(&s.all, &selection, &s.arena).played_count, 0);
	selection.ration = mp_rations_find(&all, "b.example", &s.all, "few", &s.arena);
	assert_int_equal(mp_select_all(&s.all, &selection, &s.arena).played_count, 2);
	/* A suite without a number has no end. */
	selection.ration = NULL;
	assert_int_equal(mp_select_all(&s.all, &selection, &s.arena).played_count, 4);
	release(&s);
}

static void delivery(void **state)
{
	struct scene s = {0};
	struct mp_names to = names;
	struct mp_ration ration = {0};
	struct mp_selection selection = {.client = MP_CLIENT_OUTSIDER,
		.service = MP_SERVICE_SMTP,
		.names = &to,
		.ration = &ration};

	(void)state;
	read_text(&s, DELIVERS("\"RCPT TO:<{deliver.to}>\", \"DATA\", \"{message}\""));
	assert_int_equal(mp_select(s.all.list.v[0], &selection), MP_SELECTED_DELIVERS);
	selection.deliver = true;
	assert_int_equal(mp_select_all(&s.all, &selection, &s.arena).played_count, 1);
	/* One message is enough for a server. */
	assert_int_equal(mp_select_all(&s.all, &selection, &s.arena).played_count, 0);

	struct mp_plan_request request = {
		.all = &s.all, .scenarios = s.all.list.v, .scenario_count = 1, .names = &to};
	assert_string_equal(mp_plans_make(&request, &s.arena).unplanned[0].missing, "deliver.to");
	to.deliver_to = "postmaster@example.org";
	const struct mp_plan *plan = mp_plans_make(&request, &s.arena).v[0];
	const struct mp_step *last = &plan->steps[plan->checks[0].step];
	assert_int_equal(last->verb, MP_VERB_CONTENT);
	assert_int_equal(plan->steps[last->after].verb, MP_VERB_DATA);
	assert_non_null(strstr(last->line, "To: <postmaster@example.org>\n"));
	assert_non_null(strstr(last->line, "\nAuto-Submitted: auto-generated\n"));
	release(&s);
}

static const struct {
	const char *json, *want;
} refused[] = {
	{DELIVERS("\"RCPT TO:<x@y.example>\", \"DATA\", \"{message}\""), "{deliver.to} only"},
	{DELIVERS("\"RCPT TO:<{deliver.to}>\", \"{message}\""), "stands behind DATA"},
	{"{\"scenarios\": [" RELAY("a", "{each.sender}{each.helo}", "") "]}", "only one kind"},
	{"{\"suites\": [{\"name\": \"x\"}]}", "name and title"},
	{"{\"suites\": [{\"name\": \"x\", \"title\": \"t\", \"rejects\": 0}]}", "from 1 to 1000"},
	{"{\"suites\": [{\"name\": \"x\", \"title\": \"t\", \"cost\": 1}]}", "unknown member"},
	{"{\"suites\": {}}", "expected an array"},
	{"{\"suits\": []}", "expected an object with an array"},
};

static void refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		struct scene s = {0};
		assert_int_equal(
			mp_scenarios_read(&s.all, "x.json", mp_slice_str(refused[i].json), &s.err),
			-1);
		if (strstr(s.err.text, refused[i].want) == NULL) {
			fail_msg("%s: %s", refused[i].json, s.err.text);
		}
		release(&s);
	}
}

/* A control has its test's sender; few idle commands cut a plan; a sender that is tested is reset.
 */
static void plans(void **state)
{
	struct scene s = {0};
	struct mp_budget budget = {.rejects = 9, .idle = 4};

	(void)state;
	read_text(&s,
		"{\"scenarios\": [" OWN "," RELAY("null", "", ", \"control\": \"own\"") "," RELAY(
			"two", "b@b.example", ", \"control\": \"own\"") "]}");
	struct mp_plan_request request = {.all = &s.all,
		.scenarios = s.all.list.v + 1,
		.scenario_count = 2,
		.names = &names,
		.budget = &budget};
	struct mp_plans made = mp_plans_make(&request, &s.arena);
	assert_int_equal(made.n, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct mp_plan *p = made.v[i];
		assert_int_equal(p->budget->idle, 4);
		const struct mp_step *test = &p->steps[p->checks[0].step];
		const struct mp_step *control = &p->steps[p->checks[0].control];
		assert_string_equal(p->steps[control->after].line, p->steps[test->after].line);
		assert_int_equal(control->role, MP_ROLE_CONTROL);
	}
	budget.idle = 20;
	assert_int_equal(mp_plans_make(&request, &s.arena).n, 1);

	budget = mp_budget_for(3, 2);
	assert_int_equal(budget.rejects, 2);
	assert_int_equal(budget.idle, 2);
	budget = mp_budget_for(0, 0);
	assert_int_equal(budget.rejects, 9);
	assert_int_equal(mp_budget_for(1, 0).rejects, 0);
	assert_int_equal(mp_budget_for(100, 1000).rejects, 9);
	release(&s);
}

static void filled_names(void **state)
{
	struct mp_arena arena = {0};
	static const char *const own[] = {"example.net"};
	struct mp_names n = {.local_domain = "example.com",
		.helo = "h.example",
		.server_address = "2001:db8::1",
		.each_domain = {own, 1, 0}};

	(void)state;
	mp_names_fill(&n, &arena);
	assert_string_equal(n.foreign_domain, "example.org");
	assert_string_equal(n.other_domain, "foreign.example");
	assert_string_equal(n.server_literal6, "[IPv6:2001:db8::1]");
	struct mp_err err = {0};
	assert_int_equal(mp_names_set(&n, "local", "alice@example.com", &arena, &err), 0);
	assert_string_equal(n.deliver_to, "alice@example.com");
	assert_string_equal(
		mp_names_put("RCPT TO:<{each.domain}@{each.domain}>", "each.domain", "d", &arena),
		"RCPT TO:<d@d>");
	mp_arena_release(&arena);
}

/* ---- the built-in ones ------------------------------------------------------------------------
 */

static bool says(const struct mp_scenario *s, const char *text)
{
	for (size_t i = 0; i < s->line_count; i++) {
		if (strstr(s->dialogue[i], text) != NULL) {
			return true;
		}
	}
	return false;
}

static void check_builtin(const struct mp_scenarios *all, const struct mp_scenario *s)
{
	const char *slash = strchr(s->id, '/');
	bool intrusive = says(s, "ETRN ") || says(s, "AUTH PLAIN ");

	assert_non_null(slash);
	for (size_t i = 0; i < s->suite_count; i++) {
		if (mp_suite_find(all, s->suites[i]) == NULL) {
			fail_msg("%s: no suite %s", s->id, s->suites[i]);
		}
	}
	if (intrusive != (s->impact == MP_IMPACT_INTRUSIVE)) {
		fail_msg("%s: its impact is not what it does", s->id);
	}
	if (s->rejects && s->impact == MP_IMPACT_QUIET) {
		fail_msg("%s: a refusal is logged", s->id);
	}
	if ((says(s, MP_LOGIN_LINE)) != ((s->needs & MP_NEED_CREDENTIALS) != 0) ||
		says(s, "STARTTLS") != ((s->needs & MP_NEED_TLS) != 0)) {
		fail_msg("%s: its needs are not what it says", s->id);
	}
	if (mp_str_eq(s->group, "relay") && (s->control == NULL || !s->rejects)) {
		fail_msg("%s: no control", s->id);
	}
	if (s->control != NULL) {
		const struct mp_scenario *control = mp_scenario_find(all, s->control);
		assert_int_equal(control->services & s->services, s->services);
		assert_true(mp_client_plays(s->client, control->client));
	}
}

static void builtin(void **state)
{
	struct scene s = {0};
	unsigned quick = 0;

	(void)state;
	if (mp_scenarios_builtin(&s.all, &s.err) != 0) {
		fail_msg("%s", s.err.text);
	}
	assert_true(s.all.list.n > 100);
	for (size_t i = 0; i < s.all.list.n; i++) {
		const struct mp_scenario *one = s.all.list.v[i];
		check_builtin(&s.all, one);
		assert_ptr_equal(mp_scenario_find(&s.all, one->id), one);
		/* What an outsider at 25, 587 and 465 is refused by quick. */
		for (unsigned service = 1; service <= MP_SERVICE_SUBMISSIONS; service <<= 1) {
			struct mp_selection selection = {.suite = "quick",
				.client = MP_CLIENT_OUTSIDER,
				.service = (enum mp_service)service,
				.credentials = true};
			quick += one->rejects && mp_select(one, &selection) == MP_SELECTED;
		}
	}
	assert_in_range(quick, 3, mp_suite_find(&s.all, "quick")->rejects);
	release(&s);
}

/* The pairs that the relay test of Nmap tries: each once, and nothing else. */
static void sixteen_pairs(void **state)
{
	struct scene s = {0};
	struct mp_names n = names;
	struct mp_selection selection = {.suite = "smtp-open-relay",
		.client = MP_CLIENT_OUTSIDER,
		.service = MP_SERVICE_SMTP};

	(void)state;
	n.server_name = "mail.example.org";
	n.server_literal = "[192.0.2.1]";
	assert_int_equal(mp_scenarios_builtin(&s.all, &s.err), 0);
	struct mp_choices c = mp_select_all(&s.all, &selection, &s.arena);
	assert_int_equal(c.played_count, 16);
	struct mp_plan_request request = {.all = &s.all,
		.scenarios = c.played,
		.scenario_count = c.played_count,
		.names = &n};
	struct mp_plans made = mp_plans_make(&request, &s.arena);
	assert_int_equal(made.n, 2);
	assert_int_equal(made.unplanned_count, 0);
	release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(each_name), cmocka_unit_test(rations),
		cmocka_unit_test(delivery), cmocka_unit_test(refusals), cmocka_unit_test(plans),
		cmocka_unit_test(filled_names), cmocka_unit_test(builtin),
		cmocka_unit_test(sixteen_pairs)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
