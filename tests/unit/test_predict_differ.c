/* test_predict_differ - two predictions, made by hand, held against each other. */
#include "predict/differ.h"

#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const refused_lines[] = {"550 5.7.1 Relaying denied"};
static const char *const other_lines[] = {"550 5.7.1 No"};
static const char *const taken_lines[] = {"250 2.1.5 Ok"};
static const char *const login_lines[] = {"235 2.0.0 OK Authenticated"};
static const char *const if_a[] = {"client.name 203.0.113.5 = none"};
static const char *const if_b[] = {"client.name 203.0.113.5 = forged"};
static const char *const if_policy[] = {"policy.reply inet:127.0.0.1:1 = permit"};
static const struct mp_said refused = {
	.sent = "RCPT", .code = 550, .lines = refused_lines, .line_count = 1};
static const struct mp_said refused_otherwise = {
	.sent = "RCPT", .code = 550, .lines = other_lines, .line_count = 1};
static const struct mp_said taken = {
	.sent = "RCPT", .code = 250, .lines = taken_lines, .line_count = 1};
static const struct mp_said logged_in[] = {
	{.sent = "AUTH", .code = 235, .lines = login_lines, .line_count = 1},
	{.sent = "RCPT", .code = 250, .lines = taken_lines, .line_count = 1}};

#define OUTCOME(o, said)                                                                           \
	{                                                                                          \
		.listener = "MTA", .client = "outsider", .scenario = "relay/plain",                \
		.group = "relay", .network = "", .with = "", .note = "", .outcome = (o),           \
		.dialogue = &(said), .dialogue_count = 1                                           \
	}

static const char *const on_mta[] = {"MTA"}, *const on_msa[] = {"MSA"};
static const char *const any_login[] = {"any"};
static struct mp_listener_outline mta = {
	.name = "MTA", .address = "0.0.0.0", .port = 25, .tls = "none", .certain = true};

static struct mp_prediction with(const struct mp_predicted *v, size_t n)
{
	return (struct mp_prediction){.listeners = &mta,
		.listener_count = 1,
		.outcomes = v,
		.outcome_count = n,
		.surface = {.complete = true}};
}

static struct mp_prediction opened(const struct mp_opening *v, size_t n)
{
	struct mp_prediction p = with(NULL, 0);

	p.surface.v = v;
	p.surface.n = n;
	return p;
}

/* The differences as they are told; "!" before them where the right one is wider. */
static void check(
	const struct mp_prediction *left, const struct mp_prediction *right, const char *expected)
{
	struct mp_arena arena = {0};
	struct mp_differences d = mp_predictions_differ(left, right, &arena);
	const char *const *told;
	size_t n = mp_differences_tell(&d, "OLD", "NEW", &arena, &told);
	struct mp_buf got;

	assert_int_equal(mp_differ(&d), n > 0);
	mp_buf_init(&got, 4000);
	mp_buf_puts(&got, d.wider ? "!" : "");
	for (size_t i = 0; i < n; i++) {
		mp_buf_printf(&got, "%s\n", told[i]);
	}
	assert_string_equal(got.p, expected);
	mp_buf_release(&got);
	mp_arena_release(&arena);
}

static void check_outcomes(const struct mp_predicted *a, size_t n, const struct mp_predicted *b,
	size_t m, const char *expected)
{
	struct mp_prediction left = with(a, n), right = with(b, m);

	check(&left, &right, expected);
}

