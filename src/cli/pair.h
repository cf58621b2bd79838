/*
 * pair - the .mc beside the .cf, or the .cf beside the .mc, held against what was taken.
 *
 * One of the two is CONFIG. Where the other is there, both are read; only where they differ both
 * are played.
 */
#ifndef MP_CLI_PAIR_H
#define MP_CLI_PAIR_H

#include "cli/load.h"
#include "predict/outcomes.h"
#include "sendmail/pair.h"

struct mp_pair {
	struct mp_loaded *loaded; /* what was taken */
	struct mp_server *other; /* NULL: there is none, or it cannot be read or built */
	struct mp_server_view view; /* of the other */
	struct mp_findings unseen; /* about the other: it is not what was asked for */
	struct sm_pair sides;
	struct sm_differences settings; /* of the .mc and the .cf */
	const char *doubt; /* why settings may differ all the same; NULL: no reason */
	bool compared;
};

/* Reads the other file, if there is one, and compares the settings. Where that cannot be done, a
 * finding of what was loaded says so (mc/cf-not-compared). Release it whatever happened, before
 * what was loaded. */
void mp_pair_begin(
	struct mp_pair *pair, struct mp_loaded *loaded, const struct mp_load_options *options);
void mp_pair_end(struct mp_pair *pair);

/* Whether both are there, and are not the same to sendmail. */
bool mp_pair_differs(const struct mp_pair *pair);

/* Where they differ: plays to the other what was played to the taken one, with the same options and
 * these names, and adds the finding that says which answers and settings differ (mc/cf-differs,
 * mc/cf-relays). `taken` is the prediction of what was taken, with its surface. */
void mp_pair_predict(struct mp_pair *pair, const struct mp_predict_options *options,
	const struct mp_names *names, const struct mp_prediction *taken);

/* The same where nothing was predicted yet: plays all scenarios to both, with the names that the
 * user gave. */
void mp_pair_predict_both(
	struct mp_pair *pair, const struct mp_scenarios *scenarios, const struct mp_names *given);

/* Adds a finding at the line where they part, with the lines of both. */
void mp_pair_find(struct mp_pair *pair, enum mp_severity severity, const char *rule,
	const char *fix, const char *message);

#endif
