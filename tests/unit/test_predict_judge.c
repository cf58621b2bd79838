/* findings from behaviour: what is wrong, how grave, and what is one finding */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "predict/behaviour.h"
#include "predict/judge.h"

#include <stdlib.h>
#include <string.h>

/* Line 1 opens, line 2 does something else. */
static const char config[] = "smtpd_relay_restrictions = permit\nmynetworks = 0.0.0.0/1\n";

struct bench {
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_scenarios scenarios;
	struct mp_judge judge;
	struct mp_source *source;
	struct mp_prediction prediction;
	struct mp_predicted outcomes[32];
};

static void setup(struct bench *b, bool live)
{
	struct mp_err err = {0};

	*b = (struct bench){0};
	mp_findings_init(&b->findings, &b->arena);
	assert_int_equal(mp_scenarios_builtin(&b->scenarios, &err), 0);
	b->source = mp_source_new(&b->arena, "main.cf", "main.cf", mp_slice_str(config));
	mp_judge_begin(&b->judge, &b->arena, live);
	b->prediction.outcomes = b->outcomes;
}

static void teardown(struct bench *b)
{
	mp_judge_end(&b->judge);
	mp_findings_release(&b->findings);
	mp_scenarios_release(&b->scenarios);
	mp_arena_release(&b->arena);
}

/* The reason that stands at the beginning of a line; 0: a default. */
static struct mp_reasons because(struct bench *b, unsigned line, const char *text)
{
	struct mp_reason *r = MP_ARENA_NEW(&b->arena, struct mp_reason);

	r->text = text;
	if (line > 0) {
		uint32_t at = b->source->lines[line - 1];
		r->loc = mp_loc(b->source, at, at + 1);
	}
	return (struct mp_reasons){r, 1};
}

/* "a = b; c = d" */
static void assume(struct bench *b, struct mp_predicted *p, const char *text)
{
	const char **list = mp_arena_array(&b->arena, 4, sizeof *list);
	struct mp_slice rest = mp_slice_str(text);

	while (rest.n > 0) {
		size_t end = mp_slice_chr(rest, ';');
		struct mp_slice one = mp_slice_trim(mp_slice_sub(rest, 0, end));
		list[p->assumption_count++] = mp_arena_slicedup(&b->arena, one);
		rest = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(rest, end + 1);
	}
	p->assumptions = list;
}

static const char *const offer[] = {"250-mail.example.org", "250-AUTH CRAM-MD5 PLAIN", "250 DSN"};
static const char *const safe_offer[] = {"250-AUTH CRAM-MD5 SCRAM-SHA-256", "250 DSN"};
static const char *const yes[] = {"250 2.1.5 Ok"};
static const struct mp_said accepted_dialogue[] = {
	{.sent = "EHLO probe.example.net", .code = 250, .lines = yes, .line_count = 1},
	{.sent = "MAIL FROM:<a@own.example>", .code = 250, .lines = yes, .line_count = 1},
	{.sent = "RCPT TO:<x@example.com>", .code = 250, .lines = yes, .line_count = 1},
};

/* An outcome of an outsider's; line 0: nothing in a file decided. */
static struct mp_predicted *predict(struct bench *b, const char *scenario, enum mp_outcome outcome,
	unsigned line, const char *assumptions)
{
	struct mp_predicted *p = &b->outcomes[b->prediction.outcome_count++];

	*p = (struct mp_predicted){.listener = "smtp",
		.client = "outsider",
		.scenario = scenario,
		.group = "",
		.network = "",
		.with = "",
		.note = "",
		.outcome = outcome,
		.dialogue = accepted_dialogue,
		.dialogue_count = 3,
		.because = because(b, line, line > 0 ? "permit" : "permit = x (default)")};
	mp_ip_parse(mp_slice_str("203.0.113.5"), &p->address);
	assume(b, p, assumptions);
	return p;
}