static void test_outcomes(void **state)
{
	struct mp_predicted no = OUTCOME(MP_OUTCOME_REFUSED, refused);
	struct mp_predicted no_otherwise = OUTCOME(MP_OUTCOME_REFUSED, refused_otherwise);
	struct mp_predicted yes = OUTCOME(MP_OUTCOME_ACCEPTED_RELAY, taken);
	struct mp_predicted offered = OUTCOME(MP_OUTCOME_OFFERED, taken);
	struct mp_predicted not_offered = OUTCOME(MP_OUTCOME_NOT_OFFERED, taken);
	struct mp_predicted nameless = OUTCOME(MP_OUTCOME_NOT_REACHED, taken);
	struct mp_predicted login = yes, under_a = no, under_b = no;

	(void)state;
	check_outcomes(&no, 1, &no, 1, "");
	check_outcomes(NULL, 0, NULL, 0, "");
	check_outcomes(&no, 1, &yes, 1,
		"!MTA, outsider: relay/plain: OLD refuses it (550), NEW takes it for relay "
		"(250)\n");
	check_outcomes(&yes, 1, &no, 1,
		"MTA, outsider: relay/plain: OLD takes it for relay (250), NEW refuses it (550)\n");
	check_outcomes(&offered, 1, &not_offered, 1,
		"MTA, outsider: relay/plain: OLD offers it, NEW does not offer it\n");
	check_outcomes(&no, 1, &no_otherwise, 1,
		"MTA, outsider: relay/plain: OLD says \"550 5.7.1 Relaying denied\", NEW says "
		"\"550 5.7.1 No\"\n");
	/* Who has logged in is no outsider. */
	login.dialogue = logged_in;
	login.dialogue_count = 2;
	check_outcomes(&no, 1, &login, 1,
		"MTA, outsider: relay/plain: OLD refuses it (550), NEW takes it for relay (250)\n");
	login = yes;
	login.assumptions = if_policy;
	login.assumption_count = 1;
	check_outcomes(&no, 1, &login, 1,
		"MTA, outsider: relay/plain: OLD refuses it (550), NEW takes it for relay (250)\n");
	under_a.assumptions = if_a;
	under_b.assumptions = if_b;
	under_a.assumption_count = under_b.assumption_count = 1;
	check_outcomes(&under_a, 1, &under_b, 1,
		"MTA, outsider: relay/plain: by OLD it rests on client.name 203.0.113.5 = none, by "
		"NEW on client.name 203.0.113.5 = forged\n");
	/* Without a name nothing was played, here or there. */
	nameless.why = MP_WHY_NO_NAME;
	check_outcomes(&nameless, 1, &nameless, 1, "");
	check_outcomes(&nameless, 1, NULL, 0, "");
	check_outcomes(&nameless, 1, &no, 1,
		"MTA, outsider: relay/plain: only by NEW is there such a client, name or login\n");
	check_outcomes(&no, 1, NULL, 0,
		"MTA, outsider: relay/plain: only by OLD is there such a client, name or login\n");
}

/* Several worlds: an outcome is new when none of the other side is like it; their order says
 * nothing. */
static void test_worlds(void **state)
{
	struct mp_predicted a[2] = {
		OUTCOME(MP_OUTCOME_REFUSED, refused), OUTCOME(MP_OUTCOME_ACCEPTED_RELAY, taken)};
	struct mp_predicted b[2] = {a[1], a[0]};

	(void)state;
	check_outcomes(a, 2, b, 2, "");
	check_outcomes(a, 1, b, 2,
		"!MTA, outsider: relay/plain: OLD refuses it (550), NEW takes it for relay (250) "
		"or refuses it (550)\n");
}

/* Only what parts them is told, once each. */
static void test_parting(void **state)
{
	static const struct mp_said dies[] = {
		{.sent = "RCPT", .code = 550, .lines = refused_lines, .line_count = 1},
		{.sent = "RSET", .kind = MP_SAID_CLOSED}};
	static const struct mp_said lives[] = {
		{.sent = "RCPT", .code = 550, .lines = refused_lines, .line_count = 1},
		{.sent = "RSET", .code = 250, .lines = taken_lines, .line_count = 1}};
	struct mp_predicted a[2] = {
		OUTCOME(MP_OUTCOME_ACCEPTED_RELAY, taken), OUTCOME(MP_OUTCOME_REFUSED, refused)};
	struct mp_predicted b[2] = {a[0], OUTCOME(MP_OUTCOME_REFUSED, refused_otherwise)};

	(void)state;
	/* The first of each are alike. */
	check_outcomes(a, 2, b, 2,
		"MTA, outsider: relay/plain: OLD says \"550 5.7.1 Relaying denied\", NEW says "
		"\"550 5.7.1 No\"\n");
	check_outcomes(a, 2, (struct mp_predicted[]){a[0], a[1], b[1]}, 3,
		"MTA, outsider: relay/plain: OLD says \"550 5.7.1 Relaying denied\", NEW says "
		"\"550 5.7.1 No\"\n");
	/* One is at its end, or has no words. */
	a[0] = a[1];
	a[0].dialogue = lives;
	a[0].dialogue_count = 2;
	check_outcomes(a, 1, &a[1], 1,
		"MTA, outsider: relay/plain: OLD says \"250 2.1.5 Ok\", NEW says nothing more\n");
	b[0] = a[0];
	b[0].dialogue = dies;
	check_outcomes(a, 1, b, 1,
		"MTA, outsider: relay/plain: OLD says \"250 2.1.5 Ok\", NEW has closed the "
		"connection\n");
	/* The same word twice, of different replies. */
	b[0] = (struct mp_predicted)OUTCOME(MP_OUTCOME_ACCEPTED, taken);
	a[0] = a[1];
	a[1].dialogue = &refused_otherwise;
	check_outcomes(a, 2, b, 1,
		"MTA, outsider: relay/plain: OLD refuses it (550), NEW accepts it (250)\n");
	/* The same words for what came about at different steps. */
	b[0] = a[1];
	b[0].step = MP_VERB_MAIL;
	check_outcomes(a, 1, b, 1,
		"MTA, outsider: relay/plain: OLD says \"550 5.7.1 Relaying denied\", NEW says "
		"\"550 5.7.1 No\"\n");
}

