/*
 * plans - scenarios bound to names and packed into session plans.
 *
 * Scenarios with the same set-up (EHLO, STARTTLS, login) share a connection, their transactions separated by
 * RSET; where one dialogue is the beginning of another, it is played once and read twice.
 */
#ifndef MP_SCENARIO_PLANS_H
#define MP_SCENARIO_PLANS_H

#include "scenario/scenario.h"
#include "smtp/plan.h"

/* What stands for the names in a dialogue. NULL: not known, scenarios that use it are left out. */
struct mp_names {
	const char *helo;	     /* {helo} */
	const char *sender;	     /* {sender} */
	const char *foreign_user, *foreign_domain; /* {foreign.user} {foreign.domain} */
	const char *local_user, *local_domain;	   /* {local.user} {local.domain} */
	const char *server_name, *server_address;  /* {server.name} {server.address} */
};

struct mp_plan_request {
	const char *suite; /* "quick", "relay", "full" */
	enum mp_client_class client;
	bool port_25;	   /* other servers deliver here; else a listener for users */
	bool implicit_tls; /* TLS from the first byte */
	bool starttls;	   /* may be offered: scenarios that need TLS are played */
	bool have_login;
	bool intrusive; /* intrusive scenarios may be played */
	struct mp_names names;
};

/* Why a scenario of the suite is in no plan. */
enum mp_left_out {
	MP_LEFT_OTHER_CLIENT, /* for a client of another class */
	MP_LEFT_OTHER_LISTENER,
	MP_LEFT_NO_CREDENTIALS,
	MP_LEFT_INTRUSIVE,
	MP_LEFT_NO_NAME /* a name that it uses is not known */
};

struct mp_left {
	const struct mp_scenario *scenario;
	enum mp_left_out why;
};

struct mp_plans {
	const struct mp_plan *const *v;
	size_t n;
	const struct mp_left *left; /* in the order of the scenarios */
	size_t left_count;
};

/* The plans for one listener and one class of client; a check's `origin` is the index of its scenario. All in
 * the arena. */
struct mp_plans mp_plans_make(struct mp_arena *arena, const struct mp_scenarios *scenarios,
		const struct mp_plan_request *request);

/* A text with its {names} replaced, or NULL when one is not known (an unknown word in braces stays as it
 * is). */
const char *mp_names_bind(struct mp_arena *arena, const struct mp_names *names, const char *text);

#endif
