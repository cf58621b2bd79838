/*
 * prediction - what a configuration promises to whom (design 4.4).
 *
 * Made by predict/, shown by report/. Everything lives in the arena of the run.
 */
#ifndef MP_RESULT_PREDICTION_H
#define MP_RESULT_PREDICTION_H

#include "base/ip.h"
#include "diag/finding.h"
#include "diag/trace.h"
#include "result/outcome.h"

/* How the simulated server answered. */
enum mp_said_kind {
	MP_SAID_REPLY,
	MP_SAID_ANY, /* an outside party words the reply */
	MP_SAID_UNKNOWN, /* the simulation cannot follow */
	MP_SAID_CLOSED, /* it had closed before */
	MP_SAID_REFUSED, /* nothing listens */
	MP_SAID_TIMEOUT /* connected, but no greeting ever comes */
};

/* One thing said in a dialogue, and what came back. */
struct mp_said {
	const char *sent; /* "" before the greeting */
	enum mp_said_kind kind;
	unsigned code; /* of a REPLY */
	const char *const *lines; /* the reply, "250-mail.example.org"; may hold {holes} */
	size_t line_count; /* 0: no answer */
	const char *any; /* of ANY: the possible first digits, "45" */
	const char *note; /* of UNKNOWN: why; else "" */
	struct mp_reasons because;
	struct mp_trace trace; /* of a traced dialogue: how it came about */
};

/* One distinct outcome of a scenario that a class of client plays to a listener. */
struct mp_predicted {
	const char *listener, *client, *scenario;
	const char *group; /* of the scenario */
	struct mp_ip address; /* from which the client plays */
	const char *network; /* of a trusted client: the network, as it is written; else "" */
	const char *const *alike; /* other networks whose clients are answered alike */
	size_t alike_count;
	const char *with; /* of a scenario that is played once for each of many names: the name;
			     else "" */
	enum mp_outcome outcome;
	enum mp_why why; /* of NOT_REACHED */
	enum mp_verb step; /* where it was decided */
	bool discarded; /* of ACCEPTED_*: answered with 2xx, and thrown away */
	bool control_failed; /* the control was refused, too: it is not the tested thing alone that
				is refused */
	bool truncated; /* not every world was explored: there may be other outcomes */
	bool sampled; /* worlds that look alike were taken for one, random ones checked that */
	const char *note; /* of DEPENDS: on what; else "" */
	const struct mp_said *dialogue; /* of the first world with this outcome */
	size_t dialogue_count;
	/* What the outcome rests on, "client.name 203.0.113.5 = none": the shortest case of the
	 * first world that has it; none when it holds in every world. */
	const char *const *assumptions;
	size_t assumption_count;
	struct mp_reasons because;
};

/* What a listener is. */
struct mp_listener_outline {
	const char *name, *address;
	unsigned port;
	const char *tls; /* "none", "starttls", "implicit" */
	const char *const *auth_clear, *const *auth_tls; /* mechanisms */
	size_t auth_clear_count, auth_tls_count;
	bool auth_required; /* an outsider who has not logged in can have no mail taken */
	bool certain; /* false: open questions decide on the above */
	struct mp_reasons because;
};

/* Who may have mail carried where. Members of `from` that are empty do not matter; all that are
 * not must be met at once. */
struct mp_opening {
	struct {
		const struct mp_cidr *addresses; /* sorted, disjoint, as few as possible */
		size_t address_count;
		const char *const *address_patterns; /* of tables whose extent is not known */
		size_t address_pattern_count;
		const char *const *client_names; /* verified (or reverse, see forgeable) */
		size_t client_name_count;
		const char *const *senders;
		size_t sender_count;
		const char *const *helos;
		size_t helo_count;
		const char *const *logins; /* "any", or names */
		size_t login_count;
		const char *const *certificates; /* "any verified", or fingerprints */
		size_t certificate_count;
		bool tls; /* only after STARTTLS: no identity, any client can say it */
		bool anyone; /* whoever can connect: none of the above but TLS */
	} from;
	bool forgeable; /* the client controls something of what is checked */
	const char *to; /* "anywhere", or a domain pattern: a partial relay */
	const char
		*form; /* the address form that it takes, "user%domain@own.example"; "" for plain */
	bool discarded; /* taken, and thrown away */
	bool intended; /* to a domain that the server relays for by its own list */
	const char *const *listeners;
	size_t listener_count;
	const char *const *assumptions;
	size_t assumption_count;
	struct mp_reasons because;
	/* A dialogue that shows it. */
	struct mp_ip example;
	const struct mp_said *dialogue;
	size_t dialogue_count;
};

struct mp_surface {
	const struct mp_opening *v;
	size_t n;
	bool complete; /* false: limits were reached, or patterns could not be followed; notes say
			  which */
	const char *const *notes;
	size_t note_count;
};

struct mp_prediction {
	const struct mp_listener_outline *listeners;
	size_t listener_count;
	const struct mp_predicted *outcomes;
	size_t outcome_count;
	struct mp_surface surface;
};

#endif
