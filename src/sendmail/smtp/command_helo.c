/* command_helo - HELO, EHLO and what is offered (reference 3.1). */
#include "base/ascii.h"
#include "base/buf.h"
#include "sendmail/smtp/session.h"

enum { NAME_LENGTH = 256, HELOS = 3, KEYWORDS = 24 };

/* Whether the name is made of what a name or an address literal may have. Blanks at its end are
 * cut off. */
static bool is_valid(struct sm_session *s, const char **name)
{
	const char *p = *name;
	size_t n = 0;

	while (mp_is_alnum(p[n]) || (p[n] != '\0' && strchr("[].-_#:", p[n]) != NULL)) {
		n++;
	}

	size_t end = n;

	while (mp_is_space(p[end])) {
		end++;
	}
	*name = mp_arena_memdup(s->arena, p, n);
	return p[end] == '\0' || (s->settings->bogus_helo && end > n);
}

/* False after the argument was refused; else *welcome is how the reply ends. */
static bool take_name(
	struct sm_session *s, const char *command, const char *argument, const char **welcome)
{
	const char *name = argument;
	bool bogus = s->settings->bogus_helo;

	if (*argument == '\0' && !bogus) {
		sm_usrerr(s, sm_no_reasons(), "501 %s requires domain address", command);
		return false;
	}
	if (strlen(argument) > NAME_LENGTH) {
		sm_usrerr(s, sm_no_reasons(), "501 Invalid domain name");
		return false;
	}
	*welcome = "pleased to meet you";
	if (is_valid(s, &name)) {
		s->helo = name;
		return true;
	}
	if (!bogus) {
		sm_usrerr(s, sm_no_reasons(), "501 Invalid domain name");
		return false;
	}
	*welcome = "accepting invalid domain name";
	return true;
}

struct keywords {
	const char *v[KEYWORDS];
	size_t n;
};

static void add(struct keywords *k, bool offered, const char *word)
{
	if (offered && k->n < KEYWORDS) {
		k->v[k->n++] = word;
	}
}

static const char *mechanism_list(struct sm_session *s)
{
	struct mp_buf b;

	mp_buf_init(&b, 4096);
	for (size_t i = 0; i < s->mechanisms.n; i++) {
		mp_buf_printf(&b, "%s%s", i == 0 ? "AUTH " : " ", s->mechanisms.v[i]);
	}

	const char *list = mp_arena_memdup(s->arena, b.p, b.n);

	mp_buf_release(&b);
	return list;
}

static void add_keywords(struct sm_session *s, struct keywords *k)
{
	const struct sm_settings *o = s->settings;
	unsigned f = s->features;

	add(k, true, "ENHANCEDSTATUSCODES");
	if (s->nullserver != NULL) {
		return;
	}
	add(k, (f & SM_OFFER_PIPELINING) != 0, "PIPELINING");
	add(k, (f & SM_OFFER_EXPN) != 0, "EXPN");
	add(k, (f & SM_OFFER_EXPN) != 0 && (f & SM_OFFER_VERB) != 0, "VERB");
	add(k, true, "8BITMIME");
	add(k, true, o->size_max > 0 ? mp_arena_printf(s->arena, "SIZE %ld", o->size_max) : "SIZE");
	add(k, o->mime_errors && (f & SM_OFFER_DSN) != 0, "DSN");
	add(k, (f & SM_OFFER_UTF8) != 0, "SMTPUTF8");
	add(k, (f & SM_OFFER_ETRN) != 0, "ETRN");
	add(k, s->mechanisms.n > 0, mechanism_list(s));
	add(k, !s->tls && (f & SM_OFFER_TLS) != 0 && sm_tls_state(s) != SM_TLS_NONE, "STARTTLS");
	add(k, o->deliver_by >= 0,
		o->deliver_by > 0 ? mp_arena_printf(s->arena, "DELIVERBY %ld", o->deliver_by)
				  : "DELIVERBY");
	add(k, true, "HELP");
}

static void say_features(struct sm_session *s, const char *hello)
{
	struct keywords k = {0};
	const char **v;

	add_keywords(s, &k);
	v = mp_arena_array(s->arena, k.n + 1, sizeof *v);
	v[0] = mp_arena_printf(s->arena, "250-%s", hello);
	for (size_t i = 0; i < k.n; i++) {
		v[i + 1] = mp_arena_printf(s->arena, "250%c%s", i + 1 < k.n ? '-' : ' ', k.v[i]);
	}
	sm_say_lines(s, s->nullserver != NULL ? s->nullserver_because : sm_because_daemon(s),
		(struct mp_strings){v, k.n + 1});
}

static void greet(struct sm_session *s, const char *command, const char *argument, bool extended)
{
	const char *welcome, *hello;

	if (sm_session_attacked(s, &s->helos, HELOS)) {
		return;
	}
	if (sm_session_early(s)) {
		s->nullserver = "Command rejected";
		return;
	}
	if (!take_name(s, command, argument, &welcome)) {
		s->consulted |= MP_ASPECT_HELO;
		return;
	}
	s->protocol = extended ? "ESMTP" : "SMTP";
	s->consulted |= s->engine->aspects & MP_ASPECT_HELO;
	s->consulted |= extended ? MP_ASPECT_TLS : 0;
	if (s->greeted || s->got_mail) {
		sm_session_reset(s);
	}
	s->greeted = true;
	sm_run_set(&s->run, "s", s->helo);
	sm_run_set(&s->run, "r", s->protocol);
	hello = mp_arena_printf(
		s->arena, "%s Hello %s, %s", sm_run_get(&s->run, "j"), s->client_shown, welcome);
	if (extended) {
		say_features(s, hello);
	} else {
		sm_message(s, sm_no_reasons(), "250 %s", hello);
	}
}

static const char *first_word(struct sm_session *s, const char *line)
{
	const char *from = line + strspn(line, " \t");

	return mp_arena_memdup(s->arena, from, strcspn(from, " \t"));
}

void sm_command_helo(struct sm_session *s, const char *command, const char *argument)
{
	greet(s, first_word(s, command), argument, false);
}

void sm_command_ehlo(struct sm_session *s, const char *command, const char *argument)
{
	greet(s, first_word(s, command), argument, true);
}
