/* ehlo - the reply to EHLO: keywords, their order, what hides them (reference 10.1). */
#include "postfix/config/split.h"
#include "postfix/smtpd/smtpd.h"

enum { MAX_LINES = 24 };

unsigned pf_ehlo_mask(const char *keywords)
{
	static const struct {
		const char *word;
		unsigned bit;
	} table[] = {
		{"pipelining", PF_EHLO_PIPELINING},
		{"size", PF_EHLO_SIZE},
		{"vrfy", PF_EHLO_VRFY},
		{"etrn", PF_EHLO_ETRN},
		{"starttls", PF_EHLO_STARTTLS},
		{"auth", PF_EHLO_AUTH},
		{"verp", PF_EHLO_VERP},
		{"xverp", PF_EHLO_VERP},
		{"xclient", PF_EHLO_XCLIENT},
		{"xforward", PF_EHLO_XFORWARD},
		{"enhancedstatuscodes", PF_EHLO_ENHANCED},
		{"8bitmime", PF_EHLO_8BITMIME},
		{"dsn", PF_EHLO_DSN},
		{"smtputf8", PF_EHLO_SMTPUTF8},
		{"chunking", PF_EHLO_CHUNKING},
		{"requiretls", PF_EHLO_REQUIRETLS},
	};
	unsigned mask = 0;
	struct mp_slice word;

	while (pf_next_word(&keywords, &word)) {
		for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
			if (mp_slice_ieq_str(word, table[i].word)) {
				mask |= table[i].bit;
			}
		}
	}
	return mask;
}

bool pf_ehlo_discard(struct pf_talk *t, bool may_fail)
{
	t->discard = t->loop->discard;
	if (t->loop->discard_maps == NULL) {
		return true;
	}
	struct mp_table_result found = pf_maps_find(t->loop->discard_maps, t->s.world,
		pf_client_address(&t->s), false, MP_ROLE_VALUE, t->s.arena);
	if (found.status == MP_TABLE_ERROR && !may_fail) {
		return true;
	}
	if (!pf_talk_settled(t, &found, "smtpd_discard_ehlo_keyword_address_maps",
		    "smtpd_discard_ehlo_keyword_address_maps gives keywords that are not known")) {
		return false;
	}
	if (found.status == MP_TABLE_FOUND) {
		t->discard = pf_ehlo_mask(found.value);
	}
	return true;
}

/* The lines as they are collected, and the parameters that gave them. */
struct collect {
	struct pf_talk *t;
	const char *lines[MAX_LINES];
	size_t n;
	struct mp_reason *because;
	size_t reasons;
};

static void add(struct collect *c, unsigned bit, const char *text, const char *parameter)
{
	struct pf_talk *t = c->t;

	if ((t->discard & bit) != 0 || c->n >= MAX_LINES) {
		return;
	}
	c->lines[c->n++] = text;
	if (parameter[0] != '\0') {
		c->because[c->reasons++] = pf_reason(t->s.smtpd->settings, parameter, t->s.arena);
	}
}

static const char *join(struct mp_arena *arena, struct mp_strings words)
{
	const char *text = "";

	for (size_t i = 0; i < words.n; i++) {
		text = mp_arena_printf(arena, "%s%s%s", text, i > 0 ? " " : "", words.v[i]);
	}
	return text;
}

static void add_auth(struct collect *c)
{
	struct pf_talk *t = c->t;
	struct mp_arena *arena = t->s.arena;

	if (!t->sasl_active || (t->discard & PF_EHLO_AUTH) != 0 ||
		pf_check_client_list(&t->s, "smtpd_sasl_exceptions_networks") != PF_NO_MATCH) {
		return;
	}
	const char *words = join(arena, t->announced);
	add(c, PF_EHLO_AUTH, mp_arena_printf(arena, "AUTH %s", words), "smtpd_sasl_auth_enable");
	if (pf_bool(t->s.smtpd->settings, "broken_sasl_auth_clients")) {
		add(c, PF_EHLO_AUTH, mp_arena_printf(arena, "AUTH=%s", words),
			"broken_sasl_auth_clients");
	}
}

