/*
 * library - where sendmail's cf library lies on this machine.
 */
#ifndef SM_M4_LIBRARY_H
#define SM_M4_LIBRARY_H

#include "base/arena.h"
#include "base/err.h"

struct sm_library {
	const char *directory; /* what _CF_DIR_ is to be, with a slash at the end */
	const char *cf_m4; /* DIRECTORY/m4/cf.m4 */
	const char *version; /* of m4/version.m4: "8.17.1.9"; "" when not told */
};

#endif
