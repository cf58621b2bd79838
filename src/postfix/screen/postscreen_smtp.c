/*
 * postscreen_smtp - the SMTP engine that postscreen(8) speaks with clients that have not passed.
 *
 * It knows few commands and accepts no recipient.
 */
#include "base/ascii.h"
#include "base/number.h"
#include "base/utf8.h"
#include "postfix/screen/postscreen_internal.h"
#include "postfix/smtpd/smtpd.h"

enum tls { OFF, MAY, ENCRYPT };

struct pf_dummy {
	struct pf_screen *screen;
	struct mp_world *world;
	struct mp_arena *arena;
	const char *rcpt_reply;
	struct mp_reasons because;
	enum tls tls;
	unsigned discard;
	const char *host;
	bool sender, helo, closed;
	bool up; /* TLS */
	long commands;
};

static enum tls tls_level(const struct pf_settings *settings)
{
	const char *level = pf_str(settings, "postscreen_tls_security_level");

	if (*level != '\0') {
		return mp_str_ieq(level, "encrypt") ? ENCRYPT
			: mp_str_ieq(level, "may")  ? MAY
						    : OFF;
	}
	if (pf_bool(settings, "postscreen_enforce_tls")) {
		return ENCRYPT;
	}
	return pf_bool(settings, "postscreen_use_tls") ? MAY : OFF;
}

struct pf_dummy *pf_dummy_new(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, const char *rcpt_reply, struct mp_reasons because)
{
	struct pf_dummy *d = MP_ARENA_NEW(arena, struct pf_dummy);

	d->screen = screen;
	d->world = world;
	d->arena = arena;
	d->rcpt_reply = rcpt_reply;
	d->because = because;
	d->tls = tls_level(screen->settings);
	d->discard = pf_ehlo_mask(pf_str(screen->settings, "postscreen_discard_ehlo_keywords"));
	d->host = pf_str(screen->settings, "myhostname");
	return d;
}

static struct mp_sim_reply make_reply(struct pf_dummy *d, const char *const *lines, size_t n)
{
	unsigned long code = 0;

	(void)mp_parse_uint(mp_slice_sub(mp_slice_str(lines[0]), 0, 3), 0, 999, &code);
	return (struct mp_sim_reply){.kind = MP_SIM_REPLY,
		.code = (unsigned)code,
		.lines = lines,
		.line_count = n,
		.closes = d->closed,
		.note = ""};
}

struct mp_sim_reply pf_dummy_greeting(struct pf_dummy *d, bool teased)
{
	const char **lines = mp_arena_array(d->arena, 2, sizeof *lines);
	size_t n = 0;

	if (teased) {
		lines[n++] = mp_arena_printf(d->arena, "220-%s", pf_screen_teaser(d->screen));
	}
	lines[n++] =
		mp_arena_printf(d->arena, "220 %s", pf_str(d->screen->settings, "smtpd_banner"));
	return make_reply(d, lines, n);
}

/* postscreen_reject_footer; its default names the footer of smtpd. */
static const char *footer_of(struct pf_dummy *d)
{
	const struct pf_settings *settings = d->screen->settings;
	struct pf_text raw = pf_value(settings, "postscreen_reject_footer"), expanded;
	const char *why;

	if (mp_str_eq(raw.s, "$smtpd_reject_footer")) {
		raw = pf_value(settings, "smtpd_reject_footer");
	}
	return pf_expand(settings, raw, d->arena, &expanded, &why) ? expanded.s : raw.s;
}

/* One line, with postscreen_reject_footer behind a refusal. */
static struct mp_sim_reply text(struct pf_dummy *d, const char *line)
{
	const char *footer = line[0] == '4' || line[0] == '5' ? footer_of(d) : "";
	const char **lines = mp_arena_array(d->arena, 2, sizeof *lines);
	struct mp_slice s = mp_slice_str(line);

	lines[0] = line;
	if (*footer == '\0' || s.n < 4) {
		return make_reply(d, lines, 1);
	}
	size_t code = 4; /* "550 ", or "550 5.7.1 " */
	if (s.n > 9 && mp_is_digit(line[4]) && line[5] == '.' && mp_is_digit(line[6]) &&
		line[7] == '.') {
		code = 4 + strcspn(line + 4, " ") + 1;
	}
	lines[0] = mp_arena_printf(d->arena, "%.3s-%s", line, line + 4);
	lines[1] = mp_arena_printf(d->arena, "%.*s%s", (int)code, line, footer);
	return make_reply(d, lines, 2);
}

static struct mp_sim_reply final(struct pf_dummy *d, const char *line)
{
	d->closed = true;
	return text(d, line);
}

static struct mp_sim_reply because(struct pf_dummy *d, struct mp_sim_reply reply)
{
	reply.because = d->because;
	return reply;
}

