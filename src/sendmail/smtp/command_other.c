/* command_other - RSET, NOOP, QUIT, VERB, VRFY, EXPN, ETRN, HELP (reference 1.11, 3.6). */
#include "base/ascii.h"
#include "sendmail/smtp/privacy.h"
#include "sendmail/smtp/session.h"

enum { VERIFIES = 6, ETRNS = 8 };

static const char not_allowed[] = "502 5.7.0 Sorry, we do not allow this operation";

void sm_command_rset(struct sm_session *s, const char *command, const char *argument)
{
	(void)command, (void)argument;
	sm_message(s, sm_no_reasons(), "250 2.0.0 Reset state");
	sm_session_reset(s);
}

void sm_command_noop(struct sm_session *s, const char *command, const char *argument)
{
	(void)argument;
	if (sm_session_attacked(s, &s->noops, s->settings->noop_max)) {
		return;
	}
	/* Unless that ends the session, the command is carried out all the same: two replies. */
	(void)sm_check_other(s, command, "2");
	if (!s->ended) {
		sm_message(s, sm_no_reasons(), "250 2.0.0 OK");
	}
}

void sm_command_quit(struct sm_session *s, const char *command, const char *argument)
{
	(void)command, (void)argument;
	sm_message(s, sm_no_reasons(), "221 2.0.0 %s closing connection", sm_run_get(&s->run, "j"));
	sm_close(s);
}

void sm_command_verb(struct sm_session *s, const char *command, const char *argument)
{
	(void)argument;
	if ((s->features & SM_OFFER_EXPN) == 0 || (s->features & SM_OFFER_VERB) == 0) {
		sm_message(
			s, sm_because_option(s, "PrivacyOptions"), "502 5.7.0 Verbose unavailable");
		return;
	}
	(void)sm_check_other(s, command, "2");
	if (!s->ended) {
		sm_message(s, sm_no_reasons(), "250 2.0.0 Verbose mode");
		s->verbose = true;
	}
}

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
		sm_message(s, sm_because_option(s, "PrivacyOptions"), "%s", not_allowed);
	} else if (!s->greeted && (s->settings->privacy & polite) != 0) {
		sm_usrerr(s, sm_because_option(s, "PrivacyOptions"),
			"503 5.0.0 I demand that you introduce yourself first");
	} else {
		return false;
	}
	return true;
}

/* Blanks part addresses, except where the text has what only newer forms have. */
static const char *first_address(struct sm_session *s, const char *text, const char **rest)
{
	size_t n = strpbrk(text, ",;<(") != NULL ? strlen(text) : strcspn(text, " \t");

	*rest = text + n + strspn(text + n, " \t");
	return mp_arena_memdup(s->arena, text, n);
}

static void say_verified(struct sm_session *s, const struct sm_recipient *r, bool vrfy)
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

static void verify(struct sm_session *s, const char *argument, bool vrfy)
{
	const char *rest;
	struct sm_checked c;
	struct sm_address a;
	struct sm_received received;
	struct sm_recipients before;

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
	argument = first_address(s, argument, &rest);
	s->to = argument;
	a = sm_address_parse(s, argument, true);
	if (a.error != NULL) {
		sm_usrerr(s, a.because, "%s", a.error);
		return;
	}
	/* Those of the transaction are not touched. */
	before = s->recipients;
	s->recipients = (struct sm_recipients){0};
	received = sm_receive(s, a, argument, false);
	s->recipients = before;
	if (received.error != NULL) {
		sm_usrerr(s, received.because, "%s", received.error);
		return;
	}
	s->to = NULL;
	if (*rest != '\0') {
		sm_lose(s, "VRFY and EXPN of several addresses are not simulated");
		return;
	}
	say_verified(s, sm_recipient_last(received.recipient), vrfy);
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

void sm_command_etrn(struct sm_session *s, const char *command, const char *argument)
{
	struct sm_checked c;

	(void)command;
	if ((s->features & SM_OFFER_ETRN) == 0) {
		sm_message(s,
			sm_daemon_has(s->daemon, 'E') ? sm_because_daemon(s)
						      : sm_because_option(s, "PrivacyOptions"),
			"%s", not_allowed);
		return;
	}
	if (s->tempfail) {
		sm_usrerr(s, sm_no_reasons(), "451 4.3.2 Please try again later");
		return;
	}
	if (*argument == '\0') {
		sm_usrerr(s, sm_no_reasons(), "500 5.5.2 Parameter required");
		return;
	}
	if (sm_session_attacked(s, &s->etrns, ETRNS)) {
		return;
	}
	c = sm_check(s, "check_etrn", argument, NULL);
	if (c.kind == SM_CHECK_ERROR) {
		sm_usrerr(s, c.because, "%s", c.text);
		return;
	}
	if (*argument == '#') {
		sm_lose(s, "ETRN for a queue group: which groups there are is not simulated");
		return;
	}
	sm_message(s, c.because, "250 2.0.0 Queuing for node %s started", argument);
}

void sm_command_help(struct sm_session *s, const char *command, const char *argument)
{
	const char *path = sm_option_value(s->cf, "HelpFile", s->arena);
	const struct mp_source *source;

	(void)command, (void)argument;
	if (path[0] != '\0' &&
		mp_input_read(s->engine->input, path, &source, NULL) != MP_READ_ABSENT) {
		sm_say_any(
			s, sm_because_option(s, "HelpFile"), "25", "the help file words the reply");
		return;
	}
	sm_message(s, sm_because_option(s, "HelpFile"),
		"502 5.3.0 Sendmail %s -- HELP not implemented", sm_run_get(&s->run, "v"));
}
