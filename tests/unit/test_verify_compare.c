/* Verdicts: every way in which what was seen can stand to what is predicted (design 1 and 4.4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/vec.h"
#include "verify/compare.h"

/* A session in short: one text per step, lines separated by '|'. What is no reply begins with '!':
 * "!refused", "!silent" (no connection), "!mute" (connected, no greeting), "!cut" (closed), "!tls",
 * "!slow" (no reply in time), "!unknown" (cannot be simulated), "!-reason" (left out). */
enum { MOST_STEPS = 6, MOST_WORLDS = 4 };

struct script {
	const char *say[MOST_STEPS];
};

static const struct mp_step rcpt_steps[] = {
	{.verb = MP_VERB_GREETING, .line = "", .after = -1},
	{.verb = MP_VERB_EHLO, .line = "EHLO a.example"},
	{.verb = MP_VERB_MAIL,
		.role = MP_ROLE_TEST,
		.line = "MAIL FROM:<a@a.example>",
		.unit = 1,
		.after = 1},
	{.verb = MP_VERB_RCPT,
		.role = MP_ROLE_TEST,
		.line = "RCPT TO:<b@b.example>",
		.unit = 1,
		.after = 2,
		.expect_reject = true},
};
/* The same with a control before the test. */
static const struct mp_step control_steps[] = {
	{.verb = MP_VERB_GREETING, .role = MP_ROLE_SETUP, .line = "", .after = -1},
	{.verb = MP_VERB_EHLO, .role = MP_ROLE_SETUP, .line = "EHLO a.example", .after = 0},
	{.verb = MP_VERB_MAIL,
		.role = MP_ROLE_TEST,
		.line = "MAIL FROM:<a@a.example>",
		.unit = 1,
		.after = 1},
	{.verb = MP_VERB_RCPT,
		.role = MP_ROLE_CONTROL,
		.line = "RCPT TO:<c@own.example>",
		.unit = 1,
		.after = 2},
	{.verb = MP_VERB_RCPT,
		.role = MP_ROLE_TEST,
		.line = "RCPT TO:<b@b.example>",
		.unit = 1,
		.after = 2,
		.expect_reject = true},
};
static const struct mp_check controlled = {
	.scenario = "relay/controlled", .step = 4, .control = 3, .keyword = NULL};
static const struct mp_check rcpt_check = {
	.scenario = "relay/plain", .step = 3, .control = -1, .keyword = NULL};
static const struct mp_check any_check = {
	.scenario = "submission/x", .step = 3, .control = -1, .any_refusal = true};
static const struct mp_check auth_check = {
	.scenario = "auth/offered-clear", .step = 1, .control = -1, .keyword = "AUTH"};
static const struct mp_check tls_check = {
	.scenario = "tls/starttls-offered", .step = 1, .control = -1, .keyword = "STARTTLS"};
static const struct mp_check size_check = {
	.scenario = "size/offered", .step = 1, .control = -1, .keyword = "SIZE"};

struct scene {
	struct mp_arena arena;
	struct mp_plan plan;
	struct mp_session_report *report;
	struct mp_sim_reply *replies;
	enum mp_sim_kind opening;
	bool unknown;
};

static enum mp_skip skip_named(const char *name)
{
	for (int i = MP_SKIP_NONE; i <= MP_SKIP_ENDED; i++) {
		if (strcmp(mp_skip_name((enum mp_skip)i), name) == 0) {
			return (enum mp_skip)i;
		}
	}
	fail_msg("no such reason: %s", name);
	return MP_SKIP_NONE;
}

static void take_reply(
	struct scene *s, struct mp_exchange *e, struct mp_sim_reply *sim, const char *text)
{
	size_t n = 1;
	for (const char *p = text; *p != '\0'; p++) {
		n += *p == '|';
	}
	struct mp_slice *lines = mp_arena_array(&s->arena, n, sizeof *lines);
	const char **texts = mp_arena_array(&s->arena, n, sizeof *texts);
	struct mp_slice rest = mp_slice_str(text);
	for (size_t i = 0; i < n; i++) {
		size_t end = mp_slice_chr(rest, '|');
		texts[i] = mp_arena_slicedup(&s->arena, mp_slice_sub(rest, 0, end));
		lines[i] = mp_slice_str(texts[i]);
		rest = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(rest, end + 1);
	}
	assert_true(mp_reply_from_lines(&e->reply, lines, n));
	e->answered = true;
	*sim = (struct mp_sim_reply){
		.kind = MP_SIM_REPLY, .code = e->reply.code, .lines = texts, .line_count = n};
}

