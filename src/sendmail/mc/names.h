/* names - the words that mean something in a .mc. */
#ifndef MP_SENDMAIL_MC_NAMES_H
#define MP_SENDMAIL_MC_NAMES_H

#include "base/slice.h"

enum sm_name_kind {
	SM_NAME_NONE,
	SM_NAME_BUILTIN, /* m4's own; a plain word without arguments */
	SM_NAME_WORD, /* m4's own that acts without arguments, too */
	SM_NAME_MACRO, /* the library's, with arguments */
	SM_NAME_SECTION /* the library's, after which lines of the .cf follow */
};

struct sm_name {
	const char *name;
	enum sm_name_kind kind;
	unsigned char args; /* how many arguments are looked at; 0: any number */
	/* What the macro does without a library, in the words of m4. */
	const char *stub;
};

/* What the word is, or NULL. */
const struct sm_name *sm_name(struct mp_slice word);
/* All of them, sorted. */
const struct sm_name *sm_names(size_t *count);

/* Whether a version of the library looks at the variable (confMAX_HOP). */
bool sm_name_is_conf(struct mp_slice name);
/* The known variable that is nearest to the name, or NULL when none is near. */
const char *sm_name_near_conf(struct mp_slice name);
/* Whether a version of the library has the FEATURE. */
bool sm_name_is_feature(struct mp_slice name);
/* The known FEATURE that is nearest, or NULL. */
const char *sm_name_near_feature(struct mp_slice name);
/* Variables that have a value before the .mc is read (reference 1.5), ended by NULL. */
const char *const *sm_names_preset(void);

#endif
