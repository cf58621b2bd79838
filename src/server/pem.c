/* pem - whether the server can use its files of certificates and keys. */
#include "server/pem.h"

enum usable { UNUSABLE, USABLE, OPEN };

static const char *question(const char *file, struct mp_arena *arena)
{
	return mp_arena_printf(arena, "tls.usable %s", file);
}

static enum usable look_at(struct mp_world *world, struct mp_input *input, const char *file,
	bool content, struct mp_arena *arena)
{
	static const char *const none[] = {"none"};
	const char *told = mp_known_answer(world, question(file, arena));
	const struct mp_source *source;

	if (told != NULL) {
		return mp_str_eq(told, "found") ? USABLE : UNUSABLE;
	}
	switch (mp_input_read(input, file, &source, NULL)) {
	case MP_READ_OK:
		return !content || mp_slice_find(source->text, "-----BEGIN ") != MP_NOT_FOUND
			? USABLE
			: UNUSABLE;
	case MP_READ_ABSENT:
		/* A fact may know a file that is not here; nothing is asked. */
		return mp_str_eq(mp_ask(world, question(file, arena), none, 1), "found") ? USABLE
											 : UNUSABLE;
	case MP_READ_OPEN:
	case MP_READ_ERROR: /* a key is private: the server can read it, we perhaps not */
		return OPEN;
	}
	return UNUSABLE;
}

bool mp_pem_usable(struct mp_world *world, struct mp_input *input, const char *const *files,
	size_t n, bool content, struct mp_arena *arena)
{
	static const char *const answers[] = {"found", "none"};
	const char *open = NULL;

	for (size_t i = 0; i < n; i++) {
		enum usable usable = look_at(world, input, files[i], content, arena);

		if (usable == UNUSABLE) {
			return false;
		}
		if (usable == OPEN && open == NULL) {
			open = files[i];
		}
	}
	return open == NULL || mp_str_eq(mp_ask(world, question(open, arena), answers, 2), "found");
}