/* "error relay/open main.cf:1: message", parted by LF; on the heap. */
static char *found(struct bench *b)
{
	struct mp_buf out;

	mp_judge_findings(&b->judge, &b->findings);
	mp_findings_sort(&b->findings);
	mp_buf_init(&out, 100000);
	for (size_t i = 0; i < b->findings.list.n; i++) {
		const struct mp_finding *f = &b->findings.list.v[i];
		mp_buf_printf(&out, "%s%s %s %u: %s", i > 0 ? "\n" : "",
			mp_severity_name(f->severity), f->rule, mp_loc_position(f->loc).line,
			f->message);
	}
	char *text = mp_buf_detach(&out);
	mp_buf_release(&out);
	return text;
}

static void expect(struct bench *b, const char *want)
{
	char *text = found(b);

	assert_string_equal(text, want);
	free(text);
}

/* The same of what the outcomes show. */
static void expect_outcomes(struct bench *b, const char *want)
{
	mp_judge_outcomes(&b->judge, &b->scenarios, &b->prediction);
	expect(b, want);
	teardown(b);
}

/* ---- rules ---- */

static void rules(void **state)
{
	struct mp_scenarios all = {0};
	struct mp_err err = {0};
	size_t n;
	const struct mp_behaviour_rule *v = mp_behaviour_rules(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(v[i].title != NULL && v[i].why != NULL && v[i].fix != NULL &&
			v[i].message != NULL);
		assert_ptr_equal(mp_behaviour_rule_find(v[i].id), &v[i]);
		const char *others[] = {v[i].within, v[i].undecided, v[i].discarded, v[i].unlisted};
		for (size_t k = 0; k < sizeof others / sizeof others[0]; k++) {
			assert_true(others[k] == NULL || mp_behaviour_rule_find(others[k]) != NULL);
		}
	}
	/* What the scenarios name is there. */
	assert_int_equal(mp_scenarios_builtin(&all, &err), 0);
	for (size_t i = 0; i < all.list.n; i++) {
		const char *rule = all.list.v[i]->alarm.rule;
		assert_true(rule == NULL || mp_behaviour_rule_find(rule) != NULL);
	}
	mp_scenarios_release(&all);
}

/* ---- outcomes ---- */

static void an_alarm_that_names_no_address(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, false);
	predict(&b, "relay/postmaster", MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	expect_outcomes(&b,
		"note relay/partial 1: an outsider may have mail carried to an address elsewhere "
		"through smtp, which is not the server's own");
}

static void one_cause_is_one_finding(void **state)
{
	static const char *const names[] = {"relay/plain", "relay/null-sender", "relay/own-sender",
		"relay/percent", "relay/percent-at-local"};
	struct bench b;

	(void)state;
	setup(&b, false);
	for (size_t i = 0; i < 5; i++) {
		predict(&b, names[i], MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	}
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "")->listener = "submission";
	predict(&b, "relay/quoted", MP_OUTCOME_ACCEPTED_RELAY, 2, "");
	/* The same scenario refused, or taken for a local name, elsewhere: nothing. */
	predict(&b, "relay/plain", MP_OUTCOME_REFUSED, 1, "")->listener = "smtps";
	predict(&b, "relay/percent-at-server", MP_OUTCOME_ACCEPTED_LOCAL, 1, "");
	mp_judge_outcomes(&b.judge, &b.scenarios, &b.prediction);
	expect(&b,
		"error relay/open 1: an outsider may have mail carried anywhere through smtp and "
		"submission: relay/plain, relay/null-sender, relay/own-sender and 2 more\n"
		"error relay/open 2: an outsider may have mail carried anywhere through smtp: "
		"relay/quoted");
	const struct mp_finding *f = &b.findings.list.v[0];
	assert_int_equal(f->because.n, 1);
	assert_int_equal(f->dialogue_count, 6);
	assert_string_equal(f->dialogue[4], "C: RCPT TO:<x@example.com>");
	assert_true(f->fix[0] != '\0');
	teardown(&b);
}

static void defaults_are_named(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, false);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 0, "");
	expect_outcomes(&b,
		"error relay/open 0: an outsider may have mail carried anywhere through smtp: "
		"relay/plain; decided by the default: permit = x");
}

