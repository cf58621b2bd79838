/*
 * distinct_internal - what the files that find distinctions share; nobody else includes it.
 *
 * distinct_walk.c goes through the restriction lists and notes who looks at what; the files for
 * clients (distinct_client.c), addresses of mail (distinct_mail.c), and what else a client says
 * (distinct_said.c) turn the entries that are looked at into values; distinct.c keeps them.
 */
#ifndef PF_DISTINCT_DISTINCT_INTERNAL_H
#define PF_DISTINCT_DISTINCT_INTERNAL_H

#include "base/map.h"
#include "postfix/check/check_internal.h"
#include "postfix/distinct/distinct.h"

/* A table that a restriction looks an aspect up in. */
struct pf_look {
	enum mp_aspect aspect; /* of a client's: ADDRESS, for the name too */
	const struct pf_token *token;
	bool server; /* looked up are hosts of the domain: of a literal, its address */
	size_t rules; /* that a look-up may go through one after the other */
};

/* A keyword of the lists, and the first place that has it. */
struct pf_used {
	const struct pf_keyword *keyword;
	struct mp_loc loc;
};

/* Values of one aspect that nothing tells apart. */
struct pf_alike {
	const char *like;
	size_t listed, left_out;
	struct mp_distinction first_out; /* one of those left out */
};

/* An address of mail. */
struct pf_said_address {
	const char *said; /* NULL: none */
	const char *internal; /* NULL: cannot be said */
	struct pf_resolved resolved; /* of "" nothing */
};

struct pf_distinct {
	struct pf_smtpd *smtpd;
	struct pf_checks *checks;
	struct mp_arena *arena; /* of what is found */
	/* What is open is answered somehow: values that only an answer tells apart are not told
	 * apart by the configuration. */
	struct mp_world *world;
	struct mp_arena scratch;
	unsigned scratch_uses;
	struct pf_eval eval;
	struct pf_said_address said; /* the last one resolved, in the scratch arena */
	MP_VEC(struct mp_distinction) out;
	MP_VEC(struct pf_look) looks;
	MP_VEC(struct pf_used) keywords; /* that occur, once each */
	struct mp_map alike; /* "aspect like" -> struct pf_alike */
	struct mp_map networks; /* that are kept: "192.0.2.0/24 place" */
	size_t kinds[8]; /* of likes, by aspect */
	size_t dropped[8]; /* beyond MP_LIMIT_DISTINCTION_KINDS */
	size_t work; /* rules gone through so far, for one aspect */
	const char *own_domain; /* a domain of this host; NULL: none is known */
};

/* distinct_walk.c: fills looks and keywords. */
void pf_distinct_walk(struct pf_distinct *d);
/* Whether a restriction that is carried out by the function occurs. */
bool pf_distinct_uses(const struct pf_distinct *d, pf_keyword_fn *run);

/* distinct.c */
/* Keeps a value. `like` may be in the scratch arena, and so may example; NULL: nothing is alike. */
void pf_distinct_add(struct pf_distinct *d, const struct mp_distinction *distinction);
/* To be called before each entry: whether it is to be looked at, else it is counted among those
 * that are too many. The scratch arena may be afresh afterwards. */
bool pf_distinct_may_go_on(struct pf_distinct *d, enum mp_aspect aspect);
/* mp_table_finds(), as long as MP_LIMIT_DISTINCTION_WORK allows. */
bool pf_distinct_finds(struct pf_distinct *d, const struct mp_table_entry *entry, const char *text);
/* Before a value of the aspect is looked up in all tables of the lists: false when that was done
 * too often. */
bool pf_distinct_spend(struct pf_distinct *d, enum mp_aspect aspect);
/* A value of the aspect that comes of a table's entry. */
struct mp_distinction pf_distinct_of(
	enum mp_aspect aspect, const struct mp_table_entry *entry, const char *example);
/* The access table of a look, for a search. */
struct pf_access pf_distinct_access(struct pf_distinct *d, const struct pf_look *look);
/* Whether what a look-up found is the entry. Of a table that is made of others the value may come
 * from another part. */
bool pf_distinct_hits(const struct pf_look *look, const struct mp_table_entry *entry,
	const struct mp_table_result *found);
/* distinct_client.c: the addresses of a table of hosts, said as literals: before is "" or
 * "someone@". */
void pf_distinct_literals(struct pf_distinct *d, const struct pf_look *look, const char *before);
/* What an access table's answer does, as a word: "OK", "REJECT", "554", or the value itself. */
const char *pf_distinct_effect(struct mp_arena *arena, const struct mp_table_result *result);

/* Each adds the values of its aspects. */
void pf_distinct_clients(struct pf_distinct *d, const struct pf_screen *screen);
void pf_distinct_mail(struct pf_distinct *d);
void pf_distinct_said(struct pf_distinct *d);
void pf_distinct_backup(struct pf_distinct *d);

#endif
