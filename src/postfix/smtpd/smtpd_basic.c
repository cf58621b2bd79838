/* smtpd_basic - HELO, EHLO, RSET, NOOP, QUIT, HELP, VRFY, ETRN (reference 4.3). */
#include "base/ascii.h"
#include "base/utf8.h"
#include "postfix/config/hostname.h"
#include "postfix/smtpd/smtpd.h"

/* The name as smtpd keeps it: without unprintable characters and those that could be taken for
 * syntax in a log or a header. */
static const char *neutral(struct pf_talk *t, const char *name)
{
	struct mp_slice rest = mp_slice_str(name);
	char *out = mp_arena_alloc(t->s.arena, rest.n + 1), *p = out;

	while (rest.n > 0) {
		size_t n = t->loop->smtputf8 ? mp_utf8_length(rest) : 1;
		bool wide = n > 1;
		if (wide) {
			memcpy(p, rest.p, n);
			p += n;
		} else {
			char c = rest.p[0];
			*p++ = !mp_is_print(c) || strchr(" <>()\\\";@", c) != NULL ? '?' : c;
			n = 1;
		}
		rest = mp_slice_from(rest, n);
	}
	return out;
}

/* What HELO and EHLO share: the name is checked, then the session begins anew. */
static bool greet_back(struct pf_talk *t, struct pf_words args, const char *command)
{
	if (args.n < 2) {
		pf_say(t, pf_no_reasons(), "501 Syntax: %s hostname", command);
		return false;
	}
	const char *name = pf_words_join(t->s.arena, args, 1, args.n);
	const char *before = t->s.said.helo;
	t->s.said.helo = name;
	struct pf_verdict verdict = pf_check_helo(&t->s);
	/* A footer shows the name that was there before. */
	t->s.said.helo = before;
	if (pf_say_verdict(t, verdict)) {
		return false;
	}
	pf_talk_reset_mail(t);
	t->s.said.helo = neutral(t, name);
	return true;
}

bool pf_cmd_helo(struct pf_talk *t, struct pf_words args)
{
	if (!greet_back(t, args, "HELO")) {
		return true;
	}
	pf_say(t, pf_no_reasons(), "250 %s", pf_str(t->s.smtpd->settings, "myhostname"));
	return false;
}

bool pf_cmd_ehlo(struct pf_talk *t, struct pf_words args)
{
	if (!greet_back(t, args, "EHLO")) {
		return true;
	}
	t->s.esmtp = true;
	if (!pf_ehlo_discard(t, true)) {
		return false;
	}
	pf_ehlo_reply(t);
	return false;
}

bool pf_cmd_rset(struct pf_talk *t, struct pf_words args)
{
	if (args.n != 1) {
		pf_say(t, pf_no_reasons(), "501 5.5.4 Syntax: RSET");
		return true;
	}
	pf_talk_reset_mail(t);
	pf_say(t, pf_no_reasons(), "250 2.0.0 Ok");
	return false;
}

bool pf_cmd_noop(struct pf_talk *t, struct pf_words args)
{
	(void)args;
	pf_say(t, pf_no_reasons(), "250 2.0.0 Ok");
	return false;
}

bool pf_cmd_quit(struct pf_talk *t, struct pf_words args)
{
	(void)args;
	t->quiet = true;
	pf_say(t, pf_no_reasons(), "221 2.0.0 Bye");
	t->quiet = false;
	pf_talk_close(t);
	return false;
}

bool pf_cmd_help(struct pf_talk *t, struct pf_words args)
{
	(void)args;
	pf_say(t, pf_no_reasons(),
		"214 2.0.0 Commands: AUTH BDAT DATA EHLO ETRN HELO HELP MAIL NOOP QUIT RCPT RSET "
		"STARTTLS VRFY XCLIENT XFORWARD");
	return false;
}

static bool smtputf8_usable(const struct pf_talk *t)
{
	return t->loop->smtputf8 && (t->discard & PF_EHLO_SMTPUTF8) == 0;
}

/* The address behind VRFY in internal form; NULL after a syntax error was said. */
static const char *vrfy_address(struct pf_talk *t, const char *text)
{
	struct pf_argument argument = pf_address_parse(t->s.arena, text, false, false);

	if (!argument.ok) {
		pf_say(t, pf_no_reasons(), "501 5.1.3 Bad recipient address syntax");
		return NULL;
	}
	if (pf_say_verdict(t, pf_check_address(&t->s, argument.internal, false))) {
		return NULL;
	}
	return argument.internal;
}

