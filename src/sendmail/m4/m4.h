/*
 * m4 - a .mc file through the system's m4, confined, with everything that it said.
 *
 * The .mc is not trusted: it may come from a pull request. m4 runs without its builtins that run
 * commands or write files, in a process that can neither (sandbox.h), and whatever the file tried
 * is in the list of attempts. Nothing here knows what the macros mean: that is sendmail/mc.
 */
#ifndef MP_SENDMAIL_M4_M4_H
#define MP_SENDMAIL_M4_M4_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "sendmail/m4/library.h"
#include "sendmail/m4/sandbox.h"
#include "sendmail/m4/trace.h"

/* The text that include(`path') gets, whether or not there is such a file here: one from an
 * overlay, from below --root, from a version in git, or made up in place of one that is absent.
 * Trace and origins name it by its path. */
struct sm_m4_given {
	const char *path; /* as the .mc writes it */
	struct mp_slice text;
};

/* What one run is to do. All texts are borrowed. */
struct sm_m4_job {
	const struct sm_library *library; /* the installed cf library; NULL: there is none */
	const char *prelude; /* m4 text that is read before everything else; "" for none */
	struct mp_slice mc; /* the text of the .mc: m4 reads it from a descriptor, so that it can
			       come from an overlay or a version in git, and calls it "stdin" */
	const char
		*directory; /* a folder on this machine: what relative includes are relative to,
			       and the only place beside the library that may be read; NULL: none */
	const struct sm_m4_given *given; /* ended by one whose path is NULL; NULL: none */
	/* The .mc includes cf.m4 by itself (reference 1.1 b): it is not read before the .mc. Any
	 * include of a cf.m4 reads the library's, whatever path is written. */
	bool loads_library;
	/* Macros whose calls are traced, ended by NULL; NULL: none. */
	const char *const *traced;
	struct sm_sandbox_options sandbox;
};

/* How a run ended. */
enum sm_m4_end {
	SM_M4_DONE, /* m4 ended by itself; `status` is its exit status */
	SM_M4_CPU, /* it took more than MP_LIMIT_M4_SECONDS of computing */
	SM_M4_WAIT, /* it waited for something for more than MP_LIMIT_M4_WAIT seconds */
	SM_M4_MEMORY, /* it wanted more than MP_LIMIT_M4_MEMORY, or recursed too deeply */
	SM_M4_OUTPUT, /* it wrote more than MP_LIMIT_M4_OUTPUT */
	SM_M4_DENIED, /* the kernel stopped it at something that is not allowed */
	SM_M4_KILLED /* it died of a signal otherwise: `status` is the signal */
};

/* What a .mc tried that it may not do. Nothing of it happened. */
enum sm_m4_attempt_kind {
	SM_M4_TRIED_COMMAND, /* to run a command */
	SM_M4_TRIED_WRITE, /* to write or create a file */
	SM_M4_TRIED_READ, /* to read a file outside of the library and the folder */
	SM_M4_TRIED_DEFINITION, /* to take the definition of a macro that is removed or guarded */
	SM_M4_TRIED_BUILTIN, /* to call a builtin by its name, past its macro */
	SM_M4_TRIED_TRACE, /* to change what m4 tells, or how it reads words */
	SM_M4_TRIED_EXTENSION, /* a builtin of GNU m4 that is not evaluated: its text is missing */
	SM_M4_TRIED_EXIT, /* to end m4 before the end of the file */
	SM_M4_TRIED_ENDLESS, /* never to end: computing, or waiting */
	SM_M4_TRIED_MEMORY, /* to take all memory */
	SM_M4_TRIED_OUTPUT, /* to write without end */
	SM_M4_TRIED_KERNEL /* something that only the kernel stopped */
};

struct sm_m4_attempt {
	enum sm_m4_attempt_kind kind;
	const char *macro; /* the macro by which, or "" */
	const char *argument; /* its first argument (the command, the path); "" for none */
	const char *file; /* where the call stands: "stdin" is the .mc; "" when not known */
	unsigned line; /* 0 when not known */
};

/* Where a stretch of the .cf comes from: up to the next mark, one line of the file after the other.
 */
struct sm_m4_mark {
	size_t at; /* offset in the text, mostly of the beginning of a line */
	const char *file; /* "stdin" is the .mc; a given text has its path */
	unsigned line;
};

struct sm_m4_run {
	enum sm_m4_end end;
	int status;
	/* The .cf, to the byte what m4 writes without any option of ours. Empty when a file outside
	 * was read all the same. */
	struct mp_slice text;
	const struct sm_m4_mark *marks;
	size_t mark_count;
	/* Standard error, taken apart: m4's and the library's complaints, and the trace of the
	 * macros asked for, in the order in which they came about. */
	const struct sm_m4_record *records;
	size_t record_count;
	/* In the order of the records, the one by which the run ended last. */
	const struct sm_m4_attempt *attempts;
	size_t attempt_count;
	/* The path by which the .mc included cf.m4, as it wrote it, and the line; NULL: it did not.
	 * What was read is the library's cf.m4. */
	const char *library_asked;
	unsigned library_line;
};

/* Runs m4. 0 with `run` filled (texts in the arena) whatever became of it; -1 and err when it
 * cannot be run at all (MP_ERR_INPUT: m4 is not installed; MP_ERR_SYSTEM). */
int sm_m4_run(const struct sm_m4_job *job, struct mp_arena *arena, struct sm_m4_run *run,
	struct mp_err *err);

#endif
