/* outcome - what a check came to. */
#include "result/outcome.h"

#include <stddef.h>

const char *mp_outcome_name(enum mp_outcome outcome)
{
	switch (outcome) {
	case MP_OUTCOME_REFUSED:
		return "refused";
	case MP_OUTCOME_ACCEPTED:
		return "accepted";
	case MP_OUTCOME_ACCEPTED_LOCAL:
		return "accepted-local";
	case MP_OUTCOME_ACCEPTED_RELAY:
		return "accepted-relay";
	case MP_OUTCOME_OFFERED:
		return "offered";
	case MP_OUTCOME_NOT_OFFERED:
		return "not-offered";
	case MP_OUTCOME_DEPENDS:
		return "depends";
	case MP_OUTCOME_NOT_REACHED:
		return "not-reached";
	case MP_OUTCOME_NO_SERVICE:
		return "no-service";
	}
	return "";
}

const char *mp_verdict_name(enum mp_verdict verdict)
{
	switch (verdict) {
	case MP_VERDICT_CONFIRMED:
		return "confirmed";
	case MP_VERDICT_POSSIBLE:
		return "possible";
	case MP_VERDICT_MISMATCH:
		return "mismatch";
	case MP_VERDICT_INCONCLUSIVE:
		return "inconclusive";
	case MP_VERDICT_SKIPPED:
		return "skipped";
	}
	return "";
}

static const char *const why_names[] = {
	[MP_WHY_NONE] = "",
	[MP_WHY_UNREACHABLE] = "unreachable",
	[MP_WHY_UNRESOLVED] = "unresolved",
	[MP_WHY_PORT_25_BLOCKED] = "port-25-blocked",
	[MP_WHY_GREYLISTED] = "greylisted",
	[MP_WHY_RATE_LIMITED] = "rate-limited",
	[MP_WHY_TIMEOUT] = "timeout",
	[MP_WHY_TLS] = "tls-failed",
	[MP_WHY_PROTOCOL] = "protocol-error",
	[MP_WHY_CUT_OFF] = "cut-off",
	[MP_WHY_REFUSED_EARLIER] = "refused-earlier",
	[MP_WHY_CONTROL] = "control-refused",
	[MP_WHY_INTERNAL] = "internal",
	[MP_WHY_UNPREDICTED] = "not-predicted",
	[MP_WHY_NOT_OFFERED] = "not-offered",
	[MP_WHY_NO_CREDENTIALS] = "no-credentials",
	[MP_WHY_NO_CERTIFICATE] = "no-certificate",
	[MP_WHY_NO_MECHANISM] = "no-mechanism",
	[MP_WHY_PLAINTEXT] = "plaintext",
	[MP_WHY_UNSAFE] = "unsafe",
	[MP_WHY_NO_NAME] = "no-name",
	[MP_WHY_NOT_FROM_HERE] = "not-reachable-from-here",
	[MP_WHY_INTRUSIVE] = "intrusive",
	[MP_WHY_TOO_MANY] = "too-many-names",
	[MP_WHY_RATION] = "enough-refusals",
};

const char *mp_why_name(enum mp_why why)
{
	return why_names[why];
}

bool mp_why_is_skip(enum mp_why why)
{
	return why >= MP_WHY_NOT_OFFERED;
}

enum mp_why mp_why_of_failure(enum mp_failure failure)
{
	switch (failure) {
	case MP_FAIL_NONE:
		return MP_WHY_CUT_OFF;
	case MP_FAIL_RESOLVE:
		return MP_WHY_UNRESOLVED;
	case MP_FAIL_CONNECT:
		return MP_WHY_UNREACHABLE;
	case MP_FAIL_TIMEOUT:
		return MP_WHY_TIMEOUT;
	case MP_FAIL_TLS:
		return MP_WHY_TLS;
	case MP_FAIL_PROTOCOL:
		return MP_WHY_PROTOCOL;
	case MP_FAIL_CUT_OFF:
		return MP_WHY_CUT_OFF;
	case MP_FAIL_CLOSING:
		return MP_WHY_RATE_LIMITED;
	case MP_FAIL_INTERNAL:
		return MP_WHY_INTERNAL;
	}
	return MP_WHY_NONE;
}

