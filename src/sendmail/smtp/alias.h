/*
 * alias - the names in the alias files (AliasFile), as far as they are at hand.
 */
#ifndef SM_SMTP_ALIAS_H
#define SM_SMTP_ALIAS_H

#include "base/map.h"
#include "input/input.h"
#include "sendmail/cf/cf.h"

struct sm_aliases {
	struct mp_map names; /* folded, each to itself */
	/* Names that are addresses, as written: newaliases takes them apart as the server does, and
	 * has the local name that comes of it: "sales@example.org", "\"first last\"". */
	struct {
		const char **v;
		size_t n, cap;
	} addresses;
	bool open; /* some file or service is not at hand: a name may be there */
	bool missing; /* a file that must be there is not: every other name fails for now */
};

/* Reads the files that AliasFile names. Release it. */
struct sm_aliases *sm_aliases_read(struct sm_cf *cf, struct mp_input *input);
void sm_aliases_release(struct sm_aliases *aliases);
/* Whether the files at hand have a name, without regard to addresses. arena: for the time being. */
bool sm_aliases_has(const struct sm_aliases *aliases, const char *name, struct mp_arena *arena);
/* Whether a name that the files at hand lack is an alias: of what is not at hand the world is
 * asked. */
enum mp_found sm_aliases_ask(
	const struct sm_aliases *aliases, struct mp_world *world, const char *name);

#endif