bool pf_cmd_vrfy(struct pf_talk *t, struct pf_words args)
{
	const struct pf_settings *settings = t->s.smtpd->settings;

	if (pf_bool(settings, "disable_vrfy_command")) {
		pf_say(t, pf_because(t, "disable_vrfy_command", (char *)NULL),
			"502 5.5.1 VRFY command is disabled");
		return true;
	}
	bool had_utf8 = t->s.smtputf8;
	if (smtputf8_usable(t) && args.n > 1 && mp_str_ieq(args.v[args.n - 1], "SMTPUTF8")) {
		args.n--;
		t->s.smtputf8 = true;
	}
	if (args.n < 2) {
		pf_say(t, pf_no_reasons(), "501 5.5.4 Syntax: VRFY address%s",
			pf_bool(settings, "smtputf8_enable") ? " [SMTPUTF8]" : "");
		t->s.smtputf8 = had_utf8;
		return true;
	}
	if (pf_limit_hit(t, "smtpd_client_recipient_rate_limit", ++t->recipients)) {
		pf_say(t, pf_because(t, "smtpd_client_recipient_rate_limit", (char *)NULL),
			"450 4.7.1 Error: too many recipients from %s", t->s.said.client_text);
		t->s.smtputf8 = had_utf8;
		return true;
	}
	const char *text = pf_words_join(t->s.arena, args, 1, args.n);
	const char *address = vrfy_address(t, text);
	bool refused = address == NULL;
	if (!refused) {
		t->s.recipient = address;
		struct pf_verdict verdict = pf_check_rcpt(&t->s, true);
		t->s.recipient = NULL;
		refused = pf_say_verdict(t, verdict);
		if (!refused) {
			pf_say(t, verdict.because, "252 2.0.0 %s", text);
		}
	}
	t->s.smtputf8 = had_utf8;
	return refused;
}

/* A host name, or an address literal. */
static bool etrn_domain_ok(const char *domain)
{
	struct mp_slice d = mp_slice_str(domain);

	if (d.n > 2 && d.p[0] == '[' && d.p[d.n - 1] == ']') {
		struct mp_slice inner = mp_slice_sub(d, 1, d.n - 1);
		if (mp_slice_istarts(inner, "IPv6:")) {
			inner = mp_slice_from(inner, 5);
		}
		return pf_valid_hostaddr(inner);
	}
	return pf_valid_hostname(d);
}

static bool etrn_flush(struct pf_talk *t, const char *domain)
{
	struct mp_reasons because = pf_because(t, "fast_flush_domains", (char *)NULL);

	switch (pf_list_match_name(t->loop->flush_domains, t->s.world, t->s.arena, domain, NULL)) {
	case PF_MATCH:
		pf_say(t, because, "250 Queuing started");
		return false;
	case PF_NO_MATCH:
		pf_say(t, because, "459 <%s>: service unavailable", domain);
		return true;
	case PF_MATCH_ERROR:
		pf_say(t, because, "458 Unable to queue messages");
		return true;
	}
	return true;
}

bool pf_cmd_etrn(struct pf_talk *t, struct pf_words args)
{
	if (pf_bool(t->s.smtpd->settings, "smtpd_helo_required") && t->s.said.helo == NULL) {
		pf_say(t, pf_because(t, "smtpd_helo_required", (char *)NULL),
			"503 Error: send HELO/EHLO first");
		return true;
	}
	if (t->s.said.sender != NULL) {
		pf_say(t, pf_no_reasons(), "503 Error: MAIL transaction in progress");
		return true;
	}
	if (args.n != 2) {
		pf_say(t, pf_no_reasons(), "500 Syntax: ETRN domain");
		return true;
	}
	const char *domain = args.v[1];
	if (domain[0] == '@' || domain[0] == '#') {
		domain++;
	}
	if (!etrn_domain_ok(domain)) {
		pf_say(t, pf_no_reasons(), "501 Error: invalid parameter syntax");
		return true;
	}
	t->s.etrn = domain;
	struct pf_verdict verdict = pf_check_etrn(&t->s);
	t->s.etrn = NULL;
	if (pf_say_verdict(t, verdict)) {
		return true;
	}
	return etrn_flush(t, domain);
}
