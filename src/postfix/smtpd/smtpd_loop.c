/*
 * smtpd_loop - reads what the client writes and dispatches commands (reference 4.1, 4.2).
 *
 * The input of one write is a run of bytes, as smtpd sees it: what is left of it when a command has
 * been read was pipelined.
 */
#include "postfix/smtpd/smtpd.h"

#include "base/ascii.h"
#include "base/utf8.h"

enum {
	JUNK = 1, /* counts against smtpd_junk_command_limit */
	BEFORE_TLS = 2, /* allowed before STARTTLS where TLS is enforced */
	LAST = 4 /* must be the last of a pipelined group (RFC 2920 3.1) */
};

struct command {
	const char *name;
	pf_command_fn *run;
	unsigned flags;
	unsigned since; /* version */
};

static const struct command commands[] = {
	{"HELO", pf_cmd_helo, JUNK | BEFORE_TLS | LAST, 0},
	{"EHLO", pf_cmd_ehlo, JUNK | BEFORE_TLS | LAST, 0},
	{"XCLIENT", pf_cmd_xclient, BEFORE_TLS, 0},
	{"XFORWARD", pf_cmd_xforward, 0, 0},
	{"STARTTLS", pf_cmd_starttls, BEFORE_TLS, 0},
	{"AUTH", pf_cmd_auth, 0, 0},
	{"MAIL", pf_cmd_mail, 0, 0},
	{"RCPT", pf_cmd_rcpt, 0, 0},
	{"DATA", pf_cmd_data, LAST, 0},
	{"BDAT", pf_cmd_bdat, 0, PF_VERSION_3_4},
	{"RSET", pf_cmd_rset, JUNK, 0},
	{"NOOP", pf_cmd_noop, JUNK | BEFORE_TLS | LAST, 0},
	{"VRFY", pf_cmd_vrfy, JUNK | LAST, 0},
	{"ETRN", pf_cmd_etrn, JUNK, 0},
	{"QUIT", pf_cmd_quit, BEFORE_TLS, 0},
	{"HELP", pf_cmd_help, BEFORE_TLS, PF_VERSION_3_9},
};

static const struct command *find_command(const struct pf_talk *t, const char *word)
{
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
		if (mp_str_ieq(word, commands[i].name) && t->loop->version >= commands[i].since) {
			return &commands[i];
		}
	}
	return NULL;
}

bool pf_talk_line(struct pf_talk *t, struct mp_slice *line, bool *crlf)
{
	size_t end = mp_slice_chr(t->input, '\n');

	if (end == MP_NOT_FOUND) {
		return false;
	}
	struct mp_slice l = mp_slice_sub(t->input, 0, end);
	t->input = mp_slice_from(t->input, end + 1);
	if (crlf != NULL) {
		*crlf = l.n > 0 && l.p[l.n - 1] == '\r';
	}
	while (l.n > 0 && l.p[l.n - 1] == '\r') {
		l.n--;
	}
	if (l.n > PF_LINE_LIMIT) {
		l.n = PF_LINE_LIMIT;
	}
	size_t nul = mp_slice_chr(l, '\0');
	*line = nul == MP_NOT_FOUND ? l : mp_slice_sub(l, 0, nul);
	return true;
}

static bool list_has(struct pf_talk *t, struct pf_list *list, const char *word)
{
	return list != NULL &&
		pf_list_match_name(list, t->s.world, t->s.arena, word, NULL) == PF_MATCH;
}

static void count_junk(struct pf_talk *t)
{
	if (t->junk++ > pf_int(t->s.smtpd->settings, "smtpd_junk_command_limit")) {
		t->errors++;
	}
}

/* smtpd_command_filter; false when its table failed (the reply is queued). */
static bool filter_line(struct pf_talk *t, struct mp_slice *line)
{
	if (t->loop->command_filter == NULL) {
		return true;
	}
	/* The line may hold any of it. */
	pf_consult(
		&t->s, MP_ASPECT_HELO | MP_ASPECT_SENDER | MP_ASPECT_RECIPIENT | MP_ASPECT_LOGIN);
	struct mp_slice key = *line;
	while (key.n > 0 && (key.p[0] == ' ' || key.p[0] == '\t')) {
		key = mp_slice_from(key, 1);
	}
	struct mp_table_result found = pf_maps_find(t->loop->command_filter, t->s.world,
		mp_arena_slicedup(t->s.arena, key), false, MP_ROLE_VALUE, t->s.arena);
	if (!pf_talk_settled(t, &found, "smtpd_command_filter",
		    "smtpd_command_filter replaces the command by a text that is not known")) {
		return false;
	}
	if (found.status == MP_TABLE_FOUND) {
		*line = mp_slice_str(found.value);
	}
	return true;
}

