/*
 * address - an address as the server takes it apart (parseaddr, buildaddr): reference 2.6.
 *
 * Rulesets 3 and 0 resolve it to mailer, host and user; the mailer's own ruleset and 4 then make
 * the user's final form. What is wrong with it is said before any check is asked.
 */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"

/* Longer addresses are refused (MAXNAME). */
enum { ADDRESS_LENGTH = 256 };

size_t sm_address_end(struct mp_slice text, char delimiter)
{
	bool quoted = false;
	size_t comments = 0, angles = 0, i;

	for (i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '\\' && i + 1 < text.n) {
			i++;
		} else if (quoted) {
			quoted = c != '"';
		} else if ((c == delimiter || (delimiter == ' ' && mp_is_space(c))) &&
			comments == 0 && angles == 0) {
			break;
		} else if (c == '(') {
			comments++;
		} else if (c == ')') {
			comments -= comments > 0;
		} else if (comments > 0) {
			continue;
		} else if (c == '"') {
			quoted = true;
		} else if (c == '<') {
			angles++;
		} else if (c == '>') {
			angles -= angles > 0;
		}
	}
	return i;
}

static const char *lower(struct sm_session *s, const char *text)
{
	return mp_arena_lower(s->arena, mp_slice_str(text));
}

static const char *join(
	struct sm_session *s, const struct sm_tokens *w, size_t from, size_t to, char blank)
{
	return sm_tokens_join(w->v, from, to, blank, &s->cf->chars, s->arena);
}

/* local users that are programs, files and lists are of other mailers. */
static void special(struct sm_session *s, struct sm_address *a)
{
	const char *user = a->user + (a->user[0] == '"');
	const char *other = NULL;

	if (!mp_str_ieq(a->mailer->name, "local")) {
		return;
	}
	if (user[0] == '|' && sm_delivery_has(a->mailer, '|')) {
		other = "prog";
	} else if (user[0] == '/' && sm_delivery_has(a->mailer, '/')) {
		other = "*file*";
	} else if (sm_delivery_has(a->mailer, ':') &&
		mp_slice_istarts(mp_slice_str(user), ":include:")) {
		other = "*include*";
	}
	if (other != NULL) {
		a->mailer = sm_delivery_find(&s->engine->mailers, other);
	}
}

/* The user's part, rewritten for the mailer. */
static void build_user(
	struct sm_session *s, struct sm_address *a, const struct sm_tokens *w, size_t from, bool to)
{
	struct sm_tokens user = {0};
	const char *rulesets[4];
	size_t n = 0;
	bool skips =
		from < w->n && mp_str_eq(w->v[from].text, "@") && sm_delivery_has(a->mailer, '5');

	for (size_t i = from + skips; i < w->n; i++) {
		sm_tokens_add(&user, w->v[i], s->arena);
	}
	sm_run_set(&s->run, "h", a->host);
	if (to) {
		rulesets[n++] = "2";
		if (a->mailer->recipient_rules != NULL) {
			rulesets[n++] = a->mailer->recipient_rules;
		}
	}
	rulesets[n++] = "4";
	rulesets[n] = NULL;
	a->user = join(s, w, from, w->n, s->cf->blank);
	special(s, a);
	a->error = sm_rewrite(s, &user, rulesets, NULL);
	a->user = join(s, &user, 0, user.n, s->cf->blank);
	if (!sm_delivery_has(a->mailer, 'u')) {
		a->user = lower(s, a->user);
	}
}

struct sm_address sm_address_build(struct sm_session *s, const struct sm_tokens *w, bool recipient)
{
	struct sm_address a = {.host = "", .user = "", .resolved = *w};
	size_t user = sm_tokens_find(w, 2, SM_SYM_USER);
	const char *name;

	a.because = sm_because_tokens(s, w);
	if (w->n < 2 || w->v[0].symbol != SM_SYM_NET) {
		a.error = "554 5.3.5 buildaddr: no mailer in parsed address";
		return a;
	}
	name = w->v[1].text;
	if (user >= w->n || mp_str_ieq(name, "error")) {
		a.error = sm_resolved_error(s, w);
		return a;
	}
	a.mailer = sm_delivery_find(&s->engine->mailers, name);
	if (a.mailer == NULL) {
		a.error = mp_arena_printf(s->arena, "554 5.3.5 buildaddr: unknown mailer %s", name);
		return a;
	}
	if (sm_resolved_host(w)) {
		a.host = join(s, w, 3, user, s->cf->blank);
		if (!sm_delivery_has(a.mailer, 'h')) {
			a.host = lower(s, a.host);
		}
	} else if (!sm_delivery_has(a.mailer, 'l')) {
		a.error = "554 5.3.5 buildaddr: no host";
		return a;
	}
	build_user(s, &a, w, user + 1, recipient);
	return a;
}

