/* finding - what the administrator should know about the configuration or the server. */
#include "diag/finding.h"

#include "base/limits.h"

const char *mp_severity_name(enum mp_severity severity)
{
	switch (severity) {
	case MP_NOTE:
		return "note";
	case MP_WARNING:
		return "warning";
	case MP_ERROR:
		return "error";
	}
	MP_BUG("severity out of range");
}

void mp_findings_init(struct mp_findings *f, struct mp_arena *arena)
{
	*f = (struct mp_findings){.arena = arena};
}

void mp_findings_release(struct mp_findings *f)
{
	mp_vec_release(&f->list);
}

struct mp_finding *mp_finding_add(struct mp_findings *f, enum mp_severity severity,
	const char *rule, struct mp_loc loc, const char *fix, const char *fmt, ...)
{
	va_list ap;

	if (f->list.n >= MP_LIMIT_FINDINGS) {
		f->dropped++;
		return NULL;
	}
	va_start(ap, fmt);
	struct mp_finding finding = {
		.rule = rule,
		.severity = severity,
		.loc = loc,
		.fix = fix,
		.message = mp_arena_vprintf(f->arena, fmt, ap),
	};
	va_end(ap);
	mp_vec_push(&f->list, finding);
	return &f->list.v[f->list.n - 1];
}

static int compare(const void *left, const void *right)
{
	const struct mp_finding *a = left;
	const struct mp_finding *b = right;
	int d = strcmp(
		a->loc.source ? a->loc.source->name : "", b->loc.source ? b->loc.source->name : "");

	if (d == 0 && a->loc.start != b->loc.start) {
		d = a->loc.start < b->loc.start ? -1 : 1;
	}
	if (d == 0) {
		d = strcmp(a->rule, b->rule);
	}
	return d != 0 ? d : strcmp(a->message, b->message);
}

void mp_findings_sort(struct mp_findings *f)
{
	if (f->list.n == 0) {
		return;
	}
	qsort(f->list.v, f->list.n, sizeof f->list.v[0], compare);
	size_t kept = 1;
	for (size_t i = 1; i < f->list.n; i++) {
		if (compare(&f->list.v[kept - 1], &f->list.v[i]) != 0) {
			f->list.v[kept++] = f->list.v[i];
		}
	}
	f->list.n = kept;
}

int mp_findings_worst(const struct mp_findings *f)
{
	int worst = -1;

	for (size_t i = 0; i < f->list.n; i++) {
		if ((int)f->list.v[i].severity > worst) {
			worst = (int)f->list.v[i].severity;
		}
	}
	return worst;
}
