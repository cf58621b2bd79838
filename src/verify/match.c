/* match - does a live reply agree with a simulated one? */
#include "verify/match.h"

#include "base/ascii.h"
#include "smtp/capability.h"

/* The length of a hole at the start of the pattern ("{client.name}"), or 0. */
static size_t hole_length(struct mp_slice pattern)
{
	if (pattern.n < 3 || pattern.p[0] != '{' || !mp_is_lower(pattern.p[1])) {
		return 0;
	}
	for (size_t i = 1; i < pattern.n; i++) {
		char c = pattern.p[i];
		if (c == '}') {
			return i + 1;
		}
		if (!mp_is_lower(c) && !mp_is_digit(c) && c != '.' && c != '-') {
			return 0;
		}
	}
	return 0;
}

bool mp_text_matches(const char *pattern, struct mp_slice text)
{
	struct mp_slice p = mp_slice_str(pattern);
	size_t i = 0; /* in the pattern */
	size_t j = 0; /* in the text */
	size_t back_i = MP_NOT_FOUND; /* behind the last hole */
	size_t back_j = 0; /* the least text that it can still end at */

	while (j < text.n || i < p.n) {
		size_t hole = hole_length(mp_slice_from(p, i));
		if (hole > 0 && j < text.n) {
			i += hole;
			back_i = i;
			back_j = ++j;
		} else if (hole == 0 && i < p.n && j < text.n && p.p[i] == text.p[j]) {
			i++;
			j++;
		} else if (back_i != MP_NOT_FOUND && back_j < text.n) {
			i = back_i;
			j = ++back_j;
		} else {
			return false;
		}
	}
	return true;
}

bool mp_reply_matches(const struct mp_sim_reply *simulated, const struct mp_reply *live)
{
	if (simulated->kind == MP_SIM_ANY) {
		return strchr(simulated->any, (char)('0' + mp_reply_class(live))) != NULL;
	}
	if (simulated->kind != MP_SIM_REPLY || simulated->code != live->code ||
		simulated->line_count != live->line_count) {
		return false;
	}
	for (size_t i = 0; i < live->line_count; i++) {
		if (!mp_text_matches(simulated->lines[i], live->lines[i])) {
			return false;
		}
	}
	return true;
}

/* The keyword's line of a reply to EHLO, without code and separator; empty when it is not offered.
 */
static struct mp_slice keyword_line(struct mp_slice line, const char *keyword)
{
	struct mp_slice text = mp_slice_from(line, 4);
	struct mp_slice word = mp_slice_sub(text, 0, mp_slice_chr(text, ' '));

	return mp_slice_ieq_str(word, keyword) ? text : mp_slice("", 0);
}

bool mp_keyword_matches(
	const struct mp_sim_reply *simulated, const struct mp_reply *live, const char *keyword)
{
	const char *want = "";
	struct mp_slice got = mp_slice("", 0);

	if (simulated->kind == MP_SIM_ANY) {
		return mp_reply_matches(simulated, live);
	}
	if (simulated->kind != MP_SIM_REPLY || simulated->code != live->code) {
		return false;
	}
	for (size_t i = 1; i < simulated->line_count; i++) {
		struct mp_slice text = keyword_line(mp_slice_str(simulated->lines[i]), keyword);
		want = text.n > 0 ? text.p : want;
	}
	for (size_t i = 1; i < live->line_count; i++) {
		struct mp_slice text = keyword_line(live->lines[i], keyword);
		got = text.n > 0 ? text : got;
	}
	return mp_text_matches(want, got);
}