static void add_privileged(struct collect *c)
{
	struct pf_talk *t = c->t;

	if ((t->discard & PF_EHLO_VERP) == 0 &&
		pf_check_client_list(&t->s, "smtpd_authorized_verp_clients") == PF_MATCH) {
		add(c, PF_EHLO_VERP, "XVERP", "smtpd_authorized_verp_clients");
	}
	if (t->xclient) {
		add(c, PF_EHLO_XCLIENT,
			t->loop->version >= 30200
				? "XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN DESTADDR "
				  "DESTPORT"
				: "XCLIENT NAME ADDR PROTO HELO REVERSE_NAME PORT LOGIN",
			"smtpd_authorized_xclient_hosts");
	}
	if (t->xforward) {
		add(c, PF_EHLO_XFORWARD, "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT",
			"smtpd_authorized_xforward_hosts");
	}
}

static void add_rest(struct collect *c)
{
	struct pf_talk *t = c->t;

	add(c, PF_EHLO_ENHANCED, "ENHANCEDSTATUSCODES", "");
	add(c, PF_EHLO_8BITMIME, "8BITMIME", "");
	add(c, PF_EHLO_DSN, "DSN", "");
	if (t->loop->smtputf8) {
		add(c, PF_EHLO_SMTPUTF8, "SMTPUTF8", "smtputf8_enable");
	}
	if (t->loop->version >= PF_VERSION_3_4) {
		add(c, PF_EHLO_CHUNKING, "CHUNKING", "");
	}
	if (t->loop->version >= 31100 && pf_has_tls(&t->s) &&
		mp_str_ieq(pf_str(t->s.smtpd->settings, "requiretls_enable"), "yes")) {
		add(c, PF_EHLO_REQUIRETLS, "REQUIRETLS", "requiretls_enable");
	}
}

static void add_hidden(struct collect *c)
{
	struct pf_talk *t = c->t;

	if (t->discard != 0) {
		c->because[c->reasons++] = pf_reason(t->s.smtpd->settings,
			t->discard == t->loop->discard ? "smtpd_discard_ehlo_keywords"
						       : "smtpd_discard_ehlo_keyword_address_maps",
			t->s.arena);
	}
}

void pf_ehlo_reply(struct pf_talk *t)
{
	struct collect c = {
		.t = t, .because = mp_arena_array(t->s.arena, MAX_LINES + 1, sizeof *c.because)};
	const struct pf_settings *settings = t->s.smtpd->settings;
	long limit = pf_int(settings, "message_size_limit");

	add(&c, 0, pf_str(settings, "myhostname"), "");
	add(&c, PF_EHLO_PIPELINING, "PIPELINING", "");
	add(&c, PF_EHLO_SIZE, limit > 0 ? mp_arena_printf(t->s.arena, "SIZE %ld", limit) : "SIZE",
		pf_is_set(settings, "message_size_limit") ? "message_size_limit" : "");
	if (!pf_bool(settings, "disable_vrfy_command")) {
		add(&c, PF_EHLO_VRFY, "VRFY", "");
	}
	add(&c, PF_EHLO_ETRN, "ETRN", "");
	if (t->loop->tls_use && !pf_has_tls(&t->s)) {
		add(&c, PF_EHLO_STARTTLS, "STARTTLS", t->loop->tls_parameter);
	}
	add_auth(&c);
	add_privileged(&c);
	add_rest(&c);
	add_hidden(&c);
	const char **lines = mp_arena_array(t->s.arena, c.n, sizeof *lines);
	for (size_t i = 0; i < c.n; i++) {
		lines[i] =
			mp_arena_printf(t->s.arena, "250%c%s", i + 1 < c.n ? '-' : ' ', c.lines[i]);
	}
	pf_say_lines(t, (struct mp_reasons){c.because, c.reasons}, (struct mp_strings){lines, c.n});
}
