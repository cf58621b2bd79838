/*
 * lex - where the macros of a text stand, by m4's own lexical rules.
 *
 * m4 tells of a call no more than its line, and of a quote that is never closed only that. This
 * finds the place: quotes (nested), dnl, comments, calls and their arguments, without expanding
 * anything (reference 1.2).
 */
#ifndef MP_SENDMAIL_MC_LEX_H
#define MP_SENDMAIL_MC_LEX_H

#include "base/arena.h"
#include "diag/source.h"

#include <stdbool.h>

struct sm_span {
	uint32_t start, end;
};

struct sm_lex_call {
	struct sm_span name;
	uint32_t open; /* of its "(", or 0 when none follows */
	uint32_t end; /* behind its ")", or behind the name; of a call that is not closed the
			 text's end */
	const struct sm_span *args; /* with their quotes, without blanks before them */
	uint32_t arg_count;
	uint32_t line; /* from 1, of its name */
	uint32_t outer; /* 1 + index of the call in whose arguments it stands unquoted; 0: none */
	bool known; /* a macro; else a word with "(" that is none */
	bool hashed; /* its line begins with "#", which does not comment it out */
	bool closed;
	bool gap; /* blanks and a "(" follow: m4 calls it without arguments, or not at all */
	bool seen; /* for who matches calls with those that m4 told of */
};

struct sm_lex {
	const struct mp_source *source;
	struct sm_lex_call *calls; /* in the order of their names */
	uint32_t call_count;
	uint32_t open_quote; /* offset of the outermost backtick that is never closed, or NONE */
	uint32_t open_call; /* index of the outermost call that is never closed, or NONE */
	bool lost; /* changequote: nothing behind it was looked at */
	bool loads_library; /* it includes a cf.m4 */
};

#define SM_LEX_NONE ((uint32_t)-1)

/* Takes the text apart. comments: "#" begins a comment until a cf.m4 is included. */
struct sm_lex *sm_lex(struct mp_arena *arena, const struct mp_source *source, bool comments);

/* The text of a span. */
struct mp_slice sm_lex_text(const struct sm_lex *lex, struct sm_span span);
/* An argument without the quotes around it; *quoted says whether one pair stood around all of it.
 */
struct mp_slice sm_lex_unquote(struct mp_slice raw, bool *quoted);
/* The first string at or behind an offset that goes over the end of a line; NONE: there is none. */
uint32_t sm_lex_long_string(const struct sm_lex *lex, uint32_t from);
/* The index of the first call on the line, or of the next one behind it. */
uint32_t sm_lex_first(const struct sm_lex *lex, unsigned line);
/* The whole call as a place. */
struct mp_loc sm_lex_loc(const struct sm_lex *lex, const struct sm_lex_call *call);

#endif