static void only_the_host_itself(void **state)
{
	static const struct mp_listener_outline loopback = {
		.name = "smtp", .address = "127.0.0.1", .port = 25};
	struct bench b;

	(void)state;
	setup(&b, false);
	b.prediction.listeners = &loopback;
	b.prediction.listener_count = 1;
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	predict(&b, "auth/offered-clear", MP_OUTCOME_OFFERED, 1, "");
	predict(&b, "local/recipient", MP_OUTCOME_REFUSED, 1, "");
	expect_outcomes(&b, "");
}

/* What the acceptance rests on, beside a refusal; the first word is the severity. */
static void weights(void **state)
{
	static const struct {
		const char *assumptions, *want;
	} cases[] = {
		{"", "error relay/open"},
		/* what a client can arrange, or is the usual case */
		{"client.name 203.0.113.5 = none", "error relay/open"},
		{"client.name 203.0.113.5 = {client.name}", "error relay/open"},
		{"dns.mx own.example = found", "error relay/open"},
		{"dns.address probe.example.net = none", "error relay/open"},
		{"dns.list 203.0.113.5 bl.example = none", "error relay/open"},
		{"host.addresses = other", "error relay/open"},
		{"milter.reply inet:127.0.0.1:1 = permit; sasl.mechanisms = PLAIN LOGIN",
			"error relay/open"},
		/* by version */
		{"mta.version = 3.8", "warning relay/open"},
		{"mta.version = 3.8; dns.mx own.example = found", "warning relay/open"},
		/* another party, a file, what is not the client's */
		{"policy.reply inet:127.0.0.1:1 = neutral", "note relay/depends"},
		{"table.lookup hash:/x a = permit; mta.version = 3.8", "note relay/depends"},
		{"dns.mx example.com = found", "note relay/depends"},
		{"dns.list 203.0.113.5 wl.example = found", "note relay/depends"},
		/* a client of a certain name, the host itself: no outsider */
		{"client.name 203.0.113.5 = trusted.example", ""},
		{"host.addresses = 203.0.113.5", ""},
		{"host.addresses = network of 203.0.113.5; mta.version = 3.8", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;
		setup(&b, false);
		predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, cases[i].assumptions);
		predict(&b, "relay/plain", MP_OUTCOME_REFUSED, 2, "x = y");
		mp_judge_outcomes(&b.judge, &b.scenarios, &b.prediction);
		char *text = found(&b);
		size_t n = strlen(cases[i].want);
		assert_memory_equal(text, cases[i].want, n);
		assert_true(n > 0 || text[0] == '\0');
		bool says_if = strstr(text, "it is so if") != NULL;
		bool wanted = strncmp(text, "note", 4) == 0;
		assert_int_equal(says_if, wanted);
		free(text);
		teardown(&b);
	}
}

/* A server that does not start in some world, and a filter that refuses first, prove nothing. */
static void worlds_that_prove_nothing(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, false);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "mta.version = 3.8");
	predict(&b, "relay/plain", MP_OUTCOME_NO_SERVICE, 2, "mta.version = 3.5");
	predict(&b, "relay/plain", MP_OUTCOME_DEPENDS, 2, "milter.reply inet:m = reject");
	expect_outcomes(&b,
		"error relay/open 1: an outsider may have mail carried anywhere through smtp: "
		"relay/plain");
	setup(&b, false);
	predict(&b, "relay/plain", MP_OUTCOME_REFUSED, 1, "milter.reply inet:m = permit");
	predict(&b, "relay/plain", MP_OUTCOME_DEPENDS, 2, "milter.reply inet:m = reject");
	expect_outcomes(&b, "");
	setup(&b, false);
	predict(&b, "relay/plain", MP_OUTCOME_DEPENDS, 1, "")->note = "a proxy answers";
	expect_outcomes(&b,
		"note relay/depends 1: whether an outsider may have mail carried elsewhere through "
		"smtp is not decided by the configuration alone (a proxy answers): relay/plain");
}

static void discarded(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, false);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "")->discarded = true;
	expect_outcomes(&b,
		"warning relay/discarded 1: mail for elsewhere is accepted from an outsider on "
		"smtp and thrown away: testers see an open relay");
}

