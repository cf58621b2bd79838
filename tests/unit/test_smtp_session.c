/*
 * Plays the scripts of fixtures/smtp/ (both ends of a session) to the session machine with a fake
 * clock: once with the server's bytes in one segment, once byte by byte.
 *
 * A script has lines
 *	option NAME [VALUE]	max-rejects N, deliver, pipelining, plaintext, login, implicit-tls,
 *				segment-only (what it shows depends on bytes coming together)
 *	P UNIT AFTER ROLE LINE	a step of the plan ("-" for the greeting, "LOGIN" for a login)
 *	K STEP CONTROL KEYWORD	a check ("-" for no keyword, "any" for any refusal)
 *	S: LINE			the server says LINE and CR LF; S| without the line end;
 *				bytes are written as \xNN, \r, \n
 *	C: LINE			the client must say just this
 *	tls, tls-failed		the client must begin TLS, which works or fails
 *	wait MS, timeout, eof	time passes; the deadline passes; the server closes
 *	done			the client must close
 *	= STEP WORDS		result of a step: "played ok", "played refused", "skipped REASON"
 *	seen CHECK OUTCOME [WHY]
 *	failure NAME, anomalies N, rejects N, round-trips N, mechanism NAME
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/ascii.h"
#include "base/number.h"
#include "base/vec.h"
#include "result/outcome.h"
#include "sasl/sasl.h"
#include "smtp/session.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_STEPS = 64, MAX_CHECKS = 16 };

struct player {
	const char *name;
	unsigned line;
	bool bytewise, segment_only;
	struct mp_arena arena;
	struct mp_step steps[MAX_STEPS];
	struct mp_check checks[MAX_CHECKS];
	struct mp_plan plan;
	struct mp_session_options options;
	struct mp_session *session;
	struct mp_action action;
	struct mp_buf sent; /* by the client, not yet looked at */
	struct mp_buf segment; /* of the server, not yet delivered */
	uint64_t now;
};

static const struct mp_login login = {.user = "alice", .password = "s3cret", .authorize_as = ""};

static void fail_at(struct player *p, const char *what, struct mp_slice got)
{
	fail_msg("%s:%u (%s): %s: %.*s", p->name, p->line, p->bytewise ? "bytewise" : "segments",
		what, MP_SLICE_ARG(got));
}

static struct mp_slice word(struct mp_slice *rest)
{
	return mp_capability_word(rest);
}

static unsigned number(struct player *p, struct mp_slice s)
{
	unsigned long n;

	if (!mp_parse_uint(s, 0, 1000000, &n)) {
		fail_at(p, "not a number", s);
	}
	return (unsigned)n;
}

static int index_of(struct player *p, struct mp_slice s)
{
	return mp_slice_eq_str(s, "-1") ? -1 : (int)number(p, s);
}

static void act(struct player *p, struct mp_action action)
{
	p->action = action;
	mp_buf_put(&p->sent, action.send);
}

static void event(struct player *p, struct mp_event e)
{
	act(p, mp_session_step(p->session, &e, p->now));
}

static void deliver(struct player *p)
{
	size_t step = p->bytewise ? 1 : p->segment.n;

	for (size_t i = 0; i < p->segment.n; i += step) {
		if (p->action.kind == MP_ACTION_DONE) {
			break;
		}
		event(p,
			(struct mp_event){
				.kind = MP_EVENT_BYTES, .bytes = mp_slice(p->segment.p + i, step)});
	}
	mp_buf_reset(&p->segment);
}

static void start(struct player *p)
{
	if (p->session != NULL) {
		return;
	}
	p->plan.steps = p->steps;
	p->plan.checks = p->checks;
	p->options.mechanisms = mp_sasl_mechanisms(&p->options.mechanism_count);
	p->session = mp_session_new(&p->plan, &p->options, &p->arena, p->now);
	act(p, mp_session_begin(p->session));
	event(p, (struct mp_event){.kind = MP_EVENT_CONNECTED});
}

static void option(struct player *p, struct mp_slice rest)
{
	struct mp_slice name = word(&rest);

	if (mp_slice_eq_str(name, "max-rejects")) {
		p->options.max_rejects = number(p, word(&rest));
	} else if (mp_slice_eq_str(name, "deliver")) {
		p->options.deliver = true;
	} else if (mp_slice_eq_str(name, "pipelining")) {
		p->options.pipelining = true;
	} else if (mp_slice_eq_str(name, "plaintext")) {
		p->options.allow_plaintext_auth = true;
	} else if (mp_slice_eq_str(name, "login")) {
		p->options.login = &login;
	} else if (mp_slice_eq_str(name, "implicit-tls")) {
		p->plan.implicit_tls = true;
	} else if (mp_slice_eq_str(name, "segment-only")) {
		p->segment_only = true;
	} else {
		fail_at(p, "no such option", name);
	}
}

static enum mp_role role_of(struct player *p, struct mp_slice s)
{
	static const char *const roles[] = {"setup", "control", "test", "cleanup"};

