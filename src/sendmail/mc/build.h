/* build - what the parts of this room share while a .mc is being read. */
#ifndef MP_SENDMAIL_MC_BUILD_H
#define MP_SENDMAIL_MC_BUILD_H

#include "base/map.h"
#include "base/vec.h"
#include "sendmail/mc/lex.h"
#include "sendmail/mc/mc.h"

/* A file of the configuration's own: the .mc ("stdin"), what it includes, what stands in place of
 * such a file. */
struct sm_own {
	const char *name; /* as m4 calls it */
	const struct mp_source *source;
	struct sm_lex *lex;
	bool built_in; /* a substitute */
	MP_VEC(struct sm_diversion) diversions;
};

/* From this line on text goes to this diversion. */
struct sm_diversion {
	unsigned line;
	int number;
};

/* A macro's definition in force. */
struct sm_definition {
	struct mp_loc loc; /* in an own file: the call behind it; source NULL: the library's */
	const char *file; /* of the library, where define was called */
	unsigned line;
	uint32_t call; /* index of the call of define */
};

/* What m4, or the library by errprint, said. */
struct sm_remark {
	bool by_m4; /* its own complaint */
	struct mp_slice text;
	struct mp_loc loc; /* the call behind it; source NULL: none of the configuration's */
	const struct sm_own *own; /* where m4 was: an own file, or NULL */
	unsigned line;
	size_t calls; /* how many calls there had been */
};

/* A library file was read because of a call. */
struct sm_reading {
	const char *file;
	struct mp_loc loc;
	uint32_t call; /* index of the call */
};

struct sm_build {
	struct mp_arena *arena;
	struct mp_input *input;
	const struct sm_mc_options *options;
	struct mp_findings *findings;
	struct sm_mc *mc;
	struct sm_m4_run run;
	MP_VEC(struct sm_own *) own; /* the .mc first */
	MP_VEC(struct sm_m4_given) given;
	MP_VEC(struct sm_substitution) substitutions;
	MP_VEC(struct sm_call) calls;
	MP_VEC(struct sm_remark) remarks;
	MP_VEC(struct sm_reading) readings;
	MP_VEC(struct mp_loc) stray;
	bool ended; /* m4 came to the end of all files */
	struct mp_map definitions; /* name -> struct sm_definition */
};

/* mc.c: frees what is not in the arena. */
void sm_build_release(struct sm_build *b);

/* facts.c: the own file of this name, or NULL. */
struct sm_own *sm_own_find(const struct sm_build *b, const char *name);
/* A line (from 1) of an own file as a place; the last one when there are fewer. */
struct mp_loc sm_own_line(const struct sm_own *own, unsigned line);
/* Walks through the run's records: calls, definitions, remarks, readings, diversions. */
void sm_facts_read(struct sm_build *b);
/* The diversion in force on a line of the file. */
int sm_own_diversion(const struct sm_own *own, unsigned line);

/* include.c: the text of an include as far as it may be had, added to what is given to m4; false
 * when there is none. */
bool sm_include_give(struct sm_build *b, const char *path);
/* Gives what the lexical scan of the own files shows to be included. */
void sm_include_scan(struct sm_build *b, size_t from);
/* Whether a file is outside of what a .mc may include. */
bool sm_include_outside(const char *path);
/* built_in.c: the built-in text for a path, or NULL. */
const char *sm_include_built_in(const char *path);

/* origin.c: makes the .cf and its origins of the run's output; collects the stray text. */
void sm_origin_make(struct sm_build *b);

/* complain.c: findings from what m4 and the library said, and from what was tried. */
void sm_complain(struct sm_build *b);
/* check.c: findings from how the own files are written. */
void sm_check_written(struct sm_build *b);

/* stub.c: the macros that stand in for a missing library. */
const char *sm_stub(struct mp_arena *arena);

#endif
