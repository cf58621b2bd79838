/*
 * reply - footer, soft_bounce and the lines of a reply (reference 5.7 steps 4 and 5).
 */
#include "postfix/smtpd/reply.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "postfix/check/check_internal.h"
#include "postfix/check/session_macro.h"

/* The template for this reply: of the tables, else the general one; "" for none. */
static const char *footer_template(struct pf_session *s, const char *text)
{
	const struct pf_settings *settings = s->smtpd->settings;
	struct pf_maps *maps = s->smtpd->checks->footer_maps;

	if (!pf_maps_is_empty(maps)) {
		struct mp_table_result result =
			pf_maps_find(maps, s->world, text, false, MP_ROLE_VALUE, s->arena);
		if (result.status == MP_TABLE_FOUND) {
			return result.value;
		}
	}
	return pf_str(settings, "smtpd_reject_footer");
}

/* "554-5.7.1 " as the start of a further line, from the reply's last line. */
static void put_prefix(struct mp_buf *out, const char *line, bool more)
{
	size_t dsn = pf_dsn_valid(line + 4);

	mp_buf_put(out, mp_slice(line, 3));
	mp_buf_putc(out, more ? '-' : ' ');
	if (dsn > 0) {
		mp_buf_put(out, mp_slice(line + 4, dsn));
		mp_buf_putc(out, ' ');
	}
}

/* Where the text's last line starts, or NULL when it is no reply. */
static const char *last_line(const char *text)
{
	for (;;) {
		if (!mp_is_digit(text[0]) || !mp_is_digit(text[1]) || !mp_is_digit(text[2]) ||
			(text[3] != ' ' && text[3] != '-')) {
			return NULL;
		}
		const char *end = strstr(text, "\r\n");
		if (end == NULL || end[2] == '\0') {
			return text;
		}
		text = end + 2;
	}
}

/* The footer's lines are parted by the two characters "\n"; "\c" at its start stays on the line. */
static bool put_footer(
	struct pf_session *s, const char *footer, const char *line, struct mp_buf *out)
{
	bool first = true;

	while (footer != NULL) {
		const char *next = strstr(footer, "\\n");
		const char *part = next == NULL
			? footer
			: mp_arena_memdup(s->arena, footer, (size_t)(next - footer));
		if (first && part[0] == '\\' && part[1] == 'c') {
			part += 2;
		} else {
			mp_buf_puts(out, "\r\n");
			put_prefix(out, line, next != NULL);
		}
		if (pf_macro_expand(s, part, NULL, NULL, out) == PF_MACRO_ERROR) {
			return false;
		}
		first = false;
		footer = next == NULL ? NULL : next + 2;
	}
	return true;
}

static const char *with_footer(struct pf_session *s, const char *text)
{
	const char *line = last_line(text);

	if ((text[0] != '4' && text[0] != '5') || line == NULL) {
		return text;
	}
	const char *footer = footer_template(s, text);
	if (footer[0] == '\0') {
		return text;
	}
	struct mp_buf out;
	mp_buf_init(&out, MP_LIMIT_REPLY);
	mp_buf_puts(&out, text);
	if (put_footer(s, footer, line, &out)) {
		text = mp_arena_strdup(s->arena, out.p);
	}
	mp_buf_release(&out);
	return text;
}

/* The recipient of the command is forgotten before its reply is written. */
static char *text_with_footer(struct pf_session *s, const char *text)
{
	const char *recipient = s->recipient;

	s->recipient = NULL;
	char *all = mp_arena_strdup(s->arena, with_footer(s, text));
	s->recipient = recipient;
	return all;
}

struct mp_strings pf_reply_finish(struct pf_session *s, const char *text)
{
	bool soft = pf_bool(s->smtpd->settings, "soft_bounce");
	char *rest = text_with_footer(s, text);
	size_t n = 1, max = 1;

	for (const char *p = rest; (p = strstr(p, "\r\n")) != NULL; p += 2) {
		max++;
	}
	const char **lines = mp_arena_array(s->arena, max, sizeof *lines);
	for (;; n++) {
		char *end = strstr(rest, "\r\n");
		if (soft && rest[0] == '5') {
			rest[0] = '4';
			if (strlen(rest) > 4 && rest[4] == '5') {
				rest[4] = '4';
			}
		}
		lines[n - 1] = rest;
		if (end == NULL) {
			break;
		}
		*end = '\0';
		if (end[2] == '\0') {
			break;
		}
		rest[3] = '-';
		rest = end + 2;
	}
	return (struct mp_strings){lines, n};
}

bool pf_reply_closes(struct mp_strings lines)
{
	struct mp_slice first = mp_slice_str(lines.n > 0 ? lines.v[0] : "");

	return mp_slice_starts(first, "421") || mp_slice_starts(first, "521");
}
