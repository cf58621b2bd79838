/* split - the words of a list, where braces protect separators (reference 1.5). */
#include "postfix/config/split.h"

#include "base/vec.h"

static bool is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The end of the word that starts at i. */
static size_t word_end(struct pf_text value, size_t i)
{
	size_t level = 0;

	for (; i < value.n; i++) {
		if (value.s[i] == '{') {
			level++;
		} else if (level > 0 && value.s[i] == '}') {
			level--;
		} else if (level == 0 && is_separator(value.s[i])) {
			break;
		}
	}
	return i;
}

size_t pf_split(struct mp_arena *arena, struct pf_text value, struct pf_text **tokens)
{
	MP_VEC(struct pf_text) words = {0};
	size_t i = 0;

	for (;;) {
		while (i < value.n && is_separator(value.s[i])) {
			i++;
		}
		if (i == value.n) {
			break;
		}
		size_t end = word_end(value, i);
		struct pf_text word = pf_text_sub(arena, value, i, end);
		mp_vec_push(&words, word);
		i = end;
	}
	size_t n = words.n;
	*tokens = mp_arena_array(arena, n, sizeof **tokens);
	if (n > 0) {
		memcpy(*tokens, words.v, n * sizeof **tokens);
	}
	mp_vec_release(&words);
	return n;
}
