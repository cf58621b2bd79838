/* cmd_lab - mtaproof lab: the real MTA, booted with CONFIG in private namespaces. */
#include "cli/cli.h"
#include "cli/lab_facts.h"
#include "cli/lab_plan.h"
#include "cli/lab_verify.h"
#include "cli/load.h"
#include "cli/output.h"
#include "lab/lab.h"
#include "report/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPT_MTA_ROOT = 1,
	OPT_SUPPLY,
	OPT_AS_IS,
	OPT_CLIENT,
	OPT_PRINT_FACTS,
	OPT_LOG,
	OPT_QUIET,
	OPT_INTENDED,
	OPT_HELP
};
enum { CLIENTS_MAX = 64 };

static const struct mp_option own_options[] = {
	{"mta-root", "DIR", "folder with an unpacked MTA (default: the installed one)",
		OPT_MTA_ROOT},
	{"supply", NULL, "make certificates, tables, sockets that are missing (default)",
		OPT_SUPPLY},
	{"as-is", NULL, "leave missing what is missing", OPT_AS_IS},
	{"client", "ADDR", "source address of the command's connections (default: 203.0.113.5)",
		OPT_CLIENT},
	{"print-facts", "FILE", "write all facts of the lab there ('-': stdout)", OPT_PRINT_FACTS},
	{"log", NULL, "print the server's log on standard error", OPT_LOG},
	{"intended", "CONFIG",
		"predict with this configuration: how a drifted server differs from it",
		OPT_INTENDED},
	{"quiet", NULL, "do not list what was supplied", OPT_QUIET},
	{"help", NULL, "this text", OPT_HELP},
	{NULL, NULL, NULL, 0},
};

static const struct mp_option *const sets[] = {
	own_options, mp_load_option_set, mp_play_option_set, mp_live_option_set};

enum { SETS = sizeof sets / sizeof sets[0] };

struct options {
	struct mp_load_options load;
	struct mp_live_options live;
	const char *config, *intended, *print_facts, *mta_root;
	char **run;
	bool as_is, show_log, quiet, help;
	struct mp_ip clients[CLIENTS_MAX];
	size_t client_count;
};

static void help(void)
{
	fputs("usage: mtaproof lab [OPTION...] CONFIG [--run COMMAND [ARGUMENT...]]\n\n"
	      "Boots the real MTA with CONFIG in private namespaces, plays every scenario from\n"
	      "every class of client, and compares what it answers with the prediction. With\n"
	      "--run, runs COMMAND where the clients are instead: MTAPROOF_SERVER and\n"
	      "MTAPROOF_SERVER6 are the server's addresses there, MTAPROOF_LISTENERS where it\n"
	      "listens, MTAPROOF_LOG a file with its log. Nothing leaves the machine, and\n"
	      "nothing is left behind. Needs root.\n\noptions:\n",
		stdout);
	mp_options_help(stdout, sets, SETS);
}

static int add_client(struct options *o, const char *text, struct mp_err *err)
{
	if (o->client_count == CLIENTS_MAX) {
		return mp_err_set(
			err, MP_ERR_USAGE, "--client: %d addresses are the most", CLIENTS_MAX);
	}
	return mp_option_address("client", text, &o->clients[o->client_count++], err);
}

static int take_option(void *context, int id, const char *value, struct mp_err *err)
{
	struct options *o = context;

	switch (id) {
	case OPT_MTA_ROOT:
		o->mta_root = value;
		return 0;
	case OPT_SUPPLY:
	case OPT_AS_IS:
		o->as_is = id == OPT_AS_IS;
		return 0;
	case OPT_CLIENT:
		return add_client(o, value, err);
	case OPT_PRINT_FACTS:
		o->print_facts = value;
		return 0;
	case OPT_LOG:
		o->show_log = true;
		return 0;
	case OPT_QUIET:
		o->quiet = true;
		return 0;
	case OPT_INTENDED:
		o->intended = value;
		return 0;
	case OPT_HELP:
		o->help = true;
		return 0;
	default:
		break;
	}
	int rc = mp_live_option(&o->live, id, value, err);
	return rc == 1 ? mp_load_option(&o->load, id, value, err) : rc;
}

static void say_what_was_supplied(const struct mp_lab *lab)
{
	static const char *const words[] = {[MP_LAB_SUPPLIED_CERTIFICATE] = "certificate",
		[MP_LAB_SUPPLIED_TABLE] = "table",
		[MP_LAB_SUPPLIED_SASL] = "authentication",
		[MP_LAB_SUPPLIED_USER] = "account",
		[MP_LAB_SUPPLIED_FOLDER] = "folder",
		[MP_LAB_SUPPLIED_FILE] = "file"};
	size_t n = 0;
	const struct mp_lab_supplied *s = mp_lab_supplied(lab, &n);

	for (size_t i = 0; i < n; i++) {
		if (s[i].kind == MP_LAB_MISSING) {
			fputs("mtaproof: lab: missing: ", stderr);
		} else {
			fprintf(stderr, "mtaproof: lab: supplied: %s ", words[s[i].kind]);
		}
		mp_print_safe_str(stderr, s[i].what);
		fputc('\n', stderr);
	}
}

