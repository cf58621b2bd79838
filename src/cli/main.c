/* main - finds the command and prints its error, in one place. */
#include "base/slice.h"
#include "base/version.h"
#include "cli/cli.h"
#include "report/terminal.h"

#include <signal.h>
#include <stdio.h>

struct command {
	const char *name, *arguments, *summary;
	mp_command_fn *run;
};

static const struct command commands[] = {
	{"predict", "CONFIG", "what the server answers to whom; who may relay", mp_cmd_predict},
	{"simulate", "CONFIG", "talk to the simulated server", mp_cmd_simulate},
	{"probe", "TARGET...", "play scenarios to live servers, no configuration needed",
		mp_cmd_probe},
	{"verify", "CONFIG [TARGET...]", "predict, probe, compare", mp_cmd_verify},
	{"lab", "CONFIG", "boot the real MTA with CONFIG in private namespaces", mp_cmd_lab},
	{"explain", "SCENARIO|QUESTION|RULE", "what it means", mp_cmd_explain},
	{"rules", "", "list the rules of findings, the suites and the scenarios", mp_cmd_rules},
};

enum { COMMANDS = sizeof commands / sizeof commands[0] };

static void usage(FILE *out)
{
	fputs("usage: mtaproof COMMAND [OPTION...] [ARGUMENT...]\n\n"
	      "Reads the configuration of a mail server, predicts what it answers to an SMTP "
	      "client,\n"
	      "plays the same dialogues to the live server, and reports every difference.\n\n"
	      "commands:\n",
		out);
	for (size_t i = 0; i < COMMANDS; i++) {
		fprintf(out, "  %-9s %-22s %s\n", commands[i].name, commands[i].arguments,
			commands[i].summary);
	}
	fputs("\n'mtaproof COMMAND --help' lists the options of a command.\n", out);
}

static int exit_status(const struct mp_err *err)
{
	switch (err->code) {
	case MP_ERR_USAGE:
		return MP_EXIT_USAGE;
	case MP_ERR_LIVE:
		return MP_EXIT_LIVE;
	case MP_ERR_NONE:
	case MP_ERR_INPUT:
	case MP_ERR_SYSTEM:
		break;
	}
	return MP_EXIT_INPUT;
}

static int run(const struct command *command, int argc, char **argv)
{
	struct mp_err err = {0};
	int rc = command->run(argc, argv, &err);

	if (rc < 0) {
		fputs("mtaproof: ", stderr);
		mp_print_safe_str(stderr, err.text); /* it may quote a file or a server */
		fputc('\n', stderr);
		rc = exit_status(&err);
	}
	if (fflush(stdout) != 0 || ferror(stdout)) {
		fputs("mtaproof: the output could not be written\n", stderr);
		rc = rc == MP_EXIT_OK ? MP_EXIT_INPUT : rc;
	}
	return rc;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2) {
		usage(stderr);
		return MP_EXIT_USAGE;
	}
	if (mp_str_eq(argv[1], "--help") || mp_str_eq(argv[1], "-h") ||
		mp_str_eq(argv[1], "help")) {
		usage(stdout);
		return MP_EXIT_OK;
	}
	if (mp_str_eq(argv[1], "--version")) {
		puts("mtaproof " MP_VERSION);
		return MP_EXIT_OK;
	}
	for (size_t i = 0; i < COMMANDS; i++) {
		if (mp_str_eq(argv[1], commands[i].name)) {
			return run(&commands[i], argc - 1, argv + 1);
		}
	}
	fprintf(stderr, "mtaproof: unknown command '%s'\n", argv[1]);
	usage(stderr);
	return MP_EXIT_USAGE;
}