static void auth_in_clear(void **state)
{
	const struct mp_said plain = {
		.sent = "EHLO x", .code = 250, .lines = offer, .line_count = 3};
	const struct mp_said safe = {
		.sent = "EHLO x", .code = 250, .lines = safe_offer, .line_count = 2};
	struct bench b;

	(void)state;
	setup(&b, false);
	struct mp_predicted *p = predict(&b, "auth/offered-clear", MP_OUTCOME_OFFERED, 1, "");
	p->dialogue = &plain;
	p->dialogue_count = 1;
	/* Answered, without a line of its own: the same finding. */
	predict(&b, "auth/login-answered-clear", MP_OUTCOME_ACCEPTED, 0, "")->because.n = 0;
	expect_outcomes(&b,
		"warning auth/clear 1: a client can log in before TLS on smtp (CRAM-MD5 PLAIN): "
		"auth/offered-clear and auth/login-answered-clear");
	setup(&b, false);
	p = predict(&b, "auth/offered-clear", MP_OUTCOME_OFFERED, 1, "");
	p->dialogue = &safe;
	p->dialogue_count = 1;
	expect_outcomes(&b,
		"note auth/clear 1: a client can log in before TLS on smtp (CRAM-MD5 "
		"SCRAM-SHA-256): auth/offered-clear");
	/* Which they are is not known. */
	static const char *const open_offer[] = {"250 AUTH {sasl.mechanisms}"};
	const struct mp_said open = {
		.sent = "EHLO x", .code = 250, .lines = open_offer, .line_count = 1};
	setup(&b, false);
	p = predict(&b, "auth/offered-clear", MP_OUTCOME_OFFERED, 1, "");
	p->dialogue = &open;
	p->dialogue_count = 1;
	expect_outcomes(&b,
		"note auth/clear 1: a client can log in before TLS on smtp "
		"({sasl.mechanisms}): auth/offered-clear");
	setup(&b, false);
	predict(&b, "auth/offered-clear", MP_OUTCOME_NOT_OFFERED, 1, "");
	expect_outcomes(&b, "");
}

