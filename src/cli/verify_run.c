/* verify_run - plan, play, judge, report: what verify and lab have in common. */
#include "cli/verify_run.h"

#include "cli/cli.h"
#include "cli/envelope.h"
#include "cli/look_around.h"
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
		.certificate = mp_certificate_shown(&live->own),
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

/* One round: the targets, what each looks like from here, and what was seen of it. */
struct round {
	struct mp_verify_run *run;
	struct mp_probe_target *targets;
	struct mp_verify_target *views;
	struct mp_target_seen *seen; /* with the reference behind them */
	size_t n;
};

static void plan_target(struct round *r, size_t i)
{
	mp_verify_prepare(&r->run->verify, &r->views[i]);
	r->targets[i].plans = r->views[i].plans.v;
	r->targets[i].plan_count = r->views[i].plans.n;
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
static void prepare_all(struct round *r)
{
	struct mp_verify_run *run = r->run;

	for (int again = 0; again < 2; again++) {
		for (size_t i = 0; i < r->n; i++) {
			if (port_before(run, r->targets, i) != (again == 1)) {
				continue;
			}
			r->views[i] = view_target(run, &r->targets[i]);
			plan_target(r, i);
			if (run->names.helo == NULL) {
				run->names = r->views[i].names;
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

/* 1 when the DNS answered something. *whole: no world was left out. */
static int ask_dns_once(struct round *r, size_t most_plays, bool *whole, struct mp_err *err)
{
	struct open_questions open = {0};

	*whole = true;
	for (size_t i = 0; i < r->n; i++) {
		bool all = mp_verify_rehearse(&r->run->verify, &r->views[i], &r->seen[i],
			most_plays, note_questions, &open);
		*whole = *whole && all;
	}
	int rc =
		mp_live_dns_answer(r->run->dns, (struct mp_strings){open.list.v, open.list.n}, err);
	mp_vec_release(&open.list);
	mp_arena_release(&open.arena);
	return rc;
}

/* Answers lead to new questions: a domain to its mail hosts, these to their addresses. With all of
 * them open there are worlds without number, so that a glance at some comes first; when that brings
 * nothing new, all are looked at. */
static int ask_dns(struct round *r, struct mp_err *err)
{
	enum { GLANCE = 32 };
	size_t most_plays = GLANCE;
	bool whole = false;
	int rc = r->run->dns != NULL ? 1 : 0;

	while (rc == 1 || (rc == 0 && r->run->dns != NULL && !whole && most_plays > 0)) {
		most_plays = rc == 1 ? GLANCE : 0;
		rc = ask_dns_once(r, most_plays, &whole, err);
	}
	return rc;
}

/* Where the server says that it sees us at another address (behind NAT), the prediction is for that
 * one. When it makes us another class of client, the plans are not the right ones: true. */
static bool seen_otherwise(struct round *r, size_t i)
{
	struct mp_verify_target *view = &r->views[i];
	const struct mp_ip *seen_as = &r->seen[i].seen_as;

	if (seen_as->family == 0 || r->run->live->options->seen_as.family != 0 ||
		mp_ip_eq(seen_as, &view->client)) {
		return false;
	}
	view->client = *seen_as;
	if (mp_verify_class(&r->run->verify, view) == view->class) {
		return false;
	}
	*view = view_target(r->run, &r->targets[i]);
	view->client = *seen_as;
	plan_target(r, i);
	return true;
}

/* Plays again what was played as the wrong class of client. */
static int play_as_seen(struct round *r, struct mp_err *err)
{
	struct mp_arena *arena = &r->run->arena;
	struct mp_probe_target *again = mp_arena_array(arena, r->n, sizeof *again);
	size_t *index = mp_arena_array(arena, r->n, sizeof *index);
	struct mp_observations seen;
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (seen_otherwise(r, i)) {
			again[n] = r->targets[i];
			index[n++] = i;
		}
	}
	if (n == 0) {
		return 0;
	}
	if (mp_probe_run(&r->run->live->probe, again, n, arena, &seen, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		r->seen[index[i]] = seen.targets[i];
	}
	return 0;
}

/* The other ports where the configuration has the host listen. */
static size_t predicted_ports(void *context, size_t index, struct mp_other_port out[MP_OTHER_PORTS])
{
	const struct round *r = context;
	const struct mp_server_view *view = &r->run->loaded->view;
	const struct mp_ip *address = &r->views[index].address;
	size_t n = 0;

	for (size_t i = 0; i < view->listener_count && n < MP_OTHER_PORTS; i++) {
		const struct mp_listener *l = &view->listeners[i];
		if (l->port != 0 && l->port != r->views[index].port &&
			mp_listener_serves(l, address, l->port)) {
			out[n++] = (struct mp_other_port){l->port, l->tls == MP_TLS_IMPLICIT};
		}
	}
	return n;
}

static int play_round(struct round *r, struct mp_err *err)
{
	struct mp_verify_run *run = r->run;
	struct mp_probe_target *all;
	struct mp_observations seen;

	size_t count = mp_with_reference(run->live, r->targets, r->n, &run->arena, &all);
	if (mp_probe_resolve(&run->live->probe, all, count, &run->arena, err) < 0) {
		return -1;
	}
	r->targets = all;
	prepare_all(r);
	if (mp_probe_run(&run->live->probe, all, count, &run->arena, &seen, err) < 0) {
		return -1;
	}
	r->seen = mp_arena_array(&run->arena, count, sizeof *r->seen);
	if (count > 0) {
		memcpy(r->seen, seen.targets, count * sizeof *r->seen);
	}
	return play_as_seen(r, err);
}

int mp_verify_run_play(
	struct mp_verify_run *run, struct mp_probe_target *targets, size_t n, struct mp_err *err)
{
	struct round r = {.run = run, .targets = targets, .n = n};
	struct mp_reached reached;

	r.views = mp_arena_array(&run->arena, n, sizeof *r.views);
	if (play_round(&r, err) < 0 ||
		mp_look_around(run->live, r.targets, n, r.seen, predicted_ports, &r, &run->arena,
			&reached, err) < 0 ||
		ask_dns(&r, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < n; i++) {
		mp_verify_reach(&run->verify, &r.views[i], &r.seen[i], &reached);
		struct mp_target_verdict v = mp_verify_judge(&run->verify, &r.views[i], &r.seen[i]);
		mp_vec_push(&run->targets, v);
		if (run->pair != NULL) {
			mp_pair_verify_judge(run->pair, &r.views[i], &r.seen[i], &reached);
		}
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

/* What was taken of a sendmail configuration, which may be two files. */
static void put_taken(const struct mp_loaded *loaded, FILE *out)
{
	const char *const *notes;
	size_t n = mp_input_notes(loaded->input, &notes);

	if (mp_input_kind(loaded->input) == MP_CONFIG_POSTFIX) {
		return;
	}
	fputs("verified against ", out);
	mp_print_safe_str(out, mp_input_main(loaded->input));
	fputc('\n', out);
	mp_print_notes(out, notes, n);
}

static void report_text(struct mp_verify_run *run, FILE *out)
{
	bool color = mp_color_wanted(out);

	struct mp_shown shown = mp_play_shown(&run->live->options->play);

	mp_verification_text(out, color, &run->verification, &shown);
	if (run->dns != NULL) {
		mp_live_dns_text(out, run->dns);
	}
	if (run->pair != NULL) {
		put_taken(run->loaded, out);
	}
	if (run->live->options->play.show == MP_SHOW_TRANSCRIPTS) {
		mp_findings_print_whole(out, color, &run->loaded->findings);
	} else {
		mp_findings_print(out, color, &run->loaded->findings);
	}
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
	run->verification.established = mp_verify_settle(&run->verify);
	for (size_t i = 0; i < run->targets.n; i++) {
		mp_verification_count(&run->verification, &run->targets.v[i]);
	}
	if (run->pair != NULL) {
		mp_pair_verify_find(run->pair, run->targets.v, run->targets.n);
	}
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
	mp_verify_release(&run->verify);
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

/* Adds the listeners of a view that are no targets yet. */
static size_t add_listeners(struct mp_verify_run *run, const struct mp_server_view *view,
	const char *host, struct mp_probe_target *targets, size_t n, struct mp_err *err)
{
	for (size_t i = 0; i < view->listener_count; i++) {
		const struct mp_listener *l = &view->listeners[i];
		const char *at = listener_host(l, host);
		const char *scheme = l->tls == MP_TLS_IMPLICIT ? "smtps://" : "";
		const char *text = mp_arena_printf(&run->arena,
			strchr(at, ':') != NULL ? "%s[%s]:%u" : "%s%s:%u", scheme, at, l->port);
		if (l->port == 0 || known_target(targets, n, text)) {
			continue;
		}
		if (mp_target_parse(&targets[n], text, &run->arena, err) == 0) {
			targets[n].service = mp_service_of_port(l->port);
			n++;
		}
	}
	return n;
}

size_t mp_verify_run_listeners(struct mp_verify_run *run, const char *host,
	struct mp_probe_target **targets, struct mp_err *err)
{
	const struct mp_server_view *view = &run->loaded->view;
	/* Where only the .mc has the server listen, silence says that the .cf is what it runs. */
	const struct mp_server_view *other = run->pair != NULL && mp_pair_differs(run->pair->pair)
		? &run->pair->pair->view
		: NULL;
	size_t count = view->listener_count + (other != NULL ? other->listener_count : 0);
	size_t n;

	*targets = mp_arena_array(&run->arena, count, sizeof **targets);
	n = add_listeners(run, view, host, *targets, 0, err);
	return other != NULL ? add_listeners(run, other, host, *targets, n, err) : n;
}
