/* world_internal - what the files of world/ share; nobody else includes it. */
#ifndef MP_WORLD_WORLD_INTERNAL_H
#define MP_WORLD_WORLD_INTERNAL_H

#include "base/vec.h"
#include "world/facts.h"
#include "world/world.h"

#include <stdint.h>

/* A question that was asked in this world, and the answer that was taken. */
struct mp_choice {
	const char *question;
	const char *value; /* of mp_ask_is(): the value asked about; else NULL */
	const char *const *answers;
	size_t n, at;
};

struct mp_world {
	const struct mp_facts *facts;
	MP_VEC(struct mp_choice) choices;
	size_t position; /* choices made in this replay */
	struct mp_map asked; /* every question of a choice, of all replays */
	bool truncated;
	uint64_t random; /* state; 0: new choices take their first answer */
	/* What new choices take before that, where the question is among these. */
	const struct mp_choice *hints;
	size_t hint_count;
	struct mp_arena texts; /* of the choices: as long as the exploration */
	struct mp_arena arena; /* of this replay */
	const struct mp_assumption *granted; /* answers that hold whatever the facts say */
	size_t granted_count;
	mp_answer_fn *answer; /* interactive; else NULL */
	void *answer_context;
};

void mp_world_release(struct mp_world *w);

/* What an answer says: "none" and "no", "tempfail", else found. */
enum mp_found mp_found_of(const char *answer);
/* A domain name in lower case without its trailing dot, in the world's arena. */
const char *mp_canonical_name(struct mp_world *w, const char *name);
/* The facts' answer for a canonical name, or false where they leave it open. */
bool mp_dns_fact(
	struct mp_world *w, enum mp_dns_type type, const char *name, struct mp_dns_result *out);

#endif
