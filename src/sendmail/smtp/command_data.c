/* command_data - DATA (reference 2.2). */
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
