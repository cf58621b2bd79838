/* fuzz_pattern - cidr, regexp and pcre tables; the first byte chooses the type */
#include "fuzz/table_input.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const keys[] = {
		"192.0.2.7", "2001:db8::1", "user@example.org", "aaaaaaaaaaaaaaaaaaaaaaaab", ""};
	struct mp_slice bytes = mp_slice((const char *)data, size);
	const char *type = "cidr";

	if (size > 0 && data[0] == 'r') {
		type = "regexp";
	} else if (size > 0 && data[0] == 'p') {
		type = "pcre";
	}
	table_input_run(type, mp_slice_from(bytes, 1), keys, sizeof keys / sizeof keys[0]);
	return 0;
}
