/*
 * braces - texts in braces, in lists and in the name of a table: "inline:{{a = b} c=d}" (reference
 * 1.5).
 */
#ifndef MP_TABLE_BRACES_H
#define MP_TABLE_BRACES_H

#include "base/slice.h"

#include <stdbool.h>

/* The length of the group that s begins with, from its '{' to the matching '}'; 0 when it has
 * none. A '{' is matched by counting; nothing protects it. */
size_t mp_braces_length(struct mp_slice s);
/* The inside of a group that is all of s, without white space at its ends. *why is what is wrong
 * otherwise ("missing '}'"), in Postfix' words. */
bool mp_braces_strip(struct mp_slice s, struct mp_slice *inside, const char **why);
/* Takes the next item off a list separated by commas and white space, where braces protect
 * separators. False at the end. */
bool mp_braces_next(struct mp_slice *list, struct mp_slice *item);
/* The name "{...}" of a table as a list of items: false when it is none, or has no items. */
bool mp_braces_list(struct mp_slice name, struct mp_slice *list);

#endif
