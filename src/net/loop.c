/* loop - the event loop, by way of libevent. */
#include "net/loop.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <event2/event.h>
#include <signal.h>
#include <stdlib.h>

struct mp_loop {
	struct event_base *base;
};

struct mp_watch {
	struct mp_loop *loop;
	struct event *event;
	int fd;
	mp_watch_fn *fn;
	void *context;
};

struct mp_loop *mp_loop_new(struct mp_err *err)
{
	struct mp_loop *loop = mp_alloc(sizeof *loop);
	struct event_config *config = event_config_new();

	/* A server that closes while we write must not end the program. */
	signal(SIGPIPE, SIG_IGN);
	if (config != NULL) {
		event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
		loop->base = event_base_new_with_config(config);
		event_config_free(config);
	}
	if (loop->base == NULL) {
		free(loop);
		mp_err_set(err, MP_ERR_SYSTEM, "no event loop can be made");
		return NULL;
	}
	return loop;
}

void mp_loop_free(struct mp_loop *loop)
{
	if (loop != NULL) {
		event_base_free(loop->base);
		free(loop);
	}
}

void mp_loop_run(struct mp_loop *loop)
{
	event_base_dispatch(loop->base);
}

void mp_loop_stop(struct mp_loop *loop)
{
	event_base_loopbreak(loop->base);
}

static void on_event(evutil_socket_t fd, short what, void *context)
{
	struct mp_watch *w = context;
	int bits = 0;

	(void)fd;
	bits |= (what & EV_READ) != 0 ? MP_LOOP_READ : 0;
	bits |= (what & EV_WRITE) != 0 ? MP_LOOP_WRITE : 0;
	bits |= (what & EV_TIMEOUT) != 0 ? MP_LOOP_TIMEOUT : 0;
	w->fn(w->context, bits);
}

struct mp_watch *mp_watch_new(struct mp_loop *loop, int fd, mp_watch_fn *fn, void *context)
{
	struct mp_watch *w = mp_alloc(sizeof *w);

	*w = (struct mp_watch){.loop = loop, .fd = fd, .fn = fn, .context = context};
	w->event = event_new(loop->base, fd, 0, on_event, w);
	if (w->event == NULL) {
		MP_BUG("no event can be made");
	}
	return w;
}

void mp_watch_free(struct mp_watch *watch)
{
	if (watch != NULL) {
		event_free(watch->event);
		free(watch);
	}
}

void mp_watch_set(struct mp_watch *watch, int events, uint64_t deadline)
{
	struct timeval tv = {0};
	short what = 0;

	event_del(watch->event);
	if (events == 0 && deadline == 0) {
		return;
	}
	what |= (events & MP_LOOP_READ) != 0 ? EV_READ : 0;
	what |= (events & MP_LOOP_WRITE) != 0 ? EV_WRITE : 0;
	if (deadline > 0) {
		uint64_t now = mp_clock_ms();
		uint64_t left = deadline > now ? deadline - now : 0;
		tv.tv_sec = (time_t)(left / 1000);
		tv.tv_usec = (suseconds_t)(left % 1000 * 1000);
	}
	event_assign(watch->event, watch->loop->base, watch->fd, what, on_event, watch);
	event_add(watch->event, deadline > 0 ? &tv : NULL);
}
