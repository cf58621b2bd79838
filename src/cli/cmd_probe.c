/*
 * cmd_probe - mtaproof probe: play scenarios to live servers, no configuration needed.
 *
 * DESCRIPTION
 *	Without a configuration nobody says what a server should answer; what is bad whatever the
 *	intention (a scenario's alarm, what a hostile server does) is a finding, all else is shown.
 */
#include "cli/cli.h"
#include "cli/live.h"
#include "cli/look_around.h"
#include "cli/output.h"
#include "report/findings_json.h"
#include "report/findings_text.h"
#include "report/probing.h"
#include "report/terminal.h"
#include "scenario/planner.h"
#include "scenario/select.h"
#include "verify/faults.h"

enum { OPT_HELP = 1, OPT_CLIENT };

static const struct mp_option own_options[] = {
	{"client", "outsider|trusted|server",
		"what this machine is to the servers (default: outsider; server for its own "
		"addresses)",
		OPT_CLIENT},
	{"help", NULL, "this text", OPT_HELP},
	{NULL, NULL, NULL, 0},
};

static const struct mp_option *const sets[] = {mp_play_option_set, mp_live_option_set, own_options};

enum { SETS = sizeof sets / sizeof sets[0] };

struct options {
	struct mp_live_options live;
	enum mp_client_class client; /* ANY: not said */
	bool help;
};

/* One target: what is played to it, and what came of it. */
struct view {
	enum mp_client_class client;
	const struct mp_scenario *const *played; /* by origin */
	struct mp_probed_check *checks; /* in the order of the scenarios */
	const struct mp_scenario **scenarios; /* of each check */
	size_t check_count;
	const char *seen_as;
};

struct probing {
	struct options *options;
	struct mp_live live;
	struct mp_arena arena;
	struct mp_findings findings;
	struct mp_judge judge;
	struct mp_names names; /* as used for the first target */
	struct mp_probe_target *targets;
	struct view *views;
	struct mp_probed_target *probed;
	size_t n;
	struct mp_rations rations;
	bool outsider, inconclusive;
};

static int take_option(void *context, int id, const char *value, struct mp_err *err)
{
	struct options *o = context;

	if (id == OPT_HELP) {
		o->help = true;
		return 0;
	}
	return id == OPT_CLIENT ? mp_client_option(value, &o->client, err)
				: mp_live_option(&o->live, id, value, err);
}

static void help(void)
{
	fputs("usage: mtaproof probe [OPTION...] TARGET...\n\n"
	      "Plays scenarios to live servers and shows what they answer. TARGET is host,\n"
	      "host:port, [v6]:port, smtp://, submission:// or smtps://. Nothing is delivered\n"
	      "without --deliver.\n\noptions:\n",
		stdout);
	mp_options_help(stdout, sets, SETS);
}

static void set_names(struct probing *p, const struct mp_probe_target *t, struct view *view,
	struct mp_names *names)
{
	const struct mp_live_options *o = &p->options->live;
	struct mp_ip client = o->seen_as.family != 0 ? o->seen_as : t->source;
	char text[MP_IP_TEXT];

	*names = o->play.names;
	view->seen_as =
		client.family == 0 ? "" : mp_arena_strdup(&p->arena, mp_ip_format(&client, text));
	view->client = p->options->client;
	if (view->client == MP_CLIENT_ANY) {
		bool own = t->address_count > 0 &&
			(mp_ip_is_loopback(&client) || mp_ip_eq(&client, &t->addresses[0]));
		view->client = own ? MP_CLIENT_SERVER : MP_CLIENT_OUTSIDER;
	}
	if (client.family != 0) {
		names->client_address = view->seen_as;
	}
	if (t->address_count > 0) {
		names->server_address =
			mp_arena_strdup(&p->arena, mp_ip_format(&t->addresses[0], text));
	}
	names->server_name = t->host;
	if (names->user == NULL) {
		names->user = o->user;
	}
	mp_names_fill(names, &p->arena);
	if (p->names.helo == NULL) {
		p->names = *names;
	}
}

