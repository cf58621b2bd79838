/*
 * session_macro - expands what the session is known by (reference 1.3 for the forms, 5.7).
 */
#include "postfix/check/session_macro.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/number.h"

/* One expansion. */
struct macro {
	struct pf_session *s;
	pf_macro_fn *own;
	void *context;
	const char *filter;
	struct mp_buf *out;
	enum pf_macro_status status;
};

static const char *reverse_name_text(struct pf_session *s)
{
	const char *seen = s->said.client_name_seen;

	if (!pf_bool(s->smtpd->settings, "smtpd_peername_lookup") ||
		(seen != NULL && mp_str_eq(seen, "none"))) {
		return "unknown";
	}
	const char *name = pf_client_name_text(s);
	return mp_str_eq(name, "unknown") ? "{client.name}" : name;
}

/* "sender", "sender_name", "sender_domain": suffix is what stands behind "sender". */
static const char *address_value(struct pf_session *s, const char *address, const char *suffix)
{
	if (address == NULL) {
		return "";
	}
	const char *at = strrchr(address, '@');
	if (suffix[0] == '\0') {
		return address[0] != '\0' ? address : "<>";
	}
	if (mp_str_eq(suffix, "_name")) {
		if (address[0] == '\0') {
			return "<>";
		}
		return at == NULL ? address
				  : mp_arena_memdup(s->arena, address, (size_t)(at - address));
	}
	if (mp_str_eq(suffix, "_domain")) {
		return at == NULL ? "" : at + 1;
	}
	return NULL;
}

static const char *session_value(struct pf_session *s, const char *name)
{
	if (mp_str_eq(name, "server_name")) {
		return pf_str(s->smtpd->settings, "myhostname");
	}
	if (mp_str_eq(name, "client")) {
		return pf_client_namaddr(s);
	}
	if (mp_str_eq(name, "client_port")) {
		return "{client.port}";
	}
	if (mp_str_eq(name, "client_address")) {
		return s->said.client_text;
	}
	if (mp_str_eq(name, "client_name")) {
		return pf_client_name_text(s);
	}
	if (mp_str_eq(name, "reverse_client_name")) {
		return reverse_name_text(s);
	}
	if (mp_str_eq(name, "helo_name")) {
		return s->said.helo != NULL ? s->said.helo : "";
	}
	if (mp_str_eq(name, "localtime")) {
		return "{date}";
	}
	if (mp_slice_starts(mp_slice_str(name), "sender")) {
		return address_value(s, s->said.sender, name + 6);
	}
	if (mp_slice_starts(mp_slice_str(name), "recipient")) {
		const char *recipient = s->recipient != NULL
			? s->recipient
			: (s->recipient_count > 0 ? s->first_recipient : NULL);
		return address_value(s, recipient, name + 9);
	}
	return NULL;
}

static const char *value_of(struct macro *m, struct mp_slice name)
{
	const char *key = mp_arena_slicedup(m->s->arena, name);
	const char *value = m->own != NULL ? m->own(m->context, key) : NULL;

	return value != NULL ? value : session_value(m->s, key);
}

static void put_filtered(struct macro *m, const char *value)
{
	for (; *value != '\0'; value++) {
		mp_buf_putc(m->out, strchr(m->filter, *value) != NULL ? *value : '_');
	}
}

static void worsen(struct macro *m, enum pf_macro_status status)
{
	m->status = status > m->status ? status : m->status;
}

static struct mp_slice skip_blanks(struct mp_slice s)
{
	while (s.n > 0 && mp_is_space(s.p[0])) {
		s = mp_slice_from(s, 1);
	}
	return s;
}

/* How many bytes the bracketed group at the start of s takes, or 0 when it is not closed. */
static size_t group_length(struct mp_slice s)
{
	char open = s.p[0], close = open == '{' ? '}' : ')';
	size_t depth = 0;

	for (size_t i = 0; i < s.n; i++) {
		depth += s.p[i] == open;
		if (s.p[i] == close && --depth == 0) {
			return i + 1;
		}
	}
	return 0;
}

