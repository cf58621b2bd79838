/* assumptions_json - what a prediction rests on, as members of a JSON report. */
#ifndef MP_REPORT_ASSUMPTIONS_JSON_H
#define MP_REPORT_ASSUMPTIONS_JSON_H

#include "json/write.h"

/* Assumptions "QUESTION = ANSWER" as an array of {question, answer}: the value of an "assumptions"
 * member (design 4.3). */
void mp_assumptions_json(struct mp_json_writer *w, const char *const *assumptions, size_t n);

#endif