/* ---- commands ---------------------------------------------------------------------------------
 */

static struct mp_sim_reply ehlo(struct pf_dummy *d, const char *rest)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = {{PF_EHLO_SIZE, "SIZE"}, {PF_EHLO_VRFY, "VRFY"}, {PF_EHLO_ETRN, "ETRN"},
		{PF_EHLO_STARTTLS, "STARTTLS"}, {PF_EHLO_ENHANCED, "ENHANCEDSTATUSCODES"},
		{PF_EHLO_8BITMIME, "8BITMIME"}, {PF_EHLO_DSN, "DSN"},
		{PF_EHLO_SMTPUTF8, "SMTPUTF8"}, {PF_EHLO_CHUNKING, "CHUNKING"}};
	const struct pf_settings *settings = d->screen->settings;
	unsigned version = pf_settings_environment(settings)->version;
	unsigned hidden = d->discard;
	long limit = pf_int(settings, "message_size_limit");
	const char *shown[12];
	size_t n = 0;

	if (*rest == '\0') {
		return text(d, "501 Syntax: EHLO hostname");
	}
	d->sender = false;
	d->helo = true;
	hidden |= d->tls == OFF || d->up ? PF_EHLO_STARTTLS : 0;
	hidden |= pf_bool(settings, "postscreen_disable_vrfy_command") ? PF_EHLO_VRFY : 0;
	hidden |= pf_bool(settings, "smtputf8_enable") ? 0 : PF_EHLO_SMTPUTF8;
	hidden |= version >= PF_VERSION_3_4 ? 0 : PF_EHLO_CHUNKING;
	shown[n++] = d->host;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if ((hidden & words[i].bit) == 0) {
			shown[n++] = words[i].bit == PF_EHLO_SIZE && limit > 0
				? mp_arena_printf(d->arena, "SIZE %ld", limit)
				: words[i].word;
		}
	}
	const char **lines = mp_arena_array(d->arena, n, sizeof *lines);
	for (size_t i = 0; i < n; i++) {
		lines[i] = mp_arena_printf(d->arena, "250%c%s", i + 1 < n ? '-' : ' ', shown[i]);
	}
	return make_reply(d, lines, n);
}

static struct mp_sim_reply helo(struct pf_dummy *d, const char *rest)
{
	if (*rest == '\0') {
		return text(d, "501 Syntax: HELO hostname");
	}
	d->sender = false;
	d->helo = true;
	return text(d, mp_arena_printf(d->arena, "250 %s", d->host));
}

static struct mp_sim_reply mail(struct pf_dummy *d, const char *rest)
{
	if (!d->helo && pf_bool(d->screen->settings, "postscreen_helo_required")) {
		return text(d, "503 5.5.1 Error: send HELO/EHLO first");
	}
	if (d->sender) {
		return text(d, "503 5.5.1 Error: nested MAIL command");
	}
	if (!mp_slice_istarts(mp_slice_str(rest), "FROM:")) {
		return text(d, "501 5.5.4 Syntax: MAIL FROM:<address>");
	}
	d->sender = true;
	return text(d, "250 2.1.0 Ok");
}

static struct mp_sim_reply rcpt(struct pf_dummy *d, const char *rest)
{
	if (!d->sender) {
		return text(d, "503 5.5.1 Error: need MAIL command");
	}
	if (!mp_slice_istarts(mp_slice_str(rest), "TO:")) {
		return text(d, "501 5.5.4 Syntax: RCPT TO:<address>");
	}
	return because(d, text(d, d->rcpt_reply));
}

static struct mp_sim_reply data(struct pf_dummy *d, const char *rest)
{
	(void)rest;
	if (!d->sender) {
		return final(d, "554 5.5.1 Error: need MAIL command");
	}
	return because(d, final(d, "554 5.5.1 Error: no valid recipients"));
}

static struct mp_sim_reply bdat(struct pf_dummy *d, const char *rest)
{
	if (*rest == '\0') {
		return final(d, "501 5.5.4 Syntax: BDAT count [LAST]");
	}
	return data(d, rest);
}

static struct mp_sim_reply rset(struct pf_dummy *d, const char *rest)
{
	(void)rest;
	d->sender = false;
	return text(d, "250 2.0.0 Ok");
}

static struct mp_sim_reply noop(struct pf_dummy *d, const char *rest)
{
	(void)rest;
	return text(d, "250 2.0.0 Ok");
}

static struct mp_sim_reply vrfy(struct pf_dummy *d, const char *rest)
{
	if (*rest == '\0') {
		return text(d, "501 5.5.4 Syntax: VRFY address");
	}
	if (pf_bool(d->screen->settings, "postscreen_disable_vrfy_command")) {
		return text(d, "502 5.5.1 VRFY command is disabled");
	}
	return because(d, text(d, d->rcpt_reply));
}