	for (size_t i = 0; i < 4; i++) {
		if (mp_slice_eq_str(s, roles[i])) {
			return (enum mp_role)i;
		}
	}
	fail_at(p, "no such role", s);
	return MP_ROLE_SETUP;
}

static void add_step(struct player *p, struct mp_slice rest)
{
	struct mp_step *step = &p->steps[p->plan.step_count++];

	step->unit = number(p, word(&rest));
	step->after = index_of(p, word(&rest));
	step->role = role_of(p, word(&rest));
	rest = mp_slice_trim(rest);
	if (mp_slice_eq_str(rest, "-")) {
		step->verb = MP_VERB_GREETING;
		step->line = "";
	} else if (mp_slice_eq_str(rest, "LOGIN")) {
		step->verb = MP_VERB_AUTH;
		step->login = true;
		step->line = "AUTH";
	} else if (mp_slice_starts(rest, "CONTENT ")) {
		step->verb = MP_VERB_CONTENT;
		step->line = mp_arena_slicedup(&p->arena, mp_slice_from(rest, 8));
	} else {
		step->verb = mp_command_verb(rest);
		step->line = mp_arena_slicedup(&p->arena, rest);
	}
}

static void add_check(struct player *p, struct mp_slice rest)
{
	struct mp_check *check = &p->checks[p->plan.check_count];

	check->origin = p->plan.check_count++;
	check->scenario = "test";
	check->step = index_of(p, word(&rest));
	check->control = index_of(p, word(&rest));
	struct mp_slice keyword = word(&rest);
	check->any_refusal = mp_slice_eq_str(keyword, "any");
	check->keyword = mp_slice_eq_str(keyword, "-") || check->any_refusal
		? NULL
		: mp_arena_slicedup(&p->arena, keyword);
}

/* The server's text with its escapes undone. */
static void put_escaped(struct mp_buf *out, struct mp_slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		char next = i + 1 < text.n ? text.p[i + 1] : '\0';
		if (c == '\\' && next == 'x' && i + 3 < text.n) {
			mp_buf_putc(out,
				(char)(mp_hex_value(text.p[i + 2]) * 16 +
					mp_hex_value(text.p[i + 3])));
			i += 3;
		} else if (c == '\\' && (next == 'r' || next == 'n')) {
			mp_buf_putc(out, next == 'r' ? '\r' : '\n');
			i++;
		} else {
			mp_buf_putc(out, c);
		}
	}
}

static void expect_sent(struct player *p, struct mp_slice line)
{
	struct mp_slice sent = mp_buf_slice(&p->sent);
	size_t end = mp_slice_find(sent, "\r\n");

	if (end == MP_NOT_FOUND || !mp_slice_eq(mp_slice_sub(sent, 0, end), line)) {
		fail_at(p, "the client said something else", sent);
	}
	mp_buf_drop(&p->sent, end + 2);
}

static void expect_silence(struct player *p)
{
	if (p->sent.n > 0) {
		fail_at(p, "the client said more", mp_buf_slice(&p->sent));
	}
}

static void expect_kind(struct player *p, enum mp_action_kind kind, struct mp_slice line)
{
	if (p->action.kind != kind) {
		fail_at(p, "another action", line);
	}
	expect_silence(p);
}

static void expect_result(struct player *p, struct mp_slice rest)
{
	const struct mp_session_report *report = mp_session_report(p->session);
	const struct mp_step_result *r = &report->results[number(p, word(&rest))];
	char got[64];

	snprintf(got, sizeof got, "%s %s", r->status == MP_STEP_PLAYED ? "played" : "skipped",
		r->status != MP_STEP_PLAYED ? mp_skip_name(r->why)
			: r->success        ? "ok"
					    : "refused");
	if (!mp_slice_eq_str(mp_slice_trim(rest), got)) {
		fail_at(p, "another result", mp_slice_str(got));
	}
}

static void expect_seen(struct player *p, struct mp_slice rest)
{
	const struct mp_session_report *report = mp_session_report(p->session);
	struct mp_seen seen = mp_seen_read(&p->plan, number(p, word(&rest)), report);
	char got[64];

	snprintf(got, sizeof got, "%s%s%s", mp_outcome_name(seen.outcome),
		seen.why != MP_WHY_NONE ? " " : "", mp_why_name(seen.why));
	if (!mp_slice_eq_str(mp_slice_trim(rest), got)) {
		fail_at(p, "another outcome", mp_slice_str(got));
	}
}

static void expect_report(struct player *p, struct mp_slice name, struct mp_slice value)
{
	const struct mp_session_report *report = mp_session_report(p->session);
	char got[1200];

	if (mp_slice_eq_str(name, "failure")) {
		snprintf(got, sizeof got, "%s", mp_failure_name(report->failure));
	} else if (mp_slice_eq_str(name, "because")) {
		snprintf(got, sizeof got, "%s", report->failure_text);
	} else if (mp_slice_eq_str(name, "anomalies")) {
		snprintf(got, sizeof got, "%u", report->anomalies);
	} else if (mp_slice_eq_str(name, "rejects")) {
		snprintf(got, sizeof got, "%u", report->rejects);
	} else if (mp_slice_eq_str(name, "round-trips")) {
		snprintf(got, sizeof got, "%u", report->round_trips);
	} else if (mp_slice_eq_str(name, "mechanism")) {
		snprintf(got, sizeof got, "%s", report->mechanism);
	} else {
		fail_at(p, "no such line", name);
	}
	if (!mp_slice_eq_str(value, got)) {
		fail_at(p, "another report", mp_slice_str(got));
	}
}

