/*
 * auth - SASL: which mechanisms there are, and the AUTH dialogue (reference 1.9, 3.2, 3.3).
 *
 * PLAIN, LOGIN, ANONYMOUS and EXTERNAL are carried out. Of challenge mechanisms the challenge is a
 * hole, and a response that was written before it cannot be right.
 */
#include "base/ascii.h"
#include "base/limits.h"
#include "sendmail/smtp/session.h"
#include "smtp/base64.h"

/* ---- mechanisms ------------------------------------------------------------------------------
 */

enum {
	P = SM_AUTH_NOPLAINTEXT,
	A = SM_AUTH_NOACTIVE,
	D = SM_AUTH_NODICTIONARY,
	F = SM_AUTH_FORWARD_SECRECY,
	M = SM_AUTH_MUTUAL,
	N = SM_AUTH_NOANONYMOUS,
	C = SM_AUTH_PASSCRED
};

/* What the plug-ins of Cyrus SASL say they resist. */
static unsigned properties(const char *name)
{
	static const struct {
		const char *name;
		unsigned has;
	} table[] = {
		{"PLAIN", N | C},
		{"LOGIN", N | C},
		{"ANONYMOUS", P},
		{"CRAM-MD5", P | N},
		{"DIGEST-MD5", P | N | M},
		{"NTLM", P | N},
		{"EXTERNAL", P | D | N},
		{"OTP", P | F | N},
		{"GSSAPI", P | A | N | M | C},
		{"GSS-SPNEGO", P | A | N | M},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (mp_str_ieq(name, table[i].name)) {
			return table[i].has;
		}
	}
	return mp_slice_istarts(mp_slice_str(name), "SCRAM-") ? P | A | N | M : P | N;
}

/* Whether the library offers a mechanism under the options of the moment. */
static bool allowed(struct sm_session *s, const char *name)
{
	unsigned options = s->settings->auth_options & (unsigned)(A | D | F | M | N | C);

	if ((s->features & SM_REQUIRE_SECURITY) != 0 && !s->tls) {
		options |= P;
	}
	if (mp_str_ieq(name, "EXTERNAL")) {
		return s->tls && s->verify != NULL && mp_str_eq(s->verify, "OK") &&
			(options & ~properties(name)) == 0;
	}
	/* What protects the connection from outside counts for the password in clear only. */
	return (options & ~properties(name)) == 0;
}

static struct mp_strings split(struct mp_arena *arena, const char *text)
{
	const char **v = mp_arena_array(arena, strlen(text) / 2 + 1, sizeof *v);
	size_t n = 0;

	for (const char *p = text; *p != '\0';) {
		size_t length = strcspn(p, " \t");

		if (length > 0) {
			v[n++] = mp_arena_memdup(arena, p, length);
		}
		p += length + (p[length] != '\0');
	}
	return (struct mp_strings){v, n};
}

static bool has(struct mp_strings list, const char *word)
{
	for (size_t i = 0; i < list.n; i++) {
		if (mp_str_ieq(list.v[i], word)) {
			return true;
		}
	}
	return false;
}

/* What the library has, from the facts or as a question. */
static struct mp_strings library(struct sm_session *s, bool *open)
{
	static const char *const answers[] = {
		"EXTERNAL DIGEST-MD5 CRAM-MD5 LOGIN PLAIN ANONYMOUS", "none", "other"};
	struct mp_strings known = {0};
	const char *answer;

	*open = false;
	if (mp_known_sasl_mechanisms(s->world, &known)) {
		return known;
	}
	answer = mp_ask(s->world, "sasl.mechanisms", answers, 3);
	*open = mp_str_eq(answer, "other");
	if (*open || mp_str_eq(answer, "none")) {
		return known;
	}
	return split(s->arena, answer);
}

