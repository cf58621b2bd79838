/*
 * plan - what a client wants to say in one connection, and what each line is for.
 *
 * A plan carries many checks over one connection: set-up (EHLO, STARTTLS, AUTH), then transactions
 * that are separated by RSET. Each step names the earlier step whose success it needs; when that
 * one fails, the step is left out, and the checks that rest on it prove nothing. The same plan is
 * played to the live server and to the simulated one. Plans are made by scenario/; nothing here
 * changes one. QUIT is no step: the session machine says it at the end.
 */
#ifndef MP_SMTP_PLAN_H
#define MP_SMTP_PLAN_H

#include "base/arena.h"
#include "smtp/command.h"

#include <stdbool.h>
#include <stddef.h>

struct mp_step_result;

/* Why a step is there. */
enum mp_role {
	MP_ROLE_SETUP, /* brings the session into the state that others need */
	MP_ROLE_CONTROL, /* shows that the refusal of the test is due to what is tested */
	MP_ROLE_TEST, /* the reply is what a check is about */
	MP_ROLE_CLEANUP /* RSET */
};

struct mp_step {
	enum mp_verb verb; /* of the first step of a plan: MP_VERB_GREETING */
	enum mp_role role;
	const char *line; /* without CR LF; "" for the greeting; of a login "AUTH" */
	bool login; /* AUTH with the real credentials; the machine chooses the mechanism */
	/* 0: set-up, played once. Steps of one transaction share a number and stay together. */
	unsigned unit;
	int after; /* the step that must have succeeded, or -1 */
	bool expect_reject; /* counted when plans are cut to the reject budget */
	bool alone; /* nothing is pipelined behind it: it may well be refused, and what would
		       follow with it */
};

/* What the plan wants to know. */
struct mp_check {
	const char *scenario; /* id: "relay/plain" */
	const char *with; /* the name that it is played with, of those played once for each of
			     many; NULL or "" otherwise */
	int step; /* the tested step */
	int control; /* the step that shows that the session works, or -1 */
	const char *keyword; /* of the reply to EHLO, when that is tested: "AUTH"; else NULL */
	bool any_refusal; /* a refusal of an earlier step of the transaction counts as the answer */
	size_t origin; /* index of the check in the caller's list: kept when a plan is cut */
};

/* The name that the check is played with, or "". */
static inline const char *mp_check_with(const struct mp_check *check)
{
	return check->with != NULL ? check->with : "";
}

/* What a connection may cost the server: with more it slows down, or hangs up and says so in its
 * log. */
struct mp_budget {
	unsigned rejects; /* replies of class 4 and 5 */
	unsigned idle; /* commands without a use of their own: HELO, EHLO, RSET, NOOP, VRFY,
			  EXPN, ETRN */
};

extern const struct mp_budget mp_default_budget;

struct mp_plan {
	const struct mp_budget *budget; /* NULL: the session's */
	bool implicit_tls; /* TLS before the greeting (RFC 8314) */
	bool certificate; /* the client shows its own in TLS */
	const struct mp_step *steps;
	size_t step_count;
	const bool *left_out; /* steps that are not said; NULL: none */
	const struct mp_check *checks;
	size_t check_count;
};

/* The least that a client can do: connect, read the greeting, say QUIT. */
const struct mp_plan *mp_plan_greeting(bool implicit_tls);

/* The plan for what a session left undone: the checks whose tested step was skipped because of the
 * reject budget, with the set-up they need. NULL when there are none. results are the session's,
 * one per step of `plan`. */
const struct mp_plan *mp_plan_rest(
	const struct mp_plan *plan, const struct mp_step_result *results, struct mp_arena *arena);

/* The same plan with nothing but what leads to one check (its control not among it): steps and
 * checks keep their places. In the arena. */
const struct mp_plan *mp_plan_only(
	const struct mp_plan *plan, size_t check, struct mp_arena *arena);

#endif
