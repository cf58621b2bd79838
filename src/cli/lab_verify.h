/* lab_verify - the booted server against the prediction, from every class of client. */
#ifndef MP_CLI_LAB_VERIFY_H
#define MP_CLI_LAB_VERIFY_H

#include "cli/live.h"
#include "cli/load.h"
#include "lab/lab.h"

/* Predicts with CONFIG and the lab's facts (taken over), plays the suite from an outsider's
 * address, one of each trusted network, and the server itself, and writes the report. The exit
 * status, or -1 with err. */
int mp_lab_verify(struct mp_lab *lab, const char *config, const struct mp_load_options *load,
	const struct mp_live_options *options, struct mp_facts *facts, struct mp_err *err);

#endif
