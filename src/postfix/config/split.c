/* split - the words of a list, where braces protect separators (reference 1.5). */
#include "postfix/config/split.h"

#include "base/ascii.h"
#include "base/vec.h"
#include "table/braces.h"

size_t pf_split(struct mp_arena *arena, struct pf_text value, struct pf_text **tokens)
{
	MP_VEC(struct pf_text) words = {0};
	struct mp_slice rest = mp_slice(value.s, value.n), word;

	while (mp_braces_next(&rest, &word)) {
		size_t at = (size_t)(word.p - value.s);
		struct pf_text token = pf_text_sub(arena, value, at, at + word.n);
		mp_vec_push(&words, token);
	}
	size_t n = words.n;
	*tokens = mp_arena_array(arena, n, sizeof **tokens);
	if (n > 0) {
		memcpy(*tokens, words.v, n * sizeof **tokens);
	}
	mp_vec_release(&words);
	return n;
}

bool pf_next_word(const char **list, struct mp_slice *word)
{
	const char *p = *list;

	while (mp_is_space(*p) || *p == ',') {
		p++;
	}
	const char *start = p;
	while (*p != '\0' && !mp_is_space(*p) && *p != ',') {
		p++;
	}
	*list = p;
	*word = mp_slice(start, (size_t)(p - start));
	return word->n > 0;
}