static enum mp_failure failure_of(const char *say)
{
	return strcmp(say, "!refused") == 0      ? MP_FAIL_CONNECT
		: strcmp(say, "!tls") == 0       ? MP_FAIL_TLS
		: say[1] == 'c' || say[1] == 'u' ? MP_FAIL_CUT_OFF
						 : MP_FAIL_TIMEOUT;
}

/* Plays the script: what the session machine would report. */
static void play(struct scene *s, const struct script *script)
{
	size_t n = s->plan.step_count;
	struct mp_step_result *results = mp_arena_array(&s->arena, n, sizeof *results);
	struct mp_exchange *exchanges = mp_arena_array(&s->arena, n + 1, sizeof *exchanges);

	s->report = MP_ARENA_NEW(&s->arena, struct mp_session_report);
	*s->report = (struct mp_session_report){
		.failure_text = "", .mechanism = "", .results = results, .exchanges = exchanges};
	s->replies = mp_arena_array(&s->arena, n + 1, sizeof *s->replies);
	s->opening = MP_SIM_REPLY;
	for (size_t i = 0; i < n; i++) {
		const char *say = script->say[i] != NULL ? script->say[i] : "!cut";
		int after = s->plan.steps[i].after;
		results[i] = (struct mp_step_result){MP_STEP_SKIPPED, MP_SKIP_ENDED, false, -1};
		if (s->report->failure != MP_FAIL_NONE) {
			continue;
		}
		if (after >= 0 && !results[after].success) {
			results[i].why = results[after].status == MP_STEP_PLAYED
				? MP_SKIP_REFUSED_EARLIER
				: results[after].why;
			continue;
		}
		if (strncmp(say, "!-", 2) == 0) {
			results[i].why = skip_named(say + 2);
			continue;
		}
		struct mp_exchange *e = &exchanges[s->report->exchange_count];
		struct mp_sim_reply *sim = &s->replies[s->report->exchange_count];
		bool connected = strcmp(say, "!refused") != 0 && strcmp(say, "!silent") != 0;
		if (connected) {
			s->report->connected = true;
			*e = (struct mp_exchange){.sent = s->plan.steps[i].line, .step = (int)i};
			results[i].exchange = (int)s->report->exchange_count++;
		}
		if (say[0] == '!') {
			s->report->failure = failure_of(say);
			s->unknown = strcmp(say, "!unknown") == 0;
			*sim = mp_sim_closed();
			sim->kind = s->unknown ? MP_SIM_UNKNOWN : MP_SIM_CLOSED;
			if (i == 0) {
				s->opening = !connected ? MP_SIM_REFUSED
					: s->unknown    ? MP_SIM_UNKNOWN
							: MP_SIM_TIMEOUT;
			}
			continue;
		}
		take_reply(s, e, sim, say);
		results[i].status = MP_STEP_PLAYED;
		results[i].why = MP_SKIP_NONE;
		results[i].success = e->reply.code < 400;
		if (e->reply.code == 421) {
			s->report->failure = MP_FAIL_CLOSING;
		}
	}
}

static void set_plan(struct scene *s, const struct mp_check *check)
{
	bool with_control = check->control >= 0;

	s->plan = (struct mp_plan){.steps = with_control ? control_steps : rcpt_steps,
		.step_count = check->keyword != NULL ? 2
			: with_control               ? 5
						     : 4,
		.checks = check,
		.check_count = 1};
}

struct row {
	const char *name;
	const struct mp_check *check;
	struct script worlds[MOST_WORLDS];
	size_t world_count;
	struct script live;
	const char
		*want; /* "confirmed", "mismatch stricter RCPT", "inconclusive greylisted", ... */
	bool truncated;
};

#define GOOD "220 m ESMTP", "250 m"
#define RELAY                                                                                      \
	{                                                                                          \
		{                                                                                  \
			GOOD, "250 2.1.0 Ok", "250 2.1.5 Ok"                                       \
		}                                                                                  \
	}
#define DENY                                                                                       \
	{                                                                                          \
		{                                                                                  \
			GOOD, "250 2.1.0 Ok", "554 5.7.1 Relay access denied"                      \
		}                                                                                  \
	}
