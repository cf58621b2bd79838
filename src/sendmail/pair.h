/*
 * pair - a .mc and the .cf beside it: whether the one is what the other was built into.
 */
#ifndef SM_PAIR_H
#define SM_PAIR_H

#include "diag/finding.h"
#include "sendmail/cf/differ.h"
#include "server/server.h"

struct sm_pair {
	const struct mp_server *mc, *cf; /* of sm_load(), sm_load_beside() */
	const char *mc_name, *cf_name; /* "sendmail.mc", "sendmail.cf" */
};

/* Which settings differ: left what the .mc becomes, right what the .cf says. In the arena. */
struct sm_differences sm_pair_differ(const struct sm_pair *pair, struct mp_arena *arena);

/* Whether m4 came to the end of the .mc, by the findings of its loading: else what it becomes is
 * not known. */
bool sm_pair_is_whole(const struct mp_findings *findings);
/* Whether something of the .mc is not as on the server, by what was found while it was built: words
 * to be added where the two differ, or NULL. */
const char *sm_pair_doubt(const struct mp_findings *findings);
/* The text that a server was read from. */
const struct mp_source *sm_pair_source(const struct mp_server *server);

/* The lines of both files behind the first `most` differences, for a finding: of the .mc the one
 * that the line of its .cf comes from, none for what the library adds of its own. In the arena. */
struct mp_reasons sm_pair_lines(const struct sm_pair *pair, const struct sm_differences *settings,
	size_t most, struct mp_arena *arena);
/* Where the .cf departs first: a line of the .cf, or, where it lacks something, of the .mc. */
struct mp_loc sm_pair_place(const struct sm_pair *pair, const struct sm_differences *settings);
/* "option LogLevel, class {w} and 3 more"; in the arena. */
const char *sm_pair_settings(
	const struct sm_differences *settings, size_t most, struct mp_arena *arena);

#endif
