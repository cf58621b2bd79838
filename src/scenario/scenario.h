/*
 * scenario - dialogues with a purpose, read from rules/scenarios/ (design 4.5).
 */
#ifndef MP_SCENARIO_SCENARIO_H
#define MP_SCENARIO_SCENARIO_H

#include "base/arena.h"
#include "base/err.h"
#include "smtp/client_class.h"
#include "smtp/command.h"

#include <stdbool.h>

enum mp_impact { MP_IMPACT_QUIET, MP_IMPACT_LOGGED, MP_IMPACT_INTRUSIVE };

/* What a scenario needs before it makes sense: bits. */
enum mp_need {
	MP_NEED_PORT_25 = 1 << 0,    /* a listener where other servers deliver */
	MP_NEED_SUBMISSION = 1 << 1, /* a listener for users: 587, 465, or any other port */
	MP_NEED_CLEAR = 1 << 2,	     /* a session that begins without TLS */
	MP_NEED_TLS = 1 << 3,	     /* STARTTLS, or TLS from the first byte */
	MP_NEED_LOGIN = 1 << 4	     /* credentials */
};

/* What the tester hopes to see; a probe without a configuration judges by it. */
enum mp_expects { MP_EXPECTS_ANY, MP_EXPECTS_REFUSED, MP_EXPECTS_ACCEPTED };

struct mp_scenario {
	const char *id, *title, *why, *group;
	bool any_client;		     /* "client": "any" */
	enum mp_client_class client;	     /* otherwise */
	unsigned needs;			     /* enum mp_need */
	enum mp_impact impact;
	enum mp_verb tests;   /* the last line with this verb is the tested step */
	const char *keyword; /* "tests": "EHLO AUTH" - the keyword of EHLO's reply; else NULL */
	enum mp_expects expects;
	const char *control; /* id of the scenario that shows that the session works, or "" */
	bool any_refusal;    /* a refusal of an earlier step of the transaction counts */
	const char *const *suites;
	size_t suite_count;
	const char *const *dialogue; /* lines with {names}; "AUTH" alone: log in */
	size_t line_count;
};

struct mp_scenarios {
	const struct mp_scenario *v;
	size_t n;
};

/* The built-in scenarios, and those of DIR/scenarios/ (each .json file; rules_dir may be NULL), which replace
 * built-in ones of the same id. In the order of their files. Errors (MP_ERR_INPUT) name file, scenario and
 * member. All in the arena. */
int mp_scenarios_load(struct mp_arena *arena, const char *rules_dir, struct mp_scenarios *out,
		struct mp_err *err);
/* Adds the scenarios of one JSON text: an array of objects. */
int mp_scenarios_read(struct mp_arena *arena, const char *name, struct mp_slice json,
		struct mp_scenarios *io, struct mp_err *err);
const struct mp_scenario *mp_scenario_find(const struct mp_scenarios *all, const char *id);
/* Whether it belongs to the suite; "full" holds all. */
bool mp_scenario_in_suite(const struct mp_scenario *s, const char *suite);

#endif
