/* command_rcpt - RCPT (reference 2.5, 3.6, 4.10). */
#include "sendmail/smtp/session.h"

static void define_recipient(struct sm_session *s, const struct sm_address *a)
{
	sm_run_set(&s->run, "rcpt_mailer", a != NULL ? a->mailer->name : NULL);
	sm_run_set(&s->run, "rcpt_host",
		a == NULL                    ? NULL
			: a->host[0] != '\0' ? a->host
					     : "localhost");
	sm_run_set(&s->run, "rcpt_addr", a != NULL ? a->user : NULL);
}

static void count_bad(struct sm_session *s)
{
	s->bad_recipients++;
	sm_run_set(&s->run, "nbadrcpts", mp_arena_printf(s->arena, "%u", s->bad_recipients));
}

/* Whether the client gave so many bad recipients that it is put out: BadRcptShutdown, where the
 * good ones do not make up for them (a percentage). */
static bool puts_out(struct sm_session *s)
{
	const struct sm_settings *o = s->settings;
	long bad = s->bad_recipients, all = (long)s->recipient_count + bad + s->throttled;

	if (o->bad_shutdown > 0 && bad >= o->bad_shutdown &&
		(o->bad_percent == 0 || s->recipient_count == 0 ||
			bad * 100 / all >= o->bad_percent)) {
		sm_message(s, sm_because_option(s, "BadRcptShutdown"),
			"421 4.7.0 %s Too many bad recipients; closing connection",
			sm_run_get(&s->run, "j"));
		return true;
	}
	s->throttled = s->throttled || (o->bad_throttle > 0 && bad >= o->bad_throttle);
	return false;
}

/* Both reasons, one after the other. */
static struct mp_reasons join(struct sm_session *s, struct mp_reasons a, struct mp_reasons b)
{
	struct mp_reason *v = mp_arena_array(s->arena, a.n + b.n + 1, sizeof *v);

	for (size_t i = 0; i < a.n; i++) {
		v[i] = a.v[i];
	}
	for (size_t i = 0; i < b.n; i++) {
		v[a.n + i] = b.v[i];
	}
	return (struct mp_reasons){v, a.n + b.n};
}

/* Whether the recipient is of a domain that the server takes mail for by its own lists. */
static bool is_served(struct sm_session *s, const struct sm_address *a, enum mp_taken taken)
{
	const struct sm_class *relay = sm_cf_class(s->cf, "R");
	const char *domain = strchr(a->user, '@');

	if (taken == MP_TAKEN_LOCAL) {
		return true;
	}
	for (; domain != NULL && relay != NULL; domain = strchr(domain, '.')) {
		char *name = mp_arena_strdup(s->arena, domain + 1);
		size_t n = strlen(name);

		if (n > 0 && name[n - 1] == '.') {
			name[n - 1] = '\0';
		}
		if (sm_class_find(relay, name) != NULL) {
			return true;
		}
		domain++;
	}
	return false;
}

static void accept(struct sm_session *s, const struct sm_address *a, const struct sm_recipient *r,
	struct mp_reasons because)
{
	s->to = r->said;
	sm_message(s, join(s, because, sm_because_mailer(s, a->mailer)), "250 2.1.5 Recipient ok%s",
		r->state == SM_RECIPIENT_QUEUED ? " (will queue)" : "");
	s->latest->reply.taken = s->discarding ? MP_TAKEN_DISCARDED : r->taken;
	s->latest->reply.served = is_served(s, a, r->taken);
	s->recipient_count++;
	sm_run_set(&s->run, "nrcpts", mp_arena_printf(s->arena, "%u", s->recipient_count));
}

/* What the rulesets and the mailbox say; false when it was refused. */
static bool take(struct sm_session *s, const char *address, struct sm_address a)
{
	struct sm_checked c;
	struct sm_received received;

	sm_run_set(&s->run, "addr_type", "e r");
	c = sm_check(s, "check_rcpt", address, NULL);
	sm_run_set(&s->run, "addr_type", NULL);
	if (!sm_obey(s, &c)) {
		return false;
	}
	received = sm_receive(s, a, address, s->discarding);
	if (received.error != NULL) {
		sm_usrerr(s, received.because, "%s", received.error);
		return false;
	}
	if (sm_recipient_last(received.recipient)->alias && s->delivery == 'i') {
		sm_lose(s, "in interactive mode what an alias leads to is looked at, too");
		return false;
	}
	accept(s, &a, received.recipient, c.because);
	return true;
}

static bool parse_and_take(struct sm_session *s, const char *text)
{
	struct sm_address a;
	const char *rest, *address = sm_address_take(s, text, ' ', true, &a, &rest);

	if (address == NULL) {
		return false;
	}
	s->orcpt = false;
	define_recipient(s, &a);
	return sm_parameters(s, rest, sm_rcpt_parameter) && take(s, address, a);
}

void sm_command_rcpt(struct sm_session *s, const char *command, const char *argument)
{
	const char *text;

	(void)command;
	if (puts_out(s)) {
		return;
	}
	if (!s->got_mail) {
		sm_usrerr(s, sm_no_reasons(), "503 5.0.0 Need MAIL before RCPT");
		return;
	}
	s->consulted |= MP_ASPECT_RECIPIENT;
	if (s->settings->recipients_max > 0 &&
		s->recipient_count >= (unsigned long)s->settings->recipients_max) {
		sm_usrerr(s, sm_because_option(s, "MaxRecipientsPerMessage"),
			"452 4.5.3 Too many recipients");
		count_bad(s);
		return;
	}
	text = sm_skip_word(s, argument, "to");
	if (text == NULL || !parse_and_take(s, text)) {
		count_bad(s);
	}
	s->to = NULL;
	define_recipient(s, NULL);
}