/* A word that is no command: a header or a forbidden word ends the session. */
static bool is_forbidden(struct pf_talk *t, const char *word)
{
	return pf_is_header(word) || list_has(t, t->loop->forbidden, word);
}

static void say_denied(struct pf_talk *t)
{
	if (t->denied[0] != '\0' && t->denied[1] == '2' && t->denied[2] == '1') {
		pf_say(t, t->denied_because, "%s", t->denied);
	} else {
		pf_say(t, t->denied_because, "503 5.7.0 Error: access denied for %s",
			pf_client_namaddr(&t->s));
	}
	t->errors++;
}

/* Whether the client pipelined where it must not. Ends the session where that is forbidden. */
static bool pipelining_ends(struct pf_talk *t, const struct command *command)
{
	if (t->input.n == 0 || (t->s.esmtp && (command->flags & LAST) == 0)) {
		return false;
	}
	t->s.illegal_pipelining = true;
	if (!pf_bool(t->s.smtpd->settings, "smtpd_forbid_unauth_pipelining")) {
		return false;
	}
	pf_say(t, pf_because(t, "smtpd_forbid_unauth_pipelining", (char *)NULL),
		"554 5.5.0 Error: SMTP protocol synchronization");
	pf_talk_close(t);
	return true;
}

static void run_command(struct pf_talk *t, const struct command *command, struct pf_words args)
{
	if (t->loop->tls_enforce && (command->flags & BEFORE_TLS) == 0 && !pf_has_tls(&t->s)) {
		pf_say(t, pf_because(t, t->loop->tls_parameter, (char *)NULL),
			"530 5.7.0 Must issue a STARTTLS command first");
		t->errors++;
		return;
	}
	if (pipelining_ends(t, command)) {
		return;
	}
	if (command->run(t, args)) {
		t->errors++;
	}
	if ((command->flags & JUNK) != 0) {
		count_junk(t);
	}
}

static void dispatch(struct pf_talk *t, struct pf_words args)
{
	const char *word = args.v[0];

	if (list_has(t, t->loop->noop, word)) {
		pf_say(t, pf_because(t, "smtpd_noop_commands", (char *)NULL), "250 2.0.0 Ok");
		count_junk(t);
		return;
	}
	const struct command *command = find_command(t, word);
	if (command == NULL && is_forbidden(t, word)) {
		pf_say(t,
			pf_is_header(word)
				? pf_no_reasons()
				: pf_because(t, "smtpd_forbidden_commands", (char *)NULL),
			"221 2.7.0 Error: I can break rules, too. Goodbye.");
		pf_talk_close(t);
		return;
	}
	if (t->denied != NULL && (command == NULL || command->run != pf_cmd_quit)) {
		say_denied(t);
		return;
	}
	if (command == NULL) {
		pf_say(t, pf_no_reasons(), "%s 5.5.2 Error: command not recognized",
			t->loop->version >= PF_VERSION_3_7 ? "500" : "502");
		t->errors++;
		return;
	}
	run_command(t, command, args);
}

/* smtpd_forbid_bare_newline = reject. */
static bool bare_newline_ends(struct pf_talk *t, bool crlf)
{
	const struct pf_settings *settings = t->s.smtpd->settings;

	if (crlf || !mp_str_ieq(pf_str(settings, "smtpd_forbid_bare_newline"), "reject") ||
		pf_check_client_list(&t->s, "smtpd_forbid_bare_newline_exclusions") == PF_MATCH) {
		return false;
	}
	pf_say(t, pf_because(t, "smtpd_forbid_bare_newline", (char *)NULL),
		"%ld 5.5.2 %s Error: bare <LF> received",
		pf_int(settings, "smtpd_forbid_bare_newline_reject_code"),
		pf_str(settings, "myhostname"));
	pf_talk_close(t);
	return true;
}

