/*
 * judge - findings from how a server behaves, predicted or seen.
 *
 * Faults come from outcomes of scenarios, from the surface, from the listeners, and from what a
 * live server did. Faults of one rule with one cause (the line that decided) are one finding,
 * however many scenarios, listeners and clients show it.
 */
#ifndef MP_PREDICT_JUDGE_H
#define MP_PREDICT_JUDGE_H

#include "base/vec.h"
#include "diag/finding.h"
#include "result/prediction.h"
#include "scenario/scenario.h"

/* How it was found out: bits. */
enum mp_basis { MP_BASIS_PREDICTED = 1 << 0, MP_BASIS_SEEN = 1 << 1 };

/* One thing that is wrong. Texts may be "" (or NULL) where there is nothing to say; all is
 * borrowed until mp_judge_findings(). */
struct mp_fault {
	const char *rule; /* predict/behaviour.h, or a scenario's id */
	const char *message; /* of a rule that is not there: what is wrong */
	enum mp_severity severity;
	unsigned basis;
	bool of_surface; /* of an opening, not of a scenario */
	struct mp_ip client; /* of a scenario: who played it; family 0: not known */
	const char *listener; /* of a scenario: its name, where it is known */
	const char *who; /* "an outsider", "whoever says that it is mail.example.org" */
	const char *to; /* of a partial relay */
	const char *where; /* listener or target */
	const char *scenario;
	const char *reply; /* that decided */
	const char *const *what; /* further words, such as mechanisms */
	size_t what_count;
	const char *const *assumptions; /* where it is not decided by the configuration alone */
	size_t assumption_count;
	struct mp_reasons because; /* most direct first: the first in a file is the cause */
	const char *const *dialogue; /* "C: ...", "S: ..." */
	size_t dialogue_count;
};

struct mp_judge {
	struct mp_arena *arena; /* of texts that are made on the way */
	bool live; /* a server was asked, too: messages say what was predicted and what was seen */
	const struct mp_surface *surface; /* NULL: not known */
	MP_VEC(struct mp_fault) faults;
};

/* Nothing found yet. The arena must outlive the findings. */
void mp_judge_begin(struct mp_judge *judge, struct mp_arena *arena, bool live);
void mp_judge_end(struct mp_judge *judge);
/* Adds one fault; the arrays in it are kept, not copied. */
void mp_judge_add(struct mp_judge *judge, const struct mp_fault *fault);
/* Merges what was found and adds one finding for each cause. A fault whose cause `findings` has an
 * error for already (a server that does not start) is not said twice. */
void mp_judge_findings(struct mp_judge *judge, struct mp_findings *findings);

/* What a live server answered to a scenario. */
struct mp_observed {
	const char *target;
	const char *client; /* our address as the server sees it; "" when not known */
	enum mp_outcome outcome;
	const char *const *dialogue;
	size_t dialogue_count;
};

/* All distinct outcomes of one scenario, played by one client to one listener: whether they meet
 * its alarm. With `seen` (else NULL) also what was seen of it; n is 0 where nothing was predicted.
 * The outcomes are of `where`, and `class` is the client's. */
struct mp_trial {
	const struct mp_scenario *scenario;
	const char *where;
	const char *listener; /* its name; "": not known */
	unsigned port; /* 0: not known */
	enum mp_service service;
	bool login; /* no mail is taken there without login */
	enum mp_client_class class;
	struct mp_ip client; /* family 0: not known */
	const struct mp_predicted *outcomes;
	size_t n;
	const struct mp_observed *seen;
};
/* Adds the fault that the trial shows, if any; returns whether there is one. */
bool mp_judge_trial(struct mp_judge *judge, const struct mp_trial *trial);

/* The outcomes of a whole prediction; what only this host itself can reach is no outsider's. */
void mp_judge_outcomes(struct mp_judge *judge, const struct mp_scenarios *scenarios,
	const struct mp_prediction *prediction);
/* The openings. What a scenario shows of a client that they list by its address is then no fault:
 * it is no outsider. */
void mp_judge_surface(struct mp_judge *judge, const struct mp_surface *surface);
/* Nothing listens, or a listener never greets. */
void mp_judge_listeners(struct mp_judge *judge, const struct mp_prediction *prediction);

#endif
