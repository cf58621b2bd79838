/* verification_text - what the parts of the text report share. */
#ifndef MP_REPORT_VERIFICATION_TEXT_H
#define MP_REPORT_VERIFICATION_TEXT_H

#include "report/verification.h"

/* The first lines: from which viewpoints the answers are, how many verdicts of each kind, and what
 * is known by them. */
void mp_verification_summary(FILE *out, bool color, const struct mp_verification *v);
/* What all checks of a target that were played have in common, because of the whole target: nothing
 * answers, or what should not answer does. Sets *n to how many they are; NULL: they differ. */
const struct mp_check_verdict *mp_common_verdict(const struct mp_target_verdict *t, size_t *n);

#endif
