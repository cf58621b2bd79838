/*
 * check_reject - how the restrictions word a refusal (reference 5.5, 5.7).
 *
 * A code outside 400-599 or a malformed enhanced status is replaced by a general 450; an earlier
 * trouble that could have permitted the client (defer_if_reject) replaces a 5xx; the first digit of
 * the enhanced status follows the code.
 */
#include "base/ascii.h"
#include "postfix/check/check_internal.h"

static const char unavailable[] = "450 4.7.1 Service unavailable";

/* warn_if_reject softens decisions, never trouble with configuration or data. */
static bool only_warns(const struct pf_eval *e, enum pf_fault fault)
{
	return e->s->check.warn_if_reject != 0 &&
		(fault == PF_FAULT_POLICY || fault == PF_FAULT_BOUNCE);
}

const char *pf_split_words(
	struct pf_eval *e, const char *fallback, const char *text, const char **words)
{
	const char *dsn = pf_dsn_split(e->arena, fallback, text, words);
	const char *code = text + strspn(text, " \t\r\n\v\f");
	size_t n = pf_dsn_valid(code);

	if (n > 0 && code[n] == '\0' && e->checks->version < PF_VERSION_3_8) {
		*words = PF_WORDS_OF_MEMORY;
	}
	return dsn;
}

/* Words that an outside party puts into a reply: only its first digit is known then. */
static bool has_outside_words(const char *reply)
{
	return strstr(reply, PF_WORDS_OF_PROBE) != NULL || strstr(reply, PF_WORDS_OF_DNS) != NULL ||
		strstr(reply, PF_WORDS_OF_LIST) != NULL ||
		strstr(reply, PF_WORDS_OF_MEMORY) != NULL;
}

static enum pf_status refuse(struct pf_eval *e, char *reply, struct mp_reasons because)
{
	if (reply[0] == '5' && pf_bool(e->checks->settings, "soft_bounce")) {
		reply[0] = '4';
	}
	reply[4] = reply[0];
	if (has_outside_words(reply)) {
		e->verdict = (struct pf_verdict){.kind = PF_REFUSE_ANY,
			.reply = "",
			.any = reply[0] == '4' ? "4" : "5",
			.note = "",
			.because = because};
		return PF_S_REFUSE;
	}
	e->verdict = (struct pf_verdict){
		.kind = PF_REFUSE, .reply = reply, .any = "", .note = "", .because = because};
	return PF_S_REFUSE;
}

static char *compose(struct pf_eval *e, long code, const char *dsn, const char *words)
{
	char *reply = mp_arena_printf(e->arena, "%ld %s %s", code, dsn, words);

	if (code < 400 || code > 599 || pf_dsn_valid(reply + 4) == 0) {
		reply = mp_arena_strdup(e->arena, unavailable);
	}
	pf_printable(reply, pf_bool(e->checks->settings, "smtputf8_enable"), ' ');
	return reply;
}

static enum pf_status refuse_remembered(struct pf_eval *e, const struct pf_defer *defer)
{
	if (defer->any) {
		e->verdict = (struct pf_verdict){.kind = PF_REFUSE_ANY,
			.reply = "",
			.any = "4",
			.note = "",
			.because = defer->because};
		return PF_S_REFUSE;
	}
	return refuse(e, compose(e, defer->code, defer->dsn, defer->reason), defer->because);
}

enum pf_status pf_reject(
	struct pf_eval *e, enum pf_fault fault, long code, const char *dsn, const char *fmt, ...)
{
	struct pf_defer *earlier = &e->s->check.defer_if_reject;
	va_list ap;

	if (only_warns(e, fault)) {
		return PF_S_DUNNO;
	}
	va_start(ap, fmt);
	char *reply = compose(e, code, dsn, mp_arena_vprintf(e->arena, fmt, ap));
	va_end(ap);
	if (earlier->active && reply[0] == '5') {
		e->s->check.warn_if_reject = 0;
		earlier->active = false;
		return refuse_remembered(e, earlier);
	}
	return refuse(e, reply, pf_eval_reasons(e));
}

enum pf_status pf_reject_any(struct pf_eval *e, const char *digits)
{
	if (only_warns(e, PF_FAULT_POLICY)) {
		return PF_S_DUNNO;
	}
	bool softened =
		e->s->check.defer_if_reject.active || pf_bool(e->checks->settings, "soft_bounce");
	e->verdict = (struct pf_verdict){.kind = PF_REFUSE_ANY,
		.reply = "",
		.any = softened ? "4" : digits,
		.note = "",
		.because = pf_eval_reasons(e)};
	return PF_S_REFUSE;
}

enum pf_status pf_reject_server_error(struct pf_eval *e, const char *why)
{
	pf_eval_because(e, (struct mp_loc){NULL, 0, 0}, why);
	return pf_reject(e, PF_FAULT_SOFTWARE, 451, "4.3.5", "Server configuration error");
}

enum pf_status pf_reject_lookup_failure(struct pf_eval *e, const char *name)
{
	return pf_reject(e, PF_FAULT_DATA, 451, "4.3.0", "<%s>: Temporary lookup failure", name);
}

enum pf_status pf_hangup(struct pf_eval *e)
{
	e->verdict = (struct pf_verdict){.kind = PF_HANGUP,
		.reply = "",
		.any = "",
		.note = "",
		.because = pf_eval_reasons(e)};
	return PF_S_REFUSE;
}

enum pf_status pf_forbid_permit(struct pf_eval *e, enum pf_status status)
{
	if (status != PF_S_OK || e->s->discard) {
		return status;
	}
	e->permitted = (struct mp_reasons){NULL, 0};
	return pf_reject_server_error(e, "this table may not permit: use DUNNO for an exception");
}

/* The first reason is kept. */
static void remember(
	struct pf_eval *e, struct pf_defer *defer, long code, const char *dsn, const char *words)
{
	if (!defer->active) {
		*defer = (struct pf_defer){.active = true,
			.code = (unsigned)(code < 0 ? 0 : code),
			.dsn = dsn,
			.reason = words,
			.because = pf_eval_reasons(e)};
	}
}

enum pf_status pf_defer_if_permit(
	struct pf_eval *e, bool defers, long code, const char *dsn, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *words = mp_arena_vprintf(e->arena, fmt, ap);
	va_end(ap);
	if (defers || e->s->check.warn_if_reject != 0) {
		return pf_reject(e, PF_FAULT_POLICY, code, dsn, "%s", words);
	}
	remember(e, &e->s->check.defer_if_permit, code, dsn, words);
	return PF_S_DUNNO;
}

void pf_defer_if_reject(struct pf_eval *e, long code, const char *dsn, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *words = mp_arena_vprintf(e->arena, fmt, ap);
	va_end(ap);
	remember(e, &e->s->check.defer_if_reject, code, dsn, words);
}

enum pf_status pf_reject_deferred(struct pf_eval *e)
{
	struct pf_defer *defer = &e->s->check.defer_if_permit;

	if (only_warns(e, PF_FAULT_POLICY)) {
		return PF_S_DUNNO;
	}
	return refuse_remembered(e, defer);
}

void pf_printable(char *s, bool utf8, char replacement)
{
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;
		if (mp_is_print(*s)) {
			continue;
		}
		if (!utf8 || c < 194 || c == 255 || ((unsigned char)s[1] & 0xc0) != 0x80) {
			*s = replacement;
			continue;
		}
		while (((unsigned char)s[1] & 0xc0) == 0x80) {
			s++;
		}
	}
}
