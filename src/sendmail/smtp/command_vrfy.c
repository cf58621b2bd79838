/* command_vrfy - VRFY and EXPN (reference 1.11). */
#include "base/ascii.h"
#include "sendmail/smtp/privacy.h"
#include "sendmail/smtp/session.h"

enum { VERIFIES = 6 };

struct named {
	struct sm_address address;
	const char *said;
};

struct named_list {
	struct named *v;
	size_t n, cap;
};

/* Refusals that come before the address is looked at. */
static bool verify_refused(struct sm_session *s, bool vrfy)
{
	unsigned polite = vrfy ? SM_PRIV_NEEDVRFYHELO : SM_PRIV_NEEDEXPNHELO;

	if (s->tempfail) {
		sm_usrerr(s, sm_no_reasons(), "550 5.7.1 Please try again later");
	} else if (sm_session_attacked(s, &s->verifies, VERIFIES)) {
		return true;
	} else if (vrfy && (s->settings->privacy & SM_PRIV_NOVRFY) != 0) {
		sm_message(s, sm_because_option(s, "PrivacyOptions"),
			"252 2.5.2 Cannot VRFY user; try RCPT to attempt delivery (or try finger)");
	} else if (!vrfy && (s->features & SM_OFFER_EXPN) == 0) {
		sm_message(s, sm_because_option(s, "PrivacyOptions"),
			"502 5.7.0 Sorry, we do not allow this operation");
	} else if (!s->greeted && (s->settings->privacy & polite) != 0) {
		sm_usrerr(s, sm_because_option(s, "PrivacyOptions"),
			"503 5.0.0 I demand that you introduce yourself first");
	} else {
		return false;
	}
	return true;
}

/* Takes the addresses of a list apart; false after one was refused. Blanks part addresses, until
 * a list of this envelope had what only newer forms have. */
static bool parse(struct sm_session *s, const char *text, struct named_list *out)
{
	char delimiter;

	s->given.commas = s->given.commas || strpbrk(text, ",;<(") != NULL;
	delimiter = s->given.commas ? ',' : ' ';
	for (;;) {
		struct named one;

		while (*text == ',' || mp_is_space(*text)) {
			text++;
		}
		if (*text == '\0') {
			return true;
		}
		one.said = sm_address_take(s, text, delimiter, true, &one.address, &text);
		if (one.said == NULL) {
			return false;
		}
		out->v = mp_arena_room(s->arena, out->v, out->n, &out->cap, sizeof *out->v, 4);
		out->v[out->n++] = one;
	}
}

/* One address that was found. */
static void say_one(struct sm_session *s, const struct sm_recipient *r, bool vrfy)
{
	bool whole = strchr(r->user, '@') != NULL;

	if (r->alias && !vrfy) {
		sm_say_any(s, sm_no_reasons(), "245", "what an alias leads to is not looked at");
	} else if (r->account) {
		/* The full name that the list of accounts holds stands before the address. */
		sm_say_any(s, sm_no_reasons(), "2", "the names behind an address are not known");
	} else {
		sm_message(s, sm_no_reasons(), "%s 2.1.5 <%s%s%s>",
			vrfy && !sm_delivery_has(r->mailer, 'q') ? "252" : "250", r->user,
			whole ? "" : "@", whole ? "" : sm_run_get(&s->run, "j"));
	}
}

/* Looks for them, the last first; false after one was refused. *only is set to the last of them. */
static bool look_for(
	struct sm_session *s, const struct named_list *names, const struct sm_recipient **only)
{
	/* Those of the transaction are not touched. */
	struct sm_recipients before = s->recipients;
	struct sm_received received = {.error = NULL};

	s->recipients = (struct sm_recipients){0};
	for (size_t i = names->n; i > 0 && received.error == NULL; i--) {
		s->to = names->v[i - 1].said;
		received = sm_receive(s, names->v[i - 1].address, s->to, false);
	}
	s->recipients = before;
	if (received.error != NULL) {
		sm_usrerr(s, received.because, "%s", received.error);
		return false;
	}
	*only = sm_recipient_last(received.recipient);
	return true;
}

static void verify(struct sm_session *s, const char *argument, bool vrfy)
{
	const struct sm_recipient *only;
	struct named_list names = {0};
	struct sm_checked c;

	if (verify_refused(s, vrfy)) {
		return;
	}
	if (*argument == '\0') {
		sm_usrerr(s, sm_no_reasons(), "501 5.5.2 Argument required");
		return;
	}
	s->consulted |= MP_ASPECT_RECIPIENT;
	c = sm_check(s, vrfy ? "check_vrfy" : "check_expn", argument, NULL);
	if (c.kind == SM_CHECK_ERROR) {
		sm_usrerr(s, c.because, "%s", c.text);
		return;
	}
	if (!parse(s, argument, &names)) {
		return;
	}
	if (names.n == 0) {
		sm_usrerr(s, sm_no_reasons(), "554 5.5.2 Nothing to %s", vrfy ? "VRFY" : "EXPN");
		return;
	}
	if (!look_for(s, &names, &only)) {
		return;
	}
	s->to = NULL;
	if (names.n == 1) {
		say_one(s, only, vrfy);
	} else {
		sm_say_any(s, sm_no_reasons(), vrfy ? "2" : "245",
			"the order of several addresses, and the names behind them, are not known");
	}
}

void sm_command_vrfy(struct sm_session *s, const char *command, const char *argument)
{
	(void)command;
	verify(s, argument, true);
	s->to = NULL;
}

void sm_command_expn(struct sm_session *s, const char *command, const char *argument)
{
	(void)command;
	verify(s, argument, false);
	s->to = NULL;
}