static const char *scan_error(struct sm_session *s, enum sm_scan scan)
{
	return mp_arena_printf(s->arena, "553 %s %s", sm_scan_enhanced(scan), sm_scan_text(scan));
}

/* Bytes that sendmail's own symbols once were. */
static bool has_control(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((*text & 0xe0) == 0x80) {
			return true;
		}
	}
	return false;
}

/* In seven bits, with question marks for what cannot be shown. */
static const char *printable(struct sm_session *s, const char *text)
{
	char *out = mp_arena_strdup(s->arena, text);

	for (char *p = out; *p != '\0'; p++) {
		*p = (char)(*p & 0x7f);
		*p = mp_is_print(*p) ? *p : '?';
	}
	return out;
}

/* What the mailer would be given must be fit to be printed; blanks were made into one before. */
static void refuse_control(struct sm_session *s, struct sm_address *a, bool recipient)
{
	for (const char *p = a->user; *p != '\0'; p++) {
		if (((unsigned char)*p < ' ' && !mp_is_space(*p)) || *p == 0x7f) {
			a->error = mp_arena_printf(s->arena,
				"501 5.1.%d Syntax error in mailbox address \"%s\" (non-printable "
				"character)",
				recipient ? 3 : 7, printable(s, a->user));
			return;
		}
	}
}

struct sm_address sm_address_parse(struct sm_session *s, const char *text, bool recipient)
{
	static const char *const rulesets[] = {"3", "0", NULL};
	struct sm_address a = {.host = "", .user = ""};
	struct sm_tokens w = {0};
	enum sm_scan scan;
	bool deferred = false;

	scan = sm_run_scan(&s->run, mp_slice_str(text), &w);
	if (scan != SM_SCAN_OK) {
		a.error = scan_error(s, scan);
		return a;
	}
	if (strlen(text) >= ADDRESS_LENGTH) {
		s->scanned = mp_arena_memdup(s->arena, text, ADDRESS_LENGTH - 1);
		a.error = mp_arena_printf(s->arena,
			"553 5.1.0 Address \"%s\" too long (%d bytes max)", s->scanned,
			ADDRESS_LENGTH - 1);
		return a;
	}
	a.scanned = true;
	if (has_control(text)) {
		a.error = mp_arena_printf(s->arena,
			"501 5.1.%d 8-bit character in mailbox address \"%s\"", recipient ? 3 : 7,
			printable(s, text));
		return a;
	}
	sm_run_set(&s->run, "addr_type", recipient ? "e r" : "e s");
	s->step_count = 0;
	a.error = sm_rewrite(s, &w, rulesets, &deferred);
	if (a.error == NULL) {
		a = sm_address_build(s, &w, recipient);
	}
	if (a.error == NULL) {
		refuse_control(s, &a, recipient);
	}
	a.scanned = true;
	a.deferred = deferred;
	sm_run_set(&s->run, "addr_type", NULL);
	return a;
}

/* Mailers that no mail comes from. */
static bool is_no_sender(const struct sm_delivery *mailer)
{
	return mp_str_ieq(mailer->name, "prog") || mp_str_ieq(mailer->name, "*file*") ||
		mp_str_ieq(mailer->name, "*include*");
}

const char *sm_address_take(struct sm_session *s, const char *text, char delimiter, bool recipient,
	struct sm_address *a, const char **rest)
{
	size_t end = sm_address_end(mp_slice_str(text), delimiter);
	const char *address = mp_arena_memdup(s->arena, text, end);

	*rest = text + end;
	s->to = text;
	*a = sm_address_parse(s, address, recipient);
	if (!recipient && a->error == NULL && is_no_sender(a->mailer)) {
		a->error = "553 5.1.7 Invalid sender address";
	}
	s->to = a->scanned ? address : text;
	if (a->error != NULL) {
		sm_usrerr(s, a->because, "%s", a->error);
		return NULL;
	}
	s->to = address;
	return address;
}

const char *sm_address_sender(struct sm_session *s, const char *text)
{
	static const char *const rulesets[] = {"3", "1", "4", NULL};
	struct sm_tokens w = {0};
	const char *sender;

	(void)sm_run_scan(&s->run, mp_slice_str(text), &w);
	sm_run_set(&s->run, "addr_type", "e s");
	(void)sm_rewrite(s, &w, rulesets, NULL);
	s->scanned = NULL;
	sm_run_set(&s->run, "addr_type", NULL);
	sender = join(s, &w, 0, w.n, s->cf->blank);
	return sender[0] == '@' ? mp_arena_printf(s->arena, "<%s>", sender) : sender;
}
