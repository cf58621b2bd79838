/*
 * prompt - the offline telnet: a person talks to the simulated server.
 */
#ifndef MP_CLI_PROMPT_H
#define MP_CLI_PROMPT_H

#include "server/server.h"

#include <stdio.h>

/* Reads lines from `in` until the end or until the server closes; an open question is put to the
 * person. */
void mp_prompt_run(const struct mp_server *server, const struct mp_facts *facts,
	const struct mp_connect *connect, FILE *in, FILE *out, bool color);

#endif
