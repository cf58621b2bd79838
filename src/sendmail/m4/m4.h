/*
 * m4 - a .mc file through the system's m4, confined, with everything that it said.
 *
 * The .mc is not trusted: it may come from a pull request. m4 runs without its builtins that run
 * commands or write files, in a process that can neither (sandbox.h), and whatever the file tried
 * is in the trace. Nothing here knows what the macros mean: that is sendmail/mc.
 */
#ifndef SM_M4_M4_H
#define SM_M4_M4_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "sendmail/m4/library.h"
#include "sendmail/m4/sandbox.h"

/* What one run is to do. All texts are borrowed. */
struct sm_m4_job {
	const struct sm_library *library; /* the installed cf library; NULL: there is none */
	const char *prelude; /* m4 text that is read before everything else; "" for none */
	struct mp_slice mc; /* the text of the .mc: m4 reads it from a descriptor, so that it can
			       come from an overlay or a version in git, and calls it "stdin" */
	const char
		*directory; /* a folder on this machine: what relative includes are relative to,
			       and the only place beside the library that may be read; NULL: none */
	bool loads_library; /* the .mc includes cf.m4 by itself (reference 1.1 b) */
	/* Macros whose calls are traced, ended by NULL. */
	const char *const *traced;
	struct sm_sandbox_options sandbox;
};

/* How a run ended. */
enum sm_m4_end {
	SM_M4_DONE, /* m4 ended by itself; `status` is its exit status */
	SM_M4_CPU, /* it took more than MP_LIMIT_M4_SECONDS */
	SM_M4_MEMORY, /* it wanted more than MP_LIMIT_M4_MEMORY */
	SM_M4_OUTPUT, /* it wrote more than MP_LIMIT_M4_OUTPUT */
	SM_M4_DENIED, /* the kernel stopped it at something that is not allowed */
	SM_M4_KILLED /* it died of a signal otherwise: `status` is the signal */
};

struct sm_m4_run {
	enum sm_m4_end end;
	int status;
	/* Standard output as written: the .cf with m4's lines "#line N "FILE"" in it (option -s).
	 */
	struct mp_slice output;
	/* Standard error as written: m4's and the library's complaints, and the trace of the macros
	 * asked for, in the order in which they came about. */
	struct mp_slice messages;
};

/* Runs m4. 0 with `run` filled (texts in the arena) whatever became of it; -1 and err when it
 * cannot be run at all (MP_ERR_INPUT: m4 is not installed; MP_ERR_SYSTEM). */
int sm_m4_run(const struct sm_m4_job *job, struct mp_arena *arena, struct sm_m4_run *run,
	struct mp_err *err);

#endif