void sm_auth_begin(struct sm_session *s)
{
	static const char usual[] = "EXTERNAL GSSAPI KERBEROS_V4 DIGEST-MD5 CRAM-MD5";
	const struct sm_option *o = sm_cf_option(s->cf, "AuthMechanisms");
	struct mp_strings wanted, offered;
	const char **v;
	size_t n = 0;

	s->mechanisms = (struct mp_strings){0};
	s->library_mechanisms = 0;
	if ((s->features & SM_OFFER_AUTH) == 0) {
		return;
	}
	offered = library(s, &s->mechanisms_open);
	wanted = split(
		s->arena, o != NULL ? sm_option_value(s->cf, "AuthMechanisms", s->arena) : usual);
	for (size_t i = 0; i < offered.n; i++) {
		s->library_mechanisms += allowed(s, offered.v[i]);
	}
	v = mp_arena_array(s->arena, wanted.n + 1, sizeof *v);
	for (size_t i = 0; i < wanted.n; i++) {
		if (allowed(s, wanted.v[i]) && has(offered, wanted.v[i])) {
			v[n++] = wanted.v[i];
		}
	}
	if (s->mechanisms_open && wanted.n > 0) {
		n = 0;
		v[n++] = "{sasl.mechanisms}";
		s->library_mechanisms = 1;
	}
	s->mechanisms = (struct mp_strings){v, n};
}

/* ---- the dialogue ----------------------------------------------------------------------------
 */

static void fail(struct sm_session *s)
{
	s->waiting = SM_WAIT_COMMAND;
	s->auth = SM_AUTH_NOT;
	sm_message(s, sm_no_reasons(), "535 5.7.0 authentication failed");
}

static void succeed(struct sm_session *s, const char *user, const char *bits)
{
	s->waiting = SM_WAIT_COMMAND;
	s->auth = SM_AUTH_DONE;
	s->auth_user = user;
	s->consulted |= MP_ASPECT_LOGIN;
	sm_run_set(&s->run, "auth_type", s->auth_mechanism);
	sm_run_set(&s->run, "auth_authen", user);
	sm_run_set(&s->run, "auth_ssf", bits);
	sm_message(s, sm_no_reasons(), "235 2.0.0 OK Authenticated");
}

static void challenge(struct sm_session *s, const char *text)
{
	s->waiting = SM_WAIT_AUTH;
	s->auth = SM_AUTH_UNDER_WAY;
	sm_message(s, sm_no_reasons(), "334 %s", text);
}

static const char *realm(struct sm_session *s)
{
	const char *own = sm_option_value(s->cf, "AuthRealm", s->arena);

	return own[0] != '\0' ? own : sm_run_get(&s->run, "j");
}

static void verify(struct sm_session *s, const char *user, const char *password)
{
	if (user[0] == '\0' || mp_ask_sasl_login(s->world, user, realm(s), password) != MP_FOUND) {
		fail(s);
		return;
	}
	succeed(s, user, "0");
}

/* RFC 4616: authorization identity, name and password, parted by NUL. */
static void plain(struct sm_session *s, struct mp_slice message)
{
	size_t first = mp_slice_chr(message, '\0'), second;

	if (first == MP_NOT_FOUND) {
		fail(s);
		return;
	}
	second = mp_slice_chr(mp_slice_from(message, first + 1), '\0');
	if (second == MP_NOT_FOUND) {
		fail(s);
		return;
	}

	struct mp_slice user = mp_slice_sub(message, first + 1, first + 1 + second);
	struct mp_slice password = mp_slice_from(message, first + second + 2);

	verify(s, mp_arena_slicedup(s->arena, user), mp_arena_slicedup(s->arena, password));
}

static void login(struct sm_session *s, struct mp_slice message)
{
	const char *text = mp_arena_slicedup(s->arena, message);

	if (s->auth_step++ == 0) {
		s->auth_user = text;
		challenge(s, "UGFzc3dvcmQ6");
		return;
	}
	verify(s, s->auth_user, text);
}

static void step(struct sm_session *s, struct mp_slice message)
{
	const char *m = s->auth_mechanism;

	if (mp_str_ieq(m, "PLAIN")) {
		plain(s, message);
	} else if (mp_str_ieq(m, "LOGIN")) {
		login(s, message);
	} else if (mp_str_ieq(m, "ANONYMOUS")) {
		succeed(s, "anonymous", "0");
	} else if (mp_str_ieq(m, "EXTERNAL")) {
		succeed(s, s->cert_subject, "0");
	} else if (mp_str_ieq(m, "CRAM-MD5") || mp_str_ieq(m, "DIGEST-MD5")) {
		fail(s);
	} else {
		sm_lose(s, "the dialogue of this SASL mechanism is not simulated");
	}
}

