/*
 * play_options - what is played and how it is reported: the options of every command that plays
 * scenarios, to live servers or to the simulated one.
 */
#ifndef MP_CLI_PLAY_OPTIONS_H
#define MP_CLI_PLAY_OPTIONS_H

#include "base/vec.h"
#include "cli/options.h"
#include "diag/finding.h"
#include "report/verification.h"
#include "scenario/names.h"
#include "scenario/scenario.h"

struct mp_play_options {
	const char *suite, *rules;
	struct mp_names names;
	bool json;
	const char *output;
	enum mp_show show;
	MP_VEC(const char *) show_only; /* scenarios and groups; empty: all */
	enum mp_severity fail_on; /* findings from here on make the exit status 1 */
	struct mp_arena arena; /* of the names */
};

/* --suite --rules --helo --sender --foreign --local --show --fail-on --format --output: ids from
 * 3000. */
extern const struct mp_option mp_play_option_set[];
/* The defaults, with this suite. */
void mp_play_options_init(struct mp_play_options *o, const char *suite);
/* Takes one of them; 1 when the id is not one of these, 0, or -1 with err. */
int mp_play_option(struct mp_play_options *o, int id, const char *value, struct mp_err *err);
void mp_play_options_release(struct mp_play_options *o);

/* What the report shows. */
struct mp_shown mp_play_shown(const struct mp_play_options *o);

/* The scenarios that are compiled in and those of --rules; release them even after an error.
 * MP_ERR_USAGE (no such suite), MP_ERR_INPUT. */
int mp_play_scenarios(
	const struct mp_play_options *o, struct mp_scenarios *scenarios, struct mp_err *err);

/* The value of --client. MP_ERR_USAGE. */
int mp_client_option(const char *value, enum mp_client_class *out, struct mp_err *err);

#endif
