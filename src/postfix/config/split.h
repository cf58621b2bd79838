/* split - the words of a list, where braces protect separators (reference 1.5). */
#ifndef PF_CONFIG_SPLIT_H
#define PF_CONFIG_SPLIT_H

#include "postfix/config/text.h"

/* Splits a value at comma and white space; a balanced {...} group protects separators and stays in
 * its token with its braces. The tokens are texts, so that each knows its place. */
size_t pf_split(struct mp_arena *arena, struct pf_text value, struct pf_text **tokens);
/* Takes the next word off a list in which braces mean nothing. False at the end. */
bool pf_next_word(const char **list, struct mp_slice *word);

#endif