static void submission(void **state)
{
	static const struct mp_listener_outline outline = {
		.name = "submission", .address = "0.0.0.0", .port = 587};
	struct bench b;

	(void)state;
	setup(&b, false);
	b.prediction.listeners = &outline;
	b.prediction.listener_count = 1;
	predict(&b, "submission/local-before-auth", MP_OUTCOME_ACCEPTED_LOCAL, 2, "")->listener =
		"submission";
	expect_outcomes(&b,
		"warning submission/no-auth 2: submission takes mail for the server's own domains "
		"from clients that have not logged in: submission/local-before-auth");
	/* What opens the relay, too, is said once. */
	setup(&b, false);
	predict(&b, "submission/local-before-auth", MP_OUTCOME_ACCEPTED_LOCAL, 1, "");
	predict(&b, "submission/foreign-before-auth", MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	expect_outcomes(&b,
		"error relay/open 1: an outsider may have mail carried anywhere through smtp: "
		"submission/foreign-before-auth");
}

static void own_domain_refused(void **state)
{
	static const char *const no[] = {"554 5.7.1 <x@own.example>: Relay access denied"};
	static const struct mp_said refusal = {
		.sent = "RCPT TO:<x@own.example>", .code = 554, .lines = no, .line_count = 1};
	struct bench b;

	(void)state;
	setup(&b, false);
	struct mp_predicted *p = predict(&b, "local/recipient", MP_OUTCOME_REFUSED, 1, "");
	p->dialogue = &refusal;
	p->dialogue_count = 1;
	predict(&b, "local/recipient", MP_OUTCOME_NO_SERVICE, 1, "mta.version = 3.5");
	expect_outcomes(&b,
		"warning local/refused 1: mail for the server's own domain is refused from outside "
		"on smtp: 554 5.7.1 <x@own.example>: Relay access denied");
	/* Nor on a port that is not for mail from other servers. */
	static const struct mp_listener_outline back = {
		.name = "smtp", .address = "0.0.0.0", .port = 10025};
	setup(&b, false);
	b.prediction.listeners = &back;
	b.prediction.listener_count = 1;
	predict(&b, "local/recipient", MP_OUTCOME_REFUSED, 1, "");
	expect_outcomes(&b, "");
	/* Not where some world accepts it, nor from a client that is no outsider. */
	setup(&b, false);
	predict(&b, "local/recipient", MP_OUTCOME_REFUSED, 1, "user.exists x = none");
	predict(&b, "local/recipient", MP_OUTCOME_ACCEPTED_LOCAL, 1, "user.exists x = found");
	predict(&b, "local/recipient", MP_OUTCOME_REFUSED, 1, "")->client = "server";
	expect_outcomes(&b, "");
}

static void listeners(void **state)
{
	static const struct mp_listener_outline outline = {
		.name = "smtp", .address = "0.0.0.0", .port = 25};
	struct bench b;

	(void)state;
	setup(&b, false);
	mp_judge_listeners(&b.judge, &b.prediction);
	expect(&b,
		"error listen/nothing 0: nothing listens: no service takes connections from the "
		"network");
	teardown(&b);
	setup(&b, false);
	b.prediction.listeners = &outline;
	b.prediction.listener_count = 1;
	predict(&b, "relay/plain", MP_OUTCOME_NO_SERVICE, 2, "");
	predict(&b, "local/recipient", MP_OUTCOME_NO_SERVICE, 2, "");
	mp_judge_listeners(&b.judge, &b.prediction);
	expect(&b, "error start/refused 2: smtp would never greet a client: permit");
	teardown(&b);
	/* What its reader has said is not said again. */
	setup(&b, false);
	b.prediction.listeners = &outline;
	b.prediction.listener_count = 1;
	predict(&b, "relay/plain", MP_OUTCOME_NO_SERVICE, 2, "");
	mp_finding_add(&b.findings, MP_ERROR, "settings/bad-value", b.outcomes[0].because.v[0].loc,
		"", "bad");
	mp_judge_listeners(&b.judge, &b.prediction);
	expect(&b, "error settings/bad-value 2: bad");
	teardown(&b);
	/* It greets in some world. */
	setup(&b, false);
	b.prediction.listeners = &outline;
	b.prediction.listener_count = 1;
	predict(&b, "relay/plain", MP_OUTCOME_NO_SERVICE, 2, "");
	predict(&b, "relay/plain", MP_OUTCOME_REFUSED, 1, "");
	mp_judge_listeners(&b.judge, &b.prediction);
	expect(&b, "");
	teardown(&b);
}

/* ---- the live side ---- */

static bool try(struct bench *b, const char *scenario, enum mp_outcome seen, bool predicted)
{
	static const char *const talk[] = {"C: RCPT TO:<x@example.com>", "S: 250 2.1.5 Ok"};
	struct mp_observed *o = MP_ARENA_NEW(&b->arena, struct mp_observed);
	struct mp_trial trial = {.scenario = mp_scenario_find(&b->scenarios, scenario),
		.where = "mail.example.org:25",
		.service = MP_SERVICE_SMTP,
		.class = MP_CLIENT_OUTSIDER,
		.outcomes = b->outcomes,
		.n = predicted ? b->prediction.outcome_count : 0,
		.seen = o};

	*o = (struct mp_observed){.target = "mail.example.org:25",
		.client = "203.0.113.5",
		.outcome = seen,
		.dialogue = talk,
		.dialogue_count = 2};
	return mp_judge_trial(&b->judge, &trial);
}

static void seen(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, true);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	assert_true(try(&b, "relay/plain", MP_OUTCOME_ACCEPTED, true));
	expect(&b,
		"error relay/open 1: an outsider may have mail carried anywhere through "
		"mail.example.org:25: relay/plain (predicted and seen)");
	assert_string_equal(b.findings.list.v[0].dialogue[1], "S: 250 2.1.5 Ok");
	teardown(&b);
	/* Agreement is not safety: predicted, not seen. */
	setup(&b, true);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	assert_true(try(&b, "relay/plain", MP_OUTCOME_REFUSED, true));
	expect(&b,
		"error relay/open 1: an outsider may have mail carried anywhere through "
		"mail.example.org:25: relay/plain (predicted)");
	teardown(&b);
	/* Seen, what the configuration does not let be. */
	setup(&b, true);
	predict(&b, "relay/plain", MP_OUTCOME_REFUSED, 1, "");
	assert_true(try(&b, "relay/plain", MP_OUTCOME_ACCEPTED, true));
	expect(&b,
		"error relay/unlisted 1: 203.0.113.5 had mail for elsewhere accepted by "
		"mail.example.org:25, and by the configuration no such client may relay: "
		"relay/plain (seen)");
	teardown(&b);
	/* Seen, what was open: it is no longer. */
	setup(&b, true);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "policy.reply p = permit");
	predict(&b, "relay/plain", MP_OUTCOME_REFUSED, 1, "policy.reply p = reject");
	assert_true(try(&b, "relay/plain", MP_OUTCOME_ACCEPTED, true));
	expect(&b,
		"error relay/open 1: an outsider may have mail carried anywhere through "
		"mail.example.org:25: relay/plain (predicted and seen)");
	teardown(&b);
	/* Taken for a name of the server's own; a client that the configuration knows by name. */
	setup(&b, true);
	predict(&b, "relay/percent-at-local", MP_OUTCOME_ACCEPTED_LOCAL, 1, "");
	assert_false(try(&b, "relay/percent-at-local", MP_OUTCOME_ACCEPTED, true));
	teardown(&b);
	setup(&b, true);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "client.name 203.0.113.5 = a.b");
	predict(&b, "relay/plain", MP_OUTCOME_REFUSED, 1, "client.name 203.0.113.5 = none");
	assert_false(try(&b, "relay/plain", MP_OUTCOME_ACCEPTED, true));
	teardown(&b);
}

