/* fuzz_script - the reader of dialogues */
#include "base/alloc.h"
#include "predict/script.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena arena = {0};
	struct mp_script script = {0};
	struct mp_err err = {MP_ERR_NONE, ""};

	if (mp_script_read("script", mp_slice((const char *)data, size), &arena, &script, &err) ==
		0) {
		/* What was accepted can be said: each line is there to be read. */
		for (size_t i = 0; i < script.n; i++) {
			const struct mp_dialogue *d = &script.dialogues[i];

			for (size_t g = 0; g < d->group_count; g++) {
				for (size_t l = 0; l < d->groups[g].n; l++) {
					mp_slice_chr(d->groups[g].lines[l], '\n');
				}
			}
		}
	} else if (err.code != MP_ERR_INPUT || err.text[0] == '\0') {
		MP_BUG("a script was refused without a reason");
	}
	mp_arena_release(&arena);
	return 0;
}