/* Chooses the scenarios of a target and makes its plans. */
static void prepare(struct probing *p, size_t index)
{
	struct mp_probe_target *t = &p->targets[index];
	struct view *view = &p->views[index];
	const struct mp_scenarios *all = &p->live.scenarios;
	struct mp_names *names = MP_ARENA_NEW(&p->arena, struct mp_names);

	set_names(p, t, view, names);
	struct mp_selection selection = {.suite = p->options->live.play.suite,
		.client = view->client,
		.service = t->service,
		.intrusive = p->options->live.intrusive,
		.deliver = p->live.probe.session.deliver,
		.credentials = p->live.probe.session.login != NULL,
		.certificate = p->live.probe.identity != NULL,
		.names = names,
		.ration = mp_rations_find(
			&p->rations, t->host, all, p->options->live.play.suite, &p->arena)};
	struct mp_choices choices = mp_select_all(all, &selection, &p->arena);
	view->played = choices.played;
	view->checks = mp_arena_array(&p->arena, choices.n, sizeof *view->checks);
	view->scenarios = mp_arena_array(&p->arena, choices.n, sizeof *view->scenarios);
	for (size_t i = 0; i < choices.n; i++) {
		view->scenarios[view->check_count] = choices.v[i].scenario;
		view->checks[view->check_count++] =
			(struct mp_probed_check){.scenario = choices.v[i].scenario->id,
				.with = choices.v[i].scenario->with,
				.why = mp_why_of_selected(choices.v[i].selected)};
	}
	struct mp_plan_request request = {.all = all,
		.scenarios = view->played,
		.scenario_count = choices.played_count,
		.names = names,
		.implicit_tls = t->implicit_tls};
	struct mp_plans plans = mp_plans_make(&request, &p->arena);
	t->plans = plans.v;
	t->plan_count = plans.n;
	for (size_t i = 0; i < plans.unplanned_count; i++) {
		for (size_t k = 0; k < view->check_count; k++) {
			if (view->scenarios[k] == view->played[plans.unplanned[i].origin]) {
				view->checks[k].why = MP_WHY_NO_NAME;
			}
		}
	}
}

/* Port 25 of two hosts in the very same words: no configuration says which of them are the target's
 * own, so it is only said. */
static void find_interception(
	struct probing *p, const struct mp_target_seen *seen, const struct mp_reached *all)
{
	if (mp_reach_same_greeting(all, seen)) {
		const char **what = MP_ARENA_NEW(&p->arena, const char *);
		*what = mp_arena_printf(&p->arena, "the reference %s", all->reference->host);
		struct mp_fault f = {.rule = "session/same-greeting",
			.severity = MP_WARNING,
			.basis = MP_BASIS_SEEN,
			.where = seen->target,
			.what = what,
			.what_count = 1};
		mp_judge_add(&p->judge, &f);
	}
}

static void judge(struct probing *p, size_t index, const struct mp_target_seen *seen,
	const struct mp_reached *all)
{
	struct view *view = &p->views[index];
	struct mp_reach_verdict reach = mp_reach_judge(all, seen, true, &p->arena);

	for (size_t i = 0; i < seen->check_count; i++) {
		const struct mp_check_seen *live = &seen->checks[i];
		for (size_t k = 0; k < view->check_count; k++) {
			struct mp_probed_check *c = &view->checks[k];
			if (view->scenarios[k] == view->played[live->check->origin]) {
				c->seen = live;
				c->why = reach.why != MP_WHY_NONE ? reach.why : live->seen.why;
				c->alarm = mp_find_alarm(&p->judge, view->scenarios[k],
					p->targets[index].service, view->client, seen, live);
				p->outsider = p->outsider || view->client == MP_CLIENT_OUTSIDER;
			}
		}
	}
	for (size_t k = 0; k < view->check_count; k++) {
		enum mp_why why = view->checks[k].why;
		p->inconclusive = p->inconclusive || (why != MP_WHY_NONE && !mp_why_is_skip(why));
	}
	mp_find_anomalies(&p->judge, seen);
	find_interception(p, seen, all);
	if (seen->seen_as.family != 0 && p->options->live.seen_as.family == 0) {
		char text[MP_IP_TEXT];
		view->seen_as = mp_arena_strdup(&p->arena, mp_ip_format(&seen->seen_as, text));
	}
	p->probed[index] = (struct mp_probed_target){.seen = seen,
		.seen_as = view->seen_as,
		.client = mp_client_class_name(view->client),
		.explanation = reach.closed ? "" : reach.explanation,
		.checks = view->checks,
		.check_count = view->check_count};
}