#define DENY_NOW                                                                                   \
	{                                                                                          \
		{                                                                                  \
			GOOD, "250 2.1.0 Ok", "454 4.7.1 Relay access denied"                      \
		}                                                                                  \
	}
#define NO_SENDER                                                                                  \
	{                                                                                          \
		{                                                                                  \
			GOOD, "450 4.1.8 Domain not found"                                         \
		}                                                                                  \
	}
#define NO_SENDER_EVER                                                                             \
	{                                                                                          \
		{                                                                                  \
			GOOD, "550 5.1.8 Domain not found"                                         \
		}                                                                                  \
	}
#define NO_HELO                                                                                    \
	{                                                                                          \
		{                                                                                  \
			"220 m ESMTP", "504 5.5.2 need fully-qualified hostname"                   \
		}                                                                                  \
	}
#define NOBODY                                                                                     \
	{                                                                                          \
		{                                                                                  \
			"!refused"                                                                 \
		}                                                                                  \
	}
#define MUTE                                                                                       \
	{                                                                                          \
		{                                                                                  \
			"!mute"                                                                    \
		}                                                                                  \
	}
#define LOST                                                                                       \
	{                                                                                          \
		{                                                                                  \
			GOOD, "250 2.1.0 Ok", "!unknown"                                           \
		}                                                                                  \
	}
#define CUT                                                                                        \
	{                                                                                          \
		{                                                                                  \
			GOOD, "250 2.1.0 Ok", "!cut"                                               \
		}                                                                                  \
	}
#define LEFT_OUT(why)                                                                              \
	{                                                                                          \
		{                                                                                  \
			GOOD, "250 2.1.0 Ok", "!-" why                                             \
		}                                                                                  \
	}

