/* braces - texts in braces, in lists and in the name of a table. */
#include "table/braces.h"

#include "base/ascii.h"

size_t mp_braces_length(struct mp_slice s)
{
	size_t level = 0;

	if (s.n == 0 || s.p[0] != '{') {
		return 0;
	}
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '{') {
			level++;
		} else if (s.p[i] == '}' && --level == 0) {
			return i + 1;
		}
	}
	return 0;
}

bool mp_braces_strip(struct mp_slice s, struct mp_slice *inside, const char **why)
{
	size_t n = mp_braces_length(s);

	if (s.n == 0 || s.p[0] != '{') {
		*why = "no '{' at start of text";
		return false;
	}
	if (n == 0) {
		*why = "missing '}'";
		return false;
	}
	if (n != s.n) {
		*why = "syntax error after '}'";
		return false;
	}
	*inside = mp_slice_trim(mp_slice_sub(s, 1, n - 1));
	return true;
}

static bool is_separator(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool mp_braces_next(struct mp_slice *list, struct mp_slice *item)
{
	size_t i = 0;

	while (i < list->n && is_separator(list->p[i])) {
		i++;
	}
	*list = mp_slice_from(*list, i);
	if (list->n == 0) {
		return false;
	}
	size_t level = 0;
	for (i = 0; i < list->n; i++) {
		if (list->p[i] == '{') {
			level++;
		} else if (list->p[i] == '}') {
			level -= level > 0;
		} else if (level == 0 && is_separator(list->p[i])) {
			break;
		}
	}
	*item = mp_slice_sub(*list, 0, i);
	*list = mp_slice_from(*list, i);
	return true;
}

bool mp_braces_list(struct mp_slice name, struct mp_slice *list)
{
	size_t n = mp_braces_length(name);
	struct mp_slice item;

	if (n == 0 || n != name.n) {
		return false;
	}
	*list = mp_slice_sub(name, 1, n - 1);
	struct mp_slice rest = *list;
	return mp_braces_next(&rest, &item);
}
