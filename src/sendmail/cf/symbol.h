/*
 * symbol - what a .cf means by a dollar sign.
 *
 * sendmail reads "$*", "$=w", "$&{name}" as single symbols that no character of an address can be
 * taken for. Texts that may hold them are runs of struct sm_text's units: a unit below 0x100 is a
 * byte, the rest are symbols and names of macros and classes (Operations Guide 5.1).
 */
#ifndef SM_CF_SYMBOL_H
#define SM_CF_SYMBOL_H

#include "base/arena.h"
#include "base/slice.h"

#include <stdint.h>

typedef uint16_t sm_unit;

enum sm_symbol {
	SM_SYM_MACRO = 0x100, /* $x: followed by the name; gone after expansion */
	SM_SYM_ZANY, /* $*  zero or more tokens */
	SM_SYM_ANY, /* $+  one or more */
	SM_SYM_ONE, /* $-  exactly one */
	SM_SYM_CLASS, /* $=x a phrase in class x */
	SM_SYM_NOT_CLASS, /* $~x a token not in class x */
	SM_SYM_REPLACE, /* $1  what the first wildcard matched */
	SM_SYM_NET, /* $#  resolved: a mailer, error, discard */
	SM_SYM_HOST, /* $@  return; host; argument of a map; on the left: no token */
	SM_SYM_USER, /* $:  once; user; default of a map */
	SM_SYM_CALL, /* $>  call of a ruleset */
	SM_SYM_IF, /* $?x */
	SM_SYM_ELSE, /* $|  also the separator of two arguments */
	SM_SYM_FI, /* $. */
	SM_SYM_HOST_BEGIN, /* $[ */
	SM_SYM_HOST_END, /* $] */
	SM_SYM_MAP_BEGIN, /* $( */
	SM_SYM_MAP_END, /* $) */
	SM_SYM_LATE, /* $&x: the macro's value when the rule runs */
	SM_SYM_LAST,
	SM_NAME = 0x400 /* SM_NAME + n: the name number n of a macro or class */
};

/* A run of units, borrowed. */
struct sm_text {
	const sm_unit *p;
	size_t n;
};

/* The names of macros and classes, which share them: one character, or up to 25 in braces. */
struct sm_names;

/* n names at most; past that the last is given for all (a finding of the reader). */
enum { SM_NAMES_MAX = 0x3000 };

/* In the arena, but for an index that sm_names_release() frees. */
struct sm_names *sm_names_new(struct mp_arena *arena);
void sm_names_release(struct sm_names *names);
/* The number of a name ("j", "client_addr"), given to it when it is new. "{x}" is "x". */
unsigned sm_names_id(struct sm_names *names, struct mp_slice name);
/* The number of a name, or 0 when nobody has used it. */
unsigned sm_names_find(const struct sm_names *names, const char *name);
/* The name as it is written after the dollar sign: "j", "{client_addr}". */
const char *sm_names_text(const struct sm_names *names, unsigned id);
/* How many there are: numbers are below it. */
size_t sm_names_count(const struct sm_names *names);

/* How a symbol is written: "$*"; "" for what is none. */
const char *sm_symbol_text(sm_unit symbol);
/* The symbol that a character after the dollar sign stands for, or 0. */
sm_unit sm_symbol_of(char c);

#endif