static struct mp_sim_reply etrn(struct pf_dummy *d, const char *rest)
{
	return text(d, *rest == '\0' ? "500 Syntax: ETRN domain" : "458 Unable to queue messages");
}

static struct mp_sim_reply quit(struct pf_dummy *d, const char *rest)
{
	(void)rest;
	return final(d, "221 2.0.0 Bye");
}

static struct mp_sim_reply starttls(struct pf_dummy *d, const char *rest)
{
	if (*rest != '\0') {
		return text(d, "501 Syntax: EHLO hostname");
	}
	if (d->up) {
		return text(d, "554 5.5.1 Error: TLS already active");
	}
	if (d->tls == OFF || (d->discard & PF_EHLO_STARTTLS) != 0) {
		return text(d, "502 5.5.1 Error: command not implemented");
	}
	/* tlsproxy(8) does the handshake with smtpd's certificates. */
	struct pf_smtpd smtpd = {.engine = d->screen->engine, .settings = d->screen->settings};
	struct pf_session session = {.smtpd = &smtpd, .world = d->world, .arena = d->arena};
	if (!pf_tls_available(&session)) {
		return text(d, "454 4.7.0 TLS not available due to local problem");
	}
	d->up = true;
	d->helo = d->sender = false;
	return text(d, "220 2.0.0 Ready to start TLS");
}

static const struct {
	const char *name;
	struct mp_sim_reply (*run)(struct pf_dummy *, const char *);
	bool before_tls;
} table[] = {
	{"HELO", helo, true},
	{"EHLO", ehlo, true},
	{"STARTTLS", starttls, true},
	{"MAIL", mail, false},
	{"RCPT", rcpt, false},
	{"DATA", data, false},
	{"BDAT", bdat, false},
	{"RSET", rset, false},
	{"NOOP", noop, true},
	{"VRFY", vrfy, false},
	{"ETRN", etrn, false},
	{"QUIT", quit, true},
};

/* A command that is none: GET, CONNECT, a header. */
static bool is_forbidden(struct pf_dummy *d, const char *word)
{
	struct pf_list *list = pf_list_new(d->screen->engine, d->screen->settings,
		"postscreen_forbidden_commands",
		pf_value(d->screen->settings, "postscreen_forbidden_commands"), PF_STRING_LIST);

	return pf_is_header(word) ||
		pf_list_match_name(list, d->world, d->arena, word, NULL) == PF_MATCH;
}

static struct mp_sim_reply unknown_command(struct pf_dummy *d, const char *word)
{
	if (is_forbidden(d, word) &&
		mp_str_ieq(pf_str(d->screen->settings, "postscreen_non_smtp_command_action"),
			"drop")) {
		return final(d, "521 5.7.0 Error: I can break rules, too. Goodbye.");
	}
	return text(d, "502 5.5.2 Error: command not recognized");
}

/* This engine announces no PIPELINING: who uses it fails a test. */
static bool pipelining_drops(struct pf_dummy *d)
{
	const char *action = pf_str(d->screen->settings, "postscreen_pipelining_action");

	if (mp_str_ieq(action, "enforce")) {
		d->rcpt_reply = "550 5.5.1 Protocol error";
	}
	return mp_str_ieq(action, "drop");
}

static struct mp_sim_reply command(struct pf_dummy *d, struct mp_slice line, bool more)
{
	struct mp_slice s = mp_slice_trim(line);
	size_t end = 0;

	if (d->commands++ >= pf_int(d->screen->settings, "postscreen_command_count_limit")) {
		return final(d,
			mp_arena_printf(
				d->arena, "421 %s Service unavailable - try again later", d->host));
	}
	while (end < s.n && !mp_is_space(s.p[end])) {
		end++;
	}
	const char *word = mp_arena_slicedup(d->arena, mp_slice_sub(s, 0, end));
	const char *rest = mp_arena_slicedup(d->arena, mp_slice_trim(mp_slice_from(s, end)));
	if (more && pipelining_drops(d)) {
		return final(d, "521 5.5.1 Protocol error");
	}
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (!mp_str_ieq(word, table[i].name)) {
			continue;
		}
		if (d->tls == ENCRYPT && !d->up && !table[i].before_tls) {
			return text(d, "530 5.7.0 Must issue a STARTTLS command first");
		}
		return table[i].run(d, rest);
	}
	return unknown_command(d, word);
}

void pf_dummy_say(
	struct pf_dummy *d, const struct mp_slice *lines, size_t n, struct mp_sim_reply *replies)
{
	for (size_t i = 0; i < n; i++) {
		if (d->closed) {
			replies[i] = mp_sim_closed();
		} else {
			replies[i] = command(d, lines[i], i + 1 < n);
		}
	}
}
