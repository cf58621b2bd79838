/* text - tables of keys and values, for the readers of their formats in this folder. */
#ifndef MP_TABLE_TEXT_H
#define MP_TABLE_TEXT_H

#include "table/lines.h"
#include "table/private.h"

/* Makes the table one of keys and values, without entries yet. */
void mp_text_make(struct mp_table *table);
/* Adds an entry; false when the key is there already, whose entry stays as it was. */
bool mp_text_add(
	struct mp_table *table, struct mp_slice key, struct mp_slice value, struct mp_loc loc);
/* Sets the value of a key, whether it is there or not. */
void mp_text_set(
	struct mp_table *table, struct mp_slice key, struct mp_slice value, struct mp_loc loc);
/* Whether another entry fits; a finding says where not. */
bool mp_text_has_room(struct mp_table *table, const struct mp_lines *lines);
/* Whether Postfix skips the current line for what it is as a whole; a finding says why. */
bool mp_text_is_bad_line(struct mp_table *table, const struct mp_lines *lines);
/* Reads the text of a compiled table, and says where the two may differ. NULL when there is none:
 * the table was made a broken or an outside one. */
const struct mp_source *mp_text_source(struct mp_table *table, const char *name);

#endif
