/*
 * trace - how an answer came about, step by step (diag/trace.h), in JSON and for a person.
 */
#ifndef MP_REPORT_TRACE_H
#define MP_REPORT_TRACE_H

#include "diag/trace.h"
#include "json/write.h"

#include <stdio.h>

/* An array of steps, in order: "step", "depth", "name", where it stands, "before", "after". */
void mp_trace_json(struct mp_json_writer *w, const struct mp_trace *trace);
/* The steps, one call below the other, before the answer that they led to. */
void mp_trace_text(FILE *out, bool color, const struct mp_trace *trace);

#endif