static const struct row rows[] = {
	/* one world */
	{"as predicted", &rcpt_check, {DENY}, 1, DENY, "confirmed", false},
	{"taken, as predicted", &rcpt_check, {RELAY}, 1, RELAY, "confirmed", false},
	{"not every world was seen", &rcpt_check, {DENY}, 1, DENY, "possible 1", true},
	{"what differs may be in a world that was not seen", &rcpt_check, {DENY}, 1, RELAY,
		"inconclusive not-predicted", true},
	{"so may what ends earlier", &rcpt_check, {DENY}, 1, NO_SENDER,
		"inconclusive refused-earlier", true},
	{"an open relay", &rcpt_check, {DENY}, 1, RELAY, "mismatch more-permissive RCPT", false},
	{"refuses what it should take", &rcpt_check, {RELAY}, 1, DENY, "mismatch stricter RCPT",
		false},
	{"another code", &rcpt_check, {DENY}, 1, DENY_NOW, "mismatch other-words RCPT", false},
	/* several worlds */
	{"some agree", &rcpt_check, {RELAY, DENY}, 2, DENY, "possible 1", false},
	{"none agrees, one in other words", &rcpt_check, {RELAY, DENY}, 2, DENY_NOW,
		"mismatch other-words RCPT", false},
	{"all agree", &rcpt_check, {DENY, DENY}, 2, DENY, "confirmed", false},
	{"one agrees, one cannot be followed", &rcpt_check, {LOST, DENY}, 2, DENY, "possible 1",
		false},
	{"none agrees, one cannot be followed", &rcpt_check, {LOST, DENY}, 2, RELAY,
		"inconclusive not-predicted", false},
	{"cannot be followed", &rcpt_check, {LOST}, 1, RELAY, "inconclusive not-predicted", false},
	/* a step before the tested one */
	{"refused earlier, as predicted", &rcpt_check, {NO_SENDER}, 1, NO_SENDER,
		"inconclusive refused-earlier predicted", false},
	{"refused earlier in other words", &rcpt_check, {NO_SENDER}, 1, NO_SENDER_EVER,
		"inconclusive refused-earlier predicted", false},
	{"refused earlier in some world", &rcpt_check, {DENY, NO_SENDER}, 2, NO_SENDER,
		"inconclusive refused-earlier", false},
	{"refused earlier, not predicted", &rcpt_check, {DENY}, 1, NO_SENDER,
		"mismatch stricter MAIL", false},
	{"refused earlier still", &rcpt_check, {NO_SENDER}, 1, NO_HELO, "mismatch stricter EHLO",
		false},
	{"refused later than predicted", &rcpt_check, {NO_HELO}, 1, NO_SENDER,
		"mismatch more-permissive EHLO", false},
	{"takes the sender that it should refuse", &rcpt_check, {NO_SENDER}, 1, DENY,
		"mismatch more-permissive MAIL", false},
	{"takes sender and recipient", &rcpt_check, {NO_SENDER}, 1, RELAY,
		"mismatch more-permissive MAIL", false},
	{"any refusal will do", &any_check, {NO_SENDER}, 1, DENY, "mismatch other-words MAIL",
		false},
	{"any refusal, the same", &any_check, {NO_SENDER}, 1, NO_SENDER, "confirmed", false},
	{"any refusal, none", &any_check, {NO_SENDER}, 1, RELAY, "mismatch more-permissive MAIL",
		false},
	/* the control */
	{"refused, and the control taken", &controlled, {{{GOOD, "250 Ok", "250 Ok", "554 no"}}}, 1,
		{{GOOD, "250 Ok", "250 Ok", "550 no"}}, "mismatch other-words RCPT", false},
	{"the control is refused, too", &controlled, {{{GOOD, "250 Ok", "250 Ok", "554 no"}}}, 1,
		{{GOOD, "250 Ok", "550 not from you", "550 not from you"}},
		"inconclusive control-refused", false},
	{"the control is refused, as predicted", &controlled,
		{{{GOOD, "250 Ok", "550 x", "554 no"}}}, 1, {{GOOD, "250 Ok", "550 x", "550 no"}},
		"mismatch other-words RCPT", false},
	{"the control is refused, and the test is not", &controlled,
		{{{GOOD, "250 Ok", "250 Ok", "554 no"}}}, 1, {{GOOD, "250 Ok", "550 x", "250 Ok"}},
		"mismatch more-permissive RCPT", false},
	{"the control is refused, the test as predicted", &controlled,
		{{{GOOD, "250 Ok", "250 Ok", "554 no"}}}, 1, {{GOOD, "250 Ok", "550 x", "554 no"}},
		"confirmed", false},
	/* not now */
	{"greylisted", &rcpt_check, {RELAY}, 1, {{GOOD, "250 Ok", "450 4.2.0 Greylisted, see"}},
		"inconclusive greylisted", false},
	{"greylisted where it may be", &rcpt_check,
		{RELAY, {{GOOD, "250 Ok", "450 4.2.0 Greylisted, see"}}}, 2,
		{{GOOD, "250 Ok", "450 4.2.0 Greylisted, see"}}, "inconclusive greylisted", false},
	{"greylisted, known", &rcpt_check, {{{GOOD, "250 Ok", "450 4.2.0 Greylisted, see"}}}, 1,
		{{GOOD, "250 Ok", "450 4.2.0 Greylisted, see"}}, "confirmed", false},
	{"greylisted at MAIL", &rcpt_check, {DENY}, 1, {{GOOD, "451 4.7.1 Greylisting in action"}},
		"inconclusive greylisted", false},
	{"a refusal for good that mentions it", &rcpt_check, {RELAY}, 1,
		{{GOOD, "250 Ok", "550 no greylist here"}}, "mismatch stricter RCPT", false},
	{"too much", &rcpt_check, {RELAY}, 1,
		{{GOOD, "250 Ok", "450 4.7.1 Error: too much mail from x"}},
		"inconclusive rate-limited", false},
	{"421 to RCPT", &rcpt_check, {RELAY}, 1, {{GOOD, "250 Ok", "421 4.7.0 bye"}},
		"inconclusive rate-limited", false},
	{"421 as greeting", &rcpt_check, {DENY}, 1, {{"421 4.7.0 too many connections"}},
		"inconclusive rate-limited", false},
	{"for now, but not by a limit", &rcpt_check, {RELAY}, 1,
		{{GOOD, "250 Ok", "451 4.3.0 look-up failure"}}, "mismatch stricter RCPT", false},
	/* the session breaks */
	{"cut off", &rcpt_check, {DENY}, 1, CUT, "inconclusive cut-off", false},
	{"cut off, as predicted", &rcpt_check, {CUT}, 1, CUT, "inconclusive cut-off predicted",
		false},
	{"predicted to be cut off, and goes on", &rcpt_check, {CUT}, 1, DENY,
		"mismatch more-permissive RCPT", false},
	{"no reply", &rcpt_check, {DENY}, 1, {{GOOD, "250 Ok", "!slow"}}, "inconclusive timeout",
		false},
	{"TLS fails", &rcpt_check, {DENY}, 1, {{GOOD, "!tls"}}, "inconclusive tls-failed", false},
	/* nothing listens */
	{"nothing listens, as predicted", &rcpt_check, {NOBODY}, 1, NOBODY, "confirmed", false},
	{"silence, as good as refused", &rcpt_check, {NOBODY}, 1, {{"!silent"}}, "confirmed",
		false},
	{"down", &rcpt_check, {DENY}, 1, NOBODY, "inconclusive unreachable", false},
	{"silent", &rcpt_check, {DENY}, 1, {{"!silent"}}, "inconclusive unreachable", false},
	{"no greeting where one is predicted", &rcpt_check, {DENY}, 1, MUTE, "inconclusive timeout",
		false},
	{"no greeting, as predicted", &rcpt_check, {MUTE}, 1, MUTE, "confirmed", false},
	{"something listens, but is it SMTP?", &rcpt_check, {NOBODY}, 1, MUTE,
		"inconclusive timeout", false},
	{"an extra listener", &rcpt_check, {NOBODY}, 1, DENY, "mismatch more-permissive greeting",
		false},
	{"an extra listener that hangs up", &rcpt_check, {NOBODY}, 1, {{"220 m", "!cut"}},
		"mismatch more-permissive greeting", false},
	{"an extra listener that turns us away", &rcpt_check, {NOBODY}, 1, {{"554 no"}},
		"mismatch more-permissive greeting", false},
	{"an extra listener without STARTTLS", &rcpt_check, {NOBODY}, 1, LEFT_OUT("not-offered"),
		"mismatch more-permissive greeting", false},
	{"perhaps a listener", &rcpt_check, {NOBODY, DENY}, 2, DENY, "possible 1", false},
	/* left out on this side, because of the server */
	{"no STARTTLS where it is predicted", &rcpt_check, {DENY}, 1, LEFT_OUT("not-offered"),
		"mismatch more-permissive RCPT", false},
	{"no STARTTLS, as predicted", &rcpt_check, {LEFT_OUT("not-offered")}, 1,
		LEFT_OUT("not-offered"), "skipped not-offered predicted", false},
	{"no STARTTLS, perhaps", &rcpt_check, {DENY, LEFT_OUT("not-offered")}, 2,
		LEFT_OUT("not-offered"), "skipped not-offered", false},
	{"STARTTLS that is not predicted", &rcpt_check, {LEFT_OUT("not-offered")}, 1, DENY,
		"mismatch stricter RCPT", false},
	{"no mechanism where one is predicted", &rcpt_check, {RELAY}, 1, LEFT_OUT("no-mechanism"),
		"mismatch stricter RCPT", false},
	{"DATA would deliver, not predicted", &rcpt_check, {DENY}, 1, LEFT_OUT("unsafe"),
		"mismatch more-permissive RCPT", false},
	{"DATA would deliver", &rcpt_check, {LEFT_OUT("unsafe")}, 1, LEFT_OUT("unsafe"),
		"skipped unsafe predicted", false},
	{"no credentials", &rcpt_check, {LEFT_OUT("no-credentials")}, 1, LEFT_OUT("no-credentials"),
		"skipped no-credentials predicted", false},
	/* keywords */
	{"AUTH in clear", &auth_check, {{{"220 m", "250 m"}}}, 1,
		{{"220 m", "250-m|250 AUTH PLAIN"}}, "mismatch more-permissive EHLO", false},
	{"more AUTH in clear", &auth_check, {{{"220 m", "250-m|250 AUTH CRAM-MD5"}}}, 1,
		{{"220 m", "250-m|250 AUTH PLAIN CRAM-MD5"}}, "mismatch more-permissive EHLO",
		false},
	{"less AUTH in clear", &auth_check, {{{"220 m", "250-m|250 AUTH PLAIN CRAM-MD5"}}}, 1,
		{{"220 m", "250-m|250 AUTH PLAIN"}}, "mismatch stricter EHLO", false},
	{"AUTH in another order", &auth_check, {{{"220 m", "250-m|250 AUTH PLAIN LOGIN"}}}, 1,
		{{"220 m", "250-m|250 AUTH login plain"}}, "confirmed", false},
	{"no AUTH where it is predicted", &auth_check, {{{"220 m", "250-m|250 AUTH PLAIN"}}}, 1,
		{{"220 m", "250 m"}}, "mismatch stricter EHLO", false},
	{"no STARTTLS", &tls_check, {{{"220 m", "250-m|250 STARTTLS"}}}, 1, {{"220 m", "250 m"}},
		"mismatch more-permissive EHLO", false},
	{"no EHLO, hence no STARTTLS", &tls_check, {{{"220 m", "250-m|250 STARTTLS"}}}, 1,
		{{"220 m", "502 what?"}}, "mismatch more-permissive EHLO", false},
	{"STARTTLS, unasked", &tls_check, {{{"220 m", "250 m"}}}, 1,
		{{"220 m", "250-m|250 STARTTLS"}}, "mismatch stricter EHLO", false},
	{"another SIZE", &size_check, {{{"220 m", "250-m|250 SIZE 1"}}}, 1,
		{{"220 m", "250-m|250 SIZE 2"}}, "mismatch other-words EHLO", false},
	{"no SIZE", &size_check, {{{"220 m", "250-m|250 SIZE 1"}}}, 1, {{"220 m", "250 m"}},
		"mismatch other-words EHLO", false},
	{"an extra SIZE", &size_check, {{{"220 m", "250 m"}}}, 1, {{"220 m", "250-m|250 SIZE 1"}},
		"mismatch other-words EHLO", false},
};