static void play_line(struct player *p, struct mp_slice line)
{
	struct mp_slice rest = line;
	struct mp_slice first = word(&rest);
	struct mp_slice value = mp_slice_trim(rest);

	if (mp_slice_eq_str(first, "option")) {
		option(p, rest);
		return;
	} else if (mp_slice_eq_str(first, "P")) {
		add_step(p, rest);
		return;
	} else if (mp_slice_eq_str(first, "K")) {
		add_check(p, rest);
		return;
	}
	start(p);
	if (mp_slice_eq_str(first, "S:") || mp_slice_eq_str(first, "S|")) {
		expect_silence(p);
		put_escaped(&p->segment, mp_slice_from(line, 3));
		if (first.p[1] == ':') {
			mp_buf_puts(&p->segment, "\r\n");
		}
		return;
	}
	deliver(p);
	if (mp_slice_eq_str(first, "C:")) {
		expect_sent(p, value);
	} else if (mp_slice_eq_str(first, "tls") || mp_slice_eq_str(first, "tls-failed")) {
		expect_kind(p, MP_ACTION_START_TLS, line);
		bool good = mp_slice_eq_str(first, "tls");
		event(p,
			(struct mp_event){.kind = good ? MP_EVENT_TLS_UP : MP_EVENT_TLS_FAILED,
				.text = "handshake failure"});
	} else if (mp_slice_eq_str(first, "wait")) {
		p->now += number(p, value);
	} else if (mp_slice_eq_str(first, "timeout")) {
		expect_kind(p, MP_ACTION_WAIT, line);
		p->now = p->action.deadline;
		event(p, (struct mp_event){.kind = MP_EVENT_TIMEOUT});
	} else if (mp_slice_eq_str(first, "eof")) {
		event(p, (struct mp_event){.kind = MP_EVENT_EOF});
	} else if (mp_slice_eq_str(first, "done")) {
		expect_kind(p, MP_ACTION_DONE, line);
	} else if (mp_slice_eq_str(first, "=")) {
		expect_result(p, rest);
	} else if (mp_slice_eq_str(first, "seen")) {
		expect_seen(p, rest);
	} else {
		expect_report(p, first, value);
	}
}

/* The password must be nowhere in the report. */
static void expect_no_secret(struct player *p)
{
	const struct mp_session_report *report = mp_session_report(p->session);

	for (size_t i = 0; i < report->exchange_count; i++) {
		assert_null(strstr(report->exchanges[i].sent, "s3cret"));
		assert_null(strstr(report->exchanges[i].sent, "AGFsaWNlAHMzY3JldA"));
		assert_null(strstr(report->exchanges[i].sent, "czNjcmV0"));
	}
}

static bool play(const char *name, struct mp_slice text, bool bytewise)
{
	struct player p = {.name = name, .bytewise = bytewise, .now = 1000};

	mp_buf_init(&p.sent, 1 << 20);
	mp_buf_init(&p.segment, 16 << 20);
	while (text.n > 0) {
		size_t end = mp_slice_chr(text, '\n');
		size_t n = end == MP_NOT_FOUND ? text.n : end;
		struct mp_slice line = mp_slice_sub(text, 0, n);
		text = mp_slice_from(text, n + 1);
		p.line++;
		if (line.n > 0 && line.p[0] != '#') {
			play_line(&p, line);
		}
		if (bytewise && p.segment_only) {
			break;
		}
	}
	if (p.session != NULL) {
		expect_silence(&p);
		expect_no_secret(&p);
	}
	mp_session_free(p.session);
	mp_buf_release(&p.sent);
	mp_buf_release(&p.segment);
	mp_arena_release(&p.arena);
	return true;
}

static char *read_file(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *text = mp_alloc(1 << 20);

	assert_non_null(f);
	*n = fread(text, 1, (1 << 20) - 1, f);
	fclose(f);
	return text;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static void scripts(void **state)
{
	struct dirent **entries;
	int n = scandir("fixtures/smtp", &entries, NULL, by_name);
	unsigned played = 0;

	(void)state;
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		if (mp_slice_ends(mp_slice_str(name), ".smtp")) {
			char path[300];
			size_t size;
			snprintf(path, sizeof path, "fixtures/smtp/%s", name);
			char *text = read_file(path, &size);
			play(name, mp_slice(text, size), false);
			play(name, mp_slice(text, size), true);
			free(text);
			played++;
		}
		free(entries[i]);
	}
	free(entries);
	assert_true(played >= 15);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(scripts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
