/*
 * milter - programs that the server consults (InputMailFilters) and that are not part of the
 * configuration.
 *
 * A milter may refuse at any step. In the world in which none does, the session is as without them;
 * in the others each later reply may be theirs.
 */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"

void sm_milter_ask(struct sm_session *s)
{
	static const char *const answers[] = {"permit", "reject", "tempfail"};
	const char *p = s->daemon->filters != NULL
		? s->daemon->filters
		: sm_option_value(s->cf, "InputMailFilters", s->arena);

	while (*p != '\0' && s->milter_digits == NULL) {
		size_t n = strcspn(p, ",;");
		struct mp_slice name = mp_slice_trim(mp_slice(p, n));

		p += n + (p[n] != '\0');
		if (name.n == 0) {
			continue;
		}

		const char *answer = mp_ask(s->world,
			mp_arena_printf(s->arena, "milter.reply %.*s", (int)name.n, name.p),
			answers, 3);

		s->milter_digits = mp_str_eq(answer, "reject") ? "5"
			: mp_str_eq(answer, "tempfail")        ? "4"
							       : NULL;
	}
}
