/*
 * fuzz_dns - what a name server may send
 *
 * What is read must be what the header promises: at most the limit of records, each with an owner
 * and a value that is safe to print; and CNAMEs come to an end.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "dns/message.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if (*p < ' ' || *p > '~') {
			MP_BUG("a value holds what cannot be printed");
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena arena = {0};
	struct mp_dns_message m;
	const char *problem = mp_dns_message_read(mp_slice((const char *)data, size), &arena, &m);

	if (m.n > MP_LIMIT_DNS_RECORDS) {
		MP_BUG("too many records");
	}
	for (size_t i = 0; problem == NULL && i < m.n; i++) {
		check_text(m.records[i].owner);
		check_text(m.records[i].value);
		mp_dns_message_canonical(&m, m.records[i].owner);
	}
	mp_arena_release(&arena);
	return 0;
}
