/* surface_text - who may have mail carried where, for a person: one line an opening. */
#ifndef MP_REPORT_SURFACE_TEXT_H
#define MP_REPORT_SURFACE_TEXT_H

#include "result/prediction.h"

#include <stdio.h>

/* A table: who, where to, on which listeners, which line allows it. Below each line what it rests
 * on; at the end what is not known. */
void mp_surface_text(FILE *out, bool color, const struct mp_surface *surface);
/* Who an opening is for, in words: "10.0.0.0/8 as sender boss@example.org". */
void mp_opening_who(FILE *out, const struct mp_opening *opening);

#endif
