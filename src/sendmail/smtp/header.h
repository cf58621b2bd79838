/*
 * header - H lines that name a ruleset: what is asked of each header of a message.
 */
#ifndef SM_SMTP_HEADER_H
#define SM_SMTP_HEADER_H

#include "sendmail/cf/cf.h"

struct sm_header_check {
	const char *name; /* "Subject"; "*": of headers that have none of their own */
	const char *ruleset;
	bool comments; /* "$>+": comments stay */
};

struct sm_header_checks {
	struct sm_header_check *v;
	size_t n;
};

/* Reads the H lines of a configuration; in its arena. */
struct sm_header_checks sm_header_checks_read(struct sm_cf *cf);
/* The check of a header, or NULL. */
const struct sm_header_check *sm_header_check_find(
	const struct sm_header_checks *checks, const char *name);

/* Takes the next line, without its end, from *rest. */
struct mp_slice sm_message_line(struct mp_slice *rest);

/* A header of a message, taken off its beginning: unfolded. */
struct sm_header {
	const char *name, *value;
};

/* Takes the next header from *rest; false at the end of the headers. In the arena. */
bool sm_header_next(struct mp_slice *rest, struct sm_header *out, struct mp_arena *arena);

#endif
