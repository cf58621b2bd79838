/* cmd_simulate - mtaproof simulate: talk to the simulated server. */
#include "base/limits.h"
#include "cli/cli.h"
#include "cli/load.h"
#include "cli/output.h"
#include "cli/prompt.h"
#include "cli/simulation.h"
#include "predict/script.h"
#include "report/findings_text.h"
#include "report/terminal.h"

#include <string.h>
#include <unistd.h>

enum {
	OPT_SCRIPT = 1,
	OPT_LISTENER,
	OPT_CLIENT,
	OPT_TLS,
	OPT_FORMAT,
	OPT_OUTPUT,
	OPT_TRACE,
	OPT_HELP
};

static const struct mp_option own_options[] = {
	{"script", "FILE", "play the dialogues of FILE, one JSON object per line ('-': stdin)",
		OPT_SCRIPT},
	{"listener", "L", "address:port or service name to talk to (default: the first)",
		OPT_LISTENER},
	{"client", "ADDR", "source address of the client (default: 203.0.113.5)", OPT_CLIENT},
	{"tls", NULL, "the client begins TLS at once", OPT_TLS},
	{"trace", NULL, "show, rule by rule, how each answer came about (sendmail)", OPT_TRACE},
	{"format", "text|json", "how a script's replies are printed (default: text)", OPT_FORMAT},
	{"output", "FILE", "write there instead of standard output", OPT_OUTPUT},
	{"help", NULL, "this text", OPT_HELP},
	{NULL, NULL, NULL, 0},
};

static const struct mp_option *const sets[] = {own_options, mp_load_option_set};

enum { SETS = sizeof sets / sizeof sets[0] };

struct options {
	struct mp_load_options load;
	const char *script, *listener, *output;
	struct mp_ip client;
	bool tls, trace, json, help;
};

static int take_option(void *context, int id, const char *value, struct mp_err *err)
{
	struct options *o = context;

	switch (id) {
	case OPT_SCRIPT:
		o->script = value;
		return 0;
	case OPT_LISTENER:
		o->listener = value;
		return 0;
	case OPT_CLIENT:
		return mp_option_address("client", value, &o->client, err);
	case OPT_TLS:
		o->tls = true;
		return 0;
	case OPT_TRACE:
		o->trace = true;
		return 0;
	case OPT_FORMAT:
		return mp_option_format(value, &o->json, err);
	case OPT_OUTPUT:
		o->output = value;
		return 0;
	case OPT_HELP:
		o->help = true;
		return 0;
	default:
		return mp_load_option(&o->load, id, value, err);
	}
}

static void help(void)
{
	fputs("usage: mtaproof simulate [OPTION...] CONFIG\n\n"
	      "Says what the server of CONFIG would answer, and which line of the\n"
	      "configuration decided it. Nothing is sent anywhere. Without --script, type SMTP\n"
	      "at the prompt.\n\noptions:\n",
		stdout);
	mp_options_help(stdout, sets, SETS);
}

static void play_script(const struct mp_loaded *loaded, const struct mp_script *script,
	const struct options *o, FILE *out)
{
	struct mp_json_writer writer;
	struct mp_arena keep = {0};

	mp_json_writer_init(&writer, out, false);
	for (size_t i = 0; i < script->n; i++) {
		struct mp_dialogue dialogue = script->dialogues[i];
		struct mp_exploration worlds;

		dialogue.traced = o->trace;
		worlds = mp_dialogue_play(loaded->server, loaded->facts, &dialogue, &keep);
		if (o->json) {
			mp_simulation_json(&writer, &dialogue, &worlds);
		} else {
			mp_simulation_text(out, mp_color_wanted(out), &dialogue, &worlds);
		}
		/* Not reset: the worlds' memory joins `keep`, which would grow with each dialogue.
		 */
		mp_arena_release(&keep);
	}
}

static int run_script(struct mp_loaded *loaded, const struct options *o, struct mp_err *err)
{
	struct mp_slice text;
	struct mp_script script;

	if (mp_load_file(o->script, MP_LIMIT_SCRIPT, &loaded->arena, &text, err) < 0 ||
		mp_script_read(mp_str_eq(o->script, "-") ? "standard input" : o->script, text,
			&loaded->arena, &script, err) < 0) {
		return -1;
	}
	FILE *out = mp_output_open(o->output, err);
	if (out == NULL) {
		return -1;
	}
	play_script(loaded, &script, o, out);
	return mp_output_close(out, o->output, err) < 0 ? -1 : MP_EXIT_OK;
}

static int run(const char *config, struct options *o, struct mp_err *err)
{
	struct mp_loaded loaded;
	int rc = mp_load(&loaded, config, &o->load, err);

	if (rc == 0 && o->trace && mp_input_kind(loaded.input) == MP_CONFIG_POSTFIX) {
		rc = mp_err_set(err, MP_ERR_USAGE,
			"--trace follows sendmail's rules; of Postfix, each reply shows the lines "
			"that decided it without it");
	}
	if (rc == 0) {
		/* To standard error: the output holds replies only. */
		mp_findings_sort(&loaded.findings);
		mp_findings_print(stderr, mp_color_wanted(stderr), &loaded.findings);
		if (o->script != NULL) {
			rc = run_script(&loaded, o, err);
		} else {
			struct mp_connect connect = {
				o->listener, o->client, o->tls, NULL, o->trace};
			mp_prompt_run(loaded.server, loaded.facts, &connect, stdin, stdout,
				mp_color_wanted(stdout));
		}
	}
	mp_loaded_release(&loaded);
	return rc;
}

int mp_cmd_simulate(int argc, char **argv, struct mp_err *err)
{
	struct options o = {0};
	int first;

	mp_ip_parse(mp_slice_str("203.0.113.5"), &o.client);
	int rc = mp_options_parse(argc, argv, sets, SETS, false, take_option, &o, &first, err);
	if (rc == 0 && o.help) {
		help();
	} else if (rc == 0 && argc - first != 1) {
		rc = mp_err_set(err, MP_ERR_USAGE,
			"simulate takes one CONFIG: a folder, main.cf, or REV:PATH (see "
			"mtaproof simulate --help)");
	} else if (rc == 0 && o.script == NULL && o.json) {
		rc = mp_err_set(err, MP_ERR_USAGE, "--format json needs --script FILE");
	} else if (rc == 0) {
		rc = run(argv[first], &o, err);
	}
	mp_load_options_release(&o.load);
	return rc;
}
