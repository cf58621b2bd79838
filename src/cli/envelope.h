/*
 * envelope - what every JSON report says of its run: configuration, facts, names, listeners.
 */
#ifndef MP_CLI_ENVELOPE_H
#define MP_CLI_ENVELOPE_H

#include "cli/load.h"
#include "scenario/names.h"
#include "json/write.h"

/* The members "schema" (of that name), "mta", "config", "notes", "facts", "names". */
void mp_envelope_json(struct mp_json_writer *w, const char *schema, const struct mp_loaded *loaded,
	const struct mp_names *names);
/* The member "listeners". */
void mp_listeners_json(struct mp_json_writer *w, const struct mp_server_view *view);

#endif
