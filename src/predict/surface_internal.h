/*
 * surface_internal - what the files of the surface share; nobody else includes it.
 *
 * A client's case is one value of each aspect that it can choose or be. The first value is one like
 * any other; the rest are those that the configuration tells apart (surface_values.c); of addresses
 * they are the cells of their space (surface_space.c). One dialogue in one world is a play
 * (surface_play.c). The search (surface_search.c) begins with the first values and varies only what
 * a play looked at. What lets mail through is tried in every place (surface_find.c), joined over
 * places (surface_join.c) and listeners (surface_settle.c), and told (surface.c).
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
	SURFACE_ADDRESS, /* the client's: a place */
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
	const struct mp_reason *written; /* where each pattern is written; NULL: nowhere */
	bool any; /* whatever it is, as long as there is one */
	bool unverified; /* a name that does not lead back to the client, a certificate that nobody
			    vouches for */
	bool tls; /* a login that is tried under TLS */
	const struct mp_assumption *granted; /* what must be brought about for it */
	size_t granted_count;
	const char *form; /* of a recipient: the address form; "" for a plain address */
	const char *subject, *issuer; /* in a certificate; NULL: whoever's */
};

struct surface_values {
	struct surface_value *v;
	size_t n;
};

/* Values of a kind without condition, to choose from: a configuration may happen to look at some.
 */
enum { SURFACE_SPARES = 3 };

/* Where clients can be. */
struct surface_place {
	size_t cell; /* of the space; NO_CELL: addresses that a pattern matches */
	const struct mp_ip *examples;
	size_t example_count;
	const char *const *patterns;
	size_t pattern_count;
};

#define SURFACE_NO_CELL ((size_t)-1)

struct surface_choice {
	struct surface_values of[SURFACE_ASPECTS];
	const char *spare[SURFACE_ASPECTS][SURFACE_SPARES]; /* of HELO, SENDER and RECIPIENT */
	struct surface_place *places; /* that can connect: the values of ADDRESS */
	size_t place_count;
	bool has_patterns;
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
	const struct mp_space *space;
	const struct mp_distinction *distinctions;
	size_t distinction_count;
	const struct mp_domain *domains;
	size_t domain_count;
};

/* Whether a client of this address can connect to the listener at all. */
bool surface_can_connect(const struct surface_subject *subject, const struct mp_ip *client);
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
	SURFACE_DISCARDED, /* thrown away, and the server does not serve the domain */
	SURFACE_DROPPED, /* thrown away, of a domain that it serves: no opening */
	SURFACE_UNKNOWN
};

/* Whether the end is an opening. */
static inline bool surface_lets_through(enum surface_end end)
{
	return end == SURFACE_RELAYED || end == SURFACE_DISCARDED;
}

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

/* A listener to which cases are played. */
struct surface_stage {
	const struct surface_subject *subject;
	const struct surface_choice *choice;
	unsigned spare[SURFACE_ASPECTS]; /* which of the spares are in use */
	unsigned *example; /* of each place, which */
	MP_VEC(struct surface_question) questions; /* the client's address in braces */
	struct mp_map question_numbers;
	struct mp_arena arena; /* of the questions */
	size_t *plays_left; /* of the whole run */
};

void surface_stage_open(struct surface_stage *stage, const struct surface_subject *subject,
	const struct surface_choice *choice, size_t *plays_left);
void surface_stage_close(struct surface_stage *stage);
/* What the client says or is, of HELO, SENDER, RECIPIENT, NAME, LOGIN; NULL for nothing. */
const char *surface_word(const struct surface_stage *stage, const struct surface_case *what,
	enum surface_aspect aspect);
/* The client that a case is played from. */
const struct mp_ip *surface_client(
	const struct surface_stage *stage, const struct surface_case *what);
/* Plays a case once. The result is in the arena; said only where it is wanted. */
const struct surface_play *surface_play(struct surface_stage *stage,
	const struct surface_case *what, bool with_said, struct mp_arena *arena);

static inline bool surface_same_turn(const struct mp_turn *a, const struct mp_turn *b)
{
	return a->what == b->what && a->refuses == b->refuses;
}

/* Whether two plays took the same turns to the same end. */
bool surface_same_way(const struct surface_play *a, const struct surface_play *b);

/* The answer that a case gives to a question. */
uint32_t surface_answer_in(const struct surface_case *what, uint32_t question);
/* The case with another answer, in the arena. */
struct surface_case surface_with_answer(
	const struct surface_case *what, struct surface_answer answer, struct mp_arena *arena);
/* Copies in the arena; of a play without its replies, so that the memory of the session can go. */
struct surface_case surface_keep_case(const struct surface_case *what, struct mp_arena *arena);
struct mp_reasons surface_keep_reasons(struct mp_reasons reasons, struct mp_arena *arena);
const struct surface_play *surface_keep_play(
	const struct surface_play *play, struct mp_arena *arena);

/* ---- the search -------------------------------------------------------------------------------
 */

/* What the search leaves: cases that let mail through somewhere. */
struct surface_hit {
	struct surface_case what;
	const struct surface_play *play; /* with its reasons, without replies */
	bool tried; /* in every place, for the next */
	bool everywhere; /* it lets mail through from every place */
};

struct surface_hits {
	MP_VEC(struct surface_hit) list;
	struct mp_arena arena;
};

/* Looks for cases that let mail through, and for each kind of them at least one. */
void surface_search(
	struct surface_stage *stage, struct surface_notes *notes, struct surface_hits *hits);

/* ---- what was found ---------------------------------------------------------------------------
 */

/* A case that lets mail through, in one place. */
struct surface_found {
	struct surface_case what;
	enum surface_end end; /* RELAYED or DISCARDED */
	bool served;
	struct mp_reasons because;
	const bool *open; /* by place: whether the same case lets mail through there, too */
	const char *const *assumptions; /* "QUESTION = ANSWER", the client's address in braces */
	size_t assumption_count;
	/* Of what an open question is about that the client says or is: "(listed in hash:/x)", or
	 * NULL. */
	const char *listed[SURFACE_ASPECTS];
};

struct surface_finds {
	MP_VEC(struct surface_found) list;
	struct mp_arena *arena; /* of what is in them */
};

/* Whether a find is for all that another one is for, places aside, and rests on nothing more. */
bool surface_is_wider(const struct surface_choice *choice, const struct surface_found *wide,
	const struct surface_found *narrow);
/* Tries each hit in every place, finds out what it rests on, and drops what others include. */
void surface_find(
	struct surface_stage *stage, const struct surface_hits *hits, struct surface_finds *finds);
/* The dialogue of a find, up to the reply to DATA. In the arena. */
size_t surface_show(struct surface_stage *stage, const struct surface_found *found,
	struct mp_arena *arena, const struct mp_said **out);

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

void surface_join(struct surface_stage *stage, const struct surface_finds *finds,
	struct surface_openings *openings);
/* Joins openings that differ in nothing but the listener, and sorts all, widest first. */
void surface_settle(struct surface_openings *openings);

#endif
