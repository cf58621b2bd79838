/* sample - a text that a regular expression matches, made from the expression. */
#ifndef MP_TABLE_SAMPLE_H
#define MP_TABLE_SAMPLE_H

#include "base/arena.h"

/* A text that the expression (POSIX extended, or of PCRE) matches, or that does so as a part of a
 * longer one; where the expression leaves a choice, try decides (0, 1, ...). What the expression
 * looks at without matching it (look-around, word borders) is not seen to, so that the text has to
 * be tried. NULL for an expression that this cannot be done for. In the arena. */
const char *mp_sample_expression(const char *expression, unsigned try, struct mp_arena *arena);

#endif
