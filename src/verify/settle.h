/*
 * settle - one run, one world: what the dialogues of a run say together.
 *
 * Each check alone is possible when it agrees with some of its worlds. But the client has one name
 * throughout a run, the server one version, a table one entry: the answers on which the checks rest
 * must fit together. When all are judged, mp_verify_settle() keeps only the answers that fit all
 * that was seen of a server. The rule:
 *
 *  - Every reply of every session, and every check that is possible, holds under some answers only.
 *    Those of one server have to hold together. Where they cannot, as many as can are kept; a check
 *    that one of the best choices leaves out is a mismatch, and says with what it cannot be.
 *  - A reply tells an answer when it excludes others by its words alone: they would have brought
 * the same decision, said otherwise. Answers that would have brought another decision are not
 * excluded by that, since a server that is not configured as we think looks the same. A check that
 * is possible is confirmed when all worlds that disagree are excluded by what other replies tell.
 *  - What changes within a run (policy services, limits, milters, a DNS that fails for now) binds
 *    nobody, nor does an exploration that was given up early.
 */
#ifndef MP_VERIFY_SETTLE_H
#define MP_VERIFY_SETTLE_H

#include "base/vec.h"
#include "result/verification.h"
#include "verify/stand.h"

/* A check that was judged, and what it was judged by. */
struct mp_judged {
	struct mp_check_verdict *verdict; /* changed by settling */
	struct mp_comparison comparison;
	const struct mp_target_seen *seen;
};

struct mp_judged_list {
	MP_VEC(struct mp_judged) list;
};

/* Settles the verdicts of all checks. Returns what is known of the servers now; memory from the
 * arena. one_server: all targets are the same one; else a host is a server. */
struct mp_established mp_settle(
	const struct mp_judged_list *judged, bool one_server, struct mp_arena *arena);

#endif
