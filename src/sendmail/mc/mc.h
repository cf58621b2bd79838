/*
 * mc - what a sendmail.mc says, with its lines, and the sendmail.cf that it becomes.
 *
 * The .mc goes through m4 (sendmail/m4) with the installed cf library. Every call of a macro that
 * the administrator knows is kept with its place and its arguments, those that the library makes
 * itself too. Without a library the calls are found all the same: m4 then reads macros of our own
 * that do nothing but be seen.
 */
#ifndef SM_MC_MC_H
#define SM_MC_MC_H

#include "diag/finding.h"
#include "input/input.h"
#include "sendmail/m4/m4.h"

/* A macro that was called: of the library's interface (FEATURE, DAEMON_OPTIONS, LOCAL_CONFIG, ...),
 * define, undefine, include, sinclude or divert. */
struct sm_call {
	const char *macro;
	size_t argc;
	const char *const *argv; /* as m4 passed them: expanded, quotes taken off */
	/* The call, from its name to ")", in the .mc or a file that it includes; of a call by the
	 * library, the one that brought it; source NULL: the library's own doing. */
	struct mp_loc loc;
	unsigned depth; /* 0: written there; else called while that many library files were open, or
			   by a macro's text (at least 1) */
	const char *file; /* of the library, where the call stands; "" when depth is 0 */
	unsigned line;
};

/* A file that is absent here, and in whose place a built-in text was read (reference 1.13). */
struct sm_substitution {
	const char *path;
	struct mp_loc loc; /* of the include */
};

struct sm_mc {
	const struct mp_source *source; /* the .mc */
	const struct sm_call *calls; /* in the order in which m4 came to them */
	size_t call_count;
	/* The .cf, whose lines tell their origins (mp_loc_origin); byte for byte what plain m4
	 * writes. NULL when there is none. */
	const struct mp_source *cf;
	/* The .cf is whole: there is a library, and m4 came to the end of the file. */
	bool usable;
	/* Plain m4 would write the same: nothing that it was refused could have given text. */
	bool exact;
	const struct sm_library *library; /* NULL: none was found */
	const struct sm_substitution *substitutions;
	size_t substitution_count;
	/* Text of the .mc that went to the top of the .cf, outside of the LOCAL_ sections: each a
	 * line. */
	const struct mp_loc *stray;
	size_t stray_count;
};

struct sm_mc_options {
	const char *cf_dir; /* --cf-dir, or NULL */
	const char *root; /* --root, or NULL */
	const char *folder; /* CONFIG's folder on this machine, or NULL */
	struct sm_sandbox_options sandbox;
};

/* Runs m4 over mc and reads what it told. Files that the .mc includes are read through the input.
 * What is wrong becomes findings, a missing library too (mc/library-missing). NULL and err only
 * when m4 cannot be run. All in the arena; sources belong to it or to the input. */
struct sm_mc *sm_mc_build(struct mp_arena *arena, struct mp_input *input,
	const struct mp_source *mc, const struct sm_mc_options *options,
	struct mp_findings *findings, struct mp_err *err);

/* The last call in force of define for the name: later ones and undefine count. NULL: none. */
const struct sm_call *sm_mc_defined(const struct sm_mc *mc, const char *name);

/* The first call of the macro with this first argument (NULL: any), or NULL. */
const struct sm_call *sm_mc_call(const struct sm_mc *mc, const char *macro, const char *argument);

#endif
