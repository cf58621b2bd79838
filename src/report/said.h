/*
 * said - simulated dialogues as members of a JSON report, and for a person.
 */
#ifndef MP_REPORT_SAID_H
#define MP_REPORT_SAID_H

#include "result/prediction.h"
#include "json/write.h"

#include <stdio.h>

/* An object of the array "replies" (design 4.3): code, enhanced, lines, because, or what stands for
 * them. With what was sent as the member "send" where that is wanted. */
void mp_said_json(struct mp_json_writer *w, const struct mp_said *said, bool with_sent);

/* The reply, "S: 250 ...", and the lines that decided it. */
void mp_said_reply_text(FILE *out, bool color, const char *indent, const struct mp_said *said);
/* "C: ..." and the reply, for all of a dialogue. */
void mp_said_text(FILE *out, bool color, const char *indent, const struct mp_said *said, size_t n);

#endif
