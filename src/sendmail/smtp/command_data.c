/* command_data - DATA and the message (reference 2.2, 3.6). */
#include "sendmail/smtp/session.h"

void sm_command_data(struct sm_session *s, const char *command, const char *argument)
{
	struct sm_checked c;

	(void)command, (void)argument;
	if (!s->got_mail) {
		sm_usrerr(s, sm_no_reasons(), "503 5.0.0 Need MAIL command");
		return;
	}
	if (s->recipient_count == 0) {
		sm_usrerr(s, sm_no_reasons(), "503 5.0.0 Need RCPT (recipient)");
		return;
	}
	if (sm_session_early(s)) {
		sm_close(s);
		return;
	}
	c = sm_check(s, "check_data", mp_arena_printf(s->arena, "%u", s->recipient_count), NULL);
	if (!sm_obey(s, &c)) {
		return;
	}
	sm_message(s, c.because, "354 End data with <CR><LF>.<CR><LF>");
	s->waiting = SM_WAIT_CONTENT;
}

/* As it is stored: a line's end is one character, and the dot that a client doubles is one. */
static size_t stored_size(struct mp_slice content)
{
	size_t n = 0;

	for (size_t i = 0; i < content.n; i++) {
		bool begins = i == 0 || content.p[i - 1] == '\n';
		bool ends = content.p[i] == '\r' && i + 1 < content.n && content.p[i + 1] == '\n';

		n += !ends && !(begins && content.p[i] == '.');
	}
	return n;
}

static const char *too_large(struct sm_session *s, size_t size)
{
	long most = s->settings->size_max;

	return most > 0 && size > (size_t)most
		? mp_arena_printf(
			  s->arena, "552 5.2.3 Message exceeds maximum fixed size (%ld)", most)
		: NULL;
}

/* What the rulesets say of the headers; of several errors the last is told. */
static struct sm_checked check_headers(struct sm_session *s, struct mp_slice content)
{
	struct sm_checked worst = {.kind = SM_CHECK_PASSED};
	struct sm_header h;

	while (s->engine->headers.n > 0 && sm_header_next(&content, &h, s->arena)) {
		const struct sm_header_check *check =
			sm_header_check_find(&s->engine->headers, h.name);
		struct sm_checked c;

		if (check == NULL) {
			continue;
		}
		sm_run_set(&s->run, "hdr_name", h.name);
		sm_run_set(&s->run, "hdrlen", mp_arena_printf(s->arena, "%zu", strlen(h.value)));
		sm_run_set(&s->run, "currHeader", h.value);
		c = check->comments ? sm_check_whole(s, check->ruleset, h.value, NULL)
				    : sm_check(s, check->ruleset, h.value, NULL);
		if (c.kind == SM_CHECK_ERROR) {
			worst = c;
		}
	}
	return worst;
}

void sm_content(struct sm_session *s, struct mp_slice content)
{
	size_t size = stored_size(content);
	const char *error = too_large(s, size);
	struct sm_checked c = check_headers(s, content), eom;

	s->to = NULL;
	sm_run_set(&s->run, "msg_size", mp_arena_printf(s->arena, "%zu", size));
	eom = sm_check(s, "check_eom", mp_arena_printf(s->arena, "%zu", size), NULL);
	c = eom.kind != SM_CHECK_PASSED || c.kind == SM_CHECK_PASSED ? eom : c;
	if (error != NULL) {
		sm_usrerr(s, sm_because_option(s, "MaxMessageSize"), "%s", error);
	} else if (c.kind == SM_CHECK_ERROR) {
		sm_usrerr(s, c.because, "%s", c.text);
	} else {
		sm_message(s, c.because, "250 2.0.0 {queue-id} Message accepted for delivery");
	}
	sm_session_reset(s);
}
