/* command_other - RSET, NOOP, QUIT, VERB, ETRN, HELP (reference 1.11, 3.6). */
#include "base/ascii.h"
#include "sendmail/smtp/privacy.h"
#include "sendmail/smtp/session.h"

enum { ETRNS = 8 };

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

void sm_command_etrn(struct sm_session *s, const char *command, const char *argument)
{
	struct sm_checked c;

	(void)command;
	if ((s->features & SM_OFFER_ETRN) == 0) {
		sm_message(s,
			sm_daemon_has(s->daemon, 'E') ? sm_because_daemon(s)
						      : sm_because_option(s, "PrivacyOptions"),
			"502 5.7.0 Sorry, we do not allow this operation");
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