/* What the surface says of a listener is one with what was seen of the target. */
static void seen_with_surface(void **state)
{
	static const char *const listener[] = {"smtp"};
	struct bench b;

	(void)state;
	setup(&b, true);
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	try(&b, "relay/plain", MP_OUTCOME_ACCEPTED, true);
	struct mp_opening o = {.to = "anywhere",
		.form = "",
		.listeners = listener,
		.listener_count = 1,
		.because = b.outcomes[0].because};
	o.from.anyone = true;
	struct mp_surface surface = {.v = &o, .n = 1, .complete = true};
	mp_judge_surface(&b.judge, &surface);
	expect(&b,
		"error relay/open 1: anyone may have mail carried anywhere through "
		"mail.example.org:25: relay/plain (predicted and seen)");
	teardown(&b);
}

/* Without a prediction an address that may be a local name proves less. */
static void probed(void **state)
{
	struct bench b;

	(void)state;
	setup(&b, false);
	assert_true(try(&b, "relay/plain", MP_OUTCOME_ACCEPTED, false));
	assert_false(try(&b, "relay/null-sender", MP_OUTCOME_REFUSED, false));
	expect(&b,
		"error relay/open 0: an outsider may have mail carried anywhere through "
		"mail.example.org:25: relay/plain");
	teardown(&b);
	setup(&b, false);
	assert_true(try(&b, "relay/percent-at-local", MP_OUTCOME_ACCEPTED, false));
	expect(&b,
		"warning relay/open 0: an outsider may have mail carried anywhere through "
		"mail.example.org:25: relay/percent-at-local");
	teardown(&b);
}

/* ---- the surface ---- */

static const char *const on_smtp[] = {"smtp"};

static struct mp_opening opening(struct bench *b, const char *to)
{
	return (struct mp_opening){.to = to,
		.form = "",
		.listeners = on_smtp,
		.listener_count = 1,
		.because = because(b, 1, "permit"),
		.dialogue = accepted_dialogue,
		.dialogue_count = 3};
}

static void expect_opening(struct bench *b, const struct mp_opening *o, const char *want)
{
	struct mp_surface surface = {.v = o, .n = 1, .complete = true};

	mp_judge_surface(&b->judge, &surface);
	expect(b, want);
	teardown(b);
}

