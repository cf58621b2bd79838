/*
 * auth - SASL: which mechanisms there are, and the AUTH dialogue (reference 10.3; RFC 4954).
 *
 * PLAIN, LOGIN and ANONYMOUS are carried out. Of challenge mechanisms the challenge is a hole, and
 * a response that was written before it cannot be right.
 */
#include "postfix/smtpd/smtpd.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "postfix/config/split.h"
#include "smtp/base64.h"

/* Texts of Cyrus SASL's sasl_errstring() that reach the client. */
static const char cyrus_again[] = "another step is needed in authentication";
static const char cyrus_protocol[] = "bad protocol / cancel";
static const char cyrus_failure[] = "authentication failure";
static const char cyrus_none[] = "no mechanism available";
static const char cyrus_encryption[] = "encryption needed to use mechanism";

/* ---- activation -------------------------------------------------------------------------------
 */

static struct mp_strings split_words(struct mp_arena *arena, const char *text)
{
	const char **v = mp_arena_array(arena, strlen(text) / 2 + 1, sizeof *v);
	struct mp_slice word;
	size_t n = 0;

	while (pf_next_word(&text, &word)) {
		v[n++] = mp_arena_slicedup(arena, word);
	}
	return (struct mp_strings){v, n};
}

/* What the library or the Dovecot server offers, from the facts or as a question. */
static void find_offered(struct pf_talk *t)
{
	static const char *const answers[] = {"PLAIN LOGIN", "none", "other"};

	t->sasl_open = false;
	if (mp_known_sasl_mechanisms(t->s.world, &t->offered)) {
		return;
	}
	const char *answer = mp_ask(t->s.world, "sasl.mechanisms", answers, 3);
	if (mp_str_eq(answer, "none")) {
		t->offered = (struct mp_strings){0};
		return;
	}
	t->sasl_open = mp_str_eq(answer, "other");
	t->offered = split_words(t->s.arena, t->sasl_open ? "{sasl.mechanisms}" : answer);
}

static struct mp_strings keep_allowed(struct pf_talk *t, unsigned options)
{
	const char **v = mp_arena_array(t->s.arena, t->offered.n + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < t->offered.n; i++) {
		if (t->sasl_open || pf_sasl_allowed(t->offered.v[i], options, t->loop->dovecot)) {
			v[n++] = t->offered.v[i];
		}
	}
	return (struct mp_strings){v, n};
}

static struct mp_strings keep_announced(struct pf_talk *t)
{
	const char **v = mp_arena_array(t->s.arena, t->mechanisms.n + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < t->mechanisms.n; i++) {
		if (t->sasl_open || t->loop->mechanism_filter == NULL ||
			pf_list_match_name(t->loop->mechanism_filter, t->s.world, t->s.arena,
				t->mechanisms.v[i], NULL) == PF_MATCH) {
			v[n++] = t->mechanisms.v[i];
		}
	}
	return (struct mp_strings){v, n};
}

/* The security options that are in force: others under TLS, where they are set so. */
static const char *security_options(struct pf_talk *t)
{
	const struct pf_settings *settings = t->s.smtpd->settings;
	const char *clear = pf_str(settings, "smtpd_sasl_security_options");
	const char *tls = pf_str(settings, "smtpd_sasl_tls_security_options");

	return mp_str_eq(clear, tls) || !pf_has_tls(&t->s) ? clear : tls;
}

bool pf_sasl_activate(struct pf_talk *t)
{
	unsigned options;

	t->sasl_active = false;
	if (!t->loop->sasl || (t->loop->tls_auth_only && !pf_has_tls(&t->s))) {
		return true;
	}
	const char *words = security_options(t);
	if (!pf_sasl_options(words, t->loop->dovecot, &options)) {
		return false;
	}
	find_offered(t);
	t->mechanisms = keep_allowed(t, options);
	t->announced = keep_announced(t);
	if (t->announced.n == 0) {
		return false;
	}
	t->sasl_active = true;
	return true;
}

/* Base64 into the session's arena; NUL bytes may be in it. */
static bool decode(struct pf_talk *t, struct mp_slice text, struct mp_slice *out)
{
	struct mp_buf buf;

	mp_buf_init(&buf, PF_SASL_RESPONSE_LIMIT);
	bool ok = mp_base64_decode(&buf, text);
	*out = mp_slice(mp_arena_memdup(t->s.arena, buf.p, buf.n), buf.n);
	mp_buf_release(&buf);
	return ok;
}

/* ---- the dialogue -----------------------------------------------------------------------------
 */

static void fail(struct pf_talk *t, const char *reason)
{
	t->waiting = PF_WAIT_COMMAND;
	pf_say(t, pf_because(t, "smtpd_sasl_auth_enable", (char *)NULL),
		"535 5.7.8 Error: authentication failed: %s", reason);
	t->errors++;
}

