/* parameter - the ESMTP parameters of MAIL and RCPT (reference 3.6). */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

enum { PARAMETERS = 19 };

bool sm_parameters(struct sm_session *s, const char *p, sm_parameter_fn *take)
{
	unsigned count = 1;

	while (*p != '\0') {
		const char *key, *value = NULL;

		while (mp_is_space(*p)) {
			p++;
		}
		if (*p == '\0') {
			break;
		}
		key = p;
		while (mp_is_alnum(*p) || *p == '-') {
			p++;
		}
		key = mp_arena_memdup(s->arena, key, (size_t)(p - key));
		if (*p == '=') {
			value = ++p;
			while (*p != '\0' && *p != ' ' && *p != '=' &&
				!(mp_is_ascii(*p) && !mp_is_print(*p))) {
				p++;
			}
			value = mp_arena_memdup(s->arena, value, (size_t)(p - value));
		}
		p += *p != '\0';
		if (!take(s, key, value)) {
			return false;
		}
		if (++count >= PARAMETERS) {
			sm_usrerr(s, sm_no_reasons(), "501 5.5.4 Too many parameters");
			return false;
		}
	}
	return true;
}

/* RFC 3461 4. */
static bool is_xtext(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '+') {
			if (!mp_is_digit(text[1]) && !(text[1] >= 'A' && text[1] <= 'F')) {
				return false;
			}
			if (!mp_is_digit(text[2]) && !(text[2] >= 'A' && text[2] <= 'F')) {
				return false;
			}
			text += 2;
		} else if (*text < '!' || *text > '~' || *text == '=') {
			return false;
		}
	}
	return true;
}

static bool error(struct sm_session *s, const char *text)
{
	sm_usrerr(s, sm_no_reasons(), "%s", text);
	return false;
}

static bool needs_value(struct sm_session *s, const char *name, const char *value)
{
	if (value != NULL) {
		return false;
	}
	sm_usrerr(s, sm_no_reasons(), "501 5.5.2 %s requires a value", name);
	return true;
}

static bool no_dsn(struct sm_session *s, const char *name)
{
	if ((s->features & SM_OFFER_DSN) != 0) {
		return false;
	}
	sm_usrerr(s, sm_because_option(s, "PrivacyOptions"),
		"504 5.7.0 Sorry, %s not supported, we do not allow DSN", name);
	return true;
}

static bool take_size(struct sm_session *s, const char *value)
{
	if (needs_value(s, "SIZE", value)) {
		return false;
	}
	sm_run_set(&s->run, "msg_size", value);
	errno = 0;
	s->size = strtol(value, NULL, 10);
	if (s->size == LONG_MAX && errno == ERANGE) {
		return error(s, "552 5.2.3 Message size exceeds maximum value");
	}
	return s->size >= 0 || error(s, "552 5.2.3 Message size invalid");
}

static bool take_body(struct sm_session *s, const char *value)
{
	if (needs_value(s, "BODY", value)) {
		return false;
	}
	s->given.mime = mp_str_ieq(value, "8bitmime");
	if (!s->given.mime && !mp_str_ieq(value, "7bit")) {
		return error(s, mp_arena_printf(s->arena, "501 5.5.4 Unknown BODY type %s", value));
	}
	s->seven_bits = !s->given.mime;
	return true;
}

static bool take_envid(struct sm_session *s, const char *value)
{
	if (no_dsn(s, "ENVID") || needs_value(s, "ENVID", value)) {
		return false;
	}
	if (!is_xtext(value)) {
		return error(s, "501 5.5.4 Syntax error in ENVID parameter value");
	}
	if (s->given.envid) {
		return error(s, "501 5.5.0 Duplicate ENVID parameter");
	}
	s->given.envid = true;
	sm_run_set(&s->run, "dsn_envid", value);
	return true;
}

static bool take_ret(struct sm_session *s, const char *value)
{
	if (no_dsn(s, "RET") || needs_value(s, "RET", value)) {
		return false;
	}
	if (s->given.ret) {
		return error(s, "501 5.5.0 Duplicate RET parameter");
	}
	s->given.ret = true;
	sm_run_set(&s->run, "dsn_ret", value);
	return mp_str_ieq(value, "hdrs") || mp_str_ieq(value, "full") ||
		error(s, mp_arena_printf(s->arena, "501 5.5.2 Bad argument \"%s\" to RET", value));
}

