/*
 * library - where sendmail's cf library lies on this machine.
 */
#ifndef MP_SENDMAIL_M4_LIBRARY_H
#define MP_SENDMAIL_M4_LIBRARY_H

#include "base/arena.h"
#include "base/err.h"

struct sm_library {
	const char *directory; /* what _CF_DIR_ is to be, with a slash at the end */
	const char *cf_m4; /* DIRECTORY/m4/cf.m4 */
	const char *version; /* of m4/version.m4: "8.17.1.9"; "" when not told */
};

/* The folders in which systems have the library: Debian and FreeBSD, Red Hat, older Red Hat,
 * FreeBSD's port (reference 1.1). Files of the library name each other by them. */
enum { SM_LIBRARY_PLACES = 4 };
extern const char *const sm_library_places[SM_LIBRARY_PLACES];

/* Where to look. */
struct sm_library_search {
	const char *cf_dir; /* --cf-dir: there and nowhere else; NULL: the usual places */
	const char *root; /* --root, put in front of the usual places; NULL: none */
	const char *folder; /* the configuration's folder, which may be part of a source tree; NULL:
			       none */
};

/* Finds the library: cf_dir; a source tree around folder (folder/../cf, folder/.., folder/cf,
 * folder); Debian's, Red Hat's and FreeBSD's places (reference 1.1). Texts in the arena. NULL and
 * err (MP_ERR_INPUT) when there is none; err says what to install. */
const struct sm_library *sm_library_find(
	const struct sm_library_search *search, struct mp_arena *arena, struct mp_err *err);

#endif
