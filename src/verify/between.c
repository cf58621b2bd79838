/* between - which of two configurations a live server follows. */
#include "verify/between.h"

static bool same_reply(const struct mp_expected_reply *a, const struct mp_expected_reply *b)
{
	return a->code == b->code && a->enhanced.class == b->enhanced.class &&
		a->enhanced.subject == b->enhanced.subject &&
		a->enhanced.detail == b->enhanced.detail && mp_str_eq(a->text, b->text);
}

/* Whether both promise the same of a check. */
static bool same_promise(const struct mp_expected *a, const struct mp_expected *b)
{
	if (a->outcome != b->outcome || a->why != b->why || !mp_str_eq(a->service, b->service) ||
		a->reply_count != b->reply_count) {
		return false;
	}
	for (size_t i = 0; i < a->reply_count; i++) {
		if (!same_reply(&a->replies[i], &b->replies[i])) {
			return false;
		}
	}
	return true;
}

/* What ended before the tested step, as it should, is no proof of that step, but keeps the promise.
 */
static bool agrees(const struct mp_check_verdict *c)
{
	return c->verdict == MP_VERDICT_CONFIRMED || c->verdict == MP_VERDICT_POSSIBLE ||
		(c->verdict == MP_VERDICT_INCONCLUSIVE && c->as_predicted);
}

static bool departs(const struct mp_check_verdict *c)
{
	return c->verdict == MP_VERDICT_MISMATCH;
}

static void count(struct mp_between_count *c, const struct mp_check_verdict *check,
	const struct mp_target_verdict *target)
{
	if (c->n++ == 0) {
		c->scenario = check->scenario;
		c->target = target->seen->target;
	}
}

/* The kind of a check that was judged by both; NULL: none. */
static struct mp_between_count *kind_of(struct mp_between *between,
	const struct mp_check_verdict *a, const struct mp_check_verdict *b)
{
	if (same_promise(&a->expected, &b->expected)) {
		return !departs(a) || !departs(b)            ? NULL
			: a->kind == MP_MISMATCH_OTHER_WORDS ? &between->other_words
							     : &between->against;
	}
	if (agrees(a) && departs(b)) {
		return &between->first;
	}
	if (departs(a) && agrees(b)) {
		return &between->second;
	}
	return departs(a) && departs(b) ? &between->neither : &between->open;
}

void mp_between_add(struct mp_between *between, const struct mp_target_verdict *first,
	const struct mp_target_verdict *second)
{
	for (size_t i = 0; i < first->check_count && i < second->check_count; i++) {
		const struct mp_check_verdict *a = &first->checks[i], *b = &second->checks[i];
		struct mp_between_count *c;

		if (a->verdict == MP_VERDICT_SKIPPED || b->verdict == MP_VERDICT_SKIPPED) {
			continue;
		}
		c = kind_of(between, a, b);
		if (c != NULL) {
			count(c, a, first);
		}
	}
}
