/* verification - a verification as members of a JSON report, and for a person. */
#ifndef MP_REPORT_VERIFICATION_H
#define MP_REPORT_VERIFICATION_H

#include "result/verification.h"
#include "json/write.h"

/* The members "targets", "mismatches" and "summary" of mtaproof.verification/1 (design 4.4). */
void mp_verification_json(struct mp_json_writer *w, const struct mp_verification *v);

/* What is shown of the checks that agree. */
enum mp_show { MP_SHOW_DIFFERENCES, MP_SHOW_CHECKS, MP_SHOW_TRANSCRIPTS };

/* What a report shows: everything of a level; or, where there are any, only these scenarios, each
 * with its dialogue. */
struct mp_shown {
	enum mp_show level;
	const char *const *scenarios; /* "relay/plain", or a group: "relay" */
	size_t scenario_count;
};

/* Whether the scenario is one of those that were named. */
bool mp_shown_names(const struct mp_shown *shown, const char *scenario);

/* What was tested and what not, every difference with its dialogue, and a summary line. */
void mp_verification_text(
	FILE *out, bool color, const struct mp_verification *v, const struct mp_shown *shown);

/* A check as the telnet session that it stands for: "C: ...", "S: ...", where TLS begins, how it
 * ended. Behind the reply to the marked step of the plan stands the mark ("" for none). */
void mp_transcript_text(FILE *out, const char *indent, const struct mp_target_seen *target,
	const struct mp_check_seen *seen, int marked, const char *mark);

/* The same as the member "transcript". */
void mp_transcript_json(struct mp_json_writer *w, const struct mp_check_seen *seen);

#endif
