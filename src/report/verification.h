/* verification - a verification as members of a JSON report, and for a person. */
#ifndef MP_REPORT_VERIFICATION_H
#define MP_REPORT_VERIFICATION_H

#include "result/verification.h"
#include "json/write.h"

/* The members "targets", "mismatches" and "summary" of mtaproof.verification/1 (design 4.4). */
void mp_verification_json(struct mp_json_writer *w, const struct mp_verification *v);

/* What is shown of the checks that agree. */
enum mp_show { MP_SHOW_DIFFERENCES, MP_SHOW_CHECKS, MP_SHOW_TRANSCRIPTS };

/* A table of the targets, every difference with its dialogue, and a summary line. */
void mp_verification_text(
	FILE *out, bool color, const struct mp_verification *v, enum mp_show show);

/* The steps of a check as they were said and answered: "C: ...", "S: ...". */
void mp_transcript_text(FILE *out, const char *indent, const struct mp_session_report *report,
	const struct mp_plan *plan, const struct mp_check *check);

/* The same as the member "transcript". */
void mp_transcript_json(struct mp_json_writer *w, const struct mp_check_seen *seen);

#endif
