/*
 * load - from CONFIG and the facts to a simulated server, for every command that needs one.
 */
#ifndef MP_CLI_LOAD_H
#define MP_CLI_LOAD_H

#include "base/vec.h"
#include "cli/options.h"
#include "diag/finding.h"
#include "input/input.h"
#include "predict/client.h"
#include "sendmail/load.h"
#include "server/server.h"
#include "world/facts.h"

/* What the options below say. */
struct mp_load_options {
	const char *type, *root;
	bool isolated, prefer_cf;
	struct sm_load_options sendmail; /* but for its root */
	MP_VEC(struct mp_overlay) overlays;
	MP_VEC(const char *) facts; /* files, or "auto" */
	MP_VEC(const char *) assumed; /* "QUESTION=ANSWER" */
	struct mp_arena arena; /* of the overlays' texts, and of what a command fills in */
};

/* --type --root --cf-dir --isolated --overlay --facts --assume: ids from 1000. */
extern const struct mp_option mp_load_option_set[];
/* Takes one of them; returns 1 when the id is not one of these, 0, or -1 with err. */
int mp_load_option(struct mp_load_options *o, int id, const char *value, struct mp_err *err);
void mp_load_options_release(struct mp_load_options *o);

/* A configuration with everything that was built from it. */
struct mp_loaded {
	struct mp_arena arena;
	struct mp_facts *facts;
	struct mp_input *input;
	struct mp_findings findings;
	struct mp_server *server;
	struct mp_server_view view; /* in the first world */
};

/* Adds the facts that the options name; texts are kept in the arena. */
int mp_load_facts(struct mp_facts *facts, const struct mp_load_options *options,
	struct mp_arena *arena, struct mp_err *err);
/* Reads facts and configuration and builds the server; release it even after an error. */
int mp_load(struct mp_loaded *loaded, const char *config, const struct mp_load_options *options,
	struct mp_err *err);
/* The same with facts that are there already; they become the loaded ones' own, even after an
 * error. */
int mp_load_with(struct mp_loaded *loaded, const char *config,
	const struct mp_load_options *options, struct mp_facts *facts, struct mp_err *err);
void mp_loaded_release(struct mp_loaded *loaded);

/* A whole file (or standard input for "-") in the arena, at most max bytes. MP_ERR_INPUT. */
int mp_load_file(const char *path, size_t max, struct mp_arena *arena, struct mp_slice *out,
	struct mp_err *err);

#endif
