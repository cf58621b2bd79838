/*
 * loop - what process 1 of the lab waits for: descriptors, and the end of its children.
 *
 * Helpers (postconf, postmap) run while the loop turns, so that their log lines are taken and
 * nobody blocks on a full socket.
 */
#ifndef MP_LAB_LOOP_H
#define MP_LAB_LOOP_H

#include "base/err.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct lab_loop;

typedef void (*lab_ready_fn)(struct lab_loop *loop, int fd, void *ctx);

struct lab_watch {
	int fd;
	lab_ready_fn ready;
	void *ctx;
};

struct lab_loop {
	MP_VEC(struct lab_watch) watches;
	int child_fd; /* signalfd of SIGCHLD */
};

int lab_loop_init(struct lab_loop *loop, struct mp_err *err);
void lab_loop_release(struct lab_loop *loop);
/* ready is called whenever fd can be read or was closed by its peer. */
void lab_loop_watch(struct lab_loop *loop, int fd, lab_ready_fn ready, void *ctx);
/* Stops watching; the descriptor stays open. */
void lab_loop_forget(struct lab_loop *loop, int fd);
/* Turns until the child has ended; its wait status. 0 waits for ever (never returns then). */
int lab_loop_wait(struct lab_loop *loop, pid_t child);

/* The same for at most so many milliseconds: true when the child has ended. */
bool lab_loop_wait_ms(struct lab_loop *loop, pid_t child, int ms);

/* Starts a program with nothing on its standard input; what it prints is given to `said` line by
 * line, without line ends, from then on. Its process id, or -1. */
pid_t lab_loop_start(struct lab_loop *loop, const char *const argv[],
	void (*said)(void *ctx, const char *line), void *ctx);
/* Runs a program in the lab with nothing on its standard input. Its standard output goes to *out
 * (NUL-ended, owned by the caller: free()) or, where out is NULL, nowhere. Returns its exit status,
 * 127 when it cannot be run. */
int lab_loop_run(struct lab_loop *loop, const char *const argv[], char **out);
/* The same with bytes on its standard input. */
int lab_loop_feed(struct lab_loop *loop, const char *const argv[], const char *input, char **out);

enum { LAB_OUTPUT_MAX = 8 * 1024 * 1024 };

#endif
