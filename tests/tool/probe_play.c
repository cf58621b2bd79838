/*
 * probe_play - plays a suite to live servers and prints what was seen, one fact a line, for the
 * tests of tests/probe/.
 *
 *	probe_play [OPTION...] TARGET...
 *	--suite S  --scenario ID (added to the suite; repeats)  --local DOMAIN  --client CLASS
 *	--rejects N  --command MS  --session MS  --greeting MS
 *	--user U (password from $PROBE_PASSWORD)  --pipelining  --plaintext  --ca FILE
 *	--source ADDR  --service NAME  --transcript
 */
#include "base/buf.h"
#include "base/number.h"
#include "probe/probe.h"
#include "sasl/sasl.h"
#include "scenario/planner.h"
#include "scenario/select.h"

#include <stdio.h>
#include <stdlib.h>

struct run {
	struct mp_arena arena;
	struct mp_scenarios all;
	struct mp_probe_options options;
	struct mp_names names;
	struct mp_selection selection;
	enum mp_service service; /* 0: of the target */
	unsigned rejects;
	bool transcript;
	MP_VEC(const char *) added; /* scenarios beside those of the suite */
	struct mp_login login;
	struct mp_err err;
};

static void die(const char *text)
{
	fprintf(stderr, "probe_play: %s\n", text);
	exit(3);
}

static unsigned number(const char *text)
{
	unsigned long n;

	if (!mp_parse_uint(mp_slice_str(text), 0, 10000000, &n)) {
		die("not a number");
	}
	return (unsigned)n;
}

static void set_login(struct run *r, const char *user)
{
	const struct mp_password_source source = {.environment = "PROBE_PASSWORD"};
	char *password = mp_password_read(&source, &r->err);

	if (password == NULL) {
		die(r->err.text);
	}
	r->login = (struct mp_login){.user = user, .password = password, .authorize_as = ""};
	r->names.user = user;
	r->selection.credentials = true;
	r->options.session.login = &r->login;
	r->options.session.mechanisms = mp_sasl_mechanisms(&r->options.session.mechanism_count);
}

static void set_class(struct run *r, const char *name)
{
	for (int c = MP_CLIENT_ANY; c <= MP_CLIENT_SERVER; c++) {
		if (mp_str_eq(mp_client_class_name((enum mp_client_class)c), name)) {
			r->selection.client = (enum mp_client_class)c;
			return;
		}
	}
	die("no such class");
}

/* How many arguments it took. */
static int option(struct run *r, const char *name, const char *value)
{
	struct mp_deadlines *d = &r->options.session.deadlines;

	if (mp_str_eq(name, "--pipelining")) {
		r->options.session.pipelining = true;
		return 1;
	} else if (mp_str_eq(name, "--plaintext")) {
		r->options.session.allow_plaintext_auth = true;
		return 1;
	} else if (mp_str_eq(name, "--transcript")) {
		r->transcript = true;
		return 1;
	} else if (value == NULL) {
		die("an option lacks its value");
	} else if (mp_str_eq(name, "--suite")) {
		r->selection.suite = value;
	} else if (mp_str_eq(name, "--scenario")) {
		mp_vec_push(&r->added, value);
	} else if (mp_str_eq(name, "--local")) {
		if (mp_names_set(&r->names, "local", value, &r->arena, &r->err) != 0) {
			die(r->err.text);
		}
	} else if (mp_str_eq(name, "--client")) {
		set_class(r, value);
	} else if (mp_str_eq(name, "--service")) {
		r->service = mp_str_eq(value, "submission") ? MP_SERVICE_SUBMISSION
			: mp_str_eq(value, "submissions")   ? MP_SERVICE_SUBMISSIONS
							    : MP_SERVICE_SMTP;
	} else if (mp_str_eq(name, "--rejects")) {
		r->rejects = number(value);
	} else if (mp_str_eq(name, "--command")) {
		d->command = number(value);
	} else if (mp_str_eq(name, "--greeting")) {
		d->greeting = number(value);
	} else if (mp_str_eq(name, "--session")) {
		d->session = number(value);
	} else if (mp_str_eq(name, "--user")) {
		set_login(r, value);
	} else if (mp_str_eq(name, "--ca")) {
		r->options.ca_file = value;
	} else if (mp_str_eq(name, "--source")) {
		if (!mp_ip_parse(mp_slice_str(value), &r->options.source)) {
			die("not an address");
		}
	} else {
		die("no such option");
	}
	return 2;
}

/* Whether it is played though the suite does not hold it. */
static bool is_added(
	const struct run *r, const struct mp_scenario *s, struct mp_selection selection)
{
	selection.suite = "full";
	for (size_t i = 0; i < r->added.n; i++) {
		if (mp_str_eq(r->added.v[i], s->id)) {
			return mp_select(s, &selection) == MP_SELECTED;
		}
	}
	return false;
}

