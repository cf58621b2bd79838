/*
 * verify - plans for a target, and the verdict when they were played.
 *
 * Nothing here opens a connection: the caller plays the plans (probe/) and hands back what was
 * seen.
 */
#ifndef MP_VERIFY_VERIFY_H
#define MP_VERIFY_VERIFY_H

#include "predict/client.h"
#include "predict/judge.h"
#include "result/verification.h"
#include "scenario/planner.h"
#include "scenario/select.h"
#include "smtp/session.h"
#include "verify/reach.h"
#include "verify/settle.h"

struct mp_verify_options {
	const struct mp_scenarios *scenarios;
	const char *suite;
	bool intrusive;
	bool credentials; /* there is a login */
	const struct mp_client_certificate
		*certificate; /* shown by the plans that say so, or NULL */
	bool one_server; /* all targets are the same one */
	struct mp_names names; /* what the user said; the rest is filled in */
	const struct mp_session_options *session; /* as the live side uses them */
};

/* Why a scenario that was not selected is skipped; NONE where it is played, or is none of the
 * suite. */
enum mp_why mp_why_of_selected(enum mp_selected selected);

/* What is verified: one configuration. */
struct mp_verify {
	const struct mp_server *server;
	const struct mp_facts *facts;
	const struct mp_verify_options *options;
	const struct mp_server_view *view;
	struct mp_arena *arena;
	struct mp_rations rations; /* of each server */
	const struct mp_scenario *const *selected; /* all of the suite */
	size_t selected_count;
	struct mp_judge judge; /* what is wrong with what was predicted and seen */
	struct mp_judged_list judged; /* all checks that were compared, until they are settled */
	size_t most_plays; /* of one prediction, which is truncated then; 0: no such limit */
};

/* view is what mp_server_survey() saw of the server. Everything must outlive v. */
void mp_verify_begin(struct mp_verify *v, const struct mp_server *server,
	const struct mp_server_view *view, const struct mp_facts *facts,
	const struct mp_verify_options *options, struct mp_arena *arena);
/* Gives back what it holds, whether it came to its end (mp_verify_end) or not. */
void mp_verify_release(struct mp_verify *v);

/* A target as one class of client sees it. */
struct mp_verify_target {
	/* given */
	const char *host;
	unsigned port;
	enum mp_service service;
	bool implicit_tls;
	struct mp_ip address; /* the server's; family 0: not known */
	struct mp_ip client; /* our address as the server sees it; family 0: not known */
	/* filled by mp_verify_prepare() */
	const struct mp_listener *listener; /* NULL: none is predicted there */
	enum mp_client_class class;
	struct mp_names names;
	const struct mp_scenario *const *played; /* of the plans' checks: origin is the index */
	size_t played_count;
	struct mp_plans plans;
	struct mp_check_verdict *skipped;
	size_t skipped_count;
	/* filled by mp_verify_reach() */
	struct mp_reach_verdict reach;
};

/* The class of client that the target's `client` is to its listener. */
enum mp_client_class mp_verify_class(struct mp_verify *v, const struct mp_verify_target *target);
/* Makes the plans for the target. */
void mp_verify_prepare(struct mp_verify *v, struct mp_verify_target *target);

/* Says what it means when the target was not reached, or when something on the way answers in its
 * place; before it is judged. */
void mp_verify_reach(struct mp_verify *v, struct mp_verify_target *target,
	const struct mp_target_seen *seen, const struct mp_reached *all);

/* How a greeting stands to what the configuration says of the target. */
enum mp_greets { MP_GREETS_AS_PREDICTED, MP_GREETS_OTHERWISE, MP_GREETS_UNKNOWN };
enum mp_greets mp_verify_greets(struct mp_verify *v, const struct mp_verify_target *target,
	const struct mp_reply *greeting);

/* Plays a plan to the simulated server, as the target's client. */
struct mp_exploration mp_verify_predict(
	struct mp_verify *v, const struct mp_verify_target *target, const struct mp_plan *plan);

/* Compares what was seen with what is predicted. What is bad of either, whatever the verdict
 * (design 1: agreement is not safety), is kept in v->judge until mp_verify_end(). */
struct mp_target_verdict mp_verify_judge(struct mp_verify *v, const struct mp_verify_target *target,
	const struct mp_target_seen *seen);
/* Adds one finding for each thing that is wrong, however many targets and clients showed it. */
void mp_verify_end(struct mp_verify *v, struct mp_findings *findings);

/* Is told which questions a prediction left open (struct mp_exploration). */
typedef void mp_verify_asked_fn(void *context, struct mp_strings questions);

/* Predicts what mp_verify_judge() will compare with, only to hear what is asked; no prediction
 * takes more plays than most_plays (0: no such limit). Nothing is kept. Returns whether all worlds
 * were seen. */
bool mp_verify_rehearse(const struct mp_verify *v, const struct mp_verify_target *target,
	const struct mp_target_seen *seen, size_t most_plays, mp_verify_asked_fn *asked,
	void *context);

/* When all targets are judged: makes their verdicts fit together (verify/settle.h), and frees what
 * was kept for it. The verdicts that mp_verify_judge() returned change. */
struct mp_established mp_verify_settle(struct mp_verify *v);

/* Adds a target's verdict to the counts. */
void mp_verification_count(struct mp_verification *out, const struct mp_target_verdict *verdict);

#endif
