/* read - what the parts of the reader of a .cf share. */
#ifndef SM_CF_READ_H
#define SM_CF_READ_H

#include "sendmail/cf/cf.h"

/* A logical line: joined, translated, not yet interpreted. */
struct sm_line {
	struct sm_text text;
	struct mp_loc loc; /* of its first physical line */
};

/* Reads the next logical line at *at and moves on; false at the end. Empty lines and comments come
 * as empty texts. */
bool sm_line_next(struct sm_cf *cf, uint32_t *at, struct sm_line *line);
/* The number of the name at text.p[*at], which is moved behind it (macid_parse): one character, or
 * some in braces. 0 and a refusal when there is none. */
unsigned sm_line_name(struct sm_cf *cf, struct sm_text text, size_t *at, struct mp_loc loc);

/* The class of this number, made when it is new. */
struct sm_class *sm_cf_class_new(struct sm_cf *cf, unsigned id);
/* A part of a line with its references replaced. sendmail has room for 2047 characters of it: what
 * is beyond is lost, and is a finding. In the arena of cf. */
struct sm_text sm_cf_expand(struct sm_cf *cf, struct sm_text text, struct mp_loc loc);
/* Makes the table of characters, once: what the first rule is read with is kept. */
void sm_cf_chars(struct sm_cf *cf);

/* Lines of a kind, without their letter. */
void sm_read_ruleset(struct sm_cf *cf, const struct sm_line *line, struct sm_ruleset **current);
void sm_read_rule(struct sm_cf *cf, const struct sm_line *line, struct sm_ruleset *current);
void sm_read_class(struct sm_cf *cf, const struct sm_line *line);
void sm_read_trusted(struct sm_cf *cf, const struct sm_line *line);
void sm_read_class_file(struct sm_cf *cf, const struct sm_line *line);
void sm_read_option(struct sm_cf *cf, const struct sm_line *line);

/* The server's own name before the first line is read, its classes after the last. */
void sm_host_begin(struct sm_cf *cf, const struct mp_facts *facts);
void sm_host_end(struct sm_cf *cf, const struct mp_facts *facts);

#endif
