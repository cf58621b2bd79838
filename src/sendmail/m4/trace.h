/*
 * trace - what m4 wrote to standard error, taken apart.
 *
 * One stream holds the trace of macro calls (options -t, -d), the files that m4 went through, its
 * own complaints, and what the library and the .mc say by errprint. Text of errprint stands between
 * two marks that only the guard knows (guard.h), so that it cannot pass for a trace.
 */
#ifndef MP_SENDMAIL_M4_TRACE_H
#define MP_SENDMAIL_M4_TRACE_H

#include "base/arena.h"
#include "base/slice.h"

enum sm_m4_record_kind {
	SM_M4_CALL, /* a traced macro was called: macro, args */
	SM_M4_SAID, /* errprint: text */
	SM_M4_COMPLAINT, /* m4's own complaint: text without "m4:FILE:LINE: " */
	SM_M4_READS, /* from here on a file is read: text is its name */
	SM_M4_RETURNS /* the file has ended, what included it goes on */
};

struct sm_m4_record {
	enum sm_m4_record_kind kind;
	const char *file; /* where: "stdin" is the .mc; "" when not told */
	unsigned line; /* of the beginning of the call; 0 when not told */
	unsigned level; /* of a call: 1 outside of all arguments of other calls */
	const char *macro;
	const struct mp_slice *args; /* quotes taken off */
	size_t arg_count;
	struct mp_slice text;
};

#endif
