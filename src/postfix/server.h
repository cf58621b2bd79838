/*
 * server - the simulated Postfix: configuration in, struct mp_server out.
 */
#ifndef PF_SERVER_H
#define PF_SERVER_H

#include "base/err.h"
#include "input/input.h"
#include "server/server.h"
#include "world/facts.h"

/* Reads the configuration and builds the server. Problems of the configuration are findings, and
 * make the server answer as Postfix would (refused, timeout, 451): they are no error. NULL and err
 * only where there is nothing to simulate (main.cf cannot be read). arena, input, findings and
 * facts must outlive the server; free it with pf_server_free(). */
struct mp_server *pf_server_new(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts, struct mp_err *err);
void pf_server_free(struct mp_server *server);

#endif
