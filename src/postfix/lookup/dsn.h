/*
 * dsn - enhanced status codes (RFC 3463) as Postfix reads and adapts them.
 */
#ifndef PF_LOOKUP_DSN_H
#define PF_LOOKUP_DSN_H

#include "base/arena.h"

/* The length of an enhanced status code at the start of the text, or 0. */
size_t pf_dsn_valid(const char *text);
/* The code at the start of the text, or the fallback; *words is what stands behind it. */
const char *pf_dsn_split(
	struct mp_arena *arena, const char *fallback, const char *text, const char **words);
/* What is refused, as replies name it; these two have codes of their own. */
#define PF_NAME_SENDER "Sender address"
#define PF_NAME_RECIPIENT "Recipient address"
/* The code fitted to what is refused (reference 7.3), e.g. class "Sender address". */
const char *pf_dsn_fit(struct mp_arena *arena, const char *dsn, const char *class);

#endif