/* What Postfix says where the Dovecot server names no reason: before 3.5 the last challenge. */
static const char *dovecot_reason(const struct pf_talk *t, const char *challenge)
{
	return t->loop->version >= PF_VERSION_3_5 ? "(reason unavailable)" : challenge;
}

static void challenge(struct pf_talk *t, const char *text)
{
	t->waiting = PF_WAIT_AUTH;
	pf_say(t, pf_no_reasons(), "334 %s", text);
}

static void succeed(struct pf_talk *t, const char *user)
{
	t->waiting = PF_WAIT_COMMAND;
	t->s.said.sasl_user = user;
	t->s.said.sasl_method = t->auth.mechanism;
	pf_say(t, pf_because(t, "smtpd_sasl_auth_enable", (char *)NULL),
		"235 2.7.0 Authentication successful");
}

static void verify(struct pf_talk *t, const char *user, const char *password, const char *last)
{
	const struct pf_settings *settings = t->s.smtpd->settings;
	const char *realm = pf_str(settings, "smtpd_sasl_local_domain");

	if (*realm == '\0') {
		realm = pf_str(settings, "myhostname");
	}
	switch (mp_ask_sasl_login(t->s.world, user, realm, password)) {
	case MP_FOUND:
		succeed(t, user);
		return;
	case MP_NONE:
		fail(t, t->loop->dovecot ? dovecot_reason(t, last) : cyrus_failure);
		return;
	case MP_TEMPFAIL:
		t->waiting = PF_WAIT_COMMAND;
		pf_say_any(t, pf_because(t, "smtpd_sasl_auth_enable", (char *)NULL),
			t->loop->version > 30099 ? "4" : "5", "the SASL service fails");
		t->errors++;
		return;
	}
}

/* RFC 4616: authzid NUL authcid NUL password. */
static void plain(struct pf_talk *t, struct mp_slice message)
{
	size_t first = mp_slice_chr(message, '\0');
	struct mp_slice rest =
		first == MP_NOT_FOUND ? mp_slice(NULL, 0) : mp_slice_from(message, first + 1);
	size_t second = mp_slice_chr(rest, '\0');

	if (second == MP_NOT_FOUND ||
		mp_slice_chr(mp_slice_from(rest, second + 1), '\0') != MP_NOT_FOUND) {
		fail(t, t->loop->dovecot ? dovecot_reason(t, "") : cyrus_protocol);
		return;
	}
	const char *authorise = mp_arena_slicedup(t->s.arena, mp_slice_sub(message, 0, first));
	const char *user = mp_arena_slicedup(t->s.arena, mp_slice_sub(rest, 0, second));
	const char *password = mp_arena_slicedup(t->s.arena, mp_slice_from(rest, second + 1));
	if (*authorise != '\0' && !mp_str_eq(authorise, user)) {
		fail(t, t->loop->dovecot ? dovecot_reason(t, "") : cyrus_failure);
		return;
	}
	verify(t, user, password, "");
}

static void login(struct pf_talk *t, struct mp_slice message)
{
	const char *text = mp_arena_slicedup(t->s.arena, message);

	if (t->auth.user == NULL) {
		t->auth.user = text;
		challenge(t, "UGFzc3dvcmQ6"); /* "Password:" */
		return;
	}
	verify(t, t->auth.user, text, "UGFzc3dvcmQ6");
}

/* Mechanisms whose response depends on a challenge that we do not know. */
static void respond(struct pf_talk *t)
{
	if (mp_str_ieq(t->auth.mechanism, "CRAM-MD5")) {
		fail(t, t->loop->dovecot ? dovecot_reason(t, "{challenge}") : cyrus_failure);
		return;
	}
	pf_talk_lose(t, "the dialogue of this SASL mechanism is not simulated");
}

static void step(struct pf_talk *t, struct mp_slice message)
{
	const char *mechanism = t->auth.mechanism;

	if (mp_str_ieq(mechanism, "PLAIN")) {
		plain(t, message);
	} else if (mp_str_ieq(mechanism, "LOGIN")) {
		login(t, message);
	} else if (mp_str_ieq(mechanism, "ANONYMOUS")) {
		succeed(t, "anonymous");
	} else {
		respond(t);
	}
}

/* The first challenge of a mechanism, where the client gave no initial response. */
static void open_dialogue(struct pf_talk *t)
{
	const char *mechanism = t->auth.mechanism;

	if (mp_str_ieq(mechanism, "LOGIN")) {
		challenge(t, "VXNlcm5hbWU6"); /* "Username:" */
	} else if (mp_str_ieq(mechanism, "CRAM-MD5") || mp_str_ieq(mechanism, "DIGEST-MD5")) {
		challenge(t, "{challenge}");
	} else {
		challenge(t, "");
	}
}

