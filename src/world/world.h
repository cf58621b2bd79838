/*
 * world - the facts that a configuration does not hold, asked one by one.
 *
 * A simulation that needs such a fact asks a question. Where the user's facts (world/facts.h)
 * answer it, that is the answer in every world. Otherwise the world in which the simulation runs
 * gives one of the possible answers, and mp_explore() replays the simulation until every
 * combination that matters was tried. Asking the same question again in one world gives the same
 * answer. Questions are spelled as in design 4.2.
 */
#ifndef MP_WORLD_WORLD_H
#define MP_WORLD_WORLD_H

#include "base/arena.h"
#include "base/ip.h"

#include <stdbool.h>
#include <stdint.h>

struct mp_facts;
struct mp_world;

struct mp_strings {
	const char *const *v;
	size_t n;
};

/* Asks an open question; answers[0..n-1] (n >= 1) are all that can be told apart, best guess first.
 * Returns the fact, which may be another string than those listed, or this world's choice among
 * them. Facts are `answers` of the facts file, --assume, or what the typed questions below read.
 * Past MP_LIMIT_CHOICES the first answer is given and the exploration is marked as truncated. */
const char *mp_ask(struct mp_world *w, const char *question, const char *const *answers, size_t n);
/* The answer that the facts give to a question, without asking; NULL where they leave it open. */
const char *mp_known_answer(const struct mp_world *w, const char *question);
/* Whether the answer to the question is this value, of a set too large to be listed (the host's
 * name): each value that matters is a choice of its own, "yes" for one value at most. */
bool mp_ask_is(struct mp_world *w, const char *question, const char *value);

enum mp_found { MP_NONE, MP_FOUND, MP_TEMPFAIL };

/* "found", "none" and "tempfail" as answers. */
enum mp_found mp_ask_found(struct mp_world *w, const char *question);

/* user.exists NAME: a local account; decided by the fact local_users. */
enum mp_found mp_ask_user(struct mp_world *w, const char *name);

enum mp_dns_type {
	MP_DNS_ADDRESS, /* A and AAAA: addresses as text */
	MP_DNS_MX, /* "10 mail.example.com"; "0 ." for a null MX (RFC 7505) */
	MP_DNS_NS, /* host names */
	MP_DNS_TXT, /* texts */
	MP_DNS_PTR, /* host names; the name asked for is an address */
	MP_DNS_CANONICAL /* the name that a CNAME leads to; one value */
};

struct mp_dns_result {
	enum mp_found status;
	struct mp_strings values;
	bool known; /* false: records exist (FOUND), but which they are is open; values is empty */
};

/* dns.address NAME and its like. */
struct mp_dns_result mp_ask_dns(struct mp_world *w, enum mp_dns_type type, const char *name);
/* Whether a host or mail domain of this name exists (any address, MX or CNAME record), and its
 * canonical name, the one value: what follows from the facts, else dns.canonical NAME, where the
 * answer "found" means that the name is its own canonical one. */
struct mp_dns_result mp_ask_dns_host(struct mp_world *w, const char *name);
/* dns.list ADDR ZONE: the A records of a DNS list for an address or a domain name; values are
 * addresses. `txt` (may be NULL) gets the list's TXT record where known, or "". */
struct mp_dns_result mp_ask_dns_list(
	struct mp_world *w, const char *what, const char *zone, const char **txt);

/* The name under which a list is asked: 192.0.2.1 and bl.example as 1.2.0.192.bl.example (RFC
 * 5782 2.1, 2.4), a domain as domain.bl.example. In the arena. */
const char *mp_dns_list_name(struct mp_arena *arena, const char *what, const char *zone);

/* client.name ADDR: "none", "forged", "tempfail", or the verified name. patterns are the names
 * that the configuration could tell apart; any other name is the hole "{client.name}", which
 * matches no pattern. With dns_complete the answer follows from ptr and address facts. */
const char *mp_ask_client_name(
	struct mp_world *w, const struct mp_ip *client, struct mp_strings patterns);
/* The fact without asking: the name where facts decide it (one of the four forms), else NULL. */
const char *mp_known_client_name(struct mp_world *w, const struct mp_ip *client);

