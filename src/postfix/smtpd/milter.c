/*
 * milter - programs that smtpd consults (smtpd_milters) and that are not part of the configuration.
 *
 * A milter may refuse at any step. In the world in which none does, the session is as without them;
 * in the others each later reply may be theirs.
 */
#include "postfix/smtpd/smtpd.h"

void pf_milter_ask(struct pf_talk *t)
{
	static const char *const answers[] = {"permit", "reject", "tempfail"};

	t->milter_digits = NULL;
	for (size_t i = 0; i < t->loop->milter_count; i++) {
		const char *question =
			mp_arena_printf(t->s.arena, "milter.reply %s", t->loop->milters[i]);
		const char *answer = mp_ask(t->s.world, question, answers, 3);
		if (mp_str_eq(answer, "reject")) {
			t->milter_digits = "5";
			return;
		}
		if (mp_str_eq(answer, "tempfail")) {
			t->milter_digits = "4";
			return;
		}
	}
}
