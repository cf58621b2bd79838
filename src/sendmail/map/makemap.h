/* makemap - the lines of a text that makemap(8) compiles. */
#ifndef SM_MAP_MAKEMAP_H
#define SM_MAP_MAKEMAP_H

#include "diag/source.h"

/* What makemap makes of a line. */
enum sm_makemap_line {
	SM_MAKEMAP_ENTRY,
	SM_MAKEMAP_TOO_LONG, /* it and the rest are read as lines of their own */
	SM_MAKEMAP_LEADING_BLANK,
	SM_MAKEMAP_NO_VALUE,
	SM_MAKEMAP_END
};

struct sm_makemap {
	const struct mp_source *source;
	size_t at; /* offset of what is read next */
	struct mp_slice key, value; /* of an entry, in the source; the key's case is as written */
	struct mp_loc loc; /* of the line */
	struct mp_loc key_loc;
};

/* Goes to the next line that is neither empty nor a comment. What is no entry is skipped by makemap
 * with a complaint. */
enum sm_makemap_line sm_makemap_next(struct sm_makemap *m);

#endif
