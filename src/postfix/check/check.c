/*
 * check - the stages: which lists run at which command, and with which flags (reference 5.2-5.4).
 */
#include "postfix/check/check.h"
#include "postfix/lookup/hole.h"

#include "base/ascii.h"
#include "postfix/check/check_internal.h"

static const struct pf_verdict accepted = {
	.kind = PF_ACCEPT, .reply = "", .any = "", .note = "", .because = {NULL, 0}};

static struct pf_eval begin(struct pf_session *s, enum pf_where where)
{
	return (struct pf_eval){.checks = s->smtpd->checks,
		.s = s,
		.world = s->world,
		.arena = s->arena,
		.where = where,
		.verdict = accepted};
}

/* Each list starts afresh. */
static void reset(struct pf_session *s)
{
	s->check.depth = 0;
	s->check.warn_if_reject = 0;
	s->check.defer_if_reject.active = false;
}

static enum pf_status run_list(struct pf_eval *e, const struct pf_tokens *list, const char *name,
	const char *class, const char *shorthand)
{
	struct pf_context cx = {.name = name, .class = class, .shorthand = shorthand};

	return list->n > 0 ? pf_eval_list(e, list, &cx) : PF_S_DUNNO;
}

/* Something outside a list decides: the implicit reject_unlisted_*. */
static enum pf_status run_implicit(
	struct pf_eval *e, const char *parameter, const char *address, bool is_sender)
{
	struct pf_frame frame = {
		.up = e->frame, .token = pf_reason(e->checks->settings, parameter, e->arena)};

	e->frame = &frame;
	enum pf_status status = pf_check_unlisted(e, address, is_sender);
	e->frame = frame.up;
	return status;
}

static struct pf_verdict finish(struct pf_eval *e, enum pf_status status)
{
	if (status == PF_S_REFUSE) {
		return e->verdict;
	}
	struct pf_verdict verdict = accepted;
	verdict.because = e->permitted;
	return verdict;
}

/* ---- client, helo, sender ---- */

static enum pf_status client_stage(struct pf_eval *e)
{
	struct pf_check_state *state = &e->s->check;

	state->defer_if_permit.active = false;
	reset(e->s);
	enum pf_status status =
		run_list(e, &e->checks->client, NULL, PF_NAME_CLIENT, "check_client_access");
	state->defer_if_permit_client.active = state->defer_if_permit.active;
	return status;
}

static enum pf_status helo_stage(struct pf_eval *e)
{
	struct pf_check_state *state = &e->s->check;

	if (e->s->said.helo == NULL) {
		return PF_S_DUNNO;
	}
	state->defer_if_permit.active = state->defer_if_permit_client.active;
	reset(e->s);
	enum pf_status status =
		run_list(e, &e->checks->helo, e->s->said.helo, PF_NAME_HELO, "check_helo_access");
	state->defer_if_permit_helo.active = state->defer_if_permit.active;
	return status;
}

static enum pf_status sender_stage(struct pf_eval *e)
{
	struct pf_check_state *state = &e->s->check;
	const char *sender = e->s->said.sender;

	if (sender == NULL) {
		return PF_S_DUNNO;
	}
	state->defer_if_permit.active =
		state->defer_if_permit_client.active || state->defer_if_permit_helo.active;
	state->sender_validated = false;
	reset(e->s);
	enum pf_status status =
		run_list(e, &e->checks->sender, sender, PF_NAME_SENDER, "check_sender_access");
	state->defer_if_permit_sender.active = state->defer_if_permit.active;
	if (status != PF_S_REFUSE && !e->s->discard &&
		pf_bool(e->checks->settings, "smtpd_reject_unlisted_sender") &&
		pf_sender(e->s)[0] != '\0') {
		status = run_implicit(e, "smtpd_reject_unlisted_sender", sender, true);
	}
	return status;
}

static bool delays(const struct pf_session *s)
{
	return pf_bool(s->smtpd->settings, "smtpd_delay_reject");
}

struct pf_verdict pf_check_client(struct pf_session *s)
{
	struct pf_eval e = begin(s, PF_AT_CONNECT);

	return delays(s) ? accepted : finish(&e, client_stage(&e));
}

struct pf_verdict pf_check_helo(struct pf_session *s)
{
	struct pf_eval e = begin(s, PF_AT_HELO);

	return delays(s) ? accepted : finish(&e, helo_stage(&e));
}

struct pf_verdict pf_check_mail(struct pf_session *s)
{
	struct pf_eval e = begin(s, PF_AT_MAIL);

	return delays(s) ? accepted : finish(&e, sender_stage(&e));
}

/* ---- recipient ---- */

/* What a delayed list permits says nothing of the recipient: forgotten. */
static enum pf_status delayed_stages(struct pf_eval *e, bool with_sender)
{
	enum pf_status status;

