/*
 * transcript - a dialogue as the lines of a telnet session: "C: EHLO x", "S: 250 ...".
 */
#ifndef MP_RESULT_TRANSCRIPT_H
#define MP_RESULT_TRANSCRIPT_H

#include "result/observation.h"
#include "result/prediction.h"

/* The exchanges of a report that belong to a check: its set-up, its own transaction up to the
 * tested step. Returns how many indices were written to out (room for report->exchange_count). */
size_t mp_check_exchanges(const struct mp_session_report *report, const struct mp_plan *plan,
	const struct mp_check *check, size_t *out);

/* What was said of a check, in the arena: of a live session, and of a simulated one. What is in
 * parentheses was not said: where TLS begins, that no reply came, how the session ended. */
struct mp_transcript {
	const char *const *lines;
	const int *steps; /* the plan's step that each line is of; -1: none, or not known */
	size_t n;
};
struct mp_transcript mp_transcript_seen(const struct mp_session_report *report,
	const struct mp_plan *plan, const struct mp_check *check, struct mp_arena *arena);
struct mp_transcript mp_transcript_said(
	const struct mp_said *said, size_t n, struct mp_arena *arena);

#endif
