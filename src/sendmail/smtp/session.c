/*
 * session - the command loop: lines in, replies out (reference 2.2, 3.6).
 */
#include "sendmail/smtp/session.h"
#include "base/buf.h"

#include "base/ascii.h"

enum {
	LINE_LENGTH = 2048, /* longer commands end the session (MAXLINE) */
	BAD_COMMANDS = 25, /* MAXBADCOMMANDS */
	WORD_LENGTH = LINE_LENGTH - 2
};

struct command {
	const char *name;
	sm_command_fn *run;
};

static sm_command_fn unimplemented, unknown, bogus;

/* The order does not matter; what is not here is unknown. */
static const struct command commands[] = {
	{"mail", sm_command_mail},
	{"rcpt", sm_command_rcpt},
	{"data", sm_command_data},
	{"rset", sm_command_rset},
	{"vrfy", sm_command_vrfy},
	{"expn", sm_command_expn},
	{"help", sm_command_help},
	{"noop", sm_command_noop},
	{"quit", sm_command_quit},
	{"helo", sm_command_helo},
	{"ehlo", sm_command_ehlo},
	{"etrn", sm_command_etrn},
	{"verb", sm_command_verb},
	{"send", unimplemented},
	{"saml", unimplemented},
	{"soml", unimplemented},
	{"turn", unimplemented},
	{"auth", sm_command_auth},
	{"starttls", sm_command_starttls},
	{"showq", bogus},
	{"debug", bogus},
	{"wiz", bogus},
};

void sm_session_reset(struct sm_session *s)
{
	s->recipients.n = 0;
	s->recipient_count = 0;
	s->got_mail = false;
	s->discarding = s->discard_all;
	s->size = 0;
	s->given = (struct sm_given){0};
	sm_run_set(&s->run, "nrcpts", "0");
	sm_run_set(&s->run, "f", NULL);
	sm_run_set(&s->run, "mail_from", NULL);
}

static void too_many(struct sm_session *s)
{
	sm_message(s, sm_no_reasons(), "421 4.7.0 %s Too many bad commands; closing connection",
		sm_run_get(&s->run, "j"));
	sm_close(s);
}

bool sm_session_attacked(struct sm_session *s, unsigned *counter, long most)
{
	long children = s->daemon->children != -1 ? s->daemon->children : s->settings->children_max;

	if (most > 0 && ++*counter >= 2 * (unsigned)most && children > 0) {
		too_many(s);
		return true;
	}
	return false;
}

bool sm_session_early(struct sm_session *s)
{
	if (s->input.n == 0 || (s->features & SM_ALLOW_EARLY) != 0 ||
		!sm_refuses_early_talkers(s)) {
		return false;
	}
	sm_message(s, sm_no_reasons(), "554 5.5.0 SMTP protocol error");
	return true;
}

static void unimplemented(struct sm_session *s, const char *command, const char *argument)
{
	(void)argument;
	if (sm_check_other(s, command, "5")) {
		return;
	}
	sm_usrerr(s, sm_no_reasons(), "502 5.5.1 Command not implemented: \"%s\"",
		sm_shortened(s, command));
}

static void unknown(struct sm_session *s, const char *command, const char *argument)
{
	(void)argument;
	if (++s->bad_commands > BAD_COMMANDS) {
		too_many(s);
		return;
	}
	if (sm_check_other(s, command, "5")) {
		return;
	}
	sm_usrerr(s, sm_no_reasons(), "500 5.5.1 Command unrecognized: \"%s\"",
		sm_shortened(s, command));
}

/* Commands of old that sendmail logs: unknown ones, except where every command is refused. */
static void bogus(struct sm_session *s, const char *command, const char *argument)
{
	unknown(s, command, argument);
}

/* Commands that are carried out although every other is refused. */
static bool always_runs(sm_command_fn *run)
{
	return run == sm_command_quit || run == sm_command_helo || run == sm_command_ehlo ||
		run == sm_command_noop || run == sm_command_rset || run == unknown;
}

static void refuse_null(struct sm_session *s)
{
	if (++s->bad_commands > BAD_COMMANDS) {
		too_many(s);
	} else if (mp_is_digit(s->nullserver[0])) {
		sm_usrerr(s, s->nullserver_because, "%s", s->nullserver);
	} else {
		sm_usrerr(s, s->nullserver_because, "550 5.0.0 %s", s->nullserver);
	}
}