/* Scenarios that are told the same are one sentence; the wider ones come first. */
static void test_groups(void **state)
{
	struct mp_predicted a[4], b[4];

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		static const char *const names[] = {"a/a", "a/b", "a/c", "a/d"};
		a[i] = (struct mp_predicted)OUTCOME(MP_OUTCOME_REFUSED, refused);
		b[i] = (struct mp_predicted)OUTCOME(MP_OUTCOME_REFUSED, refused_otherwise);
		a[i].scenario = b[i].scenario = names[i];
	}
	b[3] = (struct mp_predicted)OUTCOME(MP_OUTCOME_ACCEPTED_RELAY, taken);
	b[3].scenario = "a/d";
	check_outcomes(a, 4, b, 4,
		"!MTA, outsider: a/d: OLD refuses it (550), NEW takes it for relay (250)\n"
		"MTA, outsider: a/a and 2 more: OLD says \"550 5.7.1 Relaying denied\", NEW says "
		"\"550 5.7.1 No\"\n");
}

static void test_listeners(void **state)
{
	struct mp_predicted no = OUTCOME(MP_OUTCOME_REFUSED, refused);
	struct mp_listener_outline two[2] = {mta, mta}, changed = mta;
	struct mp_prediction left = with(&no, 1), right = with(&no, 1), none = with(NULL, 0);

	(void)state;
	two[1].name = "MSA";
	two[1].port = 587;
	right.listeners = two;
	right.listener_count = 2;
	check(&left, &right, "only by NEW something listens at 0.0.0.0:587 (MSA)\n");
	/* What a missing listener does not answer is not said again. */
	none.listener_count = 0;
	check(&left, &none, "only by OLD something listens at 0.0.0.0:25 (MTA)\n");
	changed.auth_clear = any_login;
	changed.auth_clear_count = 1;
	changed.auth_required = true;
	right.listeners = &changed;
	right.listener_count = 1;
	check(&left, &right,
		"MTA (0.0.0.0:25): OLD has no AUTH in clear, mail without login; NEW has AUTH any "
		"in clear, no mail without login\n");
}

static struct mp_opening opening(const struct mp_cidr *net, const char *const *listeners)
{
	return (struct mp_opening){.from = {.addresses = net, .address_count = net != NULL},
		.to = "anywhere",
		.form = "",
		.listeners = listeners,
		.listener_count = 1};
}

static void check_openings(const struct mp_opening *a, size_t n, const struct mp_opening *b,
	size_t m, const char *told)
{
	struct mp_prediction left = opened(a, n), right = opened(b, m);

	check(&left, &right, told);
}

