/*
 * smtpd_xclient - XCLIENT and XFORWARD (Postfix XCLIENT_README, XFORWARD_README).
 *
 * A client that smtpd_authorized_xclient_hosts lists may say that it is another one; the session
 * then begins anew with what it said.
 */
#include "postfix/config/hostname.h"
#include "postfix/smtpd/smtpd.h"

enum { VALUE_LIMIT = 255 };

struct attribute {
	const char *name, *value; /* value decoded from xtext where it is */
};

static bool complain(struct pf_talk *t, const char *text)
{
	pf_say(t, pf_no_reasons(), "%s", text);
	return false;
}

static bool take_attribute(struct pf_talk *t, const char *word, struct attribute *out)
{
	const char *equals = strchr(word, '='), *decoded;

	if (equals == NULL) {
		return complain(t, "501 5.5.4 Error: attribute=value expected");
	}
	if (strlen(equals + 1) > VALUE_LIMIT) {
		return complain(t, "501 5.5.4 Error: attribute value too long");
	}
	out->name = mp_arena_memdup(t->s.arena, word, (size_t)(equals - word));
	out->value = pf_xtext_decode(t->s.arena, equals + 1, &decoded) ? decoded : equals + 1;
	return true;
}

static bool unavailable(const char *value)
{
	return mp_str_ieq(value, "[UNAVAILABLE]");
}

static bool bad_syntax(struct pf_talk *t, const struct attribute *a)
{
	pf_say(t, pf_no_reasons(), "501 5.5.4 Bad %s syntax: %s", a->name, a->value);
	return false;
}

static bool port_ok(const char *value)
{
	return unavailable(value) || (pf_all_digits(value) && strlen(value) <= 5);
}

/* "192.0.2.1", "IPv6:2001:db8::1", "2001:db8::1". */
static bool address_of(const char *value, struct mp_ip *ip)
{
	struct mp_slice s = mp_slice_str(value);

	if (mp_slice_istarts(s, "IPv6:")) {
		s = mp_slice_from(s, 5);
	}
	return mp_ip_parse(s, ip);
}

/* What XCLIENT changes, put in force only when all attributes are good. */
struct change {
	const char *name; /* answer form of mp_ask_client_name(); NULL unchanged */
	struct mp_ip ip;
	bool have_ip;
	const char *helo;
	bool have_helo;
	const char *login;
	bool have_login, have_proto, esmtp;
};

static bool change_name(struct pf_talk *t, const struct attribute *a, struct change *c)
{
	if (unavailable(a->value)) {
		c->name = "none";
	} else if (mp_str_ieq(a->value, "[TEMPUNAVAIL]")) {
		c->name = "tempfail";
	} else if (pf_valid_hostname(mp_slice_str(a->value))) {
		c->name = a->value;
	} else {
		return bad_syntax(t, a);
	}
	return true;
}

static bool change_address(struct pf_talk *t, const struct attribute *a, struct change *c)
{
	if (!unavailable(a->value) && !address_of(a->value, &c->ip)) {
		return bad_syntax(t, a);
	}
	c->have_ip = !unavailable(a->value);
	return true;
}

static bool change_proto(struct pf_talk *t, const struct attribute *a, struct change *c)
{
	if (!mp_str_ieq(a->value, "SMTP") && !mp_str_ieq(a->value, "ESMTP")) {
		return bad_syntax(t, a);
	}
	c->have_proto = true;
	c->esmtp = mp_str_ieq(a->value, "ESMTP");
	return true;
}

static bool take_change(struct pf_talk *t, const struct attribute *a, struct change *c)
{
	if (mp_str_ieq(a->name, "NAME")) {
		return change_name(t, a, c);
	}
	if (mp_str_ieq(a->name, "REVERSE_NAME")) {
		if (!unavailable(a->value) && !mp_str_ieq(a->value, "[TEMPUNAVAIL]") &&
			!pf_valid_hostname(mp_slice_str(a->value))) {
			return bad_syntax(t, a);
		}
		return true;
	}
	if (mp_str_ieq(a->name, "ADDR")) {
		return change_address(t, a, c);
	}
	if (mp_str_ieq(a->name, "PORT") || mp_str_ieq(a->name, "DESTPORT")) {
		return port_ok(a->value) || bad_syntax(t, a);
	}
	if (mp_str_ieq(a->name, "DESTADDR")) {
		struct mp_ip ip;
		return unavailable(a->value) || address_of(a->value, &ip) || bad_syntax(t, a);
	}
	if (mp_str_ieq(a->name, "HELO")) {
		c->have_helo = true;
		c->helo = unavailable(a->value) ? NULL : a->value;
		return true;
	}
	if (mp_str_ieq(a->name, "PROTO")) {
		return change_proto(t, a, c);
	}
	if (mp_str_ieq(a->name, "LOGIN")) {
		c->have_login = true;
		c->login = unavailable(a->value) ? NULL : a->value;
		return true;
	}
	pf_say(t, pf_no_reasons(), "501 5.5.4 Bad XCLIENT attribute name: %s", a->name);
	return false;
}

