/* capability - what a server offers in its reply to EHLO. */
#include "smtp/capability.h"

#include "base/ascii.h"

struct mp_slice mp_capability_word(struct mp_slice *rest)
{
	struct mp_slice s = mp_slice_trim(*rest);
	size_t n = 0;

	while (n < s.n && !mp_is_space(s.p[n])) {
		n++;
	}
	*rest = mp_slice_from(s, n);
	return mp_slice_sub(s, 0, n);
}

struct mp_capabilities mp_capabilities_parse(const struct mp_reply *reply, struct mp_arena *arena)
{
	struct mp_capabilities caps = {0};

	if (mp_reply_class(reply) != 2) {
		return caps;
	}
	struct mp_slice first = mp_reply_text(reply->lines[0]);
	caps.server = mp_capability_word(&first);
	struct mp_capability *v = mp_arena_array(arena, reply->line_count, sizeof *v);
	for (size_t i = 1; i < reply->line_count; i++) {
		struct mp_slice rest = mp_reply_text(reply->lines[i]);
		struct mp_slice word = mp_capability_word(&rest);
		size_t equals = mp_slice_chr(word, '=');
		if (word.n == 0) {
			continue;
		}
		struct mp_capability *c = &v[caps.n++];
		*c = (struct mp_capability){.keyword = word, .parameters = mp_slice_trim(rest)};
		/* "AUTH=LOGIN PLAIN", the form of the draft before RFC 2554. */
		if (equals != MP_NOT_FOUND && mp_slice_istarts(word, "AUTH=")) {
			c->legacy = true;
			c->keyword = mp_slice_sub(word, 0, equals);
			struct mp_slice text = mp_reply_text(reply->lines[i]);
			c->parameters = mp_slice_trim(
				mp_slice_from(text, (size_t)(word.p - text.p) + equals + 1));
		}
	}
	caps.v = v;
	return caps;
}

const struct mp_capability *mp_capability_find(
	const struct mp_capabilities *caps, const char *keyword)
{
	for (size_t i = 0; i < caps->n; i++) {
		if (!caps->v[i].legacy && mp_slice_ieq_str(caps->v[i].keyword, keyword)) {
			return &caps->v[i];
		}
	}
	return NULL;
}

bool mp_capability_has(const struct mp_capabilities *caps, const char *keyword, const char *word)
{
	for (size_t i = 0; i < caps->n; i++) {
		if (!mp_slice_ieq_str(caps->v[i].keyword, keyword)) {
			continue;
		}
		struct mp_slice rest = caps->v[i].parameters;
		for (struct mp_slice w; (w = mp_capability_word(&rest)).n > 0;) {
			if (mp_slice_ieq_str(w, word)) {
				return true;
			}
		}
	}
	return false;
}

struct mp_slice mp_capability_line(const struct mp_reply *reply, const char *keyword)
{
	for (size_t i = 1; i < reply->line_count; i++) {
		struct mp_slice text = mp_reply_text(reply->lines[i]), rest = text;
		if (mp_slice_ieq_str(mp_capability_word(&rest), keyword)) {
			return text;
		}
	}
	return mp_slice("", 0);
}
