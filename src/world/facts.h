/*
 * facts - what the user knows about the host and the outside (design 4.1).
 *
 * Every member is optional; a missing member is a question, not a default.
 */
#ifndef MP_WORLD_FACTS_H
#define MP_WORLD_FACTS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/map.h"
#include "base/slice.h"
#include "world/world.h"

enum mp_fact_kind { MP_FACT_FOUND, MP_FACT_NONE, MP_FACT_TEMPFAIL };

/* One entry of `dns`: "mx example.com" and its values. */
struct mp_fact_dns {
	enum mp_fact_kind kind;
	struct mp_strings values;
	bool alone; /* FOUND says nothing about the name's other types */
};

struct mp_facts {
	struct mp_arena arena;
	const char *hostname; /* NULL: unknown, as for all below */
	const char *version;
	const char *distribution;
	bool have_addresses, have_local_users, have_sasl_mechanisms, have_sasl_users;
	struct mp_cidr *addresses;
	size_t address_count;
	struct mp_strings local_users;
	struct mp_strings sasl_mechanisms;
	struct mp_strings sasl_users; /* "alice@mail.example.org" */
	struct mp_strings sasl_passwords; /* same order */
	int config_complete; /* 1, 0, or -1: not said */
	bool dns_complete;
	struct mp_map dns; /* "mx example.com" in lower case -> struct mp_fact_dns */
	struct mp_map dns_names; /* every name with any record -> non-NULL */
	struct mp_map answers; /* question -> const char * */
};

/* Empty facts, freed with mp_facts_free(). */
struct mp_facts *mp_facts_new(void);
void mp_facts_free(struct mp_facts *facts);
/* Adds the facts of a JSON text (name is for messages); unknown members and wrong types are errors
 * that name line or member. MP_ERR_INPUT. */
int mp_facts_read(
	struct mp_facts *facts, const char *name, struct mp_slice json, struct mp_err *err);
/* Sets an entry of `dns`; the key, in lower case and without a trailing dot, and the entry must
 * live as long as the facts. */
void mp_facts_put_dns(struct mp_facts *facts, const char *key, struct mp_fact_dns *entry);
/* Adds "QUESTION=ANSWER", split at the last '='. MP_ERR_USAGE. */
int mp_facts_assume(struct mp_facts *facts, const char *text, struct mp_err *err);

#endif
