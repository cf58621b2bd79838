/* smtpd_mail - MAIL and RCPT: syntax, options, limits, order of checks (reference 4.3). */
#include "postfix/smtpd/smtpd.h"

#include "base/ascii.h"
#include "base/number.h"

#include <limits.h>

static bool istarts(const char *text, const char *prefix)
{
	return mp_slice_istarts(mp_slice_str(text), prefix);
}

/* ---- options of MAIL --------------------------------------------------------------------------
 */

/* Options that are only kept until the end of this command. */
struct mail_options {
	bool ret, envid, verp;
};

static bool bad(struct pf_talk *t, const char *text)
{
	pf_say(t, pf_no_reasons(), "%s", text);
	return false;
}

static bool dsn_disabled(struct pf_talk *t)
{
	if ((t->discard & PF_EHLO_DSN) == 0) {
		return false;
	}
	pf_say(t, pf_because(t, "smtpd_discard_ehlo_keywords", (char *)NULL),
		"501 5.7.1 DSN support is disabled");
	return true;
}

static bool option_size(struct pf_talk *t, const char *value)
{
	unsigned long size;

	if (!pf_all_digits(value)) {
		return bad(t, "501 5.5.4 Bad message size syntax");
	}
	if (!mp_parse_uint(mp_slice_str(value), 0, LONG_MAX, &size)) {
		t->size = -1;
		return bad(t, "552 5.3.4 Message size exceeds file system imposed limit");
	}
	t->size = (long long)size;
	return true;
}

static bool all_print(const char *text)
{
	for (; *text != '\0'; text++) {
		if (!mp_is_print(*text)) {
			return false;
		}
	}
	return true;
}

static bool option_dsn(struct pf_talk *t, const char *word, struct mail_options *seen)
{
	const char *decoded;

	if (dsn_disabled(t)) {
		return false;
	}
	if (istarts(word, "RET=")) {
		if (seen->ret || !(mp_str_ieq(word + 4, "FULL") || mp_str_ieq(word + 4, "HDRS"))) {
			return bad(t, "501 5.5.4 Bad RET parameter syntax");
		}
		seen->ret = true;
		return true;
	}
	if (seen->envid || word[6] == '\0' || !pf_xtext_decode(t->s.arena, word + 6, &decoded) ||
		!all_print(decoded)) {
		return bad(t, "501 5.5.4 Bad ENVID parameter syntax");
	}
	seen->envid = true;
	return true;
}

static bool is_verp(struct pf_talk *t, const char *word)
{
	return istarts(word, "XVERP") && (word[5] == '\0' || word[5] == '=') &&
		pf_check_client_list(&t->s, "smtpd_authorized_verp_clients") == PF_MATCH;
}

static bool option_verp(struct pf_talk *t, const char *word, struct mail_options *seen)
{
	const char *filter = pf_str(t->s.smtpd->settings, "verp_delimiter_filter");

	if (word[5] == '=') {
		const char *two = word + 6;
		if (strlen(two) != 2 || strchr(filter, two[0]) == NULL ||
			strchr(filter, two[1]) == NULL) {
			pf_say(t, pf_no_reasons(),
				"501 5.5.4 Error: XVERP needs two characters from %s", filter);
			return false;
		}
	}
	seen->verp = true;
	return true;
}

static bool mail_option(struct pf_talk *t, const char *word, struct mail_options *seen)
{
	if (mp_str_ieq(word, "BODY=8BITMIME") || mp_str_ieq(word, "BODY=7BIT")) {
		return true;
	}
	if (istarts(word, "SIZE=")) {
		return option_size(t, word + 5);
	}
	if (istarts(word, "AUTH=")) {
		if (t->auth_option) {
			return bad(t, "503 5.5.4 Error: multiple AUTH= options");
		}
		t->auth_option = true;
		return true;
	}
	if (is_verp(t, word)) {
		return option_verp(t, word, seen);
	}
	if (istarts(word, "RET=") || istarts(word, "ENVID=")) {
		return option_dsn(t, word, seen);
	}
	if (mp_str_ieq(word, "SMTPUTF8") && t->loop->smtputf8 &&
		(t->discard & PF_EHLO_SMTPUTF8) == 0) {
		t->s.smtputf8 = true;
		return true;
	}
	pf_say(t, pf_no_reasons(), "555 5.5.4 Unsupported option: %s", word);
	return false;
}

/* ---- MAIL -------------------------------------------------------------------------------------
 */

