/*
 * session_macro - $name in texts that the client gets to see: footers and DNS list replies.
 *
 * These texts are expanded with what is known of the session, never with parameters (postconf(5)
 * smtpd_reject_footer, default_rbl_reply).
 */
#ifndef PF_CHECK_SESSION_MACRO_H
#define PF_CHECK_SESSION_MACRO_H

#include "base/buf.h"
#include "postfix/check/session.h"

/* The value of a name that is not a session's own, or NULL. */
typedef const char *pf_macro_fn(void *context, const char *name);

enum pf_macro_status { PF_MACRO_OK, PF_MACRO_UNDEFINED, PF_MACRO_ERROR };

/* Appends the template to out, expanded. own (may be NULL) is asked first. Bytes of values that
 * smtpd_expansion_filter does not list become '_'. UNDEFINED: a name has no meaning and was left
 * out; ERROR: bad syntax, out holds a part. */
enum pf_macro_status pf_macro_expand(struct pf_session *s, const char *template, pf_macro_fn *own,
	void *context, struct mp_buf *out);

#endif
