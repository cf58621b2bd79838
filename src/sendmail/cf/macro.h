/*
 * macro - values of macros, and texts with references to them.
 */
#ifndef SM_CF_MACRO_H
#define SM_CF_MACRO_H

#include "sendmail/cf/symbol.h"

#include <stdbool.h>

/* By the numbers of names; what has p == NULL is not defined. Values keep their references: they
 * are expanded when they are used. */
struct sm_macros {
	struct sm_text *v;
	size_t n;
};

/* Defines (text.p != NULL) or undefines; the text is borrowed, the table grows in the arena. */
void sm_macros_set(
	struct sm_macros *macros, unsigned id, struct sm_text text, struct mp_arena *arena);
static inline struct sm_text sm_macros_get(const struct sm_macros *macros, unsigned id)
{
	return id < macros->n ? macros->v[id] : (struct sm_text){NULL, 0};
}

/* Bytes as a text without symbols, in the arena. */
struct sm_text sm_text_of(struct mp_slice bytes, struct mp_arena *arena);
/* The text as the value that a line gives to a macro or an option (munchstring), in the arena:
 * quotes vanish, escapes stand for characters. */
struct sm_text sm_text_munched(struct sm_text text, struct mp_arena *arena);
/* The text as bytes, in the arena; symbols are written as in a .cf. */
char *sm_text_bytes(struct sm_text text, const struct sm_names *names, struct mp_arena *arena);

/* Replaces references and conditionals, up to ten levels deep (reference 4.4); in the arena. As in
 * sendmail, what a text comes to beyond 4095 characters is lost. */
struct sm_text sm_expand(
	struct sm_text text, const struct sm_macros *macros, struct mp_arena *arena);

#endif
