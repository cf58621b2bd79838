/*
 * recognise - what a file is, from its name and from what it says.
 *
 * A name decides only for the names that everybody uses; the rest is read. The tests look at whole
 * lines, so that a word in a comment or in a value does not decide.
 */
#include "input/recognise.h"

#include "base/ascii.h"

/* Whether word stands in name, ended by a character that belongs to no word. */
static bool has_word(const char *name, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = strstr(name, word); at != NULL; at = strstr(at + 1, word)) {
		if (!mp_is_alnum(at[n])) {
			return true;
		}
	}
	return false;
}

int mp_recognise_name(const char *base)
{
	struct mp_slice name = mp_slice_str(base);

	if (strstr(base, "main.cf") != NULL || mp_str_eq(base, "master.cf")) {
		return MP_CONFIG_POSTFIX;
	}
	if (has_word(base, ".mc")) {
		return MP_CONFIG_MC;
	}
	if (has_word(base, "sendmail.cf") || has_word(base, "submit.cf")) {
		return MP_CONFIG_CF;
	}
	if (mp_slice_ends(name, ".m4")) {
		return MP_CONFIG_MC;
	}
	return -1;
}

/* Takes the next line off the text, without its line end. */
static bool next_line(struct mp_slice *text, struct mp_slice *line)
{
	if (text->n == 0) {
		return false;
	}
	size_t end = mp_slice_chr(*text, '\n');
	*line = mp_slice_sub(*text, 0, end);
	*text = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(*text, end + 1);
	if (line->n > 0 && line->p[line->n - 1] == '\r') {
		line->n--;
	}
	return true;
}

/* "V10/Berkeley", "Mlocal, P=...", "O Timeout.ident=0", "S98", "R$* $: $>98 $1" (the commands that
 * no other format begins a line with). */
static bool is_cf_line(struct mp_slice line)
{
	if (line.n < 2) {
		return false;
	}
	switch (line.p[0]) {
	case 'V': {
		size_t i = 1;
		while (i < line.n && mp_is_digit(line.p[i])) {
			i++;
		}
		return i > 1 && (i == line.n || line.p[i] == '/');
	}
	case 'M':
		return mp_slice_find(line, "P=") != MP_NOT_FOUND &&
			mp_slice_chr(line, ',') != MP_NOT_FOUND;
	case 'O':
		return line.p[1] == ' ' && mp_slice_chr(line, '=') != MP_NOT_FOUND;
	case 'R':
		return line.p[1] == '$' && mp_slice_chr(line, '\t') != MP_NOT_FOUND;
	default:
		return false;
	}
}

static bool is_mc_line(struct mp_slice line)
{
	static const char *const macros[] = {"divert(", "include(`", "sinclude(`", "VERSIONID(",
		"OSTYPE(", "DOMAIN(", "FEATURE(", "MAILER(", "define(`", "undefine(`",
		"DAEMON_OPTIONS(", "MASQUERADE_AS(", "LOCAL_CONFIG"};

	for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++) {
		if (mp_slice_starts(line, macros[i])) {
			return true;
		}
	}
	return mp_slice_eq_str(line, "dnl") || mp_slice_starts(line, "dnl ");
}

/* "name = value" where the name looks like one of Postfix' own. */
static bool is_main_line(struct mp_slice line)
{
	static const char *const prefixes[] = {"smtpd_", "smtp_", "lmtp_", "postscreen_", "milter_",
		"virtual_", "relay_", "local_", "mailbox_", "alias_", "inet_", "tls_", "address_",
		"sender_", "recipient_", "canonical_", "transport_", "header_", "body_", "default_",
		"queue_", "unknown_", "non_", "my", "relayhost", "compatibility_level",
		"message_size_limit", "append_", "biff", "command_", "daemon_", "data_directory",
		"mail_", "setgid_group", "maximal_", "minimal_", "bounce_", "notify_", "readme_",
		"disable_vrfy_command", "home_mailbox", "proxy_", "smtputf8_", "strict_", "max_",
		"content_filter", "debug_peer_", "soft_bounce", "delay_warning_time", "always_bcc",
		"masquerade_", "qmgr_", "swap_bangpath", "allow_", "broken_sasl_", "dovecot_",
		"maillog_file", "import_environment", "meta_directory", "shlib_directory",
		"html_directory", "manpage_directory", "sendmail_path", "newaliases_path",
		"mailq_path", "sample_directory", "luser_relay", "in_flow_delay", "enable_",
		"empty_", "parent_domain_", "show_user_", "rbl_reply_maps", "double_"};
	size_t n = 0;

	while (n < line.n && (mp_is_alnum(line.p[n]) || line.p[n] == '_')) {
		n++;
	}
	struct mp_slice rest = mp_slice_trim(mp_slice_from(line, n));
	if (n == 0 || rest.n == 0 || rest.p[0] != '=') {
		return false;
	}
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		if (mp_slice_starts(line, prefixes[i])) {
			return true;
		}
	}
	return false;
}

