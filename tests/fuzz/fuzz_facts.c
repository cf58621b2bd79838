/* fuzz_facts - the facts file, and one --assume per line of what is not one */
#include "world/facts.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_slice text = {(const char *)data, size};
	struct mp_facts *facts = mp_facts_new();
	struct mp_err err = {MP_ERR_NONE, ""};

	if (mp_facts_read(facts, "facts.json", text, &err) != 0) {
		struct mp_arena arena = {0};
		size_t end;

		while (text.n > 0) {
			end = mp_slice_chr(text, '\n');
			mp_facts_assume(
				facts, mp_arena_slicedup(&arena, mp_slice_sub(text, 0, end)), &err);
			text = mp_slice_from(text, end == MP_NOT_FOUND ? text.n : end + 1);
		}
		mp_arena_release(&arena);
	}
	mp_facts_free(facts);
	return 0;
}