static bool take_auth(struct sm_session *s, const char *value)
{
	if (value == NULL) {
		return error(s, "501 5.5.2 AUTH= requires a value");
	}
	if (s->given.auth) {
		return error(s, "501 5.5.0 Duplicate AUTH parameter");
	}
	if (!is_xtext(value)) {
		return error(s, "501 5.5.4 Syntax error in AUTH parameter value");
	}
	s->given.auth = true;
	sm_run_set(&s->run, "auth_author", value);
	/* Whether it is trusted changes nothing that is said: an untrusted one counts as "<>". */
	if (!mp_str_eq(value, "<>")) {
		(void)sm_check(s, "trust_auth", value, NULL);
	}
	return true;
}

static char shown(char c)
{
	return mp_is_print(c) ? c : '?';
}

static bool take_by_mode(struct sm_session *s, const char *p, long by)
{
	while (mp_is_space(*p)) {
		p++;
	}
	switch (mp_to_lower(*p)) {
	case 'n':
		break;
	case 'r':
		if (by <= 0) {
			return error(s, "501 5.5.4 mode R requires BY time > 0");
		}
		if (by < s->settings->deliver_by) {
			return error(s,
				mp_arena_printf(s->arena, "555 5.5.2 time %ld less than %ld", by,
					s->settings->deliver_by));
		}
		break;
	default:
		return error(
			s, mp_arena_printf(s->arena, "501 5.5.2 illegal by-mode '%c'", shown(*p)));
	}
	p++;
	while (mp_is_space(*p)) {
		p++;
	}
	return *p == '\0' || mp_to_lower(*p) == 't' ||
		error(s, mp_arena_printf(s->arena, "501 5.5.2 illegal by-trace '%c'", shown(*p)));
}

static bool take_by(struct sm_session *s, const char *value)
{
	char *end;
	long by;

	if (value == NULL) {
		return error(s, "501 5.5.2 BY= requires a value");
	}
	by = strtol(value, &end, 10);
	if (by > 999999999L || by < -999999999L) {
		return error(s, mp_arena_printf(s->arena, "501 5.5.2 BY=%s out of range", value));
	}
	if (*end != ';') {
		return error(s, "501 5.5.2 BY= missing ';'");
	}
	return take_by_mode(s, end + 1, by);
}

static bool unrecognized(struct sm_session *s, const char *key)
{
	sm_usrerr(s, sm_no_reasons(), "555 5.5.4 %s parameter unrecognized", key);
	return false;
}

bool sm_mail_parameter(struct sm_session *s, const char *key, const char *value)
{
	if (mp_str_ieq(key, "size")) {
		return take_size(s, value);
	}
	if (mp_str_ieq(key, "body")) {
		return take_body(s, value);
	}
	if (mp_str_ieq(key, "envid")) {
		return take_envid(s, value);
	}
	if (mp_str_ieq(key, "ret")) {
		return take_ret(s, value);
	}
	if (mp_str_ieq(key, "auth")) {
		return take_auth(s, value);
	}
	if (mp_str_ieq(key, "by") && s->settings->deliver_by >= 0) {
		return take_by(s, value);
	}
	return unrecognized(s, key);
}

static bool take_notify(struct sm_session *s, const char *value)
{
	if (no_dsn(s, "NOTIFY") || needs_value(s, "NOTIFY", value)) {
		return false;
	}
	sm_run_set(&s->run, "dsn_notify", value);
	if (mp_str_ieq(value, "never")) {
		return true;
	}
	for (const char *p = value; p != NULL;) {
		size_t n = strcspn(p, ",");
		struct mp_slice word = mp_slice(p, n);

		if (!mp_slice_ieq_str(word, "success") && !mp_slice_ieq_str(word, "failure") &&
			!mp_slice_ieq_str(word, "delay")) {
			return error(s,
				mp_arena_printf(s->arena,
					"501 5.5.4 Bad argument \"%.*s\"  to NOTIFY", (int)n, p));
		}
		p = p[n] == ',' ? p + n + 1 : NULL;
	}
	return true;
}

/* A type of address, and an address in xtext; what the type is made of is not looked at. */
static bool take_orcpt(struct sm_session *s, const char *value)
{
	const char *semicolon;

	if (no_dsn(s, "ORCPT") || needs_value(s, "ORCPT", value)) {
		return false;
	}
	if (s->orcpt) {
		return error(s, "501 5.5.0 Duplicate ORCPT parameter");
	}
	semicolon = strchr(value, ';');
	if (semicolon == NULL || semicolon == value || !is_xtext(semicolon + 1)) {
		return error(s, "501 5.5.4 Syntax error in ORCPT parameter value");
	}
	s->orcpt = true;
	return true;
}

bool sm_rcpt_parameter(struct sm_session *s, const char *key, const char *value)
{
	if (mp_str_ieq(key, "notify")) {
		return take_notify(s, value);
	}
	if (mp_str_ieq(key, "orcpt")) {
		return take_orcpt(s, value);
	}
	return unrecognized(s, key);
}
