/* facts_write - facts as JSON (design 4.1), so that a run can be repeated with what it knew. */
#ifndef MP_WORLD_FACTS_WRITE_H
#define MP_WORLD_FACTS_WRITE_H

#include "world/facts.h"
#include "json/write.h"

/* One object with the members that are known. Without passwords, "***" stands in their place: what
 * is shown in a report never holds them. */
void mp_facts_write(struct mp_json_writer *w, const struct mp_facts *facts, bool passwords);

#endif
