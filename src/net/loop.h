/*
 * loop - the event loop: readiness of descriptors, and timers.
 *
 * The only header behind which libevent stands. A loop runs in the thread that made it.
 */
#ifndef MP_NET_LOOP_H
#define MP_NET_LOOP_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct mp_loop;
struct mp_watch;

enum { MP_LOOP_READ = 1, MP_LOOP_WRITE = 2, MP_LOOP_TIMEOUT = 4 };

/* What happened: MP_LOOP_ bits. */
typedef void mp_watch_fn(void *context, int what);

/* A loop; SIGPIPE is ignored in this process from now on. NULL and err (MP_ERR_SYSTEM). */
struct mp_loop *mp_loop_new(struct mp_err *err);
void mp_loop_free(struct mp_loop *loop);
/* Runs until nothing is watched any more, or mp_loop_stop(). */
void mp_loop_run(struct mp_loop *loop);
void mp_loop_stop(struct mp_loop *loop);

/* A watch on a descriptor (-1: only a timer). It is idle until mp_watch_set(). */
struct mp_watch *mp_watch_new(struct mp_loop *loop, int fd, mp_watch_fn *fn, void *context);
void mp_watch_free(struct mp_watch *watch);
/* Waits once for any of the events (0: none), or until the deadline on the clock of
 * base/clock.h (0: none), whichever comes first; replaces what was set before. */
void mp_watch_set(struct mp_watch *watch, int events, uint64_t deadline);

#endif