/* What Cyrus SASL says of text that is no base64: it decodes four characters at a time, and takes
 * what is left over at the end for the beginning of more. */
static const char *cyrus_malformed(struct mp_slice text)
{
	for (size_t i = 0; i + 4 <= text.n; i += 4) {
		for (size_t k = i; k < i + 4; k++) {
			char c = text.p[k];
			bool padding = c == '=' && k >= i + 2;
			if (!mp_is_alnum(c) && c != '+' && c != '/' && !padding) {
				return cyrus_protocol;
			}
		}
	}
	return text.n % 4 != 0 ? cyrus_again : cyrus_protocol;
}

void pf_auth_continue(struct pf_talk *t, struct mp_slice line)
{
	struct mp_slice message;

	if (mp_slice_eq_str(line, "*")) {
		t->waiting = PF_WAIT_COMMAND;
		pf_say(t, pf_no_reasons(), "501 5.7.0 Authentication aborted");
		t->errors++;
		return;
	}
	if (!decode(t, line, &message)) {
		fail(t,
			t->loop->dovecot ? "Invalid base64 data in continued response"
					 : cyrus_malformed(line));
		return;
	}
	step(t, message);
}

/* ---- the command ------------------------------------------------------------------------------
 */

static bool not_now(struct pf_talk *t, struct mp_reasons because, const char *text)
{
	pf_say(t, because, "%s", text);
	return false;
}

static bool may_begin(struct pf_talk *t, struct pf_words args)
{
	if (pf_bool(t->s.smtpd->settings, "smtpd_helo_required") && t->s.said.helo == NULL) {
		return not_now(t, pf_because(t, "smtpd_helo_required", (char *)NULL),
			"503 5.5.1 Error: send HELO/EHLO first");
	}
	if (!t->sasl_active || (t->discard & PF_EHLO_AUTH) != 0) {
		const char *why = (t->discard & PF_EHLO_AUTH) != 0 ? "smtpd_discard_ehlo_keywords"
			: t->loop->sasl                            ? t->loop->auth_only_parameter
								   : "smtpd_sasl_auth_enable";
		return not_now(t, pf_because(t, why, (char *)NULL),
			"503 5.5.1 Error: authentication not enabled");
	}
	if (t->s.said.sender != NULL) {
		return not_now(t, pf_no_reasons(), "503 5.5.1 Error: MAIL transaction in progress");
	}
	if (pf_login(&t->s) != NULL) {
		return not_now(t, pf_no_reasons(), "503 5.5.1 Error: already authenticated");
	}
	if (args.n < 2 || args.n > 3) {
		return not_now(t, pf_no_reasons(), "501 5.5.4 Syntax: AUTH mechanism");
	}
	if (pf_limit_hit(t, "smtpd_client_auth_rate_limit", ++t->logins)) {
		pf_say(t, pf_because(t, "smtpd_client_auth_rate_limit", (char *)NULL),
			"450 4.7.1 Error: too many AUTH commands from %s", t->s.said.client_text);
		return false;
	}
	return true;
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

/* Why the mechanism cannot be used, or NULL. */
static const char *unusable(struct pf_talk *t, const char *mechanism)
{
	if (has(t->mechanisms, mechanism)) {
		return NULL;
	}
	if (t->loop->dovecot) {
		return "Invalid authentication mechanism";
	}
	return has(t->offered, mechanism) && pf_sasl_is_plaintext(mechanism) ? cyrus_encryption
									     : cyrus_none;
}

/* The initial response: false after it was answered as malformed. */
static bool initial_response(struct pf_talk *t, const char *word, struct mp_slice *message)
{
	struct mp_slice s = mp_slice_str(word);

	if (decode(t, s, message)) {
		return true;
	}
	fail(t, t->loop->dovecot ? "Invalid base64 data in initial response" : cyrus_malformed(s));
	return false;
}

bool pf_cmd_auth(struct pf_talk *t, struct pf_words args)
{
	struct mp_slice message = {0};

	if (!may_begin(t, args)) {
		return true;
	}
	if (t->sasl_open) {
		pf_talk_lose(t, "it is not known which SASL mechanisms there are");
		return false;
	}
	t->auth = (struct pf_auth){.mechanism = args.v[1]};
	const char *why = unusable(t, args.v[1]);
	/* Cyrus decodes the initial response before it looks for the mechanism, Dovecot's server
	 * does after. */
	if (args.n == 3 && (why == NULL || !t->loop->dovecot) &&
		!initial_response(t, args.v[2], &message)) {
		return false; /* counted where it was said */
	}
	if (why != NULL) {
		fail(t, why);
		return false;
	}
	if (args.n == 3) {
		step(t, message);
	} else {
		open_dialogue(t);
	}
	return false;
}