static void openings(void **state)
{
	static const char *const senders[] = {"*@own.example"}, *const logins[] = {"any"};
	static const char *const policy[] = {"policy.reply p = neutral"};
	struct bench b;
	struct mp_opening o;

	(void)state;
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.anyone = true;
	expect_opening(
		&b, &o, "error relay/open 1: anyone may have mail carried anywhere through smtp");
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.senders = senders;
	o.from.sender_count = 1;
	o.forgeable = true;
	expect_opening(&b, &o,
		"error relay/open 1: anyone who gives a sender like *@own.example may have mail "
		"carried anywhere through smtp");
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.logins = logins;
	o.from.login_count = 1;
	expect_opening(&b, &o, "");
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.anyone = true;
	o.discarded = true;
	expect_opening(&b, &o,
		"warning relay/discarded 1: mail for elsewhere is accepted from anyone on smtp and "
		"thrown away: testers see an open relay");
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.anyone = true;
	o.assumptions = policy;
	o.assumption_count = 1;
	expect_opening(&b, &o,
		"note relay/depends 1: whether anyone may have mail carried elsewhere through smtp "
		"is not decided by the configuration alone (it is so if policy.reply p = neutral)");
}

static void partial(void **state)
{
	struct bench b;
	struct mp_opening o;

	(void)state;
	setup(&b, false);
	o = opening(&b, "other.example");
	o.from.anyone = true;
	expect_opening(&b, &o,
		"warning relay/partial 1: anyone may have mail carried to other.example through "
		"smtp, which is not the server's own");
	setup(&b, false);
	o = opening(&b, "postmaster@");
	o.from.anyone = true;
	expect_opening(&b, &o,
		"note relay/partial 1: anyone may have mail carried to postmaster@ through smtp, "
		"which is not the server's own");
	setup(&b, false);
	o = opening(&b, "relayed.example");
	o.from.anyone = o.intended = true;
	expect_opening(&b, &o, "");
}

static void networks(void **state)
{
	static const struct {
		const char *net, *want;
	} cases[] = {
		{"10.0.0.0/8", ""},
		{"192.0.2.0/24", ""},
		{"8.0.0.0/12", ""},
		{"8.0.0.0/11", "warning relay/wide"},
		{"0.0.0.0/1", "error relay/open"},
		{"0.0.0.0/0", "error relay/open"},
		{"224.0.0.0/3", ""},
		{"fc00::/7", ""},
		{"2600::/28", ""},
		{"2600::/27", "warning relay/wide"},
		{"::/0", "error relay/open"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bench b;
		struct mp_cidr net;
		setup(&b, false);
		struct mp_opening o = opening(&b, "anywhere");
		assert_true(mp_cidr_parse(mp_slice_str(cases[i].net), &net));
		o.from.addresses = &net;
		o.from.address_count = 1;
		struct mp_surface surface = {.v = &o, .n = 1, .complete = true};
		mp_judge_surface(&b.judge, &surface);
		char *text = found(&b);
		assert_memory_equal(text, cases[i].want, strlen(cases[i].want));
		assert_true(cases[i].want[0] != '\0' || text[0] == '\0');
		assert_true(text[0] == '\0' || strstr(text, cases[i].net) != NULL);
		free(text);
		teardown(&b);
	}
}

/* Addresses of a pattern whose extent is not known, such as the host's own: not all of the range.
 */
static void range_of_a_pattern(void **state)
{
	static const char *const own[] = {"the host's addresses"};
	struct bench b;
	struct mp_cidr net;

	(void)state;
	setup(&b, false);
	struct mp_opening o = opening(&b, "anywhere");
	mp_cidr_parse(mp_slice_str("0.0.0.0/0"), &net);
	o.from.addresses = &net;
	o.from.address_count = 1;
	o.from.address_patterns = own;
	o.from.address_pattern_count = 1;
	expect_opening(&b, &o, "");
}

/* Of many networks the widest one's line is the place. */
static void widest_network(void **state)
{
	struct bench b;
	struct mp_cidr nets[2];

	(void)state;
	setup(&b, false);
	struct mp_opening o = opening(&b, "anywhere");
	mp_cidr_parse(mp_slice_str("8.0.0.0/10"), &nets[0]);
	mp_cidr_parse(mp_slice_str("192.0.2.0/24"), &nets[1]);
	o.from.addresses = nets;
	o.from.address_count = 2;
	struct mp_reason why[] = {
		because(&b, 1, "192.0.2.0/24").v[0], because(&b, 2, "8.0.0.0/10").v[0]};
	o.because = (struct mp_reasons){why, 2};
	expect_opening(&b, &o,
		"warning relay/wide 2: any client in 8.0.0.0/10, 192.0.2.0/24 may have mail "
		"carried anywhere through smtp without login: 4194304 public IPv4 addresses, one "
		"of 883");
}

/* A certificate that anybody can make is no identity; one that an authority signed is one. */
static void certificates(void **state)
{
	static const char *const any[] = {"any"}, *const verified[] = {"any verified"},
				 *const own[] = {"AA:BB"};
	struct bench b;
	struct mp_opening o;

	(void)state;
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.certificates = any;
	o.from.certificate_count = 1;
	o.from.tls = o.forgeable = true;
	expect_opening(&b, &o,
		"error relay/open 1: anyone with a certificate, whoever made it, may have mail "
		"carried anywhere through smtp");
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.certificates = verified;
	o.from.certificate_count = 1;
	o.from.tls = true;
	expect_opening(&b, &o,
		"note relay/certificates 1: anyone under TLS may have mail carried anywhere "
		"through smtp with any certificate of an authority that the server knows");
	setup(&b, false);
	o = opening(&b, "anywhere");
	o.from.certificates = own;
	o.from.certificate_count = 1;
	expect_opening(&b, &o, "");
}

/* Who is listed by its address is no outsider, for that reason alone. */
static void known_client(void **state)
{
	struct bench b;
	struct mp_cidr net;

	(void)state;
	for (unsigned line = 1; line <= 2; line++) {
		setup(&b, false);
		struct mp_opening o = opening(&b, "anywhere");
		mp_cidr_parse(mp_slice_str("203.0.113.5"), &net);
		o.from.addresses = &net;
		o.from.address_count = 1;
		struct mp_surface surface = {.v = &o, .n = 1, .complete = true};
		mp_judge_surface(&b.judge, &surface);
		predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, line, "");
		expect_outcomes(&b,
			line == 1 ? ""
				  : "error relay/open 2: an outsider may have mail carried "
				    "anywhere through smtp: relay/plain");
	}
}

