/*
 * hole - names that the configuration leaves open: "{host.name}", "localhost.{host.domain}".
 *
 * A value that depends on the host holds the question in braces where facts do not answer it.
 * Comparing such a value with a name asks the world.
 */
#ifndef PF_LOOKUP_HOLE_H
#define PF_LOOKUP_HOLE_H

#include "world/world.h"

/* Whether the text holds one of the questions that stand for a name. */
bool pf_has_hole(const char *text);

/* Whether two names are the same, without case. Where one has a hole that the other could fill, the
 * world is asked whether that is the answer. */
bool pf_same_name(struct mp_world *world, struct mp_arena *arena, const char *a, const char *b);

#endif