static void report_json(struct probing *p, FILE *out)
{
	struct mp_json_writer w;

	mp_json_writer_init(&w, out, true);
	mp_json_begin_object(&w);
	mp_json_string_member(&w, "schema", "mtaproof.observation/1");
	mp_json_key(&w, "names");
	mp_json_begin_object(&w);
	mp_json_string_member(&w, "helo", p->names.helo);
	mp_json_string_member(&w, "sender", p->names.sender);
	mp_json_string_member(&w, "foreign",
		mp_arena_printf(
			&p->arena, "%s@%s", p->names.foreign_user, p->names.foreign_domain));
	if (p->names.local_domain != NULL) {
		mp_json_string_member(&w, "local",
			mp_arena_printf(
				&p->arena, "%s@%s", p->names.local_user, p->names.local_domain));
	}
	mp_json_end_object(&w);
	mp_probing_json(&w, p->probed, p->n);
	mp_json_key(&w, "findings");
	mp_findings_json(&w, &p->findings);
	mp_json_end_object(&w);
	mp_json_newline(&w);
}

static int exit_status(const struct probing *p)
{
	const struct mp_live_options *o = &p->options->live;

	if (mp_findings_worst(&p->findings) >= (int)o->play.fail_on) {
		return MP_EXIT_FINDINGS;
	}
	return (p->inconclusive || !p->outsider) && !o->allow_inconclusive ? MP_EXIT_LIVE
									   : MP_EXIT_OK;
}

static int report(struct probing *p, struct mp_err *err)
{
	const struct mp_live_options *o = &p->options->live;
	FILE *out = mp_output_open(o->play.output, err);

	if (out == NULL) {
		return -1;
	}
	mp_judge_findings(&p->judge, &p->findings);
	mp_findings_sort(&p->findings);
	if (o->play.json) {
		report_json(p, out);
	} else {
		bool color = mp_color_wanted(out);
		struct mp_shown shown = mp_play_shown(&o->play);
		mp_probing_text(out, color, p->probed, p->n, &shown);
		mp_findings_print(out, color, &p->findings);
	}
	return mp_output_close(out, o->play.output, err) < 0 ? -1 : exit_status(p);
}

/* Without a configuration: the submission ports, which serve users of every network. */
static size_t submission_ports(
	void *context, size_t index, struct mp_other_port out[MP_OTHER_PORTS])
{
	(void)context;
	(void)index;
	out[0] = (struct mp_other_port){587, false};
	out[1] = (struct mp_other_port){465, true};
	return 2;
}

/* Resolves the targets, plays, and looks at what the silence of some may mean. */
static int play_targets(struct probing *p, struct mp_observations *seen, struct mp_reached *reached,
	struct mp_err *err)
{
	struct mp_probe_target *all;
	size_t count = mp_with_reference(&p->live, p->targets, p->n, &p->arena, &all);

	p->targets = all;
	if (mp_probe_resolve(&p->live.probe, all, count, &p->arena, err) < 0) {
		return -1;
	}
	p->views = mp_arena_array(&p->arena, p->n, sizeof *p->views);
	p->probed = mp_arena_array(&p->arena, p->n, sizeof *p->probed);
	for (size_t i = 0; i < p->n; i++) {
		prepare(p, i);
	}
	if (mp_probe_run(&p->live.probe, all, count, &p->arena, seen, err) < 0) {
		return -1;
	}
	return mp_look_around(&p->live, all, p->n, seen->targets, submission_ports, NULL, &p->arena,
		reached, err);
}

static int play(struct probing *p, char *const *words, size_t n, struct mp_err *err)
{
	struct mp_observations seen;
	struct mp_reached reached;

	if (mp_live_begin(&p->live, &p->options->live, err) < 0 ||
		mp_live_targets(&p->options->live, words, n, &p->arena, &p->targets, &p->n, err) <
			0) {
		return -1;
	}
	if (p->n == 0) {
		return mp_err_set(err, MP_ERR_USAGE,
			"probe takes one or more TARGETs (see mtaproof probe --help)");
	}
	if (play_targets(p, &seen, &reached, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < p->n; i++) {
		judge(p, i, &seen.targets[i], &reached);
	}
	return report(p, err);
}

int mp_cmd_probe(int argc, char **argv, struct mp_err *err)
{
	struct options o = {0};
	int first;

	mp_live_options_init(&o.live);
	o.live.play.show = MP_SHOW_CHECKS;
	int rc = mp_options_parse(argc, argv, sets, SETS, false, take_option, &o, &first, err);
	if (rc == 0 && o.help) {
		help();
	} else if (rc == 0) {
		struct probing p = {.options = &o};
		mp_findings_init(&p.findings, &p.arena);
		mp_judge_begin(&p.judge, &p.arena, false);
		rc = play(&p, argv + first, (size_t)(argc - first), err);
		mp_judge_end(&p.judge);
		mp_findings_release(&p.findings);
		mp_live_end(&p.live);
		mp_arena_release(&p.arena);
	}
	mp_live_options_release(&o.live);
	return rc;
}
