/* findings_text - a finding as compilers print them: file:line:column, the line, a caret. */
#ifndef MP_REPORT_FINDINGS_TEXT_H
#define MP_REPORT_FINDINGS_TEXT_H

#include "diag/finding.h"

#include <stdio.h>

/* "main.cf:12:1: ", and "(from sendmail.mc:5) " for a line that was made from another; `nowhere`
 * for what stands in no file. */
void mp_print_place(FILE *out, struct mp_loc loc, const char *nowhere);
/* "main.cf:12:1: error: ... [rule]", the source line with a caret (not for files outside CONFIG),
 * the lines of the dialogue that matter ("| C: RCPT ..."), further places, and what to do. */
void mp_finding_print(FILE *out, bool color, const struct mp_finding *f);
/* All of a list, as it stands; and with every line of the dialogues. */
void mp_findings_print(FILE *out, bool color, const struct mp_findings *findings);
void mp_findings_print_whole(FILE *out, bool color, const struct mp_findings *findings);

#endif