static void say_log(const struct mp_lab *lab)
{
	char *log = mp_lab_log(lab);

	for (struct mp_slice rest = mp_slice_str(log); rest.n > 0;) {
		size_t end = mp_slice_chr(rest, '\n');
		mp_print_safe(stderr, mp_slice_sub(rest, 0, end));
		fputc('\n', stderr);
		rest = mp_slice_from(rest, end < rest.n ? end + 1 : rest.n);
	}
	free(log);
}

static int print_facts(const struct options *o, const struct mp_facts *facts, struct mp_err *err)
{
	if (o->print_facts == NULL) {
		return 0;
	}
	const char *path = mp_str_eq(o->print_facts, "-") ? NULL : o->print_facts;
	FILE *out = mp_output_open(path, err);
	if (out == NULL) {
		return -1;
	}
	lab_facts_write(facts, out);
	/* What --run prints goes to the same place: these come first. */
	fflush(out);
	return mp_output_close(out, path, err);
}

/* What is to be done with the booted lab. */
static int run(const struct options *o, struct mp_lab *lab, struct mp_facts **facts, int *status,
	struct mp_err *err)
{
	lab_facts_booted(*facts, lab);
	if (!o->quiet) {
		say_what_was_supplied(lab);
	}
	if (!mp_lab_started(lab) && !o->quiet) {
		fputs("mtaproof: lab: the server does not start with this configuration\n", stderr);
		if (!o->show_log) {
			say_log(lab);
		}
	}
	int rc = print_facts(o, *facts, err);
	if (rc == 0 && o->run != NULL) {
		rc = mp_lab_run(lab, MP_LAB_CLIENT, o->run, status, err);
	} else if (rc == 0) {
		/* The facts are the loaded configuration's from here on. */
		struct mp_facts *given = *facts;
		*facts = NULL;
		rc = *status = mp_lab_verify(lab, o->intended != NULL ? o->intended : o->config,
			&o->load, &o->live, given, err);
	}
	if (o->show_log) {
		say_log(lab);
	}
	return rc;
}

/* Boots what is planned of CONFIG. */
static int boot(struct options *o, struct mp_facts *facts, struct mp_lab **lab, struct mp_err *err)
{
	struct lab_planned planned = {0};
	int rc = lab_plan_make(&planned, o->config, &o->load, o->mta_root, facts, err);

	if (rc == 0) {
		lab_plan_clients(&planned, o->clients, o->client_count);
		planned.plan.as_is = o->as_is;
		rc = mp_lab_boot(&planned.plan, lab, err);
	}
	lab_plan_release(&planned);
	return rc;
}

static int lab(struct options *o, struct mp_err *err)
{
	struct mp_lab *booted = NULL;
	struct mp_facts *facts = mp_facts_new();
	struct mp_arena arena = {0};
	int status = 0;

	int rc = mp_load_facts(facts, &o->load, &arena, err);
	if (rc == 0) {
		lab_facts_complete(facts);
		rc = boot(o, facts, &booted, err);
	}
	if (rc == 0) {
		rc = run(o, booted, &facts, &status, err);
	}
	mp_lab_free(booted);
	mp_facts_free(facts);
	mp_arena_release(&arena);
	return rc < 0 ? -1 : status;
}

/* What stands behind --run is the command's own. */
static char **split_command(int *argc, char **argv)
{
	for (int i = 1; i < *argc; i++) {
		if (mp_str_eq(argv[i], "--run")) {
			*argc = i;
			return argv + i + 1;
		}
	}
	return NULL;
}

int mp_cmd_lab(int argc, char **argv, struct mp_err *err)
{
	struct options o = {0};
	int first = 0;

	mp_live_options_init(&o.live);
	o.live.play.suite = "full";

	o.run = split_command(&argc, argv);
	int rc = mp_options_parse(argc, argv, sets, SETS, false, take_option, &o, &first, err);
	if (rc == 0 && o.help) {
		help();
	} else if (rc == 0 && argc - first != 1) {
		rc = mp_err_set(err, MP_ERR_USAGE,
			"lab takes one CONFIG: a folder, a main.cf, sendmail.mc or sendmail.cf "
			"(see mtaproof lab --help)");
	} else if (rc == 0 && o.run != NULL && o.run[0] == NULL) {
		rc = mp_err_set(err, MP_ERR_USAGE, "--run wants a command behind it");
	} else if (rc == 0) {
		o.config = argv[first];
		rc = lab(&o, err);
	}
	mp_live_options_release(&o.live);
	mp_load_options_release(&o.load);
	return rc;
}
