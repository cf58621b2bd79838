/*
 * live_dns - open questions about the DNS, answered by the DNS (--dns live).
 *
 * A prediction is played; the questions that it left open come here, are looked up all at once, and
 * what is learnt becomes facts; then it is played again, until it asks nothing new. What could not
 * be learnt stays open: see dns/lookup.h.
 */
#ifndef MP_CLI_LIVE_DNS_H
#define MP_CLI_LIVE_DNS_H

#include "base/vec.h"
#include "dns/lookup.h"
#include "world/facts.h"
#include "json/write.h"

/* A question that the DNS has not answered, and why. */
struct mp_live_dns_open {
	const char *question, *why;
};

struct mp_live_dns {
	struct mp_dns_server server;
	struct mp_facts *facts;
	unsigned timeout_ms; /* of one round */
	struct mp_arena arena;
	MP_VEC(const char *) learnt; /* the keys in facts.dns */
	MP_VEC(struct mp_live_dns_open) open;
	struct mp_map seen; /* questions that were here before */
	struct mp_map lookups; /* "TYPE NAME" -> struct mp_dns_lookup */
	MP_VEC(struct mp_dns_lookup *) pending;
	unsigned rounds;
};

/* The facts get what is learnt and must outlive it. timeout_ms 0: 20 s. */
void mp_live_dns_begin(struct mp_live_dns *d, const struct mp_dns_server *server,
	struct mp_facts *facts, unsigned timeout_ms);
void mp_live_dns_end(struct mp_live_dns *d);

/* Looks up what is new among the questions (others than those of the DNS are passed over). 1 when
 * facts were added: play again; 0 when nothing was learnt; -1 when this machine cannot ask
 * (MP_ERR_SYSTEM). Past MP_LIMIT_DNS_ROUNDS and MP_LIMIT_DNS_NAMES it asks nothing more, and the
 * questions stay open. */
int mp_live_dns_answer(struct mp_live_dns *d, struct mp_strings questions, struct mp_err *err);

/* The member "live_dns": which server was asked, what was learnt, what stayed open and why. */
void mp_live_dns_json(struct mp_json_writer *w, const struct mp_live_dns *d);
/* The same as one line, and one more for each question that stayed open. */
void mp_live_dns_text(FILE *out, const struct mp_live_dns *d);

#endif