static bool decode(struct sm_session *s, const char *text, struct mp_slice *out)
{
	struct mp_buf b;
	bool ok;

	mp_buf_init(&b, MP_LIMIT_COMMAND);
	ok = mp_base64_decode(&b, mp_slice_str(text));
	*out = mp_slice(mp_arena_memdup(s->arena, b.p, b.n), b.n);
	mp_buf_release(&b);
	return ok;
}

void sm_auth_continue(struct sm_session *s, const char *line)
{
	struct mp_slice message;

	s->waiting = SM_WAIT_COMMAND;
	if (mp_str_eq(line, "*")) {
		s->auth = SM_AUTH_NOT;
		sm_message(s, sm_no_reasons(), "501 5.0.0 AUTH aborted");
		return;
	}
	if (!decode(s, line, &message)) {
		s->auth = SM_AUTH_NOT;
		sm_message(s, sm_no_reasons(), "501 5.5.4 cannot decode AUTH parameter %s", line);
		return;
	}
	step(s, message);
}

/* The first answer of a mechanism, where the client gave no initial response. */
static void begin(struct sm_session *s)
{
	const char *m = s->auth_mechanism;

	if (mp_str_ieq(m, "LOGIN")) {
		challenge(s, "VXNlcm5hbWU6");
	} else if (mp_str_ieq(m, "CRAM-MD5") || mp_str_ieq(m, "DIGEST-MD5")) {
		challenge(s, "{challenge}");
	} else {
		challenge(s, "");
	}
}

/* Refusals before the mechanism is looked at. */
static bool refused(struct sm_session *s)
{
	if (s->library_mechanisms == 0) {
		sm_message(s,
			sm_daemon_has(s->daemon, 'A') ? sm_because_daemon(s) : s->features_because,
			"503 5.3.3 AUTH not available");
		return true;
	}
	if (s->auth == SM_AUTH_DONE) {
		sm_message(s, sm_no_reasons(), "503 5.5.0 Already Authenticated");
		return true;
	}
	if (s->got_mail) {
		sm_message(s, sm_no_reasons(),
			"503 5.5.0 AUTH not permitted during a mail transaction");
		return true;
	}
	if (s->tempfail) {
		sm_usrerr(s, sm_no_reasons(), "454 4.3.0 Please try again later");
		return true;
	}
	return false;
}

void sm_command_auth(struct sm_session *s, const char *command, const char *argument)
{
	size_t n = strcspn(argument, " \t\r\v\f");
	const char *mechanism = mp_arena_memdup(s->arena, argument, n);
	const char *initial = argument + n;
	struct mp_slice message = {0};

	(void)command;
	if (refused(s) || sm_session_attacked(s, &s->auths, (long)s->library_mechanisms + 1)) {
		return;
	}
	while (mp_is_space(*initial)) {
		initial++;
	}
	if (*mechanism == '\0') {
		sm_message(s, sm_no_reasons(), "501 5.5.2 AUTH mechanism must be specified");
		return;
	}
	if (s->mechanisms_open) {
		sm_lose(s, "it is not known which SASL mechanisms there are");
		return;
	}
	if (!has(s->mechanisms, mechanism)) {
		sm_message(s, sm_because_option(s, "AuthMechanisms"),
			"504 5.3.3 AUTH mechanism %.32s not available", mechanism);
		return;
	}
	if (*initial != '\0' && !mp_str_eq(initial, "=") && !decode(s, initial, &message)) {
		sm_message(s, sm_no_reasons(), "501 5.5.4 cannot BASE64 decode '%s'", initial);
		return;
	}
	s->auth_mechanism = mechanism;
	s->auth_step = 0;
	if (*initial != '\0') {
		step(s, message);
	} else {
		begin(s);
	}
}
