/*
 * cmd_predict - mtaproof predict: what the server of a configuration answers to whom.
 *
 * DESCRIPTION
 *	Everything is simulated: no socket is opened. A server that would not start has an answer,
 *	too: none, and that is an error finding.
 */
#include "cli/cli.h"
#include "cli/envelope.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/pair.h"
#include "cli/play_options.h"
#include "predict/judge.h"
#include "predict/outcomes.h"
#include "predict/surface.h"
#include "report/findings_json.h"
#include "report/findings_text.h"
#include "report/prediction.h"
#include "report/terminal.h"
#include "sasl/sasl.h"

enum { OPT_LISTENER = 1, OPT_CLIENT, OPT_HELP };

static const struct mp_option own_options[] = {
	{"listener", "L", "only this listener, by its service name", OPT_LISTENER},
	{"client", "outsider|trusted|server", "only this class of client", OPT_CLIENT},
	{"help", NULL, "this text", OPT_HELP},
	{NULL, NULL, NULL, 0},
};

static const struct mp_option *const sets[] = {own_options, mp_play_option_set, mp_load_option_set};

enum { SETS = sizeof sets / sizeof sets[0] };

struct options {
	struct mp_load_options load;
	struct mp_play_options play;
	const char *listener;
	enum mp_client_class client; /* ANY: all */
	bool help;
};

static int take_option(void *context, int id, const char *value, struct mp_err *err)
{
	struct options *o = context;

	switch (id) {
	case OPT_LISTENER:
		o->listener = value;
		return 0;
	case OPT_CLIENT:
		return mp_client_option(value, &o->client, err);
	case OPT_HELP:
		o->help = true;
		return 0;
	default:
		break;
	}
	int rc = mp_play_option(&o->play, id, value, err);
	return rc == 1 ? mp_load_option(&o->load, id, value, err) : rc;
}

static void help(void)
{
	fputs("usage: mtaproof predict [OPTION...] CONFIG\n\n"
	      "Says what the server of CONFIG answers to every scenario, on every listener and\n"
	      "to every class of client, who may have mail carried where, and which lines of\n"
	      "the configuration decide it. Nothing is sent anywhere.\n\noptions:\n",
		stdout);
	mp_options_help(stdout, sets, SETS);
}

/* A run: what is predicted of what. */
struct run {
	const struct options *options;
	struct mp_loaded loaded;
	struct mp_pair pair; /* with the .mc or .cf beside it */
	struct mp_scenarios scenarios;
	struct mp_names names;
	struct mp_prediction prediction;
};

static bool listener_exists(const struct mp_server_view *view, const char *name)
{
	for (size_t i = 0; i < view->listener_count; i++) {
		if (mp_str_eq(view->listeners[i].name, name)) {
			return true;
		}
	}
	return false;
}

/* What the administrator will regret of it. */
static void judge(struct run *run)
{
	struct mp_loaded *l = &run->loaded;
	struct mp_judge judge;

	mp_judge_begin(&judge, &l->arena, false);
	mp_judge_outcomes(&judge, &run->scenarios, &run->prediction);
	mp_judge_surface(&judge, &run->prediction.surface);
	mp_judge_listeners(&judge, &run->prediction);
	mp_judge_findings(&judge, &l->findings);
	mp_judge_end(&judge);
}

static void predict(struct run *run)
{
	struct mp_loaded *l = &run->loaded;
	struct mp_session_options session = {0};
	struct mp_predict_options options = {.scenarios = &run->scenarios,
		.suite = run->options->play.suite,
		.names = run->options->play.names,
		.session = &session,
		.listener = run->options->listener,
		.client = run->options->client};

	session.mechanisms = mp_sasl_mechanisms(&session.mechanism_count);
	run->names = mp_predict_names(&l->view, l->facts, &options.names, &l->arena);
	mp_outcomes_predict(l->server, &l->view, l->facts, &options, &l->arena, &run->prediction);
	run->prediction.surface =
		mp_surface_find(l->server, &l->view, l->facts, &run->names, &l->arena);
	judge(run);
	mp_pair_begin(&run->pair, l, &run->options->load);
	mp_pair_predict(&run->pair, &options, &run->names, &run->prediction);
	mp_findings_sort(&l->findings);
}

