/*
 * server - the simulated sendmail: a .cf that was read in, struct mp_server out.
 */
#ifndef SM_SERVER_H
#define SM_SERVER_H

#include "base/err.h"
#include "input/input.h"
#include "sendmail/cf/cf.h"
#include "server/server.h"
#include "world/facts.h"

/* Builds the server over a configuration. What would keep sendmail from starting is added to the
 * refusals and the findings, and makes the server refuse every connection: it is no error. cf,
 * arena, input, findings and facts must outlive the server; free it with sm_server_free(). NULL and
 * err only where there is nothing to simulate. */
struct mp_server *sm_server_new(struct mp_arena *arena, struct sm_cf *cf, struct mp_input *input,
	struct mp_findings *findings, const struct mp_facts *facts, struct mp_err *err);
void sm_server_free(struct mp_server *server);
/* Whether the daemon serves nobody for most of a minute after its start: it tries to have a socket
 * that another of its daemons has. */
bool sm_server_starts_late(const struct mp_server *server);
/* The configuration that the server was built over. */
struct sm_cf *sm_server_cf(const struct mp_server *server);

#endif
