/*
 * capability - what a server offers in its reply to EHLO (RFC 5321 4.1.1.1).
 *
 * The first line names the server; each further one is a keyword and its parameters. The slices
 * point into the reply.
 */
#ifndef MP_SMTP_CAPABILITY_H
#define MP_SMTP_CAPABILITY_H

#include "smtp/reply.h"

struct mp_capability {
	struct mp_slice keyword; /* "AUTH" */
	struct mp_slice parameters; /* "PLAIN LOGIN" */
	bool legacy; /* written "AUTH=PLAIN LOGIN", for old clients */
};

struct mp_capabilities {
	const struct mp_capability *v;
	size_t n;
	struct mp_slice server; /* the name in the first line */
};

/* Reads the reply to EHLO; a refused or single-line one gives no keywords. Memory from the arena.
 */
struct mp_capabilities mp_capabilities_parse(const struct mp_reply *reply, struct mp_arena *arena);
/* The keyword, compared without case, legacy forms left out; NULL when it is not offered. */
const struct mp_capability *mp_capability_find(
	const struct mp_capabilities *caps, const char *keyword);
/* The line of the reply with this keyword, without its code; empty when it is not offered. */
struct mp_slice mp_capability_line(const struct mp_reply *reply, const char *keyword);
/* Whether the keyword's parameters hold the word; for AUTH the legacy form counts too. */
bool mp_capability_has(const struct mp_capabilities *caps, const char *keyword, const char *word);
/* The next word of a parameter list, cut off *rest; empty at the end. */
struct mp_slice mp_capability_word(struct mp_slice *rest);

#endif
