/*
 * cli - what main() and the commands share.
 */
#ifndef MP_CLI_CLI_H
#define MP_CLI_CLI_H

#include "base/err.h"

/* Exit status (design, section 3). */
enum mp_exit {
	MP_EXIT_OK = 0,
	MP_EXIT_FINDINGS = 1, /* findings at or above --fail-on, or mismatches */
	MP_EXIT_USAGE = 2,
	MP_EXIT_INPUT = 3, /* the input cannot be obtained or decoded */
	MP_EXIT_LIVE = 4 /* the live side could not be checked */
};

/* Runs a command: argv[0] is its name. Returns the exit status, or -1 with err set: main() prints
 * it and exits with what its code stands for. */
typedef int mp_command_fn(int argc, char **argv, struct mp_err *err);

mp_command_fn mp_cmd_predict;
mp_command_fn mp_cmd_simulate;
mp_command_fn mp_cmd_lab;
mp_command_fn mp_cmd_verify;
mp_command_fn mp_cmd_probe;
mp_command_fn mp_cmd_explain;
mp_command_fn mp_cmd_rules;

#endif
