/*
 * options - one table of options serves for parsing and for --help.
 */
#ifndef MP_CLI_OPTIONS_H
#define MP_CLI_OPTIONS_H

#include "base/err.h"
#include "base/ip.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct mp_option {
	const char *name; /* long name, without dashes */
	const char *argument; /* what it takes, for --help: "FILE"; NULL for none */
	const char *help; /* one line; NULL: not listed in --help */
	int id; /* given to the handler; unique over all sets of a command */
};

/* A set ends with a row whose name is NULL. */
typedef int mp_option_fn(void *context, int id, const char *value, struct mp_err *err);

/* Parses argv[1..]; options and arguments may be mixed, "--" ends the options, "--name=value" and
 * "--name value" are the same. stop_at_argument: the first argument ends the options (for a command
 * that follows). Arguments that are no options are moved to the end of argv; *first is where they
 * begin. Errors are MP_ERR_USAGE. */
int mp_options_parse(int argc, char **argv, const struct mp_option *const *sets, size_t set_count,
	bool stop_at_argument, mp_option_fn *handler, void *context, int *first,
	struct mp_err *err);

/* Values that several commands take: an address for --name, and text or json for --format. 0, or -1
 * with MP_ERR_USAGE. */
int mp_option_address(
	const char *name, const char *value, struct mp_ip *address, struct mp_err *err);
int mp_option_format(const char *value, bool *json, struct mp_err *err);

/* Prints the sets as the options part of a --help text. */
void mp_options_help(FILE *out, const struct mp_option *const *sets, size_t set_count);

#endif
