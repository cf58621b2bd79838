/*
 * verify_run - plan, play, judge, report: what verify and lab have in common.
 */
#ifndef MP_CLI_VERIFY_RUN_H
#define MP_CLI_VERIFY_RUN_H

#include "cli/live.h"
#include "cli/live_dns.h"
#include "cli/load.h"
#include "cli/pair_verify.h"
#include "verify/verify.h"

struct mp_verify_run {
	struct mp_loaded *loaded;
	struct mp_live *live;
	struct mp_verify verify;
	struct mp_verify_options options;
	struct mp_arena arena;
	MP_VEC(struct mp_target_verdict) targets;
	struct mp_verification verification;
	struct mp_live_dns *dns; /* --dns live; NULL: not given */
	struct mp_names names; /* of the first target, for the report */
	struct mp_pair_verify *pair; /* with the .mc or .cf beside it; NULL: it is not looked at */
};

void mp_verify_run_begin(struct mp_verify_run *run, struct mp_loaded *loaded, struct mp_live *live);
/* Plays the suite to the targets, from live's source address, and judges. May be called again with
 * another source. */
int mp_verify_run_play(
	struct mp_verify_run *run, struct mp_probe_target *targets, size_t n, struct mp_err *err);
/* Writes the report; the exit status, or -1 with err. */
int mp_verify_run_report(struct mp_verify_run *run, struct mp_err *err);
void mp_verify_run_end(struct mp_verify_run *run);

/* The predicted listeners as targets of `host` (NULL: loopback and the addresses that are listened
 * on), in the run's arena. */
size_t mp_verify_run_listeners(struct mp_verify_run *run, const char *host,
	struct mp_probe_target **targets, struct mp_err *err);

#endif