static sm_command_fn *find_command(struct mp_slice word)
{
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		if (mp_slice_ieq_str(word, commands[i].name)) {
			return commands[i].run;
		}
	}
	return unknown;
}

static void run_command(struct sm_session *s, const char *line)
{
	const char *p = line, *from;
	sm_command_fn *run;

	while (mp_is_space(*p)) {
		p++;
	}
	from = p;
	while (*p != '\0' && !mp_is_space(*p)) {
		p++;
	}
	run = find_command(mp_slice(from, (size_t)(p - from)));
	while (mp_is_space(*p)) {
		p++;
	}
	s->to = NULL;
	if (s->nullserver != NULL && !always_runs(run)) {
		refuse_null(s);
		return;
	}
	if (s->verbose &&
		((run == sm_command_rcpt && s->got_mail) || run == sm_command_vrfy ||
			run == sm_command_expn)) {
		sm_lose(s, "in verbose mode the server tells the client more than replies");
		return;
	}
	run(s, line, p);
}

/* A proxy that was abused speaks HTTP. */
static bool is_http(struct mp_slice line)
{
	static const char *const words[] = {"GET", "POST", "CONNECT", "USER"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t n = strlen(words[i]);

		if (mp_slice_istarts(line, words[i]) && (n == line.n || mp_is_space(line.p[n]))) {
			return true;
		}
	}
	return false;
}

static void end_with(struct sm_session *s, const char *what)
{
	sm_message(s, sm_no_reasons(), "421 4.7.0 %s %s %s", sm_run_get(&s->run, "j"), what,
		s->client_shown);
	sm_close(s);
}

/* What comes in, in as many bits as are taken. */
static struct mp_slice in_bits(struct sm_session *s, struct mp_slice in)
{
	char *out;

	if (!s->seven_bits) {
		return in;
	}
	out = mp_arena_memdup(s->arena, in.p, in.n);
	for (size_t i = 0; i < in.n; i++) {
		out[i] = (char)(out[i] & 0x7f);
	}
	return mp_slice(out, in.n);
}

/* Takes the next line; false when no whole one is there. */
static bool next_line(struct sm_session *s, struct mp_slice *line)
{
	size_t end = mp_slice_chr(s->input, '\n'), nul;

	if (end == MP_NOT_FOUND) {
		return false;
	}
	*line = in_bits(s, mp_slice_sub(s->input, 0, end));
	s->input = mp_slice_from(s->input, end + 1);
	if (line->n > 0 && line->p[line->n - 1] == '\r') {
		line->n--;
	}
	nul = mp_slice_chr(*line, '\0');
	if (nul != MP_NOT_FOUND) {
		line->n = nul;
	}
	return true;
}

static void take_line(struct sm_session *s, struct mp_slice line)
{
	bool first = !s->talked;

	s->talked = true;
	if (s->waiting != SM_WAIT_AUTH && !mp_slice_istarts(line, "AUTH ") &&
		line.n + 2 > LINE_LENGTH) {
		end_with(s, "Command too long, possible attack");
		return;
	}
	if (first && is_http(line)) {
		end_with(s, "Rejecting open proxy");
		return;
	}

	const char *text = mp_arena_slicedup(s->arena, line);

	if (s->waiting == SM_WAIT_AUTH) {
		sm_auth_continue(s, text);
	} else {
		run_command(s, text);
	}
}

/* The message up to its lone dot; false when the end is not there. */
static bool take_content(struct sm_session *s)
{
	struct mp_slice in = s->input;

	for (size_t i = 0; i < in.n; i++) {
		size_t line = i, end = i;

		while (end < in.n && in.p[end] != '\n') {
			end++;
		}
		if (end >= in.n) {
			return false;
		}
		if (in.p[line] == '.' &&
			(end == line + 1 || (end == line + 2 && in.p[line + 1] == '\r'))) {
			s->input = mp_slice_from(in, end + 1);
			s->waiting = SM_WAIT_COMMAND;
			sm_content(s, in_bits(s, mp_slice_sub(in, 0, line)));
			return true;
		}
		i = end;
	}
	return false;
}

static void feed(struct sm_session *s, struct mp_slice bytes)
{
	struct mp_slice line;

	s->input = bytes;
	while (!s->ended && s->lost == NULL && s->input.n > 0) {
		if (s->waiting == SM_WAIT_CONTENT) {
			if (!take_content(s)) {
				break;
			}
		} else if (next_line(s, &line)) {
			take_line(s, line);
		} else {
			break;
		}
	}
}

