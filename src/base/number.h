/* number - checked reading of decimal numbers. */
#ifndef MP_BASE_NUMBER_H
#define MP_BASE_NUMBER_H

#include "base/slice.h"

#include <stdbool.h>

/* The whole slice as decimal digits within min..max; false (and *out untouched) otherwise. */
bool mp_parse_uint(struct mp_slice s, unsigned long min, unsigned long max, unsigned long *out);
/* The same with an optional sign. */
bool mp_parse_int(struct mp_slice s, long min, long max, long *out);

#endif