static void put_in_force(struct pf_talk *t, const struct change *c)
{
	char text[MP_IP_TEXT];

	if (c->have_ip) {
		t->s.said.client = c->ip;
		t->s.said.client_text = mp_arena_strdup(t->s.arena, mp_ip_format(&c->ip, text));
	}
	if (c->name != NULL) {
		t->s.said.client_name_seen = c->name;
	}
	pf_talk_reset_helo(t);
	if (c->have_helo) {
		t->s.said.helo = c->helo;
	}
	t->s.said.sasl_user = c->have_login ? c->login : NULL;
	t->s.said.sasl_method = t->s.said.sasl_user != NULL ? "XCLIENT" : NULL;
	t->s.esmtp = c->have_proto && c->esmtp;
	t->transferred = true;
	pf_talk_reset_mail(t);
	t->xclient = pf_check_client_list(&t->s, "smtpd_authorized_xclient_hosts") == PF_MATCH;
	pf_talk_greet(t);
}

/* What both commands test first; false after a refusal. */
static bool may_use(struct pf_talk *t, struct pf_words args, const char *command, bool allowed,
	const char *parameter)
{
	if (t->s.said.sender != NULL) {
		return complain(t, "503 5.5.1 Error: MAIL transaction in progress");
	}
	if (args.n < 2) {
		pf_say(t, pf_no_reasons(), "501 5.5.4 Syntax: %s attribute=value...", command);
		return false;
	}
	if (!allowed) {
		pf_say(t, pf_because(t, parameter, (char *)NULL),
			"550 5.7.0 Error: insufficient authorization");
		return false;
	}
	return true;
}

bool pf_cmd_xclient(struct pf_talk *t, struct pf_words args)
{
	struct change change = {0};

	if (!may_use(t, args, "XCLIENT", t->xclient, "smtpd_authorized_xclient_hosts")) {
		return true;
	}
	for (size_t i = 1; i < args.n; i++) {
		struct attribute a;
		if (!take_attribute(t, args.v[i], &a) || !take_change(t, &a, &change)) {
			return true;
		}
	}
	put_in_force(t, &change);
	return false;
}

static bool forward_attribute(struct pf_talk *t, const struct attribute *a)
{
	struct mp_ip ip;

	if (mp_str_ieq(a->name, "NAME")) {
		return unavailable(a->value) || pf_valid_hostname(mp_slice_str(a->value)) ||
			bad_syntax(t, a);
	}
	if (mp_str_ieq(a->name, "ADDR")) {
		return unavailable(a->value) || address_of(a->value, &ip) || bad_syntax(t, a);
	}
	if (mp_str_ieq(a->name, "PORT")) {
		return port_ok(a->value) || bad_syntax(t, a);
	}
	if (mp_str_ieq(a->name, "PROTO")) {
		return strlen(a->value) <= 64 || bad_syntax(t, a);
	}
	if (mp_str_ieq(a->name, "SOURCE")) {
		return unavailable(a->value) || mp_str_ieq(a->value, "LOCAL") ||
			mp_str_ieq(a->value, "REMOTE") || bad_syntax(t, a);
	}
	if (mp_str_ieq(a->name, "HELO") || mp_str_ieq(a->name, "IDENT")) {
		return true;
	}
	pf_say(t, pf_no_reasons(), "501 5.5.4 Bad XFORWARD attribute name: %s", a->name);
	return false;
}

bool pf_cmd_xforward(struct pf_talk *t, struct pf_words args)
{
	if (!may_use(t, args, "XFORWARD", t->xforward, "smtpd_authorized_xforward_hosts")) {
		return true;
	}
	for (size_t i = 1; i < args.n; i++) {
		struct attribute a;
		if (!take_attribute(t, args.v[i], &a) || !forward_attribute(t, &a)) {
			return true;
		}
	}
	pf_say(t, pf_no_reasons(), "250 2.0.0 Ok");
	return false;
}