static void surface_and_scenarios_are_one(void **state)
{
	static const char *const notes[] = {"a pattern cannot be followed"};
	struct bench b;

	(void)state;
	setup(&b, false);
	struct mp_opening o = opening(&b, "anywhere");
	o.from.anyone = true;
	struct mp_surface surface = {.v = &o, .n = 1, .notes = notes, .note_count = 1};
	predict(&b, "relay/plain", MP_OUTCOME_ACCEPTED_RELAY, 1, "");
	mp_judge_surface(&b.judge, &surface);
	expect_outcomes(&b,
		"note surface/incomplete 0: the list of who may relay is not complete: a pattern "
		"cannot be followed\n"
		"error relay/open 1: anyone may have mail carried anywhere through smtp: "
		"relay/plain");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules),
		cmocka_unit_test(an_alarm_that_names_no_address),
		cmocka_unit_test(one_cause_is_one_finding),
		cmocka_unit_test(defaults_are_named),
		cmocka_unit_test(only_the_host_itself),
		cmocka_unit_test(weights),
		cmocka_unit_test(worlds_that_prove_nothing),
		cmocka_unit_test(discarded),
		cmocka_unit_test(auth_in_clear),
		cmocka_unit_test(submission),
		cmocka_unit_test(own_domain_refused),
		cmocka_unit_test(listeners),
		cmocka_unit_test(seen),
		cmocka_unit_test(seen_with_surface),
		cmocka_unit_test(probed),
		cmocka_unit_test(openings),
		cmocka_unit_test(partial),
		cmocka_unit_test(networks),
		cmocka_unit_test(range_of_a_pattern),
		cmocka_unit_test(widest_network),
		cmocka_unit_test(certificates),
		cmocka_unit_test(known_client),
		cmocka_unit_test(surface_and_scenarios_are_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