/* The host's own name as gethostname() gives it, or NULL when facts do not hold it. */
const char *mp_known_host_name(const struct mp_world *w);
/* The host's interface addresses; NULL when facts do not hold them. */
const struct mp_cidr *mp_known_addresses(const struct mp_world *w, size_t *n);
/* The MTA's version ("3.7.11"), the distribution ("debian"); NULL when unknown. */
const char *mp_known_version(const struct mp_world *w);
const char *mp_known_distribution(const struct mp_world *w);
/* What the SASL library offers (complete); false when facts do not hold it. */
bool mp_known_sasl_mechanisms(const struct mp_world *w, struct mp_strings *out);
/* sasl.login USER: FOUND when the password is the user's. Known users come from the facts; an
 * unknown user does not exist when facts hold any users, and is a question otherwise. */
enum mp_found mp_ask_sasl_login(
	struct mp_world *w, const char *user, const char *realm, const char *password);

/* The arena of this world: freed before the next one begins. */
struct mp_arena *mp_world_arena(struct mp_world *w);

/* One answer that a result rests on. */
struct mp_assumption {
	const char *question, *answer;
};

struct mp_assumptions {
	const struct mp_assumption *v;
	size_t n;
};

/* One distinct result and when it holds: any one of the cases, each a list of assumptions. */
struct mp_world_result {
	void *value;
	const struct mp_assumptions *cases;
	size_t case_count;
};

struct mp_exploration {
	const struct mp_world_result *v;
	size_t n;
	bool truncated; /* not every world was explored */
	bool sampled; /* worlds that look alike were taken for one, see mp_explore() */
	/* Every question that facts left open and some world asked, whether it made a difference or
	 * not, in the order of asking. */
	struct mp_strings asked;
	/* The cases of all results as one decision tree, depth first; or (graph) some for each. */
	bool graph;
	const struct mp_world_case {
		struct mp_assumptions when;
		size_t result; /* index into v */
	} * cases;
	size_t case_count;
};

/* What is explored. play() runs the simulation once and returns a result that it made in `keep`
 * (memory of the world's own arena is gone afterwards). equal() tells whether two results are the
 * same to an observer. */
struct mp_explore_ops {
	void *(*play)(void *context, struct mp_world *world, struct mp_arena *keep);
	bool (*equal)(const void *a, const void *b);
	/* A number for what equal results may still differ in, and what shows how they came about;
	 * NULL: nothing. Only for sampled_plays. */
	uint64_t (*trace)(const void *result);
	size_t most_plays; /* 0: MP_LIMIT_REPLAYS */
	size_t sampled_plays; /* when that many were not all, so many more; 0: none */
};

/* Replays until all worlds are seen or a limit is hit (MP_LIMIT_WORLDS distinct results,
 * MP_LIMIT_REPLAYS plays). Results are in the order in which the first of their worlds was found,
 * questions that make no difference are dropped, and everything is allocated in `keep`.
 *
 * With sampled_plays, what is too much for most_plays is explored by differences: where the
 * simulation, with the first answer to all that follows, asks and ends as it did from some point of
 * a world that was played, that point counts as the same, and is not explored twice. Random worlds
 * check that. Such a result is `sampled`: likely, not certain to be complete; each result has some
 * of its cases, and a case holds the answers that matter on its way. */
struct mp_exploration mp_explore(const struct mp_facts *facts, const struct mp_explore_ops *ops,
	void *context, struct mp_arena *keep);

/* The same worlds seen by somebody who tells fewer results apart: result i counts as one of number
 * groups[i], below group_count; the value of a group is that of its first result, and assumptions
 * that make no difference any more are dropped. Groups without a result are left out. In the arena,
 * with the texts and values of `worlds`. */
struct mp_exploration mp_exploration_group(const struct mp_exploration *worlds,
	const size_t *groups, size_t group_count, struct mp_arena *arena);

/* A single world for an interactive session: open questions are put to answer(), which returns one
 * of the answers (or any value of its own), valid as long as the world. */
typedef const char *mp_answer_fn(
	void *context, const char *question, const char *const *answers, size_t n);
struct mp_world *mp_world_new_interactive(
	const struct mp_facts *facts, mp_answer_fn *answer, void *context);
void mp_world_free(struct mp_world *w);
/* Answers that hold in this world whatever the facts say: what somebody else could bring about.
 * They are borrowed as long as the world. */
void mp_world_grant(struct mp_world *w, const struct mp_assumption *answers, size_t n);

#endif
