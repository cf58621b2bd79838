/* fuzz_address - the argument of MAIL and RCPT, its quoted and unquoted forms, and its tokens */
#include "base/alloc.h"
#include "postfix/address/address.h"
#include "postfix/address/tok822.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Both forms of a text, and the address list that it may be. */
static void use_text(struct mp_arena *arena, const char *text)
{
	struct pf_tok822_chain chain = pf_tok822_scan(arena, text, false);
	struct pf_tok822_list list = pf_tok822_parse(arena, text);

	pf_tok822_internal(arena, chain.head);
	pf_tok822_external(arena, chain.head);
	pf_tok822_internal(arena, list.address.head);
	pf_tok822_external(arena, list.address.head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena arena = {0};
	const char *argument = mp_arena_memdup(&arena, (const char *)data, size);

	for (unsigned i = 0; i < 4; i++) {
		struct pf_argument a = pf_address_parse(&arena, argument, i & 1, i & 2);

		if (a.ok && !(i & 1) && a.internal[0] == '\0') {
			MP_BUG("an empty address passed where none is allowed");
		}
		if (a.ok) {
			const char *quoted = pf_address_quote(&arena, a.internal);

			if (!mp_str_eq(pf_address_unquote(&arena, quoted), a.internal)) {
				MP_BUG("quoting changed an address");
			}
			use_text(&arena, quoted);
		}
	}
	pf_address_unquote(&arena, argument);
	use_text(&arena, argument);
	mp_arena_release(&arena);
	return 0;
}