static enum mp_why why_of_skip(enum mp_skip skip, enum mp_failure failure)
{
	switch (skip) {
	case MP_SKIP_NONE:
	case MP_SKIP_ENDED:
		return mp_why_of_failure(failure);
	case MP_SKIP_REFUSED_EARLIER:
		return MP_WHY_REFUSED_EARLIER;
	case MP_SKIP_NOT_OFFERED:
		return MP_WHY_NOT_OFFERED;
	case MP_SKIP_NO_CREDENTIALS:
		return MP_WHY_NO_CREDENTIALS;
	case MP_SKIP_NO_MECHANISM:
		return MP_WHY_NO_MECHANISM;
	case MP_SKIP_PLAINTEXT:
		return MP_WHY_PLAINTEXT;
	case MP_SKIP_UNSAFE:
		return MP_WHY_UNSAFE;
	case MP_SKIP_BUDGET:
		return MP_WHY_RATE_LIMITED;
	case MP_SKIP_LEFT_OUT:
		return MP_WHY_INTERNAL;
	}
	return MP_WHY_NONE;
}

static const struct mp_exchange *exchange_of(const struct mp_session_report *report, int step)
{
	int at = report->results[step].exchange;

	return at < 0 ? NULL : &report->exchanges[at];
}

/* The nearest step on the way to this one that was answered by a refusal, or -1. */
static int refusal_before(
	const struct mp_plan *plan, const struct mp_session_report *report, int step)
{
	for (int i = plan->steps[step].after; i >= 0; i = plan->steps[i].after) {
		const struct mp_step_result *r = &report->results[i];
		if (r->status == MP_STEP_PLAYED && !r->success) {
			return i;
		}
	}
	return -1;
}

static struct mp_seen seen_keyword(
	const struct mp_check *check, const struct mp_exchange *exchange, struct mp_seen seen)
{
	struct mp_arena scratch = {0};
	struct mp_capabilities caps = mp_capabilities_parse(&exchange->reply, &scratch);

	seen.outcome = mp_capability_find(&caps, check->keyword) != NULL ? MP_OUTCOME_OFFERED
									 : MP_OUTCOME_NOT_OFFERED;
	mp_arena_release(&scratch);
	return seen;
}

static struct mp_seen seen_refused(struct mp_seen seen, const struct mp_exchange *exchange)
{
	seen.outcome = MP_OUTCOME_REFUSED;
	seen.exchange = exchange;
	seen.temporary = exchange != NULL && mp_reply_class(&exchange->reply) == 4;
	return seen;
}

struct mp_seen mp_seen_read(
	const struct mp_plan *plan, size_t index, const struct mp_session_report *report)
{
	const struct mp_check *check = &plan->checks[index];
	const struct mp_step_result *r = &report->results[check->step];
	struct mp_seen seen = {.outcome = MP_OUTCOME_NOT_REACHED,
		.exchange = exchange_of(report, check->step),
		.step = plan->steps[check->step].verb,
		.control_ok = check->control < 0 || report->results[check->control].success};
	/* A reply to a step whose predecessor was refused (both in one write) answers nothing. */
	int refusal = refusal_before(plan, report, check->step);

	if (refusal >= 0) {
		seen.step = plan->steps[refusal].verb;
		if (check->any_refusal && plan->steps[refusal].unit != 0) {
			return seen_refused(seen, exchange_of(report, refusal));
		}
		seen.exchange = exchange_of(report, refusal);
		seen.why = MP_WHY_REFUSED_EARLIER;
	} else if (r->status != MP_STEP_PLAYED) {
		bool no_greeting = report->results[0].status != MP_STEP_PLAYED;
		seen.why = why_of_skip(r->why, report->failure);
		if (no_greeting &&
			(report->failure == MP_FAIL_CONNECT ||
				report->failure == MP_FAIL_TIMEOUT)) {
			seen.outcome = MP_OUTCOME_NO_SERVICE;
			if (!report->connected) {
				seen.why = MP_WHY_UNREACHABLE;
			}
		}
	} else if (check->keyword != NULL && r->success) {
		return seen_keyword(check, seen.exchange, seen);
	} else if (r->success) {
		seen.outcome = MP_OUTCOME_ACCEPTED;
	} else {
		return seen_refused(seen, seen.exchange);
	}
	return seen;
}
