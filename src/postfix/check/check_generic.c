/* check_generic - restrictions that look at no part of the session, or only at its form (6.1). */
#include "postfix/check/check_keyword.h"

enum pf_status pf_run_permit(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)e, (void)keyword, (void)arg, (void)cx;
	return PF_S_OK;
}

enum pf_status pf_run_reject(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg;
	return pf_reject(e, PF_FAULT_POLICY, pf_int(e->checks->settings, "reject_code"), "5.7.1",
		"<%s>: %s rejected: Access denied", pf_context_name(e, cx), cx->class);
}

enum pf_status pf_run_defer(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg;
	return pf_reject(e, PF_FAULT_POLICY, pf_int(e->checks->settings, "defer_code"), "4.3.2",
		"<%s>: %s rejected: Try again later", pf_context_name(e, cx), cx->class);
}

enum pf_status pf_run_defer_if_permit(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg;
	return pf_defer_if_permit(e, false, 450, "4.7.0",
		"<%s>: %s rejected: defer_if_permit requested", pf_context_name(e, cx), cx->class);
}

enum pf_status pf_run_defer_if_reject(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg;
	pf_defer_if_reject(e, 450, "4.7.0", "<%s>: %s rejected: defer_if_reject requested",
		pf_context_name(e, cx), cx->class);
	return PF_S_DUNNO;
}

enum pf_status pf_run_nothing(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)e, (void)keyword, (void)arg, (void)cx;
	return PF_S_DUNNO;
}

enum pf_status pf_run_plaintext(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg, (void)cx;
	if (pf_has_tls(e->s)) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY, pf_int(e->checks->settings, "plaintext_reject_code"),
		"4.7.1", "Session encryption is required");
}

enum pf_status pf_run_pipelining(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg;
	if (!e->s->illegal_pipelining) {
		return PF_S_DUNNO;
	}
	/* A protocol error is softened by warn_if_reject as a policy is. */
	return pf_reject(e, PF_FAULT_POLICY, 503, "5.5.0",
		"<%s>: %s rejected: Improper use of SMTP command pipelining",
		pf_context_name(e, cx), cx->class);
}

enum pf_status pf_run_multi_recipient_bounce(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)arg;
	size_t fine = e->where == PF_AT_RCPT ? 0 : 1;
	if (e->s->said.sender == NULL || pf_sender(e->s)[0] != '\0' ||
		e->s->recipient_count <= fine) {
		return PF_S_DUNNO;
	}
	return pf_reject(e, PF_FAULT_POLICY,
		pf_int(e->checks->settings, "multi_recipient_bounce_reject_code"), "5.5.3",
		"<%s>: %s rejected: Multi-recipient bounce", pf_context_name(e, cx), cx->class);
}
