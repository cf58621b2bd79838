/* fuzz_indexed - the text source of an indexed table, as postmap, postalias and texthash read it */
#include "fuzz/table_input.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const types[] = {"hash", "texthash", "btree", "cdb"};
	static const char *const keys[] = {"user@example.org", "key", "@x", ""};

	table_input_run(types[size % 4], mp_slice((const char *)data, size), keys, 4);
	return 0;
}
