/* findings_json - findings and the places behind an answer, as members of a JSON report. */
#ifndef MP_REPORT_FINDINGS_JSON_H
#define MP_REPORT_FINDINGS_JSON_H

#include "diag/finding.h"
#include "json/write.h"

/* The members "file", "line" and "column" of a place; what stands in no file has no_file, 0 and 0.
 */
void mp_place_json(struct mp_json_writer *w, struct mp_loc loc, const char *no_file);
/* An array of {file, line, column, text}: the value of a "because" member. What stands in no file
 * has the file "(default)" and line 0. */
void mp_because_json(struct mp_json_writer *w, struct mp_reasons because);
/* An array of {rule, severity, file, line, column, message, fix, because}, and "dialogue" where
 * there is one: "C: RCPT ...", "S: 250 ...". */
void mp_findings_json(struct mp_json_writer *w, const struct mp_findings *findings);

#endif