	if (!delays(e->s)) {
		return PF_S_DUNNO;
	}
	status = client_stage(e);
	if (status != PF_S_REFUSE) {
		status = helo_stage(e);
	}
	if (status != PF_S_REFUSE && with_sender) {
		status = sender_stage(e);
	}
	e->permitted = (struct mp_reasons){NULL, 0};
	return status;
}

/* 3.3 to 3.5 look at the recipient list first; before, and by default since, the relay list. */
static bool relay_first(const struct pf_checks *checks)
{
	if (checks->version < PF_VERSION_3_3) {
		return true;
	}
	return checks->version >= PF_VERSION_3_6 && !checks->relay_is_fake &&
		pf_bool(checks->settings, "smtpd_relay_before_recipient_restrictions");
}

static enum pf_status run_recipient_list(
	struct pf_eval *e, const struct pf_tokens *list, struct mp_reasons *because)
{
	e->permitted = (struct mp_reasons){NULL, 0};
	enum pf_status status =
		run_list(e, list, e->recipient, PF_NAME_RECIPIENT, "check_recipient_access");
	*because = status == PF_S_OK ? e->permitted : (struct mp_reasons){NULL, 0};
	return status;
}

/* One list that refused nothing. */
static struct mp_reasons open_list(struct pf_eval *e, const char *parameter)
{
	struct mp_reason *reason = MP_ARENA_NEW(e->arena, struct mp_reason);

	*reason = pf_reason(e->checks->settings, parameter, e->arena);
	return (struct mp_reasons){reason, 1};
}

/* Why the recipient is accepted: what permitted it in the relay list, else that anybody may send
 * there, then what permitted it in the recipient list. Where neither is so, the relay list, whether
 * empty or cleared or with nothing in it that refuses, is what let it through. */
static struct mp_reasons acceptance(
	struct pf_eval *e, struct mp_reasons by_relay, struct mp_reasons by_recipient)
{
	struct mp_reasons relay = by_relay.n > 0 ? by_relay : e->authorised;

	if (relay.n > 0) {
		return pf_reasons_join(e->arena, relay, by_recipient);
	}
	relay = open_list(e, "smtpd_relay_restrictions");
	return by_recipient.n > 0
		? pf_reasons_join(e->arena, by_recipient, relay)
		: pf_reasons_join(e->arena, relay, open_list(e, "smtpd_recipient_restrictions"));
}

static enum pf_status recipient_lists(struct pf_eval *e)
{
	struct mp_reasons because[2]; /* relay, recipient */
	const struct pf_tokens *lists[2] = {&e->checks->relay, &e->checks->recipient};
	size_t first = relay_first(e->checks) ? 0 : 1;

	enum pf_status status = run_recipient_list(e, lists[first], &because[first]);
	if (status != PF_S_REFUSE) {
		status = run_recipient_list(e, lists[1 - first], &because[1 - first]);
	}
	if (status != PF_S_REFUSE) {
		e->permitted = acceptance(e, because[0], because[1]);
	}
	return status;
}

static enum pf_status recipient_stage(struct pf_eval *e)
{
	struct pf_check_state *state = &e->s->check;

	state->recipient_validated = false;
	enum pf_status status = delayed_stages(e, true);
	if (status == PF_S_REFUSE) {
		return status;
	}
	state->defer_if_permit.active = state->defer_if_permit_sender.active;
	reset(e->s);
	status = recipient_lists(e);
	if (status != PF_S_REFUSE && state->defer_if_permit.active) {
		status = pf_reject_deferred(e);
	}
	if (status != PF_S_REFUSE && !e->s->discard &&
		pf_bool(e->checks->settings, "smtpd_reject_unlisted_recipient")) {
		status = run_implicit(e, "smtpd_reject_unlisted_recipient", e->recipient, false);
	}
	return status;
}

/* The address with which verify(8) of this or another host probes (5.4 step 2). */
static bool is_probe_sender(struct pf_eval *e, const char *recipient)
{
	const struct pf_settings *settings = e->checks->settings;
	const char *probe = pf_str(settings, "address_verify_sender");

	if (probe[0] == '\0' || mp_str_eq(probe, "<>")) {
		return false;
	}
	const char *address =
		pf_rewrite_internal(e->checks->smtpd->rewrite, e->world, e->arena, probe);
	/* With a time stamp the local part goes on, and only the clock knows which is right. */
	return pf_time(settings, "address_verify_sender_ttl") == 0 &&
		pf_same_name(e->world, e->arena, recipient, address);
}

/* What becomes of a recipient that is accepted. A name of a domain of this host stays one when an
 * alias or a virtual alias sends it on: where it goes is the administrator's choice, not the
 * client's. */
static enum mp_taken taken_as(const struct pf_session *s)
{
	if (s->discard) {
		return MP_TAKEN_DISCARDED;
	}
	switch (s->recipient_class) {
	case PF_CLASS_LOCAL:
	case PF_CLASS_VIRTUAL_ALIAS:
	case PF_CLASS_VIRTUAL_MAILBOX:
		return MP_TAKEN_LOCAL;
	case PF_CLASS_RELAY:
	case PF_CLASS_DEFAULT:
		break;
	}
	return MP_TAKEN_RELAY;
}

