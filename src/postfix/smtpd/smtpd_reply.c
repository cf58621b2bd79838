/*
 * smtpd_reply - replies on their way out.
 *
 * A reply is finished (footer, soft_bounce) and queued until the client takes it: after too many
 * errors there is one that no line asked for.
 */
#include "base/number.h"
#include "postfix/smtpd/reply.h"
#include "postfix/smtpd/smtpd.h"

#include <stdarg.h>

enum { REASONS = 8 };

struct mp_reasons pf_no_reasons(void)
{
	return (struct mp_reasons){0};
}

struct mp_reasons pf_because(struct pf_talk *t, ...)
{
	struct mp_reason *v = mp_arena_array(t->s.arena, REASONS, sizeof *v);
	size_t n = 0;
	va_list ap;

	va_start(ap, t);
	for (const char *p = va_arg(ap, const char *); p != NULL; p = va_arg(ap, const char *)) {
		if (*p != '\0' && n < REASONS) {
			v[n++] = pf_reason(t->s.smtpd->settings, p, t->s.arena);
		}
	}
	va_end(ap);
	return (struct mp_reasons){v, n};
}

static void push(struct pf_talk *t, struct mp_sim_reply reply)
{
	struct pf_pending *p = MP_ARENA_NEW(t->s.arena, struct pf_pending);

	p->reply = reply;
	t->latest = p;
	*t->last = p;
	t->last = &p->next;
	if (reply.closes) {
		t->ended = true;
	}
}

void pf_say_any(struct pf_talk *t, struct mp_reasons because, const char *digits, const char *note)
{
	struct mp_sim_reply reply = mp_sim_any(t->s.arena, digits, note);

	reply.because = because;
	push(t, reply);
}

void pf_say_lines(struct pf_talk *t, struct mp_reasons because, struct mp_strings lines)
{
	struct mp_sim_reply reply = {.kind = MP_SIM_REPLY,
		.lines = lines.v,
		.line_count = lines.n,
		.because = because,
		.closes = pf_reply_closes(lines),
		.note = ""};
	unsigned long code = 0;

	if (lines.n > 0) {
		(void)mp_parse_uint(mp_slice_sub(mp_slice_str(lines.v[0]), 0, 3), 0, 999, &code);
	}
	reply.code = (unsigned)code;
	if (t->milter_digits != NULL && !t->quiet && lines.n > 0) {
		pf_say_any(t, because,
			mp_arena_printf(t->s.arena, "%c5%s", lines.v[0][0], t->milter_digits),
			"a milter refuses something");
		return;
	}
	push(t, reply);
}

void pf_say(struct pf_talk *t, struct mp_reasons because, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *text = mp_arena_vprintf(t->s.arena, fmt, ap);
	va_end(ap);
	pf_say_lines(t, because, pf_reply_finish(&t->s, text));
}

void pf_say_taken(struct pf_talk *t, enum mp_taken taken)
{
	t->latest->reply.taken = taken;
	t->latest->reply.served =
		taken == MP_TAKEN_LOCAL || t->s.recipient_class != PF_CLASS_DEFAULT;
}

void pf_talk_lose(struct pf_talk *t, const char *note)
{
	if (t->lost == NULL) {
		t->lost = note;
	}
}

void pf_talk_close(struct pf_talk *t)
{
	t->ended = true;
}

void pf_talk_crash(struct pf_talk *t)
{
	t->first = NULL;
	t->last = &t->first;
	pf_talk_close(t);
}

bool pf_say_verdict(struct pf_talk *t, struct pf_verdict verdict)
{
	switch (verdict.kind) {
	case PF_ACCEPT:
		return false;
	case PF_REFUSE:
		pf_say(t, verdict.because, "%s", verdict.reply);
		return true;
	case PF_REFUSE_ANY:
		pf_say_any(
			t, verdict.because, verdict.any, verdict.note != NULL ? verdict.note : "");
		return true;
	case PF_HANGUP:
		pf_talk_crash(t);
		return true;
	case PF_CANNOT_FOLLOW:
		pf_talk_lose(t, verdict.note != NULL ? verdict.note : "");
		return true;
	}
	return false;
}

bool pf_talk_settled(struct pf_talk *t, const struct mp_table_result *found, const char *parameter,
	const char *unknown)
{
	if (found->status == MP_TABLE_ERROR) {
		pf_say(t, pf_because(t, parameter, (char *)NULL),
			"421 4.3.0 %s Server local data error",
			pf_str(t->s.smtpd->settings, "myhostname"));
		return false;
	}
	if (found->status == MP_TABLE_FOUND && found->outside) {
		pf_talk_lose(t, unknown);
		return false;
	}
	return true;
}
