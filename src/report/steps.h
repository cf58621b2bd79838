/*
 * steps - how an answer came about, step by step (diag/step.h), in JSON and for a person.
 */
#ifndef MP_REPORT_STEPS_H
#define MP_REPORT_STEPS_H

#include "diag/step.h"
#include "json/write.h"

#include <stdio.h>

/* An array of steps, in order: "step", "depth", "name", where it stands, "before", "after". */
void mp_steps_json(struct mp_json_writer *w, const struct mp_steps *steps);
/* The steps, one call below the other, before the answer that they led to. */
void mp_steps_text(FILE *out, bool color, const struct mp_steps *steps);

#endif
