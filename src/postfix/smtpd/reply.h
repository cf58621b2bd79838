/*
 * reply - the last words of a reply: footer, soft_bounce, lines (reference 5.7).
 */
#ifndef PF_SMTPD_REPLY_H
#define PF_SMTPD_REPLY_H

#include "postfix/check/session.h"

/* What smtpd does to every reply before it goes out: a 4xx or 5xx reply gets the footer of
 * smtpd_reject_footer_maps or smtpd_reject_footer with its session macros, soft_bounce turns 5xx
 * into 4xx. text is "CODE DSN words"; further lines of a multi-line reply follow behind CR LF, each
 * with its own "CODE-". Returns the lines without CR LF, in the session's arena; lines may hold
 * {holes}. */
struct mp_strings pf_reply_finish(struct pf_session *s, const char *text);

/* Whether smtpd closes the connection behind these lines (421 and 521). */
bool pf_reply_closes(struct mp_strings lines);

#endif
