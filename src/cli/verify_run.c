/* verify_run - plan, play, judge, report: what verify and lab have in common. */
#include "cli/verify_run.h"

#include "cli/cli.h"
#include "cli/envelope.h"
#include "cli/output.h"
#include "report/findings_json.h"
#include "report/findings_text.h"
#include "report/terminal.h"

void mp_verify_run_begin(struct mp_verify_run *run, struct mp_loaded *loaded, struct mp_live *live)
{
	*run = (struct mp_verify_run){.loaded = loaded, .live = live};
	run->options = (struct mp_verify_options){.scenarios = &live->scenarios,
		.suite = live->options->play.suite,
		.intrusive = live->options->intrusive,
		.credentials = live->probe.session.login != NULL,
		.names = live->options->play.names,
		.session = &live->probe.session};
	if (run->options.credentials && run->options.names.user == NULL) {
		run->options.names.user = live->options->user;
	}
	mp_verify_begin(&run->verify, loaded->server, &loaded->view, loaded->facts, &run->options,
		&run->arena);
}

/* What the target looks like from here. */
static struct mp_verify_target view_target(
	const struct mp_verify_run *run, const struct mp_probe_target *target)
{
	const struct mp_ip *seen_as = &run->live->options->seen_as;
	struct mp_verify_target t = {.host = target->host,
		.port = target->port,
		.service = target->service,
		.implicit_tls = target->implicit_tls,
		.client = seen_as->family != 0 ? *seen_as : target->source};

	if (target->address_count > 0) {
		t.address = target->addresses[0];
	}
	return t;
}

/* Whether an earlier target is the same server at the same port. */
static bool port_before(
	const struct mp_verify_run *run, const struct mp_probe_target *targets, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (targets[k].port == targets[i].port &&
			(run->options.one_server || mp_str_ieq(targets[k].host, targets[i].host))) {
			return true;
		}
	}
	return false;
}

/* Makes the plans. What a suite may cost a server goes to each of its ports first, then to more
 * addresses of the same port. */
static void prepare_all(struct mp_verify_run *run, struct mp_probe_target *targets,
	struct mp_verify_target *views, size_t n)
{
	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < n; i++) {
			if (port_before(run, targets, i) != (again == 1)) {
				continue;
			}
			views[i] = view_target(run, &targets[i]);
			mp_verify_prepare(&run->verify, &views[i]);
			targets[i].plans = views[i].plans.v;
			targets[i].plan_count = views[i].plans.n;
			if (run->names.helo == NULL) {
				run->names = views[i].names;
			}
		}
	}
}

/* Gathers what the predictions ask. */
struct open_questions {
	struct mp_arena arena;
	MP_VEC(const char *) list;
};

static void note_questions(void *context, struct mp_strings questions)
{
	struct open_questions *open = context;

	for (size_t i = 0; i < questions.n; i++) {
		mp_vec_push(&open->list, mp_arena_strdup(&open->arena, questions.v[i]));
	}
}

/* 1 when the DNS answered something. */
static int ask_dns_once(struct mp_verify_run *run, const struct mp_verify_target *views,
	const struct mp_observations *seen, struct mp_err *err)
{
	struct open_questions open = {0};

	for (size_t i = 0; i < seen->target_count; i++) {
		mp_verify_rehearse(
			&run->verify, &views[i], &seen->targets[i], note_questions, &open);
	}
	int rc = mp_live_dns_answer(run->dns, (struct mp_strings){open.list.v, open.list.n}, err);
	mp_vec_release(&open.list);
	mp_arena_release(&open.arena);
	return rc;
}

/* Answers lead to new questions: a domain to its mail hosts, these to their addresses. */
static int ask_dns(struct mp_verify_run *run, const struct mp_verify_target *views,
	const struct mp_observations *seen, struct mp_err *err)
{
	int rc = run->dns != NULL ? 1 : 0;

	while (rc == 1) {
		rc = ask_dns_once(run, views, seen, err);
	}
	return rc;
}

int mp_verify_run_play(
	struct mp_verify_run *run, struct mp_probe_target *targets, size_t n, struct mp_err *err)
{
	struct mp_verify_target *views = mp_arena_array(&run->arena, n, sizeof *views);
	struct mp_observations seen = {0};

