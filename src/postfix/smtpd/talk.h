/*
 * talk - a session with a simulated smtpd, as the server opens it.
 */
#ifndef PF_SMTPD_TALK_H
#define PF_SMTPD_TALK_H

#include "postfix/check/session.h"

struct pf_talk;

/* Connects to the process and fills the greeting. NULL when the server closed, or will never
 * greet. */
struct pf_talk *pf_talk_open(struct pf_smtpd *smtpd, struct mp_world *world, struct mp_arena *arena,
	const struct mp_connect *connect, struct mp_sim_reply *greeting);
/* Lines that the client sends in one write; fills replies[0..n-1]. */
void pf_talk_say(
	struct pf_talk *t, const struct mp_slice *lines, size_t n, struct mp_sim_reply *replies);

/* The turns that its restrictions took (mp_server_ops.turns). */
size_t pf_talk_turns(const struct pf_talk *t, const struct mp_turn **out);

/* The aspects (enum mp_aspect) that answers were looked up by. */
unsigned pf_talk_consulted(const struct pf_talk *t);

#endif
