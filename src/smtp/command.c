/* command - the lines that a client sends. */
#include "smtp/command.h"

#include "base/ascii.h"
#include "base/limits.h"

static const char *const names[MP_VERBS] = {
	[MP_VERB_GREETING] = "greeting",
	[MP_VERB_EHLO] = "EHLO",
	[MP_VERB_HELO] = "HELO",
	[MP_VERB_STARTTLS] = "STARTTLS",
	[MP_VERB_AUTH] = "AUTH",
	[MP_VERB_MAIL] = "MAIL",
	[MP_VERB_RCPT] = "RCPT",
	[MP_VERB_DATA] = "DATA",
	[MP_VERB_CONTENT] = "content",
	[MP_VERB_RSET] = "RSET",
	[MP_VERB_NOOP] = "NOOP",
	[MP_VERB_VRFY] = "VRFY",
	[MP_VERB_EXPN] = "EXPN",
	[MP_VERB_ETRN] = "ETRN",
	[MP_VERB_QUIT] = "QUIT",
	[MP_VERB_OTHER] = "other",
};

const char *mp_verb_name(enum mp_verb verb)
{
	return names[verb];
}

enum mp_verb mp_verb_find(struct mp_slice name)
{
	for (int v = 0; v < MP_VERB_OTHER && name.n > 0; v++) {
		/* Most differ in their first letter already. */
		if (((name.p[0] ^ names[v][0]) & ~0x20) == 0 && mp_slice_ieq_str(name, names[v])) {
			return (enum mp_verb)v;
		}
	}
	return MP_VERB_OTHER;
}

enum mp_verb mp_command_verb(struct mp_slice line)
{
	size_t n = 0;

	while (n < line.n && !mp_is_space(line.p[n])) {
		n++;
	}
	enum mp_verb verb = mp_verb_find(mp_slice_sub(line, 0, n));
	return verb == MP_VERB_GREETING || verb == MP_VERB_CONTENT ? MP_VERB_OTHER : verb;
}

bool mp_verb_is_idle(enum mp_verb verb)
{
	switch (verb) {
	case MP_VERB_EHLO:
	case MP_VERB_HELO:
	case MP_VERB_RSET:
	case MP_VERB_NOOP:
	case MP_VERB_VRFY:
	case MP_VERB_EXPN:
	case MP_VERB_ETRN:
		return true;
	case MP_VERB_GREETING:
	case MP_VERB_STARTTLS:
	case MP_VERB_AUTH:
	case MP_VERB_MAIL:
	case MP_VERB_RCPT:
	case MP_VERB_DATA:
	case MP_VERB_CONTENT:
	case MP_VERB_QUIT:
	case MP_VERB_OTHER:
		break;
	}
	return false;
}

bool mp_command_ok(struct mp_slice line)
{
	return line.n <= MP_LIMIT_COMMAND && mp_slice_chr(line, '\r') == MP_NOT_FOUND &&
		mp_slice_chr(line, '\n') == MP_NOT_FOUND &&
		mp_slice_chr(line, '\0') == MP_NOT_FOUND;
}

bool mp_command_put(struct mp_buf *out, struct mp_slice line)
{
	if (!mp_command_ok(line)) {
		return false;
	}
	mp_buf_put(out, line);
	mp_buf_puts(out, "\r\n");
	return true;
}

void mp_content_put(struct mp_buf *out, struct mp_slice text)
{
	bool at_start = true;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '\r' && i + 1 < text.n && text.p[i + 1] == '\n') {
			continue;
		}
		if (c == '\n') {
			mp_buf_puts(out, "\r\n");
			at_start = true;
			continue;
		}
		if (at_start && c == '.') {
			mp_buf_putc(out, '.');
		}
		mp_buf_putc(out, c);
		at_start = false;
	}
	mp_buf_puts(out, at_start ? ".\r\n" : "\r\n.\r\n");
}

bool mp_address_split(struct mp_slice address, struct mp_slice *local, struct mp_slice *domain)
{
	size_t at = MP_NOT_FOUND;
	bool quoted = false;

	for (size_t i = 0; i < address.n; i++) {
		char c = address.p[i];
		if (quoted && c == '\\') {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (c == '@' && !quoted) {
			at = i;
		}
	}
	if (quoted || at == MP_NOT_FOUND || at == 0 || at + 1 == address.n) {
		return false;
	}
	*local = mp_slice_sub(address, 0, at);
	*domain = mp_slice_from(address, at + 1);
	return true;
}

bool mp_path_ok(struct mp_slice path)
{
	bool quoted = false;

	for (size_t i = 0; i < path.n; i++) {
		char c = path.p[i];
		if (mp_is_ascii(c) && !mp_is_print(c)) {
			return false;
		}
		if (quoted && c == '\\' && i + 1 < path.n && mp_is_print(path.p[i + 1])) {
			i++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && (c == '<' || c == '>' || c == ' ')) {
			return false;
		}
	}
	return !quoted;
}
