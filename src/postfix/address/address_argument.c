/*
 * address_argument - the address in the argument of MAIL FROM: and RCPT TO: (reference 8.1).
 *
 * smtpd reads the argument as an RFC 822 address list, which admits comments and phrases that
 * RFC 5321 does not know, and takes it if there is not more than one address in it.
 */
#include "postfix/address/address.h"
#include "postfix/address/tok822.h"

struct pf_argument pf_address_parse(
	struct mp_arena *arena, const char *argument, bool allow_empty, bool strict)
{
	size_t n = strlen(argument);
	const char *text = argument;
	if (n >= 2 && argument[0] == '<' && argument[n - 1] == '>') {
		text = mp_arena_memdup(arena, argument + 1, n - 2);
	}
	const char *colon = *text == '@' ? strchr(text, ':') : NULL;
	if (colon != NULL) {
		text = colon + 1;
	}
	struct pf_tok822_list list = pf_tok822_parse(arena, text);
	struct pf_argument out = {
		.ok = list.addresses <= 1,
		.internal = pf_tok822_parsed(arena, list.address.head),
	};
	if (out.internal[0] == '\0' && !allow_empty) {
		out.ok = false;
	}
	if (strict && (list.others > 0 || argument[0] != '<' || out.internal[0] == '@')) {
		out.ok = false;
	}
	return out;
}
