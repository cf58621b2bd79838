/* command_mail - MAIL (reference 2.4, 3.4, 3.6, 4.10). */
#include "base/ascii.h"
#include "sendmail/smtp/privacy.h"
#include "sendmail/smtp/session.h"

const char *sm_skip_word(struct sm_session *s, const char *argument, const char *word)
{
	const char *p = argument;
	size_t n;

	while (*p != '\0' && *p != ':' && !mp_is_space(*p)) {
		p++;
	}
	n = (size_t)(p - argument);
	while (mp_is_space(*p)) {
		p++;
	}
	if (*p == ':') {
		p++;
		while (mp_is_space(*p)) {
			p++;
		}
		if (*p != '\0' && mp_slice_ieq_str(mp_slice(argument, n), word)) {
			return p;
		}
		/* What stands before the colon is what was looked at. */
		argument = mp_arena_memdup(s->arena, argument, n);
	} else if (n < strlen(argument)) {
		argument = mp_arena_memdup(s->arena, argument, n);
	}
	sm_usrerr(s, sm_no_reasons(), "501 5.5.2 Syntax error in parameters scanning \"%s\"",
		sm_shortened(s, argument));
	return NULL;
}

static bool refused_before(struct sm_session *s)
{
	if (!s->greeted && (s->settings->privacy & SM_PRIV_NEEDMAILHELO) != 0) {
		sm_usrerr(s, sm_because_option(s, "PrivacyOptions"),
			"503 5.0.0 Polite people say HELO first");
		return true;
	}
	if (s->got_mail) {
		sm_usrerr(s, sm_no_reasons(), "503 5.5.0 Sender already specified");
		return true;
	}
	s->consulted |= (s->features & SM_REQUIRE_AUTH) != 0 ? MP_ASPECT_LOGIN : 0;
	if ((s->features & SM_REQUIRE_AUTH) != 0 && s->auth != SM_AUTH_DONE) {
		sm_usrerr(s,
			s->features_because.n > 0 && !sm_daemon_has(s->daemon, 'a')
				? s->features_because
				: sm_because_daemon(s),
			"530 5.7.0 Authentication required");
		return true;
	}
	return false;
}

static void define_sender(struct sm_session *s, const struct sm_address *a, const char *address)
{
	sm_run_set(&s->run, "mail_mailer", a->mailer->name);
	sm_run_set(&s->run, "mail_host", a->host[0] != '\0' ? a->host : "localhost");
	sm_run_set(&s->run, "mail_addr", a->user);
	sm_run_set(&s->run, "f", sm_address_sender(s, address));
	sm_run_set(&s->run, "mail_from", address);
}

/* An announced size is held against what the disk of the queue has free (enoughdiskspace()). What
 * any disk has room for is not asked about: of a disk that is full nothing can be predicted. */
static bool disk_is_full(struct sm_session *s)
{
	static const char *const answers[] = {"none", "found"};
	enum { ANY_DISK = 1 << 30 };
	char text[MP_IP_TEXT];

	return s->size > ANY_DISK &&
		mp_str_eq(mp_ask(s->world,
				  mp_arena_printf(s->arena, "limit disk-space %s",
					  mp_ip_format(&s->connect.client, text)),
				  answers, 2),
			"found");
}

static bool check_sender(struct sm_session *s, const char *address)
{
	struct sm_checked c;

	sm_run_set(&s->run, "addr_type", "e s");
	c = sm_check(s, "check_mail", address, NULL);
	sm_run_set(&s->run, "addr_type", NULL);
	if (!sm_obey(s, &c)) {
		return false;
	}
	if (s->settings->size_max > 0 && s->size > s->settings->size_max) {
		sm_usrerr(s, sm_because_option(s, "MaxMessageSize"),
			"552 5.2.3 Message size exceeds fixed maximum message size (%ld)",
			s->settings->size_max);
		return false;
	}
	if (disk_is_full(s)) {
		sm_usrerr(s, sm_no_reasons(), "452 4.4.5 Insufficient disk space; try again later");
		return false;
	}
	sm_message(s, c.because, "250 2.1.0 Sender ok");
	return true;
}

/* What a MAIL that was refused had, and VRFY, still counts as given, up to RSET. */
static void begin_transaction(struct sm_session *s)
{
	struct sm_given given = s->given;

	sm_session_reset(s);
	s->given = given;
}

void sm_command_mail(struct sm_session *s, const char *command, const char *argument)
{
	const char *text, *address, *rest;
	struct sm_address a;

	(void)command;
	if (refused_before(s)) {
		return;
	}
	text = sm_skip_word(s, argument, "from");
	if (text == NULL) {
		return;
	}
	if (s->tempfail) {
		sm_usrerr(s, sm_no_reasons(), "451 4.3.2 Please try again later");
		return;
	}
	begin_transaction(s);
	s->consulted |= MP_ASPECT_SENDER | s->engine->aspects;
	s->bad_recipients = 0;
	s->throttled = false;
	sm_run_set(&s->run, "s", s->helo != NULL ? s->helo : s->client_name);
	sm_run_set(&s->run, "r", s->protocol != NULL ? s->protocol : "SMTP");
	address = sm_address_take(s, text, ' ', false, &a, &rest);
	if (address != NULL) {
		define_sender(s, &a, address);
		s->seven_bits = s->settings->seven_bits;
		s->got_mail = sm_parameters(s, rest, sm_mail_parameter) && check_sender(s, address);
	}
	s->to = NULL;
}