static void plan(struct run *r, struct mp_probe_target *t)
{
	const struct mp_scenario **list = mp_arena_array(&r->arena, r->all.list.n, sizeof *list);
	struct mp_names *names = MP_ARENA_NEW(&r->arena, struct mp_names);
	struct mp_selection selection = r->selection;
	char text[MP_IP_TEXT];
	size_t n = 0;

	selection.service = r->service != 0 ? r->service : t->service;
	for (size_t i = 0; i < r->all.list.n; i++) {
		if (mp_select(r->all.list.v[i], &selection) == MP_SELECTED ||
			is_added(r, r->all.list.v[i], selection)) {
			list[n++] = r->all.list.v[i];
		}
	}
	*names = r->names;
	names->helo = "probe.example.net";
	names->client_address = mp_arena_strdup(&r->arena, mp_ip_format(&t->source, text));
	if (t->address_count > 0) {
		names->server_address =
			mp_arena_strdup(&r->arena, mp_ip_format(&t->addresses[0], text));
	}
	names->server_name = "mail.example.org";
	mp_names_fill(names, &r->arena);
	struct mp_plan_request request = {.all = &r->all,
		.scenarios = list,
		.scenario_count = n,
		.names = names,
		.implicit_tls = t->implicit_tls || r->service == MP_SERVICE_SUBMISSIONS,
		.max_rejects = r->rejects};
	struct mp_plans plans = mp_plans_make(&request, &r->arena);
	t->plans = plans.v;
	t->plan_count = plans.n;
	for (size_t i = 0; i < plans.unplanned_count; i++) {
		const struct mp_unplanned *u = &plans.unplanned[i];
		printf("unplanned %s %s\n", list[u->origin]->id,
			u->missing != NULL ? u->missing : u->why);
	}
}

/* Control bytes and backslashes as \xNN: a server's text may hold anything. */
static void print_text(struct mp_slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 32 || c > 126 || c == '\\') {
			printf("\\x%02x", c);
		} else {
			putchar(c);
		}
	}
	putchar('\n');
}

static void print_session(const struct mp_session_seen *s, bool transcript)
{
	const struct mp_session_report *report = s->report;

	printf("session failure %s anomalies %u rejects %u tls %d mechanism \"%s\": %s\n",
		mp_failure_name(report->failure), report->anomalies, report->rejects, report->tls,
		report->mechanism, report->failure_text);
	if (s->tls != NULL) {
		printf("tls %s verified %d (%s) chain %zu\n", s->tls->protocol, s->tls->verified,
			s->tls->problem, s->tls->chain_count);
		for (size_t i = 0; i < s->tls->chain_count; i++) {
			const struct mp_certificate_facts *c = &s->tls->chain[i];
			printf("certificate %s by %s until %s key %s names", c->subject, c->issuer,
				c->not_after, c->key);
			for (size_t k = 0; k < c->name_count; k++) {
				printf(" %s", c->names[k]);
			}
			putchar('\n');
		}
	}
	for (size_t i = 0; transcript && i < report->exchange_count; i++) {
		const struct mp_exchange *e = &report->exchanges[i];
		printf("> ");
		print_text(mp_slice_str(e->sent));
		for (size_t k = 0; e->answered && k < e->reply.line_count; k++) {
			printf("< ");
			print_text(e->reply.lines[k]);
		}
		if (e->rest.n > 0) {
			printf("~ ");
			print_text(mp_slice_sub(e->rest, 0, 60));
		}
	}
}

static void print_target(const struct mp_target_seen *t, bool transcript)
{
	char address[MP_IP_TEXT], seen_as[MP_IP_TEXT];

	printf("target %s address %s seen-as %s failure %s: %s\n", t->target,
		t->address.family != 0 ? mp_ip_format(&t->address, address) : "-",
		t->seen_as.family != 0 ? mp_ip_format(&t->seen_as, seen_as) : "-",
		mp_failure_name(t->failure), t->failure_text);
	for (size_t i = 0; i < t->session_count; i++) {
		print_session(&t->sessions[i], transcript);
	}
	for (size_t i = 0; i < t->check_count; i++) {
		const struct mp_seen *seen = &t->checks[i].seen;
		printf("check %s %s", t->checks[i].check->scenario, mp_outcome_name(seen->outcome));
		if (seen->why != MP_WHY_NONE) {
			printf(" %s", mp_why_name(seen->why));
		}
		if (seen->exchange != NULL && seen->exchange->answered) {
			printf(" %s %u", mp_verb_name(seen->step), seen->exchange->reply.code);
		}
		printf("%s\n", seen->control_ok ? "" : " control-failed");
	}
}

int main(int argc, char **argv)
{
	static struct run r;
	int i = 1;

	r.options.session.deadlines = mp_default_deadlines;
	r.selection.suite = "quick";
	r.selection.client = MP_CLIENT_OUTSIDER;
	if (mp_scenarios_builtin(&r.all, &r.err) != 0) {
		die(r.err.text);
	}
	while (i < argc && argv[i][0] == '-') {
		i += option(&r, argv[i], i + 1 < argc ? argv[i + 1] : NULL);
	}
	r.options.session.max_rejects = r.rejects;
	size_t n = (size_t)(argc - i);
	struct mp_probe_target *targets = mp_arena_array(&r.arena, n, sizeof *targets);
	for (size_t k = 0; k < n; k++) {
		if (mp_target_parse(&targets[k], argv[i + (int)k], &r.arena, &r.err) != 0) {
			die(r.err.text);
		}
	}
	struct mp_observations seen;
	if (mp_probe_resolve(&r.options, targets, n, &r.arena, &r.err) != 0) {
		die(r.err.text);
	}
	for (size_t k = 0; k < n; k++) {
		plan(&r, &targets[k]);
	}
	if (mp_probe_run(&r.options, targets, n, &r.arena, &seen, &r.err) != 0) {
		die(r.err.text);
	}
	for (size_t k = 0; k < n; k++) {
		print_target(&seen.targets[k], r.transcript);
	}
	mp_password_free((char *)r.login.password);
	mp_vec_release(&r.added);
	mp_scenarios_release(&r.all);
	mp_arena_release(&r.arena);
	return 0;
}