static bool mail_syntax(struct pf_talk *t, struct pf_words args)
{
	const struct pf_settings *settings = t->s.smtpd->settings;

	if (pf_bool(settings, "smtpd_helo_required") && t->s.said.helo == NULL) {
		pf_say(t, pf_because(t, "smtpd_helo_required", (char *)NULL),
			"503 5.5.1 Error: send HELO/EHLO first");
		return false;
	}
	if (t->s.said.sender != NULL) {
		return bad(t, "503 5.5.1 Error: nested MAIL command");
	}
	if (args.n < 3 || !mp_str_ieq(args.v[1], "from:")) {
		return bad(t, "501 5.5.4 Syntax: MAIL FROM:<address>");
	}
	if (pf_limit_hit(t, "smtpd_client_message_rate_limit", ++t->messages)) {
		pf_say(t, pf_because(t, "smtpd_client_message_rate_limit", (char *)NULL),
			"450 4.7.1 Error: too much mail from %s", t->s.said.client_text);
		return false;
	}
	return true;
}

/* The address of MAIL or RCPT in internal form, or NULL after its error was said. */
static const char *take_address(struct pf_talk *t, struct pf_words args, bool is_sender)
{
	bool strict = pf_bool(t->s.smtpd->settings, "strict_rfc821_envelopes");
	struct pf_argument argument = pf_address_parse(t->s.arena, args.v[2], is_sender, strict);

	argument.ok = argument.ok && !args.open[2];
	if (!argument.ok) {
		pf_say(t,
			strict ? pf_because(t, "strict_rfc821_envelopes", (char *)NULL)
			       : pf_no_reasons(),
			"%s",
			is_sender ? "501 5.1.7 Bad sender address syntax"
				  : "501 5.1.3 Bad recipient address syntax");
		return NULL;
	}
	if (pf_say_verdict(t, pf_check_address(&t->s, argument.internal, is_sender))) {
		return NULL;
	}
	return argument.internal;
}

/* strict_smtputf8: an address beyond ASCII needs the option. */
static bool utf8_undeclared(struct pf_talk *t, const char *address)
{
	if (!t->loop->smtputf8 || t->s.smtputf8 ||
		!pf_bool(t->s.smtpd->settings, "strict_smtputf8")) {
		return false;
	}
	for (const char *p = address; *p != '\0'; p++) {
		if (!mp_is_ascii(*p)) {
			pf_say(t, pf_because(t, "strict_smtputf8", (char *)NULL),
				"553 5.6.7 Must declare SMTPUTF8 to send unicode address");
			return true;
		}
	}
	return false;
}

static bool mail_checks(struct pf_talk *t, const char *sender)
{
	t->s.said.sender = sender;
	t->s.check.sender_validated = false;
	struct pf_verdict verdict = pf_check_mail(&t->s);
	/* A footer shows no sender as long as none is accepted. */
	t->s.said.sender = NULL;
	if (pf_say_verdict(t, verdict) || pf_say_verdict(t, pf_check_rewrite(&t->s)) ||
		utf8_undeclared(t, sender)) {
		return true;
	}
	t->s.said.sender = sender;
	t->s.recipient_count = 0;
	t->s.first_recipient = "";
	pf_say(t, verdict.because, "250 2.1.0 Ok");
	return false;
}

bool pf_cmd_mail(struct pf_talk *t, struct pf_words args)
{
	struct mail_options seen = {0};
	long limit = pf_int(t->s.smtpd->settings, "message_size_limit");

	if (!mail_syntax(t, args)) {
		return true;
	}
	const char *sender = take_address(t, args, true);
	if (sender == NULL) {
		return true;
	}
	for (size_t i = 3; i < args.n; i++) {
		if (!mail_option(t, args.v[i], &seen)) {
			return true;
		}
	}
	if (limit > 0 && t->size > limit) {
		pf_say(t, pf_because(t, "message_size_limit", (char *)NULL),
			"552 5.3.4 Message size exceeds fixed limit");
		return true;
	}
	if (seen.verp) {
		pf_consult(&t->s, MP_ASPECT_SENDER);
	}
	if (seen.verp && sender[0] == '\0') {
		pf_say(t, pf_no_reasons(), "503 5.5.4 Error: XVERP requires non-null sender");
		return true;
	}
	return mail_checks(t, sender);
}

/* ---- RCPT -------------------------------------------------------------------------------------
 */