static void report_json(struct run *run, FILE *out)
{
	struct mp_json_writer w;

	mp_json_writer_init(&w, out, true);
	w.flat_from = 5; /* a reply, a place: a line each */
	mp_json_begin_object(&w);
	mp_envelope_json(&w, "mtaproof.prediction/1", &run->loaded, &run->names);
	mp_prediction_json(&w, &run->prediction);
	mp_json_key(&w, "findings");
	mp_findings_json(&w, &run->loaded.findings);
	mp_json_end_object(&w);
	mp_json_newline(&w);
}

static void put_name(FILE *out, const char *words, const char *user, const char *domain)
{
	if (domain == NULL) {
		return;
	}
	fputs(words, out);
	mp_print_safe_str(out, user);
	fputc('@', out);
	mp_print_safe_str(out, domain);
}

/* What was read, and the words that the scenarios use. */
static void put_head(const struct run *run, FILE *out)
{
	const struct mp_loaded *l = &run->loaded;
	const struct mp_source *const *sources;
	size_t n = mp_input_sources(l->input, &sources);
	const char *const *notes;
	size_t note_count = mp_input_notes(l->input, &notes);

	fprintf(out, "%s, read from ", l->server->ops->mta);
	for (size_t i = 0; i < n; i++) {
		fputs(i > 0 ? ", " : "", out);
		mp_print_safe_str(out, sources[i]->name);
	}
	fputs("\nplayed with HELO ", out);
	mp_print_safe_str(out, run->names.helo);
	fputs(", sender <", out);
	mp_print_safe_str(out, run->names.sender);
	fputc('>', out);
	put_name(out, ", own recipient ", run->names.local_user, run->names.local_domain);
	put_name(out, ", foreign recipient ", run->names.foreign_user, run->names.foreign_domain);
	fputc('\n', out);
	mp_print_notes(out, notes, note_count);
}

static void report_text(struct run *run, FILE *out)
{
	bool color = mp_color_wanted(out);

	put_head(run, out);
	mp_prediction_text(out, color, &run->prediction, run->options->play.show);
	if (run->options->play.show == MP_SHOW_TRANSCRIPTS) {
		mp_findings_print_whole(out, color, &run->loaded.findings);
	} else {
		mp_findings_print(out, color, &run->loaded.findings);
	}
}

static int report(struct run *run, struct mp_err *err)
{
	const struct mp_play_options *o = &run->options->play;
	FILE *out = mp_output_open(o->output, err);

	if (out == NULL) {
		return -1;
	}
	if (o->json) {
		report_json(run, out);
	} else {
		report_text(run, out);
	}
	if (mp_output_close(out, o->output, err) < 0) {
		return -1;
	}
	return mp_findings_worst(&run->loaded.findings) >= (int)o->fail_on ? MP_EXIT_FINDINGS
									   : MP_EXIT_OK;
}

static int predict_config(const char *config, const struct options *o, struct mp_err *err)
{
	struct run run = {.options = o};
	int rc = mp_play_scenarios(&o->play, &run.scenarios, err);

	if (rc == 0) {
		rc = mp_load(&run.loaded, config, &o->load, err);
	}
	if (rc == 0 && o->listener != NULL && !listener_exists(&run.loaded.view, o->listener)) {
		rc = mp_err_set(err, MP_ERR_USAGE,
			"--listener: the configuration has no service '%s' that listens",
			o->listener);
	}
	if (rc == 0) {
		predict(&run);
		rc = report(&run, err);
		mp_pair_end(&run.pair);
	}
	mp_loaded_release(&run.loaded);
	mp_scenarios_release(&run.scenarios);
	return rc;
}

int mp_cmd_predict(int argc, char **argv, struct mp_err *err)
{
	struct options o = {.client = MP_CLIENT_ANY};
	int first;

	mp_play_options_init(&o.play, "full");
	int rc = mp_options_parse(argc, argv, sets, SETS, false, take_option, &o, &first, err);
	if (rc == 0 && o.help) {
		help();
	} else if (rc == 0 && argc - first != 1) {
		rc = mp_err_set(err, MP_ERR_USAGE,
			"predict takes one CONFIG: a folder, main.cf, or REV:PATH (see mtaproof "
			"predict --help)");
	} else if (rc == 0) {
		rc = predict_config(argv[first], &o, err);
	}
	mp_play_options_release(&o.play);
	mp_load_options_release(&o.load);
	return rc;
}
