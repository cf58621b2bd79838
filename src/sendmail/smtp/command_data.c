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
	c = sm_check(s, "check_data", mp_arena_printf(s->arena, "%u", s->recipient_count), NULL);
	if (c.kind == SM_CHECK_ERROR) {
		sm_usrerr(s, c.because, "%s", c.text);
		return;
	}
	if (c.kind == SM_CHECK_DISCARD) {
		s->discarding = true;
	}
	sm_message(s, c.because, "354 End data with <CR><LF>.<CR><LF>");
	s->waiting = SM_WAIT_CONTENT;
}

static const char *too_large(struct sm_session *s, long long size)
{
	return s->settings->size_max > 0 && size > s->settings->size_max
		? mp_arena_printf(s->arena,
			  "552 5.2.3 Message size exceeds fixed maximum message size (%ld)",
			  s->settings->size_max)
		: NULL;
}

void sm_content(struct sm_session *s, struct mp_slice content)
{
	const char *error = too_large(s, (long long)content.n);
	struct sm_checked c = {.kind = SM_CHECK_PASSED};

	s->to = NULL;
	if (error == NULL) {
		c = sm_check(s, "check_eom", mp_arena_printf(s->arena, "%zu", content.n), NULL);
	}
	if (error != NULL) {
		sm_usrerr(s, sm_because_option(s, "MaxMessageSize"), "%s", error);
	} else if (c.kind == SM_CHECK_ERROR) {
		sm_usrerr(s, c.because, "%s", c.text);
	} else {
		sm_message(s, c.because, "250 2.0.0 {queue-id} Message accepted for delivery");
	}
	sm_session_reset(s);
}
