/*
 * expand - $name, ${name?{yes}:{no}} and its like in a value (postconf(5), reference 1.3).
 *
 * Every byte of the result keeps its place: text from the value itself stands there, text from
 * another parameter stands where that one is set.
 */
#ifndef PF_CONFIG_EXPAND_H
#define PF_CONFIG_EXPAND_H

#include "postfix/config/text.h"

/* The raw value of a name; false when it is undefined. */
typedef bool pf_lookup_fn(void *context, struct mp_slice name, struct pf_text *raw);

struct pf_expander {
	pf_lookup_fn *lookup;
	void *context;
	unsigned version; /* before 3.0 only the plain forms; before 3.6 no <level */
};

/* Expands `in`, recursively. false and *why (in the arena, in Postfix' words) for a syntax error,
 * a self-reference, or a result over MP_LIMIT_VALUE. */
bool pf_expand_text(const struct pf_expander *x, struct mp_arena *arena, struct pf_text in,
	struct pf_text *out, const char **why);

/* Reads a compatibility level, "major[.minor[.patch]]"; false when malformed. Levels compare as
 * numbers. */
bool pf_level_parse(const char *text, unsigned long *level);
unsigned long pf_level_make(unsigned major, unsigned minor);

#endif