/* Takes "{text}" from the front of *s. */
static bool take_group(struct mp_slice *s, struct mp_slice *inside)
{
	*s = skip_blanks(*s);
	size_t n = s->n > 0 && s->p[0] == '{' ? group_length(*s) : 0;
	if (n == 0) {
		return false;
	}
	*inside = mp_slice_trim(mp_slice_sub(*s, 1, n - 1));
	*s = skip_blanks(mp_slice_from(*s, n));
	return true;
}

static void expand(struct macro *m, struct mp_slice text, unsigned depth);

static const char *expand_apart(struct macro *m, struct mp_slice text, unsigned depth)
{
	struct mp_buf buf, *out = m->out;

	mp_buf_init(&buf, MP_LIMIT_REPLY);
	m->out = &buf;
	expand(m, text, depth);
	m->out = out;
	const char *copy = mp_arena_strdup(m->s->arena, buf.p);
	mp_buf_release(&buf);
	return copy;
}

/* Numbers are compared as numbers, all else byte by byte. */
static int compare(const char *left, const char *right)
{
	unsigned long l, r;

	if (mp_parse_uint(mp_slice_str(left), 0, (unsigned long)-1, &l) &&
		mp_parse_uint(mp_slice_str(right), 0, (unsigned long)-1, &r)) {
		return l < r ? -1 : l > r;
	}
	return strcmp(left, right);
}

/* "{l} op {r}": 1 true, 0 false, -1 bad syntax; *s is moved behind it. */
static int relation(struct macro *m, struct mp_slice *s, unsigned depth)
{
	struct mp_slice left, right;

	if (!take_group(s, &left)) {
		return -1;
	}
	size_t n = 0;
	while (n < s->n && strchr("=!<>", s->p[n]) != NULL) {
		n++;
	}
	struct mp_slice op = mp_slice_sub(*s, 0, n);
	*s = mp_slice_from(*s, n);
	if (n == 0 || !take_group(s, &right)) {
		return -1;
	}
	int diff = compare(expand_apart(m, left, depth), expand_apart(m, right, depth));
	if (mp_slice_eq_str(op, "==")) {
		return diff == 0;
	}
	if (mp_slice_eq_str(op, "!=")) {
		return diff != 0;
	}
	if (mp_slice_eq_str(op, "<") || mp_slice_eq_str(op, "<=")) {
		return diff < 0 || (op.n == 2 && diff == 0);
	}
	if (mp_slice_eq_str(op, ">") || mp_slice_eq_str(op, ">=")) {
		return diff > 0 || (op.n == 2 && diff == 0);
	}
	return -1;
}

/* One alternative behind '?' or ':': in braces, or all that is left. */
static bool take_alternative(struct mp_slice *s, struct mp_slice *text)
{
	struct mp_slice rest = skip_blanks(*s);

	if (rest.n > 0 && rest.p[0] == '{') {
		return take_group(s, text);
	}
	*text = *s;
	*s = mp_slice("", 0);
	return true;
}

static void choose(struct macro *m, struct mp_slice rest, bool holds, unsigned depth)
{
	struct mp_slice text;

	if (rest.p[0] == '?') {
		rest = mp_slice_from(rest, 1);
		if (!take_alternative(&rest, &text)) {
			worsen(m, PF_MACRO_ERROR);
			return;
		}
		if (holds) {
			expand(m, text, depth);
		}
		if (rest.n == 0) {
			return;
		}
	}
	if (rest.p[0] != ':') {
		worsen(m, PF_MACRO_ERROR);
		return;
	}
	rest = mp_slice_from(rest, 1);
	if (!take_alternative(&rest, &text) || rest.n > 0) {
		worsen(m, PF_MACRO_ERROR);
		return;
	}
	if (!holds) {
		expand(m, text, depth);
	}
}

static size_t name_length(struct mp_slice s)
{
	size_t n = 0;

	while (n < s.n && (mp_is_alnum(s.p[n]) || s.p[n] == '_')) {
		n++;
	}
	return n;
}

