/*
 * simulation - the simulated replies, as JSON (design 4.3) or for a person.
 */
#ifndef MP_CLI_SIMULATION_H
#define MP_CLI_SIMULATION_H

#include "predict/dialogue.h"
#include "json/write.h"

/* Of the sets of assumptions that lead to the same replies, so many are shown. */
enum { MP_SHOWN_CASES = 16 };

/* One mtaproof.simulation/1 object on a line of its own. */
void mp_simulation_json(struct mp_json_writer *w, const struct mp_dialogue *dialogue,
	const struct mp_exploration *worlds);
/* The dialogue as a telnet session, one per world. */
void mp_simulation_text(FILE *out, bool color, const struct mp_dialogue *dialogue,
	const struct mp_exploration *worlds);
/* One reply of it, with the lines that decided it. */
void mp_simulation_reply_text(FILE *out, bool color, const struct mp_sim_reply *reply);

#endif