static const char *verdict_text(struct mp_arena *arena, const struct mp_check_verdict *v)
{
	const char *name = mp_verdict_name(v->verdict);

	switch (v->verdict) {
	case MP_VERDICT_CONFIRMED:
		return name;
	case MP_VERDICT_POSSIBLE:
		return mp_arena_printf(arena, "%s %zu", name, v->assumption_count);
	case MP_VERDICT_MISMATCH:
		return mp_arena_printf(arena, "%s %s %s", name, mp_mismatch_kind_name(v->kind),
			mp_verb_name(v->step));
	case MP_VERDICT_INCONCLUSIVE:
	case MP_VERDICT_SKIPPED:
		break;
	}
	return mp_arena_printf(
		arena, "%s %s%s", name, mp_why_name(v->why), v->as_predicted ? " predicted" : "");
}

static void judge_row(const struct row *row)
{
	struct scene live = {0}, scenes[MOST_WORLDS] = {0};
	struct mp_plan_played played[MOST_WORLDS];
	struct mp_world_result results[MOST_WORLDS];
	struct mp_assumption assumption[MOST_WORLDS];
	struct mp_assumptions cases[MOST_WORLDS];
	static const char *const answers[] = {"none", "other", "a.example", "b.example"};
	struct mp_arena arena = {0};

	set_plan(&live, row->check);
	play(&live, &row->live);
	for (size_t i = 0; i < row->world_count; i++) {
		set_plan(&scenes[i], row->check);
		play(&scenes[i], &row->worlds[i]);
		played[i] = (struct mp_plan_played){.report = scenes[i].report,
			.replies = scenes[i].replies,
			.opening = scenes[i].opening,
			.unknown = scenes[i].unknown};
		assumption[i] = (struct mp_assumption){"client.name 203.0.113.5", answers[i]};
		cases[i] = (struct mp_assumptions){&assumption[i], row->world_count > 1};
		results[i] = (struct mp_world_result){&played[i], &cases[i], 1};
	}
	struct mp_exploration worlds = {
		.v = results, .n = row->world_count, .truncated = row->truncated};
	struct mp_session_seen session = {&live.plan, live.report, NULL};
	struct mp_check_seen seen = {
		row->check, mp_seen_read(&live.plan, 0, live.report), &session};
	struct mp_comparison c = mp_compare_begin(&live.plan, 0, &worlds, &seen, &arena);
	struct mp_check_verdict v = mp_compare_judge(&c, NULL, &arena);
	const char *got = verdict_text(&arena, &v);
	if (strcmp(got, row->want) != 0) {
		print_error("%s: %s, not %s\n", row->name, got, row->want);
		fail();
	}
	for (size_t i = 0; i < row->world_count; i++) {
		mp_arena_release(&scenes[i].arena);
	}
	mp_arena_release(&live.arena);
	mp_arena_release(&arena);
}

static void test_row(void **state)
{
	judge_row(*state);
}

int main(void)
{
	enum { ROWS = sizeof rows / sizeof rows[0] };
	static struct CMUnitTest tests[ROWS];

	for (size_t i = 0; i < ROWS; i++) {
		tests[i] = (struct CMUnitTest){
			rows[i].name, test_row, NULL, NULL, (void *)(uintptr_t)&rows[i]};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
