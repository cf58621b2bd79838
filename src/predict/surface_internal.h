/*
 * surface_internal - what the files of the surface share; nobody else includes it.
 *
 * A client's case is one value of each aspect that it can choose or be. The first value is one like
 * any other; the rest are those that the configuration tells apart (surface_values.c). One dialogue
 * in one world is a play (surface_play.c). The search (surface_search.c) begins with the first
 * values in a cell of the address space and varies only what the play looked at. What lets mail
 * through is joined over cells and listeners (surface_join.c) and told (surface.c).
 */
#ifndef MP_PREDICT_SURFACE_INTERNAL_H
#define MP_PREDICT_SURFACE_INTERNAL_H

#include "base/map.h"
#include "base/vec.h"
#include "predict/surface.h"
#include "predict/surface_space.h"

/* ---- values ----------------------------------------------------------------------------------
 */

enum surface_aspect {
	SURFACE_NAME, /* the client's name */
	SURFACE_HELO,
	SURFACE_SENDER,
	SURFACE_RECIPIENT,
	SURFACE_LOGIN,
	SURFACE_CERTIFICATE,
	SURFACE_TLS,
	SURFACE_ASPECTS
};

struct surface_value {
	const char *say; /* what is said, or what the world says of the client; NULL: nothing */
	/* What the value stands for, as the opening lists it; none: nothing in particular. Of a
	 * recipient: where to, one opening each. */
	const char *const *patterns;
	size_t pattern_count;
	bool any; /* whatever it is, as long as there is one */
	bool unverified; /* a name that does not lead back to the client, a certificate that nobody
			    vouches for */
	bool tls; /* a login that is tried under TLS */
	const char *form; /* of a recipient: the address form; "" for a plain address */
};

struct surface_values {
	struct surface_value *v;
	size_t n;
};

/* Values of a kind without condition, to choose from: a configuration may happen to look at some.
 */
enum { SURFACE_SPARES = 3 };

struct surface_choice {
	struct surface_values of[SURFACE_ASPECTS];
	const char *spare[SURFACE_ASPECTS][SURFACE_SPARES]; /* of HELO, SENDER and RECIPIENT */
	/* Addresses that patterns without extent stand for. */
	struct surface_address {
		struct mp_ip example;
		const char *const *patterns;
		size_t pattern_count;
	} * addresses;
	size_t address_count;
};

/* What is known of one listener. */
struct surface_subject {
	const struct mp_server *server;
	const struct mp_facts *facts;
	const struct mp_names *names;
	const char *listener; /* by name */
	const char *at[2]; /* where an IPv4, an IPv6 client connects to; NULL: nowhere */
	bool loopback[2]; /* that is a loopback address */
	enum mp_listener_tls tls;
	const struct mp_distinction *distinctions;
	size_t distinction_count;
	const struct mp_domain *domains;
	size_t domain_count;
};

/* Sorts the distinctions into values. Patterns without example are noted. In the arena. */
struct surface_notes;
struct surface_choice surface_choose(
	const struct surface_subject *subject, struct surface_notes *notes, struct mp_arena *arena);

/* ---- notes ------------------------------------------------------------------------------------
 */

/* What is not known, each once, in the order of discovery. */
struct surface_notes {
	struct mp_arena *arena;
	struct mp_map seen;
	MP_VEC(const char *) list;
};

void surface_note(struct surface_notes *notes, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* ---- plays ------------------------------------------------------------------------------------
 */

/* An open question with its answers, the first of them the one that is taken unless another is
 * tried. */
struct surface_question {
	const char *text;
	const char *const *answers;
	size_t n;
};

struct surface_answer {
	uint32_t question, answer;
};

/* A client's case, and the answers that differ from the first, sorted by question. */
struct surface_case {
	uint32_t value[SURFACE_ASPECTS];
	const struct surface_answer *answers;
	size_t answer_count;
};

enum surface_end {
	SURFACE_REFUSED,
	SURFACE_UNREACHABLE, /* nothing listens there */
	SURFACE_OWN, /* taken for a domain of the server's own */
	SURFACE_RELAYED,
	SURFACE_DISCARDED, /* not one of the server's own, and thrown away */
	SURFACE_UNKNOWN
};

struct surface_play {
	enum surface_end end;
	bool served; /* to a domain that the server relays for by its own list */
	struct mp_reasons because;
	const char *note; /* of UNKNOWN */
	const struct mp_turn *turns;
	size_t turn_count;
	unsigned aspects; /* looked at: bits of 1 << enum surface_aspect */
	const struct surface_answer *asked; /* all questions, in their order */
	size_t asked_count;
	const struct mp_said *said; /* where it was wanted */
	size_t said_count;
};

/* A cell of a listener, in which cases are played. */
struct surface_stage {
	const struct surface_subject *subject;
	const struct surface_choice *choice;
	struct mp_ip client;
	const char *client_text;
	const char *connect; /* the listener as the client reaches it */
	unsigned spare[SURFACE_ASPECTS]; /* which of the spares are in use */
	MP_VEC(struct surface_question) questions;
	struct mp_map question_numbers;
	struct mp_arena arena; /* of the questions */
	size_t *plays_left; /* of the whole run */
};

void surface_stage_open(struct surface_stage *stage, const struct surface_subject *subject,
	const struct surface_choice *choice, const struct mp_ip *client, size_t *plays_left);
void surface_stage_close(struct surface_stage *stage);
/* Plays a case once. The result is in the arena; said only where it is wanted. */
const struct surface_play *surface_play(struct surface_stage *stage,
	const struct surface_case *what, bool with_said, struct mp_arena *arena);

/* ---- the search -------------------------------------------------------------------------------
 */

/* A case that lets mail through. */
struct surface_found {
	size_t cell; /* of the space; or, counted behind them, a pattern of addresses */
	struct surface_case what;
	enum surface_end end; /* RELAYED or DISCARDED */
	bool served;
	struct mp_reasons because;
	const char *const *assumptions; /* "QUESTION = ANSWER", the client's address in braces */
	size_t assumption_count;
	const char *address_pattern; /* of clients that a question is about: the host's own; or
					NULL */
	struct mp_ip client;
	const struct mp_said *said;
	size_t said_count;
};

struct surface_finds {
	MP_VEC(struct surface_found) list;
	struct mp_arena *arena; /* of what is in them */
};

/* Finds the cases that let mail through in one cell; client is from it. Returns false when nothing
 * can connect from there. */
bool surface_search(const struct surface_subject *subject, const struct surface_choice *choice,
	size_t cell, const struct mp_ip *examples, size_t example_count, size_t *plays_left,
	struct surface_notes *notes, struct surface_finds *finds);

/* Whether a value of an aspect stands for all that another one does. */
bool surface_value_covers(const struct surface_choice *choice, enum surface_aspect aspect,
	uint32_t wide, uint32_t narrow);
/* The same for the values of two cases; a discarded one covers no relayed one. */
bool surface_values_cover(
	const struct surface_choice *choice, const uint32_t *wide, const uint32_t *narrow);

/* ---- joining ----------------------------------------------------------------------------------
 */

/* Joins what was found in the cells of a listener into openings, and adds them. */
struct surface_openings {
	MP_VEC(struct mp_opening) list;
	struct mp_arena *arena;
};

void surface_join(const struct surface_subject *subject, const struct surface_choice *choice,
	const struct mp_space *space, const bool *reachable, const struct surface_finds *finds,
	struct surface_openings *openings);
/* Joins openings that differ in nothing but the listener, and sorts all, widest first. */
void surface_settle(struct surface_openings *openings);

#endif