static void test_openings(void **state)
{
	struct mp_cidr wide, narrow, loopback;
	struct mp_opening all, some, host, logins, logins_msa, anyone;

	(void)state;
	mp_cidr_parse(mp_slice_str("10.0.0.0/8"), &wide);
	mp_cidr_parse(mp_slice_str("10.1.0.0/16"), &narrow);
	mp_cidr_parse(mp_slice_str("127.0.0.1"), &loopback);
	all = opening(&wide, on_mta);
	some = opening(&narrow, on_mta);
	host = opening(&loopback, on_mta);
	anyone = opening(NULL, on_mta);
	anyone.from.anyone = true;
	logins = opening(NULL, on_mta);
	logins.from.logins = any_login;
	logins.from.login_count = 1;
	logins_msa = logins;
	logins_msa.listeners = on_msa;
	check_openings(&all, 1, &all, 1, "");
	check_openings(NULL, 0, &all, 1,
		"!any client in 10.0.0.0/8 may have mail carried anywhere only by NEW, through "
		"MTA\n");
	check_openings(&some, 1, &all, 1,
		"!any client in 10.0.0.0/8 may have mail carried anywhere only by NEW, through "
		"MTA\n"
		"any client in 10.1.0.0/16 may have mail carried anywhere only by OLD, through "
		"MTA\n");
	/* A part of what may relay already is no more than that. */
	check_openings(&all, 1, &some, 1,
		"any client in 10.1.0.0/16 may have mail carried anywhere only by NEW, through "
		"MTA\n"
		"any client in 10.0.0.0/8 may have mail carried anywhere only by OLD, through "
		"MTA\n");
	check_openings(&anyone, 1, &all, 1,
		"any client in 10.0.0.0/8 may have mail carried anywhere only by NEW, through MTA\n"
		"anyone may have mail carried anywhere only by OLD, through MTA\n");
	check_openings(NULL, 0, &anyone, 1,
		"!anyone may have mail carried anywhere only by NEW, through MTA\n");
	check_openings(NULL, 0, &host, 1,
		"any client in 127.0.0.1 may have mail carried anywhere only by NEW, through "
		"MTA\n");
	check_openings(NULL, 0, &logins, 1,
		"anyone who has logged in (any) may have mail carried anywhere only by NEW, "
		"through MTA\n");
	check_openings(&logins_msa, 1, &logins, 1,
		"anyone who has logged in (any) may have mail carried anywhere by OLD through MSA, "
		"by NEW through MTA\n");
	/* The same clients twice, by different ways. */
	struct mp_opening ways[2] = {all, all}, back[2];
	ways[1].listeners = on_msa;
	ways[1].assumptions = if_a;
	ways[1].assumption_count = 1;
	back[0] = ways[1];
	back[1] = ways[0];
	check_openings(ways, 2, back, 2, "");
	/* What others decide is no more than a difference. */
	some = all;
	some.assumptions = if_policy;
	some.assumption_count = 1;
	check_openings(NULL, 0, &some, 1,
		"any client in 10.0.0.0/8 may have mail carried anywhere only by NEW, through MTA "
		"if policy.reply inet:127.0.0.1:1 = permit\n");
	/* What depended on something is certain now. */
	some = all;
	some.assumptions = if_a;
	some.assumption_count = 1;
	check_openings(&some, 1, &all, 1,
		"!any client in 10.0.0.0/8 may have mail carried anywhere by OLD through MTA if "
		"client.name 203.0.113.5 = none, by NEW through MTA\n");
}

static void test_incomplete(void **state)
{
	struct mp_predicted no = OUTCOME(MP_OUTCOME_REFUSED, refused);
	struct mp_prediction left = with(&no, 1), right = with(&no, 1);
	struct mp_arena arena = {0};

	(void)state;
	assert_false(mp_predictions_differ(&left, &right, &arena).incomplete);
	right.surface.complete = false;
	assert_true(mp_predictions_differ(&left, &right, &arena).incomplete);
	right.surface.complete = true;
	/* Of what is not known to be refused, it cannot be said that it is. */
	struct mp_predicted yes = OUTCOME(MP_OUTCOME_ACCEPTED_RELAY, taken);
	struct mp_opening anyone = opening(NULL, on_mta);
	struct mp_prediction wide = with(&yes, 1);
	anyone.from.anyone = true;
	wide.surface.v = &anyone;
	wide.surface.n = 1;
	assert_true(mp_predictions_differ(&left, &wide, &arena).openings[0].wider);
	assert_true(mp_predictions_differ(&left, &wide, &arena).outcomes[0].wider);
	left.surface.complete = false;
	assert_false(mp_predictions_differ(&left, &wide, &arena).openings[0].wider);
	left.surface.complete = true;
	no.truncated = true;
	assert_false(mp_predictions_differ(&left, &wide, &arena).outcomes[0].wider);
	assert_true(mp_predictions_differ(&left, &right, &arena).incomplete);
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outcomes),
		cmocka_unit_test(test_worlds),
		cmocka_unit_test(test_parting),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_listeners),
		cmocka_unit_test(test_openings),
		cmocka_unit_test(test_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