	if (mp_probe_resolve(&run->live->probe, targets, n, &run->arena, err) < 0) {
		return -1;
	}
	prepare_all(run, targets, views, n);
	if (mp_probe_run(&run->live->probe, targets, n, &run->arena, &seen, err) < 0) {
		return -1;
	}
	if (ask_dns(run, views, &seen, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		struct mp_target_verdict v =
			mp_verify_judge(&run->verify, &views[i], &seen.targets[i]);
		mp_vec_push(&run->targets, v);
		mp_verification_count(&run->verification, &v);
	}
	return 0;
}

static void report_json(struct mp_verify_run *run, FILE *out)
{
	struct mp_json_writer w;

	mp_json_writer_init(&w, out, true);
	mp_json_begin_object(&w);
	mp_envelope_json(&w, "mtaproof.verification/1", run->loaded, &run->names);
	mp_listeners_json(&w, &run->loaded->view);
	if (run->dns != NULL) {
		mp_live_dns_json(&w, run->dns);
	}
	mp_verification_json(&w, &run->verification);
	mp_json_key(&w, "findings");
	mp_findings_json(&w, &run->loaded->findings);
	mp_json_end_object(&w);
	mp_json_newline(&w);
}

static void report_text(struct mp_verify_run *run, FILE *out)
{
	bool color = mp_color_wanted(out);

	mp_verification_text(out, color, &run->verification, run->live->options->play.show);
	if (run->dns != NULL) {
		mp_live_dns_text(out, run->dns);
	}
	mp_findings_print(out, color, &run->loaded->findings);
}

static int exit_status(const struct mp_verify_run *run)
{
	const struct mp_live_options *o = run->live->options;
	const struct mp_verification *v = &run->verification;
	size_t mismatches = v->counts[MP_VERDICT_MISMATCH] - (o->strict ? 0 : v->other_words);

	if (mismatches > 0 || mp_findings_worst(&run->loaded->findings) >= (int)o->play.fail_on) {
		return MP_EXIT_FINDINGS;
	}
	if ((v->counts[MP_VERDICT_INCONCLUSIVE] > 0 || !v->outsider_played) &&
		!o->allow_inconclusive) {
		return MP_EXIT_LIVE;
	}
	return MP_EXIT_OK;
}

int mp_verify_run_report(struct mp_verify_run *run, struct mp_err *err)
{
	const struct mp_live_options *o = run->live->options;
	FILE *out = mp_output_open(o->play.output, err);

	if (out == NULL) {
		return -1;
	}
	run->verification.targets = run->targets.v;
	run->verification.target_count = run->targets.n;
	mp_verify_end(&run->verify, &run->loaded->findings);
	mp_findings_sort(&run->loaded->findings);
	if (o->play.json) {
		report_json(run, out);
	} else {
		report_text(run, out);
	}
	return mp_output_close(out, o->play.output, err) < 0 ? -1 : exit_status(run);
}

void mp_verify_run_end(struct mp_verify_run *run)
{
	mp_judge_end(&run->verify.judge);
	mp_vec_release(&run->targets);
	mp_arena_release(&run->arena);
}

/* Where to reach a listener: the given host, or the address that it listens on. */
static const char *listener_host(const struct mp_listener *l, const char *host)
{
	if (mp_str_eq(l->address, "0.0.0.0")) {
		return host != NULL ? host : "127.0.0.1";
	}
	if (mp_str_eq(l->address, "::")) {
		return host != NULL ? host : "::1";
	}
	return l->address;
}

static bool known_target(const struct mp_probe_target *targets, size_t n, const char *text)
{
	for (size_t i = 0; i < n; i++) {
		if (mp_str_eq(targets[i].text, text)) {
			return true;
		}
	}
	return false;
}

size_t mp_verify_run_listeners(struct mp_verify_run *run, const char *host,
	struct mp_probe_target **targets, struct mp_err *err)
{
	const struct mp_server_view *view = &run->loaded->view;
	size_t n = 0;

	*targets = mp_arena_array(&run->arena, view->listener_count, sizeof **targets);
	for (size_t i = 0; i < view->listener_count; i++) {
		const struct mp_listener *l = &view->listeners[i];
		const char *at = listener_host(l, host);
		const char *scheme = l->tls == MP_TLS_IMPLICIT ? "smtps://" : "";
		const char *text = mp_arena_printf(&run->arena,
			strchr(at, ':') != NULL ? "%s[%s]:%u" : "%s%s:%u", scheme, at, l->port);
		if (l->port == 0 || known_target(*targets, n, text)) {
			continue;
		}
		if (mp_target_parse(&(*targets)[n], text, &run->arena, err) == 0) {
			(*targets)[n].service = mp_service_of_port(l->port);
			n++;
		}
	}
	return n;
}
