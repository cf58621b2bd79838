/* listen - where the lab's server listens, as the kernel tells it (proc_net_tcp(5)). */
#ifndef MP_LAB_LISTEN_H
#define MP_LAB_LISTEN_H

#include "base/ip.h"
#include "base/vec.h"

#include <sys/types.h>

struct lab_socket {
	struct mp_ip ip;
	unsigned port;
	unsigned waiting; /* connections that nobody has accepted yet */
};

struct lab_sockets {
	MP_VEC(struct lab_socket) v;
};

/* Adds the listening sockets of the process' network namespace, but for those of the process
 * itself. */
void lab_listening(pid_t pid, struct lab_sockets *out);

#endif
