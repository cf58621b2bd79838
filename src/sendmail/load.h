/*
 * load - from a sendmail configuration, .mc or .cf, to a simulated server.
 */
#ifndef SM_LOAD_H
#define SM_LOAD_H

#include "sendmail/m4/sandbox.h"
#include "sendmail/server.h"

struct sm_load_options {
	const char *cf_dir; /* --cf-dir: where the cf library is; NULL: the usual places */
	const char *root; /* --root; NULL: none */
	struct sm_sandbox_options sandbox; /* what m4 is run without, for tests */
};

/* Reads the input, a .mc or a .cf, and builds the server. Problems of the configuration are
 * findings. Everything given must outlive the server; free it with sm_unload(). NULL and err where
 * there is nothing to simulate: the file cannot be read, or m4 or its library is missing. */
struct mp_server *sm_load(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts,
	const struct sm_load_options *options, struct mp_err *err);
/* The same with the other of the .mc and its .cf: mp_input_beside(), which must be there. */
struct mp_server *sm_load_beside(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts,
	const struct sm_load_options *options, struct mp_err *err);
void sm_unload(struct mp_server *server);

#endif