/* The comma list of NOTIFY=; false when malformed. */
static bool notify_ok(const char *value)
{
	bool never = false, other = false;

	while (*value != '\0') {
		size_t n = strcspn(value, ",");
		struct mp_slice word = mp_slice(value, n);
		if (mp_slice_ieq_str(word, "never")) {
			never = true;
		} else if (mp_slice_ieq_str(word, "success") || mp_slice_ieq_str(word, "failure") ||
			mp_slice_ieq_str(word, "delay")) {
			other = true;
		} else if (n > 0) {
			return false;
		}
		value += n + (value[n] == ',' ? 1 : 0);
	}
	return never != other;
}

static bool orcpt_ok(struct mp_arena *arena, const char *value)
{
	const char *semicolon = strchr(value, ';'), *decoded;

	if (semicolon == NULL || semicolon == value) {
		return false;
	}
	struct mp_slice type = mp_slice(value, (size_t)(semicolon - value));
	if (mp_slice_ieq_str(type, "utf-8")) {
		return pf_uxtext_valid(semicolon + 1);
	}
	return pf_xtext_decode(arena, semicolon + 1, &decoded);
}

static bool rcpt_options(struct pf_talk *t, struct pf_words args)
{
	bool notify = false, orcpt = false;

	for (size_t i = 3; i < args.n; i++) {
		const char *word = args.v[i];
		if (istarts(word, "NOTIFY=")) {
			if (dsn_disabled(t)) {
				return false;
			}
			if (notify || !notify_ok(word + 7)) {
				return bad(t, "501 5.5.4 Error: Bad NOTIFY parameter syntax");
			}
			notify = true;
		} else if (istarts(word, "ORCPT=")) {
			if (dsn_disabled(t)) {
				return false;
			}
			if (orcpt || !orcpt_ok(t->s.arena, word + 6)) {
				return bad(t, "501 5.5.4 Error: Bad ORCPT parameter syntax");
			}
			orcpt = true;
		} else {
			pf_say(t, pf_no_reasons(), "555 5.5.4 Unsupported option: %s", word);
			return false;
		}
	}
	return true;
}

static bool rcpt_syntax(struct pf_talk *t, struct pf_words args)
{
	if (t->s.said.sender == NULL) {
		return bad(t, "503 5.5.1 Error: need MAIL command");
	}
	if (t->bdat != PF_BDAT_NONE) {
		return bad(t, "503 5.5.1 Error: RCPT after BDAT");
	}
	if (args.n < 3 || !mp_str_ieq(args.v[1], "to:")) {
		return bad(t, "501 5.5.4 Syntax: RCPT TO:<address>");
	}
	if (pf_limit_hit(t, "smtpd_client_recipient_rate_limit", ++t->recipients)) {
		pf_say(t, pf_because(t, "smtpd_client_recipient_rate_limit", (char *)NULL),
			"450 4.7.1 Error: too many recipients from %s", t->s.said.client_text);
		return false;
	}
	return true;
}

static bool rcpt_accept(struct pf_talk *t, const char *recipient, const struct pf_verdict *verdict)
{
	if (*pf_str(t->s.smtpd->settings, "smtpd_proxy_filter") != '\0') {
		t->proxied = true;
		pf_say_any(t, pf_because(t, "smtpd_proxy_filter", (char *)NULL), "245",
			"the before-queue filter answers");
	} else {
		pf_say(t, verdict->because, "250 2.1.5 Ok");
	}
	pf_say_taken(t, verdict->taken);
	/* An accepted recipient opens a queue file where a refused message has closed it. */
	t->refused_at_end = false;
	if (t->s.recipient_count++ == 0) {
		t->s.first_recipient = recipient;
	}
	return false;
}

bool pf_cmd_rcpt(struct pf_talk *t, struct pf_words args)
{
	const struct pf_settings *settings = t->s.smtpd->settings;
	long limit = pf_int(settings, "smtpd_recipient_limit");

	if (!rcpt_syntax(t, args)) {
		return true;
	}
	const char *recipient = take_address(t, args, false);
	if (recipient == NULL || !rcpt_options(t, args)) {
		return true;
	}
	if (limit > 0 && (long)t->s.recipient_count >= limit) {
		pf_say(t, pf_because(t, "smtpd_recipient_limit", (char *)NULL),
			"452 4.5.3 Error: too many recipients");
		return t->overshoot++ >= pf_int(settings, "smtpd_recipient_overshoot_limit");
	}
	if (utf8_undeclared(t, recipient)) {
		return true;
	}
	t->s.recipient = recipient;
	t->s.check.recipient_validated = false;
	struct pf_verdict verdict = pf_check_rcpt(&t->s, false);
	t->s.recipient = NULL;
	if (pf_say_verdict(t, verdict)) {
		return true;
	}
	return rcpt_accept(t, recipient, &verdict);
}
