/*
 * reply - what the server says (reference 3.7).
 *
 * "code SP [enhanced SP] [address... SP] text": the address of the moment stands only behind some
 * codes. SoftBounce makes a 4 of every 5.
 */
#include "smtp/reply.h"
#include "base/number.h"
#include "sendmail/smtp/session.h"

#include <stdarg.h>

/* Where sendmail cuts what it quotes. */
enum { SHORT = 203 };

const char *sm_shortened(struct sm_session *s, const char *text)
{
	size_t n = strlen(text), half = (SHORT - 3) / 2;

	return n < SHORT ? text
			 : mp_arena_printf(s->arena, "%.*s...%s", (int)half, text, text + n - half);
}

/* Codes behind which the address stands. */
static bool names_address(const char *code)
{
	static const char *const codes[] = {"050", "250", "252", "450", "550", "553"};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		if (strncmp(code, codes[i], 3) == 0) {
			return true;
		}
	}
	return false;
}

static char soft(const struct sm_session *s, char digit)
{
	return digit == '5' && s->settings->soft_bounce ? '4' : digit;
}

/* Replies are of seven bits: the eighth is lost on the way out. */
static const char *seven_bits(char *line)
{
	for (char *p = line; *p != '\0'; p++) {
		*p = (char)(*p & 0x7f);
	}
	return line;
}

/* The line that is sent. `error`: an enhanced code is made up where there is none. */
static const char *formatted(struct sm_session *s, const char *text, bool error)
{
	char code[4] = "", enhanced[MP_ENHANCED_TEXT + 1] = {0};
	size_t n = strlen(text);

	memcpy(code, text, n < 3 ? n : 3);

	char separator = n > 3 ? text[3] : ' ';
	const char *rest = n > 4 ? text + 4 : "", *before = "", *dots = "";
	const char *to = error && s->scanned != NULL ? s->scanned : s->to;
	struct mp_enhanced e = mp_enhanced_parse(mp_slice_str(rest));

	s->scanned = NULL;
	if (e.present) {
		size_t length = strcspn(rest, " ");

		memcpy(enhanced, rest, length < sizeof enhanced ? length : sizeof enhanced - 1);
		rest += length;
		rest += *rest == ' ';
	} else if (error) {
		memcpy(enhanced, "c.0.0", 6);
		enhanced[0] = code[0];
	}
	if (to != NULL && to[0] != '\0' && names_address(code)) {
		before = sm_shortened(s, to);
		dots = "... ";
	}
	code[0] = soft(s, code[0]);
	enhanced[0] = soft(s, enhanced[0]);
	return seven_bits(mp_arena_printf(s->arena, "%s%c%s%s%s%s%s", code, separator, enhanced,
		enhanced[0] != '\0' ? " " : "", before, dots, rest));
}

const char *sm_error_text(struct sm_session *s, const char *text)
{
	return formatted(s, text, true);
}

static void push(struct sm_session *s, struct mp_sim_reply reply)
{
	struct sm_pending *p = MP_ARENA_NEW(s->arena, struct sm_pending);

	p->reply = reply;
	if (s->connect.traced) {
		p->reply.trace = sm_recorder_take(&s->recorder);
	}
	s->latest = p;
	*s->last = p;
	s->last = &p->next;
	if (reply.closes) {
		s->ended = true;
	}
}

void sm_say_any(
	struct sm_session *s, struct mp_reasons because, const char *digits, const char *note)
{
	struct mp_sim_reply reply = mp_sim_any(s->arena, digits, note);

	reply.because = because;
	push(s, reply);
}

void sm_say_lines(struct sm_session *s, struct mp_reasons because, struct mp_strings lines)
{
	unsigned long code = 0;

	if (s->milter_digits != NULL) {
		sm_say_any(s, because,
			mp_arena_printf(s->arena, "%c%s", lines.v[0][0], s->milter_digits),
			"a milter refuses something");
		return;
	}
	(void)mp_parse_uint(mp_slice_sub(mp_slice_str(lines.v[0]), 0, 3), 0, 999, &code);
	push(s,
		(struct mp_sim_reply){
			.kind = MP_SIM_REPLY,
			.code = (unsigned)code,
			.lines = lines.v,
			.line_count = lines.n,
			.because = because,
			.closes = code == 221 || code == 421,
			.note = "",
		});
}

static void say(struct sm_session *s, struct mp_reasons because, const char *line)
{
	const char **v = mp_arena_array(s->arena, 1, sizeof *v);

	v[0] = line;
	sm_say_lines(s, because, (struct mp_strings){v, 1});
}

void sm_message(struct sm_session *s, struct mp_reasons because, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);

	const char *text = mp_arena_vprintf(s->arena, fmt, ap);

	va_end(ap);
	say(s, because, formatted(s, text, false));
}

void sm_usrerr(struct sm_session *s, struct mp_reasons because, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);

	const char *text = mp_arena_vprintf(s->arena, fmt, ap);

	va_end(ap);
	say(s, because, formatted(s, text, true));
}

void sm_lose(struct sm_session *s, const char *note)
{
	if (s->lost == NULL) {
		s->lost = note;
	}
}

void sm_close(struct sm_session *s)
{
	s->ended = true;
}

static struct mp_reasons one_reason(struct sm_session *s, struct mp_loc loc, const char *text)
{
	struct mp_reason *r = MP_ARENA_NEW(s->arena, struct mp_reason);

	*r = (struct mp_reason){loc, text};
	return (struct mp_reasons){r, 1};
}

struct mp_reasons sm_because_option(struct sm_session *s, const char *option)
{
	const struct sm_option *o = sm_cf_option(s->cf, option);

	return o == NULL
		? sm_no_reasons()
		: one_reason(s, o->loc, mp_arena_printf(s->arena, "%s=%s", o->name, o->value));
}

struct mp_reasons sm_because_daemon(struct sm_session *s)
{
	return s->daemon->loc.source == NULL
		? sm_no_reasons()
		: one_reason(s, s->daemon->loc,
			  mp_arena_printf(s->arena, "daemon %s", s->daemon->name));
}

struct mp_reasons sm_because_mailer(struct sm_session *s, const struct sm_delivery *mailer)
{
	return mailer == NULL || mailer->loc.source == NULL
		? sm_no_reasons()
		: one_reason(s, mailer->loc, mp_arena_printf(s->arena, "mailer %s", mailer->name));
}
