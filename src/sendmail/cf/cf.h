/*
 * cf - a sendmail.cf as sendmail reads it: macros, classes, options, maps, mailers and rulesets.
 *
 * What would keep the daemon from starting is remembered beside the rest: as much as can be read
 * is there all the same, as in `sendmail -bt`.
 */
#ifndef SM_CF_CF_H
#define SM_CF_CF_H

#include "sendmail/cf/class.h"
#include "sendmail/cf/macro.h"
#include "sendmail/cf/token.h"
#include "sendmail/map/map.h"
#include "world/facts.h"

struct sm_rule {
	const struct sm_token *lhs, *rhs;
	size_t lhs_n, rhs_n;
	uint64_t words; /* that a workspace must have, as sm_tokens_words() tells them */
	unsigned number; /* in its ruleset, from 1 */
	struct mp_loc loc;
};

struct sm_ruleset {
	const char *name; /* as sendmail shows it: "check_rcpt", "3" */
	int number; /* 3 of Scanonify=3; -1: it has only a name */
	MP_VEC(struct sm_rule) rules;
	struct mp_loc loc; /* of its first S line */
};

struct sm_option {
	const char *name; /* the long one: "DaemonPortOptions" */
	const char *value; /* as written, for options without references */
	struct sm_text text; /* the same with its references to macros */
	struct mp_loc loc;
};

struct sm_mailer {
	const char *name;
	const char *text; /* behind the name: "P=[IPC], F=mDFMuX, ..." */
	struct mp_loc loc;
};

/* Something that sendmail refuses to start over, in its own words. */
struct sm_refusal {
	const char *text;
	struct mp_loc loc;
};

/* The server's own name and addresses, as far as they are known. */
struct sm_host {
	const char *name; /* "mail.example.org"; the hole "{host.name}" when it is not known */
	bool name_known, addresses_known;
};

struct sm_cf {
	struct mp_arena *arena;
	struct mp_input *input;
	struct mp_findings *findings;
	const struct mp_source *source;
	struct sm_names *names;
	struct sm_macros macros; /* as after the last line */
	MP_VEC(struct sm_class *) classes; /* by number of the name; NULL: empty */
	struct sm_chars chars;
	bool chars_made; /* the first rule or S line was seen */
	const char *operators; /* OperatorChars, or NULL */
	char blank; /* BlankSub */
	int level; /* of the V line: 10 */
	MP_VEC(struct sm_ruleset *) rulesets; /* in order of appearance */
	struct mp_map by_name; /* of rulesets; numbers as text, too */
	MP_VEC(struct sm_option) options; /* in order */
	MP_VEC(struct sm_mailer) mailers;
	MP_VEC(struct sm_mailer) filters; /* X lines */
	struct sm_maps *maps;
	struct sm_host host;
	MP_VEC(struct sm_refusal) refusals;
	bool incomplete; /* m4 did not come to the end of its .mc: nobody would install it */
};

/* Reads a .cf. arena, input, source and findings must outlive it; free it with sm_cf_free(). What
 * is wrong with the file is a finding. */
struct sm_cf *sm_cf_read(struct mp_arena *arena, struct mp_input *input,
	const struct mp_source *source, const struct mp_facts *facts, struct mp_findings *findings);
void sm_cf_free(struct sm_cf *cf);

/* Remembers what sendmail refuses to start over, and makes it an error finding. */
void sm_cf_refuse(struct sm_cf *cf, struct mp_loc loc, const char *rule, const char *fix,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));

/* By name ("check_rcpt") or number ("3"); NULL when there is none. */
const struct sm_ruleset *sm_cf_ruleset(const struct sm_cf *cf, const char *name);
/* The class, or NULL when nothing was ever put into it. */
const struct sm_class *sm_cf_class(const struct sm_cf *cf, const char *name);
/* The last line that sets an option, or NULL. */
const struct sm_option *sm_cf_option(const struct sm_cf *cf, const char *name);
/* The value of a switch: true unless it begins with f, F, n or N; an empty value is true. */
bool sm_option_is_true(const struct sm_option *option);
/* An address as the server writes it: "192.0.2.1", "IPv6:2001:db8:0:0:0:0:0:1" (or short, with
 * UseCompressedIPv6Addresses). In the arena. */
const char *sm_cf_ip(const struct sm_cf *cf, const struct mp_ip *ip, struct mp_arena *arena);
/* The value of a macro, references expanded; "" when it is not defined. In the arena. */
const char *sm_cf_macro(const struct sm_cf *cf, const char *name, struct mp_arena *arena);

#endif
