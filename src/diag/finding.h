/*
 * finding - what the administrator should know about the configuration or the server.
 *
 * Parsers and checks put findings into a list; nothing here prints. The list is sorted and freed of
 * doubles before it is shown, so that the output is reproducible.
 */
#ifndef MP_DIAG_FINDING_H
#define MP_DIAG_FINDING_H

#include "base/vec.h"
#include "diag/source.h"

#include <stdarg.h>

enum mp_severity { MP_NOTE, MP_WARNING, MP_ERROR };

/* "note", "warning", "error" */
const char *mp_severity_name(enum mp_severity severity);

/* A line or decision that stands behind an answer or a finding, most direct first. */
struct mp_reason {
	struct mp_loc loc; /* source NULL: a built-in default */
	const char *text; /* the item that decided, or what it means */
};

struct mp_reasons {
	const struct mp_reason *v;
	size_t n;
};

struct mp_finding {
	const char *
		rule; /* permanent id ("PF012") or a slug of the reader ("maincf/missing-equals") */
	enum mp_severity severity;
	struct mp_loc loc;
	const char *message; /* what is wrong */
	const char *fix; /* what to do; "" for none */
	struct mp_reasons because; /* further places */
	const char *const *dialogue; /* that shows it: "C: EHLO ...", "S: 250 ..." */
	size_t dialogue_count;
};

struct mp_findings {
	struct mp_arena *arena; /* texts are copied here */
	MP_VEC(struct mp_finding) list;
	size_t dropped; /* beyond MP_LIMIT_FINDINGS */
};

void mp_findings_init(struct mp_findings *f, struct mp_arena *arena);
void mp_findings_release(struct mp_findings *f);

/* Adds one. rule and fix are string constants or live in the arena; the message is copied. Returns
 * the finding so that `because` can be set, valid until the next call; NULL when dropped. */
struct mp_finding *mp_finding_add(struct mp_findings *f, enum mp_severity severity,
	const char *rule, struct mp_loc loc, const char *fix, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* Sorts by file, place, rule, message and drops doubles. */
void mp_findings_sort(struct mp_findings *f);
/* The gravest severity, or -1 when there is none. */
int mp_findings_worst(const struct mp_findings *f);

#endif
