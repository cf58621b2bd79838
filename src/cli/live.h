/*
 * live - the options of every command that talks to a live server.
 */
#ifndef MP_CLI_LIVE_H
#define MP_CLI_LIVE_H

#include "base/vec.h"
#include "cli/certificate.h"
#include "cli/play_options.h"
#include "probe/probe.h"
#include "sasl/sasl.h"

struct mp_live_options {
	struct mp_play_options play;
	bool intrusive, strict, allow_inconclusive;
	struct mp_ip source, seen_as; /* family 0: not given */
	const char *user; /* of the login; NULL: none */
	struct mp_password_source password_from;
	const char *ca_file;
	const char *certificate, *key; /* files with our own; key NULL: in the same file */
	bool allow_plaintext_auth, deliver;
	unsigned timeout_s; /* of a command; 0: the default */
	MP_VEC(const char *) target_files;
	struct mp_probe_target reference; /* host NULL: not given */
};

/* Ids from 2000. The options of what is played (mp_play_option_set) belong to them, too. */
extern const struct mp_option mp_live_option_set[];
/* Takes one of them or of mp_play_option_set; 1 when the id is of neither, 0, or -1 with err. */
int mp_live_option(struct mp_live_options *o, int id, const char *value, struct mp_err *err);
void mp_live_options_init(struct mp_live_options *o);
void mp_live_options_release(struct mp_live_options *o);

/* What a run needs that follows from the options: the password read, the scenarios loaded. */
struct mp_live {
	const struct mp_live_options *options;
	struct mp_scenarios scenarios;
	char *password; /* mp_password_free() */
	struct mp_login login;
	struct mp_certificate_at_hand own; /* certificate.ops NULL: there is none */
	struct mp_probe_options probe;
	const struct mp_probe_target *reference; /* NULL: there is none */
};

/* Release it even after an error. MP_ERR_USAGE (no such suite, half a login), MP_ERR_INPUT. */
int mp_live_begin(struct mp_live *live, const struct mp_live_options *options, struct mp_err *err);
void mp_live_end(struct mp_live *live);

/* The targets named on the command line and in --targets files ('#' begins a comment), in the
 * arena. */
int mp_live_targets(const struct mp_live_options *o, char *const *words, size_t n,
	struct mp_arena *arena, struct mp_probe_target **targets, size_t *count,
	struct mp_err *err);

#endif
