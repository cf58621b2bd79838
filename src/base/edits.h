/* edits - how far two words are from each other. */
#ifndef MP_BASE_EDITS_H
#define MP_BASE_EDITS_H

#include "base/slice.h"

/* The longest word that is compared. */
enum { MP_EDITS_MAX = 80 };

/* How many letters must be put in, taken out or changed to make one of the other (Levenshtein).
 * Both have at most MP_EDITS_MAX bytes. */
size_t mp_edits(struct mp_slice a, struct mp_slice b);

#endif