static void read_command(struct pf_talk *t)
{
	struct mp_slice line;
	bool crlf;

	if (!pf_talk_line(t, &line, &crlf)) {
		t->input = mp_slice(NULL, 0);
		return;
	}
	if (bare_newline_ends(t, crlf)) {
		return;
	}
	if (t->loop->smtputf8 && !mp_utf8_valid(line)) {
		pf_say(t, pf_because(t, "smtputf8_enable", (char *)NULL),
			"500 5.5.2 Error: bad UTF-8 syntax");
		t->errors++;
		return;
	}
	if (!filter_line(t, &line)) {
		return;
	}
	struct pf_words args = pf_tokenise(t->s.arena, line);
	if (args.n == 0) {
		pf_say(t, pf_no_reasons(), "500 5.5.2 Error: bad syntax");
		t->errors++;
		return;
	}
	dispatch(t, args);
}

static void read_response(struct pf_talk *t)
{
	struct mp_slice line;

	if (!pf_talk_line(t, &line, NULL)) {
		t->input = mp_slice(NULL, 0);
		return;
	}
	pf_auth_continue(t, line);
}

/* Before each command: too many errors end the session without being asked. */
static void check_errors(struct pf_talk *t)
{
	const struct pf_settings *settings = t->s.smtpd->settings;

	if (t->ended || t->lost != NULL || t->waiting != PF_WAIT_COMMAND ||
		t->errors < pf_int(settings, "smtpd_hard_error_limit")) {
		return;
	}
	pf_say(t, pf_because(t, "smtpd_hard_error_limit", (char *)NULL),
		"421 4.7.0 %s Error: too many errors", pf_str(settings, "myhostname"));
}

void pf_talk_feed(struct pf_talk *t, struct mp_slice bytes)
{
	t->input = bytes;
	while (!t->ended && t->lost == NULL && t->input.n > 0) {
		switch (t->waiting) {
		case PF_WAIT_COMMAND:
			read_command(t);
			break;
		case PF_WAIT_DATA:
			pf_data_read(t);
			break;
		case PF_WAIT_AUTH:
			read_response(t);
			break;
		case PF_WAIT_CHUNK:
			pf_chunk_read(t);
			break;
		}
		check_errors(t);
	}
}

void pf_talk_reset_helo(struct pf_talk *t)
{
	t->s.said.helo = NULL;
}

void pf_talk_reset_mail(struct pf_talk *t)
{
	t->s.said.sender = NULL;
	t->s.recipient = NULL;
	t->s.recipient_count = 0;
	t->s.first_recipient = "";
	t->s.discard = false;
	t->s.smtputf8 = false;
	t->s.check.sender_validated = t->s.check.recipient_validated = false;
	t->size = 0;
	t->auth_option = false;
	t->overshoot = 0;
	t->bdat = PF_BDAT_NONE;
	t->bdat_bytes = 0;
	t->proxied = false;
	t->refused_at_end = false;
}

/* smtpd_delay_reject = no: the refusal is the greeting, and the session goes on without use. */
static bool greet_refused(struct pf_talk *t)
{
	struct pf_verdict verdict = pf_check_client(&t->s);

	if (!pf_say_verdict(t, verdict)) {
		return false;
	}
	t->denied = verdict.kind == PF_REFUSE ? verdict.reply : "";
	t->denied_because = verdict.because;
	t->errors++;
	return true;
}

void pf_talk_greet(struct pf_talk *t)
{
	struct pf_settings *settings = t->s.smtpd->settings;

	t->denied = NULL;
	t->no_limits = t->xclient;
	(void)pf_ehlo_discard(t, false);
	if (!greet_refused(t) && !t->ended && t->lost == NULL) {
		pf_milter_ask(t);
		pf_say(t,
			pf_because(t, pf_is_set(settings, "smtpd_banner") ? "smtpd_banner" : "",
				(char *)NULL),
			"220 %s", pf_str(settings, "smtpd_banner"));
	}
	if (!pf_sasl_activate(t)) {
		/* The process dies before it has written the greeting. */
		t->first = NULL;
		t->last = &t->first;
		t->ended = true;
		return;
	}
	check_errors(t);
}