/* The reply that the client sees next. */
static struct mp_sim_reply take_reply(struct sm_session *s)
{
	struct sm_pending *p = s->first;

	if (p != NULL) {
		s->first = p->next;
		if (s->first == NULL) {
			s->last = &s->first;
		}
		return p->reply;
	}
	if (s->lost != NULL) {
		return (struct mp_sim_reply){.kind = MP_SIM_UNKNOWN, .note = s->lost};
	}
	if (s->ended) {
		return mp_sim_closed();
	}
	return (struct mp_sim_reply){
		.kind = MP_SIM_UNKNOWN,
		.note = "the server waits for more before it replies",
	};
}

void sm_session_say(
	struct sm_session *s, const struct mp_slice *lines, size_t n, struct mp_sim_reply *replies)
{
	struct mp_buf all;
	size_t taken = 0;

	/* What came unasked answers the lines that were to be sent. */
	while (taken < n && s->first != NULL) {
		replies[taken++] = take_reply(s);
	}
	mp_buf_init(&all, (size_t)-1);
	for (size_t i = taken; i < n; i++) {
		mp_buf_put(&all, lines[i]);
		mp_buf_puts(&all, "\r\n");
	}
	if (!s->ended) {
		feed(s, mp_slice(mp_arena_memdup(s->arena, all.p, all.n), all.n));
	}
	mp_buf_release(&all);
	while (taken < n) {
		replies[taken++] = take_reply(s);
	}
	if (s->ended && s->first == NULL && n > 0) {
		replies[n - 1].closes = true;
	}
}

/* TLS from the first byte; false (and the greeting filled) when no session comes of it. */
static bool begin_implicit(struct sm_session *s, struct mp_sim_reply *greeting)
{
	bool implicit = sm_daemon_has(s->daemon, 's'), refused = sm_connect_refused(s);

	/* Who is turned away at once is told so without TLS. */
	if (!s->connect.tls && (refused || !implicit)) {
		return true;
	}
	/* A complaint is sent as it is, where TLS was to begin: that breaks it for a client that
	 * begins, and one that does not is closed upon at its next line. */
	if (!s->connect.tls && s->first != NULL) {
		*greeting = take_reply(s);
		sm_close(s);
		return false;
	}

	enum sm_tls state =
		implicit && !refused && s->first == NULL ? sm_tls_state(s) : SM_TLS_NONE;

	if (s->connect.tls && state == SM_TLS_WORKS) {
		sm_tls_begin(s);
		return true;
	}
	if (s->connect.tls && state == SM_TLS_OPEN) {
		*greeting = (struct mp_sim_reply){
			.kind = MP_SIM_UNKNOWN,
			.note = SM_TLS_OPEN_NOTE,
		};
	} else if (s->connect.tls || state == SM_TLS_NONE) {
		*greeting = mp_sim_closed();
	} else {
		*greeting = (struct mp_sim_reply){
			.kind = MP_SIM_TIMEOUT,
			.note = "the server waits for the client to begin TLS",
		};
	}
	greeting->because = sm_because_daemon(s);
	return false;
}

struct sm_session *sm_session_open(const struct sm_engine *engine, const struct sm_daemon *daemon,
	struct mp_world *world, struct mp_arena *arena, const struct mp_connect *connect,
	struct mp_sim_reply *greeting)
{
	struct sm_session *s = MP_ARENA_NEW(arena, struct sm_session);

	s->engine = engine;
	s->cf = engine->cf;
	s->settings = &engine->settings;
	s->seven_bits = engine->settings.seven_bits;
	s->daemon = daemon;
	s->world = world;
	s->arena = arena;
	s->connect = *connect;
	s->last = &s->first;
	sm_run_init(&s->run, engine->cf, world, arena);
	s->run.trace = &sm_session_trace;
	s->run.trace_context = s;
	if (connect->traced) {
		sm_recorder_watch(&s->recorder, &s->run);
	}
	sm_connect_identify(s);
	sm_connect_check(s);
	sm_auth_begin(s);
	if (!begin_implicit(s, greeting)) {
		return greeting->kind == MP_SIM_REPLY ? s : NULL;
	}
	sm_milter_ask(s);
	sm_connect_greet(s);
	*greeting = take_reply(s);
	return s;
}
