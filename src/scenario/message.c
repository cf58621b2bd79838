/* message - the one test message that is delivered where the user allows it. */
#include "scenario/message.h"

#include <time.h>

enum { DATE_TEXT = 64 };

/* RFC 5322 3.3; in UTC, whose names of days and months do not depend on the locale. */
static const char *date_now(struct mp_arena *arena)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t now = time(NULL);
	struct tm tm;

	if (gmtime_r(&now, &tm) == NULL) {
		return "Thu, 1 Jan 1970 00:00:00 +0000";
	}
	return mp_arena_printf(arena, "%s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday],
		tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

const char *mp_message_make(const struct mp_names *names, struct mp_arena *arena)
{
	const char *from = names->sender;

	if (names->deliver_to == NULL) {
		return "";
	}
	if (from == NULL || from[0] == '\0') {
		from = mp_arena_printf(
			arena, "postmaster@%s", names->helo != NULL ? names->helo : "localhost");
	}
	return mp_arena_printf(arena,
		"From: <%s>\n"
		"To: <%s>\n"
		"Subject: mtaproof test message\n"
		"Date: %s\n"
		"Auto-Submitted: auto-generated\n"
		"Precedence: bulk\n"
		"\n"
		"This message was sent by mtaproof, which tests mail servers, on behalf of the\n"
		"person who runs it and who named you as recipient. It shows that mail for this\n"
		"address is taken. Nothing needs to be done; it can be deleted.\n",
		from, names->deliver_to, date_now(arena));
}
