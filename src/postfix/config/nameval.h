/*
 * nameval - "name = value", as main.cf, -o options and inline tables write it.
 */
#ifndef PF_CONFIG_NAMEVAL_H
#define PF_CONFIG_NAMEVAL_H

#include "base/slice.h"

enum pf_nameval_error { PF_NAMEVAL_OK, PF_NAMEVAL_NO_NAME, PF_NAMEVAL_NO_EQUALS };

struct pf_nameval {
	struct mp_slice name, value; /* value without white space at its ends */
	size_t name_from, value_from, value_to; /* offsets in the text */
};

/* Takes the text apart; the slices point into it. The name ends at white space or "=". */
enum pf_nameval_error pf_nameval_split(struct mp_slice text, struct pf_nameval *out);
/* Postfix' own words for the error. */
const char *pf_nameval_why(enum pf_nameval_error error);

#endif