struct pf_verdict pf_check_rcpt(struct pf_session *s, bool is_vrfy)
{
	struct pf_eval e = begin(s, is_vrfy ? PF_AT_VRFY : PF_AT_RCPT);

	if (!is_vrfy && is_probe_sender(&e, s->recipient)) {
		struct pf_verdict verdict = accepted;
		struct mp_reason *reason = MP_ARENA_NEW(s->arena, struct mp_reason);
		*reason = pf_reason(s->smtpd->settings, "address_verify_sender", s->arena);
		verdict.because = (struct mp_reasons){reason, 1};
		verdict.taken = s->discard ? MP_TAKEN_DISCARDED : MP_TAKEN_LOCAL;
		return verdict;
	}
	if (mp_str_ieq(s->recipient, "postmaster")) {
		/* Whatever $myorigin is: the client does not choose where it goes. */
		struct pf_verdict verdict = accepted;
		verdict.taken = s->discard ? MP_TAKEN_DISCARDED : MP_TAKEN_LOCAL;
		return verdict;
	}
	e.recipient = s->recipient;
	struct pf_verdict verdict = finish(&e, recipient_stage(&e));
	if (verdict.kind == PF_ACCEPT) {
		verdict.taken = taken_as(s);
		if (s->discard) {
			verdict.because = s->discarded_by;
		}
	}
	return verdict;
}

/* ---- etrn, data, end of data ---- */

struct pf_verdict pf_check_etrn(struct pf_session *s)
{
	struct pf_eval e = begin(s, PF_AT_ETRN);
	struct pf_check_state *state = &s->check;

	enum pf_status status = delayed_stages(&e, false);
	if (status == PF_S_REFUSE) {
		return finish(&e, status);
	}
	state->defer_if_permit.active =
		state->defer_if_permit_client.active || state->defer_if_permit_helo.active;
	reset(s);
	status = run_list(&e, &e.checks->etrn, s->etrn, PF_NAME_ETRN, "check_etrn_access");
	if (status != PF_S_REFUSE && state->defer_if_permit.active) {
		status = pf_reject_deferred(&e);
	}
	return finish(&e, status);
}

static struct pf_verdict content_stage(struct pf_session *s, enum pf_where where,
	const struct pf_tokens *list, const char *name, const char *class)
{
	struct pf_eval e = begin(s, where);

	e.recipient = s->recipient_count == 1 ? s->first_recipient : NULL;
	s->check.defer_if_permit.active = false;
	reset(s);
	enum pf_status status = run_list(&e, list, name, class, NULL);
	if (status != PF_S_REFUSE && s->check.defer_if_permit.active) {
		status = pf_reject_deferred(&e);
	}
	return finish(&e, status);
}

struct pf_verdict pf_check_data(struct pf_session *s)
{
	return content_stage(s, PF_AT_DATA, &s->smtpd->checks->data, "DATA", PF_NAME_DATA);
}

struct pf_verdict pf_check_eod(struct pf_session *s)
{
	return content_stage(s, PF_AT_EOD, &s->smtpd->checks->eod, "END-OF-MESSAGE", PF_NAME_EOD);
}

/* ---- addresses ---- */

static bool has_open_utf8_domain(const struct pf_session *s, const char *resolved)
{
	const char *at = strrchr(resolved, '@');

	if (s->smtputf8 || at == NULL || s->smtpd->checks->version < PF_VERSION_3_0) {
		return false;
	}
	for (at++; *at != '\0'; at++) {
		if (!mp_is_ascii(*at)) {
			return true;
		}
	}
	return false;
}

struct pf_verdict pf_check_address(struct pf_session *s, const char *internal, bool is_sender)
{
	if (internal[0] == '\0') {
		return accepted;
	}
	const struct pf_fatal *dead = pf_rewrite_fatal(s->smtpd->rewrite);
	if (dead != NULL) {
		/* smtpd asks the rewrite service again and again; no reply comes while it waits. */
		struct pf_verdict waiting = accepted;
		waiting.kind = PF_CANNOT_FOLLOW;
		waiting.note = mp_arena_printf(s->arena,
			"smtpd waits for the rewrite service, which does not start: %s",
			dead->text);
		return waiting;
	}
	struct pf_resolved resolved = pf_resolve(s->smtpd->rewrite, s->world, s->arena,
		is_sender ? "" : pf_sender_for_resolving(s), internal);
	if (!is_sender) {
		pf_consult(s, MP_ASPECT_RECIPIENT);
		s->recipient_class = resolved.class;
	}
	if (!resolved.error && !has_open_utf8_domain(s, resolved.recipient)) {
		return accepted;
	}
	struct pf_verdict verdict = accepted;
	verdict.kind = PF_REFUSE;
	verdict.reply = is_sender ? "501 5.1.7 Bad sender address syntax"
				  : "501 5.1.3 Bad recipient address syntax";
	verdict.because = resolved.because;
	return verdict;
}
