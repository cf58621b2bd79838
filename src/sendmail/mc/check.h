/* check - the parts of the checks on how a .mc is written. */
#ifndef MP_SENDMAIL_MC_CHECK_H
#define MP_SENDMAIL_MC_CHECK_H

#include "sendmail/mc/build.h"

/* check_order.c: what stands behind what it should stand before, and what is missing. */
void sm_check_order(struct sm_build *b);
/* check_stray.c: text that goes into the .cf although it was not meant to. */
void sm_check_stray(struct sm_build *b);
/* check_stray.c: whether the library's proto.m4 has the word. */
bool sm_check_library_has(const struct sm_build *b, struct mp_slice word);

#endif
