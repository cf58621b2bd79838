/* probing - what a probe saw, as members of a JSON report, and for a person. */
#ifndef MP_REPORT_PROBING_H
#define MP_REPORT_PROBING_H

#include "report/verification.h"
#include "result/observation.h"
#include "json/write.h"

/* The members "targets" and "summary" of mtaproof.observation/1. */
void mp_probing_json(
	struct mp_json_writer *w, const struct mp_probed_target *targets, size_t count);
/* A table of the targets with the outcome of each scenario; the dialogues of what is shown in full.
 */
void mp_probing_text(FILE *out, bool color, const struct mp_probed_target *targets, size_t count,
	const struct mp_shown *shown);

#endif
