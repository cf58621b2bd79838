/* fold - the case of text, folded by the rules of Unicode. */
#ifndef MP_BASE_FOLD_H
#define MP_BASE_FOLD_H

#include "base/arena.h"

#include <stdbool.h>

/* True when all bytes are ASCII. */
bool mp_is_all_ascii(struct mp_slice s);
/* Full case folding (Unicode's CaseFolding.txt, status C and F): two texts that differ only in case
 * give the same. Bytes that are not UTF-8 are copied as they are. A NUL ends the copy. */
char *mp_fold(struct mp_arena *arena, struct mp_slice s);

#endif