int mp_recognise_text(struct mp_slice text)
{
	struct mp_slice line;
	unsigned cf = 0;
	unsigned mc = 0;
	unsigned main_cf = 0;

	while (next_line(&text, &line)) {
		cf += is_cf_line(line);
		mc += is_mc_line(line);
		main_cf += is_main_line(line);
	}
	/* A .cf that was generated holds its .mc as comments, "#####  $Id..." and the like, never
	 * as lines; an .mc may hold lines of the .cf behind LOCAL_CONFIG. */
	if (mc > 0 && mc >= main_cf) {
		return MP_CONFIG_MC;
	}
	if (cf > 0 && cf >= main_cf) {
		return MP_CONFIG_CF;
	}
	return main_cf > 0 ? MP_CONFIG_POSTFIX : -1;
}

/* Whether the "{{" at i belongs to Postfix: a comparison in a macro, or a table in braces. */
static bool is_postfix_brace(struct mp_slice line, size_t i)
{
	static const char *const types[] = {"cidr:", "pcre:", "regexp:", "inline:", "static:",
		"texthash:", "unionmap:", "pipemap:", "randmap:"};
	struct mp_slice before = mp_slice_sub(line, 0, i);

	if (i > 0 && (line.p[i - 1] == '$' || line.p[i - 1] == '?')) {
		return true;
	}
	for (size_t k = 0; k < sizeof types / sizeof types[0]; k++) {
		if (mp_slice_ends(before, types[k])) {
			return true;
		}
	}
	return false;
}

/* The mark at offset i of the line, if it is closed in the same line. */
static const char *mark_at(struct mp_slice line, size_t i)
{
	static const struct {
		const char *open, *close;
	} marks[] = {{"<%", "%>"}, {"{%", "%}"}, {"{{", "}}"}};
	struct mp_slice here = mp_slice_from(line, i);

	for (size_t k = 0; k < sizeof marks / sizeof marks[0]; k++) {
		if (mp_slice_starts(here, marks[k].open) &&
			mp_slice_find(mp_slice_from(here, 2), marks[k].close) != MP_NOT_FOUND &&
			!(marks[k].open[1] == '{' && is_postfix_brace(line, i))) {
			return marks[k].open;
		}
	}
	return NULL;
}

bool mp_recognise_template(struct mp_slice text, const char **mark, unsigned *line_number)
{
	struct mp_slice line;
	unsigned number = 0;

	while (next_line(&text, &line)) {
		struct mp_slice content = mp_slice_trim(line);
		number++;
		if (content.n == 0 || content.p[0] == '#' || mp_slice_starts(content, "dnl")) {
			continue;
		}
		for (size_t i = 0; i + 3 < line.n; i++) {
			if (line.p[i] != '<' && line.p[i] != '{') {
				continue;
			}
			*mark = mark_at(line, i);
			if (*mark != NULL) {
				*line_number = number;
				return true;
			}
		}
	}
	return false;
}

bool mp_recognise_binary(struct mp_slice bytes)
{
	size_t nuls = 0;
	size_t controls = 0;

	for (size_t i = 0; i < bytes.n; i++) {
		unsigned char c = (unsigned char)bytes.p[i];
		nuls += c == 0;
		controls += (c < 0x20 && !mp_is_space(bytes.p[i])) || c == 0x7f;
	}
	return nuls > 0 && controls * 20 >= bytes.n;
}
