/* clock - the monotonic clock, in milliseconds. */
#ifndef MP_BASE_CLOCK_H
#define MP_BASE_CLOCK_H

#include <stdint.h>

/* Milliseconds since an unspecified start; never goes back. */
uint64_t mp_clock_ms(void);

#endif