static void put_name(struct macro *m, struct mp_slice name)
{
	const char *value = value_of(m, name);

	if (value == NULL) {
		worsen(m, PF_MACRO_UNDEFINED);
		return;
	}
	put_filtered(m, value);
}

/* What stands between the brackets of "${...}". */
static void expand_body(struct macro *m, struct mp_slice body, unsigned depth)
{
	struct mp_slice rest = skip_blanks(body);
	bool holds;

	if (rest.n > 0 && rest.p[0] == '{') {
		int truth = relation(m, &rest, depth);
		if (truth < 0) {
			worsen(m, PF_MACRO_ERROR);
			return;
		}
		holds = truth != 0;
		if (rest.n == 0) {
			mp_buf_puts(m->out, holds ? "true" : "");
			return;
		}
	} else {
		struct mp_slice name = mp_slice_sub(rest, 0, name_length(rest));
		rest = skip_blanks(mp_slice_from(rest, name.n));
		if (name.n == 0 || rest.n == 0) {
			if (name.n == 0) {
				worsen(m, PF_MACRO_ERROR);
			} else {
				put_name(m, name);
			}
			return;
		}
		const char *value = value_of(m, name);
		holds = value != NULL && value[0] != '\0';
	}
	choose(m, rest, holds, depth);
}

static void expand(struct macro *m, struct mp_slice text, unsigned depth)
{
	if (depth > MP_LIMIT_MACRO_DEPTH) {
		worsen(m, PF_MACRO_ERROR);
		return;
	}
	while (text.n > 0 && m->status != PF_MACRO_ERROR) {
		size_t dollar = mp_slice_chr(text, '$');
		mp_buf_put(m->out, mp_slice_sub(text, 0, dollar));
		if (dollar == MP_NOT_FOUND) {
			return;
		}
		text = mp_slice_from(text, dollar + 1);
		size_t n = name_length(text);
		if (n > 0) {
			put_name(m, mp_slice_sub(text, 0, n));
		} else if (text.n > 0 && text.p[0] == '$') {
			mp_buf_putc(m->out, '$');
			n = 1;
		} else if (text.n > 0 && (text.p[0] == '{' || text.p[0] == '(')) {
			n = group_length(text);
			if (n > 0) {
				expand_body(m, mp_slice_sub(text, 1, n - 1), depth + 1);
			}
		}
		if (n == 0) {
			worsen(m, PF_MACRO_ERROR);
		}
		text = mp_slice_from(text, n);
	}
}

/* The value of an escape "\t", "\40"; moves *s behind it. */
static char unescape_one(const char **s)
{
	static const char letters[] = "abfnrtv", bytes[] = "\a\b\f\n\r\t\v";
	char c = *(*s)++;
	const char *letter = strchr(letters, c);

	if (letter != NULL) {
		return bytes[letter - letters];
	}
	if (c < '0' || c > '7') {
		return c;
	}
	int value = c - '0';
	for (int i = 0; i < 2 && **s >= '0' && **s <= '7'; i++) {
		value = value * 8 + (*(*s)++ - '0');
	}
	return (char)value;
}

static const char *unescape(struct mp_arena *arena, const char *s)
{
	char *out = mp_arena_alloc(arena, strlen(s) + 1), *to = out;

	while (*s != '\0') {
		char c = *s++;
		if (c == '\\' && *s == '\0') {
			break;
		}
		*to++ = c == '\\' ? unescape_one(&s) : c;
	}
	return out;
}

enum pf_macro_status pf_macro_expand(struct pf_session *s, const char *template, pf_macro_fn *own,
	void *context, struct mp_buf *out)
{
	struct macro m = {.s = s,
		.own = own,
		.context = context,
		.filter = unescape(s->arena, pf_str(s->smtpd->settings, "smtpd_expansion_filter")),
		.out = out};

	expand(&m, mp_slice_str(template), 0);
	return m.status;
}
